"""What was spent and what it brought, period by period, and histories like it."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from hotspring.response.curve import Floats

SEED: Final = 20_260_101
"""Fixed: the same history is told the same way each time."""


class History(NamedTuple):
    """One channel; both arrays have a place for each period, all of the same length."""

    name: str
    spend: Floats
    brought: Floats
    """Not below 0."""

    @property
    def variation(self) -> float:
        """The coefficient of variation of the spending: its standard deviation by its mean."""
        mean = float(self.spend.mean()) if len(self.spend) else 0.0
        return float(self.spend.std()) / mean if mean > 0 else 0.0

    @property
    def paid(self) -> int:
        """Periods in which anything was spent."""
        return int(np.count_nonzero(self.spend))


def resampled(periods: int, block: int, times: int) -> npt.NDArray[np.float64]:
    """How often each period counts in so many histories like the one seen: times × periods.

    Blocks of periods that follow each other are drawn with replacement until there are as many as
    were seen, over the end on to the beginning: what hangs together in time stays together
    (circular block bootstrap; Politis and Romano, in "Exploring the Limits of Bootstrap", 1992).
    """
    rng = np.random.default_rng([SEED, periods, block, times])
    starts = rng.integers(0, max(periods, 1), (times, -(-periods // block)))
    drawn = (starts[:, :, None] + np.arange(block)).reshape(times, -1)[:, :periods] % max(
        periods, 1
    )
    rows = np.repeat(np.arange(times), periods)
    found = np.bincount(rows * periods + drawn.ravel(), minlength=times * periods)
    return found.reshape(times, periods).astype(np.float64)
