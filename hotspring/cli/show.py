"""How answers are shown: one JSON document for programs, aligned tables for people."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any, Final

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

COLOURS: Final = {"hot": "red", "warm": "yellow", "cool": "bright_blue", "cold": "blue"}
BANDS: Final = {
    "hot": "above 80 °C", "warm": "50 to 80 °C", "cool": "0 to 50 °C", "cold": "below 0 °C",
}  # fmt: skip


def document(value: Any) -> None:
    """Write `value` as the one JSON document on stdout."""
    print(json.dumps(value, ensure_ascii=False, indent=2))


def console() -> Console:
    """Where people read."""
    return Console(highlight=False, soft_wrap=True)


def notes() -> Console:
    """Where progress and remarks go: not into what a program reads."""
    return Console(stderr=True, highlight=False)


def pairs(rows: Iterable[tuple[str, str]]) -> Table:
    """Names and values, one below the other."""
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="dim")
    table.add_column()
    for name, value in rows:
        table.add_row(name, value)
    return table


def listing(columns: Sequence[str], rows: Iterable[Sequence[str]], right: str = "") -> Table:
    """Rows under headings; the columns named in `right` are numbers."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        table.add_column(column, justify="right" if column in right.split() else "left")
    for row in rows:
        table.add_row(*row)
    return table


def degrees(value: float) -> str:
    """A temperature with its unit."""
    return f"{value:.1f} °C"


def band(name: str) -> str:
    """A band in its colour; the word itself stays for those who see none."""
    return f"[{COLOURS.get(name, 'white')}]{name}[/]"


def number(value: float) -> str:
    """A number in groups of three digits, decimals where it has them."""
    return f"{value:,}" if isinstance(value, int) else f"{value:,.2f}"


def moment(text: str | None) -> str:
    """An ISO moment to the second; a dash for never."""
    if not text:
        return "-"
    return text.replace("T", " ").partition(".")[0].removesuffix("Z") + " UTC"


def plain(value: Any) -> str:
    """Any value as text that is not read as markup."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return escape(text)
