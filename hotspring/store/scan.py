"""Whole columns of a table as they lie on disk: no engine in between, decoded ahead in a thread."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hotspring.store.footers import Footer
from hotspring.store.groups import DECODERS, Groups

GROUPS: Final = 8
"""Row groups read at once: some hundred thousand rows."""
AHEAD: Final = DECODERS + 1
"""Portions that are decoded before they are asked for."""


class Parts(NamedTuple):
    """A table as of one moment."""

    files: list[Path]
    """Sealed blocks, each in the table's order."""
    fresh: Iterable[pa.RecordBatch]
    """Rows in memory, as they came; to be read once."""
    projections: Mapping[Path, Path] = {}
    """Where that of a block is, if it has one."""


class Wanted(NamedTuple):
    """What to read of each row, and of which rows."""

    columns: Sequence[str]
    words: Collection[str] = ()
    """Text columns to give as words of a dictionary: of few values each."""
    since: int = 0
    until: int = 2**63 - 1
    """Only rows with `since <= seq < until`."""


def scan(parts: Parts, schema: pa.Schema, wanted: Wanted) -> Iterator[pa.RecordBatch]:
    """All rows, in batches, file by file in the order of each file; the fresh ones at the end.

    A column that came later than a block is null in its rows.
    """
    with ThreadPoolExecutor(DECODERS, thread_name_prefix="scan") as worker:
        waiting: deque[Future[list[pa.RecordBatch]]] = deque()
        try:
            for file in parts.files:
                block = Block(file, parts.projections.get(file), schema, wanted)
                for groups in block.portions():
                    waiting.append(worker.submit(block.read, groups))
                    if len(waiting) > AHEAD:
                        yield from waiting.popleft().result()
            while waiting:
                yield from waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()
    for batch in parts.fresh:
        for kept in _within(batch, wanted):
            yield _selected(kept, schema, wanted)


class Block:
    """One sealed file, open for reading."""

    def __init__(
        self, file: Path, projection: Path | None, schema: pa.Schema, wanted: Wanted
    ) -> None:
        self._schema = schema
        self._wanted = wanted
        footer = Footer(file)
        words = [word for word in wanted.words if word in wanted.columns]
        self._groups = Groups(file, footer, words, projection)
        self._here = [name for name in wanted.columns if name in footer.names]
        low, high = footer.range("seq")
        self._touched = (high >= wanted.since) & (low < wanted.until)
        """By row group: may it hold wanted rows?"""
        self._inside = (low >= wanted.since) & (high < wanted.until)
        """By row group: is each of its rows wanted?"""

    def portions(self) -> Iterator[list[int]]:
        """The row groups that hold wanted rows, a few at a time."""
        groups = np.flatnonzero(self._touched).tolist()
        for at in range(0, len(groups), GROUPS):
            yield groups[at : at + GROUPS]

    def read(self, groups: list[int]) -> list[pa.RecordBatch]:
        """The wanted rows of some row groups."""
        inside = bool(self._inside[groups].all())
        extra = [] if inside or "seq" in self._here else ["seq"]
        table = self._groups.read(groups, [*self._here, *extra])
        # One batch of them all: who takes it works on whole columns.
        found = _alike(table).combine_chunks().to_batches()
        if not inside:
            found = [part for batch in found for part in _within(batch, self._wanted)]
        return [_selected(batch, self._schema, self._wanted) for batch in found]


def _alike(table: pa.Table) -> pa.Table:
    """Words as a block gives them, wherever they are from: numbered in four bytes."""
    for at, field in enumerate(table.schema):
        kind = field.type
        if pa.types.is_dictionary(kind) and kind.index_type != pa.int32():
            wide = [
                pa.DictionaryArray.from_arrays(
                    chunk.indices.cast(pa.int32()), chunk.dictionary, safe=False
                )
                for chunk in table.column(at).chunks
            ]
            table = table.set_column(at, field.name, pa.chunked_array(wide))
    return table


def _within(batch: pa.RecordBatch, wanted: Wanted) -> Iterator[pa.RecordBatch]:
    seq = batch.column("seq")
    inside = pc.and_(pc.greater_equal(seq, wanted.since), pc.less(seq, wanted.until))
    kept = batch.filter(inside)
    if kept.num_rows:
        yield kept


def _selected(batch: pa.RecordBatch, schema: pa.Schema, wanted: Wanted) -> pa.RecordBatch:
    names = batch.schema.names
    arrays: list[Any] = [
        batch.column(name) if name in names else pa.nulls(batch.num_rows, schema.field(name).type)
        for name in wanted.columns
    ]
    return pa.RecordBatch.from_arrays(arrays, names=list(wanted.columns))
