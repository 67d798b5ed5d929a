"""Everybody is in exactly one stage, and it is the one that a look at each person gives."""

from __future__ import annotations

import itertools
from collections import Counter

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspring.analytics import Days, Pace, lifecycle

TODAY = 20_370
PEOPLE = 6
STAGES = ("new", "active", "loyal", "sleeping", "lost", "returned", "none")


def stage(ages: list[int], pace: Pace) -> str:
    """By the days since somebody was active, slowly."""
    days = sorted(set(ages))
    if not days:
        return "none"
    if days[0] >= pace.lost:
        return "lost"
    if days[0] >= pace.sleeping:
        return "sleeping"
    pairs = itertools.pairwise(days)
    if any(late <= pace.sleeping and early - late >= pace.sleeping for late, early in pairs):
        return "returned"
    if days[-1] <= pace.new:
        return "new"
    return "loyal" if sum(day < pace.lost for day in days) >= pace.loyal else "active"


@settings(max_examples=150)
@given(
    st.lists(st.tuples(st.integers(0, PEOPLE - 1), st.integers(0, 60)), max_size=40),
    st.builds(
        lambda new, sleeping, more, loyal: Pace(
            new=new, sleeping=sleeping, lost=sleeping + more, loyal=loyal
        ),
        st.integers(1, 20), st.integers(1, 20), st.integers(1, 20), st.integers(1, 5),
    ),
    st.integers(0, 30),
    st.integers(1, 4),
)  # fmt: skip
def test_the_stage_is_what_a_look_at_each_person_gives(
    deeds: list[tuple[int, int]], pace: Pace, back: int, cuts: int
) -> None:
    parts = [
        (np.array([one[0] for one in deeds[at::cuts]], np.int32),
         TODAY - np.array([one[1] for one in deeds[at::cuts]], np.int32))
        for at in range(cuts)
    ]  # fmt: skip
    days = Days(TODAY, parts)
    found, now = (days.stages(np.arange(PEOPLE, dtype=np.int32), pace, at) for at in (back, 0))
    for person in range(PEOPLE):
        ages = [age - back for who, age in deeds if who == person and age >= back]
        assert STAGES[found[person]] == stage(ages, pace)
    went = Counter(
        (STAGES[a], STAGES[b]) for a, b in zip(found.tolist(), now.tolist(), strict=True)
    )
    del went["none", "none"]
    assert {(one.before, one.after): one.profiles for one in lifecycle.moves(found, now)} == dict(
        went
    )


@given(st.lists(st.integers(1, 4_000), max_size=60))
def test_every_gap_stands_in_one_bar(gaps: list[int]) -> None:
    bars = lifecycle.spread(np.array(gaps, np.int64))
    assert sum(bar.gaps for bar in bars) == len(gaps)
    for bar, after in itertools.pairwise(bars):
        assert bar.before == after.least, "one after the other"
    for bar in bars:
        before = 10**9 if bar.before is None else bar.before
        assert bar.gaps == sum(bar.least <= gap < before for gap in gaps)
    assert len(bars) <= 41


def test_the_pace_follows_from_the_gaps() -> None:
    number = TODAY - np.cumsum([0, *[7] * 30, *[14] * 10, *[21] * 10])
    days = Days(TODAY, [(np.zeros(len(number), np.int32), number)])
    pace = days.suggested()
    assert sorted(days.gaps().tolist())[::10] == [7, 7, 7, 14, 21]
    assert (pace.new, pace.sleeping, pace.lost) == (14, 24, 35), "14 + 1.5 and 3 times 14 - 7"
    assert Days(TODAY, []).suggested() == Pace(), "from nothing the usual one"
