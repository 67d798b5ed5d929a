"""Standings: named by identifiers that stay, told as moves that fold back, and held by grace."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspring.tiers import standing

TIERS = 3
LOOKS = st.lists(
    st.dictionaries(st.integers(0, 6), st.integers(0, TIERS - 1), max_size=7),
    min_size=1, max_size=6,
)  # fmt: skip


def record(people: dict[int, int]) -> standing.Record:
    ids = np.array(list(people), np.int32)
    return standing.Record.of(ids, np.array(list(people.values()), np.int8))


@settings(max_examples=60)
@given(LOOKS)
def test_moves_fold_back_to_who_stands_where(looks: list[dict[int, int]]) -> None:
    before, inside = record({}), [np.empty(0, np.int32) for _ in range(TIERS)]
    for people in looks:
        after = record(people)
        for tier, (entered, left) in standing.moved(before, after, TIERS).items():
            assert len(entered) or len(left)
            inside[tier] = np.union1d(np.setdiff1d(inside[tier], left), entered).astype(np.int32)
        folded = standing.Record.folded(inside)
        assert dict(zip(folded.ids.tolist(), folded.codes.tolist(), strict=True)) == people
        before = after


@settings(max_examples=60)
@given(LOOKS, st.integers(0, 5))
def test_grace_holds_the_highest_tier_of_its_looks(looks: Any, grace: int) -> None:
    """Each look is a day; who left a tier at most so many days ago holds it still."""
    before, fallen = record({}), list[tuple[int, Any, int]]()
    for day, people in enumerate(looks):
        after = record(people)
        for tier, (_, left) in standing.moved(before, after, TIERS).items():
            fallen.append((day, left, tier))
        before = after
    last = len(looks) - 1
    stood = [(before.ids, before.codes)]
    stood += [
        (left, np.full(len(left), tier, np.int8))
        for day, left, tier in fallen
        if day > last - grace
    ]
    held = standing.highest(8, *stood).tolist()
    for person in range(8):
        seen = [look[person] for look in looks[max(0, last - grace) :] if person in look]
        assert held[person] == max(seen, default=-1)


def test_who_is_joined_or_parted_keeps_a_name() -> None:
    before = record({10: 2, 20: 0, 30: 1})
    # 10 and 20 are one person in slot 5 now, 30 is erased, slot 6 is new.
    names = standing.named(
        before, np.array([5, 5, -1], np.int32), np.array([5, 6], np.int32),
        np.array([10, 60], np.int32),
    )  # fmt: skip
    assert names.tolist() == [10, 60]
    # An undo parts them: each side has the name that it had, or its own first.
    before = record({10: 2})
    names = standing.named(
        before, np.array([7], np.int32), np.array([5, 7], np.int32), np.array([20, 10], np.int32)
    )
    assert names.tolist() == [20, 10]
