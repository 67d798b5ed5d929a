"""The best split: the conditions that make it one, and a slow way to the same."""

from __future__ import annotations

import heapq
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hotspring.response import Curve, split

Case = tuple[Curve, float, Any, Any]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Curves, a budget that reaches for the bounds, and the bounds."""
    many = draw(st.integers(1, 6))

    def column(low: float, high: float) -> Any:
        return np.array(draw(st.lists(st.floats(low, high), min_size=many, max_size=many)))

    most = column(0, 1e4)
    most[most < 1] = 0
    curves = Curve(column(0, 100), most, column(1, 1e3))
    low = column(0, 200)
    high = low + column(0, 3e3)
    return curves, float(low.sum()) + draw(st.floats(0, 2e4)), low, high


def brought(curves: Curve, spend: Any) -> float:
    return float(np.sum(curves.brings(spend)))


@given(cases())
def test_the_next_yuan_brings_the_same_wherever_it_may_go(case: Case) -> None:
    """The conditions of Karush, Kuhn and Tucker; for concave curves they are enough."""
    curves, budget, low, high = case
    found = split(curves, budget, low, high)
    assert np.all(found.spend >= low)
    assert np.all(found.spend <= high)
    assert found.spend.sum() + found.left == pytest.approx(budget, rel=1e-12)
    live = (curves.most > 0) & (high > low)
    if found.marginal is None:
        # All that spending adds anything to has its most.
        assert np.all(found.spend[live] == pytest.approx(high[live], rel=1e-9))
        return
    assert found.left == 0
    marginal = curves.marginal(found.spend)
    at_low = found.spend <= low + 1e-9 * (1 + low)
    at_high = found.spend >= high - 1e-9 * (1 + high)
    inside = live & ~at_low & ~at_high
    assert marginal[inside] == pytest.approx(found.marginal, rel=1e-9)
    assert np.all(marginal[live & at_low & ~at_high] <= found.marginal * (1 + 1e-6))
    assert np.all(marginal[live & at_high & ~at_low] >= found.marginal * (1 - 1e-6))


@given(cases(), st.randoms(use_true_random=False))
def test_no_other_split_brings_more(case: Case, random: Any) -> None:
    curves, budget, low, high = case
    found = split(curves, budget, low, high)
    whole = found.spend.sum()
    best = brought(curves, found.spend)
    for _ in range(20):
        other = low.copy()
        room = whole - other.sum()
        for at in random.sample(range(len(low)), len(low)):
            taken = min(room * random.random(), high[at] - low[at])
            other[at] += taken
            room -= taken
        assert brought(curves, other) <= best + 1e-9 * (1 + abs(best))


@given(cases(), st.floats(0, 5e3))
def test_more_never_brings_less(case: Case, more: float) -> None:
    curves, budget, low, high = case
    before, after = (split(curves, one, low, high) for one in (budget, budget + more))
    assert brought(curves, after.spend) >= brought(curves, before.spend) * (1 - 1e-12)
    if before.marginal is not None and after.marginal is not None:
        assert after.marginal <= before.marginal * (1 + 1e-9)


def greedy(curves: Curve, budget: float, low: Any, high: Any, step: float) -> Any:
    """One small step after the other, each to where it brings most just then."""
    spend = low.copy()
    heap = [(-float(rate), at) for at, rate in enumerate(curves.marginal(spend))]
    heapq.heapify(heap)
    room = budget - spend.sum()
    while heap and room >= step:
        _, at = heapq.heappop(heap)
        if spend[at] + step > high[at]:
            continue
        spend[at] += step
        room -= step
        slope = np.log(2) / curves.half[at] * 2 ** (-spend[at] / curves.half[at])
        heapq.heappush(heap, (-float(curves.most[at] * slope), at))
    return spend


@given(cases())
def test_small_steps_lead_to_the_same(case: Case) -> None:
    curves, budget, low, high = case
    found = split(curves, budget, low, high)
    assume(found.spend.sum() > low.sum())
    step = (found.spend.sum() - low.sum()) / 2_000
    slow = greedy(curves, found.spend.sum(), low, high, step)
    gained = [brought(curves, one) - brought(curves, low) for one in (found.spend, slow)]
    assert gained[1] <= gained[0] * (1 + 1e-9) + 1e-9
    # No channel is more than a step from where it belongs; none brings more than the first did.
    steepest = float(np.max(curves.marginal(low)))
    assert gained[1] >= gained[0] - 2 * len(low) * step * steepest - 1e-9


def test_two_channels_by_hand() -> None:
    """Half of 1,000 at 200, half of 500 at 200: the first is twice as steep, so one half ahead."""
    curves = Curve(np.zeros(2), np.array([1000.0, 500.0]), np.array([200.0, 200.0]))
    found = split(curves, 400, np.zeros(2), np.full(2, 900.0))
    assert found.spend == pytest.approx([300, 100])
    assert found.marginal == pytest.approx(1000 * np.log(2) / 200 * 2**-1.5)
    bound = split(curves, 400, np.array([0.0, 150.0]), np.full(2, 900.0))
    assert bound.spend == pytest.approx([250, 150])
    held = split(curves, 4000, np.zeros(2), np.array([900.0, 600.0]))
    assert held.spend == pytest.approx([900, 600])
    assert held.marginal is None
    assert held.left == pytest.approx(2500)


def test_bounds_that_cannot_be_kept_are_refused() -> None:
    curves = Curve(np.zeros(1), np.ones(1), np.ones(1))
    with pytest.raises(ValueError, match="cross"):
        split(curves, 9, np.array([2.0]), np.array([1.0]))
    with pytest.raises(ValueError, match="below what must"):
        split(curves, 1, np.array([2.0]), np.array([3.0]))
