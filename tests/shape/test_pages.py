"""What the browser loads: typed by the API as it is, built from the sources as they are, small."""

from __future__ import annotations

import gzip
import importlib.util
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.shape.source import ROOT
from tools.schema import FILE, mark

STATIC = ROOT / "hotspring/web/static"
INITIAL_BYTES = 350_000
MAP_BYTES = 400_000
SCRIPT_BYTES = 6_000
SHOWN_FIRST = ("src/overview/Overview.tsx", "src/i18n/all-zh.ts")


@pytest.fixture(scope="module")
def builder() -> ModuleType:
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with built pages, small enough to change."""
    (tmp_path / "ui/src").mkdir(parents=True)
    (tmp_path / "ui/src/main.ts").write_text("one")
    (tmp_path / "ui/package-lock.json").write_text("{}")
    return tmp_path


def test_the_types_of_the_browser_are_those_of_the_api() -> None:
    first = FILE.read_text("utf-8").partition("\n")[0]
    assert first == mark(), "run `python -m tools.schema`"


def test_pages_are_built_once_for_the_same_sources(builder: ModuleType, checkout: Path) -> None:
    mark_file = builder.built(checkout) / builder.MARK
    mark_file.parent.mkdir(parents=True)
    mark_file.write_text(builder.fingerprint(checkout))
    assert builder.build(checkout) is False


def test_any_change_of_the_sources_is_seen(builder: ModuleType, checkout: Path) -> None:
    seen = {builder.fingerprint(checkout)}
    (checkout / "ui/src/main.ts").write_text("two")
    seen.add(builder.fingerprint(checkout))
    (checkout / "ui/src/main.ts").rename(checkout / "ui/src/other.ts")
    seen.add(builder.fingerprint(checkout))
    (checkout / "ui/src/more.ts").write_text("")
    seen.add(builder.fingerprint(checkout))
    assert len(seen) == 4
    (checkout / "ui/node_modules").mkdir()
    (checkout / "ui/node_modules/x.js").write_text("")
    assert builder.fingerprint(checkout) in seen


def test_without_node_it_says_what_to_do(
    builder: ModuleType, checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(RuntimeError, match=r"Node 20 or later.*released wheel, which needs no"):
        builder.build(checkout)


def test_stale_pages_are_never_packed(
    builder: ModuleType, checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark_file = builder.built(checkout) / builder.MARK
    mark_file.parent.mkdir(parents=True)
    mark_file.write_text("of other sources")
    ran: list[list[str]] = []

    def run(words: list[str], folder: Path) -> None:
        ran.append(words)
        if "build" in words:
            draft = Path(words[-1])
            draft.mkdir()
            (draft / "index.html").write_text("new")
        elif "build-script" in words:
            (Path(words[-1]) / "hs.js").write_text("new")
        elif "build-clicks" in words:
            (Path(words[-1]) / "hs-clicks.js").write_text("new")
        else:
            (folder / "node_modules").mkdir()

    monkeypatch.setattr(builder, "_run", run)
    monkeypatch.setattr(builder, "_npm", lambda: "npm")
    assert builder.build(checkout) is True
    assert [words[1] for words in ran] == ["ci", "run", "run", "run"]
    assert (builder.built(checkout) / "index.html").read_text() == "new"
    assert builder.build(checkout) is False


def test_the_lock_file_names_no_address() -> None:
    lock = (ROOT / "ui/package-lock.json").read_text("utf-8")
    assert '"resolved"' not in lock
    assert lock.count('"integrity"') > 100


def reached(manifest: dict[str, Any], name: str, seen: set[str]) -> Iterator[str]:
    """The files that come with one, itself included, without those that are loaded later."""
    if name in seen:
        return
    seen.add(name)
    yield manifest[name]["file"]
    for other in manifest[name].get("imports", ()):
        yield from reached(manifest, other, seen)


def test_little_is_loaded_before_the_first_page() -> None:
    listed = STATIC / ".vite/manifest.json"
    if not listed.exists():
        pytest.skip("the pages are not built: `make ui`")
    manifest = json.loads(listed.read_text("utf-8"))
    seen: set[str] = set()
    files = {
        file for name in ("index.html", *SHOWN_FIRST) for file in reached(manifest, name, seen)
    }
    size = sum(len(gzip.compress((STATIC / file).read_bytes(), 9)) for file in files)
    assert 50_000 < size < INITIAL_BYTES, f"{size:,} bytes before anything is shown"


def test_the_script_for_pages_of_others_is_small_and_whole() -> None:
    script = STATIC / "hs.js"
    if not script.exists():
        pytest.skip("the pages are not built: `make ui`")
    text = script.read_text("utf-8")
    assert 1_000 < len(gzip.compress(text.encode(), 9)) < SCRIPT_BYTES
    assert "import" not in text, "it is one file, and no module"
    layer = (STATIC / "hs-clicks.js").read_text("utf-8")
    assert "import" not in layer
    # Where a page shows clicks, nothing is asked of any server.
    assert not any(word in layer for word in ("fetch(", "XMLHttpRequest", "innerHTML", "eval("))


def test_the_map_comes_in_a_part_of_its_own_and_small() -> None:
    listed = STATIC / ".vite/manifest.json"
    if not listed.exists():
        pytest.skip("the pages are not built: `make ui`")
    manifest = json.loads(listed.read_text("utf-8"))
    first = set(reached(manifest, "index.html", set()))
    map_, cells = "src/map/HeatMap.tsx", "src/map/cells.ts"
    parts = set(reached(manifest, map_, set())) - first
    assert not {manifest[map_]["file"], manifest[cells]["file"]} & first
    size = sum(len(gzip.compress((STATIC / file).read_bytes(), 9)) for file in parts)
    assert 200_000 < size < MAP_BYTES, f"{size:,} bytes for the map"
