"""Frames of past moments, made from the days of a chronicle: from the beginning, or from a base."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from hotspring.heatmap import Ground, frame
from hotspring.pool.chronicle import Chronicle

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

ROWS: Final = 4_000_000
"""So many rows are read on from a base, about: a tenth of a second."""
MOST: Final = 12
"""Bases there are, about; of very many events more rows are read on from each."""
NO_ENERGY: Final = np.empty((0, 1))


class Base(NamedTuple):
    """The pool at the end of a day, to read on from."""

    at_ms: int
    energy: Floats
    """By slot and half-life."""
    warmed: Mask
    frame: frame.Frame


class Walk:
    """Goes through the days of a chronicle and draws everybody at the ends of some of them.

    What `draw` gives is drawn over by the next one: use it before that.
    """

    def __init__(self, chronicle: Chronicle, ground: Ground) -> None:
        self._chronicle, self._ground = chronicle, ground
        self._at: int | None = None
        self._energy = np.zeros((chronicle.size, chronicle.deposits.half_lives))
        self._warmed, self._people = (np.zeros(chronicle.size, bool) for _ in range(2))
        self._drawn = frame.blank(chronicle.size)
        self._drawn.strong[:] = chronicle.known

    def go(self, at: int) -> None:
        """Go on to the last ms of a day."""
        deposits = self._chronicle.deposits
        if self._at is not None:
            self._energy *= deposits.cooled(at - self._at)
        for day, heat, seen in self._chronicle.between(self._at, at, self._chronicle.nothing()):
            deposits.add(heat, day, at, self._energy, self._warmed)
            frame.see(self._drawn, self._people, seen, at, self._ground)
        self._at = at

    def draw(self) -> Base:
        """The pool as it stands."""
        assert self._at is not None
        base = Base(self._at, self._energy, self._warmed, self._drawn)
        _view(self._chronicle, base, self._at, NO_ENERGY, self._warmed, self._people, self._drawn)
        return base


def based(chronicle: Chronicle, until: int) -> list[int]:
    """At the ends of which days, up to `until`, shall there be something to read on from?"""
    counts = chronicle.counts()
    most = max(ROWS, sum(counts.values()) // MOST)
    found, rows, before = list[int](), 0, None
    for day, count in counts.items():
        if before is not None and rows + count > most:
            found.append(chronicle.deposits.end_of(before))
            rows = 0
        rows, before = rows + count, day
    return [at for at in found if at <= until]


def read_on(
    chronicle: Chronicle, base: Base | None, at: int, ground: Ground, *, later: bool
) -> frame.Frame:
    """The frame of any moment, from a base before it (None: from nothing) and what happened since.

    With `later`, what came since the chronicle was begun counts as well.
    """
    come = chronicle.come(at) if later else chronicle.nothing()
    size = len(come.known)
    drawn = frame.blank(size)
    warmed, more = np.zeros(size, bool), np.zeros((size, 1))
    if base is not None:
        columns: Any = zip(drawn, base.frame, strict=True)
        for column, old in columns:
            column[: len(old)] = old
        warmed[: len(base.warmed)] = base.warmed
    drawn.strong[:] = come.known
    people = drawn.state != frame.NOBODY
    for day, heat, seen in chronicle.between(None if base is None else base.at_ms, at, come):
        chronicle.deposits.add(heat, day, at, more, warmed)
        frame.see(drawn, people, seen, at, ground)
    _view(chronicle, base, at, more, warmed, people, drawn)
    return drawn


def _view(
    chronicle: Chronicle,
    base: Base | None,
    at: int,
    more: Floats,
    warmed: Mask,
    people: Mask,
    drawn: frame.Frame,
) -> None:
    """Write how warm everybody is: what is left of a base, and what came since."""
    deposits = chronicle.deposits
    if chronicle.has_gone:
        warmed = warmed.copy()
        more = more if len(more) else np.zeros((len(warmed), 1))
        chronicle.gone(at, more, warmed)
    energy, since = (NO_ENERGY, at) if base is None else (base.energy, base.at_ms)
    left = deposits.cooled(at - since)
    deposits.view(energy, left, more, warmed, drawn.degrees, drawn.state)
    drawn.state[~people] = frame.NOBODY
