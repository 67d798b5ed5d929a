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
def _both(left: Any, right: Any, origin: Any, ms: Any) -> Any:
    """int64: the rows of two runs, each ascending by (origin, ms), as one; first the left ones."""
    out = np.empty(len(left) + len(right), np.int64)
    i = j = 0
    for at in range(len(out)):
        take = j == len(right)
        if not take and i < len(left):
            a, b = left[i], right[j]
            take = origin[a] < origin[b] or (origin[a] == origin[b] and ms[a] <= ms[b])
        if take:
            out[at] = left[i]
            i += 1
        else:
            out[at] = right[j]
            j += 1
    return out


@numba.njit(cache=True, nogil=True)
def ordered(origin: Any, ms: Any, slot: Any, ends: Any, scattered: Any) -> Any:
    """int64: the rows of runs that end at `ends` as one run, and apart those of scattered slots.

    Each run ascends by (origin, ms); of equal rows those of the earlier run come first.
    """
    order = np.empty(ends[0], np.int64)
    for row in range(ends[0]):
        order[row] = row
    for run in range(1, len(ends)):
        more = np.empty(ends[run] - ends[run - 1], np.int64)
        for i in range(len(more)):
            more[i] = ends[run - 1] + i
        order = _both(order, more, origin, ms)
    apart = np.empty(len(order), np.int64)
    kept = moved = 0
    for row in order:
        if scattered[slot[row]]:
            apart[moved] = row
            moved += 1
        else:
            order[kept] = row
            kept += 1
    return order[:kept], apart[:moved].copy()


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
