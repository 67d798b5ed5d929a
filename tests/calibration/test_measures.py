"""What the measures say, against definitions that are slow and plain."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspring.calibration import measures

CASES = st.lists(st.tuples(st.booleans(), st.integers(-4, 4)), min_size=2, max_size=40).filter(
    lambda rows: 0 < sum(hit for hit, _ in rows) < len(rows)
)


def _arrays(rows: list[tuple[bool, int]]) -> tuple[np.ndarray, np.ndarray]:
    return np.array([hit for hit, _ in rows]), np.array([float(score) for _, score in rows])


@given(CASES)
@settings(max_examples=60)
def test_auc_is_the_share_of_pairs_in_the_right_order(rows: list[tuple[bool, int]]) -> None:
    reached, score = _arrays(rows)
    pairs = [
        1.0 if a > b else 0.5 if a == b else 0.0 for a in score[reached] for b in score[~reached]
    ]
    assert measures.auc(reached, score) == pytest.approx(np.mean(pairs))


@given(CASES)
@settings(max_examples=40)
def test_the_curve_rises_and_turns_over_with_the_score(rows: list[tuple[bool, int]]) -> None:
    reached, score = _arrays(rows)
    curve = measures.roc(reached, score)
    assert (curve[0][0], curve[-1]) == (0.0, (1.0, 1.0))
    assert all(a[1] <= b[1] for a, b in itertools.pairwise(curve))
    assert measures.auc(reached, -score) == pytest.approx(1 - measures.auc(reached, score))


def test_quintiles_are_of_the_same_size_and_ties_are_told_apart() -> None:
    values = np.array([1.0, 1, 1, 1, 1, 2, 2, 2, 2, 2])
    others = np.arange(10.0)[::-1]
    points = measures.quintiles(values, others)
    assert sorted(points) == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]
    assert points.tolist() == [3, 2, 2, 1, 1, 5, 5, 4, 4, 3]


def test_the_interval_of_a_share_holds_it_and_narrows() -> None:
    few, many = measures.interval(3, 10), measures.interval(300, 1000)
    assert few[0] < many[0] < 0.3 < many[1] < few[1]
    assert measures.interval(0, 10)[0] == 0.0
    assert measures.interval(0, 10)[1] == pytest.approx(0.2775, abs=1e-3)


def test_deciles_compare_what_was_foretold_with_what_came() -> None:
    score = np.arange(100.0)
    reached = score >= 50
    told = measures.deciles(reached, score, np.full(100, 0.5))
    assert [d.profiles for d in told] == [10] * 10
    assert [d.came for d in told] == [0.0] * 5 + [1.0] * 5
    assert {d.foretold for d in told} == {0.5}


def test_the_error_of_an_area_is_that_of_the_paper() -> None:
    # Hanley and McNeil 1982, the normal and abnormal images of table I: 0.893 with 58 and 51.
    assert measures.auc_error(0.893, 51, 58) == pytest.approx(0.032, abs=0.001)
