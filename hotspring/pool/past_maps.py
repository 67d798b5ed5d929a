"""Maps of the past: one for the end of each of the last days, kept in files, restated when due."""

from __future__ import annotations

import datetime as dt
import shutil
import threading
import time
from collections.abc import Callable, Sequence
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
from hotspring.pool.chronicle import Chronicle
from hotspring.pool.past_frames import Base, Walk, based, read_on

log = structlog.get_logger("hotspring.map")

DAYS: Final = 30
FOLDER: Final = "past/maps"
"""Backups leave it out: it is made anew."""
PATIENCE: Final = 1.5
"""Seconds for which somebody waits for a day of a small pool."""
CHRONICLE: Final = 0.8
"""Which share of the time goes into the days, about; the rest into drawing them."""
REMEMBERED: Final = 4
"""Other moments that are kept in memory."""
SOONEST: Final = 60.0
"""Seconds after which it is looked whether something came late, ..."""
SHARE: Final = 20
"""... and no sooner than so many times what the drawing took."""
LATE: Final = 1_000
"""The days are drawn anew where more than one of so many events came late."""
COME: Final = "SELECT count(*) FROM events WHERE seq >= ? AND ms <= ?"


class Made(NamedTuple):
    """The days that there are, and of what they were made."""

    of: tuple[int, int]
    """The live state, and how many were erased from it."""
    rules: int
    today: dt.date
    read_ms: int
    """When the reading began: what came later is not in it."""
    frames: dict[int, frame.Frame]
    """By the last ms of the day."""
    bases: dict[int, Base]
    """By the last ms of some days, these and earlier ones: what other moments are read on from."""
    chronicle: Chronicle
    whole: bool
    """Are all of them drawn?"""


class PastMaps:
    """Draws past moments of an open pool by today's rules and identities. From any thread.

    All events are read once, beside everything else, when somebody first asks for a moment of the
    past, and anew when the rules changed or another day began: into rows by day, from which the
    days are drawn. Another moment is read on from a base before it, from the rows of the days
    between. The files hold numbers of profiles, energies, bands and places; they go when somebody
    is erased, and with every start.
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
        self._done = 0.0
        self._others: dict[tuple[int, ...], frame.Frame] = {}
        self._look_at = 0.0
        shutil.rmtree(self._folder, ignore_errors=True)

    def at(self, at_ms: int, now: int) -> Moment:
        """Everybody as of a moment before `now`; raises `NotReady` while it is drawn."""
        ends = self.days(now)
        known = self._pipeline.state.where.known()
        if at_ms in ends or at_ms - 1 in ends:
            end = at_ms if at_ms in ends else at_ms - 1
            # Those of older rules will do until they are drawn anew.
            made = self._wanted(now, lambda made: end in made.frames)
            return Moment(made.frames[end], known, at_ms, 0, made.read_ms)
        made = self._wanted(now, lambda made: made.whole and made.rules == self._version())
        return Moment(self._other(made, at_ms), known, at_ms, 0, made.read_ms)

    def _other(self, made: Made, at_ms: int) -> frame.Frame:
        """A moment that is not stored; the last ones that were asked for are kept."""
        key = (at_ms, made.read_ms, made.rules, *made.of)
        with self._lock:
            found = self._others.get(key)
        if found is None:
            base = max((day for day in made.bases if day <= at_ms), default=None)
            found = read_on(
                made.chronicle,
                None if base is None else made.bases[base],
                at_ms,
                self._board.ground,
                # What came late is known to the next drawing, of all days alike.
                later=at_ms > made.read_ms,
            )
            with self._lock:
                self._others[key] = found
                while len(self._others) > REMEMBERED:
                    self._others.pop(next(iter(self._others)))
        return found

    def days(self, now: int) -> list[int]:
        """The last ms of each of the days that are kept, in the pool's zone, the earliest first."""
        zone = self._pipeline.settings.zone
        today = dt.datetime.fromtimestamp(now / 1000, zone).date()
        return [_midnight(today - dt.timedelta(days=back), zone) - 1 for back in range(DAYS)][::-1]

    def progress(self) -> float:
        """Which share of the work on the days is done? 1 where there are some."""
        made = self._made
        return 1.0 if made is not None and made.whole else self._done

    def rehearse(self, now: int) -> None:
        """Draw the days while the caller waits."""
        self._pass(now, dt.datetime.fromtimestamp(now / 1000, self._pipeline.settings.zone).date())

    def forget(self) -> None:
        """Leave nothing of the days in the folder."""
        with self._lock:
            self._made, self._others, self._done = None, {}, 0.0
            shutil.rmtree(self._folder, ignore_errors=True)

    def close(self) -> None:
        """End the pass under way."""
        self._closing.set()
        self._worker.shutdown(wait=True)
        self.forget()

    def _current(self, now: int) -> Made | None:
        """The days that there are; where they are not those of now, they will be drawn."""
        zone = self._pipeline.settings.zone
        today = dt.datetime.fromtimestamp(now / 1000, zone).date()
        made = self._made
        if made is not None and made.of != self._people():
            made = self._made = None
        current = (
            made is not None
            and made.rules == self._version()
            and made.today == today
            and not self._late(made)
        )
        if not current and (self._work is None or self._work.done()):
            self._work = self._worker.submit(self._pass, now, today)
        return made

    def _late(self, made: Made) -> bool:
        """Did so much come since that happened on these days, that they are to be drawn anew?"""
        if time.monotonic() < self._look_at or not made.whole:
            return False
        self._look_at = time.monotonic() + SOONEST
        last = max(made.frames)
        (batch,) = self._pipeline.ask(COME, [made.chronicle.bound, last])
        return LATE * int(batch.column(0)[0].as_py()) > self._pipeline.stored()

    def _wanted(self, now: int, ready: Callable[[Made], bool]) -> Made:
        """The days that there are, once they are `ready`; raises `NotReady` where they are not."""
        with self._lock:
            made, work = self._current(now), self._work
        if work is not None and (made is None or not ready(made)):
            wait([work], PATIENCE)
            made = self._made
        if made is None or not ready(made):
            done = round(100 * self.progress())
            raise NotReady(f"the past days are being drawn ({done} %); ask again in a moment")
        return made

    def _pass(self, now: int, today: dt.date) -> None:
        folder, self._done = self._folder / f"{today.isoformat()}-{time.time_ns():x}", 0.0
        began = time.monotonic()
        try:
            of, rules, ends = self._people(), self._version(), self.days(now)
            durable.private_folder(folder)
            # Who is where they are now need not be looked up once more.
            self._board.now(now)
            chronicle = Chronicle(folder, self._pipeline, self._board)
            made = Made(of, rules, today, now, {}, {}, chronicle, whole=False)

            def going() -> bool:
                return not self._closing.is_set() and self._people() == of

            chronicle.read(going, self._tell)
            self._draw(made, ends, folder, going)
            if not going():
                # An erasure may have emptied the folder before the last of it was written.
                shutil.rmtree(folder, ignore_errors=True)
                return
            self._made = made._replace(whole=True)
            self._look_at = time.monotonic() + max(SOONEST, SHARE * (time.monotonic() - began))
            for old in self._folder.iterdir():
                if old != folder:
                    shutil.rmtree(old, ignore_errors=True)
        except Exception as error:
            shutil.rmtree(folder, ignore_errors=True)
            log.error("the past days could not be drawn", exc_info=error)

    def _draw(
        self, made: Made, ends: Sequence[int], folder: Path, going: Callable[[], bool]
    ) -> None:
        """Draw the ends of days, the first one first, and keep what others are read on from."""
        before = self._made
        walk = Walk(made.chronicle, self._board.ground)
        bases = {*based(made.chronicle, ends[-1]), ends[-1]}
        moments = sorted({*ends, *bases})
        for number, at in enumerate(moments):
            if not going():
                return
            self._done = CHRONICLE + (1 - CHRONICLE) * number / len(moments)
            walk.go(at)
            drawn, place = walk.draw(), folder / str(at)
            # Who is a person is told by what is known today, on all days alike.
            drawn_columns = {k: v for k, v in drawn.frame._asdict().items() if k != "strong"}
            kept = frame.Frame(**_kept(place, drawn_columns), strong=made.chronicle.known)
            if at in bases:
                columns = {"energy": drawn.energy, "warmed": drawn.warmed}
                made.bases[at] = Base(at, **_kept(place, columns), frame=kept)
            if at in ends:
                made.frames[at] = kept
            if before is None:
                # The first ones are shown while the others are drawn.
                self._made = made

    def _tell(self, share: float) -> None:
        self._done = CHRONICLE * share

    def _people(self) -> tuple[int, int]:
        state = self._pipeline.state
        return id(state), len(state.who.tombstones)


def _kept(folder: Path, columns: dict[str, np.ndarray]) -> dict[str, Any]:
    """Arrays in files of their own, mapped into memory."""
    durable.private_folder(folder)
    for name, column in columns.items():
        with durable.replacing(folder / f"{name}.npy", lasting=False) as out:
            np.save(out, column)
    return {name: np.load(folder / f"{name}.npy", mmap_mode="r") for name in columns}


def _midnight(day: dt.date, zone: dt.tzinfo) -> int:
    return int(dt.datetime.combine(day, dt.time(), zone).timestamp() * 1000)
