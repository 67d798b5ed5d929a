"""Duplicates and conflicts are decided in order, within the window, exactly."""

from __future__ import annotations

import itertools
import shutil
import tempfile
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspring.seen import CONFLICT, DUPLICATE, NEW, Ids, Seen, each_once

DAY = 86_400
EVENTS = st.lists(
    st.tuples(
        st.integers(1, 30),  # key
        st.integers(0, 2),  # content
        st.integers(0, 20),  # days until it arrived
        st.booleans(),  # from a file
    ),
    max_size=80,
)


def judge(seen: Seen, rows: list[tuple[int, int, int, bool]]) -> list[int]:
    return seen.judge(
        np.array([row[0] for row in rows], np.uint64),
        np.array([row[1] for row in rows], np.int64),
        np.array([row[2] * DAY for row in rows], np.int64),
        np.array([row[3] for row in rows], bool),
    ).tolist()


def reference(rows: list[tuple[int, int, int, bool]], days: int) -> list[int]:
    known: dict[int, tuple[int, int | None]] = {}
    verdicts = []
    for key, content, day, imported in rows:
        before = known.get(key)
        if before is None or not (before[1] is None or imported or day - before[1] <= days):
            known[key] = (content, None if imported else day)
            verdicts.append(NEW)
        else:
            verdicts.append(DUPLICATE if before[0] == content else CONFLICT)
    return verdicts


@given(
    rows=EVENTS,
    cuts=st.lists(st.integers(1, 80), max_size=10),
    spread=st.sampled_from((1, 0x9E3779B97F4A7C15)),
    kept=st.booleans(),
)
@settings(deadline=None, max_examples=30)
def test_it_agrees_with_a_dictionary_however_it_is_batched_frozen_and_reopened(
    rows: list[tuple[int, int, int, bool]], cuts: list[int], spread: int, kept: bool
) -> None:
    # Receipt only ever goes forward in the journal.
    rows = sorted(rows, key=lambda row: row[2])
    rows = [(key * spread % 2**64, *more) for key, *more in rows]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) if kept else None
        seen = Seen(days=7, folder=folder, fresh=2)
        told: list[int] = []
        ends = [*sorted(set(cuts)), len(rows)]
        for position, (start, end) in enumerate(itertools.pairwise([0, *ends]), 1):
            told += judge(seen, rows[start:end])
            if seen.full:
                seen.freeze(position)
                seen.write()
                seen.compact(position)
                if folder and position % 3 == 0:
                    seen = Seen(days=7, folder=folder, fresh=2)
                    assert seen.open(position) == position
        assert told == reference(rows, 7)


def test_ids_from_after_the_snapshot_are_forgotten_and_those_before_it_are_not(
    tmp_path: Path,
) -> None:
    seen = Seen(days=7, folder=tmp_path, fresh=1)
    for position in range(1, 5):
        assert judge(seen, [(position << 60, 1, 0, False)]) == [NEW]
        seen.freeze(position)
    seen.write()
    again = Seen(days=7, folder=tmp_path, fresh=1)
    assert again.open(3) == 3
    rows = [(position << 60, 1, 0, False) for position in range(1, 5)]
    assert judge(again, rows) == [DUPLICATE, DUPLICATE, DUPLICATE, NEW]
    assert len(list(tmp_path.iterdir())) == 3
    # A run that is gone takes those after it along: what is told is what is there.
    shutil.rmtree(sorted(tmp_path.iterdir())[1])
    assert Seen(days=7, folder=tmp_path, fresh=1).open(3) == 1


def test_merging_that_was_cut_off_is_done_again(tmp_path: Path) -> None:
    seen = Seen(days=7, folder=tmp_path, fresh=1)
    for position in range(1, 9):
        judge(seen, [(position << 59, 1, 0, False)])
        seen.freeze(position)
    seen.write()
    shutil.copytree(tmp_path, tmp_path.parent / "before")
    (tmp_path.parent / "before" / "0000000000000000-0000000000000008.part").mkdir()
    seen.compact(8)
    assert [one.name for one in tmp_path.iterdir()] == ["0000000000000000-0000000000000008"]
    # Killed between the new run and the removal of the old ones, or before it was whole.
    for folder in (tmp_path, tmp_path.parent / "before"):
        again = Seen(days=7, folder=folder, fresh=1)
        assert again.open(8) == 8
        assert judge(again, [(3 << 59, 1, 0, False), (3 << 59, 2, 0, False)]) == [
            DUPLICATE,
            CONFLICT,
        ]
    for place in (tmp_path.parent / "before").iterdir():
        shutil.copytree(place, tmp_path / place.name)
    assert Seen(days=7, folder=tmp_path, fresh=1).open(8) == 8
    assert len(list(tmp_path.iterdir())) == 1


def test_two_ids_of_one_tag_are_told_apart() -> None:
    seen = Seen(days=7, fresh=1)
    assert judge(seen, [(1 << 63 | 5, 1, 0, False)]) == [NEW]
    seen.freeze(1)
    near = (1 << 63) + (1 << 40) + 5
    assert judge(seen, [(near, 1, 0, False)]) == [NEW]
    assert judge(seen, [(near, 1, 0, False), (1 << 63 | 5, 2, 0, False)]) == [DUPLICATE, CONFLICT]


def test_of_an_id_only_the_latest_counts() -> None:
    def ids(*rows: tuple[int, int, int]) -> Ids:
        keys, contents, times = zip(*rows, strict=True)
        return Ids(
            np.array(keys, np.uint64), np.array(contents, np.int64), np.array(times, np.uint32)
        )

    parts = [ids((1, 1, 1), (2, 2, 2)), ids((2, 3, 3)), ids((2, 4, 4), (3, 5, 5))]
    rows = [row for part in each_once(parts) for row in zip(*map(list, part), strict=True)]
    assert rows == [(1, 1, 1), (2, 4, 4), (3, 5, 5)]


def test_it_grows_and_forgets_what_left_the_window(tmp_path: Path) -> None:
    seen = Seen(days=7, folder=tmp_path, fresh=20_000)
    keys = np.arange(1, 400_001, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    for day in range(0, 40, 2):
        part = keys[day * 10_000 : (day + 2) * 10_000]
        received = np.full(len(part), day * DAY, np.int64)
        verdicts = seen.judge(part, part.astype(np.int64), received, np.zeros(len(part), bool))
        assert not verdicts.any()
        seen.freeze(day + 1)
        seen.write()
        seen.compact(day + 1)
    assert seen.count < 250_000
    last = keys[-100:]
    again = seen.judge(
        last, last.astype(np.int64), np.full(100, 39 * DAY, np.int64), np.zeros(100, bool)
    )
    assert (again == DUPLICATE).all()


def test_what_came_from_a_file_is_known_on_any_later_day() -> None:
    seen = Seen(days=7)
    assert judge(seen, [(1, 1, 0, True)]) == [NEW]
    assert judge(seen, [(1, 1, 9_000, True)]) == [DUPLICATE]
