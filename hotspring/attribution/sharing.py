"""Rule models: each conversion is shared among its touches by where they stand."""

from __future__ import annotations

from typing import Any, Final, Literal

import msgspec
import numba
import numpy as np

from hotspring.attribution.journeys import Credit, Floats, Journeys
from hotspring.days import DAY_MS

MODELS: Final = ("first", "last", "last_non_direct", "linear", "time_decay", "position")

Model = Literal["first", "last", "last_non_direct", "linear", "time_decay", "position"]


class Sharing(msgspec.Struct, frozen=True, kw_only=True):
    """How a rule shares a conversion; the parts of one conversion always add up to it."""

    model: Model
    half_life_ms: int = 7 * DAY_MS
    """`time_decay`: a touch so much earlier gets half as much."""
    first: float = 0.4
    """`position`: the part of the first touch; the touches between share what is left evenly."""
    last: float = 0.4
    """`position`: the part of the last touch. Of two touches each gets its part of both parts."""
    direct: str = "direct"
    """`last_non_direct`: what visits from nowhere are called; they get all where nothing else
    was."""

    def credit(self, journeys: Journeys) -> Credit:
        """What each channel is credited with.

        Raises ValueError where the parameters mean nothing or the journeys have no times.
        """
        parts, size = self.parts(journeys), np.diff(journeys.ends, prepend=0)

        def sums(weights: Floats) -> Floats:
            shared = parts * np.repeat(weights, size)
            return np.bincount(journeys.touch, shared, len(journeys.names)).astype(float)

        return Credit(sums(journeys.conversions), sums(journeys.value))

    def parts(self, journeys: Journeys) -> Floats:
        """By touch: its part of the conversion of its journey; those of a journey add up to 1.

        Raises ValueError where the parameters mean nothing or the journeys have no times.
        """
        if self.model == "time_decay" and journeys.age is None:
            raise ValueError("time decay needs the times of the touches")
        if self.half_life_ms <= 0:
            raise ValueError("the half-life is longer than nothing")
        if min(self.first, self.last) < 0 or self.first + self.last > 1 + 1e-12:
            raise ValueError("first and last are shares and at most 1 together")
        names = journeys.names
        direct = names.index(self.direct) if self.direct in names else -1
        age = np.zeros(1, np.int64) if journeys.age is None else journeys.age
        return np.asarray(
            _parts(
                MODELS.index(self.model), journeys.touch, journeys.ends, age, direct,
                float(self.half_life_ms), self.first, self.last,
            )
        )  # fmt: skip


@numba.njit(cache=True, nogil=True)
def _parts(
    model: Any, touch: Any, ends: Any, age: Any, direct: Any, half_life: Any, first: Any, last: Any
) -> Any:
    found = np.empty(len(touch))
    begin = 0
    for journey in range(len(ends)):
        end = ends[journey]
        told = _last_told(touch, begin, end, direct)
        whole = 0.0
        for at in range(begin, end):
            found[at] = _part(model, age, begin, end, at, told, half_life, first, last)
            whole += found[at]
        for at in range(begin, end):
            found[at] /= whole
        begin = end
    return found


@numba.njit(cache=True, nogil=True)
def _part(
    model: Any, age: Any, begin: Any, end: Any, at: Any,
    told: Any, half_life: Any, first: Any, last: Any,
) -> Any:  # fmt: skip
    """The part of one touch, as a weight beside the other touches of its journey."""
    if model == 0:
        return 1.0 if at == begin else 0.0
    if model == 1:
        return 1.0 if at == end - 1 else 0.0
    if model == 2:
        return 1.0 if at == told else 0.0
    if model == 3:
        return 1.0
    if model == 4:
        # Against the youngest touch, so that the parts of old journeys do not vanish.
        return 2.0 ** ((age[end - 1] - age[at]) / half_life)
    size = end - begin
    if size == 1:
        return 1.0
    if size == 2:
        both = first + last
        if both == 0:
            return 0.5
        return first / both if at == begin else last / both
    if at == begin:
        return first
    if at == end - 1:
        return last
    return (1.0 - first - last) / (size - 2)


@numba.njit(cache=True, nogil=True)
def _last_told(touch: Any, begin: Any, end: Any, direct: Any) -> Any:
    for at in range(end - 1, begin - 1, -1):
        if touch[at] != direct:
            return at
    return end - 1
