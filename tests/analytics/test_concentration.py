"""Concentration is what a slow count says, whatever the amounts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspring.analytics import Concentration


@settings(max_examples=100)
@given(st.lists(st.integers(-50, 1_000), max_size=50), st.integers(0, 20))
def test_the_curve_is_what_a_count_says(amounts: list[int], idle: int) -> None:
    found = Concentration.of(np.array(amounts, np.float64), idle)
    worth = sorted([*(max(one, 0) for one in amounts), *[0] * idle], reverse=True)
    total = sum(worth)
    assert found.profiles == len(worth)
    assert found.revenue == total
    if not total:
        assert (found.gini, found.curve) == (0.0, [])
        return
    for point in [*found.curve, *found.tops, *found.needed]:
        assert point.revenue == sum(worth[: point.profiles])
        assert point.share == pytest.approx(point.profiles / len(worth))
        assert point.revenue_share == pytest.approx(point.revenue / total)
    assert (found.curve[0].profiles, found.curve[-1].profiles) == (0, len(worth))
    for point, share in zip(found.needed, (0.5, 0.8, 0.9), strict=True):
        assert point.revenue_share >= share - 1e-9
        assert sum(worth[: point.profiles - 1]) < share * total
    apart = sum(abs(a - b) for a in worth for b in worth)
    assert found.gini == pytest.approx(apart / (2 * len(worth) * total), abs=1e-9)


def test_two_in_ten_who_bring_eight_in_ten() -> None:
    found = Concentration.of(np.array([40.0, 40.0, *[2.5] * 8]))
    by = {round(point.share, 2): round(point.revenue_share, 2) for point in found.tops}
    assert by == {0.1: 0.4, 0.2: 0.8, 0.5: 0.88}
    assert [point.profiles for point in found.needed] == [2, 2, 6]
