"""The life cycle: new, active, loyal, sleeping, lost or returned, by the pace of this business.

Whoever was ever active is in exactly one stage, which follows from the days on which that was and
from four numbers. Days are those of a calendar, so that a stage changes by what somebody does or at
midnight, and never within a quiet day.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt

STAGES: Final = ("new", "active", "loyal", "sleeping", "lost", "returned")
"""In the order of their codes, as in rules."""
NEVER: Final = -1
"""The code of who never was active."""
LAST: Final = 65_535
"""The day of the reading; earlier ones count down from it."""
LEAST_GAPS: Final = 20
"""From fewer nothing is concluded."""
BARS: Final = 40
MOST_SPREAD: Final = 98
"""Percent of the gaps that are drawn apart."""

Ints = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.int32] | Ints
Slots = npt.NDArray[np.int32]


class Pace(msgspec.Struct, frozen=True, kw_only=True):
    """Where the stages part, in days; `loyal` is a number of active days."""

    new: int = 30
    """New: the first active day is at most so long ago."""
    sleeping: int = 60
    """Sleeping: not active for so long; who is active again after such a silence has returned."""
    lost: int = 180
    """Lost: not active for so long."""
    loyal: int = 3
    """Loyal: active on so many days before being lost would have come."""


class Days:
    """On which days each slot was active, as of the day of a reading."""

    STAGES = STAGES
    """By code; `NEVER`, -1, is none of them."""

    def __init__(self, today: int, parts: Iterable[tuple[Slots, Numbers]]) -> None:
        """`parts` are slots and the numbers of the days on which they were active, none later than
        `today`."""
        keys = [np.empty(0, np.int64)]
        for slot, number in parts:
            day = LAST - np.minimum(today - number.astype(np.int64), LAST)
            keys.append(np.unique(slot.astype(np.int64) << 16 | day))
        self._keys = np.unique(np.concatenate(keys))

    def gaps(self) -> Ints:
        """Days between one active day of somebody and the next, each such pair once."""
        slot, day = self._keys >> 16, self._keys & LAST
        return np.asarray(np.diff(day)[np.diff(slot) == 0])

    def suggested(self) -> Pace:
        """The pace that follows from the gaps; the usual one where there are too few.

        With quartiles Q1 to Q3 of the gaps, sleeping begins at the inner fence Q3 + 1.5·(Q3 - Q1),
        lost at the outer fence Q3 + 3·(Q3 - Q1), beyond which a gap is out of the ordinary (Tukey,
        Exploratory Data Analysis, 1977); new lasts for Q3, after which three in four came again.
        Only gaps that ended are known, so both fences lie early rather than late.
        """
        found = self.gaps()
        if len(found) < LEAST_GAPS:
            return Pace()
        low, high = np.percentile(found, (25, 75), method="inverted_cdf").tolist()
        inner = max(round(high + 1.5 * (high - low)), 2)
        outer = max(round(high + 3 * (high - low)), inner + 1)
        return Pace(new=max(int(high), 1), sleeping=inner, lost=outer)

    def stages(self, slots: Slots, pace: Pace, back: int = 0) -> npt.NDArray[np.int8]:
        """The code of the stage of each of these slots, `back` days before; `NEVER` without any."""
        now = LAST - back
        keys = self._keys[(self._keys & LAST) <= now]
        size = int(max(slots.max(initial=-1), (keys >> 16).max(initial=-1))) + 1
        slot, day = keys >> 16, keys & LAST
        first, last = np.full(size, LAST + 1), np.full(size, -LAST)
        np.minimum.at(first, slot, day)
        np.maximum.at(last, slot, day)
        again = np.full(size, -LAST)
        silence = (np.diff(slot) == 0) & (np.diff(day) >= pace.sleeping)
        np.maximum.at(again, slot[1:][silence], day[1:][silence])
        often = np.bincount(slot[day > now - pace.lost], minlength=size)
        code = np.full(size, STAGES.index("active"), np.int8)
        # What is put later counts before what was put earlier.
        code[often >= pace.loyal] = STAGES.index("loyal")
        code[now - first <= pace.new] = STAGES.index("new")
        code[now - again <= pace.sleeping] = STAGES.index("returned")
        code[now - last >= pace.sleeping] = STAGES.index("sleeping")
        code[now - last >= pace.lost] = STAGES.index("lost")
        code[last == -LAST] = NEVER
        return code[slots]


class Moved(NamedTuple):
    """How many went from one stage to another."""

    before: str
    after: str
    profiles: int


def moves(before: npt.NDArray[np.int8], after: npt.NDArray[np.int8]) -> list[Moved]:
    """Who went where, the most first; also those who stayed. Who never was active is in `none`."""
    names, size = (*STAGES, "none"), len(STAGES) + 1
    pairs = np.bincount(before % size * np.int64(size) + after % size, minlength=size * size)
    pairs[-1] = 0
    found = [
        Moved(names[at // size], names[at % size], int(pairs[at]))
        for at in np.flatnonzero(pairs).tolist()
    ]
    return sorted(found, key=lambda one: (-one.profiles, one.before, one.after))


class Bar(NamedTuple):
    """How many gaps are from so many days on and shorter than so many; None is without end."""

    least: int
    before: int | None
    gaps: int


def spread(gaps: Ints) -> list[Bar]:
    """How gaps are spread: bars of one width over 98 in 100 of them, and one for all longer ones.

    Empty without any. A gap lasts at least a day.
    """
    if not len(gaps):
        return []
    most = int(np.percentile(gaps, MOST_SPREAD, method="inverted_cdf"))
    wide = -(-most // BARS)
    whole = -(-most // wide)
    many = np.bincount(np.minimum((gaps - 1) // wide, whole)).tolist()
    return [
        Bar(1 + wide * at, None if at == whole else 1 + wide * (at + 1), count)
        for at, count in enumerate(many)
    ]
