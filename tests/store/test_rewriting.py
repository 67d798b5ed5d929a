"""Rows that must go are hidden at once, and then stand in no file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hotspring.store import Store, Table

NAMES = Table(
    "names",
    "tests",
    pa.schema([pa.field("id", pa.int64(), nullable=False), pa.field("text", pa.string())]),
    ("id",),
)
OTHER = Table("other", "tests", NAMES.schema, ("id",))


def add(store: Store, table: Table, ids: range) -> None:
    texts = [f"text {i}" for i in ids]
    store.append(table, pa.RecordBatch.from_pydict({"id": ids, "text": texts}, NAMES.schema))


def texts(store: Store, table: str = "names") -> list[str]:
    found: list[str] = store.query(f"SELECT text FROM {table} ORDER BY id")["text"].to_pylist()
    return found


def test_hidden_rows_leave_blocks_tail_and_snapshot_in_one_commit(tmp_path: Path) -> None:
    store = Store(tmp_path, (NAMES, OTHER), "UTC")
    for start in (0, 10, 20):
        add(store, NAMES, range(start, start + 10))
        add(store, OTHER, range(start, start + 10))
        if start < 20:
            store.freeze()
            store.seal(start + 1)
    store.save(11, {"room": {"a": np.arange(3)}})
    before = {block.file for block in store.blocks()}
    store.hide(NAMES, pa.table({"id": [3, 4, 25]}))
    store.change(NAMES, pa.table({"id": [5, 26], "text": ["five", "more"]}), "id")
    expected = [f"text {i}" for i in range(30) if i not in (3, 4, 25)]
    expected = [{"text 5": "five", "text 26": "more"}.get(text, text) for text in expected]
    assert texts(store) == expected
    assert store.rows(NAMES) == 27
    with pytest.raises(ValueError, match="rewrite"):
        store.seal(30)
    with pytest.raises(ValueError, match="rewrite"):
        store.save(11, {})
    store.freeze()
    add(store, NAMES, range(30, 32))
    store.hide(NAMES, pa.table({"id": [31]}))
    gone = pa.table({"id": pa.array([0, 29], pa.int64())})
    store.rewrite(30, {"room": {"a": np.arange(4)}}, [(OTHER, gone)])
    assert texts(store) == [*expected, "text 30"]
    assert len(texts(store, "other")) == 28
    assert (store.sealed, store.retired) == (30, [])
    assert store.load()[1]["room"]["a"].tolist() == [0, 1, 2, 3]
    kept = {block.file for block in store.blocks()} & before
    assert len(kept) == 2, "blocks without such rows stay as they are"
    files = [
        pq.read_table(path).column("text").to_pylist() for path in tmp_path.rglob("names-*.parquet")
    ]
    assert not {"text 3", "text 4", "text 25", "text 5", "text 26"} & {t for f in files for t in f}
    store.close()
    again = Store(tmp_path, (NAMES, OTHER), "UTC")
    assert texts(again) == expected
    again.close()
