"""The compiled passes of ordering: sorted runs merged, scattered rows brought together."""

from __future__ import annotations

from typing import Any, Final

import numba
import numpy as np

SHORT: Final = 48
"""So few rows are sorted by insertion."""


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
    """int64: the rows of runs that end at `ends` as one run, and apart those of scattered slots.

    Also the slot and the ms of each row of the first. Each run ascends by (origin, ms); of equal
    rows those of the earlier run come first. `slot` and `span` are by subject.
    """
    low, high = _reach(origin, ends)
    # Where the next row of each subject goes; those that are set aside have no place.
    place = np.zeros(high - low + 2, np.int64)
    for row in range(len(origin)):
        place[origin[row] - low + 1] += 1
    kept = 0
    for i in range(high - low + 1):
        subject, count = low + i, place[i + 1]
        if count and (span[subject] >= 0 or scattered[slot[subject]]):
            place[i] = -1
        else:
            place[i] = kept
            kept += count
    order = np.empty(kept, np.int64)
    owner = np.empty(kept, np.int32)
    when = np.empty(kept, np.int64)
    apart = np.empty(len(origin) - kept, np.int64)
    moved = 0
    late = False
    for row in range(len(origin)):
        i = origin[row] - low
        at = place[i]
        if at < 0:
            apart[moved] = row
            moved += 1
            continue
        order[at], owner[at], when[at] = row, slot[origin[row]], ms[row]
        place[i] = at + 1
        late |= at > 0 and owner[at - 1] == owner[at] and when[at - 1] > ms[row]
    if late:
        _by_time(order, owner, when)
    return order, owner, when, apart


@numba.njit(cache=True, nogil=True)
def _reach(origin: Any, ends: Any) -> Any:
    """The first and the last subject of runs that ascend."""
    low, high, start = origin[0], origin[0], 0
    for end in ends:
        if end > start:
            low, high = min(low, origin[start]), max(high, origin[end - 1])
        start = end
    return np.int64(low), np.int64(high)


@numba.njit(cache=True, nogil=True)
def _by_time(order: Any, owner: Any, when: Any) -> None:
    """Sort the rows of each owner, which stand together, by time; equal times keep their order."""
    start = 0
    while start < len(order):
        end, sorted_ = start + 1, True
        while end < len(order) and owner[end] == owner[start]:
            sorted_ &= when[end - 1] <= when[end]
            end += 1
        if not sorted_ and end - start <= SHORT:
            for i in range(start + 1, end):
                row, at, j = order[i], when[i], i - 1
                while j >= start and when[j] > at:
                    order[j + 1], when[j + 1] = order[j], when[j]
                    j -= 1
                order[j + 1], when[j + 1] = row, at
        elif not sorted_:
            turn = np.argsort(when[start:end], kind="mergesort")
            order[start:end] = order[start:end][turn]
            when[start:end] = when[start:end][turn]
        start = end


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
