"""What channels cost and what their touches brought, week by week or day by day."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from hotspring.analytics.parameters import Period, begins, units
from hotspring.analytics.report import REST, Setting, Source
from hotspring.analytics.reports._owed import Crediting, gathered, regrouped
from hotspring.attribution import Journeys, Window, walk
from hotspring.costs import spent
from hotspring.days import DAY_MS
from hotspring.response import FEW, History

WEEK: Final = 7
RECENT: Final = 28
"""Days that say what is spent now."""

Unit = Literal["auto", "week", "day"]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


class Stretches(NamedTuple):
    """Weeks from Monday, or days, one after the other, for which everything that touches in them
    bring is known: what one of these may still bring lies within the lookback."""

    first: int
    """The first day."""
    many: int
    length: int
    """Days of each."""

    @property
    def days(self) -> list[int]:
        """The first day of each, and the day after the last."""
        return [self.first + self.length * number for number in range(self.many + 1)]

    @classmethod
    def of(cls, unit: Unit, known: Period, lookback: int, setting: Setting) -> Stretches:
        """Those of the days of which all is known; by itself weeks where they are enough to tell
        anything, else days."""
        over = int(setting.days.of(np.array([setting.now - lookback * DAY_MS]))[0])
        end = min(known.last + 1, over)
        monday = begins(int(units(known.first + WEEK - 1, "week")), "week")
        weeks = max(end - monday, 0) // WEEK
        if unit == "week" or (unit == "auto" and weeks >= FEW):
            return cls(monday, weeks, WEEK)
        return cls(known.first, max(end - known.first, 0), 1)

    def window(self, asked: Crediting, setting: Setting) -> Window:
        """Conversions that may be owed to touches in them."""
        start, end = Period(self.first, self.first + self.many * self.length - 1).bounds(
            setting.days
        )
        return Window(
            start=start, end=end + asked.lookback * DAY_MS, lookback_ms=asked.lookback * DAY_MS,
            repeat_ms=asked.repeat * 60_000, once=asked.once,
        )  # fmt: skip


class Spending(NamedTuple):
    """What every channel that costs anything cost and brought."""

    stretches: Stretches
    histories: list[History]
    """At the pace of a week: of a day seven times as much."""
    now: dict[str, float]
    """What a week costs now."""
    untold: float
    """What a week costs now of which no channel is told."""


def spending(
    asked: Crediting, unit: Unit, money: bool, source: Source, setting: Setting
) -> Spending:
    """Costs by stretch, beside the revenue (or the conversions) that are owed to the touches in it:
    to the day a touch was paid for, not to that of the order that followed."""
    start, _ = setting.period.bounds(setting.days)
    deeds = gathered(asked, source, setting, start - asked.lookback * DAY_MS)
    paid_for = _paid_for(setting)
    began = int(setting.days.of(deeds.ms.min(initial=setting.now)[None])[0])
    known = paid_for._replace(first=max(paid_for.first, began))
    stretches = Stretches.of(unit, known, asked.lookback, setting)
    window = stretches.window(asked, setting)
    found = walk(deeds.slot, deeds.ms, deeds.touch, deeds.brought, window, deeds.names)
    names = asked.told_apart(found.journeys)
    edges = np.asarray(setting.days.start(np.array(stretches.days)))
    brought = _brought(asked, money, regrouped(found.journeys, names), found.when, edges)
    rest = set(deeds.names) - set(names)
    paid = _costs(setting, asked.by, stretches.days, rest)
    now = _now(setting, asked.by, paid_for, rest)
    untold = now.pop("", 0.0)
    paid.pop("", None)
    nothing, pace = np.zeros(stretches.many), WEEK / stretches.length
    histories = [
        History(name, paid.get(name, nothing) * pace, brought.get(name, nothing) * pace)
        for name in sorted({*paid, *now}, key=lambda name: (name == REST, name))
    ]
    return Spending(stretches, histories, now, untold)


def _paid_for(setting: Setting) -> Period:
    """The days of which costs are known: before the first nobody wrote any down, after the last
    those may still come."""
    first, last = setting.period
    return Period(
        max(first, min((cost.first for cost in setting.costs), default=first)),
        min(last, max((cost.last for cost in setting.costs), default=last)),
    )


def _now(setting: Setting, by: str, paid_for: Period, rest: set[str]) -> dict[str, float]:
    last = paid_for.last
    first = max(paid_for.first, last - RECENT + 1)
    if first > last:
        return {}
    parts = _costs(setting, by, [first, last + 1], rest)
    return {name: float(part[0]) * WEEK / (last + 1 - first) for name, part in parts.items()}


def _costs(setting: Setting, by: str, days: list[int], rest: set[str]) -> dict[str, Floats]:
    """By channel; those that are not told apart are one."""
    found: dict[str, Floats] = {}
    for word, parts in spent(setting.costs, by, days).items():
        name = REST if word in rest else word
        found[name] = found.get(name, 0.0) + parts
    return found


def _brought(
    asked: Crediting, money: bool, journeys: Journeys, when: Ints, edges: Ints
) -> dict[str, Floats]:
    """By channel and stretch what is owed to the touches in it. A model that credits channels
    alone has its credit spread as the even share of touches lies in time."""
    if journeys.age is None or not len(journeys.ends):
        return {}
    size = np.diff(journeys.ends, prepend=0)
    weight = journeys.value if money else journeys.conversions
    parts = asked.by_touch.parts(journeys) * np.repeat(weight, size)
    moment = np.repeat(when, size) - journeys.age
    stretch = np.searchsorted(edges, moment, side="right") - 1
    inside = (stretch >= 0) & (stretch < len(edges) - 1)
    many, count = len(edges) - 1, len(journeys.names)
    place = journeys.touch[inside].astype(np.int64) * many + stretch[inside]
    sums = np.bincount(place, parts[inside], count * many).reshape(count, many)
    whole = np.bincount(journeys.touch, parts, count)
    credit = asked.credit(journeys)
    owed = credit.value if money else credit.conversions
    scale = np.divide(owed, whole, out=np.zeros(count), where=whole > 0)
    return dict(zip(journeys.names, np.maximum(sums * scale[:, None], 0.0), strict=True))
