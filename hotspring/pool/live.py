"""The live map for whoever watches: one frame for all watchers of a level, twice a second."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Final

from hotspring.heatmap import frame, live, view
from hotspring.pool.board import Board, Moment
from hotspring.pool.moments import clock, iso
from hotspring.pool.watched import Deliver, Watched, Watcher, sent

TICK: Final = 0.5
RECOUNT_MS: Final = 60_000
"""So often everybody is counted anew."""
FINEST: Final = 7
"""Resolution of live cells, at most."""

Key = tuple[str, int, str]
"""Level, resolution of cells (else -1) and language."""


class Live(Watched[Key]):
    """Counts while somebody watches. Every method may be called from any thread."""

    NAME = "map-live"

    def __init__(self, board: Board, version: Callable[[], int]) -> None:
        super().__init__()
        self._board = board
        self._version = version
        self._levels: dict[Key, live.Level] = {}
        self._changes: list[live.Change | None] = []
        self._counted_at = 0
        self.seconds = 0.0
        """How long the last frame took that told of a change."""

    def watch(self, level: str, resolution: int, lang: str, deliver: Deliver) -> Watcher[Key]:
        """Deliver the figures of a level now, and what changes of them until `leave`."""
        return self._add((level, min(resolution, FINEST) if level == "cell" else -1, lang), deliver)

    def begin(self, watcher: Watcher[Key]) -> None:
        key = watcher.key
        if key not in self._levels:
            self._levels[key] = self._fresh(key)
        found = self._levels[key]
        told = self._told(key, found, found.whole())
        watcher.deliver(sent("whole", {"as_of": iso(self._counted_at), "areas": told}))

    def rest(self) -> None:
        self._levels.clear()
        self._board.listener = None
        self._counted_at = 0  # whoever watches next is told when it was counted for them

    def pause(self) -> float:
        return TICK

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

    def _deliver(self, key: Key, level: live.Level, moment: Moment) -> bool:
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
        told = sent("changed", body)
        for watcher in self._watchers:
            if watcher.key == key:
                watcher.deliver(told)
        return True

    def _follow(self, now: int) -> Moment:
        self._board.listener = self._hear
        return self._board.now(now)

    def _hear(self, change: live.Change | None) -> None:
        self._changes.append(change)

    def _fresh(self, key: Key) -> live.Level:
        with self._board.drawing:
            moment = self._follow(clock())
            level = live.Level(self._groups(key))
            level.recount(moment.frame, moment.known, level.groups)
            # What was heard meanwhile is in it; the others are counted anew with the next frame.
            self._changes = [None] if self._levels else []
            self._counted_at = self._counted_at or moment.at_ms
        level.changed()
        return level

    def _groups(self, key: Key) -> frame.Groups:
        level, resolution, _ = key
        if level != "cell":
            return view.areas_of(self._board.areas, level, None)
        return view.every_cell(self._board.ground, resolution)

    def _told(self, key: Key, level: live.Level, figures: view.Figures) -> list[dict[str, Any]]:
        name, _, lang = key
        board = self._board
        names = view.named(figures, level.groups, name, board.areas, board.atlas, lang)
        return view.rows(figures, names)

    def _ids(self, groups: frame.Groups, at: Any) -> list[str]:
        if groups.resolution < 0:
            return [groups.ids[one] for one in at.tolist()]
        return view.names_of(groups.ids[at])
