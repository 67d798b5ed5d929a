"""Lists of outlets as people have them: CSV or Excel, in Chinese or English, in any datum."""

from __future__ import annotations

import csv
import io
from typing import Any, Final, NamedTuple

from python_calamine import CalamineError, CalamineWorkbook

from hotspring.errors import Unusable

MOST_ROWS: Final = 20_000
COLUMNS: Final = {
    "name": ("name", "名称", "店名", "门店", "门店名称", "网点", "网点名称", "outlet", "store"),
    "lon": ("lon", "lng", "longitude", "经度"),
    "lat": ("lat", "latitude", "纬度"),
    "kind": ("kind", "type", "类型", "种类"),
    "capacity": ("capacity", "容量", "服务能力", "接待能力"),
    "radius": ("radius", "半径", "服务半径"),
}
"""By which headings each field is recognised."""


class OutletList(NamedTuple):
    """A list of outlets as it was understood."""

    columns: dict[str, str]
    """Which heading of the file each of our fields was read from."""
    rows: list[dict[str, str]]
    """By our names of the fields; what is empty is absent."""
    lines: list[int]
    """Which row of the file each of them is, the heading being the first."""


def rows_of(body: bytes, name: str) -> OutletList:
    """The rows of a list; `Unusable` says what is wrong with it."""
    table = _workbook(body) if name.lower().endswith((".xlsx", ".xls", ".ods")) else _text(body)
    if len(table) < 2:
        raise Unusable("rows", "the list has no rows below its heading")
    if len(table) > MOST_ROWS:
        raise Unusable("many", f"a list has at most {MOST_ROWS} rows")
    heading = [str(cell).strip().casefold() for cell in table[0]]
    places = {
        field: next((heading.index(one) for one in known if one in heading), -1)
        for field, known in COLUMNS.items()
    }
    missing = [field for field in ("name", "lon", "lat") if places[field] < 0]
    if missing:
        named = "; ".join(f"{field}: {', '.join(COLUMNS[field])}" for field in missing)
        raise Unusable("columns", f"the list lacks columns ({named})")
    filled = [
        (line, row)
        for line, row in enumerate(table[1:], 2)
        if any(str(cell).strip() for cell in row)
    ]
    rows = [
        {
            field: str(row[at]).strip()
            for field, at in places.items()
            if 0 <= at < len(row) and str(row[at]).strip()
        }
        for _, row in filled
    ]
    columns = {field: str(table[0][at]).strip() for field, at in places.items() if at >= 0}
    return OutletList(columns, rows, [line for line, _ in filled])


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
