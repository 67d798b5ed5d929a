"""A cost, and what of many falls into each of some stretches of days."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import msgspec
import numpy as np
import numpy.typing as npt

WORDS: Final = ("channel", "utm_source", "utm_medium", "utm_campaign")
"""By what costs are told apart: dimensions of events, so that each meets what it brought."""


class Cost(msgspec.Struct, frozen=True, kw_only=True):
    """What was paid for some days, which share it evenly."""

    first: int
    """The first day, numbered since 1970 in the time zone of the pool."""
    last: int
    """The last day, included."""
    amount: float
    """In its own currency, not below 0."""
    currency: str
    channel: str = ""
    utm_source: str = ""
    utm_medium: str = ""
    utm_campaign: str = ""


def spent(
    costs: Sequence[Cost], by: str, edges: Sequence[int]
) -> dict[str, npt.NDArray[np.float64]]:
    """By word of a dimension, what was spent from each edge up to the day before the next one.

    `edges` are days that ascend. Costs that name no such word stand under the empty one, and all
    do where `by` is no dimension that costs name. Words for which nothing was spent in these days
    are left out. Amounts are taken as they are: convert them first.
    """
    found: dict[str, Any] = {}
    marks = np.asarray(edges, np.float64)
    for cost in costs:
        inside = np.clip(marks, cost.first, cost.last + 1) - cost.first
        parts = np.diff(inside) * (cost.amount / (cost.last + 1 - cost.first))
        if parts.any():
            word = getattr(cost, by) if by in WORDS else ""
            found[word] = found[word] + parts if word in found else parts
    return found
