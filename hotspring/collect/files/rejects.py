"""The rows that were refused: in portions, and as a file that a spreadsheet opens safely."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.csv

from hotspring.collect.files.stage import Stage

REASONS: Final = {
    "no identifier": "the row names nobody, or only a placeholder such as 0 or null",
    "bad identifier": "the row names somebody in a way that cannot be read",
    "no order number": "the row has no number of an order",
    "no timestamp": "the row has no time",
    "bad timestamp": "the time cannot be read",
    "timestamp too old": "the time lies before the oldest year of the settings",
    "future timestamp": "the time lies after the import",
    "bad quantity": "the quantity is not a number",
    "bad price": "the price is not a number",
    "bad amount": "the amount is not a number",
    "bad payment": "the payment is not a number",
    "bad total": "the total is not a number",
    "bad paid": "what was paid is not a number",
    "bad refund": "what was refunded is not a number",
    "bad currency": "the currency is not a code of three letters",
    "no quantity": "the row has no quantity",
    "no price": "the row has no price",
    "no amount": "the row has no amount of money",
    "zero price": "the price is zero: a gift, a sample or a correction",
    "zero quantity": "the quantity is zero",
    "negative price": "the price is below zero",
    "negative quantity": "the quantity is below zero, but the order was not taken back",
    "negative amount": "the amount is below zero, but the order was not taken back",
    "amount out of range": "quantity times price is larger than money can be",
    "unpaid": "the order was never paid",
    "two customers": "the lines of the order name different people",
    "two currencies": "the lines of the order are in different currencies",
    "two totals": "the rows of the order give different totals",
    "too many lines": "the order has more than 100,000 lines",
    "no event name": "the row does not say what happened",
    "event name too long": "the name of the event is longer than 200 characters",
    "message id too long": "the id of the event is longer than 200 characters",
    "event too large": "the row is larger than an event may be",
    "wrong number of columns": "the row has more or fewer columns than the header",
    "not a JSON object": "the line is not a JSON object",
}
"""Every reason for which a row of a file is refused."""


@dataclass(frozen=True)
class Reject:
    """A refused row: its number in the file, why, and its cells as they were."""

    row: int
    reason: str
    cells: tuple[str | None, ...]


def rejects(stage: Stage, size: int) -> Iterator[list[Reject]]:
    """All refused rows in the order of the file, in portions of at most `size`."""
    for batch in _refused(stage, size, defused=False):
        columns = [column.to_pylist() for column in batch.columns]
        yield [
            Reject(row, reason, tuple(cells)) for row, reason, *cells in zip(*columns, strict=True)
        ]


def write(stage: Stage, path: Path) -> int:
    """Writes the refused rows as CSV; says how many. No cell can start a formula."""
    count = 0
    top = io.StringIO()
    csv.writer(top).writerow(["row", "reason", *(_defused(name) for name in stage.names)])
    with path.open("wb") as file:
        file.write(codecs.BOM_UTF8 + top.getvalue().encode())
        for batch in _refused(stage, 65_536, defused=True):
            options = pyarrow.csv.WriteOptions(include_header=False)
            pyarrow.csv.write_csv(pa.Table.from_batches([batch]), file, options)
            count += batch.num_rows
    return count


def _refused(stage: Stage, size: int, *, defused: bool) -> Iterator[pa.RecordBatch]:
    cells = [stage.original(name) for name in stage.names]
    body = "body"
    if defused:
        cells = [
            stage.fact(name, "defused", _safe(sql))
            for name, sql in zip(stage.names, cells, strict=True)
        ]
        body = _safe("body")
    empty = "".join(f", null as x{n}" for n in range(1, len(cells)))
    shown = ", ".join(f"{sql} as x{n}" for n, sql in enumerate(cells))
    rows = stage.con.cursor().execute(f"""
        select l.row as row, l.reason, {shown}
        from (select row, reason::varchar as reason from lines where reason is not null) l
            join cells on cells.row = l.row
        union all select row, reason, {body} as x0{empty} from bad
        order by row
    """)
    yield from rows.to_arrow_reader(size)


def _safe(sql: str) -> str:
    """SQL: the text with an apostrophe before what a spreadsheet would run; numbers stay."""
    starts = f"regexp_matches({sql}, E'^[=+\\\\-@\\t\\r\\n]')"
    number = f"regexp_full_match({sql}, '[-+]?[0-9.,]+')"
    return f"case when {starts} and not {number} then '''' || {sql} else {sql} end"


def _defused(name: str) -> str:
    return f"'{name}" if name.startswith(("=", "+", "-", "@")) else name
