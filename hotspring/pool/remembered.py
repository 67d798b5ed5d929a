"""Answers that are remembered while nothing was applied, so that a second look is instant."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from typing import Any, Final, TypeVar

T = TypeVar("T")

GOOD_MS: Final = 600_000
"""After so long time itself may have changed an answer."""
MOST: Final = 32
"""Answers that are held; the oldest goes first."""


class Remembered:
    """Answers to questions of one kind. From any thread; one at a time is worked out."""

    def __init__(self, position: Callable[[], int], most: int = MOST) -> None:
        """`position` changes with everything that is applied; `most` answers are held."""
        self._position = position
        self._most = most
        self._lock = threading.RLock()
        self._known: dict[Hashable, tuple[int, int, Any]] = {}

    def get(self, key: Hashable, now: int, make: Callable[[], T], stale: bool = False) -> T:
        """The answer of before where nothing was applied since, else what `make` gives.

        With `stale`, an answer that is not too old will do whatever was applied.
        """
        with self._lock:
            at, asked, found = self._known.get(key, (-1, 0, None))
            position = self._position()
            fresh = stale or at == position
            if at < 0 or not fresh or not 0 <= now - asked < GOOD_MS:
                found = make()
                self._known.pop(key, None)
                self._known[key] = (position, now, found)
                while len(self._known) > self._most:
                    del self._known[next(iter(self._known))]
            answer: T = found
            return answer
