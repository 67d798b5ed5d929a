"""Fresh rows stay few batches, in their order, whatever sizes they came in."""

from __future__ import annotations

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspring.store import tail

SCHEMA = pa.schema([pa.field("n", pa.int64()), pa.field("text", pa.string())])


def batch(start: int, rows: int) -> pa.RecordBatch:
    numbers = range(start, start + rows)
    return pa.RecordBatch.from_arrays(
        [pa.array(numbers, pa.int64()), pa.array([f"#{n}" for n in numbers])], schema=SCHEMA
    )


@given(st.lists(st.sampled_from([1, 1, 1, 2, 7, 40, 300]), max_size=150))
@settings(max_examples=30, deadline=None)
def test_rows_keep_their_order_and_batches_stay_few(sizes: list[int]) -> None:
    kept: list[pa.RecordBatch] = []
    came = 0
    for size in sizes:
        tail.add(kept, batch(came, size))
        came += size
    assert tail.count(kept) == came
    rows = pa.Table.from_batches(kept, schema=SCHEMA)
    assert rows.column("n").to_pylist() == list(range(came))
    assert rows.column("text").to_pylist() == [f"#{n}" for n in range(came)]


def test_many_small_batches_become_few() -> None:
    kept: list[pa.RecordBatch] = []
    for n in range(5_000):
        tail.add(kept, batch(3 * n, 3))
    assert len(kept) < 4 * tail.FAN
    assert tail.count(kept) == 15_000


def test_no_batch_grows_past_the_limit() -> None:
    text = "热" * 300_000
    kept: list[pa.RecordBatch] = []
    for n in range(3 * tail.FAN):
        one = [pa.array([n], pa.int64()), pa.array([text])]
        tail.add(kept, pa.RecordBatch.from_arrays(one, schema=SCHEMA))
    assert max(batch.nbytes for batch in kept) <= tail.MOST_BYTES
    assert tail.count(kept) == 3 * tail.FAN
