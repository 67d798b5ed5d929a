"""What lines come to: the points of many profiles, and what gave them."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from hotspring.scores.score import Score

PARTS: Final = 1_000
"""Points are counted in thousandths: whole numbers add up to the same in any order."""
MOST: Final = 1e12
"""So many points of one line count at most."""

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


class Points(NamedTuple):
    """The points of profiles, a row for each, in thousandths."""

    lines: Ints
    """What each line gave, a column for each."""
    total: Ints
    """What they come to, between floor and cap."""

    @classmethod
    def of(cls, score: Score, values: Floats) -> Points:
        """`values` has a column for each line: 1 where its rule is true and 0 where not, or the
        amount; not a number gives nothing."""
        lines = np.zeros(values.shape, np.int64)
        for at, line in enumerate(score.lines):
            worth = np.nan_to_num(values[:, at] * line.points, nan=0.0, posinf=MOST, neginf=-MOST)
            most = MOST if line.cap is None else line.cap
            lines[:, at] = np.rint(np.clip(worth, -most, most) * PARTS)
        total = lines.sum(axis=1)
        if score.floor is not None:
            total = np.maximum(total, round(score.floor * PARTS))
        if score.cap is not None:
            total = np.minimum(total, round(score.cap * PARTS))
        return cls(lines, total)

    @property
    def points(self) -> Floats:
        """The totals in points."""
        return np.asarray(self.total / PARTS)

    @property
    def gave(self) -> Floats:
        """What each line gave and, in a last column, floor or cap: in points."""
        return np.column_stack([self.lines, self.limited]) / PARTS

    @property
    def limited(self) -> Ints:
        """What floor or cap gave or took, in thousandths: with the lines it is the total."""
        return np.asarray(self.total - self.lines.sum(axis=1))
