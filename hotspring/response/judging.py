"""What a history can tell of a channel: its curve, or why it tells none."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, Literal, NamedTuple

import numpy as np

from hotspring.response.curve import Curve, Floats
from hotspring.response.fitting import fitted, line, squares
from hotspring.response.history import History, resampled

FEW: Final = 12
"""Periods, and half as many with any spending, without which nothing is told."""
EVEN: Final = 0.2
"""Spending that varies less than this tells nothing of more or less of it."""
TOGETHER: Final = 0.9
"""The correlation from which two spendings cannot be told apart."""
SATED: Final = 0.9
"""Where the least spending ever brought so much of the most, its rise was never seen."""
SAMPLES: Final = 400
NOISE: Final = 1e-12
"""Of the mean square: what computing leaves over where nothing else does."""

Reason = Literal["unpaid", "untouched", "few", "even", "together", "flat", "sated", "straight"]
REASONS: Final = (
    "unpaid", "untouched", "few", "even", "together", "flat", "sated", "straight",
)  # fmt: skip
"""Why a history tells no curve, in the order in which it is asked."""


class Judged(NamedTuple):
    """A channel and what its history tells."""

    history: History
    reason: Reason | None
    """None where there is a curve."""
    twin: str | None
    """The other channel whose spending moves most as this one's, and how much."""
    alike: float | None
    curve: Curve | None
    samples: Curve | None
    """Arrays: the curves of histories like this one. Row for row they are those of the others."""
    explained: float | None
    """The part of the variance of what was brought that the curve explains."""


def judged(histories: Sequence[History], block: int) -> list[Judged]:
    """What each channel's history tells; `block` periods hang together in time."""
    periods = len(histories[0].spend) if histories else 0
    counts = resampled(periods, block, SAMPLES)
    return [_judged(one, *_twin(one, histories), counts) for one in histories]


def _twin(own: History, all_: Sequence[History]) -> tuple[str | None, float | None]:
    found: tuple[str | None, float | None] = (None, None)
    for other in all_:
        if other is own or own.variation == 0 or other.variation == 0:
            continue
        alike = float(np.corrcoef(own.spend, other.spend)[0, 1])
        if found[1] is None or alike > found[1]:
            found = other.name, alike
    return found


def _judged(own: History, twin: str | None, alike: float | None, counts: Floats) -> Judged:
    def refused(reason: Reason, explained: float | None = None) -> Judged:
        return Judged(own, reason, twin, alike, None, None, explained)

    if own.paid == 0:
        return refused("unpaid")
    if not own.brought.any():
        return refused("untouched")
    if len(own.spend) < FEW or own.paid < FEW // 2:
        return refused("few")
    if own.variation < EVEN:
        return refused("even")
    if alike is not None and alike >= TOGETHER:
        return refused("together")
    every = fitted(own.spend, own.brought, np.vstack([np.ones(len(own.spend)), counts]))
    curve = Curve(*(float(part[0]) for part in every))
    spread = float(np.sum((own.brought - own.brought.mean()) ** 2))
    left = squares(own.spend, own.brought, curve)
    explained = 1 - left / spread if spread > 0 else None
    many, floor = len(own.spend), NOISE * float(np.sum(own.brought**2))
    flat, straight, bent = (
        _criterion(error + floor, many, free)
        for error, free in ((spread, 1), (line(own.spend, own.brought), 2), (left, 3))
    )
    if min(straight, bent) >= flat:
        return refused("flat", explained)
    if straight <= bent:
        return refused("straight", explained)
    least = float(own.spend[own.spend > 0].min())
    if curve.brings(least) - curve.base > SATED * curve.most:
        return refused("sated", explained)
    samples = Curve(*(part[1:] for part in every))
    return Judged(own, None, twin, alike, curve, samples, explained)


def _criterion(error: float, many: int, free: int) -> float:
    """Akaike's criterion, corrected for few periods: the less, the better said with so many free
    parameters (Hurvich and Tsai, Biometrika 76, 1989). The variance of the rest is one more."""
    free += 1
    return many * math.log(error / many) + 2 * free * many / (many - free - 1)
