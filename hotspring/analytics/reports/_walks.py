"""The pass of paths: what each owner did one after the other, from an anchor on or up to it."""

from __future__ import annotations

from typing import Any, Final

import numba
import numpy as np

ENDED: Final = -1
"""Nothing followed."""
ANCHOR, GOAL = 1, 2


@numba.njit(cache=True, nogil=True)
def walks(
    slot: Any, ms: Any, hits: Any, code: Any, rank: Any, usable: Any, gap: Any, window: Any,
    backward: Any, start: Any, end: Any, depth: Any, collapse: Any, pairs: Any,
) -> Any:  # fmt: skip
    """The owner of each walk, its codes, and whether a goal came after its anchor.

    A walk is the part of a session (rows no more than `gap` apart) from its first anchor on, or up
    to its last one; with a `window` (0 for none) what is so near to an anchor with `start <= ms <
    end`, and to no earlier one. `pairs` counts what follows what. Events of one moment are taken in
    the order of `rank`; those whose code is not `usable` are no steps.
    """
    order = _ordered(slot, ms, code, rank)
    size = 1
    for row in range(len(slot)):
        size += hits[row] & ANCHOR
    whose, goals = np.empty(size, np.int32), np.zeros(size, np.bool_)
    codes = np.full((size, depth), np.int32(ENDED))
    used, row = 0, 0
    while row < len(slot):
        low, high, anchor = _part(row, slot, ms, hits, order, gap, window, backward, start, end)
        if anchor >= 0:
            one = order[anchor]
            whose[used] = slot[one]
            step = -1 if backward else 1
            _written(codes[used], anchor, low, high, step, order, code, usable, collapse)
            for at in range(anchor, high):
                goals[used] |= (hits[order[at]] & GOAL) != 0 and ms[order[at]] > ms[one]
            used += 1
        if anchor >= 0 or not window:
            _paired(low, high, order, code, usable, collapse, pairs)
        row = high
    return whose[:used], codes[:used], goals[:used]


@numba.njit(cache=True, nogil=True)
def _part(
    row: Any, slot: Any, ms: Any, hits: Any, order: Any, gap: Any, window: Any, backward: Any,
    start: Any, end: Any,
) -> Any:  # fmt: skip
    """Where the part begins and ends that lies from this row on, and its anchor, -1 for none."""
    anchor, high = -1, row
    if not window:
        while (
            high < len(slot)
            and slot[high] == slot[row]
            and (high == row or ms[high] - ms[high - 1] <= gap)
        ):
            if hits[order[high]] & ANCHOR and (backward or anchor < 0):
                anchor = high
            high += 1
        return row, high, anchor
    while high < len(slot) and slot[high] == slot[row]:
        if anchor >= 0 and (backward or ms[high] - ms[anchor] > window):
            break
        if anchor < 0 and hits[order[high]] & ANCHOR and start <= ms[high] < end:
            anchor = high
        high += 1
    low = row
    while anchor >= 0 and ms[anchor] - ms[low] > window:
        low += 1
    return low if backward or anchor < 0 else anchor, high, anchor


@numba.njit(cache=True, nogil=True)
def _ordered(slot: Any, ms: Any, code: Any, rank: Any) -> Any:
    """The rows, those of one owner and moment by rank."""
    order = np.arange(len(slot))
    for row in range(1, len(slot)):
        at = row
        while (
            at
            and slot[at - 1] == slot[row]
            and ms[at - 1] == ms[row]
            and rank[code[order[at - 1]]] > rank[code[row]]
        ):
            order[at] = order[at - 1]
            at -= 1
        order[at] = row
    return order


@numba.njit(cache=True, nogil=True)
def _written(
    into: Any, anchor: Any, low: Any, high: Any, step: Any, order: Any, code: Any, usable: Any,
    collapse: Any,
) -> None:  # fmt: skip
    """Write the codes of a walk, the anchor first."""
    into[0] = code[order[anchor]]
    at, place = anchor + step, 1
    while low <= at < high and place < len(into):
        one = code[order[at]]
        if usable[one] and not (collapse and one == into[place - 1]):
            into[place] = one
            place += 1
        at += step


@numba.njit(cache=True, nogil=True)
def _paired(
    low: Any, high: Any, order: Any, code: Any, usable: Any, collapse: Any, pairs: Any
) -> None:
    """Count which code follows which."""
    last = -1
    for at in range(low, high):
        one = code[order[at]]
        if usable[one]:
            if last >= 0 and not (collapse and one == last):
                pairs[last, one] += 1
            last = one
