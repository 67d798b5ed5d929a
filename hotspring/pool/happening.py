"""What happens now, for whoever watches: a frame a second of the last minutes, one for all."""

from __future__ import annotations

import time
from typing import Any, Final

import numpy as np
import pyarrow as pa

from hotspring.event import Flag
from hotspring.heatmap import frame, view
from hotspring.pipeline import Pipeline
from hotspring.pool.board import Board
from hotspring.pool.minutes import Present, counted
from hotspring.pool.moments import clock, iso
from hotspring.pool.orders import Counted, Orders
from hotspring.pool.watched import Deliver, Watched, Watcher, sent
from hotspring.pool.window import Rows, Window, begin
from hotspring.store import Store

TICK: Final = 1.0
SHARE: Final = 4
"""Between two frames there is at least so many times the time that one takes."""
SILENT_MS: Final = 5_000
"""So often a frame is sent where nothing came."""
LINGER: Final = 60.0
"""Seconds for which the window is kept for somebody who may come back."""
LEVEL: Final = "province"
UNCOUNTED: Final = int(Flag.BOT | Flag.SPENT)


class Happening(Watched[str]):
    """Counts while somebody watches, by language. Every method may be called from any thread."""

    NAME = "happening"

    def __init__(self, pipeline: Pipeline, store: Store, board: Board) -> None:
        super().__init__()
        self._pipeline = pipeline
        self._board = board
        self._orders = Orders(pipeline)
        self._window = Window(pipeline, store)
        self._frame: dict[str, Any] = {}
        self._places: tuple[view.Figures, frame.Groups] | None = None
        self._made: tuple[int, int, object] = (-1, -1, None)
        self._sent_ms = 0
        self.seconds = 0.0
        """How long the last frame took."""

    def watch(self, lang: str, deliver: Deliver) -> Watcher[str]:
        """Deliver the last minutes now, and whenever they change until `leave`."""
        return self._add(lang, deliver)

    def now(self, lang: str) -> dict[str, Any]:
        """The last minutes, as of the last second."""
        with self._lock:
            self._make(clock())
            self._wanted_until = time.monotonic() + LINGER
            self._go()
            return self._told(lang)

    def begin(self, watcher: Watcher[str]) -> None:
        self._make(clock())
        watcher.deliver(sent("minutes", self._told(watcher.key)))

    def rest(self) -> None:
        self._window.rest()
        self._frame, self._places, self._made = {}, None, (-1, -1, None)

    def pause(self) -> float:
        return max(TICK, SHARE * self.seconds)

    def tick(self, now: int) -> None:
        """A frame for all who watch, where anything changed or they wait for long."""
        with self._lock:
            if self._watchers:
                self._wanted_until = time.monotonic() + LINGER
            if not self._make(now) and 0 <= now - self._sent_ms < SILENT_MS:
                return
            self._sent_ms = now
            frames = {lang: sent("minutes", self._told(lang)) for lang in self._langs()}
            for watcher in self._watchers:
                watcher.deliver(frames[watcher.key])

    def _langs(self) -> set[str]:
        return {watcher.key for watcher in self._watchers}

    def _make(self, now: int) -> bool:
        """Count anew where something came or a minute ended; did it?"""
        state = self._pipeline.state
        made = (self._pipeline.position, begin(now), state)
        if made == self._made:
            self._frame["as_of"] = iso(now)
            return False
        began = time.perf_counter()
        rows = self._window.follow(now)
        present = self._present(rows)
        # What came since `now` was read is dated after it, and counts.
        last = int(rows.numbers["ms"].max(initial=now))
        found = counted(present, self._orders.terms(Counted(), last), state.rules, now)
        self._places, where = self._placed(present.people(), now)
        self._frame = {
            "as_of": iso(now),
            "from": iso(max(begin(now), self._window.since)),
            **found,
            **where,
        }
        self._made = (self._window.position, begin(now), state)
        self.seconds = time.perf_counter() - began
        return True

    def _present(self, rows: Rows) -> Present:
        """The rows that count as on all pages: machines left out as they are flagged now."""
        names = ("origin_id", "key", "flags")
        batch = pa.RecordBatch.from_pydict({name: rows.numbers[name] for name in names})
        with self._pipeline.lock:
            state = self._pipeline.state
            slot = state.who.profile_of(rows.numbers["origin_id"], rows.numbers["ms"])
            flags = state.machines.seen(batch).column("flags").to_numpy()
        there = np.flatnonzero(flags & UNCOUNTED == 0)
        return Present.of(rows.at(there), slot[there])

    def _placed(
        self, slots: Any, now: int
    ) -> tuple[tuple[view.Figures, frame.Groups], dict[str, Any]]:
        """Where they are, as the map tells it: areas of few people are withheld."""
        with self._board.drawing:
            moment = self._board.now(now)
            groups = view.areas_of(self._board.areas, LEVEL, None)
            mask = np.zeros(max(len(moment.frame.state), 1), bool)
            mask[slots[slots < len(mask)]] = True
            tally = view.counted(moment.frame, moment.known, groups, frame.Chosen(mask=mask))
            figures = view.told(tally, groups)
        withheld = int(tally.profiles.sum()) - int(figures.counts.sum())
        told = {"withheld": withheld, "unlocated": int(tally.unlocated + tally.coarse)}
        return (figures, groups), told

    def _told(self, lang: str) -> dict[str, Any]:
        if self._places is None:
            return self._frame
        figures, groups = self._places
        board = self._board
        names = view.named(figures, groups, LEVEL, board.areas, board.atlas, lang)
        places = [
            {"id": id_, "name": name, "people": int(count)}
            for (id_, name), count in zip(names, figures.counts.sum(axis=1).tolist(), strict=True)
        ]
        return {**self._frame, "places": places}
