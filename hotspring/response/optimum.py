"""The best split of a budget over curves: until the next yuan brings the same everywhere."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from hotspring.response.curve import Curve, Floats


class Split(NamedTuple):
    """A budget over channels."""

    spend: Floats
    marginal: float | None
    """What the next yuan brings in every channel that is not at a bound; None where all are."""
    left: float
    """What no channel could take."""


def split(curves: Curve, budget: float, low: Floats, high: Floats) -> Split:
    """The split of a budget that brings most, each channel within its bounds.

    By the conditions of Karush, Kuhn and Tucker: one marginal return for all that are inside their
    bounds, less in those at their least, more in those at their most (Koopman, "The optimum
    distribution of effort", Operations Research 1, 1953, for this very curve). Between two bounds
    the spending of all is linear in the logarithm of that return, so the answer is closed form.
    A channel that spending adds nothing to gets its least. Raises ValueError for a budget below
    all that must be spent, and for bounds that cross.
    """
    if np.any(low > high) or np.any(low < 0):
        raise ValueError("the bounds of a channel cross or lie below 0")
    if budget < low.sum() * (1 - 1e-12):
        raise ValueError("the budget is below what must be spent")
    live = (np.asarray(curves.most) > 0) & (high > low)
    spend = low.astype(np.float64)
    room = budget - float(low[~live].sum())
    found, level = _poured(
        np.asarray(curves.half)[live], np.asarray(curves.marginal(0.0))[live], room,
        low[live], high[live],
    )  # fmt: skip
    spend[live] = found
    left = budget - float(spend.sum()) if level is None else 0.0
    return Split(spend, level, max(left, 0.0))


def _poured(
    half: Floats, steepest: Floats, room: float, low: Floats, high: Floats
) -> tuple[Floats, float | None]:
    if len(half) == 0 or room >= high.sum():
        return high, None
    top = np.log2(steepest)
    # As the level of the return falls, each channel begins to rise at one and ends at another.
    levels = np.sort(np.concatenate([top - low / half, top - high / half]))[::-1]
    rising = half * (top - levels[:, None])
    spent = np.clip(rising, low, high).sum(axis=1)
    upper = max(int(np.searchsorted(spent, room, side="right")) - 1, 0)
    level = levels[upper]
    # Halfway to the next one nobody is just at a bound, so who rises there is plain.
    middle = (level + levels[min(upper + 1, len(levels) - 1)]) / 2
    moves = (half * (top - middle) > low) & (half * (top - middle) < high)
    if moves.any():
        still = np.clip(half * (top - middle), low, high)[~moves].sum()
        level = (half[moves] @ top[moves] - (room - still)) / half[moves].sum()
    spend = np.clip(half * (top - level), low, high)
    return spend, float(np.exp2(level)) if moves.any() else None
