"""CSV in any dialect, as Arrow batches with row numbers."""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Callable, Iterator
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.csv

from hotspring.collect.files.opening import Nature, TextStream
from hotspring.collect.files.reading import BadRow, Reading, header, numbered
from hotspring.errors import ImportRefused

DELIMITERS: Final = (",", "\t", ";", "|", "，", "^", "\x01", "~", ":")
BLOCK: Final = 8 << 20
"""Bytes read at once; no row may be larger."""
SAMPLE: Final = 200


def sniff(head: str) -> str:
    """Which character parts the columns? The one that parts most rows alike."""
    best, points = ",", 0.0
    for rank, mark in enumerate(DELIMITERS):
        if len(mark.encode()) > 1:
            continue
        widths = [len(row) for row in _sample(head, mark) if row]
        if not widths or widths[0] < 2:
            continue
        alike = sum(w == widths[0] for w in widths) / len(widths)
        score = alike * (1 + min(widths[0], 20) / 100) - rank / 1000
        if score > points:
            best, points = mark, score
    return best


def delimited(nature: Nature, delimiter: str | None = None) -> Reading:
    """The rows of a CSV file; every value is text."""
    if delimiter is not None and (len(delimiter) != 1 or len(delimiter.encode()) != 1):
        raise ImportRefused(f"delimiter {delimiter!r} is not one plain character")
    mark = delimiter or sniff(nature.head)
    first = next((row for row in _sample(nature.head, mark) if any(row)), [])
    names = header(first, nature.path.name)
    stream = TextStream(nature)
    bad: list[BadRow] = []
    return Reading(
        format="CSV",
        columns=names,
        batches=_batches(stream, mark, names, bad),
        bad=bad,
        fraction=stream.fraction,
        close=stream.close,
        detail=f"{nature.encoding}, delimiter {mark!r}",
    )


def _sample(head: str, mark: str) -> list[list[str]]:
    # The last line of the sample may be cut; it is left out where others exist.
    lines = head.splitlines(keepends=True)
    text = "".join(lines[:-1]) if len(lines) > 1 and len(head) >= 16_384 else head
    reader = csv.reader(io.StringIO(text), delimiter=mark)
    try:
        return list(itertools.islice(reader, SAMPLE))
    except csv.Error:
        return []


def _batches(
    stream: TextStream, mark: str, names: list[str], bad: list[BadRow]
) -> Iterator[pa.RecordBatch]:
    skipped: list[int] = []
    opened: list[int] = []

    def refuse(row: Any) -> str:
        if row.text.count('"') % 2:
            opened.append(row.number)
        bad.append(BadRow(row.number, "wrong number of columns", row.text))
        skipped.append(row.number)
        return "skip"

    at, last, headed = 1, "", False
    try:
        for batch in _parsed(stream, mark, len(names), refuse):
            if batch.num_rows == 0:
                continue
            numbers = _numbers(at, batch.num_rows, skipped)
            at = int(numbers[-1]) + 1
            last = batch.column(batch.num_columns - 1)[-1].as_py()
            rows = numbered(batch, numbers)
            yield rows if headed else rows.slice(_above(batch))
            headed = True
    except pa.ArrowInvalid as error:
        raise ImportRefused(f"the CSV cannot be read on: {_plain(error)}") from error
    # An odd mark within a value is harmless; one that is never closed swallows all rows after it.
    if stream.quotes % 2 and (opened or "\n" in last):
        where = f"in row {opened[-1]}" if opened else "near the end"
        raise ImportRefused(f"a quotation mark is opened {where} and never closed")


def _parsed(stream: TextStream, mark: str, width: int, refuse: Callable[[Any], str]) -> Any:
    places = [f"c{i}" for i in range(width)]
    return pyarrow.csv.open_csv(
        pa.PythonFile(stream, mode="r"),
        read_options=pyarrow.csv.ReadOptions(
            use_threads=False, block_size=BLOCK, column_names=places
        ),
        parse_options=pyarrow.csv.ParseOptions(
            delimiter=mark,
            newlines_in_values=True,
            ignore_empty_lines=False,
            invalid_row_handler=refuse,
        ),
        convert_options=pyarrow.csv.ConvertOptions(
            column_types=dict.fromkeys(places, pa.string()),
            strings_can_be_null=False,
            null_values=[],
        ),
    )


def _above(batch: pa.RecordBatch) -> int:
    """How many rows stand up to and including the header? Blank lines may precede it."""
    for row in range(batch.num_rows):
        if any(column[row].as_py() for column in batch.columns):
            return row + 1
    return int(batch.num_rows)


def _numbers(at: int, count: int, skipped: list[int]) -> np.ndarray[Any, Any]:
    """The next `count` row numbers from `at` on, without those of refused rows."""
    candidates = np.arange(at, at + count + len(skipped))
    numbers = candidates[~np.isin(candidates, skipped)][:count]
    end = int(numbers[-1])
    skipped[:] = [n for n in skipped if n > end]
    return numbers


def _plain(error: pa.ArrowInvalid) -> str:
    if "straddling" in str(error):
        return f"one row is larger than {BLOCK >> 20} MB, or a quotation mark is never closed"
    return str(error).split("\n")[0][:200]
