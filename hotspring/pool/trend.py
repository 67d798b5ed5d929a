"""How the pool got where it is: its bands day by day, and who moved between them in a week."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Final, NamedTuple

import numpy as np
import structlog

from hotspring.pipeline import Pipeline
from hotspring.pool.moments import iso
from hotspring.pool.past import Past, pasts
from hotspring.temperature import Heat, law

DAYS: Final = 30
WEEK_MS: Final = 7 * 86_400_000
PATIENCE: Final = 1.0
"""Seconds for which somebody waits for the days of a small pool."""
SOONEST: Final = 60.0
SHARE: Final = 20
"""The days are made anew after at least so many times the time they took."""
NEW: Final = len(law.BANDS)
"""The state of a week ago of who was not there."""
STATES: Final = (*law.BANDS, "new")

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
    """Days are restated by today's rules and identities, in one pass over all events.

    The pass runs beside everything else, when somebody asks and what is there is out of date.
    """

    def __init__(self, pipeline: Pipeline, version: Callable[[], int]) -> None:
        """`version` gives that of the rules in force."""
        self._pipeline = pipeline
        self._version = version
        self._thread = ThreadPoolExecutor(1, "trend")
        self._closing = threading.Event()
        self._lock = threading.Lock()
        self._work: Future[None] | None = None
        self._told: Told | None = None

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
            with self._pipeline.lock:
                state, position = self._pipeline.state, self._pipeline.position
            ends, week_at = self._midnights(today), now - WEEK_MS
            version, days = self._version(), list[dict[str, Any]]()
            week = np.empty(0, np.int8)
            for past in pasts(self._pipeline, sorted({*ends, week_at})):
                if self._closing.is_set():
                    return
                if past.at_ms == week_at:
                    week = _week(past)
                if past.at_ms in ends:
                    days.append({"day": ends[past.at_ms].isoformat(), **past.told(version)})
            due = time.monotonic() + max(SOONEST, SHARE * (time.monotonic() - began))
            self._told = Told(state, position, today, days, week_at, week, due)
        except Exception as error:
            log.error("the days could not be read", exc_info=error)

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


def _week(past: Past) -> np.ndarray:
    every = np.arange(len(past.present), dtype=np.int32)
    bands = _bands(past.heat, past.at_ms, every)
    return np.where(past.present, bands, NEW).astype(np.int8)
