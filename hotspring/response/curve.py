"""The curve of a channel: each further yuan brings less than the one before."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

LN2: Final = float(np.log(2.0))


class Curve(NamedTuple):
    """What a spending x brings: base + most · (1 − 2^(−x / half)).

    The modified exponential (Lilien, Kotler and Moorthy, "Marketing Models", 1992): concave, so
    that of several curves the best split is exact, and the shape that responses to advertising are
    found to have (Simon and Arndt, J. Advertising Research 20, 1980). It saturates as the
    thermometer does. All three are floats, or arrays of many curves.
    """

    base: Any
    """What comes without any spending, not below 0."""
    most: Any
    """What spending can add at most, not below 0."""
    half: Any
    """The spending that brings half of that, above 0."""

    def brings(self, spend: Any) -> Any:
        """What a spending brings in all."""
        return self.base - self.most * np.expm1(-LN2 * spend / self.half)

    def marginal(self, spend: Any) -> Any:
        """What the next yuan brings."""
        return self.most * LN2 / self.half * np.exp2(-spend / self.half)

    def reached(self, marginal: float) -> Any:
        """The spending at which the next yuan brings so much; 0 where no yuan does."""
        steepest = self.marginal(0.0)
        return np.where(
            steepest > marginal,
            self.half * np.log2(np.maximum(steepest, marginal) / marginal),
            0.0,
        )
