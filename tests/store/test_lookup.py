"""A few rows found by the first column of their order, wherever they lie."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspring.store import Store, Table

THINGS = Table(
    name="things",
    owner="tests",
    schema=pa.schema([pa.field("key", pa.int32()), pa.field("ms", pa.int64()),
                      pa.field("text", pa.string())]),
    order=("key", "ms"),
)  # fmt: skip
ROWS = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 99)), max_size=12)


def batch(rows: list[tuple[int, int]]) -> pa.RecordBatch:
    columns = [[r[0] for r in rows], [r[1] for r in rows], [f"{r[0]}/{r[1]}" for r in rows]]
    arrays = [pa.array(c, f.type) for c, f in zip(columns, THINGS.schema, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=THINGS.schema)


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory):
    numbers = iter(range(1_000_000))
    root = tmp_path_factory.mktemp("lookup")
    return lambda: root / f"{next(numbers)}"


@given(
    parts=st.lists(st.tuples(ROWS, st.sampled_from(["", "freeze", "seal", "compact"])), max_size=6),
    values=st.lists(st.integers(0, 8), max_size=4),
    group=st.integers(1, 13),
)
@settings(max_examples=40, deadline=None)
def test_a_lookup_finds_what_a_question_finds(folders, parts, values, group) -> None:
    store = Store(folders(), [msgspec.structs.replace(THINGS, row_group=group)], "UTC")
    told: list[tuple[int, int]] = []
    try:
        for position, (rows, step) in enumerate(parts, 1):
            store.append(THINGS, batch(rows))
            told += rows
            if step:
                store.freeze()
            if step in ("seal", "compact"):
                store.seal(position)
            while step == "compact" and store.compact():
                pass
        found = store.rows_of(THINGS, values, ("text", "key")).to_pylist()
        expected = [{"text": f"{k}/{a}", "key": k} for k, a in told if k in values]
        assert sorted(map(str, found)) == sorted(map(str, expected))
    finally:
        store.close()


def test_many_values_are_looked_up_at_once(tmp_path: Path) -> None:
    store = Store(tmp_path, [THINGS], "UTC")
    store.append(THINGS, batch([(n, n) for n in range(30_000)]))
    store.freeze()
    store.seal(1)
    assert THINGS.row_group < 30_000, "several groups of rows"
    found = store.rows_of(THINGS, range(0, 30_000, 2), ("key",))
    assert sorted(found.column("key").to_pylist()) == list(range(0, 30_000, 2))
    store.close()


@given(
    parts=st.lists(st.tuples(ROWS, st.booleans()), max_size=5),
    values=st.lists(st.integers(0, 99), max_size=4),
)
@settings(max_examples=15, deadline=None)
def test_any_column_of_whole_numbers_can_be_looked_up(folders, parts, values) -> None:
    store = Store(folders(), [msgspec.structs.replace(THINGS, row_group=3)], "UTC")
    told: list[tuple[int, int]] = []
    try:
        for position, (rows, sealed) in enumerate(parts, 1):
            store.append(THINGS, batch(rows))
            told += rows
            if sealed:
                store.freeze()
                store.seal(position)
        found = store.rows_of(THINGS, values, ("text",), by="ms").column("text").to_pylist()
        assert sorted(found) == sorted(f"{key}/{ms}" for key, ms in told if ms in values)
    finally:
        store.close()


def test_what_is_hidden_is_not_found(tmp_path: Path) -> None:
    store = Store(tmp_path, [THINGS], "UTC")
    store.append(THINGS, batch([(1, 1), (1, 2), (2, 3)]))
    store.freeze()
    store.seal(1)
    store.hide(THINGS, pa.table({"key": pa.array([1], pa.int32()), "ms": pa.array([2])}))
    assert store.rows_of(THINGS, [1], ("text",)).column("text").to_pylist() == ["1/1"]
    assert store.rows_of(THINGS, [2, 3], ("text",), by="ms").column("text").to_pylist() == ["2/3"]
    store.close()


@given(keys=st.lists(st.integers(0, 3_000), min_size=1, max_size=400), far=st.booleans())
@settings(max_examples=25, deadline=None)
def test_what_a_block_does_not_hold_is_not_found(folders, keys, far) -> None:
    store = Store(folders(), [THINGS], "UTC")
    try:
        # One value far away, as where numbers are times: no bits are kept then.
        keys = [*keys, 2**30] if far else keys
        store.append(THINGS, batch([(key, 0) for key in keys]))
        store.freeze()
        store.seal(1)
        asked = [*range(0, 3_100, 7), *keys[::3]]
        found = store.rows_of(THINGS, asked, ("key",)).column("key").to_pylist()
        assert sorted(found) == sorted(key for key in keys if key in set(asked))
    finally:
        store.close()
