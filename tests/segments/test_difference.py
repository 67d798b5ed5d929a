"""What makes some profiles different: figures from counts are those of the profiles themselves."""

from __future__ import annotations

import math
import statistics

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspring.segments import difference

VALUES = st.lists(st.integers(-9, 9).map(lambda one: one / 4), max_size=30)


@given(VALUES, VALUES)
def test_a_number_is_told_from_counts_as_from_the_people(
    mine: list[float], theirs: list[float]
) -> None:
    values = np.unique(np.array([*mine, *theirs], np.float64))
    counts = [np.array([side.count(one) for one in values], np.int64) for side in (mine, theirs)]
    found = difference.number(values, *counts)
    for side, people in ((found.members, mine), (found.rest, theirs)):
        assert side.count == len(people)
        if people:
            assert side.mean == pytest.approx(statistics.fmean(people))
            assert side.median == statistics.median(people)
        else:
            assert (side.mean, side.median) == (None, None)
    pairs = [(a > b) - (a < b) for a in mine for b in theirs]
    assert found.effect == pytest.approx(statistics.fmean(pairs) if pairs else 0.0)
    assert difference.number(values, *counts[::-1]).effect == pytest.approx(-found.effect)


@given(st.lists(st.tuples(st.integers(-1, 5), st.booleans()), min_size=1))
def test_shares_are_those_of_all_on_a_side(people: list[tuple[int, bool]]) -> None:
    codes = np.array([code for code, _ in people], np.int32)
    inside = np.array([member for _, member in people], bool)
    sizes = int(inside.sum()), int((~inside).sum())
    found = difference.shares(*difference.tally(codes, inside, 6), sizes)
    assert {one.value for one in found} == {code for code, _ in people if code >= 0}
    for one in found:
        p, q = (
            sum(code == one.value and member is side for code, member in people) / max(size, 1)
            for side, size in zip((True, False), sizes, strict=True)
        )
        assert (one.members, one.rest) == pytest.approx((p, q))
        assert one.effect == pytest.approx(2 * math.asin(p**0.5) - 2 * math.asin(q**0.5))
    effects = [abs(one.effect) for one in found]
    assert effects == sorted(effects, reverse=True)


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 9), st.integers(0, 9))))
def test_equal_values_become_one_with_their_counts_added(rows: list[tuple[int, int, int]]) -> None:
    columns = [np.array([row[n] for row in rows], np.int64) for n in (1, 2)]
    values, *counts = difference.merged([float(row[0]) for row in rows], *columns)
    assert values.tolist() == sorted({row[0] for row in rows})
    for n, count in enumerate(counts, 1):
        assert count.tolist() == [
            sum(row[n] for row in rows if row[0] == value) for value in values
        ]


def test_only_the_commonest_values_are_looked_at() -> None:
    many = np.full(1_000, 3, np.int64)
    many[700] = 4
    found = difference.shares(many, np.zeros(1_000, np.int64), (5_000, 5_000))
    assert len(found) == difference.COMMON
    assert found[0].value == 700
