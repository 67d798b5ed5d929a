"""The days of a pool: on which day of its time zone a moment lies, and when that day began."""

from __future__ import annotations

import datetime as dt
import functools
import zoneinfo
from typing import Any, Final

import numpy as np
import numpy.typing as npt

DAY_MS: Final = 86_400_000
FIRST: Final = -25_567
"""1900-01-01 as days since 1970-01-01."""
LAST: Final = 84_006
"""2200-01-01."""

Ints = npt.NDArray[np.int64]


class Days:
    """The days of one time zone, numbered since 1970-01-01 of its own calendar.

    A day begins at the first moment its date is on the clocks, be that midnight or, where clocks
    jump over midnight, the jump; it lasts until the next one begins. Moments before 1900 count to
    the first day, after 2199 to the last.
    """

    def __init__(self, starts: Ints) -> None:
        self.starts = starts
        """When each day begins, ms since 1970 UTC; the first is that of day `FIRST`."""

    def of(self, ms: Ints) -> npt.NDArray[np.int32]:
        """On which day does each moment lie?"""
        # A local date is at most one day off the UTC date, so two comparisons settle it.
        guess = np.clip(ms // DAY_MS, FIRST + 1, LAST - 2)
        at = guess - FIRST
        day = guess - 1 + (ms >= self.starts[at]) + (ms >= self.starts[at + 1])
        return day.astype(np.int32)

    def start(self, day: npt.NDArray[np.integer[Any]]) -> Ints:
        """When does each day begin, in ms since 1970 UTC?"""
        return np.asarray(self.starts[day - FIRST])


@functools.lru_cache(maxsize=8)
def days_of(zone: zoneinfo.ZoneInfo) -> Days:
    """Which are the days of a time zone?"""
    noon = dt.datetime(1970, 1, 1, 12, tzinfo=zone) + dt.timedelta(days=FIRST - 1)
    one = dt.timedelta(days=1)
    starts = np.empty(LAST - FIRST, np.int64)
    before = _offset_ms(noon)
    for i in range(len(starts)):
        noon += one
        offset = _offset_ms(noon)
        starts[i] = (FIRST + i) * DAY_MS - offset if offset == before else _start_ms(noon)
        before = offset
    return Days(starts)


def _offset_ms(moment: dt.datetime) -> int:
    offset = moment.utcoffset() or dt.timedelta()
    return int(offset.total_seconds() * 1000)


def _start_ms(noon: dt.datetime) -> int:
    """When does the day of this noon begin, given that the clocks were changed since the last?"""
    date = noon.date()
    midnight = noon.replace(hour=0)
    early, late = sorted(int(midnight.replace(fold=fold).timestamp() * 1000) for fold in (0, 1))
    if dt.datetime.fromtimestamp(early / 1000, noon.tzinfo).date() >= date:
        return early
    # Midnight was jumped over: find the first moment that is on the new date.
    while late - early > 1:
        middle = (early + late) // 2
        if dt.datetime.fromtimestamp(middle / 1000, noon.tzinfo).date() >= date:
            late = middle
        else:
            early = middle
    return late
