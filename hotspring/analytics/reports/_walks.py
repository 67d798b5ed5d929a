"""The pass of paths: what each owner did one after the other, from an anchor on or up to it."""

from __future__ import annotations

from typing import Any, Final

import numba
import numpy as np

ENDED: Final = -1
"""Nothing followed."""
ANCHOR, GOAL = 1, 2


@numba.njit(cache=True, nogil=True)
def untied(slot: Any, ms: Any, hits: Any, codes: Any, place: Any, rank: Any) -> Any:
    """The hits of the rows and the place of each code, those of one owner and moment by rank."""
    found, own = np.empty(len(codes), np.int32), False
    for row in range(len(slot)):
        hit, one, at = hits[row], place[codes[row]], row
        # Equal times are rare, and rows of one owner are not.
        while (
            at
            and ms[at - 1] == ms[row]
            and slot[at - 1] == slot[row]
            and rank[found[at - 1]] > rank[one]
        ):
            if not own and hits[at - 1] != hit:
                hits, own = hits.copy(), True
            if own:
                hits[at] = hits[at - 1]
            found[at] = found[at - 1]
            at -= 1
        found[at] = one
        if own:
            hits[at] = hit
    return hits, found


@numba.njit(cache=True, nogil=True)
def in_sessions(
    slot: Any, ms: Any, hits: Any, code: Any, usable: Any, gap: Any, backward: Any, depth: Any,
    collapse: Any, aims: Any, pairs: Any,
) -> Any:  # fmt: skip
    """The owner of each walk, its codes, and whether a goal came after its anchor.

    A walk is the part of a session (rows no more than `gap` apart) from its first anchor on, or up
    to its last one. `pairs` counts what follows what in all sessions. Rows of one moment are in
    their order (`untied`); those whose code is not `usable` are no steps. `aims`: is there a goal?
    """
    size = 1
    for row in range(1, len(slot)):
        # Of another owner, who may come earlier, or later.
        size += not 0 <= ms[row] - ms[row - 1] <= gap or slot[row] != slot[row - 1]
    whose, goals = np.empty(size, np.int32), np.zeros(size, np.bool_)
    codes = np.full((size, depth), np.int32(ENDED))
    used, high, step = 0, 0, -1 if backward else 1
    while high < len(slot):
        low, anchor, last = high, -1, np.int32(-1)
        while high < len(slot) and (
            high == low or (slot[high] == slot[low] and ms[high] - ms[high - 1] <= gap)
        ):
            if hits[high] & ANCHOR and (backward or anchor < 0):
                anchor = high
            one = code[high]
            if usable[one]:
                if last >= 0 and not (collapse and one == last):
                    pairs[last, one] += 1
                last = one
            high += 1
        if anchor < 0:
            continue
        whose[used], codes[used, 0] = slot[anchor], code[anchor]
        at, place = anchor + step, 1
        while low <= at < high and place < depth:
            if usable[code[at]] and not (collapse and code[at] == codes[used, place - 1]):
                codes[used, place] = code[at]
                place += 1
            at += step
        if aims:
            for at in range(anchor, high):
                goals[used] |= (hits[at] & GOAL) != 0 and ms[at] > ms[anchor]
        used += 1
    return whose[:used], codes[:used], goals[:used]


@numba.njit(cache=True, nogil=True)
def in_windows(
    slot: Any, ms: Any, hits: Any, code: Any, usable: Any, window: Any, start: Any, end: Any,
    backward: Any, depth: Any, collapse: Any, aims: Any, pairs: Any,
) -> Any:  # fmt: skip
    """The same, where a walk is what lies within a `window` of an anchor with `start <= ms < end`,
    and of no earlier one; `pairs` counts what follows what in these."""
    size = 1
    for row in range(len(slot)):
        size += hits[row] & ANCHOR
    whose, goals = np.empty(size, np.int32), np.zeros(size, np.bool_)
    codes = np.full((size, depth), np.int32(ENDED))
    used, row = 0, 0
    while row < len(slot):
        low, high, anchor = _part(row, slot, ms, hits, window, backward, start, end)
        if anchor >= 0:
            whose[used] = slot[anchor]
            step = -1 if backward else 1
            _written(codes[used], anchor, low, high, step, code, usable, collapse)
            if aims:
                for at in range(anchor, high):
                    goals[used] |= (hits[at] & GOAL) != 0 and ms[at] > ms[anchor]
            used += 1
            _paired(low, high, code, usable, collapse, pairs)
        row = high
    return whose[:used], codes[:used], goals[:used]


@numba.njit(cache=True, nogil=True)
def _part(
    row: Any, slot: Any, ms: Any, hits: Any, window: Any, backward: Any, start: Any, end: Any
) -> Any:
    """Where the part begins and ends that lies from this row on, and its anchor, -1 for none."""
    anchor, high = -1, row
    while high < len(slot) and slot[high] == slot[row]:
        if anchor >= 0 and (backward or ms[high] - ms[anchor] > window):
            break
        if anchor < 0 and hits[high] & ANCHOR and start <= ms[high] < end:
            anchor = high
        high += 1
    low = row
    while anchor >= 0 and ms[anchor] - ms[low] > window:
        low += 1
    return low if backward or anchor < 0 else anchor, high, anchor


@numba.njit(cache=True, nogil=True)
def _written(
    into: Any, anchor: Any, low: Any, high: Any, step: Any, code: Any, usable: Any, collapse: Any
) -> None:
    """Write the codes of a walk, the anchor first."""
    into[0] = code[anchor]
    at, place = anchor + step, 1
    while low <= at < high and place < len(into):
        one = code[at]
        if usable[one] and not (collapse and one == into[place - 1]):
            into[place] = one
            place += 1
        at += step


@numba.njit(cache=True, nogil=True)
def _paired(low: Any, high: Any, code: Any, usable: Any, collapse: Any, pairs: Any) -> None:
    """Count which code follows which."""
    last = -1
    for at in range(low, high):
        one = code[at]
        if usable[one]:
            if last >= 0 and not (collapse and one == last):
                pairs[last, one] += 1
            last = one


@numba.njit(cache=True, nogil=True)
def followed(codes: Any, goals: Any, level: Any, wide: Any) -> Any:
    """How often each code follows each at one step, and how often a goal came after; each at one
    more than its code."""
    many, came = np.zeros((wide, wide), np.int64), np.zeros((wide, wide), np.int64)
    for walk in range(len(codes)):
        one, other = codes[walk, level] + 1, codes[walk, level + 1] + 1
        many[one, other] += 1
        came[one, other] += goals[walk]
    return many, came


@numba.njit(cache=True, nogil=True)
def counted(codes: Any, level: Any, wide: Any) -> Any:
    """How often each code stands at one step; each at one more than its code."""
    many = np.zeros(wide, np.int64)
    for walk in range(len(codes)):
        many[codes[walk, level] + 1] += 1
    return many


@numba.njit(cache=True, nogil=True)
def numbered(way: Any, codes: Any, level: Any, wide: Any) -> Any:
    """Number ways that have a number by one more step; the largest number."""
    most = np.int64(0)
    for walk in range(len(codes)):
        way[walk] = way[walk] * wide + codes[walk, level] + 1
        most = max(most, way[walk])
    return most


@numba.njit(cache=True, nogil=True)
def tallied(way: Any, goals: Any, size: Any) -> Any:
    """By number of a way: how many walks go it, how many of them come to a goal, and the last."""
    many, came = np.zeros(size, np.int64), np.zeros(size, np.int64)
    last = np.zeros(size, np.int64)
    for walk in range(len(way)):
        many[way[walk]] += 1
        came[way[walk]] += goals[walk]
        last[way[walk]] = walk
    return many, came, last
