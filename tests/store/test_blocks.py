"""The tables: what is appended is there once, through seals, compaction, snapshots and restarts."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspring.errors import FolderError
from hotspring.store import Store, Table, weave

NUMBERS = Table(
    name="numbers",
    owner="tests",
    schema=pa.schema([pa.field("n", pa.int64()), pa.field("word", pa.string())]),
    order=("n",),
    row_group=4,
)
ZONE = "Asia/Shanghai"


def batch(*numbers: int) -> pa.RecordBatch:
    rows = {"n": list(numbers), "word": [str(n) for n in numbers]}
    return pa.RecordBatch.from_pydict(rows, schema=NUMBERS.schema)


def numbers(store: Store) -> list[int]:
    return store.query("SELECT n FROM numbers ORDER BY n").column("n").to_pylist()


@pytest.fixture
def store(tmp_path: Path):
    opened = Store(tmp_path, [NUMBERS], ZONE)
    yield opened
    opened.close()


def test_sealed_and_fresh_rows_can_be_joined(store: Store) -> None:
    """A join hands what it learns of one side down to the scans of the other, in all its parts."""
    words = ["some", "others"] * 1_000
    rows = {"n": list(range(2_000)), "word": words}
    store.append(NUMBERS, pa.RecordBatch.from_pydict(rows, schema=NUMBERS.schema))
    store.freeze()
    store.seal(1)
    store.append(NUMBERS, batch(2_000))
    found = store.query(
        "WITH often AS (SELECT word, count(*) AS times FROM numbers GROUP BY word "
        "ORDER BY times DESC, word LIMIT 50) "
        "SELECT word, times FROM numbers JOIN often USING (word) WHERE n % greatest(1, times) = 0"
    )
    assert sorted(found.to_pylist(), key=str) == [
        *[{"word": "2000", "times": 1}],
        *[{"word": "some", "times": 1_000}] * 2,
    ]


def test_an_empty_table_can_be_asked(store: Store) -> None:
    assert numbers(store) == []
    assert store.rows(NUMBERS) == 0


@given(steps=st.lists(st.sampled_from(["append", "seal", "compact", "reopen"]), max_size=40))
@settings(max_examples=25, deadline=None)
def test_what_was_sealed_is_there_once_and_the_rest_is_told(
    steps: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("pool")
    store, appended, sealed = Store(folder, [NUMBERS], ZONE), 0, 0
    for step in steps:
        if step == "append":
            store.append(NUMBERS, batch(appended))
            appended += 1
        elif step == "seal":
            store.freeze()
            store.seal(appended)
            sealed = appended
        elif step == "compact":
            while store.compact():
                pass
        else:
            # As after a kill: nothing was closed in order, the tail is gone, the position tells.
            store.close()
            store = Store(folder, [NUMBERS], ZONE)
            assert store.sealed == sealed
            appended = sealed
        assert numbers(store) == list(range(appended))
        assert store.rows(NUMBERS) == appended
    store.close()


def test_rows_between_freeze_and_seal_stay_readable(store: Store) -> None:
    store.append(NUMBERS, batch(1))
    store.freeze()
    store.append(NUMBERS, batch(2))
    assert numbers(store) == [1, 2]
    store.seal(1)
    assert numbers(store) == [1, 2]
    assert store.fresh_rows(NUMBERS) == 1


def test_blocks_are_sorted_and_readable_with_any_tool(store: Store, tmp_path: Path) -> None:
    store.append(NUMBERS, batch(*np.random.default_rng(1).permutation(1000).tolist()))
    store.freeze()
    store.seal(1)
    (file,) = (tmp_path / "blocks").iterdir()
    assert pq.read_table(file).column("n").to_pylist() == list(range(1000))


def test_compaction_keeps_old_files_for_those_who_read_them(store: Store, tmp_path: Path) -> None:
    for n in range(8):
        store.append(NUMBERS, batch(n))
        store.freeze()
        store.seal(n)
    with store.reader() as cursor:
        assert store.compact()
        assert cursor.execute("SELECT count(*) FROM numbers").fetchone() == (8,)
    assert len(list((tmp_path / "blocks").iterdir())) == 1
    assert numbers(store) == list(range(8))


def test_a_seal_that_fails_commits_nothing_and_can_be_tried_again(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.append(NUMBERS, batch(1, 2))
    store.freeze()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("hotspring.durable.os.fsync", full)
        with pytest.raises(OSError, match="No space"):
            store.seal(5)
    assert store.sealed == 0
    assert numbers(store) == [1, 2]
    store.seal(5)
    assert store.sealed == 5
    assert numbers(store) == [1, 2]


def test_what_a_killed_seal_left_behind_is_removed(tmp_path: Path) -> None:
    store = Store(tmp_path, [NUMBERS], ZONE)
    store.append(NUMBERS, batch(1))
    store.freeze()
    store.seal(1)
    store.close()
    stray = tmp_path / "blocks" / "numbers-00000099.parquet"
    stray.write_bytes(b"half a block")
    os.makedirs(tmp_path / "snapshots" / "00000098")
    reopened = Store(tmp_path, [NUMBERS], ZONE)
    assert numbers(reopened) == [1]
    assert not stray.exists()
    assert not list((tmp_path / "snapshots").iterdir())
    reopened.close()


def test_snapshots_replace_each_other(store: Store, tmp_path: Path) -> None:
    assert store.load() == (0, {})
    with pytest.raises(ValueError, match="seal up to 3"):
        store.save(3, {})
    store.freeze()
    store.seal(7)
    store.save(3, {"who": {"a": np.arange(3)}})
    store.save(7, {"who": {"a": np.arange(4)}, "heat": {"b": np.zeros(2)}})
    position, states = store.load()
    assert position == 7
    assert states["who"]["a"].tolist() == [0, 1, 2, 3]
    assert states["heat"]["b"].tolist() == [0.0, 0.0]
    assert len(list((tmp_path / "snapshots").iterdir())) == 1


def test_a_manifest_of_a_later_version_is_refused(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text(json.dumps({"format": 99}))
    with pytest.raises(FolderError, match="newer version"):
        Store(tmp_path, [NUMBERS], ZONE)


def test_a_damaged_manifest_is_named(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text("{")
    with pytest.raises(FolderError, match=r"manifest\.json"):
        Store(tmp_path, [NUMBERS], ZONE)


def test_a_pool_keeps_its_zone(tmp_path: Path) -> None:
    store = Store(tmp_path, [NUMBERS], ZONE)
    store.freeze()
    store.seal(1)
    store.close()
    with pytest.raises(FolderError, match="Asia/Shanghai"):
        Store(tmp_path, [NUMBERS], "Europe/Paris")


def test_readers_see_one_moment_while_rows_come(store: Store) -> None:
    stop = threading.Event()

    def write() -> None:
        n = 0
        while not stop.is_set():
            store.append(NUMBERS, batch(n, n + 1))
            n += 2
            if n % 200 == 0:
                store.freeze()
                store.seal(n)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(30):
            with store.reader() as cursor:
                first = cursor.execute("SELECT count(*), max(n) FROM numbers").fetchone()
                again = cursor.execute("SELECT count(*), max(n) FROM numbers").fetchone()
            assert first == again
            assert first[0] % 2 == 0
    finally:
        stop.set()
        writer.join()


def test_a_folder_with_a_quote_in_its_name_works(tmp_path: Path) -> None:
    folder = tmp_path / "it's a pool"
    folder.mkdir()
    store = Store(folder, [NUMBERS], ZONE)
    store.append(NUMBERS, batch(1))
    store.freeze()
    store.seal(1)
    assert numbers(store) == [1]
    store.close()


def test_a_column_that_came_later_is_null_in_older_rows(tmp_path: Path) -> None:
    fields = [*NUMBERS.schema, pa.field("late", pa.int32())]
    later = Table("numbers", "tests", pa.schema(fields), NUMBERS.order)
    store = Store(tmp_path, [NUMBERS], ZONE)
    for number in range(8):
        store.append(NUMBERS, batch(number))
        store.freeze()
        store.seal(number + 1)
    store.close()

    def late(store: Store) -> list[tuple[int, int | None]]:
        rows = store.query("SELECT n, late FROM numbers ORDER BY n").to_pylist()
        return [(row["n"], row["late"]) for row in rows]

    older = [(number, None) for number in range(8)]
    store = Store(tmp_path, [later], ZONE)
    row = pa.RecordBatch.from_pydict({"n": [8], "word": ["8"], "late": [1]}, schema=later.schema)
    assert late(store) == older
    store.append(later, row)
    assert late(store) == [*older, (8, 1)]
    store.freeze()
    store.seal(9)
    assert late(store) == [*older, (8, 1)]
    assert store.compact()
    assert late(store) == [*older, (8, 1)]
    store.close()
    store = Store(tmp_path, [later], ZONE)
    assert late(store) == [*older, (8, 1)]
    store.close()


def test_a_merge_ends_early_for_who_closes_and_its_blocks_stay(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(8):
        store.append(NUMBERS, batch(number))
        store.freeze()
        store.seal(number + 1)
    blocks, merged = store.blocks(), weave.merged

    def hurried(files: Any, table: Any) -> Any:
        for part in merged(files, table):
            yield part
            store.hurry()
            yield part.slice(0, 0)
            raise AssertionError("nobody waits for more")

    monkeypatch.setattr(weave, "merged", hurried)
    assert not store.compact()
    assert store.blocks() == blocks
    assert len(list((store.folder / "blocks").iterdir())) == 8
    assert store.query("SELECT count(*) AS n FROM numbers")["n"].to_pylist() == [8]


def test_what_is_taken_out_or_changed_leaves_the_rest_in_order(store: Store) -> None:
    for start in (0, 100, 200):
        store.append(NUMBERS, batch(*range(start, start + 50)))
        store.freeze()
        store.seal(start + 1)
    untouched = store.blocks()[1]
    store.append(NUMBERS, batch(999, 300))
    store.hide(NUMBERS, pa.table({"n": [3, 300, *range(200, 250)]}))
    store.change(NUMBERS, pa.table({"n": [9, 49], "word": ["nine", "last"]}), "n")
    store.freeze()
    before = store.query("SELECT * FROM numbers ORDER BY n")
    store.rewrite(301, {})
    assert store.query("SELECT * FROM numbers ORDER BY n") == before
    first, second, fresh = store.blocks()
    assert (first.rows, second, fresh.rows) == (49, untouched, 1)
    rows = pq.read_table(store.folder / first.file)
    assert rows["n"].to_pylist() == [n for n in range(50) if n != 3]
    assert (rows["word"][8].as_py(), rows["word"][-1].as_py()) == ("nine", "last")
    assert len(list((store.folder / "blocks").iterdir())) == 3
