"""Rows by owner and time: of blocks, of memory, of owners with several subjects and devices."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from hotspring.store import Store, Table, ordered

SCHEMA = pa.schema(
    [
        ("seq", pa.int64()), ("origin_id", pa.int32()), ("ms", pa.int64()), ("name", pa.string()),
        ("amount", pa.float64()), ("marks", pa.int32()),
    ]
)  # fmt: skip
TABLE = Table(name="deeds", owner="tests", schema=SCHEMA, order=("origin_id", "ms", "seq"))
NAMES = ("view", "buy", "other")
WORDS = {"name": ("buy", "view")}


class Owned(NamedTuple):
    """Subjects of slots; subject 0 is a device that two slots hold by turns."""

    slot: np.ndarray
    span: np.ndarray
    holders: np.ndarray
    turn: int

    def profile_of(self, origin_ids: np.ndarray, ms: np.ndarray) -> np.ndarray:
        held = np.where(ms < self.turn, self.slot[self.holders[0]], self.slot[self.holders[1]])
        return np.where(self.span[origin_ids] < 0, self.slot[origin_ids], held).astype(np.int32)


def owned(slots: list[int], shared: bool) -> Owned:
    span = np.full(len(slots), -1, np.int32)
    span[0] = 0 if shared else -1
    return Owned(np.array(slots, np.int32), span, np.array([1, 2], np.int32), turn=50)


def batch(rows: list[tuple[int, int, int]]) -> pa.RecordBatch:
    seq, origin, ms = (list(column) for column in zip(*rows, strict=True))
    names = [NAMES[n % 3] for n in seq]
    columns = [seq, origin, ms, names, [float(n) for n in seq], [n % 4 for n in seq]]
    arrays = [pa.array(c, f.type) for c, f in zip(columns, SCHEMA, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=SCHEMA)


def expected(rows: list[tuple[int, int, int]], owners: Owned, until: int) -> dict[int, list[tuple]]:
    found: dict[int, list[tuple[int, int, int]]] = {}
    for seq, origin, ms in rows:
        if seq < until:
            slot = int(owners.profile_of(np.array([origin]), np.array([ms]))[0])
            found.setdefault(slot, []).append((ms, origin, seq))
    return {slot: [(ms, seq) for ms, _, seq in sorted(deeds)] for slot, deeds in found.items()}


def came(store: Store, owners: Owned, until: int, **which: Any) -> dict[int, list[tuple]]:
    found: dict[int, list[tuple[int, int]]] = {}
    columns = ["seq", "name", "amount"]
    for part in store.columns.ordered(TABLE, columns, WORDS, owners, until, **which):
        seqs = part.columns["seq"]
        codes = [{"buy": 0, "view": 1, "other": 2}[NAMES[seq % 3]] for seq in seqs.tolist()]
        assert part.columns["name"].tolist() == codes
        assert part.columns["amount"].tolist() == seqs.tolist()
        edges = np.flatnonzero(np.append(True, np.diff(part.slot) != 0)).tolist()
        for start, end in zip(edges, [*edges[1:], len(seqs)], strict=True):
            slot = int(part.slot[start])
            assert slot not in found, "an owner came twice"
            ms = part.ms[start:end].tolist()
            found[slot] = list(zip(ms, seqs[start:end].tolist(), strict=True))
    return found


def test_rows_that_are_not_wanted_are_left_out(tmp_path: Path) -> None:
    random = np.random.default_rng(5)
    rows = [(seq, int(random.integers(0, 8)), int(random.integers(0, 99))) for seq in range(900)]
    owners = owned([0, 1, 2, 2, 3, 4, 4, 5], shared=True)
    store = Store(tmp_path, [TABLE], "UTC")
    # The second block lies before the period as a whole.
    early = [(seq, origin, ms % 10) for seq, origin, ms in rows[300:600]]
    # The third has no marks at all.
    plain = [(seq * 4, origin, ms) for seq, origin, ms in rows[600:700]]
    later = [(seq + 4_000, origin, ms) for seq, origin, ms in rows[700:]]
    parts = [rows[:300], early, plain, later]
    for number, part in enumerate(parts):
        store.append(TABLE, batch(part))
        if number < 3:
            store.freeze()
            store.seal(number + 1)
    every = [row for part in parts for row in part]
    wanted = [row for row in every if 20 <= row[2] < 70 and row[0] % 3 != 2 and not row[0] & 2]
    which = {"period": (20, 70), "named": ["name"], "without": {"marks": 2}}
    assert came(store, owners, 10**9, **which) == expected(wanted, owners, 10**9)
    wanted = [row for row in every if not row[0] & 3]
    assert came(store, owners, 10**9, without={"marks": 3}) == expected(wanted, owners, 10**9)
    nobody = came(store, owners, 10**9, period=(500, 600))
    assert nobody == {}
    store.close()


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory):
    numbers = iter(range(1_000_000))
    root = tmp_path_factory.mktemp("ordered")
    return lambda: root / f"{next(numbers)}"


DEEDS = st.lists(st.tuples(st.integers(0, 7), st.integers(0, 99)), max_size=60)


@given(
    deeds=DEEDS,
    slots=st.lists(st.integers(0, 4), min_size=8, max_size=8),
    cuts=st.lists(st.integers(0, 60), max_size=4),
    shared=st.booleans(),
    until=st.sampled_from([1_000, 40]),
    portion=st.sampled_from([1, 7, 500_000]),
)
@settings(max_examples=30, deadline=None, phases=[Phase.explicit, Phase.generate])
def test_every_owner_comes_once_in_order(
    folders, deeds, slots, cuts, shared, until, portion
) -> None:
    rows = [(seq, origin, ms) for seq, (origin, ms) in enumerate(deeds)]
    owners = owned(slots, shared)
    store = Store(folders(), [TABLE], "UTC")
    places = sorted({0, len(rows), *(cut % (len(rows) + 1) for cut in cuts)})
    for number, (a, b) in enumerate(itertools.pairwise(places)):
        store.append(TABLE, batch(rows[a:b]))
        if b < len(rows):
            store.freeze()
            store.seal(number + 1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ordered, "PORTION", portion)
        assert came(store, owners, until) == expected(rows, owners, until)
        assert came(store, owners, until) == expected(rows, owners, until)
        gone = rows[len(rows) // 3 : len(rows) // 2]
        if gone:
            store.hide(TABLE, pa.table({"seq": pa.array([row[0] for row in gone], pa.int64())}))
            left = [row for row in rows if row not in gone]
            assert came(store, owners, until) == expected(left, owners, until)
    store.close()


def test_blocks_of_many_row_groups_are_cut_between_subjects(tmp_path: Path) -> None:
    random = np.random.default_rng(3)
    count = 300_000
    origin = np.minimum(random.geometric(0.001, count), 9_999)
    origin[:70_000] = 7
    ms = random.integers(0, 1_000_000, count)
    rows = list(zip(range(count), origin.tolist(), ms.tolist(), strict=True))
    slots = np.arange(10_000)
    slots[100:200] = slots[300:400]
    owners = owned(slots.tolist(), shared=False)
    store = Store(tmp_path, [TABLE], "UTC")
    for number, cut in enumerate((0, 200_000, 290_000)):
        store.append(TABLE, batch(rows[cut : (200_000, 290_000, count)[number]]))
        if number < 2:
            store.freeze()
            store.seal(number + 1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ordered, "PORTION", 20_000)
        assert came(store, owners, 10**9) == expected(rows, owners, 10**9)
    store.close()
