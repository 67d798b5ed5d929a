"""The live map for whoever watches: one frame for all watchers of a level, twice a second."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any, Final

import msgspec
import structlog

from hotspring.errors import TooManyTries
from hotspring.heatmap import frame, live, view
from hotspring.pool.board import Board, Moment
from hotspring.pool.moments import clock, iso

log = structlog.get_logger("hotspring.map")

TICK: Final = 0.5
RECOUNT_MS: Final = 60_000
"""So often everybody is counted anew."""
MOST: Final = 100
"""Watchers at a time: the door keeps as many connections for all other questions."""
FINEST: Final = 7
"""Resolution of live cells, at most."""

Deliver = Callable[[bytes | None], None]
"""Gets each frame; None at the end."""


class Watcher:
    """One who watches a level."""

    def __init__(self, key: tuple[str, int, str], deliver: Deliver) -> None:
        self.key = key
        self.deliver = deliver


class Live:
    """Counts while somebody watches. Every method may be called from any thread."""

    def __init__(self, board: Board, version: Callable[[], int]) -> None:
        self._board = board
        self._version = version
        self._lock = threading.RLock()
        self._levels: dict[tuple[str, int, str], live.Level] = {}
        self._watchers: list[Watcher] = []
        self._changes: list[live.Change | None] = []
        self._thread: threading.Thread | None = None
        self._closing = threading.Event()
        self._counted_at = 0
        self.seconds = 0.0
        """How long the last frame took that told of a change."""

    def watch(self, level: str, resolution: int, lang: str, deliver: Deliver) -> Watcher:
        """Deliver the figures of a level now, and what changes of them until `leave`."""
        key = (level, min(resolution, FINEST) if level == "cell" else -1, lang)
        with self._lock:
            if len(self._watchers) >= MOST:
                raise TooManyTries(30)
            watcher = Watcher(key, deliver)
            if key not in self._levels:
                self._levels[key] = self._fresh(key)
            found = self._levels[key]
            told = self._told(key, found, found.whole())
            deliver(_event("whole", {"as_of": iso(self._counted_at), "areas": told}))
            self._watchers.append(watcher)
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="map-live", daemon=True)
                self._thread.start()
            return watcher

    def leave(self, watcher: Watcher) -> None:
        """Deliver nothing more to one who watched."""
        with self._lock:
            self._watchers = [one for one in self._watchers if one is not watcher]

    def close(self) -> None:
        """End all of it."""
        self._closing.set()
        with self._lock:
            for watcher in self._watchers:
                watcher.deliver(None)
            self._watchers = []
        if self._thread is not None and self._thread.is_alive():
            self._thread.join()

    def tick(self, now: int) -> None:
        """One frame of every level that is watched, for all who watch it."""
        with self._lock:
            began = time.perf_counter()
            for key in set(self._levels).difference(one.key for one in self._watchers):
                del self._levels[key]
            # Nobody may be drawn between the reading of the frame and that of what changed.
            with self._board.drawing:
                moment = self._follow(now)
                changes, self._changes = self._changes, []
                whole = None in changes or not 0 <= now - self._counted_at < RECOUNT_MS
                if whole:
                    self._counted_at = now
                for key, level in self._levels.items():
                    groups = self._groups(key)
                    if whole:
                        level.recount(moment.frame, moment.known, groups)
                        continue
                    for change in changes:
                        if change is not None:
                            level.take(change, groups)
            told = [self._deliver(key, level, moment) for key, level in self._levels.items()]
            if any(told):
                self.seconds = time.perf_counter() - began

    def _deliver(self, key: tuple[str, int, str], level: live.Level, moment: Moment) -> bool:
        """Tell all who watch a level what changed; did anything?"""
        figures, gone = level.changed()
        if not len(figures.at) and not len(gone):
            return False
        body = {
            "as_of": iso(moment.at_ms),
            "rules": self._version(),
            "areas": self._told(key, level, figures),
            "gone": self._ids(level.groups, gone),
        }
        sent = _event("changed", body)
        for watcher in self._watchers:
            if watcher.key == key:
                watcher.deliver(sent)
        return True

    def _follow(self, now: int) -> Moment:
        self._board.listener = self._hear
        return self._board.now(now)

    def _hear(self, change: live.Change | None) -> None:
        self._changes.append(change)

    def _fresh(self, key: tuple[str, int, str]) -> live.Level:
        with self._board.drawing:
            moment = self._follow(clock())
            level = live.Level(self._groups(key))
            level.recount(moment.frame, moment.known, level.groups)
            # What was heard meanwhile is in it; the others are counted anew with the next frame.
            self._changes = [None] if self._levels else []
            self._counted_at = self._counted_at or moment.at_ms
        level.changed()
        return level

    def _groups(self, key: tuple[str, int, str]) -> frame.Groups:
        level, resolution, _ = key
        if level != "cell":
            return view.areas_of(self._board.areas, level, None)
        return view.every_cell(self._board.ground, resolution)

    def _told(
        self, key: tuple[str, int, str], level: live.Level, figures: view.Figures
    ) -> list[dict[str, Any]]:
        name, _, lang = key
        board = self._board
        names = view.named(figures, level.groups, name, board.areas, board.atlas, lang)
        return view.rows(figures, names)

    def _ids(self, groups: frame.Groups, at: Any) -> list[str]:
        if groups.resolution < 0:
            return [groups.ids[one] for one in at.tolist()]
        return view.names_of(groups.ids[at])

    def _run(self) -> None:
        while not self._closing.wait(TICK):
            with self._lock:
                if not self._watchers:
                    self._thread = None
                    self._levels.clear()
                    self._board.listener = None
                    return
            try:
                self.tick(clock())
            except Exception as error:
                log.error("a frame of the map could not be made", exc_info=error)


def _event(name: str, body: dict[str, Any]) -> bytes:
    return b"event: " + name.encode() + b"\ndata: " + msgspec.json.encode(body) + b"\n\n"
