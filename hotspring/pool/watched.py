"""What is made once for all who watch it: one thread makes each frame, everybody gets the same."""

from __future__ import annotations

import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, Final, Generic, TypeVar

import msgspec
import structlog

from hotspring.errors import TooManyTries
from hotspring.pool.moments import clock

log = structlog.get_logger("hotspring.watched")

MOST: Final = 100
"""Watchers of one thing at a time: the door keeps as many connections for all other questions."""

Deliver = Callable[[bytes | None], None]
"""Gets each frame; None at the end."""
K = TypeVar("K")


class Watcher(Generic[K]):
    """One who watches."""

    def __init__(self, key: K, deliver: Deliver) -> None:
        self.key = key
        """What is watched."""
        self.deliver = deliver


class Watched(ABC, Generic[K]):
    """Ticks while somebody watches. Every method may be called from any thread."""

    NAME: str
    """Of the thread."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._watchers: list[Watcher[K]] = []
        self._thread: threading.Thread | None = None
        self._closing = threading.Event()
        self._wanted_until = 0.0
        """It goes on until then (monotonic seconds), whether anybody watches or not."""

    @abstractmethod
    def tick(self, now: int) -> None:
        """One frame for all who watch."""

    @abstractmethod
    def begin(self, watcher: Watcher[K]) -> None:
        """Deliver the first frame to one who begins to watch; the lock is held."""

    @abstractmethod
    def rest(self) -> None:
        """Nobody watches any more; the lock is held."""

    @abstractmethod
    def pause(self) -> float:
        """Seconds until the next tick."""

    def leave(self, watcher: Watcher[K]) -> None:
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

    def _add(self, key: K, deliver: Deliver) -> Watcher[K]:
        with self._lock:
            if len(self._watchers) >= MOST:
                raise TooManyTries(30)
            watcher = Watcher(key, deliver)
            self.begin(watcher)
            self._watchers.append(watcher)
            self._go()
            return watcher

    def _go(self) -> None:
        if not self._closing.is_set() and (self._thread is None or not self._thread.is_alive()):
            self._thread = threading.Thread(target=self._run, name=self.NAME, daemon=True)
            self._thread.start()

    def _run(self) -> None:
        while not self._closing.wait(self.pause()):
            with self._lock:
                if not self._watchers and time.monotonic() >= self._wanted_until:
                    self._thread = None
                    self.rest()
                    return
            try:
                self.tick(clock())
            except Exception as error:
                log.error("a frame could not be made", of=self.NAME, exc_info=error)


def sent(name: str, body: dict[str, Any]) -> bytes:
    """A server-sent event of this name."""
    return b"event: " + name.encode() + b"\ndata: " + msgspec.json.encode(body) + b"\n\n"
