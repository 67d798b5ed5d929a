"""Curves fitted to a history by least squares, to many histories like it at once."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from hotspring.response.curve import LN2, Curve, Floats

TRIED: Final = 96
"""Halves tried before the best is refined between its neighbours."""
NEAREST, FARTHEST = 0.02, 20.0
"""Between these parts of the greatest spending seen lies the half. Beyond them the curve is a
straight line as far as anybody spent."""


def fitted(spend: Floats, brought: Floats, counts: Floats) -> Curve:
    """The curve nearest to each history, where each period counts so often: arrays by row.

    For every half the best base and most, none below 0, are known in closed form, so that only the
    half is searched (variable projection; Golub and Pereyra, SIAM J. Numer. Anal. 10, 1973).
    `spend` has something above 0; `counts` is histories × periods.
    """
    # Imported late: it takes a while, which only this pays for.
    from scipy.optimize.elementwise import find_minimum

    greatest = float(spend.max())
    grid = np.geomspace(NEAREST * greatest, FARTHEST * greatest, TRIED)
    errors = np.stack([_error(spend, brought, counts, half) for half in grid], axis=1)
    best = np.argmin(errors, axis=1)
    half = grid[best]
    inside = np.flatnonzero((best > 0) & (best < TRIED - 1))
    at = best[inside]
    # On a plateau there is no least one to find; any of it will do.
    deep = (errors[inside, at - 1] > errors[inside, at]) & (
        errors[inside, at + 1] > errors[inside, at]
    )
    inside, at = inside[deep], at[deep]
    if len(inside):
        logs = np.log(grid)
        found = find_minimum(
            lambda log, row: _error(spend, brought, counts[row], np.exp(log)[:, None]),
            (logs[at - 1], logs[at], logs[at + 1]),
            args=(inside,),
        )
        half[inside] = np.exp(found.x)
    base, most = _parts(_shape(spend, half[:, None]), brought, counts)
    return Curve(base, most, half)


def squares(spend: Floats, brought: Floats, curve: Curve) -> float:
    """The sum of the squares of what one curve leaves unsaid."""
    return float(np.sum((brought - curve.brings(spend)) ** 2))


def line(spend: Floats, brought: Floats) -> float:
    """The sum of squares of the nearest straight line that rises from 0 or above."""
    base, slope = _parts(spend[None, :], brought, np.ones((1, len(spend))))
    return float(np.sum((brought - base - slope * spend) ** 2))


def _shape(spend: Floats, half: Any) -> Floats:
    return np.asarray(-np.expm1(-LN2 * spend / half))


def _error(spend: Floats, brought: Floats, counts: Floats, half: Any) -> Floats:
    shape = np.broadcast_to(_shape(spend, half), counts.shape)
    base, most = _parts(shape, brought, counts)
    rest = brought - base[:, None] - most[:, None] * shape
    return np.asarray(np.einsum("rp,rp->r", counts, rest**2))


def _parts(
    shape: Floats, brought: Floats, counts: Floats
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Base and most by row, none below 0; 0 is the most where spending does not differ."""
    many = counts.sum(axis=1)
    mean, level = (counts * shape).sum(axis=1) / many, counts @ brought / many
    aside = shape - mean[:, None]
    spread = (counts * aside**2).sum(axis=1)
    differs = spread > 1e-14 * many
    most = np.divide((counts * aside) @ brought, spread, out=np.zeros_like(spread), where=differs)
    base = level - most * mean
    size = (counts * shape**2).sum(axis=1)
    free = np.divide((counts * shape) @ brought, size, out=np.zeros_like(size), where=size > 0)
    # Squares are a bowl: where the least lies outside, the least inside lies on that side's edge.
    most, base = np.where(base < 0, free, most), np.maximum(base, 0.0)
    return np.where(most < 0, level, base), np.maximum(most, 0.0)
