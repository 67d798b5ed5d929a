"""What repeats in a column is read once: that changes nothing of what an import gives."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
import pyarrow as pa
import pyarrow.parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspring.collect.files import codes, readers
from hotspring.collect.files.codes import Codes
from tests.collect_files.conftest import take

TEXT = st.sampled_from(["", "a", " a ", "NULL", "7", "7.0", "1,5", "热", "x\ny", "C9"])
CELLS: dict[str, tuple[pa.DataType, Any]] = {
    "order": (pa.string(), st.sampled_from(["A1", "A2 ", "C3", "7.0", "7", ""])),
    "customer": (pa.int64(), st.none() | st.integers(1, 3)),
    "date": (
        pa.timestamp("us"),
        st.none() | st.datetimes(dt.datetime(2023, 1, 1), dt.datetime(2023, 1, 3)),
    ),
    "sku": (pa.large_string(), TEXT),
    "qty": (pa.int32(), st.none() | st.integers(-2, 3)),
    "price": (pa.float64(), st.none() | st.sampled_from([0.0, -0.0, 1.5, float("nan"), 2.25])),
    "note": (pa.string(), TEXT),
    "flag": (pa.bool_(), st.none() | st.booleans()),
    "status": (pa.string(), st.sampled_from(["", "refunded", "paid"])),
}
ROWS = st.lists(st.tuples(*(cells for _, cells in CELLS.values())), min_size=1, max_size=12)


def imported(path: Path, preset: str, most: int, **terms: Any) -> Any:
    """What an import gives where a column may have so many values that repeat."""
    with mock.patch.object(codes, "MOST", most), mock.patch.object(readers, "ROWS", 3):
        taken = take(path, preset, **terms)
    return taken.events, taken.rejects, taken.report


@settings(deadline=None, max_examples=12)
@given(ROWS, st.sampled_from(["orders", "events", "profiles"]), st.booleans(), st.integers(1, 4))
def test_numbers_for_values_change_nothing(
    rows: list[tuple[Any, ...]], preset: str, drop: bool, most: int
) -> None:
    columns = zip(*rows, strict=True)
    kinds = [kind for kind, _ in CELLS.values()]
    arrays = [pa.array(cells, kind) for cells, kind in zip(columns, kinds, strict=True)]
    terms: dict[str, Any] = {"drop_duplicates": drop}
    if preset == "events":
        terms["mapping"] = "name=note"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.parquet"
        pyarrow.parquet.write_table(pa.table(dict(zip(CELLS, arrays, strict=True))), path)
        plain = imported(path, preset, 0, **terms)
        # With a few, columns turn from numbers to values somewhere in the file.
        assert imported(path, preset, most, **terms) == plain
        assert imported(path, preset, 1_000_000, **terms) == plain


@pytest.mark.parametrize(
    ("kind", "cells", "values"),
    [
        (pa.string(), [" a", "a ", None, "null", "b"], [None, "a", "b"]),
        (pa.float64(), [0.0, -0.0, None, float("inf")], [None, 0.0, float("inf")]),
        (pa.uint64(), [2**64 - 1, None, 2**64 - 1], [None, 2**64 - 1]),
        (pa.timestamp("ms"), [dt.datetime(2024, 1, 2), None], [None, dt.datetime(2024, 1, 2)]),
    ],
)
def test_each_value_has_one_number(kind: pa.DataType, cells: list[Any], values: list[Any]) -> None:
    known = Codes(kind)
    numbers = np.concatenate([known.encode(pa.array([cell], kind)) for cell in cells])
    assert known.values().type == kind
    assert known.values().to_pylist() == values
    taken = known.values().take(pa.array(numbers)).to_pylist()
    assert taken == [values[number] for number in numbers]
    assert (known.encode(pa.array(cells, kind)) == numbers).all()


def test_a_column_that_does_not_repeat_is_kept_as_it_is() -> None:
    known = Codes(pa.int64())
    known.encode(pa.array(range(codes.TRIED)))
    assert not known.pays
    again = Codes(pa.int64())
    again.encode(pa.array([n // 4 for n in range(codes.TRIED)]))
    assert again.pays
