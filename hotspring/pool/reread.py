"""Dear figures, read once for all who ask for them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any, Final

SHARE: Final = 0.05
"""At most this share of the time is spent on reading, however often one asks."""


class Reread:
    """Something that is read again when it is asked for, the less often the longer it takes."""

    def __init__(self, read: Callable[[int], Any]) -> None:
        self._read = read
        self._lock = threading.Lock()
        self._found: Any = None
        self._from = self._until = 0

    def at(self, now: int) -> Any:
        """What `read` gives for `now` (ms), or gave for a moment before."""
        with self._lock:
            if not self._from <= now < self._until:
                began = time.monotonic()
                self._found = self._read(now)
                took = 1000 * (time.monotonic() - began)
                self._from, self._until = now, now + round(took / SHARE)
            return self._found
