"""Few columns of a block once more, as they lie in memory: a pass over all rows decodes nothing.

What a block says stays in the block; its projection is made from it, and may be missing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from hotspring import durable
from hotspring.store.manifest import READABLE
from hotspring.store.table import Table
from hotspring.store.weave import unhurried

GROUPS: Final = 32
"""Row groups that are written together."""
MOST_WORDS: Final = 1 << 16
"""A column of more different values is left out."""


def write(file: Path, block: Path, table: Table, hurried: Callable[[], bool]) -> None:
    """Write the projection of a sealed block, durable and whole or not at all.

    Raises `Hurried` as soon as someone waits for it to end.
    """
    footer = pq.read_metadata(block)
    # Columns may have come later than the block.
    here = [name for name in table.projected if name in footer.schema.names]
    words = [name for name in here if name not in table.order]
    with pq.ParquetFile(block, metadata=footer, read_dictionary=words, memory_map=True) as source:
        known = {name: told for name in words if (told := _told(source, name)) is not None}
        kept = [name for name in here if name in known or name not in words]
        kinds = [_kind(table.schema.field(name).type, known.get(name)) for name in kept]
        schema = pa.schema(list(zip(kept, kinds, strict=True)))
        with (
            durable.replacing(file, mode=READABLE) as out,
            pa.ipc.new_file(out, schema) as target,
        ):
            parts = (
                source.read_row_groups(groups, columns=kept, use_threads=False)
                for groups in _portions(source)
            )
            for rows in unhurried(parts, hurried):
                target.write_batch(_batch(rows, schema, known))


def agrees(file: Path, block: Path, rows: int) -> bool:
    """Does the projection of a block of so many rows say what the block says?"""
    kept = Projection.of(file, rows)
    if kept is None:
        return False
    schema, start = kept.rows.schema, 0
    words = [field.name for field in schema if pa.types.is_dictionary(field.type)]
    known = {name: kept.rows.column(name).chunk(0).dictionary for name in words if rows}
    try:
        with pq.ParquetFile(block, read_dictionary=words, memory_map=True) as source:
            for groups in _portions(source):
                told = source.read_row_groups(groups, columns=schema.names, use_threads=False)
                batch = _batch(told, schema, known)
                if not kept.rows.slice(start, len(told)).equals(pa.Table.from_batches([batch])):
                    return False
                start += len(told)
    except (OSError, KeyError, pa.ArrowException):
        # Of other columns or words, or the block itself is damaged, which is told beside.
        return False
    return True


class Projection:
    """The projection of one block, mapped: what is read of it is not copied. From any thread."""

    def __init__(self, rows: pa.Table) -> None:
        self.rows = rows
        self.names = frozenset(rows.column_names)

    @classmethod
    def of(cls, file: Path, rows: int) -> Self | None:
        """That of a block of so many rows; None where there is none that can be relied on."""
        try:
            found = pa.ipc.open_file(pa.memory_map(str(file))).read_all()
        except (OSError, pa.ArrowInvalid):
            return None
        return cls(found) if found.num_rows == rows else None

    def read(self, name: str, start: int, stop: int, plain: bool) -> list[pa.Array]:
        """A column of the rows from `start` up to `stop`, as it is or as words of a dictionary."""
        chunks: list[pa.Array] = self.rows.column(name).slice(start, stop - start).chunks
        if not pa.types.is_dictionary(self.rows.schema.field(name).type):
            return chunks
        return [chunk.dictionary_decode() for chunk in chunks] if plain else chunks


def _portions(source: pq.ParquetFile) -> Iterator[list[int]]:
    every = range(source.num_row_groups)
    for at in range(0, len(every), GROUPS):
        yield list(every[at : at + GROUPS])


def _told(source: pq.ParquetFile, name: str) -> pa.Array | None:
    """The different values of a column; None where it has too many, or rows without one."""
    found = None
    for groups in _portions(source):
        rows = source.read_row_groups(groups, columns=[name], use_threads=False).column(name)
        if rows.null_count:
            return None
        parts = [_values(chunk) for chunk in rows.chunks]
        found = pc.unique(pa.chunked_array(parts if found is None else [found, *parts]))
        if len(found) > MOST_WORDS:
            return None
    return found


def _values(chunk: pa.Array) -> pa.Array:
    return chunk.dictionary if pa.types.is_dictionary(chunk.type) else pc.unique(chunk)


def _kind(plain: pa.DataType, words: pa.Array | None) -> pa.DataType:
    if words is None:
        return plain
    return pa.dictionary(pa.uint8() if len(words) <= 256 else pa.uint16(), plain)


def _batch(rows: pa.Table, schema: pa.Schema, known: dict[str, pa.Array]) -> pa.RecordBatch:
    columns = [
        _coded(rows.column(field.name), known[field.name], field.type.index_type)
        if field.name in known
        else rows.column(field.name).combine_chunks()
        for field in schema
    ]
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def _coded(column: pa.ChunkedArray, words: pa.Array, index: pa.DataType) -> pa.Array:
    """A column as words of one dictionary."""
    codes = []
    for chunk in column.chunks:
        if pa.types.is_dictionary(chunk.type):
            places = pc.index_in(chunk.dictionary, words).to_numpy()
            codes.append(places.take(chunk.indices.to_numpy()))
        else:
            codes.append(pc.index_in(chunk, words).to_numpy())
    whole = pa.array(np.concatenate(codes), index)
    return pa.DictionaryArray.from_arrays(whole, words)
