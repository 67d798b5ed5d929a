"""The pass of traffic: sessions of every owner, added up by day, by group and by period."""

from __future__ import annotations

from typing import Any, Final, NamedTuple, Self

import numba
import numpy as np

METRICS: Final = (
    "visitors", "new", "sessions", "bounces", "dwell", "views", "events", "orders", "buyers",
    "repeats", "worth",
)  # fmt: skip
VISITORS, NEW, SESSIONS, BOUNCES, DWELL, VIEWS, EVENTS, ORDERS, BUYERS, REPEATS, WORTH = range(11)
VIEW, QUIET, PAID, REFUND = 1, 2, 4, 8
"""Bits of kinds."""
WINDOWS: Final = (1, 7, 30)
MOST: Final = 400
"""More sessions, or days apart, are not told apart."""


class Visits(NamedTuple):
    """Sums; whole numbers in float64, as `METRICS` are."""

    units: Any
    """A row for each day, week or month of the period."""
    periods: Any
    """The period before, and the period."""
    groups: Any
    """A row for each code."""
    rolling: Any
    """By day of the period and window of days: how much more are active than the day before."""
    hours: Any
    """By hour of the week: events and sessions."""
    often: Any
    """Visitors by number of sessions."""
    apart: Any
    """Times by days between visits."""

    @classmethod
    def empty(cls, units: int, days: int) -> Self:
        """Nothing yet."""
        wide = len(METRICS)
        return cls(
            np.zeros((units, wide)), np.zeros((2, wide)), np.zeros((1, wide)),
            np.zeros((days + 1, len(WINDOWS))), np.zeros((168, 2)), np.zeros(MOST), np.zeros(MOST),
        )  # fmt: skip

    def widened(self, groups: int) -> Self:
        """With room for so many groups."""
        if groups <= len(self.groups):
            return self
        more = np.zeros((groups - len(self.groups), len(METRICS)))
        return self._replace(groups=np.concatenate([self.groups, more]))


@numba.njit(cache=True, nogil=True)
def add(
    slot: Any, ms: Any, kind: Any, worth: Any, code: Any, unit: Any, day: Any, clock: Any,
    first: Any, first_unit: Any, edges: Any, gap: Any, own: Any,
    units: Any, periods: Any, groups: Any, rolling: Any, hours: Any, often: Any, apart: Any,
) -> None:  # fmt: skip
    """Add rows of whole owners, by time.

    `first` is when each owner was first seen at all, and `first_unit` in which unit. `edges`: where
    the period before begins, where the period begins, where it ends; what came earlier counts only
    as activity of the days after. `own`: events stand in the group of their own code, not in that
    of their session.
    """
    marks = np.full((3, len(groups)), np.int64(-1))
    group = code.copy()
    row, length = 0, len(rolling) - 1
    while row < len(slot):
        start = row
        while row < len(slot) and slot[row] == slot[start]:
            row += 1
        _active(day[start:row], length, rolling, apart)
        there, sessions = False, 0
        at = start
        while at < row:
            end, acts = _session(at, row, ms, kind, gap, edges[0])
            if not own:
                group[at : end + 1] = code[at]
            if ms[at] >= edges[0]:
                p = np.int64(ms[at] >= edges[1])
                _visit(periods[p], acts, ms[end] - ms[at])
                if p:
                    _visit(units[unit[at]], acts, ms[end] - ms[at])
                    _visit(groups[code[at]], acts, ms[end] - ms[at])
                    hours[clock[at], 1] += 1
                    sessions += 1
            there |= ms[end] >= edges[1]
            at = end + 1
        if there:
            often[min(sessions, len(often) - 1)] += 1
        _period(start, row, ms, kind, worth, first, edges, periods)
        low = start
        while low < row and ms[low] < edges[1]:
            low += 1
        _whole(low, row, unit, first_unit, kind, worth, clock, units, hours)
        for at in range(low, row):
            g = group[at]
            _event(groups[g], kind[at], worth[at])
            paid = kind[at] & PAID != 0
            groups[g, VISITORS] += marks[0, g] != slot[at]
            groups[g, NEW] += marks[0, g] != slot[at] and first[at] >= edges[1]
            groups[g, REPEATS] += paid and marks[1, g] == slot[at] and marks[2, g] != slot[at]
            if paid and marks[1, g] == slot[at]:
                marks[2, g] = slot[at]
            groups[g, BUYERS] += paid and marks[1, g] != slot[at]
            marks[0, g] = slot[at]
            if paid:
                marks[1, g] = slot[at]


@numba.njit(cache=True, nogil=True)
def _period(
    start: Any, until: Any, ms: Any, kind: Any, worth: Any, first: Any, edges: Any, periods: Any
) -> None:
    """The events of an owner, by period."""
    came, orders = np.zeros(2, np.bool_), np.zeros(2)
    for at in range(start, until):
        if ms[at] < edges[0]:
            continue
        p = np.int64(ms[at] >= edges[1])
        _event(periods[p], kind[at], worth[at])
        if not came[p]:
            came[p] = True
            periods[p, VISITORS] += 1
            periods[p, NEW] += edges[p] <= first[at] < edges[p + 1]
        if kind[at] & PAID:
            orders[p] += 1
            periods[p, BUYERS] += orders[p] == 1
            periods[p, REPEATS] += orders[p] == 2


@numba.njit(cache=True, nogil=True)
def _whole(
    start: Any, until: Any, unit: Any, first_unit: Any, kind: Any, worth: Any, clock: Any,
    units: Any, hours: Any,
) -> None:  # fmt: skip
    """The events of an owner in the period, by unit and by hour of the week."""
    orders = 0
    for at in range(start, until):
        u = unit[at]
        hours[clock[at], 0] += 1
        _event(units[u], kind[at], worth[at])
        if at == start or unit[at - 1] != u:
            orders = 0
            units[u, VISITORS] += 1
            units[u, NEW] += first_unit[at] == u
        if kind[at] & PAID:
            orders += 1
            units[u, BUYERS] += orders == 1
            units[u, REPEATS] += orders == 2


@numba.njit(cache=True, nogil=True)
def _session(at: Any, until: Any, ms: Any, kind: Any, gap: Any, edge: Any) -> Any:
    """The last row of the session that begins here, and how many of its events are acts."""
    end, acts = at, 0
    while True:
        acts += (kind[end] & QUIET) == 0
        after = end + 1
        if after == until or ms[after] - ms[end] > gap or (ms[after] >= edge and ms[end] < edge):
            return end, acts
        end = after


@numba.njit(cache=True, nogil=True)
def _visit(row: Any, acts: Any, dwell: Any) -> None:
    row[SESSIONS] += 1
    row[BOUNCES] += acts <= 1
    row[DWELL] += dwell


@numba.njit(cache=True, nogil=True)
def _event(row: Any, kind: Any, worth: Any) -> None:
    row[EVENTS] += 1
    row[VIEWS] += (kind & VIEW) != 0
    if kind & PAID:
        row[ORDERS] += 1
        row[WORTH] += worth
    elif kind & REFUND:
        row[WORTH] -= worth


@numba.njit(cache=True, nogil=True)
def _active(day: Any, length: Any, rolling: Any, apart: Any) -> None:
    """Count an owner on the days after each of activity, once a day; and the days in between."""
    for at in range(len(day)):
        if at and day[at] == day[at - 1]:
            continue
        if at and day[at] >= 0:
            apart[min(day[at] - day[at - 1], len(apart) - 1)] += 1
        for place in range(3):
            window = 1 if place == 0 else 7 if place == 1 else 30
            low = max(day[at], 0)
            if at:
                low = max(low, day[at - 1] + window)
            high = min(day[at] + window, length)
            if low < high:
                rolling[low, place] += 1
                rolling[high, place] -= 1
