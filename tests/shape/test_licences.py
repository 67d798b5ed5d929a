"""No run-time dependency brings the GPL, and the notices name every one of them."""

from __future__ import annotations

import re

import pytest

from tests.shape.source import ROOT
from tools.notices import FILE, bundled, notices, render

COPYLEFT = re.compile(
    r"\b[AL]?GPL|General Public Licen[cs]e|\bSSPL\b|\bBUSL\b|Commons Clause", re.IGNORECASE
)
FOUND = notices()
BUNDLED = bundled()


@pytest.mark.parametrize("notice", [*FOUND, *BUNDLED], ids=lambda notice: notice.name)
def test_a_runtime_dependency_is_free_to_pass_on(notice: object) -> None:
    licence = notice.licence  # type: ignore[attr-defined]
    # A choice is ours to make: one free side of an OR is enough.
    assert not all(COPYLEFT.search(side) for side in re.split(r"\bOR\b", licence)), licence


@pytest.mark.parametrize(
    "licence", ["GPL-3.0-only", "LGPL v2.1", "GNU Affero General Public License v3", "AGPL-3.0"]
)
def test_the_licence_test_would_refuse(licence: str) -> None:
    assert COPYLEFT.search(licence)


def test_the_notices_are_current() -> None:
    told = FILE.read_text("utf-8")
    listed = dict(re.findall(r"^([a-z0-9-]+) (\S+)  +\S", told, re.MULTILINE))
    installed = {notice.name: notice.version for notice in FOUND}
    if listed == installed:
        assert told == render([*FOUND, *BUNDLED]), "run `make reference`"
    assert {notice.name for notice in BUNDLED} >= {"npm:antd", "npm:maplibre-gl", "npm:react"}
    # Another system or another Python needs a few other packages: the names must be there.
    elsewhere = {"colorama", "greenlet", "importlib-metadata", "zipp", "tomli"}
    assert set(installed) - set(listed) <= elsewhere, "run `make reference`"


def test_the_project_ships_its_own_licence() -> None:
    text = (ROOT / "LICENSE").read_text("utf-8")
    assert "Apache License" in text
    assert "Version 2.0, January 2004" in text
    assert len(text) > 10_000
