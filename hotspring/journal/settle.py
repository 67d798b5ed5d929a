"""Work on journal files that no writer should wait for: checkpoints, and closing old files."""

from __future__ import annotations

import contextlib
import queue
import sqlite3
import threading
from pathlib import Path
from typing import Final

from hotspring.journal.file import JournalFile

CHECKPOINT_BYTES: Final = 16 << 20


class Settler:
    """A thread that moves what was written from a file's write-ahead log into the file."""

    def __init__(self) -> None:
        self._queue: queue.SimpleQueue[JournalFile | Path | None] = queue.SimpleQueue()
        self._written = 0
        self._thread: threading.Thread | None = None

    def written(self, path: Path, size: int) -> None:
        """Count what was written to `path`; now and then, its log is moved into the file."""
        self._written += size
        if self._written >= CHECKPOINT_BYTES:
            self._written = 0
            self._put(path)

    def retire(self, file: JournalFile) -> None:
        """Close a file to which nothing is added any more."""
        self._written = 0
        self._put(file)

    def close(self) -> None:
        """Finish what was asked for."""
        if self._thread is not None:
            self._queue.put(None)
            self._thread.join()
            self._thread = None

    def _put(self, work: JournalFile | Path) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="journal-settle", daemon=True)
            self._thread.start()
        self._queue.put(work)

    def _run(self) -> None:
        while (work := self._queue.get()) is not None:
            # What cannot be moved now (a reader is in the way, the disk is full) stays in the log.
            with contextlib.suppress(sqlite3.Error, OSError):
                if isinstance(work, JournalFile):
                    with contextlib.closing(work):
                        work.checkpoint("truncate")
                else:
                    with contextlib.closing(JournalFile(work)) as file:
                        file.checkpoint("passive")
