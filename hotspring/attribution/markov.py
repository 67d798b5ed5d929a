"""Markov: how many conversions would be lost without a channel, by the chain of the journeys."""

from __future__ import annotations

import itertools
from typing import Any, Final, NamedTuple

import numba
import numpy as np
import numpy.typing as npt

from hotspring.attribution.journeys import Credit, Floats, Journeys

MOST_ORDER: Final = 3
MOST_CHANNELS: Final = 100
"""Of more, those of the fewest conversions are taken together."""
MOST_STATES: Final = 2_048
"""Of more, those seen least are told by shorter ones."""
LEAST: Final = 30
"""How often must touches in a row be seen before they are told apart?"""

Places = npt.NDArray[np.int32]


class Markov(NamedTuple):
    """Removal effects of a chain that was fitted to journeys, and the credit that follows.

    A state is the latest touches, at most `order` of them, from which journeys went on to another
    touch, to a conversion, or to nothing. Touches in a row that were seen fewer than `least` times
    are told by their latest ones only (a chain of variable length, as in Rissanen, IEEE Trans.
    Inf. Theory 29, 1983), a single touch always by itself. The removal effect of a channel is the
    part of the conversions that is lost where every step to it leads to nothing; credit is shared
    in proportion (Anderl et al., Int. J. Research in Marketing 33, 2016). Of their value likewise.
    """

    journeys: Journeys
    """What was fitted: with at most 100 channels."""
    grouped: tuple[str, ...]
    """Channels that were taken together as `…`."""
    rate: float
    """The probability of a conversion from the start: of every order, that of the journeys."""
    removal: Floats
    """Removal effect of each channel on conversions, 0 to 1."""
    value_removal: Floats
    credit: Credit
    order: int
    """As asked for."""
    states: tuple[int, ...]
    """How many states are told by one touch, by two, by three."""
    shorter: float
    """The part of all touches after which a shorter state had to do than the order asks for."""

    @classmethod
    def of(cls, journeys: Journeys, order: int = 1, least: float = LEAST) -> Markov:
        """Fit a chain and take away each channel in turn.

        Exact: one inverse of the whole chain gives that of every chain without a channel. With
        N = (I - Q)^-1, and S the states that end in the channel, conversions without it are
        h(start) - N(start, S) N(S, S)^-1 h(S), h = N r. Raises ValueError for another order.
        """
        if order not in range(1, MOST_ORDER + 1):
            raise ValueError(f"a chain has order 1 to {MOST_ORDER}")
        told, grouped = journeys.grouped(MOST_CHANNELS)
        count = len(told.names)
        weight = told.conversions + told.nulls
        base = np.array([_offset(count, length) for length in range(order + 2)], np.int64)
        seen = _seen(told.touch, told.ends, weight, count, order, base)
        place = _places(seen, count, base, order, least)
        moves, gains, short = _steps(
            told.touch, told.ends, told.conversions, told.value, told.nulls,
            count, order, base, place,
        )  # fmt: skip
        system, gained, last = _chain(moves, gains, count, order, base, place)
        h, removal = _removed(system, gained, last, count)
        every = float(weight @ np.diff(told.ends, prepend=0))
        many, much = float(told.conversions.sum()), float(told.value.sum())
        lengths = [np.count_nonzero(place[a:b] >= 0) for a, b in itertools.pairwise(base)]
        credit = Credit(_split(many, removal[:, 0]), _split(much, removal[:, 1]))
        return cls(
            told, grouped, float(h[0]), removal[:, 0], removal[:, 1], credit, order,
            tuple(int(n) for n in lengths[1:]), short / every if every else 0.0,
        )  # fmt: skip


def _offset(count: int, length: int) -> int:
    """Where contexts of `length` touches begin among all contexts; the start is 0."""
    return sum(count**before for before in range(length))


def _split(whole: float, parts: Floats) -> Floats:
    total = float(parts.sum())
    return np.asarray(parts * (whole / total)) if total > 0 else np.zeros_like(parts)


def _places(seen: Floats, count: int, base: Any, order: int, least: float) -> Places:
    """int32 by context: its state, -1 where it is told by its latest touches."""
    alone = int(base[2])
    longer = seen[alone:]
    most = MOST_STATES - alone
    # Contexts that were seen equally often stay or go together, so that a context stays only
    # together with its own beginning and end.
    if np.count_nonzero(longer >= least) > most:
        least = float(np.nextafter(-np.partition(-longer, most)[most], np.inf))
    there = np.ones(len(seen), bool)
    there[alone:] = (longer >= least) & (longer > 0)
    there[1:alone] = seen[1:alone] > 0
    place = np.full(len(seen), -1, np.int32)
    place[there] = np.arange(np.count_nonzero(there))
    return place


@numba.njit(cache=True, nogil=True)
def _seen(touch: Any, ends: Any, weight: Any, count: Any, order: Any, base: Any) -> Any:
    """How often was each context of up to `order` touches seen?"""
    found = np.zeros(base[order + 1])
    begin = 0
    for journey in range(len(ends)):
        found[0] += weight[journey]
        for at in range(begin, ends[journey]):
            key, scale = np.int64(0), np.int64(1)
            for length in range(1, min(order, at - begin + 1) + 1):
                key += touch[at - length + 1] * scale
                scale *= count
                found[base[length] + key] += weight[journey]
        begin = ends[journey]
    return found


@numba.njit(cache=True, nogil=True)
def _steps(
    touch: Any, ends: Any, conversions: Any, value: Any, nulls: Any,
    count: Any, order: Any, base: Any, place: Any,
) -> Any:  # fmt: skip
    """From each state: how often to each touch; how many conversions, their value, and all steps.
    And how many of all were told by fewer touches than they could be."""
    size = place.max() + 1
    moves, gains, short = np.zeros((size, count)), np.zeros((size, 3)), 0.0
    begin = 0
    for journey in range(len(ends)):
        weight, end, state = conversions[journey] + nulls[journey], ends[journey], 0
        for at in range(begin, end if weight > 0 else begin):
            moves[state, touch[at]] += weight
            gains[state, 2] += weight
            key, scale, length = np.int64(0), np.int64(1), min(order, at - begin + 1)
            for kept in range(1, length + 1):
                key += touch[at - kept + 1] * scale
                scale *= count
                if place[base[kept] + key] < 0:
                    short += weight
                    break
                state = place[base[kept] + key]
        if weight > 0:
            gains[state, 0] += conversions[journey]
            gains[state, 1] += value[journey]
            gains[state, 2] += weight
        begin = end
    return moves, gains, short


@numba.njit(cache=True, nogil=True)
def _chain(
    moves: Any, gains: Any, count: Any, order: Any, base: Any, place: Any
) -> Any:  # fmt: skip
    """I - Q, what a step gains at once, and the last touch of each state (-1 at the start)."""
    size = len(moves)
    system, gained, last = np.eye(size), np.zeros((size, 2)), np.full(size, -1, np.int32)
    for length in range(order + 1):
        for key in range(base[length + 1] - base[length]):
            state = place[base[length] + key]
            if state < 0:
                continue
            if length:
                last[state] = key % count
            if gains[state, 2] == 0:
                continue
            gained[state] = gains[state, :2] / gains[state, 2]
            for after in range(count):
                if moves[state, after] > 0:
                    goal = _goal(key, length, after, count, order, base, place)
                    system[state, goal] -= moves[state, after] / gains[state, 2]
    return system, gained, last


@numba.njit(cache=True, nogil=True)
def _goal(key: Any, length: Any, after: Any, count: Any, order: Any, base: Any, place: Any) -> Any:
    """The state that follows a context with one touch more: its longest end that is a state."""
    for kept in range(min(length + 1, order), 0, -1):
        before = key % (count ** (kept - 1))
        state = place[base[kept] + before * count + after]
        if state >= 0:
            return state
    return 0


def _removed(system: Floats, gained: Floats, last: Places, count: int) -> tuple[Floats, Floats]:
    """What the start gains, and the part of it that is lost without each channel."""
    inverse = np.linalg.inv(system)
    h = inverse @ gained
    lost = np.zeros((count, 2))
    for channel in range(count):
        states = np.flatnonzero(last == channel)
        if len(states):
            block = np.linalg.solve(inverse[np.ix_(states, states)], h[states])
            lost[channel] = inverse[0, states] @ block
    whole = np.where(h[0] == 0, 1.0, h[0])
    return h[0], np.clip(lost / whole, 0.0, 1.0)
