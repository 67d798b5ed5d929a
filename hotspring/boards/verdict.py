"""Is a figure as it should be: does it reach its target, or is its last day as usual?"""

from __future__ import annotations

import datetime as dt
import statistics
from collections.abc import Sequence
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from hotspring.boards.dashboard import Target

LEAST: Final = 4
"""So many days, at least, tell what is usual."""
SCORES: Final = 3.5
"""Modified z-scores beyond which a day is unusual (Iglewicz and Hoaglin, 1993)."""
NORMAL: Final = 0.6745
"""Of a normal distribution, the median distance from the median in standard deviations."""
SHARE: Final = 0.1
"""Of the median: what lies nearer to it is never unusual."""


class Verdict(NamedTuple):
    """A figure, and between what it should lie; None where nothing bounds it."""

    value: float
    low: float | None
    high: float | None

    @property
    def met(self) -> bool:
        """Is it as it should be?"""
        below = self.high is None or self.value <= self.high
        return below and (self.low is None or self.value >= self.low)


def before(asked: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    """The same question of the period as long that ends where that of an answer begins."""
    first, last = (dt.date.fromisoformat(answer[name]) for name in ("from", "until"))
    day = dt.timedelta(days=1)
    start, end = first - (last - first) - day, first - day
    return {**asked, "from": start.isoformat(), "until": end.isoformat()}


def weekdays(asked: dict[str, Any], answer: dict[str, Any], weeks: int) -> list[dict[str, Any]]:
    """The same question of the last day that is over, and of the same weekday of so many weeks
    before."""
    now = dt.datetime.fromisoformat(answer["as_of"]).astimezone(ZoneInfo(answer["timezone"]))
    over = now.date() - dt.timedelta(days=1)
    last = min(dt.date.fromisoformat(answer["until"]), over)
    days = [(last - dt.timedelta(weeks=back)).isoformat() for back in range(weeks + 1)]
    return [{**asked, "from": day, "until": day} for day in days]


def reached(value: float | None, target: Target, earlier: float | None) -> Verdict | None:
    """Does a figure reach its target, given that of the period before? None while unknown."""
    goal = target.value
    if goal is None and earlier is not None:
        goal = earlier * (1 + target.change)
    if value is None or goal is None:
        return None
    return Verdict(value, None, goal) if target.less else Verdict(value, goal, None)


def usual(value: float | None, past: Sequence[float | None]) -> Verdict | None:
    """Is a day as usual, given such days before? None where too few are known."""
    known = [one for one in past if one is not None]
    if value is None or len(known) < LEAST:
        return None
    middle = statistics.median(known)
    spread = statistics.median(abs(one - middle) for one in known)
    half = max(SCORES * spread / NORMAL, abs(middle) * SHARE)
    # What never was below nothing is not expected there.
    low = middle - half if min(known) < 0 else max(middle - half, 0.0)
    return Verdict(value, low, middle + half)
