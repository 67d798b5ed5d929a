"""Maps of the past: one for the end of each of the last days, kept in files, restated when due."""

from __future__ import annotations

import datetime as dt
import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import structlog

from hotspring import durable
from hotspring.errors import NotReady
from hotspring.heatmap import frame
from hotspring.pipeline import Pipeline
from hotspring.pool.board import Board, Moment
from hotspring.pool.past import Base, Past, pasts
from hotspring.whereabouts import Known, Whereabouts

log = structlog.get_logger("hotspring.map")

DAYS: Final = 30
STEP: Final = 3
"""Energies are kept of the end of each third day: other moments are read on from there."""
FOLDER: Final = "map/days"
PATIENCE: Final = 1.5
"""Seconds for which somebody waits for a day of a small pool."""
REMEMBERED: Final = 4
"""Other moments that are kept in memory."""


class Made(NamedTuple):
    """The days that there are, and of what they were made."""

    of: tuple[int, int]
    """The live state, and how many were erased from it."""
    rules: int
    today: dt.date
    total: int
    read_ms: int
    """When the reading began: what came later is not in it."""
    frames: dict[int, frame.Frame]
    """By the last ms of the day."""
    bases: dict[int, Base]
    """By the last ms of some of these days."""


class PastMaps:
    """Draws past moments of an open pool by today's rules and identities. From any thread.

    The days are drawn in one pass over all events, beside everything else, when somebody first
    asks for a moment of the past, and anew when the rules changed or another day began. Their files
    hold numbers of profiles, energies, bands and places; they go when somebody is erased, and with
    every start. Another moment is read on from the last day before it of which energies are kept.
    """

    def __init__(
        self, folder: Path, pipeline: Pipeline, board: Board, version: Callable[[], int]
    ) -> None:
        self._folder = folder / FOLDER
        self._pipeline = pipeline
        self._board = board
        self._version = version
        self._lock = threading.Lock()
        self._worker = ThreadPoolExecutor(1, "past-maps")
        self._work: Future[None] | None = None
        self._closing = threading.Event()
        self._made: Made | None = None
        self._others: dict[tuple[int, ...], tuple[frame.Frame, int]] = {}
        shutil.rmtree(self._folder, ignore_errors=True)

    def at(self, at_ms: int, now: int) -> Moment:
        """Everybody as of a moment before `now`; raises `NotReady` while it is drawn."""
        ends = self.days(now)
        known = self._pipeline.state.where.known()
        if at_ms in ends or at_ms - 1 in ends:
            end = at_ms if at_ms in ends else at_ms - 1
            made = self._day(end, now)
            return Moment(made.frames[end], known, at_ms, 0, made.read_ms)
        key = (at_ms, self._version(), *self._people())
        with self._lock:
            found = self._others.get(key)
        if found is None:
            found = self._other(at_ms, now)
            with self._lock:
                self._others[key] = found
                while len(self._others) > REMEMBERED:
                    self._others.pop(next(iter(self._others)))
        return Moment(found[0], known, at_ms, 0, found[1])

    def _other(self, at_ms: int, now: int) -> tuple[frame.Frame, int]:
        """A moment that is not kept, and when what is known of it was read."""
        with self._lock:
            made = self._current(now)
        day = (
            None if made is None else max((d for d in list(made.bases) if d <= at_ms), default=None)
        )
        if made is None or day is None:
            ((_, found),) = self._drawn([at_ms])
            return found, now
        return self._read_on(made.frames[day], made.bases[day], at_ms), made.read_ms

    def days(self, now: int) -> list[int]:
        """The last ms of each of the days that are kept, in the pool's zone, the earliest first."""
        zone = self._pipeline.settings.zone
        today = dt.datetime.fromtimestamp(now / 1000, zone).date()
        return [_midnight(today - dt.timedelta(days=back), zone) - 1 for back in range(DAYS)][::-1]

    def progress(self) -> float:
        """Which share of the days is drawn, while they are?"""
        made = self._made
        return 0.0 if made is None else len(made.frames) / made.total

    def forget(self) -> None:
        """Leave nothing of the days in the folder."""
        with self._lock:
            self._made, self._others = None, {}
            shutil.rmtree(self._folder, ignore_errors=True)

    def close(self) -> None:
        """End the pass under way."""
        self._closing.set()
        self._worker.shutdown(wait=True)
        self.forget()

    def _current(self, now: int) -> Made | None:
        """The days by today's rules, where they are drawn; where they are not, they will be."""
        zone = self._pipeline.settings.zone
        today = dt.datetime.fromtimestamp(now / 1000, zone).date()
        made = self._made
        if made is not None and made.of != self._people():
            made = self._made = None
        ruled = made is not None and made.rules == self._version()
        current = ruled and made is not None and made.today == today
        if not current and (self._work is None or self._work.done()):
            self._work = self._worker.submit(self._pass, now, today)
        return made if ruled else None

    def _day(self, at_ms: int, now: int) -> Made:
        """The days that there are, that of `at_ms` among them; those of older rules will do."""
        with self._lock:
            self._current(now)
            made, work = self._made, self._work
        if made is None or at_ms not in made.frames:
            if work is not None:
                wait([work], PATIENCE)
            made = self._made
        if made is None or at_ms not in made.frames:
            done = round(100 * self.progress())
            raise NotReady(f"the past days are being drawn ({done} %); ask again in a moment")
        return made

    def _pass(self, now: int, today: dt.date) -> None:
        try:
            ends = self.days(now)
            made = Made(self._people(), self._version(), today, len(ends), now, {}, {})
            folder = self._folder / f"{today.isoformat()}-{made.rules}-{id(made):x}"
            durable.private_folder(folder)
            before = self._made
            for past, drawn in self._drawn(ends):
                if self._closing.is_set():
                    return
                place = folder / str(past.at_ms)
                made.frames[past.at_ms] = frame.Frame(**_kept(place, drawn._asdict()))
                if past.at_ms in ends[::STEP] or past.at_ms == ends[-1]:
                    made.bases[past.at_ms] = _base(place, past)
                if before is None:
                    # The first ones are shown while the others are drawn.
                    self._made = made
            self._made = made
            for old in self._folder.iterdir():
                if old != folder:
                    shutil.rmtree(old, ignore_errors=True)
        except Exception as error:
            log.error("the past days could not be drawn", exc_info=error)

    def _people(self) -> tuple[int, int]:
        state = self._pipeline.state
        return id(state), len(state.who.tombstones)

    def _drawn(self, moments: Sequence[int]) -> Iterator[tuple[Past, frame.Frame]]:
        """A frame of each moment; each is drawn over the one before, so use it before that."""
        where = Whereabouts()
        drawn = frame.blank(0)
        spots = np.empty((0, 4), np.int32)
        for past in pasts(self._pipeline, moments, where):
            known: Any = where.known()
            if not len(drawn.state):
                drawn, spots = frame.blank(len(known.ms)), np.full((len(known.ms), 4), -1, np.int32)
            states = np.empty(len(known.ms), np.int8)
            past.heat.view(past.at_ms, drawn.degrees, states)
            drawn.state[:] = np.where(known.people, states, frame.NOBODY)
            drawn.strong[:] = past.known
            drawn.radius[:] = frame.radius_code(known.precision)
            here = np.stack([known.lon, known.lat, known.adcode, known.origin], axis=1)
            moved = np.flatnonzero((here != spots).any(axis=1)).astype(np.int32)
            spots = here
            self._board.settle(drawn, moved, Known(*(column[moved] for column in known)))
            yield past, drawn

    def _read_on(self, kept: frame.Frame, base: Base, at_ms: int) -> frame.Frame:
        """The frame of a moment, from that of a day before it and what happened since."""
        where = Whereabouts()
        (past,) = pasts(self._pipeline, [at_ms], where, base)
        known: Any = where.known()
        drawn = frame.blank(len(known.ms))
        columns: Any = zip(drawn, kept, strict=True)
        for column, old in columns:
            column[: len(old)] = old
        states = np.empty(len(known.ms), np.int8)
        came = known.people
        people = (drawn.state != frame.NOBODY) | came
        past.heat.view(at_ms, drawn.degrees, states)
        drawn.state[:] = np.where(people, states, frame.NOBODY)
        drawn.strong[came] = past.known[came]
        # Whatever place they told of is later than the one that is kept.
        moved = np.flatnonzero(known.located).astype(np.int32)
        there = Known(*(column[moved] for column in known))
        drawn.radius[moved] = frame.radius_code(there.precision)
        self._board.settle(drawn, moved, there)
        return drawn


def _kept(folder: Path, columns: dict[str, np.ndarray]) -> dict[str, Any]:
    """Arrays in files of their own, mapped into memory."""
    durable.private_folder(folder)
    for name, column in columns.items():
        with durable.replacing(folder / f"{name}.npy", lasting=False) as out:
            np.save(out, column)
    return {name: np.load(folder / f"{name}.npy", mmap_mode="r") for name in columns}


def _base(folder: Path, past: Past) -> Base:
    every = np.arange(len(past.present), dtype=np.int32)
    columns = {
        "shares": past.heat.shares(past.at_ms),
        "warmed": past.heat.warmed(every),
        "present": past.present,
    }
    return Base(past.at_ms, **_kept(folder, columns))


def _midnight(day: dt.date, zone: dt.tzinfo) -> int:
    return int(dt.datetime.combine(day, dt.time(), zone).timestamp() * 1000)
