"""Concentration: which share of profiles brings which share of revenue, measured.

Whoever brought less than nothing, by refunds, counts as bringing nothing.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
STEPS: Final = 100
TOPS: Final = (0.01, 0.05, 0.1, 0.2, 0.5)
SHARES: Final = (0.5, 0.8, 0.9)


class Point(NamedTuple):
    """The first so many, the best first, bring so much."""

    profiles: int
    share: float
    """Of all profiles."""
    revenue: float
    revenue_share: float


class Concentration(NamedTuple):
    """How revenue is spread over profiles."""

    profiles: int
    revenue: float
    gini: float
    """0 where all bring the same, near 1 where one brings all."""
    curve: list[Point]
    """From nobody to everybody, in steps of a hundredth where there are so many."""
    tops: list[Point]
    """What the best 1, 5, 10, 20 and 50 percent bring, at least one profile each."""
    needed: list[Point]
    """The fewest who bring 50, 80 and 90 percent."""

    @classmethod
    def of(cls, amounts: Floats, idle: int = 0) -> Concentration:
        """Of these amounts and of `idle` profiles without any.

        The coefficient of Gini is that of the whole population: 2·Σ i·x_i / (n·Σ x) − (n + 1)/n
        over ascending x_i (Dorfman, Review of Economics and Statistics 61, 1979).
        """
        worth = -np.sort(-np.maximum(amounts, 0.0))
        size = len(worth) + idle
        sums = np.concatenate([[0.0], np.cumsum(worth), np.full(idle and 1, worth.sum())])
        total = float(sums[len(worth)])
        if not size or total <= 0:
            return cls(size, 0.0, 0.0, [], [], [])

        def point(first: int) -> Point:
            money = float(sums[min(first, len(worth))])
            return Point(first, first / size, money, min(money / total, 1.0))

        ranks = size - np.arange(len(worth))
        gini = 2.0 * float((ranks * worth).sum()) / (size * total) - (size + 1) / size
        places = sorted({math.ceil(size * step / STEPS - 1e-9) for step in range(STEPS + 1)})
        needed = [int(np.searchsorted(sums, total * share * (1 - 1e-12))) for share in SHARES]
        tops = [max(math.ceil(size * share - 1e-9), 1) for share in TOPS]
        return cls(
            size, total, max(gini, 0.0),
            [point(first) for first in places],
            [point(first) for first in tops],
            [point(first) for first in needed],
        )  # fmt: skip
