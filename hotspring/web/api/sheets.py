"""Rows as a file: JSON Lines for programs, CSV for spreadsheets."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Annotated, Any, Final, Literal

import msgspec
from fastapi import Query
from fastapi.responses import StreamingResponse

MEDIA: Final = {"csv": "text/csv; charset=utf-8", "jsonl": "application/x-ndjson"}
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
MARK: Final = "\ufeff"
"""With it, spreadsheets read the file as UTF-8."""

Form = Annotated[Literal["csv", "jsonl"], Query(alias="format", description="CSV or JSON Lines.")]
Rows = Iterable[list[dict[str, Any]]]
"""Rows in portions that fit in memory."""
SHEET: Final[dict[str, Any]] = {
    "response_class": StreamingResponse,
    "responses": {
        200: {"content": {kind: {"schema": {"type": "string"}} for kind in MEDIA.values()}}
    },
}
"""What the route of such a file says of its answer."""


def sheet(
    portions: Rows,
    form: str,
    name: str,
    columns: Sequence[str],
    cells: Callable[[dict[str, Any]], dict[str, Any]] = dict,
) -> StreamingResponse:
    """The rows as a file called `name`; `cells` says what of a row stands in a CSV's columns."""
    lines = _csv(portions, columns, cells) if form == "csv" else _jsonl(portions)
    called = {"Content-Disposition": f'attachment; filename="{name}.{form}"'}
    return StreamingResponse(lines, media_type=MEDIA[form], headers=called)


def _jsonl(portions: Rows) -> Iterator[bytes]:
    for rows in portions:
        yield b"".join(msgspec.json.encode(row) + b"\n" for row in rows)


def _csv(
    portions: Rows, columns: Sequence[str], cells: Callable[[dict[str, Any]], dict[str, Any]]
) -> Iterator[bytes]:
    out = io.StringIO()
    out.write(MARK)
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(inert(name) for name in columns)
    for rows in portions:
        for row in rows:
            told = cells(row)
            writer.writerow(inert(told[name]) for name in columns)
        yield out.getvalue().encode()
        out.seek(0)
        out.truncate()
    if out.getvalue():
        yield out.getvalue().encode()


def inert(value: Any) -> Any:
    """A cell that no spreadsheet runs as a formula, whoever wrote it."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
