"""The law of temperature: energy seen on a thermometer that saturates, and when a band is left.

    T = T_cold + (100 - T_cold) * (1 - 2^(-E / E_half))                 for E >= 0
    T = max(-40, T_cold + E * (100 - T_cold) * ln 2 / E_half)           for E < 0

Value and slope meet at E = 0. Energies cool as `E * 2^(-t / H)`, one exponential per half-life H.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple, overload

import numpy as np
import numpy.typing as npt

HOT: Final = 0
WARM: Final = 1
COOL: Final = 2
COLD: Final = 3
BANDS: Final = ("hot", "warm", "cool", "cold")
"""Names of the bands by their code: a smaller code is hotter."""

T_COLD: Final = -20.0
T_FLOOR: Final = -40.0
T_TOP: Final = 100.0
SPAN: Final = T_TOP - T_COLD

COOL_FROM: Final = 0.0
WARM_FROM: Final = 50.0
HOT_ABOVE: Final = 80.0

LAST_MS: Final = 2**62
"""No moment beyond this is answered (some 146 million years)."""

Floats = npt.NDArray[np.float64]


class Term(NamedTuple):
    """One exponential of an energy: what it is worth at the moment of the terms, how it halves."""

    energy: float
    half_life_ms: float


class Edges(NamedTuple):
    """The least energies of the bands: a band holds `energy >= edge`, the hottest that fits."""

    cool: float
    warm: float
    hot: float


@overload
def degrees(energy: float, e_half: float) -> float: ...
@overload
def degrees(energy: Floats, e_half: float) -> Floats: ...
def degrees(energy: float | Floats, e_half: float) -> float | Floats:
    """How many degrees Celsius does an energy read?"""
    if isinstance(energy, np.ndarray):
        above = T_COLD + SPAN * (1.0 - np.exp2(-np.maximum(energy, 0.0) / e_half))
        below = np.maximum(T_FLOOR, T_COLD + energy * (SPAN * math.log(2) / e_half))
        return np.where(energy >= 0.0, above, below)
    if energy >= 0.0:
        return T_COLD + SPAN * (1.0 - math.exp2(-energy / e_half))
    return max(T_FLOOR, T_COLD + energy * (SPAN * math.log(2) / e_half))


def energy_of(temperature: float, e_half: float) -> float:
    """Which energy reads `temperature`?

    At 100 degrees and above it is infinite; at the floor and below it is the greatest energy that
    reads the floor.
    """
    if temperature >= T_TOP:
        return math.inf
    if temperature >= T_COLD:
        return -e_half * math.log2(1.0 - (temperature - T_COLD) / SPAN)
    return (max(temperature, T_FLOOR) - T_COLD) * e_half / (SPAN * math.log(2))


def edges(e_half: float, shift: float = 0.0) -> Edges:
    """From which energy on does each band hold, with every threshold shifted by some degrees?

    Hot is above 80 degrees and not at them, so its edge is the next number after that energy.
    """
    hot = energy_of(HOT_ABOVE + shift, e_half)
    return Edges(
        cool=energy_of(COOL_FROM + shift, e_half),
        warm=energy_of(WARM_FROM + shift, e_half),
        hot=math.nextafter(hot, math.inf),
    )


@overload
def band(energy: float, e_half: float) -> int: ...
@overload
def band(energy: Floats, e_half: float) -> npt.NDArray[np.int8]: ...
def band(energy: float | Floats, e_half: float) -> int | npt.NDArray[np.int8]:
    """In which band is an energy, as a code: `HOT`, `WARM`, `COOL` or `COLD`?"""
    edge = edges(e_half)
    if isinstance(energy, np.ndarray):
        passed = (energy >= edge.cool).astype(np.int8)
        passed += energy >= edge.warm
        passed += energy >= edge.hot
        return COLD - passed
    return COLD - (energy >= edge.cool) - (energy >= edge.warm) - (energy >= edge.hot)


def energy_at(terms: Sequence[Term], now: int, ms: int) -> float:
    """What is the energy at `ms` of terms that hold at `now`, if nothing happens between?"""
    return math.fsum(e * math.exp2((now - ms) / half_life) for e, half_life in terms)


def next_crossing(terms: Sequence[Term], now: int, level: float) -> int | None:
    """When does the energy, in silence, next pass `level`, in either direction?

    The first millisecond after `now` at which `energy >= level` is no longer what it is at `now`;
    None where silence never brings that about.
    """
    return _first_change(terms, now, lambda energy: energy >= level)


def next_band(terms: Sequence[Term], e_half: float, now: int) -> tuple[int, int] | None:
    """Which band follows in silence, and when: `(band, ms)`, or None where it stays for ever?"""
    code = _codes(e_half)
    ms = _first_change(terms, now, code)
    return None if ms is None else (code(energy_at(terms, now, ms)), ms)


def crossings(terms: Sequence[Term], e_half: float, now: int, until: int) -> list[tuple[int, int]]:
    """Which bands follow each other in silence, and when, up to `until`: `(band, ms)` in order.

    Each of the three edges is passed at most as often as there are terms: what would be more is the
    noise of an energy that rests on an edge.
    """
    code, found = _codes(e_half), list[tuple[int, int]]()
    ms = _first_change(terms, now, code)
    while ms is not None and ms <= until and len(found) < 3 * len(terms):
        found.append((code(energy_at(terms, now, ms)), ms))
        ms = _first_change(terms, now, code, ms)
    return found


def _codes(e_half: float) -> Callable[[float], int]:
    edge = edges(e_half)

    def code(energy: float) -> int:
        return COLD - (energy >= edge.cool) - (energy >= edge.warm) - (energy >= edge.hot)

    return code


def _first_change(
    terms: Sequence[Term], now: int, side: Callable[[float], Any], since: int | None = None
) -> int | None:
    """The first whole millisecond after `since` (or `now`) whose energy lies on another side.

    Between two turning points the energy is monotone, so a change of side at the far end can be
    halved down to its millisecond by asking the very question that a reading asks.
    """
    before = now if since is None else since
    start = side(energy_at(terms, now, before))

    def changed(ms: int) -> bool:
        return bool(side(energy_at(terms, now, ms)) != start)

    for turn in _turning_points(terms):
        for after in (now + math.floor(turn), now + math.ceil(turn)):
            if after > before:
                if changed(after):
                    return _halve(changed, before, after)
                before = after
    step = 1
    while before + step < LAST_MS and energy_at(terms, now, before + step) != 0.0:
        if changed(before + step):
            return _halve(changed, before, before + step)
        step *= 2
    return None


def _halve(changed: Callable[[int], bool], before: int, after: int) -> int:
    while after - before > 1:
        middle = (before + after) // 2
        if changed(middle):
            after = middle
        else:
            before = middle
    return after


def _turning_points(terms: Sequence[Term]) -> list[float]:
    """After how many milliseconds does the energy turn between rising and falling?"""
    slopes = [(e / half_life, math.log(2) / half_life) for e, half_life in terms]
    return [zero for zero in _zeros(slopes) if zero < LAST_MS]


def _zeros(terms: Sequence[tuple[float, float]]) -> list[float]:
    """Where is the sum of `c * exp(-rate * x)` zero for x > 0, in order, touching zeros too?

    With the slowest exponential divided out, the derivative is a sum of one term fewer: its zeros
    cut the half-line into pieces with at most one zero each. There are at most as many zeros as
    the coefficients, in the order of their rates, change sign (Descartes' rule for exponentials).
    """
    sums: dict[float, float] = {}
    for c, rate in terms:
        sums[rate] = sums.get(rate, 0.0) + c
    (rate0, c0), *rest = sorted((rate, c) for rate, c in sums.items() if c) or [(0.0, 0.0)]
    if all((c > 0) == (c0 > 0) for _, c in rest):
        return []
    shifted = [(c, rate - rate0) for rate, c in rest]
    last = max(
        math.log(len(shifted)) + math.log(abs(c)) - math.log(abs(c0)) for c, _ in shifted
    ) / min(rate for _, rate in shifted)

    def value(x: float) -> float:
        return c0 + math.fsum(c * math.exp(-rate * x) for c, rate in shifted)

    inner = [x for x in _zeros([(c * rate, rate) for c, rate in shifted]) if x < last]
    stops = [0.0, *inner, max(last, 0.0) * (1 + 1e-9) + 1.0]
    zeros = []
    for low, high in itertools.pairwise(stops):
        if value(high) == 0.0:
            zeros.append(high)
        elif value(low) * value(high) < 0.0:
            zeros.append(_bisect(value, low, high))
    return zeros


def _bisect(value: Callable[[float], float], low: float, high: float) -> float:
    """The zero between two points of different sign, to a thousandth of a millisecond."""
    rising = value(high) > 0.0
    while high - low > 1e-3:
        middle = (low + high) / 2
        if middle in (low, high):
            break
        if (value(middle) > 0.0) == rising:
            high = middle
        else:
            low = middle
    return high
