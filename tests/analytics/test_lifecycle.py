"""Everybody is in exactly one stage, and it is the one that a look at each person gives."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspring.analytics import Days, Pace

DAY = 86_400_000
AT = 1_760_000_000_000
PEOPLE = 6
STAGES = ("new", "active", "loyal", "sleeping", "lost", "returned")


def stage(ages: list[int], pace: Pace) -> str:
    """By the days since somebody was active, slowly."""
    days = sorted(set(ages))
    if not days or days[0] >= pace.lost:
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
    st.lists(st.tuples(st.integers(0, PEOPLE - 1), st.integers(0, 60 * DAY)), max_size=40),
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
         AT - np.array([one[1] for one in deeds[at::cuts]], np.int64))
        for at in range(cuts)
    ]  # fmt: skip
    found = Days(AT, parts).stages(np.arange(PEOPLE, dtype=np.int32), pace, back)
    for person in range(PEOPLE):
        ages = [age // DAY - back for who, age in deeds if who == person and age // DAY >= back]
        assert STAGES[found[person]] == stage(ages, pace)


def test_the_pace_follows_from_the_gaps() -> None:
    ms = AT - np.cumsum([0, *[7] * 30, *[14] * 10, *[21] * 10]) * DAY
    days = Days(AT, [(np.zeros(len(ms), np.int32), ms)])
    pace = days.suggested()
    assert sorted(days.gaps().tolist())[::10] == [7, 7, 7, 14, 21]
    assert (pace.new, pace.sleeping, pace.lost) == (14, 24, 35), "14 + 1.5 and 3 times 14 - 7"
    assert Days(AT, []).suggested() == Pace(), "from nothing the usual one"
