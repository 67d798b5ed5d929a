"""A folder that an earlier version wrote opens in this one and tells the same.

One pair of files in tests/data/folders for each release, made by `python -m tools.fixture` when the
release is; it is never made again. Where a later version tells more, what it tells of the old is in
here all the same.
"""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from hotspring import __version__
from hotspring.app import App, open_pool
from tests.shape.source import ROOT
from tools.fixture import FOLDERS, told

ARCHIVES = sorted(FOLDERS.glob("*.zip"))


def unpacked(archive: Path, to: Path) -> Path:
    to.mkdir(mode=0o700)
    with zipfile.ZipFile(archive) as files:
        files.extractall(to)
    return to


def same(app: App, expected: dict[str, Any]) -> None:
    found = json.loads(json.dumps(told(app)))
    assert found.keys() >= expected.keys()
    for name, value in expected.items():
        if name == "people":
            assert found[name].keys() == value.keys()
            for person, line in value.items():
                curve = found[name][person].pop("curve")
                assert curve == pytest.approx(line.pop("curve"), abs=0.02)
                assert found[name][person] == line
        else:
            assert found[name] == value, name


def test_this_version_has_its_folder() -> None:
    assert f"{__version__}.zip" in [path.name for path in ARCHIVES], "python -m tools.fixture"
    for path in ARCHIVES:
        assert path.stat().st_size < 300_000
        assert path.with_suffix(".json").relative_to(ROOT).as_posix().startswith("tests/data/")


@pytest.mark.parametrize("archive", ARCHIVES, ids=lambda path: path.stem)
def test_a_folder_of_an_earlier_version_tells_the_same(archive: Path, tmp_path: Path) -> None:
    expected = json.loads(archive.with_suffix(".json").read_text("utf-8"))
    folder = unpacked(archive, tmp_path / "pool")
    app = open_pool(folder)
    try:
        same(app, json.loads(json.dumps(expected)))
        assert app.pipeline.replace_by_rebuild()
        same(app, json.loads(json.dumps(expected)))
    finally:
        app.close()
    again = open_pool(folder)
    try:
        same(again, json.loads(json.dumps(expected)))
        found = {one["check"]: one["ok"] for one in again.pool.check()}
        assert all(found[name] for name in ("journal", "blocks", "snapshot", "position", "records"))
    finally:
        again.abandon()
