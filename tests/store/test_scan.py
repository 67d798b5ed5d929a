"""Whole columns of a table, from blocks and from memory, as of one moment."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from hotspring.store import Store, Table

SCHEMA = pa.schema([("seq", pa.int64()), ("who", pa.int32()), ("word", pa.string())])
TABLE = Table(name="things", owner="tests", schema=SCHEMA, order=("who", "seq"))


def rows(start: int, count: int) -> pa.RecordBatch:
    seqs = range(start, start + count)
    words = [f"w{seq % 3}" for seq in seqs]
    return pa.RecordBatch.from_arrays(
        [pa.array(seqs), pa.array([-seq % 7 for seq in seqs], pa.int32()), pa.array(words)],
        schema=SCHEMA,
    )


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Two sealed blocks of several row groups each, rows set aside and rows just come."""
    store = Store(tmp_path, [TABLE], "UTC")
    for start, position in ((0, 1), (100_000, 2)):
        store.append(TABLE, rows(start, 100_000))
        store.freeze()
        store.seal(position)
    store.append(TABLE, rows(200_000, 10))
    store.freeze()
    store.append(TABLE, rows(200_010, 10))
    return store


def seqs_of(batches: list[pa.RecordBatch]) -> list[int]:
    return sorted(seq for batch in batches for seq in batch.column("seq").to_pylist())


def test_all_rows_come_once(store: Store) -> None:
    batches = list(store.columns.scan(TABLE, ["word", "seq"]))
    assert seqs_of(batches) == list(range(200_020))
    assert all(batch.schema.names == ["word", "seq"] for batch in batches)
    for batch in batches[:2]:
        assert batch.column("word")[0].as_py() == f"w{batch.column('seq')[0].as_py() % 3}"


@pytest.mark.parametrize("bounds", [(5, 9), (99_990, 100_010), (150_000, 200_015), (7, 7)])
def test_only_a_range_is_read(store: Store, bounds: tuple[int, int]) -> None:
    since, until = bounds
    assert seqs_of(list(store.columns.scan(TABLE, ["seq"], since=since, until=until))) == list(
        range(*bounds)
    )
    whos = [
        w
        for b in store.columns.scan(TABLE, ["who"], (), since, until)
        for w in b.column("who").to_pylist()
    ]
    assert sorted(whos) == sorted(-seq % 7 for seq in range(*bounds))


def test_words_come_as_a_dictionary_from_blocks(store: Store) -> None:
    batches = list(store.columns.scan(TABLE, ["word"], words=["word", "other"]))
    assert pa.types.is_dictionary(batches[0].schema.field("word").type)
    assert sorted({w for b in batches for w in b.column("word").to_pylist()}) == ["w0", "w1", "w2"]


def test_what_is_read_stays_while_blocks_are_merged(store: Store) -> None:
    scan = store.columns.scan(TABLE, ["seq"])
    first = next(scan)
    for position in range(3, 10):
        store.append(TABLE, rows(300_000 + position, 1))
        store.freeze()
        store.seal(position)
    assert store.compact()
    assert seqs_of([first, *scan]) == list(range(200_020))
    assert len(list((store.folder / "blocks").iterdir())) == len(store.blocks())


def nobody_reads(store: Store) -> None:
    retired = store.folder / "retired"
    retired.touch()
    store._retired.add([retired])
    assert not retired.exists()


def test_who_stops_early_leaves_nothing_behind(store: Store) -> None:
    scan = store.columns.scan(TABLE, ["seq"])
    next(scan)
    scan.close()
    with store.parts(TABLE, ["seq"]) as parts:
        assert len(parts.files) == 2
    nobody_reads(store)


def test_what_is_hidden_is_not_read(store: Store) -> None:
    for seqs in ([5, 100_007], [200_015]):
        store.hide(TABLE, pa.table({"seq": pa.array(seqs, pa.int64())}))
    expected = sorted({*range(200_020)} - {5, 100_007, 200_015})
    assert seqs_of(list(store.columns.scan(TABLE, ["seq"]))) == expected
    words = [
        w for b in store.columns.scan(TABLE, ["word"], ["word"]) for w in b.column(0).to_pylist()
    ]
    assert len(words) == len(expected)
    nobody_reads(store)
