"""The compiled passes of ordering: sorted runs merged, scattered rows brought together."""

from __future__ import annotations

from typing import Any, Final

import numba
import numpy as np

SHORT: Final = 48
"""So few rows are sorted by insertion."""
NOBODY: Final = 2**31 - 1
"""A subject after all others."""


@numba.njit(cache=True, nogil=True)
def scattered(slot: Any, span: Any, holders: Any, seen: Any, size: Any) -> Any:
    """bool by slot: does it have several of the subjects seen, or share a device?"""
    found = np.zeros(size, np.bool_)
    once = np.zeros(size, np.bool_)
    shared = False
    for subject in range(len(slot)):
        if span[subject] >= 0:
            shared = True
        elif seen[subject] and slot[subject] >= 0:
            found[slot[subject]] = once[slot[subject]]
            once[slot[subject]] = True
    if shared:
        for holder in holders:
            if slot[holder] >= 0:
                found[slot[holder]] = True
    return found


@numba.njit(cache=True, nogil=True)
def ordered(origin: Any, ms: Any, ends: Any, slot: Any, span: Any, scattered: Any) -> Any:
    """int32: the rows of runs that end at `ends` as one run, and apart those of scattered slots.

    Also the slot and the ms of each row of the first. Each run ascends by (origin, ms); of equal
    rows those of the earlier run come first. `slot` and `span` are by subject.
    """
    order, apart = np.empty(len(origin), np.int32), np.empty(len(origin), np.int32)
    owner, when = np.empty(len(origin), np.int32), np.empty(len(origin), np.int64)
    heads, waiting = np.zeros(len(ends), np.int64), np.full(len(ends), NOBODY)
    for run in range(len(ends)):
        heads[run] = ends[run - 1] if run else 0
        if heads[run] < ends[run]:
            waiting[run] = origin[heads[run]]
    kept = moved = 0
    next_ = waiting.min() if len(waiting) else NOBODY
    while next_ != NOBODY:
        subject, next_ = next_, NOBODY
        whose, first, late = slot[subject], kept, False
        aside = span[subject] >= 0 or scattered[whose]
        for run in range(len(ends)):
            if waiting[run] != subject:
                next_ = min(next_, waiting[run])
                continue
            at, end = heads[run], ends[run]
            while at < end and origin[at] == subject:
                if aside:
                    apart[moved] = at
                    moved += 1
                else:
                    late |= kept > first and when[kept - 1] > ms[at]
                    order[kept], owner[kept], when[kept] = at, whose, ms[at]
                    kept += 1
                at += 1
            heads[run] = at
            waiting[run] = origin[at] if at < end else NOBODY
            next_ = min(next_, waiting[run])
        if late:
            _by_time(order[first:kept], when[first:kept])
    return order[:kept], owner[:kept], when[:kept], apart[:moved]


@numba.njit(cache=True, nogil=True)
def _by_time(order: Any, when: Any) -> None:
    """Sort the rows of one owner by time; equal times keep their order."""
    if len(order) <= SHORT:
        for i in range(1, len(order)):
            row, at, j = order[i], when[i], i - 1
            while j >= 0 and when[j] > at:
                order[j + 1], when[j + 1] = order[j], when[j]
                j -= 1
            order[j + 1], when[j + 1] = row, at
    else:
        turn = np.argsort(when, kind="mergesort")
        order[:] = order[turn]
        when[:] = when[turn]


@numba.njit(cache=True, nogil=True)
def taken(column: Any, rows: Any) -> Any:
    """Some rows of a column."""
    found = np.empty(len(rows), column.dtype)
    for place in range(len(rows)):
        found[place] = column[rows[place]]
    return found


@numba.njit(cache=True, nogil=True)
def kept(keep: Any) -> Any:
    """int32: the rows to keep."""
    rows, used = np.empty(len(keep), np.int32), 0
    for row in range(len(keep)):
        # Without a branch: which are kept cannot be foretold.
        rows[used] = row
        used += keep[row]
    return rows[:used]


@numba.njit(cache=True, nogil=True)
def put(into: Any, column: Any, rows: Any) -> None:
    """Some rows of a column, put into another."""
    for place in range(len(rows)):
        into[place] = column[rows[place]]


@numba.njit(cache=True, nogil=True)
def together(slot: Any, size: Any) -> Any:
    """int64: the rows by slot (each below `size`), those of one slot in the order they have."""
    ends = np.zeros(size + 1, np.int64)
    for one in slot:
        ends[one + 1] += 1
    for i in range(size):
        ends[i + 1] += ends[i]
    order = np.empty(len(slot), np.int64)
    for row in range(len(slot)):
        order[ends[slot[row]]] = row
        ends[slot[row]] += 1
    return order


@numba.njit(cache=True, nogil=True)
def by_time(order: Any, slot: Any, ms: Any, origin: Any) -> None:
    """Sort the rows of each slot, which stand together in `order`, by (ms, origin) in place.

    Rows of one subject and moment keep the order they have.
    """
    start = 0
    while start < len(order):
        end = start + 1
        while end < len(order) and slot[order[end]] == slot[order[start]]:
            end += 1
        rows = order[start:end]
        if len(rows) <= SHORT:
            for i in range(1, len(rows)):
                row, j = rows[i], i - 1
                while j >= 0 and (
                    ms[rows[j]] > ms[row]
                    or (ms[rows[j]] == ms[row] and origin[rows[j]] > origin[row])
                ):
                    rows[j + 1] = rows[j]
                    j -= 1
                rows[j + 1] = row
        else:
            by_origin = rows[np.argsort(origin[rows], kind="mergesort")]
            rows[:] = by_origin[np.argsort(ms[by_origin], kind="mergesort")]
        start = end
