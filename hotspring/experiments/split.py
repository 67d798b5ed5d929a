"""Was the split what it should be?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

LEVEL: Final = 0.01
"""A split less likely than this by chance is flagged: then nothing else should be believed."""


class Split(NamedTuple):
    """How many were given each variant, and how likely that is by chance."""

    counts: tuple[int, ...]
    expected: tuple[float, ...]
    p: float

    @property
    def uneven(self) -> bool:
        """Is something wrong with the assignment or with what was recorded of it?"""
        return self.p < LEVEL

    @classmethod
    def of(cls, counts: Sequence[int], shares: Sequence[float] | None = None) -> Split:
        """These counts beside the shares that were meant, equal ones without.

        Two variants by tea-tasting's check of the sample ratio (exact below 1,000 profiles), more
        by Pearson's chi-squared test.
        """
        from scipy.stats import chisquare
        from tea_tasting.aggr import Aggregates
        from tea_tasting.metrics import SampleRatio

        total = sum(counts)
        parts = np.ones(len(counts)) if shares is None else np.array(shares, float)
        expected = parts / parts.sum() * total
        if total == 0 or len(counts) < 2:
            p = 1.0
        elif len(counts) == 2:
            sums = {at: Aggregates(count_=count) for at, count in enumerate(counts)}
            p = SampleRatio(float(parts[1] / parts[0])).analyze(sums, 0, 1).pvalue
        else:
            p = float(chisquare(counts, expected).pvalue)
        return cls(tuple(counts), tuple(expected.tolist()), float(p))
