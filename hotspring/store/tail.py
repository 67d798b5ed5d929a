"""Fresh rows in few batches, however small those were that brought them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pyarrow as pa

FAN: Final = 16
"""So many of the last batches become one, as soon as none of them holds half of their rows."""
MOST_BYTES: Final = 16 << 20
"""No batch is made larger than this: a row is copied a few times at most, and one text column
stays far from what an Arrow array can hold."""


def add(tail: list[pa.RecordBatch], batch: pa.RecordBatch) -> None:
    """Append a batch to a tail.

    Whoever asks walks the batches one by one: thousands of a few rows each took a hundred times
    as long as the same rows in a few dozen.
    """
    tail.append(batch)
    while len(tail) >= FAN and _alike(last := tail[-FAN:]):
        tail[-FAN:] = [pa.concat_batches(last)]


def count(batches: Sequence[pa.RecordBatch]) -> int:
    """How many rows?"""
    return sum(int(batch.num_rows) for batch in batches)


def _alike(batches: list[pa.RecordBatch]) -> bool:
    if 2 * max(batch.num_rows for batch in batches) > count(batches):
        return False
    # Not `nbytes`, which walks every column: it took longer than to put the rows together.
    return sum(int(batch.get_total_buffer_size()) for batch in batches) <= MOST_BYTES
