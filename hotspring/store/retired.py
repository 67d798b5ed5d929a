"""Files that went out of use: they stay for those who began to read before, and no longer."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock


class Retired:
    """Which files are still read, though they are no part of the pool any more?

    A reader opens its files late, so all that were in use when it began stay until it ends. Who
    begins later does not know them: readers that overlap without end keep nothing for ever.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._begun = 0
        self._reading: set[int] = set()
        self._waiting: list[tuple[int, Path]] = []
        """How many readers had begun when it went out of use, and what goes after them."""

    def paths(self) -> list[Path]:
        """What waits for its readers to end?"""
        with self._lock:
            return [path for _, path in self._waiting]

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Within, no file goes away that is in use at the beginning or comes into use later."""
        with self._lock:
            self._begun += 1
            mine = self._begun
            self._reading.add(mine)
        try:
            yield
        finally:
            with self._lock:
                self._reading.remove(mine)
                self._remove()

    def add(self, paths: Iterable[Path]) -> None:
        """Remove these, which nobody finds any more, as soon as nobody reads them."""
        with self._lock:
            self._waiting += [(self._begun, path) for path in paths]
            self._remove()

    def _remove(self) -> None:
        oldest = min(self._reading, default=self._begun + 1)
        for begun, path in self._waiting:
            if begun < oldest:
                if path.is_dir():
                    shutil.rmtree(path, ignore_errors=True)
                else:
                    path.unlink(missing_ok=True)
        self._waiting = [(begun, path) for begun, path in self._waiting if begun >= oldest]
