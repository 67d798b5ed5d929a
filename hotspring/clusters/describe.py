"""What sets a group apart from all others: figures of both, by the size of the effect."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from hotspring.clusters.book import Column, Fact
from hotspring.clusters.prepare import Floats, Input, Ints

CLEAR: Final = 0.2
"""A smaller effect is not told (Cohen: "small")."""
SHOWN: Final = 8


def facts(
    inputs: Sequence[Input], columns: Sequence[Column], points: Floats, codes: Ints, group: int
) -> tuple[Fact, ...]:
    """What sets this group apart, the greatest effect first."""
    inside = codes == group
    found = []
    for at, column in enumerate(columns):
        given = inputs[column.input]
        if column.word is None:
            one = _number(column, given, points[:, at], inside)
        else:
            one = _share(column, given, inside)
        if abs(one.effect) >= CLEAR:
            found.append(one)
    found.sort(key=lambda one: (-abs(one.effect), one.input, one.word or ""))
    return tuple(found[:SHOWN])


def _number(column: Column, given: Input, points: Floats, inside: np.ndarray) -> Fact:
    assert given.values is not None
    known = np.isfinite(given.values)
    members, rest = known & inside, known & ~inside
    means = [float(given.values[side].mean()) if side.any() else 0.0 for side in (members, rest)]
    effect = 0.0
    if members.any() and rest.any():
        sizes = int(members.sum()), int(rest.sum())
        spread = math.sqrt(
            (points[members].var() * sizes[0] + points[rest].var() * sizes[1]) / sum(sizes)
        )
        apart = float(points[members].mean() - points[rest].mean())
        effect = apart / max(spread, 1e-3)
    return Fact(column.input, None, means[0], means[1], round(effect, 4))


def _share(column: Column, given: Input, inside: np.ndarray) -> Fact:
    assert given.codes is not None
    code = given.words.index(column.word) if column.word in given.words else -2
    has = given.codes == code
    p, q = (float(has[side].mean()) if side.any() else 0.0 for side in (inside, ~inside))
    effect = 2 * (math.asin(math.sqrt(p)) - math.asin(math.sqrt(q)))
    return Fact(column.input, column.word, p, q, round(effect, 4))
