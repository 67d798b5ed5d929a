"""A few rows out of many, found by the value of a column, past the engine.

The engine goes through what it knows of every row group of every file for each question. Here the
range of each is at hand, and only those groups are read that may hold a value.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from hotspring.store.footers import LEAST, MOST, Footer, Footers, Range
from hotspring.store.scan import Parts
from hotspring.store.table import Table

PORTION: Final = 8
"""Row groups that are read at once."""
BATCH: Final = 250_000
"""Values that are looked at together."""
THIN: Final = 32
"""So many values to a row are worth a bit each, which spares most of the reading."""


class Few(NamedTuple):
    """Which rows of a table, and what of them."""

    by: str
    """A column of whole numbers."""
    values: Sequence[int]
    """Sorted and distinct."""
    columns: Sequence[str]


class Lookup:
    """Finds rows by the value of one column. From any thread."""

    def __init__(self, footers: Footers) -> None:
        self._footers = footers
        self._blocks: dict[str, dict[Path, _Block]] = {}

    def rows(self, table: Table, parts: Parts, few: Few) -> Iterator[pa.Table]:
        """The rows that are asked for, in stretches."""
        schema = pa.schema([table.schema.field(name) for name in few.columns])
        wanted = np.array(few.values, np.int64)
        for batch in parts.fresh:
            hits = _hits(batch.column(few.by).to_numpy(), wanted)
            if len(hits):
                rows = batch.select(list(few.columns)).take(pa.array(hits))
                yield pa.Table.from_batches([rows]).cast(schema)
        for block in self._of(table.name, parts.files):
            yield from block.rows(few.by, wanted, schema)

    def _of(self, table: str, files: Sequence[Path]) -> Iterable[_Block]:
        known = self._blocks.get(table, {})
        # Mostly these are the same paths as last time: to hash them all takes longer than to read.
        if list(known) != files:
            footers = self._footers.of(table, files)
            known = {file: known.get(file) or _Block(file, footers[file]) for file in files}
            self._blocks[table] = known
        return known.values()

    def expect(self, table: Table, file: Path) -> None:
        """Get ready for a new block, so that the first question about it need not."""
        footer = self._footers.expect(table.name, file)
        if footer is not None and table.name in self._blocks:
            self._blocks[table.name] = self._blocks[table.name] | {file: _Block(file, footer)}


class _Block:
    """One sealed file: which of its row groups hold which values."""

    def __init__(self, file: Path, footer: Footer) -> None:
        self._file = file
        self._footer = footer
        self._names = set(footer.names)
        self._known: dict[str, _Values] = {}
        self._idle: list[pq.ParquetFile] = []

    def rows(self, by: str, wanted: np.ndarray, schema: pa.Schema) -> Iterator[pa.Table]:
        """The rows with a wanted value; columns that came later than the block are null."""
        known = self._values(by)
        wanted = known.among(wanted)
        groups = known.groups(wanted)
        if not len(groups):
            return
        rest = [name for name in schema.names if name in self._names and name != by]
        first = [by, *rest] if known.likely else [by]
        with self._open() as file:
            for at in range(0, len(groups), PORTION):
                portion = groups[at : at + PORTION].tolist()
                rows = file.read_row_groups(portion, columns=first, use_threads=False)
                hits = _hits(rows.column(by).to_numpy(), wanted)
                # Most ranges hold values on both sides of the wanted one, and not itself.
                if not len(hits):
                    continue
                if not known.likely:
                    values = rows.column(by)
                    rows = file.read_row_groups(portion, columns=rest, use_threads=False)
                    rows = rows.append_column(by, values)
                yield _complete(rows.take(pa.array(hits)), schema)

    @contextlib.contextmanager
    def _open(self) -> Iterator[pq.ParquetFile]:
        """A reader for this thread alone; one is kept for the next, since to open takes longer
        than to read a few rows."""
        try:
            file = self._idle.pop()
        except IndexError:
            file = pq.ParquetFile(self._file, metadata=self._footer.metadata, memory_map=True)
        try:
            yield file
        finally:
            if self._idle:
                file.close()
            else:
                self._idle.append(file)

    def _values(self, by: str) -> _Values:
        """Which values the row groups hold."""
        if by not in self._known:
            span = self._footer.range(by)
            low, high = span
            there, rows = None, self._footer.metadata.num_rows
            size = int(high.max()) - int(low.min()) if len(low) else 0
            if rows <= size < THIN * rows:
                there = _there(self._file, by, int(low.min()), int(high.max()))
            self._known[by] = _Values(span, there, dense=size < rows)
        return self._known[by]


class _Values:
    """What is known of a column of one block."""

    def __init__(self, span: Range, there: np.ndarray | None, dense: bool) -> None:
        """`there` has a bit for each value from the least to the greatest of all, set where it is
        there; only where there are fewer rows than such values, and not far fewer. `dense` is where
        there are not."""
        self._low, self._high = span
        self._there = there
        self._least, self._most = int(span.low.min(initial=MOST)), int(span.high.max(initial=LEAST))
        apart = bool((span.high[:-1] <= span.low[1:]).all())
        self.likely = apart and (dense or there is not None)
        """Is what is wanted most likely in each of the groups that are found?"""

    def among(self, wanted: np.ndarray) -> np.ndarray:
        """Those of some values, which ascend, that may be in the block."""
        if not len(wanted) or wanted[-1] < self._least or wanted[0] > self._most:
            return wanted[:0]
        if self._there is None:
            return wanted
        inside = wanted[(wanted >= self._least) & (wanted <= self._most)]
        places = inside - self._least
        bits = self._there[places >> 3] >> (7 - (places & 7)).astype(np.uint8) & 1
        found: np.ndarray = inside[bits > 0]
        return found

    def groups(self, wanted: np.ndarray) -> np.ndarray:
        """The row groups that may hold one of these values, which ascend."""
        if not len(wanted):
            return wanted
        before = np.searchsorted(wanted, self._low)
        return np.flatnonzero(before < np.searchsorted(wanted, self._high, side="right"))


def _there(file: Path, by: str, low: int, high: int) -> np.ndarray:
    found = np.zeros(high - low + 1, bool)
    with pq.ParquetFile(file, memory_map=True) as opened:
        for batch in opened.iter_batches(BATCH, columns=[by]):
            found[batch.column(0).to_numpy() - low] = True
    return np.packbits(found)


def _complete(rows: pa.Table, schema: pa.Schema) -> pa.Table:
    here = set(rows.column_names)
    columns = [
        _typed(rows.column(field.name), field.type)
        if field.name in here
        else pa.nulls(rows.num_rows, field.type)
        for field in schema
    ]
    return pa.table(columns, schema=schema)


def _typed(column: pa.ChunkedArray, kind: pa.DataType) -> pa.ChunkedArray:
    return column if column.type == kind else column.cast(kind)


def _hits(keys: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Where are the wanted ones?"""
    return np.flatnonzero(keys == wanted[0] if len(wanted) == 1 else np.isin(keys, wanted))
