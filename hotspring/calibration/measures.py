"""How well does a score tell who reaches the goal from who does not?"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np

from hotspring.calibration.history import Floats, Mask

CURVE_POINTS: Final = 60


class Decile(NamedTuple):
    """A tenth of the profiles by energy: what was foretold for it, and what came."""

    profiles: int
    foretold: float
    came: float
    low: float
    """Lower end of the 95 % interval of `came` (Wilson)."""
    high: float


def ranks(values: Floats) -> Floats:
    """The rank of each value from 1 on; equal values share the mean of their ranks."""
    order = np.argsort(values, kind="stable")
    _, first, which, counts = np.unique(
        values[order], return_index=True, return_inverse=True, return_counts=True
    )
    shared = first + (counts + 1) / 2
    out = np.empty(len(values))
    out[order] = shared[which]
    return out


def auc(reached: Mask, score: Floats) -> float:
    """The chance that one who reached the goal scores above one who did not; ties count half."""
    hits = int(reached.sum())
    above = float(ranks(score)[reached].sum()) - hits * (hits + 1) / 2
    return above / (hits * (len(reached) - hits))


def auc_error(value: float, hits: int, misses: int) -> float:
    """Standard error of an area under the curve (Hanley and McNeil, Radiology 1982)."""
    one, two = value / (2 - value), 2 * value * value / (1 + value)
    spread = (
        value * (1 - value)
        + (hits - 1) * (one - value * value)
        + (misses - 1) * (two - value * value)
    )
    return math.sqrt(max(spread, 0.0) / (hits * misses))


def roc(reached: Mask, score: Floats) -> list[tuple[float, float]]:
    """The curve itself: share of misses and of hits above each threshold, (0, 0) to (1, 1)."""
    order = np.argsort(-score, kind="stable")
    ends = np.flatnonzero(np.append(np.diff(score[order]) != 0, True))
    hits = np.cumsum(reached[order])[ends] / reached.sum()
    misses = np.cumsum(~reached[order])[ends] / (~reached).sum()
    grid = np.linspace(0.0, 1.0, CURVE_POINTS + 1)
    height = np.interp(grid, np.append(0.0, misses), np.append(0.0, hits))
    return [(round(float(x), 4), round(float(y), 4)) for x, y in zip(grid, height, strict=True)]


def quintiles(*values: Floats) -> Floats:
    """1 to 5 in five groups of the same size, the greatest of the first values in 5.

    Who is equal by the first is told apart by the second, and so on.
    """
    order = np.lexsort(values[::-1])
    place = np.empty(len(order))
    place[order] = np.arange(1, len(order) + 1)
    return np.asarray(np.ceil(place * 5 / max(len(order), 1)))


def deciles(reached: Mask, score: Floats, foretold: Floats) -> list[Decile]:
    """Ten groups of the same size by score, the lowest first."""
    order = np.argsort(score, kind="stable")
    return [
        Decile(
            len(part),
            round(float(foretold[part].mean()), 4),
            round(float(reached[part].mean()), 4),
            *(round(end, 4) for end in interval(int(reached[part].sum()), len(part))),
        )
        for part in np.array_split(order, 10)
        if len(part)
    ]


def interval(hits: int, count: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson, JASA 1927)."""
    z = 1.959964
    share, extra = hits / count, z * z / count
    middle = (share + extra / 2) / (1 + extra)
    reach = z / (1 + extra) * math.sqrt(share * (1 - share) / count + extra / (4 * count))
    return max(0.0, middle - reach), min(1.0, middle + reach)
