"""From rows of people in order to journeys: which touches does each conversion look back on?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec
import numba
import numpy as np

from hotspring.attribution.journeys import Codes, Floats, Ints, Journeys
from hotspring.days import DAY_MS


class Window(msgspec.Struct, frozen=True, kw_only=True):
    """Which conversions count, and how far each looks back."""

    start: int
    end: int
    """Conversions with `start <= ms < end`, and touches without one in the same time."""
    lookback_ms: int = 7 * DAY_MS
    """A touch counts up to so long before the conversion, and at its very moment."""
    repeat_ms: int = 30 * 60_000
    """The same touch again within so long of the one before it is no other touch."""
    once: bool = False
    """A touch counts for the next conversion only, not for those after it."""


class Walked(NamedTuple):
    """What the rows of people came to."""

    journeys: Journeys
    whose: Codes
    """By journey: the slot of its owner."""
    alone: int
    """Conversions that had no touch to look back on."""
    alone_value: float
    when: Ints
    """By journey: the moment it ended, that of its conversion where it has one."""


def walk(
    slot: Codes, ms: Ints, touch: Codes, conversion: Floats, window: Window, names: Sequence[str]
) -> Walked:
    """The journeys in rows of whole people, each one's together and by time.

    `touch` is the code of a row's touch, -1 where it is none; `conversion` what a row brought, NaN
    where it is no conversion. A row may be both: then it is a touch of its own. What is at one
    millisecond has no order; of touches there the smaller code stands first. Touches that no
    conversion in the window looked back on are journeys without one; a silence longer than the
    lookback parts them. Those of the last days may still be followed by one.
    """
    borders = (window.start, window.end, window.lookback_ms, window.repeat_ms, window.once)
    order = _settled(slot, ms, touch)
    rows = (slot, ms, touch[order], conversion[order])
    touches, journeys, _, _ = _walked(*rows, *borders, *_room(0, 0))
    room = _room(touches, journeys)
    _, _, alone, worth = _walked(*rows, *borders, *room)
    told, age, ends, conversions, value, nulls, whose, when = room
    found = Journeys(tuple(names), told, ends, conversions, value, nulls, age)
    return Walked(found, whose, int(alone), float(worth), when)


def _room(touches: int, journeys: int) -> tuple[Any, ...]:
    return (
        np.empty(touches, np.int32), np.empty(touches, np.int64), np.empty(journeys, np.int64),
        np.zeros(journeys), np.zeros(journeys), np.zeros(journeys), np.empty(journeys, np.int32),
        np.empty(journeys, np.int64),
    )  # fmt: skip


@numba.njit(cache=True, nogil=True)
def _settled(slot: Any, ms: Any, touch: Any) -> Any:
    """The rows in an order that does not depend on that of rows at one moment."""
    order = np.arange(len(ms))
    first = 0
    for row in range(1, len(ms) + 1):
        if row < len(ms) and ms[row] == ms[first] and slot[row] == slot[first]:
            continue
        if row - first > 1:
            order[first:row] = first + np.argsort(touch[first:row], kind="mergesort")
        first = row
    return order


@numba.njit(cache=True, nogil=True)
def _walked(
    slot: Any, ms: Any, touch: Any, conversion: Any,
    start: Any, end: Any, lookback: Any, repeat: Any, once: Any,
    told: Any, age: Any, ends: Any, conversions: Any, value: Any, nulls: Any, whose: Any,
    when: Any,
) -> Any:  # fmt: skip
    """Counts touches and journeys; writes them as well where there is room for them."""
    touches, journeys, alone, worth = 0, 0, 0.0, 0.0
    # Touches outside of the window only serve conversions.
    free = (touch >= 0) & (ms >= start) & (ms < end)
    low, high, taken = 0, 0, np.int64(0)
    for row in range(len(ms)):
        if row == 0 or slot[row] != slot[row - 1]:
            low, high, taken = row, row, ms[row] - 1
        if np.isnan(conversion[row]):
            continue
        # Touches at the very moment count, whichever came first.
        while high < len(ms) and slot[high] == slot[row] and ms[high] <= ms[row]:
            high += 1
        while low < high and (ms[low] < ms[row] - lookback or (once and ms[low] <= taken)):
            low += 1
        taken = ms[row]
        if not start <= ms[row] < end:
            continue
        began = touches
        touches = _listed(touch, ms, low, high, ms[row], repeat, touches, told, age)
        free[low:high] = False
        if touches == began:
            alone, worth = alone + 1, worth + conversion[row]
            continue
        if len(ends):
            ends[journeys], value[journeys] = touches, conversion[row]
            conversions[journeys], whose[journeys] = 1.0, slot[row]
            when[journeys] = ms[row]
        journeys += 1
    left = np.flatnonzero(free)
    slot, ms, touch = slot[left], ms[left], touch[left]
    first = 0
    for row in range(1, len(left) + 1):
        if row < len(left) and slot[row] == slot[first] and ms[row] - ms[row - 1] <= lookback:
            continue
        touches = _listed(touch, ms, first, row, ms[row - 1], repeat, touches, told, age)
        if len(ends):
            ends[journeys], nulls[journeys], whose[journeys] = touches, 1.0, slot[first]
            when[journeys] = ms[row - 1]
        journeys, first = journeys + 1, row
    return touches, journeys, alone, worth


@numba.njit(cache=True, nogil=True)
def _listed(
    touch: Any, ms: Any, low: Any, high: Any, moment: Any, repeat: Any,
    touches: Any, told: Any, age: Any,
) -> Any:  # fmt: skip
    """Adds the touches of some rows, each repeat left out; how many there are then."""
    same, seen = -1, np.int64(0)
    for at in range(low, high):
        if touch[at] < 0:
            continue
        if touch[at] != same or ms[at] - seen > repeat:
            if len(told):
                told[touches], age[touches] = touch[at], moment - ms[at]
            touches += 1
        same, seen = touch[at], ms[at]
    return touches
