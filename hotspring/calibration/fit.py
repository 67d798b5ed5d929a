"""Learns what events weigh and how fast they cool: a regularised fit over a grid of half-lives.

The chance to reach the goal is a logistic function of the energy's logarithm,

    log-odds = b + a * log1p(E),   E = sum of weight * trace,

below 0 of E itself, so that value and slope meet as on the thermometer. Weights keep the sign of
their kind; an elastic net on the scaled weights holds down those that tell little.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np

from hotspring.calibration.history import Floats, Mask, Slots

FOLDS: Final = 5
PENALTY: Final = 1e-3
PENALTIES: Final = (3e-4, 1e-3, 3e-3, 1e-2, 3e-2)
CLEAR: Final = 2.0
"""Standard errors: a further half-life must lower the loss by so many, a weight lie above them."""
LEAST_PART: Final = 0.005
"""A weight that brings less of the pool's heat than this is left out."""
LEAST_SLOPE: Final = 1e-3
ROUNDS: Final = 300

Tell = Callable[[float], None]
"""Is told how much of the work is done, 0 to 1; may raise to end it."""


class Column(NamedTuple):
    """One column of the fit: a kind under one half-life."""

    kind: int
    half_life_days: float


class Fitted(NamedTuple):
    """What was learnt: energies are `traces @ weight`."""

    columns: list[Column]
    weight: Floats
    """Of one unit of trace, signs apart."""
    offset: float
    slope: float
    loss: float
    """Mean log-loss of profiles that were left out of their fit."""
    penalty: float

    def chance(self, energy: Floats) -> Floats:
        """How likely does a profile of this energy reach the goal?"""
        return _logistic(self.offset + self.slope * _bent(energy))


Grid = Mapping[float, Floats]
"""Cooled traces by half-life in days."""


def learn(
    grid: Grid, reached: Mask, folds: Slots, events: Sequence[str], most: int, tell: Tell
) -> Fitted:
    """Which weights and at most `most` half-lives tell best who reaches the goal?

    Half-lives are taken one by one, the best first, as long as one more clearly lowers the loss of
    profiles left out of the fit; then the strongest penalty that is as
    good as the best. `events` names the event of each kind.
    """
    chosen: list[float] = []
    losses = np.full(len(reached), np.inf)
    work = itertools.count(1)
    steps = len(grid) * 2 + len(PENALTIES)
    while len(chosen) < most:
        tried = {}
        for days in grid:
            if days not in chosen:
                tried[days] = _left_out(*_design(grid, [*chosen, days]), reached, folds, PENALTY)
                tell(min(next(work) / steps, 0.9))
        if not tried:
            break
        best = min(tried, key=lambda days: float(tried[days].mean()))
        gain = losses - tried[best]
        if chosen and gain.mean() <= CLEAR * gain.std() / np.sqrt(len(gain)):
            break
        chosen.append(best)
        losses = tried[best]
    traces, columns = _design(grid, sorted(chosen))
    penalty, loss = _penalty(traces, columns, reached, folds, tell)
    return _pruned(traces, columns, reached, events, penalty, loss)


def _design(grid: Grid, days: list[float]) -> tuple[Floats, list[Column]]:
    columns = [Column(k, d) for d in days for k in range(grid[d].shape[1])]
    return np.concatenate([grid[d] for d in days], axis=1), columns


def _penalty(
    traces: Floats, columns: list[Column], reached: Mask, folds: Slots, tell: Tell
) -> tuple[float, float]:
    tried = {}
    for n, penalty in enumerate(PENALTIES):
        tried[penalty] = _left_out(traces, columns, reached, folds, penalty)
        tell(0.9 + 0.1 * (n + 1) / len(PENALTIES))
    best = min(tried, key=lambda penalty: float(tried[penalty].mean()))
    for penalty in sorted(PENALTIES, reverse=True):
        worse = tried[penalty] - tried[best]
        if worse.mean() <= worse.std() / np.sqrt(len(worse)):
            return penalty, float(tried[penalty].mean())
    return best, float(tried[best].mean())


def _left_out(
    traces: Floats, columns: list[Column], reached: Mask, folds: Slots, penalty: float
) -> Floats:
    """The log-loss of every profile under a fit that did not see it."""
    loss = np.empty(len(reached))
    for fold in range(FOLDS):
        out = folds == fold
        fitted = _fit(traces[~out], columns, reached[~out], penalty)
        chance = fitted.chance(_times(traces[out], fitted.weight)).clip(1e-9, 1 - 1e-9)
        loss[out] = -np.log(np.where(reached[out], chance, 1 - chance))
    return loss


def _pruned(
    traces: Floats,
    columns: list[Column],
    reached: Mask,
    events: Sequence[str],
    penalty: float,
    loss: float,
) -> Fitted:
    """The fit on all profiles, without the weights that bring next to nothing or may be chance.

    Of the latter the weakest goes first, since what is left shares its part.
    """
    while True:
        groups = np.array([events.index(events[column.kind]) for column in columns])
        fitted = _fit(traces, columns, reached, penalty)
        parts = np.abs(traces * fitted.weight).sum(axis=0)
        kept = parts > LEAST_PART * parts.sum()
        if kept.all():
            sure = _sureness(traces, fitted, reached, groups)
            kept = (sure >= CLEAR) | (sure > sure.min())
        if kept.all() or kept.sum() == 0:
            return fitted._replace(loss=loss)
        traces, columns = traces[:, kept], [c for c, k in zip(columns, kept, strict=True) if k]


def _sureness(traces: Floats, fitted: Fitted, reached: Mask, groups: Slots) -> Floats:
    """How many standard errors are the weights of each column's group away from none?

    Wald, with the slope as it is. Number and amount of one event, and its half-lives, are a group:
    they are so alike that each alone looks like chance.
    """
    energy = _times(traces, fitted.weight)
    chance = fitted.chance(energy)
    steps = fitted.slope / (1 + np.maximum(energy, 0.0))
    lean = np.column_stack([np.ones(len(reached)), traces * steps[:, None]])
    told = np.einsum("ij,i,ik->jk", lean, chance * (1 - chance), lean, optimize=False)
    scale = np.sqrt(np.maximum(np.diag(told), 1e-300))
    spread = np.linalg.pinv(told / np.outer(scale, scale))[1:, 1:]
    weight = fitted.weight * scale[1:]
    sure = np.empty(len(groups))
    for group in np.unique(groups):
        own = np.flatnonzero(groups == group)
        far = weight[own] @ np.linalg.pinv(spread[np.ix_(own, own)]) @ weight[own]
        sure[own] = np.sqrt(max(float(far), 0.0) / len(own))
    return sure


def _fit(traces: Floats, columns: list[Column], reached: Mask, penalty: float) -> Fitted:
    # Imported late: only a calibration pays for it.
    from scipy.optimize import minimize

    scale = np.maximum(traces.std(axis=0), 1e-12)
    scaled, aim = traces / scale, reached.astype(float)
    rate = aim.mean().clip(1e-6, 1 - 1e-6)

    def cost(given: Floats) -> tuple[float, Floats]:
        offset, slope, weight = given[0], given[1], given[2:]
        energy = _times(scaled, weight)
        bent = _bent(energy)
        odds = offset + slope * bent
        error = (_logistic(odds) - aim) / len(aim)
        inner = error * slope / (1 + np.maximum(energy, 0.0))
        value = np.mean(np.logaddexp(0, odds) - aim * odds)
        value += penalty * (weight.sum() + weight @ weight / 2)
        pull = _times(scaled.T, inner) + penalty * (1 + weight)
        return float(value), np.concatenate([[error.sum(), error @ bent], pull])

    width = len(columns)
    start = np.concatenate([[np.log(rate / (1 - rate)), 1.0], np.full(width, 1 / width)])
    bounds = [(None, None), (LEAST_SLOPE, None), *[(0.0, None)] * width]
    done = minimize(
        cost, start, jac=True, method="L-BFGS-B", bounds=bounds,
        options={"maxiter": ROUNDS, "ftol": 1e-10, "gtol": 1e-7},
    )  # fmt: skip
    return Fitted(
        columns, done.x[2:] / scale, float(done.x[0]), float(done.x[1]), float("nan"), penalty
    )


def _times(matrix: Floats, vector: Floats) -> Floats:
    # Without BLAS: its threads wait for each other where the cores are busy, and the last digits
    # hang on their number.
    return np.asarray(np.einsum("ij,j->i", matrix, vector))


def _bent(energy: Floats) -> Floats:
    return np.asarray(np.log1p(np.maximum(energy, 0.0)) + np.minimum(energy, 0.0))


def _logistic(odds: Floats) -> Floats:
    return np.asarray(np.exp(-np.logaddexp(0, -odds)))
