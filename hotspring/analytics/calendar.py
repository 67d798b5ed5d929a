"""Days, weeks and months of many moments at once, and the hours on the clocks: compiled lookups."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from typing import Any, Final, NamedTuple

import numba
import numpy as np
import numpy.typing as npt

from hotspring.analytics.parameters import Unit, units
from hotspring.days import DAY_MS, FIRST, LAST, Days

HALF_HOUR: Final = 1_800_000
"""Clocks change at whole half hours of UTC."""
EVER: Final = 2**62
Ints = npt.NDArray[np.int64]


class Calendar(NamedTuple):
    """Numbers of days, weeks or months, `base` taken off."""

    starts: Ints
    """When each day begins, and when the last one ends."""
    numbers: Ints
    """The number of each."""
    edges: Ints
    """When each number begins, and when the last one ends."""

    @classmethod
    def of(cls, days: Days, unit: Unit, base: int) -> Calendar:
        """The calendar of a time zone."""
        every = np.arange(FIRST, FIRST + len(days.starts))
        numbers = np.asarray(units(every, unit)).astype(np.int64) - base
        edges = days.starts[np.flatnonzero(np.diff(numbers, prepend=numbers[0]))]
        return cls(np.append(days.starts, EVER), numbers, np.concatenate([[-EVER], edges, [EVER]]))


@numba.njit(cache=True, nogil=True)
def number(ms: Any, starts: Any, numbers: Any) -> Any:
    """The number of one moment, for compiled passes; it holds from `edges[number - numbers[0]]`
    up to the next edge."""
    return numbers[place(ms, starts)]


@numba.njit(cache=True, nogil=True)
def place(ms: Any, starts: Any) -> Any:
    """The place of the day of one moment, for compiled passes; it ends where the next one
    begins."""
    # A local date is at most one day off the UTC date, as in `Days.of`.
    at = min(max(ms // DAY_MS, FIRST + 1), LAST - 2) - FIRST
    return at + np.int64(ms >= starts[at]) + np.int64(ms >= starts[at + 1]) - 1


class Clock:
    """The hours of the week over some time."""

    def __init__(self, zone: zoneinfo.ZoneInfo, start: int, end: int) -> None:
        """For moments with `start <= ms < end`."""
        self.low = start // HALF_HOUR
        moments = (
            dt.datetime.fromtimestamp(half * HALF_HOUR / 1000, zone)
            for half in range(self.low, end // HALF_HOUR + 1)
        )
        self.hours = np.array([one.weekday() * 24 + one.hour for one in moments], np.int64)
        """Of each half hour from the `low`-th on: day of the week (Monday is 0) times 24, and the
        hour that the clocks show."""
