"""The documents: both languages say the same, and the reference says what the code says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.shape.source import ROOT
from tools.picture import draw
from tools.reference import LANGUAGES, reference
from tools.screenshot import FILES, MOST_BYTES

PAGES = sorted(path.relative_to(ROOT / "docs/en") for path in (ROOT / "docs/en").rglob("*.md"))
LINK = re.compile(r"\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)")


def shape(text: str) -> list[str]:
    """What both languages must have in common: headings, blocks of code, rows of tables."""
    marks = []
    for line in text.splitlines():
        found = re.match(r"(#+) |(```\w*)|(\|)|(- )", line)
        if found:
            marks.append(next(group for group in found.groups() if group).rstrip())
    return marks


def test_both_languages_have_the_same_pages() -> None:
    chinese = (ROOT / "docs/zh").rglob("*.md")
    assert sorted(path.relative_to(ROOT / "docs/zh") for path in chinese) == PAGES
    assert len(PAGES) >= 8


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_both_languages_have_the_same_shape(page: Path) -> None:
    english, chinese = (
        (ROOT / "docs" / language / page).read_text("utf-8") for language in ("en", "zh")
    )
    assert shape(english) == shape(chinese)
    assert len(re.findall(r"[\u4e00-\u9fff]", chinese)) > 200
    assert not re.findall(r"[\u4e00-\u9fff]{12,}", english)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_reference_is_current(language: str) -> None:
    written = (ROOT / f"docs/{language}/reference.md").read_text("utf-8")
    assert written == reference(language), "run `make reference`"


@pytest.mark.parametrize(("language", "name"), [("en", "picture.svg"), ("zh", "picture.zh.svg")])
def test_the_picture_is_drawn_from_the_law(language: str, name: str) -> None:
    assert (ROOT / "docs" / name).read_text("utf-8") == draw(language), "run `make reference`"


def test_no_link_leads_nowhere() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in pages
        for target in LINK.findall(page.read_text("utf-8"))
        if not (page.parent / target).exists()
    ]
    assert broken == []


def test_the_readmes_open_with_the_two_commands() -> None:
    for name in ("README.md", "README.zh-CN.md"):
        text = (ROOT / name).read_text("utf-8")
        opening = text[: text.index("\n## ")]
        assert "make demo" in opening
        assert "make test" in opening
        assert "docs/map" in opening
    for name in FILES.values():
        assert (ROOT / "docs" / name).stat().st_size < MOST_BYTES, "run `make picture`"


def test_decisions_fit_on_a_page() -> None:
    decisions = sorted((ROOT / "docs/decisions").glob("*.md"))
    assert decisions
    for number, page in enumerate(decisions, 1):
        assert page.name.startswith(f"{number:04d}-")
        assert len(page.read_text("utf-8")) < 4_500
