"""How a number is spread over profiles: a histogram, quartiles, and points at which to cut."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

BARS: Final = 30
"""At most."""
QUARTERS: Final = (0.25, 0.5, 0.75)

Floats = npt.NDArray[np.float64]


class Bar(NamedTuple):
    """Profiles with a number from `low` on and below `high`; the last bar has its end as well."""

    low: float
    high: float
    profiles: int


class Spread(NamedTuple):
    """How a number is spread over the profiles that have one."""

    profiles: int
    mean: float | None
    least: float | None
    most: float | None
    quartiles: list[float]
    bars: list[Bar]

    @classmethod
    def of(cls, values: Floats) -> Spread:
        """Values that are not a number are left out."""
        known = values[np.isfinite(values)]
        if not len(known):
            return cls(0, None, None, None, [], [])
        distinct, many = np.unique(known, return_counts=True)
        if len(distinct) <= BARS:
            ends = [*distinct[1:].tolist(), float(distinct[-1])]
            bars = list(map(Bar, distinct.tolist(), ends, many.tolist()))
        else:
            counts, edges = np.histogram(known, BARS)
            bars = list(map(Bar, edges[:-1].tolist(), edges[1:].tolist(), counts.tolist()))
        return cls(
            len(known), float(known.mean()), float(distinct[0]), float(distinct[-1]),
            np.quantile(known, QUARTERS, method="inverted_cdf").tolist(), bars,
        )  # fmt: skip


def cuts(values: Floats, shares: Sequence[float]) -> list[float]:
    """Where do these shares of the values part? Each cut is the least value above its quantile.

    At most those with the same number more than a share lie below its cut, so equals are never
    parted; a cut is a number that somebody has (the inverse of the empirical distribution, type 1
    of Hyndman and Fan, The American Statistician 50, 1996), or the next one where nobody has more.
    Shares that fall on the same number give the same cut. Empty without values.
    """
    known = np.sort(values[np.isfinite(values)])
    if not len(known):
        return []
    # A share such as 0.8 of ten must be the eighth, whatever 0.8 is as a double.
    ranks = np.clip(np.ceil(len(known) * np.array(shares) - 1e-9).astype(np.int64), 1, len(known))
    above = np.searchsorted(known, known[ranks - 1], side="right")
    beyond = np.nextafter(known[-1], np.inf)
    found: list[float] = np.append(known, beyond)[above].tolist()
    return found
