"""What a history tells: the curve that made it, or the reason why none can be told."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspring.response import Curve, History, judged, split
from hotspring.response.fitting import fitted, line, squares
from hotspring.response.history import resampled

CURVES = st.builds(Curve, st.floats(0, 500), st.floats(100, 5e3), st.floats(150, 900))


def spends(periods: int, seed: int = 1) -> Any:
    return np.random.default_rng(seed).uniform(0, 900, periods)


def noisy(seed: int, noise: float, periods: int = 60) -> History:
    spend = spends(periods, seed)
    luck = np.random.default_rng([seed, 1]).lognormal(0, noise, periods)
    return History("search", spend, Curve(50.0, 1000.0, 200.0).brings(spend) * luck)


@given(CURVES, st.integers(12, 80), st.integers(0, 9))
def test_without_noise_the_curve_comes_back(curve: Curve, periods: int, seed: int) -> None:
    spend = spends(periods, seed)
    (found,) = judged([History("search", spend, curve.brings(spend))], 2)
    assert found.reason is None
    assert found.curve is not None
    asked = np.linspace(0, 1350, 50)
    assert found.curve.brings(asked) == pytest.approx(curve.brings(asked), rel=1e-4, abs=1e-3)
    assert found.curve.half == pytest.approx(curve.half, rel=1e-3)
    assert found.explained == pytest.approx(1)


@given(st.integers(0, 200), st.floats(0.05, 2))
def test_no_other_curve_is_nearer(seed: int, noise: float) -> None:
    """A slow look at many halves, each with the best of its parts by least squares of SciPy."""
    from scipy.optimize import nnls

    own = noisy(seed, noise)
    found = fitted(own.spend, own.brought, np.ones((1, 60)))
    best = squares(own.spend, own.brought, Curve(*(float(part[0]) for part in found)))
    for half in np.geomspace(18, 18_000, 60):
        shape = 1 - 2 ** (-own.spend / half)
        _, rest = nnls(np.stack([np.ones(60), shape], axis=1), own.brought)
        assert best <= rest**2 * (1 + 1e-4)
    # A straight line is what a curve becomes in the end.
    assert best <= line(own.spend, own.brought) * 1.001


@given(st.integers(0, 50))
def test_what_counts_twice_is_there_twice(seed: int) -> None:
    own = noisy(seed, 0.3, 20)
    counts = np.array([[2.0] * 5 + [1.0] * 15, [0.0] * 3 + [1.0] * 17])
    rows = np.repeat(np.arange(20), counts[0].astype(int)), np.arange(3, 20)
    found = fitted(own.spend, own.brought, counts)
    for at, own_rows in enumerate(rows):
        spend, brought = own.spend[own_rows], own.brought[own_rows]
        # The grid of halves hangs by the greatest spending of all.
        other = fitted(spend, brought, np.ones((1, len(spend))))
        errors = [
            squares(spend, brought, Curve(*(float(part[which]) for part in one)))
            for one, which in ((found, at), (other, 0))
        ]
        assert errors[0] == pytest.approx(errors[1], rel=1e-3)


@given(st.integers(1, 60), st.integers(1, 9))
def test_histories_like_it_are_as_long_and_always_the_same(periods: int, block: int) -> None:
    counts = resampled(periods, block, 50)
    assert np.array_equal(counts, resampled(periods, block, 50))
    assert np.all(counts.sum(axis=1) == periods)
    assert np.all(counts >= 0)


def test_blocks_stay_together() -> None:
    """Of twelve periods in blocks of six, each that was drawn has a neighbour that was."""
    counts = resampled(12, 6, 200)
    alone = (counts > 0) & (np.roll(counts, 1, axis=1) == 0) & (np.roll(counts, -1, axis=1) == 0)
    assert not alone.any()
    assert counts.mean(axis=0) == pytest.approx(np.ones(12), abs=0.2)


def test_the_interval_holds_what_is_true_about_as_often_as_it_says() -> None:
    """Fixed seeds: of 60 histories of one curve, 95 in 100 intervals of what 300 brings hold it."""
    truth, held, told = Curve(50.0, 1000.0, 200.0).brings(300), 0, 0
    for seed in range(60):
        spend = spends(60, seed)
        luck = np.random.default_rng([seed, 2]).normal(0, 90, 60)
        brought = np.maximum(Curve(50.0, 1000.0, 200.0).brings(spend) + luck, 0)
        (found,) = judged([History("search", spend, brought)], 3)
        if found.samples is None:
            continue
        told += 1
        low, high = np.quantile(found.samples.brings(300), [0.025, 0.975])
        held += low <= truth <= high
    assert told >= 55
    assert held / told >= 0.85


def test_a_proposal_from_a_noisy_history_gains_what_it_says_and_does_no_harm() -> None:
    """Fixed seeds: two channels over half a year of weeks, what they bring off by 15 in 100."""
    truths = Curve(np.array([50.0, 20.0]), np.array([1000.0, 500.0]), np.array([200.0, 120.0]))
    now, held, told = np.array([250.0, 350.0]), 0, 0
    for seed in range(40):
        rng, histories = np.random.default_rng([seed, 3]), []
        for base, most, half in zip(*truths, strict=True):
            spend: Any = rng.uniform(0, 900, 26)
            luck: Any = rng.lognormal(0, 0.15, 26)
            histories.append(History("one", spend, Curve(base, most, half).brings(spend) * luck))
        found = judged(histories, 3)
        curves, samples = ([getattr(one, name) for one in found] for name in ("curve", "samples"))
        if None in curves:
            continue
        told += 1
        best = split(_stacked(curves), 600, np.zeros(2), np.full(2, 1350.0)).spend
        true = float(np.sum(truths.brings(best) - truths.brings(now)))
        assert true > 0
        gains = _stacked(samples).brings(best[:, None]) - _stacked(samples).brings(now[:, None])
        low, high = np.quantile(gains.sum(axis=0), [0.025, 0.975])
        held += low <= true <= high
    assert told >= 30
    assert held / told >= 0.8


def _stacked(curves: list[Curve]) -> Curve:
    return Curve(*(np.array(part) for part in zip(*curves, strict=True)))


FULL: Any = np.arange(12) * 75.0 + 20


@pytest.mark.parametrize(
    ("spend", "brought", "reason"),
    [
        (FULL, Curve(9.0, 900.0, 150.0).brings(FULL), None),
        (FULL * 0, FULL, "unpaid"),
        (FULL, FULL * 0, "untouched"),
        (FULL[:11], Curve(9.0, 900.0, 150.0).brings(FULL[:11]), "few"),
        (np.where(FULL > 500, FULL, 0), FULL, "few"),
        (100 + FULL / 50, Curve(9.0, 900.0, 150.0).brings(FULL), "even"),
        (FULL, np.tile([300.0, 200.0, 400.0], 4), "flat"),
        (FULL, FULL[::-1], "flat"),
        (FULL, 3 * FULL + 5, "straight"),
        (FULL, FULL**2, "straight"),
        (np.where(FULL > 300, FULL, 0), np.where(FULL > 300, 500.0, 100.0), "sated"),
    ],
)
def test_why_a_history_tells_nothing(spend: Any, brought: Any, reason: str | None) -> None:
    (found,) = judged([History("search", spend, brought)], 2)
    assert found.reason == reason
    assert (found.curve is None) == (reason is not None)


def test_channels_that_move_together_are_not_told_apart() -> None:
    shape = Curve(9.0, 900.0, 150.0).brings(FULL)
    other = np.roll(FULL, 5)
    a, b, c = judged(
        [History("a", FULL, shape), History("b", 2 * FULL + 1, shape),
         History("c", other, Curve(9.0, 900.0, 150.0).brings(other))], 2,
    )  # fmt: skip
    assert (a.reason, a.twin, b.reason, b.twin) == ("together", "b", "together", "a")
    assert a.alike == pytest.approx(1)
    assert c.reason is None


def test_without_channels_there_is_nothing_to_judge() -> None:
    assert judged([], 2) == []
