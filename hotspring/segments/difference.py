"""What makes some profiles different from the rest: figures of both, and how far apart they are."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

import msgspec
import numpy as np

COMMON: Final = 50
"""Values of one fact that are looked at: those that most have."""


class Side(msgspec.Struct, frozen=True):
    """A number among some profiles; without any, both figures are None."""

    count: int
    """Profiles of whom it is known."""
    mean: float | None
    median: float | None


class Number(NamedTuple):
    """A number among the members and among the rest."""

    members: Side
    rest: Side
    effect: float
    """Cliff's delta, from -1 to 1: how much likelier it is that a member has more than one of the
    rest than that a member has less (Cliff, Psychological Bulletin 114, 1993). 0 where either side
    has none."""


class Share(NamedTuple):
    """A value of a fact: which share of the members and of the rest has it."""

    value: int
    """The place of the value."""
    members: float
    rest: float
    effect: float
    """Cohen's h: 2 arcsin √p - 2 arcsin √q, from -π to π (Cohen, Statistical Power Analysis,
    1988, chapter 6)."""


def number(values: np.ndarray, members: np.ndarray, rest: np.ndarray) -> Number:
    """How does a number differ?

    `values` are distinct and ascending, `members` and `rest` (int64) how many profiles have each:
    so all figures are exact, and ten million profiles are told from a few thousand rows.
    """
    mine, theirs = _side(values, members), _side(values, rest)
    pairs = float(mine.count) * theirs.count
    if not pairs:
        return Number(mine, theirs, 0.0)
    below = np.cumsum(rest) - rest
    above = theirs.count - np.cumsum(rest)
    more, less = float((members * below).sum()), float((members * above).sum())
    return Number(mine, theirs, (more - less) / pairs)


def shares(members: np.ndarray, rest: np.ndarray, of: tuple[int, int]) -> list[Share]:
    """How do the shares of the commonest values differ? The greatest difference first.

    `members` and `rest` (int64) say how many have each value, `of` how many there are on each side,
    so that a missing value lowers every share. A list may give several values to one profile.
    """
    some, others = (max(count, 1) for count in of)
    found = []
    for value in np.argsort(-(members + rest), kind="stable")[:COMMON].tolist():
        p, q = int(members[value]) / some, int(rest[value]) / others
        if p or q:
            effect = 2 * (math.asin(math.sqrt(p)) - math.asin(math.sqrt(q)))
            found.append(Share(value, p, q, effect))
    return sorted(found, key=lambda share: (-abs(share.effect), share.value))


def tally(codes: np.ndarray, inside: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
    """How many members and how many of the rest have each code? -1 is none."""
    there = codes >= 0
    return (
        np.bincount(codes[there & inside], minlength=size),
        np.bincount(codes[there & ~inside], minlength=size),
    )


def merged(values: Sequence[float], *counts: np.ndarray) -> tuple[np.ndarray, ...]:
    """Values made distinct and ascending, with the counts of equal ones added up."""
    distinct, place = np.unique(np.array(values, np.float64), return_inverse=True)
    added = [np.bincount(place, one, len(distinct)).astype(np.int64) for one in counts]
    return (distinct, *added)


def _side(values: np.ndarray, counts: np.ndarray) -> Side:
    count = int(counts.sum())
    if not count:
        return Side(0, None, None)
    upto = np.cumsum(counts)
    low, high = np.searchsorted(upto, [(count - 1) // 2, count // 2], side="right")
    median = (float(values[low]) + float(values[high])) / 2
    return Side(count, float((values * counts).sum()) / count, median)
