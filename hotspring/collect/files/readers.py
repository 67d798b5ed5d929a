"""One door to every kind of file: CSV, Excel, Parquet and JSON Lines as Arrow batches."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet
import python_calamine

from hotspring.collect.files.delimited import delimited
from hotspring.collect.files.opening import Kind, Nature, TextStream, inspect
from hotspring.collect.files.reading import MOST_COLUMNS, BadRow, Reading, header, numbered
from hotspring.errors import ImportRefused

ROWS: Final = 65_536
LONGEST_LINE: Final = 8 << 20


def read(
    path: Path,
    *,
    sheet: str | int | None = None,
    delimiter: str | None = None,
    encoding: str | None = None,
) -> Reading:
    """The rows of a file of any known kind; raises `ImportRefused` where it is no table."""
    nature = inspect(path, encoding)
    if nature.kind is Kind.PARQUET:
        return _parquet(nature)
    if nature.kind is Kind.WORKBOOK:
        return _workbook(nature, sheet)
    if nature.kind is Kind.LINES:
        return _lines(nature)
    return delimited(nature, delimiter)


def _parquet(nature: Nature) -> Reading:
    try:
        file = pyarrow.parquet.ParquetFile(nature.path)
    except (pa.ArrowInvalid, OSError) as error:
        raise ImportRefused(f"{nature.path.name} is a damaged Parquet file") from error
    total = max(1, file.metadata.num_rows)
    done = [0]

    def batches() -> Iterator[pa.RecordBatch]:
        try:
            for batch in file.iter_batches(batch_size=ROWS):
                # The first row has number 2, as under a header, so that rows of all kinds compare.
                numbers = np.arange(done[0] + 2, done[0] + 2 + batch.num_rows)
                done[0] += batch.num_rows
                yield numbered(batch, numbers)
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError, OSError) as error:
            raise ImportRefused(f"{nature.path.name} is a damaged Parquet file") from error

    names = header(file.schema_arrow.names, nature.path.name)
    return Reading("Parquet", names, batches(), [], lambda: done[0] / total, file.close)


def _workbook(nature: Nature, wanted: str | int | None) -> Reading:
    try:
        book = python_calamine.CalamineWorkbook.from_path(str(nature.path))
        sheet = _sheet(book, wanted)
    except python_calamine.PasswordError as error:
        raise ImportRefused(f"{nature.path.name} is locked with a password") from error
    except (python_calamine.CalamineError, python_calamine.ZipError, OSError) as error:
        raise ImportRefused(f"{nature.path.name} is not a workbook that can be read") from error
    if sheet.start is None:
        raise ImportRefused(f"sheet {sheet.name!r} is empty")
    first, height = sheet.start[0] + 1, max(1, sheet.height)
    rows: Iterator[tuple[int, list[Any]]] = enumerate(sheet.iter_rows(), first)
    top: list[Any] = next(
        (cells for _, cells in rows if any(cell not in ("", None) for cell in cells)), []
    )
    while top and top[-1] in ("", None):
        top = top[:-1]
    names = header(top, f"sheet {sheet.name!r}")
    done = [first]
    batches = _cells(rows, len(names), done)
    return Reading(
        "Excel", names, batches, [], lambda: (done[0] - first) / height, book.close,
        detail=f"sheet {sheet.name!r} of {len(book.sheet_names)}", sheets=list(book.sheet_names),
    )  # fmt: skip


def _sheet(book: Any, wanted: str | int | None) -> Any:
    names = book.sheet_names
    if isinstance(wanted, int) or (wanted and wanted not in names and wanted.isdigit()):
        place = int(wanted)
        if not 1 <= place <= len(names):
            raise ImportRefused(f"there is no sheet {place}; the workbook has {len(names)}")
        return book.get_sheet_by_index(place - 1)
    if wanted:
        if wanted not in names:
            raise ImportRefused(f"there is no sheet {wanted!r}; there are {', '.join(names)}")
        return book.get_sheet_by_name(wanted)
    for name in names:
        sheet = book.get_sheet_by_name(name)
        if sheet.start is not None:
            return sheet
    raise ImportRefused("the workbook holds no cells")


def _cells(
    rows: Iterator[tuple[int, list[Any]]], width: int, done: list[int]
) -> Iterator[pa.RecordBatch]:
    numbers: list[int] = []
    table: list[list[str]] = []
    for number, cells in rows:
        done[0] = number
        numbers.append(number)
        table.append([_written(cell) for cell in cells[:width]])
        if len(table) == ROWS:
            yield _batch(numbers, table, width)
            numbers, table = [], []
    if table:
        yield _batch(numbers, table, width)


def _batch(numbers: list[int], table: list[list[Any]], width: int) -> pa.RecordBatch:
    columns = list(zip(*table, strict=True)) if table else [()] * width
    arrays = [pa.array(column, pa.string()) for column in columns]
    batch = pa.RecordBatch.from_arrays(arrays, names=[str(i) for i in range(width)])
    return numbered(batch, np.asarray(numbers))


def _written(cell: Any) -> str:
    """A cell as text: whole numbers without a point, times in ISO form."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if math.isfinite(cell) and cell == int(cell) else repr(cell)
    if isinstance(cell, dt.datetime):
        return cell.isoformat(" ")
    return "" if cell is None else str(cell)


def _lines(nature: Nature) -> Reading:
    names = _keys(nature)
    stream = TextStream(nature)
    bad: list[BadRow] = []
    return Reading(
        "JSON Lines", names, _objects(stream, names, bad), bad, stream.fraction, stream.close,
        detail=nature.encoding,
    )  # fmt: skip


def _keys(nature: Nature) -> list[str]:
    """Which keys occur anywhere in the file, in the order of their first appearance?"""
    found: dict[str, None] = {}
    with TextStream(nature) as stream:
        for _, line in _split(stream):
            try:
                found.update(dict.fromkeys(_flat(line)))
            except ValueError:
                continue
            if len(found) > MOST_COLUMNS:
                raise ImportRefused(f"the objects have more than {MOST_COLUMNS} different keys")
    if not found:
        raise ImportRefused(f"{nature.path.name} holds no JSON object with keys")
    return list(found)


def _objects(stream: TextStream, names: list[str], bad: list[BadRow]) -> Iterator[pa.RecordBatch]:
    numbers: list[int] = []
    table: list[list[str | None]] = []
    for number, line in _split(stream):
        try:
            values = _flat(line)
        except ValueError:
            bad.append(BadRow(number, "not a JSON object", line.decode("utf-8", "replace")))
            continue
        numbers.append(number)
        table.append([values.get(name) for name in names])
        if len(table) == ROWS // 4:
            yield _batch(numbers, table, len(names))
            numbers, table = [], []
    if table or bad:
        yield _batch(numbers, table, len(names))


def _split(stream: TextStream) -> Iterator[tuple[int, bytes]]:
    """Lines with their numbers; the first is 1. Empty lines are passed over."""
    left, number = b"", 0
    while True:
        data = stream.read(1 << 20)
        lines = (left + data).split(b"\n")
        left = lines.pop() if data else b""
        if len(left) > LONGEST_LINE:
            raise ImportRefused(f"line {number + len(lines) + 1} is longer than 8 MB")
        for line in lines:
            number += 1
            if line.strip():
                yield number, line.strip()
        if not data:
            return


def _flat(line: bytes) -> dict[str, str | None]:
    """One object as texts by key; nested objects by dotted key, lists as JSON text."""
    values: dict[str, str | None] = {}

    def put(prefix: str, body: dict[str, msgspec.Raw], depth: int) -> None:
        for key, raw in body.items():
            text = bytes(raw).strip()
            if text[:1] == b"{" and depth < 4:
                put(
                    f"{prefix}{key}.",
                    msgspec.json.decode(text, type=dict[str, msgspec.Raw]),
                    depth + 1,
                )
            elif text[:1] == b'"':
                values[prefix + key] = msgspec.json.decode(text, type=str)
            else:
                values[prefix + key] = None if text == b"null" else text.decode()

    try:
        put("", msgspec.json.decode(line, type=dict[str, msgspec.Raw]), 1)
    except (msgspec.DecodeError, RecursionError) as error:
        raise ValueError("not a JSON object") from error
    return values
