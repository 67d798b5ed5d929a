"""Duplicates and conflicts are decided in order, within the window, exactly."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspring.pipeline.seen import CONFLICT, DUPLICATE, NEW, Seen

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


@given(rows=EVENTS, cut=st.integers(0, 80))
@settings(deadline=None)
def test_it_agrees_with_a_dictionary_however_it_is_batched(
    rows: list[tuple[int, int, int, bool]], cut: int
) -> None:
    # Receipt only ever goes forward in the journal.
    rows = sorted(rows, key=lambda row: row[2])
    seen = Seen(days=7)
    assert judge(seen, rows[:cut]) + judge(seen, rows[cut:]) == reference(rows, 7)


def test_it_grows_and_forgets_what_left_the_window() -> None:
    seen = Seen(days=7)
    keys = np.arange(1, 400_001, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    for day in range(0, 40, 2):
        part = keys[day * 10_000 : (day + 2) * 10_000]
        received = np.full(len(part), day * DAY, np.int64)
        verdicts = seen.judge(part, part.astype(np.int64), received, np.zeros(len(part), bool))
        assert not verdicts.any()
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
