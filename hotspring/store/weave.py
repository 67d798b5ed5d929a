"""Sealed blocks made and merged: rows in a table's order, a few row groups in memory at a time.

Past the engine: its sort holds all rows at once, and takes twice the time.
"""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from hotspring.store.table import Table

PORTION: Final = 49_152
"""Rows that are put in order at once."""
AHEAD: Final = 24_576
"""Rows that are read of a block at once."""
SAMPLE: Final = 10_000
FEW: Final = 4
"""Texts of which a sample holds each at least so often are kept as words of a dictionary."""


class Hurried(Exception):
    """Someone waits for the rows to end."""


def write(file: Path, table: Table, parts: Iterable[pa.Table]) -> int:
    """Write rows that come in order as a Parquet file that any tool reads; how many were there?"""
    groups = _groups(parts, table.row_group)
    rows = 0
    first = next(groups, _free(table, table.schema.types).empty_table())
    try:
        with _writer(file, table, first.schema) as writer:
            for group in itertools.chain([first], groups):
                writer.write_table(group)
                rows += group.num_rows
    except BaseException:
        # It is tried again, on a disk that may be full.
        file.unlink(missing_ok=True)
        raise
    return rows


def _writer(file: Path, table: Table, schema: pa.Schema) -> pq.ParquetWriter:
    # Passes in order read times most of all: differences are as small as what zstd makes of them,
    # and read in half the time.
    packed = [name for name in table.order if pa.types.is_int64(schema.field(name).type)]
    leaves = [f"{f.name}.list.element" if pa.types.is_list(f.type) else f.name for f in schema]
    return pq.ParquetWriter(
        file,
        schema,
        compression={leaf: "none" if leaf in packed else "zstd" for leaf in leaves},
        compression_level={leaf: 1 for leaf in leaves if leaf not in packed},
        use_dictionary=[field.name for field in schema if _is_words(field.type)],
        column_encoding=dict.fromkeys(packed, "DELTA_BINARY_PACKED"),
        # Else who reads it with Arrow would get dictionaries unasked.
        store_schema=False,
    )


def _groups(parts: Iterable[pa.Table], size: int) -> Iterator[pa.Table]:
    """The same rows in row groups of one size, but for the last."""
    rest = None
    for part in parts:
        rows = pa.concat_tables([rest, part]) if rest is not None else part
        whole = rows.num_rows - rows.num_rows % size
        for at in range(0, whole, size):
            yield _own_words(rows.slice(at, size))
        rest = rows.slice(whole)
    if rest is not None and rest.num_rows:
        yield _own_words(rest)


def in_order(batches: Sequence[pa.RecordBatch], table: Table) -> Iterator[pa.Table]:
    """Rows from memory, in the order of the table."""
    came = pa.Table.from_batches(batches)
    columns = [
        column.dictionary_encode() if name not in table.order and _few(column) else column
        for name, column in zip(came.schema.names, came.itercolumns(), strict=True)
    ]
    schema = _free(table, [column.type for column in columns])
    rows = pa.table(columns, schema=schema).unify_dictionaries().combine_chunks()
    order = _order(rows, table)
    for at in range(0, len(order), PORTION):
        yield rows.take(order.slice(at, PORTION))


def merged(files: Sequence[Path], table: Table) -> Iterator[pa.Table]:
    """The rows of several blocks, in the order of the table; columns that came later are null."""
    footers = [pq.read_metadata(file) for file in files]
    words = [
        field.name
        for field in table.schema
        if field.name not in table.order and pa.types.is_string(field.type)
        if all(_has_words(one, field.name) for one in footers)
    ]
    runs = [_Run(file, one, table, words) for file, one in zip(files, footers, strict=True)]
    while waiting := [run for run in runs if run.fill()]:
        # Up to here no later row of any block comes before what is read of all of them.
        bound = min((run.last for run in waiting if run.more), default=None)
        parts = [part for run in waiting if (part := run.take(bound)).num_rows]
        rows = pa.concat_tables(parts).unify_dictionaries().combine_chunks()
        yield rows if len(parts) == 1 else rows.take(_order(rows, table))


def unhurried(parts: Iterable[pa.Table], hurried: Callable[[], bool]) -> Iterator[pa.Table]:
    """The same rows. Raises `Hurried` between two parts as soon as that is so."""
    for part in parts:
        if hurried():
            raise Hurried
        yield part


def asked(parts: Iterable[pa.Table], table: Table, engine: Any, sql: str) -> Iterator[pa.Table]:
    """What a question makes of rows that come in order, where they are the relation `part`.

    It may leave rows out, and change columns by which the table is not ordered.
    """
    ordered = f"SELECT * FROM ({sql}) ORDER BY {', '.join(table.order)}"
    for part in parts:
        engine.register("part", part)
        rows = engine.execute(ordered).to_arrow_table()
        engine.unregister("part")
        columns = [
            column.dictionary_encode() if _is_words(field.type) else column.cast(field.type)
            for field in part.schema
            for column in [rows.column(field.name)]
        ]
        yield pa.table(columns, schema=part.schema)


class _Run:
    """One block, read from its start as far as is asked for."""

    def __init__(
        self, file: Path, footer: pq.FileMetaData, table: Table, words: Sequence[str]
    ) -> None:
        self._file = pq.ParquetFile(
            file, metadata=footer, read_dictionary=list(words), memory_map=True
        )
        names = set(self._file.schema_arrow.names)
        self._table = table
        self._here = [name for name in table.schema.names if name in names]
        self._next = 0
        self._rows: Any = None

    @property
    def more(self) -> bool:
        """Are there rows that were not read yet?"""
        return bool(self._next < self._file.num_row_groups)

    def fill(self) -> bool:
        """Read the next rows if there are none at hand. False at the end."""
        while self._rows is None or not self._rows.num_rows:
            if not self.more:
                return False
            size = max(self._file.metadata.row_group(self._next).num_rows, 1)
            until = min(self._next + max(AHEAD // size, 1), self._file.num_row_groups)
            groups = list(range(self._next, until))
            self._next = until
            # Arrow's own threads know nothing of whose work may wait.
            read = self._file.read_row_groups(groups, columns=self._here, use_threads=False)
            self._rows = self._complete(read)
        return True

    def _complete(self, read: pa.Table) -> pa.Table:
        columns = [
            read.column(field.name)
            if field.name in self._here
            else pa.chunked_array([pa.nulls(read.num_rows, field.type)])
            for field in self._table.schema
        ]
        return pa.table(columns, schema=_free(self._table, [column.type for column in columns]))

    @property
    def last(self) -> tuple[Any, ...]:
        """By what the last row at hand is ordered."""
        return self._key(self._rows.num_rows - 1)

    def take(self, bound: tuple[Any, ...] | None) -> pa.Table:
        """The rows at hand that come no later than `bound`; all of them without one."""
        count = self._rows.num_rows
        at = count if bound is None else bisect_right(range(count), bound, key=self._key)
        taken, self._rows = self._rows.slice(0, at), self._rows.slice(at)
        return taken

    def _key(self, row: int) -> tuple[Any, ...]:
        return tuple(self._rows.column(name)[row].as_py() for name in self._table.order)


def _order(rows: pa.Table, table: Table) -> pa.Array:
    keys: Any = [(name, "ascending") for name in table.order]
    return pc.sort_indices(rows.select(list(table.order)), sort_keys=keys)


def _free(table: Table, types: Sequence[pa.DataType]) -> pa.Schema:
    """Columns of these types, all of which may be null: a later version may have more of them."""
    return pa.schema(list(zip(table.schema.names, types, strict=True)))


def _few(texts: pa.ChunkedArray) -> bool:
    if not pa.types.is_string(texts.type):
        return False
    sample = texts.slice(0, SAMPLE)
    return int(pc.count_distinct(sample).as_py()) * FEW <= len(sample)


def _has_words(footer: pq.FileMetaData, name: str) -> bool:
    """Does a block hold this column of texts as words of a dictionary?"""
    if not footer.num_row_groups:
        return False
    group = footer.row_group(0)
    places = {group.column(at).path_in_schema: at for at in range(group.num_columns)}
    return name in places and bool(group.column(places[name]).has_dictionary_page)


def _is_words(kind: pa.DataType) -> bool:
    return bool(pa.types.is_dictionary(kind))


def _own_words(group: pa.Table) -> pa.Table:
    """The same rows, whose dictionaries hold what stands in them and nothing else."""
    group = group.unify_dictionaries()
    for at, field in enumerate(group.schema):
        if _is_words(field.type):
            whole = group.column(at).combine_chunks()
            words = whole.dictionary
            there = whole.is_valid()
            codes = pc.fill_null(whole.indices, 0).to_numpy()
            used = np.bincount(codes, minlength=len(words)) > 0
            if len(words) > 1 and not used.all():
                places = pa.array((np.cumsum(used, dtype=np.int32) - 1)[codes])
                kept = pc.if_else(there, places, None)
                whole = pa.DictionaryArray.from_arrays(kept, words.filter(pa.array(used)))
                group = group.set_column(at, field.name, whole)
    return group
