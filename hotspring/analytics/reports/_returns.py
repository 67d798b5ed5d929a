"""The pass of retention: who begins when, and in which periods after it they come back."""

from __future__ import annotations

from typing import Any, Final

import numba
import numpy as np

from hotspring.analytics.calendar import number

NEVER: Final = -(2**62)
FIRST, BACK = 1, 2
"""Bits of hits."""


@numba.njit(cache=True, nogil=True)
def members(
    slot: Any, ms: Any, hits: Any, code: Any, worth: Any, starts: Any, numbers: Any, edges: Any,
    start: Any, end: Any, periods: Any, span: Any, once: Any, pays: Any, takes: Any,
) -> Any:  # fmt: skip
    """Of each owner who begins with `start <= ms < end`: the unit, which periods after it they
    came back in, the last unit with a return, the code they began with, and what they spent.

    `once`: only whose first time ever it is. Units from 0 to below `span` are looked at. `pays` and
    `takes` are the hits of orders and refunds, 0 where nobody asks what is spent.
    """
    size, revenue = _beginnings(slot, hits, once), pays != 0 or takes != 0
    whose, place = np.empty(size, np.int32), np.empty(size, np.int64)
    masks, lasts = np.empty(size, np.int64), np.empty(size, np.int64)
    codes = np.zeros(size, np.int32)
    spent = np.zeros((size if revenue else 1, periods + 1))
    began = np.full(span, np.int64(NEVER))
    label, later = np.zeros(span, np.int32), np.zeros(span, np.bool_)
    back, paid, paid_then = np.zeros(span, np.bool_), np.zeros(span), np.zeros(span)
    used, before, last = 0, False, np.int64(-1)
    low, high = np.int64(span), np.int64(-1)
    u, since, until, settled = np.int64(0), np.int64(0), np.int64(0), False
    for row in range(len(slot)):
        at, hit = ms[row], hits[row]
        if not since <= at < until:
            u = number(at, starts, numbers)
            since, until, settled = edges[u - numbers[0]], edges[u - numbers[0] + 1], False
        # Nothing that is still to come in this unit says more then.
        hit = np.int64(0) if settled else hit
        if hit & FIRST and not (once and before):
            before = True
            if start <= at < end and began[u] == NEVER:
                began[u], low, high = at, min(low, u), max(high, u)
                label[u] = code[row] if len(code) else 0
                paid_then[u] += _before(slot, ms, hits, worth, row, pays, takes)
        if 0 <= u < span:
            if hit & BACK:
                back[u], last, low, high = True, u, min(low, u), max(high, u)
                later[u] |= began[u] != NEVER and at > began[u]
                settled = later[u] and not revenue
            if revenue and hit & (pays | takes):
                money = _spent(hit, worth[row], pays, takes)
                paid[u], low, high = paid[u] + money, min(low, u), max(high, u)
                paid_then[u] += money if began[u] != NEVER else 0.0
        if row + 1 == len(slot) or slot[row + 1] != slot[row]:
            for one in range(low, high + 1):
                if began[one] != NEVER:
                    whose[used], place[used], codes[used] = slot[row], one, label[one]
                    masks[used] = _mask(one, back, later[one], min(periods, high - one))
                    lasts[used] = -1 if last == one and not later[one] else last
                    if revenue:
                        _money_of(spent[used], one, paid_then, paid)
                    used += 1
            for one in range(low, high + 1):
                began[one], later[one], back[one] = np.int64(NEVER), False, False
                paid[one], paid_then[one] = 0.0, 0.0
            before, settled, last = False, False, np.int64(-1)
            low, high = np.int64(span), np.int64(-1)
    return whose[:used], place[:used], masks[:used], lasts[:used], codes[:used], spent[:used]


@numba.njit(cache=True, nogil=True)
def _beginnings(slot: Any, hits: Any, once: Any) -> Any:
    """At most so many begin, or begin again; one more, as room to write."""
    found = 1
    for row in range(len(slot)):
        if once:
            found += row == 0 or slot[row] != slot[row - 1]
        else:
            found += hits[row] & FIRST
    return found


@numba.njit(cache=True, nogil=True)
def _same(slot: Any, ms: Any, before: Any, row: Any) -> Any:
    """Is the row before there, of the same owner and moment?"""
    return before >= 0 and slot[before] == slot[row] and ms[before] == ms[row]


@numba.njit(cache=True, nogil=True)
def _before(slot: Any, ms: Any, hits: Any, worth: Any, row: Any, pays: Any, takes: Any) -> Any:
    """What was spent at the very moment of a row, by rows before it: it has no order."""
    money, other = 0.0, row
    while (pays or takes) and _same(slot, ms, other - 1, row):
        other -= 1
        money += _spent(hits[other], worth[other], pays, takes)
    return money


@numba.njit(cache=True, nogil=True)
def _spent(hit: Any, worth: Any, pays: Any, takes: Any) -> Any:
    return worth if hit & pays else -worth if hit & takes else 0.0


@numba.njit(cache=True, nogil=True)
def _mask(one: Any, back: Any, later: Any, periods: Any) -> Any:
    """Bits of the periods with a return, for who began in this unit."""
    mask = np.int64(later)
    for n in range(1, periods + 1):
        mask |= np.int64(back[one + n]) << n
    return mask


@numba.njit(cache=True, nogil=True)
def _money_of(into: Any, one: Any, paid_then: Any, paid: Any) -> None:
    """What was spent from the beginning in this unit on, by period."""
    into[0] = paid_then[one]
    for n in range(1, min(len(into), len(paid) - one)):
        into[n] = paid[one + n]


@numba.njit(cache=True, nogil=True)
def counted(
    unit: Any, mask: Any, last: Any, group: Any, wide: Any, starts: Any, then: Any, groups: Any,
    size: Any,
) -> Any:  # fmt: skip
    """By group and unit: how many there are; by group, column and unit: how many came back.

    Who came back has one of the bits of the column in `mask`; or, where it counts from `then` on,
    came in or after its first period.
    """
    sizes = np.zeros((groups, size), np.int64)
    backs = np.zeros((groups, len(wide), size), np.int64)
    for row in range(len(unit)):
        g, u = group[row], unit[row]
        sizes[g, u] += 1
        for column in range(len(wide)):
            if then:
                at_once = starts[column] == 0
                came = last[row] >= u + starts[column] + at_once or (at_once and mask[row] & 1)
            else:
                came = (mask[row] & wide[column]) != 0
            backs[g, column, u] += came
    return sizes, backs
