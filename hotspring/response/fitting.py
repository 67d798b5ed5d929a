"""Curves fitted to a history by least squares, to many histories like it at once."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np

from hotspring.response.curve import LN2, Curve, Floats

CLOSE: Final = 1e-7
"""So near is the half to the best, as a part of it."""
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
    errors = _errors(_Sums.of_each(_shape(spend, grid[:, None]), brought, counts))
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
            lambda log, row: _errors(
                _Sums.of(_shape(spend, np.exp(log)[:, None]), brought, counts[row])
            ),
            (logs[at - 1], logs[at], logs[at + 1]),
            args=(inside,),
            tolerances={"xatol": CLOSE, "xrtol": 0.0},
        )
        half[inside] = np.exp(found.x)
    base, most = _parts(_Sums.of(_shape(spend, half[:, None]), brought, counts))
    return Curve(base, most, half)


def squares(spend: Floats, brought: Floats, curve: Curve) -> float:
    """The sum of the squares of what one curve leaves unsaid."""
    return float(np.sum((brought - curve.brings(spend)) ** 2))


def line(spend: Floats, brought: Floats) -> float:
    """The sum of squares of the nearest straight line that rises from 0 or above."""
    base, slope = _parts(_Sums.of(spend[None, :], brought, np.ones((1, len(spend)))))
    return float(np.sum((brought - base - slope * spend) ** 2))


def _shape(spend: Floats, half: Any) -> Floats:
    return np.asarray(-np.expm1(-LN2 * spend / half))


class _Sums(NamedTuple):
    """All that least squares need of histories: sums over periods, each as often as it counts."""

    many: Floats
    shape: Floats
    shapes: Floats
    """Of squares."""
    brought: Floats
    both: Floats
    squares: Floats
    """Of what was brought."""

    @classmethod
    def of(cls, shape: Floats, brought: Floats, counts: Floats) -> _Sums:
        """By history, each with a shape of its own."""
        weighed = counts * shape
        return cls(
            counts.sum(axis=1), weighed.sum(axis=1), np.einsum("rp,rp->r", weighed, shape),
            counts @ brought, weighed @ brought, counts @ brought**2,
        )  # fmt: skip

    @classmethod
    def of_each(cls, shapes: Floats, brought: Floats, counts: Floats) -> _Sums:
        """By history and shape."""
        return cls(
            counts.sum(axis=1)[:, None], counts @ shapes.T, counts @ (shapes**2).T,
            (counts @ brought)[:, None], counts @ (shapes * brought).T,
            (counts @ brought**2)[:, None],
        )  # fmt: skip


def _errors(sums: _Sums) -> Floats:
    """The least sum of squares."""
    base, most = _parts(sums)
    told = base * sums.brought + most * sums.both
    made = base**2 * sums.many + 2 * base * most * sums.shape + most**2 * sums.shapes
    return np.asarray(sums.squares - 2 * told + made)


def _parts(sums: _Sums) -> tuple[Floats, Floats]:
    """Base and most, none below 0; 0 is the most where spending does not differ."""
    mean, level = sums.shape / sums.many, sums.brought / sums.many
    spread = sums.shapes - mean * sums.shape
    differs = spread > 1e-12 * sums.many
    most = np.divide(
        sums.both - mean * sums.brought, spread, out=np.zeros_like(spread), where=differs
    )
    base = level - most * mean
    free = np.divide(sums.both, sums.shapes, out=np.zeros_like(spread), where=sums.shapes > 0)
    # Squares are a bowl: where the least lies outside, the least inside lies on that side's edge.
    most, base = np.where(base < 0, free, most), np.maximum(base, 0.0)
    return np.where(most < 0, level, base), np.maximum(most, 0.0)
