"""Which group of a new run is which one of the run before?"""

from __future__ import annotations

from typing import Final

import numpy as np

from hotspring.clusters.prepare import Ints

LEAST: Final = 0.25
"""Of all who were in the one or are in the other, so many must be in both."""


def matched(before: Ints, after: Ints, sizes: tuple[int, int]) -> dict[int, int]:
    """The earlier group of each new one, where it is the same.

    `before` and `after` (-1: in none) are of the same profiles. The pairs share as many members as
    any pairs could (Kuhn, Naval Research Logistics 2, 1955).
    """
    from scipy.optimize import linear_sum_assignment

    both = (before >= 0) & (after >= 0)
    pairs = before[both].astype(np.int64) * sizes[1] + after[both]
    shared = np.bincount(pairs, minlength=sizes[0] * sizes[1]).reshape(sizes)
    union = shared.sum(axis=1)[:, None] + shared.sum(axis=0)[None, :] - shared
    alike = shared / np.maximum(union, 1)
    old, new = linear_sum_assignment(shared, maximize=True)
    return {int(b): int(a) for a, b in zip(old, new, strict=True) if alike[a, b] >= LEAST}
