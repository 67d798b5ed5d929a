"""Who leaves their band soon, for millions at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from hotspring.temperature import Heat, law


class NextBands(NamedTuple):
    """By slot: the band that follows in silence, and when; -1 where none follows in time."""

    band: np.ndarray
    """int8."""
    ms: np.ndarray
    """int64: the end of the shortest span within which it follows."""


def next_bands(heat: Heat, slots: np.ndarray, now: int, spans: Sequence[int]) -> NextBands:
    """Who of these slots leaves their band within spans (ms, ascending) if nothing happens?

    Energies of one sign go to nothing without a turn, so they pass the edges one after another,
    and two readings tell whether one was passed. The few of both signs are asked one by one.
    """
    e_half = heat.rules.e_half
    before = law.band(heat.energy(now, slots), e_half)
    band = np.full(len(slots), -1, np.int8)
    ms = np.full(len(slots), -1, np.int64)
    for span in spans:
        after = law.band(heat.energy(now + span, slots), e_half)
        fresh = (after != before) & (ms < 0)
        ms[fresh], band[fresh] = now + span, before[fresh] + 1
    for at in np.flatnonzero(heat.turns(slots)).tolist():
        following = law.next_band(heat.terms(int(slots[at]), now), e_half, now)
        band[at], ms[at] = (-1, -1) if following is None else following
    return NextBands(band, ms)
