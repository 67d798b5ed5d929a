"""How the pool got where it is: its bands day by day, and who moved between them in a week."""

from __future__ import annotations

import datetime as dt
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import structlog

from hotspring.pipeline import Pipeline
from hotspring.pool.brought import Brought
from hotspring.pool.moments import iso
from hotspring.temperature import Heat, law

DAYS: Final = 30
WEEK_DAYS: Final = 7
FOLDER: Final = "past/days"
PATIENCE: Final = 1.0
"""Seconds for which somebody waits for the days of a small pool."""
SOONEST: Final = 60.0
SHARE: Final = 20
"""The days are made anew after at least so many times the time they took."""
NEW: Final = len(law.BANDS)
"""The state of a week ago of who was not there."""
STATES: Final = (*law.BANDS, "new")
ABSENT: Final = len(Heat.STATES)
"""The state of a slot that had no event by then."""
BAND_OF: Final = np.array([0, 1, 2, 3, 3, NEW], np.int8)
"""The band of each state, cold told apart or not."""
NEVER: Final = 1 << 62

log = structlog.get_logger("hotspring.trend")


class Told(NamedTuple):
    """What was found, and of what."""

    state: object
    position: int
    day: dt.date
    days: list[dict[str, Any]]
    week_at: int
    week: np.ndarray
    """The band of each slot then, or `NEW`."""
    due: float
    """From when on it may be made anew."""


class Trend:
    """Days are restated by today's rules and identities, from one reading of all events.

    The pass runs beside everything else, when somebody asks and what is there is out of date.
    What it brings into rows by day are numbers, and goes with it.
    """

    def __init__(self, folder: Path, pipeline: Pipeline, version: Callable[[], int]) -> None:
        """`version` gives that of the rules in force."""
        self._folder = folder / FOLDER
        self._pipeline = pipeline
        self._version = version
        self._thread = ThreadPoolExecutor(1, "trend")
        self._closing = threading.Event()
        self._lock = threading.Lock()
        self._work: Future[None] | None = None
        self._told: Told | None = None
        shutil.rmtree(self._folder, ignore_errors=True)

    def days(self, now: int) -> dict[str, Any]:
        """The bands at the end of each of the last days, and whether newer ones are being made."""
        told = self._current(now)
        return {"computing": self._under_way(), "days": told.days if told else []}

    def flow(self, now: int) -> dict[str, Any] | None:
        """How many known profiles went from which band to which in a week; None until known."""
        told = self._current(now)
        if told is None:
            return None
        with self._pipeline.lock:
            state = self._pipeline.state
            if state is not told.state:
                return None
            slots = state.who.slots(known_only=True)
            here = _bands(state.heat, now, slots)
        before = np.full(len(slots), NEW, np.int8)
        within = slots < len(told.week)
        before[within] = told.week[slots[within]]
        counts = np.bincount(before * len(STATES) + here, minlength=len(STATES) ** 2)
        flows = [
            {"from": STATES[at // len(STATES)], "to": STATES[at % len(STATES)], "profiles": count}
            for at, count in enumerate(counts.tolist())
            if count
        ]
        return {"since": iso(told.week_at), "until": iso(now), "flows": flows}

    def close(self) -> None:
        """End the pass under way."""
        self._closing.set()
        self._thread.shutdown(wait=True)

    def _under_way(self) -> bool:
        return self._work is not None and not self._work.done()

    def _current(self, now: int) -> Told | None:
        """What is known; where that is out of date, a pass is begun, and awaited for a moment."""
        today = dt.datetime.fromtimestamp(now / 1000, self._pipeline.settings.zone).date()
        with self._lock:
            told = self._told
            if told is not None and told.state is not self._pipeline.state:
                told = self._told = None
            fresh = (
                told is not None
                and told.day == today
                and (told.position == self._pipeline.position or time.monotonic() < told.due)
            )
            if not fresh and not self._under_way() and not self._closing.is_set():
                self._work = self._thread.submit(self._pass, now, today)
            work = self._work
        if told is None and work is not None:
            try:
                work.result(PATIENCE)
            except TimeoutError:
                return None
        return self._told

    def _pass(self, now: int, today: dt.date) -> None:
        began = time.monotonic()
        try:
            state, version, ends = self._pipeline.state, self._version(), self._midnights(today)
            brought = Brought(self._folder, self._pipeline)
            days, week, week_at = list[dict[str, Any]](), np.empty(0, np.int8), 0
            for at, states in self._restated(brought, sorted(ends)):
                known = np.bincount(states[brought.known], minlength=ABSENT + 1)
                strangers = np.bincount(states[~brought.known], minlength=ABSENT + 1)
                days.append({"day": ends[at].isoformat(), **_told(known, strangers, at, version)})
                if ends[at] == today - dt.timedelta(days=WEEK_DAYS):
                    week, week_at = BAND_OF[states], at
            if len(days) == len(ends):
                due = time.monotonic() + max(SOONEST, SHARE * (time.monotonic() - began))
                found = (days, week_at, week, due)
                self._told = Told(state, brought.position, today, *found)
        except Exception as error:
            log.error("the days could not be read", exc_info=error)
        finally:
            shutil.rmtree(self._folder, ignore_errors=True)

    def _restated(self, brought: Brought, moments: list[int]) -> Iterator[tuple[int, np.ndarray]]:
        """The state of each slot at ends of days that ascend, as long as it shall go on."""
        first, of = np.full(brought.size, NEVER), self._people()
        for stretch in brought.read():
            there = stretch.slots >= 0
            np.minimum.at(first, stretch.slots[there], stretch.ms[there])
            if self._closing.is_set() or self._people() != of:
                return
        deposits, days = brought.deposits, sorted(brought.heat.counts)
        energy = np.zeros((brought.size, deposits.half_lives))
        warmed = np.zeros(brought.size, bool)
        degrees, states = (np.empty(brought.size, kind) for kind in (np.int16, np.int8))
        before = moments[0]
        for at in moments:
            energy *= deposits.cooled(at - before)
            last = int(deposits.days_of(np.array([at]))[0])
            while days and days[0] <= last:
                rows = deposits.in_order(brought.heat.of(days[0]))
                deposits.add(rows, days.pop(0), at, energy, warmed)
            before = at
            more, ever = np.zeros((brought.size, 1)), warmed
            if len(brought.gone.rows):
                ever = warmed.copy()
                deposits.add_gone(brought.gone, at, more, ever)
            deposits.view(energy, deposits.cooled(0), more, ever, degrees, states)
            states[first > at] = ABSENT
            yield at, states

    def _people(self) -> tuple[int, int]:
        state = self._pipeline.state
        return id(state), len(state.who.tombstones)

    def _midnights(self, today: dt.date) -> dict[int, dt.date]:
        """The ends of the last days, and which day ended then."""
        zone, one = self._pipeline.settings.zone, dt.timedelta(days=1)
        ends = {}
        for back in range(DAYS):
            day = today - back * one
            midnight = dt.datetime.combine(day, dt.time(), zone)
            ends[int(midnight.timestamp() * 1000) - 1] = day - one
        return ends


def _bands(heat: Heat, now: int, slots: np.ndarray) -> np.ndarray:
    return np.asarray(law.band(heat.energy(now, slots), heat.rules.e_half), np.int8)


def _told(known: np.ndarray, strangers: np.ndarray, at: int, version: int) -> dict[str, Any]:
    """How many were in each band, given how many were in each state."""
    hot, warm, cool, never_warm, cooled, _ = known.tolist()
    return {
        "as_of": iso(at),
        "total": int(known[:ABSENT].sum()),
        "bands": {"hot": hot, "warm": warm, "cool": cool, "cold": never_warm + cooled},
        "cold": {"never_warm": never_warm, "cooled": cooled},
        "anonymous": int(strangers[:ABSENT].sum()),
        "rules": version,
        "restated": True,
    }
