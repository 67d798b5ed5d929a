"""The pass of traffic: sessions of every owner, added up by day, by group and by period."""

from __future__ import annotations

from typing import Any, Final, NamedTuple, Self

import numba
import numpy as np

from hotspring.analytics.calendar import HALF_HOUR, place

METRICS: Final = (
    "visitors", "new", "sessions", "bounces", "dwell", "views", "events", "orders", "buyers",
    "repeats", "worth",
)  # fmt: skip
VISITORS, NEW, SESSIONS, BOUNCES, DWELL, VIEWS, EVENTS, ORDERS, BUYERS, REPEATS, WORTH = range(11)
ADDED: Final = [SESSIONS, BOUNCES, DWELL, VIEWS, EVENTS, ORDERS, WORTH]
"""What of the units adds up to what the period has."""
VIEW, STILL, PAYS, TAKES = range(4)
"""Places of masks of hits."""
EVER: Final = 2**62
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
    def empty(cls, units: int, days: int, groups: int) -> Self:
        """Nothing yet."""
        wide = len(METRICS)
        return cls(
            np.zeros((units, wide)), np.zeros((2, wide)), np.zeros((groups, wide)),
            np.zeros((days + 1, len(WINDOWS))), np.zeros((168, 2)), np.zeros(MOST), np.zeros(MOST),
        )  # fmt: skip

    def plus(self, other: Self) -> Self:
        """Of both together, who are different owners."""
        wide = max(len(self.groups), len(other.groups))
        return type(self)(
            *(one + more for one, more in zip(self.of(wide), other.of(wide), strict=True))
        )

    def of(self, groups: int) -> Self:
        """With rows for so many groups."""
        more = np.zeros((groups - len(self.groups), len(METRICS)))
        return self._replace(groups=np.concatenate([self.groups, more]))


@numba.njit(cache=True, nogil=True)
def active(slot: Any, ms: Any, starts: Any, days: Any, rolling: Any, apart: Any) -> None:
    """Count owners on the days after each of activity, once a day; and the days in between.

    As in all passes here, rows are those of whole owners, by time. `starts` is when each day
    begins, `days` its number in the period.
    """
    length, until, last = len(rolling) - 1, np.int64(-EVER), np.int64(-EVER)
    for at in range(len(slot)):
        same = at > 0 and slot[at] == slot[at - 1]
        if same and ms[at] < until:
            continue
        found = place(ms[at], starts)
        day, until = days[found], starts[found + 1]
        if not same:
            last = np.int64(-EVER)
        elif day >= 0:
            apart[min(day - last, len(apart) - 1)] += 1
        for row in range(len(WINDOWS)):
            window = WINDOWS[row]
            low, high = max(day, 0, last + window), min(day + window, length)
            if low < high:
                rolling[low, row] += 1
                rolling[high, row] -= 1
        last = day


@numba.njit(cache=True, nogil=True)
def sessions(
    slot: Any, ms: Any, hits: Any, code: Any, still: Any, gap: Any, edges: Any, starts: Any,
    numbers: Any, half: Any, clock: Any, units: Any, periods: Any, groups: Any, hours: Any,
    often: Any,
) -> Any:  # fmt: skip
    """Count sessions; the first code of its session by row, where `code` is not empty.

    `still`: hits that are no acts. `edges`: where the period before begins, where the period
    begins, where it ends. `numbers` is the unit of each day, `clock` the hour of the week of each
    half hour from the `half`-th on.
    """
    group = np.empty(len(code), np.int32)
    found, began, acts = 0, 0, 0
    for at in range(len(slot)):
        acts += (hits[at] & still) == 0
        if len(code):
            group[at] = code[began]
        after = at + 1
        same = after < len(slot) and slot[after] == slot[at]
        # None goes on over the beginning of the period before.
        cut = not same or (ms[after] >= edges[0] and ms[at] < edges[0])
        if not cut and ms[after] - ms[at] <= gap:
            continue
        since, dwell = ms[began], ms[at] - ms[began]
        if since >= edges[1]:
            found += 1
            _visit(units, numbers[place(since, starts)], acts, dwell)
            hours[clock[since // HALF_HOUR - half], 1] += 1
            if len(code):
                _visit(groups, code[began], acts, dwell)
        elif since >= edges[0]:
            _visit(periods, 0, acts, dwell)
        if not same:
            often[min(found, len(often) - 1)] += ms[at] >= edges[1]
            found = 0
        began, acts = after, 0
    return group


@numba.njit(cache=True, nogil=True)
def people(
    slot: Any, ms: Any, hits: Any, worth: Any, masks: Any, firsts: Any, edges: Any, sums: Any
) -> None:
    """Count owners in both periods, and the events of the one before.

    `masks`: which hits are views, no acts, orders and refunds. `firsts`: when each owner was first
    seen at all, by slot.
    """
    views, pays, takes = masks[VIEW], masks[PAYS], masks[TAKES]
    came, orders, many, seen = np.int64(-1), 0, 0, 0
    for at in range(len(slot)):
        if at == 0 or slot[at] != slot[at - 1]:
            came = np.int64(-1)
        if ms[at] < edges[0]:
            continue
        p = np.int64(ms[at] >= edges[1])
        if came != p:
            came, orders = p, 0
            sums[p, VISITORS] += 1
            sums[p, NEW] += edges[p] <= _first(firsts, slot[at]) < edges[p + 1]
        many += p == 0
        seen += p == 0 and (hits[at] & views) != 0
        if hits[at] & (pays | takes):
            orders += (hits[at] & pays) != 0
            _paid(sums, p, hits[at] & pays, orders, worth[at])
    sums[0, EVENTS] += many
    sums[0, VIEWS] += seen


@numba.njit(cache=True, nogil=True)
def deeds(
    slot: Any, ms: Any, hits: Any, worth: Any, masks: Any, firsts: Any, edges: Any, starts: Any,
    numbers: Any, half: Any, clock: Any, units: Any, hours: Any,
) -> None:  # fmt: skip
    """Count the events of the period, by unit and by hour of the week."""
    views, pays, takes = masks[VIEW], masks[PAYS], masks[TAKES]
    u, until, orders = np.int64(-1), np.int64(-EVER), 0
    hour, next_ = np.int64(0), np.int64(-EVER)
    # Those of one half hour and unit are counted together.
    many, seen = 0, 0
    for at in range(len(slot)):
        if at == 0 or slot[at] != slot[at - 1]:
            until, next_ = np.int64(-EVER), np.int64(-EVER)
        if ms[at] < edges[1]:
            continue
        if ms[at] >= next_:
            _counted(units, hours, u, hour, many, seen)
            one = ms[at] // HALF_HOUR
            many, seen, hour = 0, 0, clock[one - half]
            if ms[at] >= until:
                came = until == -EVER
                day = place(ms[at], starts)
                until = starts[day + 1]
                if came or numbers[day] != u:
                    u, orders = numbers[day], 0
                    units[u, VISITORS] += 1
                    units[u, NEW] += numbers[place(_first(firsts, slot[at]), starts)] == u
            next_ = min((one + 1) * HALF_HOUR, until)
        many += 1
        seen += (hits[at] & views) != 0
        if hits[at] & (pays | takes):
            orders += (hits[at] & pays) != 0
            _paid(units, u, hits[at] & pays, orders, worth[at])
    _counted(units, hours, u, hour, many, seen)


@numba.njit(cache=True, nogil=True)
def _counted(units: Any, hours: Any, u: Any, hour: Any, many: Any, seen: Any) -> None:
    if many:
        units[u, EVENTS] += many
        units[u, VIEWS] += seen
        hours[hour, 0] += many


@numba.njit(cache=True, nogil=True)
def _paid(rows: Any, row: Any, order: Any, orders: Any, worth: Any) -> None:
    """Count an order, which is the `orders`-th of its owner, or a refund."""
    if order:
        rows[row, ORDERS] += 1
        rows[row, WORTH] += worth
        rows[row, BUYERS] += orders == 1
        rows[row, REPEATS] += orders == 2
    else:
        rows[row, WORTH] -= worth


@numba.njit(cache=True, nogil=True)
def grouped(
    slot: Any, ms: Any, hits: Any, worth: Any, group: Any, masks: Any, firsts: Any, edges: Any,
    groups: Any,
) -> None:  # fmt: skip
    """Count the events of the period, by the group of each."""
    views, pays, takes = masks[VIEW], masks[PAYS], masks[TAKES]
    # By group: who came last, who paid last, and who paid again last.
    marks = np.full((3, len(groups)), np.int64(-1))
    for at in range(len(slot)):
        if ms[at] < edges[1]:
            continue
        g, whose = group[at], slot[at]
        _event(groups, g, hits[at], worth[at], views, pays, takes)
        if marks[0, g] != whose:
            marks[0, g] = whose
            groups[g, VISITORS] += 1
            groups[g, NEW] += _first(firsts, whose) >= edges[1]
        if hits[at] & pays:
            if marks[1, g] != whose:
                marks[1, g] = whose
                groups[g, BUYERS] += 1
            elif marks[2, g] != whose:
                marks[2, g] = whose
                groups[g, REPEATS] += 1


@numba.njit(cache=True, nogil=True)
def _first(firsts: Any, slot: Any) -> Any:
    return firsts[slot] if slot < len(firsts) else np.int64(EVER)


@numba.njit(cache=True, nogil=True)
def _visit(rows: Any, row: Any, acts: Any, dwell: Any) -> None:
    rows[row, SESSIONS] += 1
    rows[row, BOUNCES] += acts <= 1
    rows[row, DWELL] += dwell


@numba.njit(cache=True, nogil=True)
def _event(rows: Any, row: Any, hit: Any, worth: Any, views: Any, pays: Any, takes: Any) -> None:
    rows[row, EVENTS] += 1
    rows[row, VIEWS] += (hit & views) != 0
    if hit & pays:
        rows[row, ORDERS] += 1
        rows[row, WORTH] += worth
    elif hit & takes:
        rows[row, WORTH] -= worth
