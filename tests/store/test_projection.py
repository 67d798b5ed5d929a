"""Projections: whoever reads sees the same rows with them, without them, and with a bad one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from hotspring.store import Store, Table, ordered, projection

SCHEMA = pa.schema(
    [
        ("seq", pa.int64()), ("who", pa.int32()), ("ms", pa.int64()), ("name", pa.string()),
        ("marks", pa.int32()), ("text", pa.string()), ("amount", pa.float64()),
    ]
)  # fmt: skip
SCHEMA = SCHEMA.set(1, pa.field("origin_id", pa.int32()))
DEEDS = Table(
    "deeds", "tests", SCHEMA, ("origin_id", "ms", "seq"),
    projected=("origin_id", "ms", "marks", "name"),
)  # fmt: skip
OTHER = Table("other", "tests", SCHEMA, ("origin_id", "ms", "seq"))


class Everyone:
    """Each subject is its own owner."""

    slot = np.arange(5, dtype=np.int32)
    span = np.full(5, -1, np.int32)
    holders = np.empty(0, np.int64)

    def profile_of(self, origin_ids: np.ndarray, ms: np.ndarray) -> np.ndarray:
        return self.slot[origin_ids]


def deeds(seqs: range, names: int = 3) -> pa.RecordBatch:
    rows = [
        {"seq": n, "origin_id": n * 7 % 5, "ms": n * 13 % 17, "name": f"deed {n % names}",
         "marks": n % 2, "text": f"said {n}", "amount": n / 4}
        for n in seqs
    ]  # fmt: skip
    return pa.RecordBatch.from_pylist(rows, SCHEMA)


def seal(store: Store, seqs: range, names: int = 3) -> None:
    store.append(DEEDS, deeds(seqs, names))
    store.freeze()
    store.seal(seqs.stop)


def told(store: Store) -> list[Any]:
    """Everything that whole columns are read by, some of it from projections and some not."""
    words = {"name": ["deed 1", "deed 2"]}
    found: list[Any] = []
    for columns, which in (
        (["name"], {}),
        (["name", "seq", "amount"], {"named": ["name"], "without": {"marks": 1}}),
        (["marks"], {"period": (3, 11)}),
        (["name"], {"until": 20}),
    ):
        rows: list[Any] = []
        for part in store.columns.ordered(DEEDS, columns, words, Everyone(), **which):
            kept = [part.columns[name].tolist() for name in columns]
            rows += zip(part.slot.tolist(), part.ms.tolist(), *kept, strict=True)
        found.append(sorted(rows))
    for columns in (["name", "origin_id", "marks"], ["text", "name"]):
        batches = store.columns.scan(DEEDS, columns, words=["name"])
        lines = [row for batch in batches for row in batch.to_pylist()]
        found.append(sorted(map(str, lines)))
    return found


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Any:
    numbers = iter(range(1_000_000))
    root = tmp_path_factory.mktemp("projections")
    return lambda: root / f"{next(numbers)}"


STEPS = st.sampled_from(["append", "seal", "project", "compact", "erase", "reopen"])


@given(steps=st.lists(STEPS, max_size=25), seed=st.integers(0, 9))
@settings(max_examples=20, deadline=None, phases=[Phase.explicit, Phase.generate])
def test_rows_are_the_same_with_projections_without_and_with_one_cut_short(
    folders: Any, steps: list[str], seed: int
) -> None:
    folder, random, at = folders(), np.random.default_rng(seed), 0
    store = Store(folder, [DEEDS], "UTC")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ordered, "PORTION", 10)
        for step in [*steps, "append", "seal", "project"]:
            if step == "append":
                many = int(random.integers(1, 30))
                store.append(DEEDS, deeds(range(at, at + many)))
                at += many
            elif step == "seal":
                store.freeze()
                store.seal(at)
            elif step == "project":
                while store.project():
                    pass
            elif step == "compact":
                store.compact()
            elif step == "erase":
                gone = pa.array(random.integers(0, at + 1, 3), pa.int64())
                rows = store.query("SELECT seq FROM deeds").column("seq")
                there = [n for n in dict.fromkeys(gone.to_pylist()) if n in rows.to_pylist()]
                store.hide(DEEDS, pa.table({"seq": pa.array(there, pa.int64())}))
                store.freeze()
                store.rewrite(at, {})
            else:
                store.close()
                store = Store(folder, [DEEDS], "UTC")
        made = sorted((folder / "projections").iterdir())
        assert len(made) == len(store.blocks())
        with_all = told(store)
        assert Store.examine(folder).projections == []
        cut = made[int(random.integers(len(made)))]
        cut.write_bytes(cut.read_bytes()[: int(random.integers(0, cut.stat().st_size))])
        assert told(store) == with_all
        (line,) = Store.examine(folder).projections
        assert cut.name in line
        assert store.project()
        assert not store.project()
        assert Store.examine(folder).projections == []
        for file in made:
            file.unlink()
        assert told(store) == with_all
    store.close()


def test_a_projection_is_told_that_says_something_else(tmp_path: Path) -> None:
    store = Store(tmp_path, [DEEDS], "UTC")
    for start in (0, 50):
        seal(store, range(start, start + 50))
    while store.project():
        pass
    one, other = sorted((tmp_path / "projections").iterdir())
    one.write_bytes(other.read_bytes())
    (line,) = Store.examine(tmp_path).projections
    assert one.name in line
    store.close()


def test_a_projection_goes_with_its_block_and_not_before_its_readers(tmp_path: Path) -> None:
    store = Store(tmp_path, [DEEDS, OTHER], "UTC")
    for start in range(0, 80, 10):
        seal(store, range(start, start + 10))
    while store.project():
        pass
    with store.reader():
        assert store.compact()
        assert len(list((tmp_path / "projections").iterdir())) == 8
        assert len(store.retired) == 16
    assert list((tmp_path / "projections").iterdir()) == []
    assert store.project()
    store.append(OTHER, deeds(range(3)))
    store.freeze()
    store.seal(81)
    assert not store.project(), "the other table declares none"
    store.close()


def test_what_a_killed_process_left_goes_and_the_rest_stays(tmp_path: Path) -> None:
    store = Store(tmp_path, [DEEDS], "UTC")
    seal(store, range(10))
    assert store.project()
    (made,) = (tmp_path / "projections").iterdir()
    store.close()
    draft = made.with_name(f"{made.name}.new")
    draft.write_bytes(made.read_bytes()[:99])
    stray = made.with_name("deeds-00000099-00000000.arrow")
    stray.write_bytes(made.read_bytes())
    assert Store.examine(tmp_path).strays == [
        f"projections/{name}" for name in sorted([draft.name, stray.name])
    ]
    Store(tmp_path, [DEEDS], "UTC").close()
    assert list((tmp_path / "projections").iterdir()) == [made]


def test_a_full_disk_leaves_no_half_of_one_and_it_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(tmp_path, [DEEDS], "UTC")
    seal(store, range(10))
    without = told(store)

    def full(*_: Any) -> pa.RecordBatch:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(projection, "_batch", full)
        with pytest.raises(OSError, match="No space"):
            store.project()
    assert list((tmp_path / "projections").iterdir()) == []
    assert told(store) == without
    assert store.project()
    assert told(store) == without
    store.close()


def test_who_closes_does_not_wait_for_one(tmp_path: Path) -> None:
    store = Store(tmp_path, [DEEDS], "UTC")
    seal(store, range(10))
    store.hurry()
    assert not store.project()
    assert list((tmp_path / "projections").iterdir()) == []
    store.close()


def test_columns_of_many_values_or_of_none_are_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(projection, "MOST_WORDS", 4)
    store = Store(tmp_path, [DEEDS], "UTC")
    seal(store, range(60), names=5)
    without = told(store)
    assert store.project()
    (made,) = (tmp_path / "projections").iterdir()
    assert pa.ipc.open_file(made).schema.names == ["origin_id", "ms", "marks"]
    assert told(store) == without
    (block,) = (tmp_path / "blocks").iterdir()
    rows = pq.read_table(block)
    rows = rows.set_column(3, "name", pa.nulls(len(rows), pa.string()))
    pq.write_table(rows.drop_columns("marks"), block)
    projection.write(made, block, DEEDS, lambda: False)
    assert pa.ipc.open_file(made).schema.names == ["origin_id", "ms"]
    store.close()


def test_more_words_than_a_byte_tells_apart(tmp_path: Path) -> None:
    store = Store(tmp_path, [DEEDS], "UTC")
    seal(store, range(900), names=300)
    without = told(store)
    assert store.project()
    (made,) = (tmp_path / "projections").iterdir()
    assert pa.ipc.open_file(made).schema.field("name").type.index_type == pa.uint16()
    assert told(store) == without
    store.close()
