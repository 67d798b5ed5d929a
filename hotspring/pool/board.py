"""The live map in memory: how warm everybody is and where, kept in step with the pipeline."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, NamedTuple

import numpy as np

from hotspring.geo import Areas, Atlas
from hotspring.heatmap import Ground, frame, live
from hotspring.pipeline import Pipeline
from hotspring.whereabouts import Known, Told

PORTION: Final = 1 << 17
"""Slots read while the pipeline waits: a few milliseconds."""
DRAWERS: Final = 2
"""Threads that draw everybody, at first."""
COOLS_MS: Final = 30_000
"""So long nobody is read anew for having cooled alone."""


class Moment(NamedTuple):
    """The pool as it was read."""

    frame: frame.Frame
    known: Known
    """Live arrays; what they hold may be newer."""
    at_ms: int
    number: int
    """Another one whenever something changed."""
    read_ms: int = 0
    """When what it tells of the past was read."""


class Board:
    """Draws the people of an open pool: all of them at first, then whom the pipeline touched."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline
        self.drawing = self._lock = threading.RLock()
        """Held while somebody is drawn, or cells are numbered."""
        self.ground = Ground()
        """Every cell that anybody is or was in."""
        self._frame = frame.blank(0)
        self._spots = np.empty((0, 4), np.int32)
        """Longitude, latitude, code and origin that are drawn, by slot."""
        self.listener: Callable[[live.Change | None], None] | None = None
        """Hears who is drawn anew, as they were and are; None where that is everybody."""
        self._state: object = None
        self._at = self._read_at = self._number = 0

    @property
    def areas(self) -> Areas:
        """The areas of the map; read when they are first asked for."""
        return _areas(self._pipeline.settings.outlines_file)

    @property
    def atlas(self) -> Atlas:
        """Outlines and names."""
        return atlas(self._pipeline.settings.outlines_file)

    def now(self, now: int) -> Moment:
        """Everybody as of `now` (ms), or of at most `COOLS_MS` before it where nothing happened."""
        with self._lock:
            self._follow(now)
            known = self._pipeline.state.where.known()
            return Moment(self._frame, known, self._at, self._number)

    def touched(self, now: int) -> np.ndarray | None:
        """Draw whom the pipeline touched; gives their slots, None where everybody was drawn."""
        with self._lock:
            return self._follow(now)

    def places(self, slots: np.ndarray, told: Told) -> tuple[np.ndarray, np.ndarray]:
        """In which area and in which cell were these slots, given what was told? -1 in none.

        Who was where they are now is copied: to look places up takes longer than all else.
        """
        with self._lock:
            node, cell = np.full(len(slots), -1, np.int16), np.full(len(slots), -1, np.int32)
            near = np.flatnonzero((slots < len(self._spots)) & (told.origin >= 0))
            spots = np.stack([told.lon, told.lat, told.adcode, told.origin], axis=1)
            same = np.zeros(len(slots), bool)
            same[near] = (self._spots[slots[near]] == spots[near]).all(axis=1)
            node[same] = self._frame.node[slots[same]]
            cell[same] = self._frame.cell[slots[same]]
            there: Any = told
            others = Told(*(column[~same] for column in there))
            node[~same], cell[~same] = frame.found(others, self.areas, self.ground)
            return node, cell

    def _follow(self, now: int) -> np.ndarray | None:
        pipeline = self._pipeline
        with pipeline.lock:
            heard, pipeline.heard, pipeline.watched = pipeline.heard, [], True
            same = pipeline.state is self._state
        slots = [np.empty(0, np.int32)]
        for one in heard:
            if one is None:
                same = False
            else:
                slots += [one.warmed, one.changed, one.gone]
        if not same:
            self._draw(now)
            return None
        touched = np.unique(np.concatenate(slots)).astype(np.int32)
        if len(touched):
            self._touch(touched, now)
            self._at = now
            self._number += 1
        if now - self._read_at > COOLS_MS or now < self._read_at:
            self._read(now)
            return None
        return touched

    def _draw(self, now: int) -> None:
        """Everybody anew."""
        if self.listener is not None:
            self.listener(None)
        listener, self.listener = self.listener, None
        self._state = self._pipeline.state
        size = self._state.who.capacity
        self._frame, self._spots = frame.blank(size), np.full((size, 4), -1, np.int32)
        starts = range(0, size, PORTION)
        parts = [np.arange(at, min(at + PORTION, size), dtype=np.int32) for at in starts]
        # Cells are looked up by one while the other one numbers them.
        with ThreadPoolExecutor(DRAWERS, "drawing") as drawers:
            for _ in drawers.map(functools.partial(self._touch, now=now), parts):
                pass
        self._at = self._read_at = now
        self._number += 1
        self.listener = listener

    def _read(self, now: int) -> None:
        """The temperatures of all, who stay where they are."""
        drawn = self._frame
        for start in range(0, len(drawn.state), PORTION):
            part = slice(start, min(start + PORTION, len(drawn.state)))
            states = np.empty(part.stop - start, np.int8)
            with self._pipeline.lock:
                self._pipeline.state.heat.view(now, drawn.degrees[part], states, start)
            people = drawn.state[part] != frame.NOBODY
            drawn.state[part] = np.where(people, states, frame.NOBODY)
        if self.listener is not None:
            self.listener(None)
        self._at = self._read_at = now
        self._number += 1

    def _touch(self, slots: np.ndarray, now: int) -> None:
        """Some slots anew."""
        self._reach(int(slots.max()) + 1)
        degrees, states = np.empty(len(slots), np.int16), np.empty(len(slots), np.int8)
        with self._pipeline.lock:
            state = self._pipeline.state
            known = Known(*(column[slots] for column in state.where.known()))
            strong = state.who.are_known(slots)
            state.heat.view(now, degrees, states, slots)
        drawn = self._frame
        before = None if self.listener is None else self._rows(slots)
        drawn.degrees[slots] = degrees
        drawn.state[slots] = np.where(known.people, states, frame.NOBODY)
        drawn.strong[slots] = strong
        spots = np.stack([known.lon, known.lat, known.adcode, known.origin], axis=1)
        moved = (spots != self._spots[slots]).any(axis=1)
        if moved.any():
            self._spots[slots] = spots
            there = Known(*(column[moved] for column in known))
            node, cell = frame.found(there, self.areas, self.ground)
            here = slots[moved]
            drawn.node[here], drawn.cell[here] = node, cell
            drawn.zone[here] = 0
            drawn.zone[here[cell >= 0]] = self.ground.zone[cell[cell >= 0]]
        drawn.radius[slots] = frame.radius_code(known.precision)
        if before is not None and self.listener is not None:
            self.listener(live.Change(before, self._rows(slots)))

    def _rows(self, slots: np.ndarray) -> frame.Frame:
        return frame.Frame(*(column[slots] for column in self._frame))

    def _reach(self, size: int) -> None:
        have = len(self._frame.state)
        if size <= have:
            return
        more = max(size, have * 5 // 4) - have
        pairs: Any = zip(self._frame, frame.blank(more), strict=True)
        self._frame = frame.Frame(*(np.append(old, new) for old, new in pairs))
        self._spots = np.append(self._spots, np.full((more, 4), -1, np.int32), axis=0)


@functools.lru_cache(1)
def atlas(file: str) -> Atlas:
    """Outlines and names of this file, or of what is shipped; read once for all."""
    return Atlas(file)


@functools.lru_cache(1)
def _areas(file: str) -> Areas:
    return Areas(atlas(file))
