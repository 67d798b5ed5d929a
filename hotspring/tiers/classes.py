"""In which class is everybody, and who went from which to which?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt

MARKS: Final = 201
"""Even ranks near which numbers are kept that tell how a metric is spread."""
HIGHEST: Final = 100.0
"""Of a composite; the lowest is 0."""

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int8]


class Yardstick(msgspec.Struct, frozen=True):
    """How a number was spread over a pool at a moment: by it later numbers are ranked."""

    values: tuple[float, ...]
    """Ascending."""
    ranks: tuple[float, ...]
    """Of each: the share of profiles that had less, with half of those that had the same."""

    @classmethod
    def of(cls, values: Floats) -> Yardstick:
        """As these are spread; of more than 201 different numbers, those near even ranks."""
        known = values[np.isfinite(values)]
        distinct, many = np.unique(known, return_counts=True)
        ranks = (np.cumsum(many) - many / 2) / max(len(known), 1)
        if len(distinct) > MARKS:
            places = np.searchsorted(ranks, np.linspace(0, 1, MARKS))
            # The first at or above each mark and the last below it: what is left out between two
            # that are kept is nearer to both than marks are to each other.
            kept = np.unique(np.clip(np.append(places, places - 1), 0, len(distinct) - 1))
            distinct, ranks = distinct[kept], ranks[kept]
        return cls(tuple(distinct.tolist()), tuple(ranks.tolist()))

    def rank(self, values: Floats) -> Floats:
        """From 0 to 1: where do these lie? What is not a number, or less than all, lies at 0.

        The percentile rank, a normalisation that outliers do not bend (OECD and JRC, Handbook on
        Constructing Composite Indicators, 2008, step 5); straight between the numbers that are
        kept. It depends on the yardstick alone: nobody is moved by what others do.
        """
        if not self.values:
            return np.zeros(len(values))
        known = np.where(np.isnan(values), -np.inf, values)
        return np.asarray(np.interp(known, self.values, self.ranks, left=0.0, right=1.0))


def composite(values: Floats, weights: Sequence[float], yardsticks: Sequence[Yardstick]) -> Floats:
    """From 0 to 100: the ranks of several metrics, a column each, as a weighted mean.

    A metric of a weight below 0 counts the more the less there is of it.
    """
    total = np.zeros(len(values))
    for at, (weight, yardstick) in enumerate(zip(weights, yardsticks, strict=True)):
        rank = yardstick.rank(values[:, at])
        total += abs(weight) * (rank if weight > 0 else 1 - rank)
    return np.asarray(HIGHEST * total / sum(map(abs, weights)))


def by_cuts(values: Floats, cuts: Sequence[float]) -> Codes:
    """How many of the ascending cuts does each reach? What is not a number reaches none."""
    found = np.searchsorted(np.array(cuts, np.float64), values, side="right")
    return np.where(np.isnan(values), 0, found).astype(np.int8)


def by_rules(truths: npt.NDArray[np.bool_]) -> Codes:
    """The highest that is true: a column for each class but the lowest, which is for the rest."""
    codes = np.zeros(len(truths), np.int8)
    for at in range(truths.shape[1]):
        codes[truths[:, at]] = at + 1
    return codes


class Move(NamedTuple):
    """How many went from one class to another; -1 is who was in none."""

    before: int
    after: int
    profiles: int


def moves(before: Codes, after: Codes, size: int) -> list[Move]:
    """Who went where, of profiles in the same order in both: the most first, also who stayed."""
    wide = size + 1
    pairs = np.bincount((before.astype(np.int64) + 1) * wide + after + 1, minlength=wide * wide)
    found = [
        Move(at // wide - 1, at % wide - 1, int(pairs[at]))
        for at in np.flatnonzero(pairs).tolist()
        if at
    ]
    return sorted(found, key=lambda one: (-one.profiles, one.before, one.after))
