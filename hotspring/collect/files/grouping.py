"""Sorted rows in groups that are neighbours, without ever holding more than a few batches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

Starts = np.ndarray[Any, np.dtype[np.int64]]


def whole_groups(batches: Iterable[pa.RecordBatch], keys: Sequence[str]) -> Iterator[pa.Table]:
    """The same rows in tables that cut no group apart; rows must come sorted by `keys`."""
    held: list[pa.RecordBatch] = []
    for batch in batches:
        if batch.num_rows == 0:
            continue
        begin = int(starts(pa.Table.from_batches([batch]), keys)[-1])
        if held and begin == 0 and _same(held[0], batch, keys):
            held.append(batch)
            continue
        done = [*held, batch.slice(0, begin)] if begin else held
        if done:
            yield pa.Table.from_batches(done)
        held = [batch.slice(begin)]
    if held:
        yield pa.Table.from_batches(held)


def starts(table: pa.Table, keys: Sequence[str]) -> Starts:
    """At which rows does a group begin?"""
    changed = np.zeros(table.num_rows, bool)
    changed[:1] = True
    for key in keys:
        column = table.column(key).combine_chunks()
        differs = pc.not_equal(column.slice(1), column.slice(0, len(column) - 1))
        changed[1:] |= differs.to_numpy(zero_copy_only=False)
    return np.flatnonzero(changed).astype(np.int64)


def first_given(column: pa.ChunkedArray, begins: Starts) -> pa.Array:
    """The first value of each group that is not null, null where all are."""
    array = column.combine_chunks()
    there = array.is_valid().to_numpy(zero_copy_only=False)
    count = len(array)
    index = np.minimum.reduceat(np.where(there, np.arange(count), count), begins)
    return array.take(pa.array(index, mask=index == count))


def totals(column: pa.ChunkedArray, begins: Starts) -> pa.Array:
    """The sum of each group, null where it has no value."""
    array = column.combine_chunks()
    there = array.is_valid().to_numpy(zero_copy_only=False)
    sums = np.add.reduceat(array.fill_null(0).to_numpy(), begins)
    return pa.array(sums, mask=~np.logical_or.reduceat(there, begins))


def joined(column: pa.ChunkedArray, begins: Starts) -> pa.Array:
    """The texts of each group, parted by commas; nulls are left out."""
    array = column.combine_chunks()
    ends = np.append(begins[1:], len(array))
    there = np.concatenate(([0], np.cumsum(array.is_valid().to_numpy(zero_copy_only=False))))
    offsets = pa.array(np.append(there[begins], there[ends[-1]]), pa.int32())
    return pc.binary_join(pa.ListArray.from_arrays(offsets, array.drop_null()), ",")


def _same(first: pa.RecordBatch, second: pa.RecordBatch, keys: Sequence[str]) -> bool:
    return all(first.column(k)[0].as_py() == second.column(k)[0].as_py() for k in keys)
