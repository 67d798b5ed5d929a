"""Tables in stretches, so that several threads read them, hold the same rows."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from hotspring.engine import STRETCH, engine, parted


@pytest.mark.parametrize("rows", [0, 1, STRETCH, STRETCH + 1, 3 * STRETCH - 1])
def test_stretches_hold_the_same_rows_in_their_order(rows: int) -> None:
    numbers = pa.array(np.arange(rows, dtype=np.int32))
    words = pa.array([None if n % 7 == 0 else str(n % 3) for n in range(rows)], pa.string())
    table = pa.table({"n": numbers, "word": words.dictionary_encode()})
    found = parted(table)
    assert found.schema == table.schema
    assert [len(one) for one in found.column("n").chunks if len(one)] == [
        min(STRETCH, rows - at) for at in range(0, rows, STRETCH)
    ]
    assert found.combine_chunks().equals(table.combine_chunks())


def test_what_the_engine_reads_of_them_is_whole() -> None:
    table = pa.table({"n": pa.array(np.arange(2 * STRETCH + 5))})
    cursor = engine(threads=2)
    cursor.register("given", parted(table))
    told = cursor.execute("SELECT count(*), sum(n) FROM given").fetchone()
    assert told == (table.num_rows, table.num_rows * (table.num_rows - 1) // 2)
