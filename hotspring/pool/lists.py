"""Lists as people have them: CSV or Excel, with headings in Chinese or English."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from python_calamine import CalamineError, CalamineWorkbook

from hotspring.errors import Unusable

MOST_ROWS: Final = 20_000
SAMPLE: Final = 5
"""So many rows are shown as they stand, that a person may see which column is which."""


class Fields(NamedTuple):
    """What a list tells of each of its things."""

    columns: Mapping[str, tuple[str, ...]]
    """By which headings each field is recognised."""
    needed: tuple[str, ...]


class Listed(NamedTuple):
    """A list as it was understood."""

    columns: dict[str, str]
    """Which heading of the file each of our fields was read from."""
    rows: list[dict[str, str]]
    """By our names of the fields; what is empty is absent. None while a needed column lacks."""
    lines: list[int]
    """Which row of the file each of them is, the heading being the first."""
    headings: list[str]
    """Of all columns; one without a heading, or with that of another, is told by its number."""
    sample: list[list[str]]
    """The first rows as they stand, a cell for each heading."""
    lacks: list[str]
    """Fields that are needed and were read from no column."""
    fields: Fields

    def require(self) -> None:
        """Raises `Unusable` where a column that is needed was not found."""
        if self.lacks:
            known = self.fields.columns
            named = "; ".join(f"{field}: {', '.join(known[field])}" for field in self.lacks)
            raise Unusable("columns", f"the list lacks columns ({named})")


def listed(
    fields: Fields, body: bytes, name: str, chosen: Mapping[str, str] | None = None
) -> Listed:
    """The rows of a list; `Unusable` says what is wrong with it.

    `chosen` names the heading of a field that is not to be guessed; an empty one leaves the field
    out.
    """
    table = _workbook(body) if name.lower().endswith((".xlsx", ".xls", ".ods")) else _text(body)
    if len(table) < 2:
        raise Unusable("rows", "the list has no rows below its heading")
    if len(table) > MOST_ROWS:
        raise Unusable("many", f"a list has at most {MOST_ROWS} rows")
    headings = _headings(table[0])
    places = _places(fields, headings, chosen or {})
    filled = [
        (line, cells)
        for line, row in enumerate(table[1:], 2)
        if any(cells := [_plain(cell) for cell in row])
    ]
    lacks = [field for field in fields.needed if field not in places]
    used = [] if lacks else filled
    rows = [
        {field: row[at] for field, at in places.items() if at < len(row) and row[at]}
        for _, row in used
    ]
    sample = [[*row, *[""] * len(headings)][: len(headings)] for _, row in filled[:SAMPLE]]
    columns = {field: headings[at] for field, at in places.items()}
    return Listed(columns, rows, [line for line, _ in used], headings, sample, lacks, fields)


def _headings(row: list[Any]) -> list[str]:
    """What columns are called: each once."""
    found: list[str] = []
    for number, cell in enumerate(row, 1):
        name = _plain(cell)
        found.append(f"column {number}" if not name or name in found else name)
    return found


def _places(fields: Fields, headings: list[str], chosen: Mapping[str, str]) -> dict[str, int]:
    """In which column each field stands; what a person chose goes before what is guessed."""
    places: dict[str, int] = {}
    for field, heading in chosen.items():
        if field not in fields.columns:
            every = ", ".join(fields.columns)
            raise Unusable("map", f"no column is read as {field!r}; known: {every}")
        if heading and heading not in headings:
            raise Unusable("map", f"the list has no {heading!r}; it has {', '.join(headings)}")
        if heading:
            places[field] = headings.index(heading)
    folded = [heading.casefold() for heading in headings]
    taken = set(places.values())
    for field, known in fields.columns.items():
        if field in chosen:
            continue
        free = (folded.index(one) for one in known if one in folded)
        at = next((at for at in free if at not in taken), None)
        if at is not None:
            places[field] = at
    return {field: places[field] for field in fields.columns if field in places}


def _plain(cell: Any) -> str:
    """A cell as it is read: a sheet keeps 1001 as 1001.0."""
    whole = isinstance(cell, float) and cell.is_integer()
    return str(int(cell) if whole else cell).strip()


def _text(body: bytes) -> list[list[Any]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = body.decode(encoding)
        except UnicodeDecodeError:
            continue
        line = text.partition("\n")[0]
        mark = max(",;\t", key=line.count)
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=mark))
    raise Unusable("encoding", "the list is neither UTF-8 nor GBK")


def _workbook(body: bytes) -> list[list[Any]]:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(body))
        return book.get_sheet_by_index(0).to_python()
    except (CalamineError, IndexError, OSError) as error:
        raise Unusable("workbook", "this is no workbook that can be read") from error
