"""Bodies taken out of records that stay: in place, with nothing of the old bytes left behind."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Final

from hotspring.errors import StillRead
from hotspring.journal.file import JournalFile
from hotspring.journal.record import DAMAGED, Entry

TOGETHER: Final = 64
"""Records looked at between two writes."""
PATIENCE: Final = 10.0
"""Seconds to wait until nobody reads what the write-ahead log still holds."""

Change = Callable[[Entry], bytes | None]
"""The new body of a record, None where it stays."""


def rewrite(path: Path, change: Change) -> int:
    """Change bodies in one file of the journal to which nothing is added; how many were?

    Numbers, times and order stay, so does every record. SQLite is told to overwrite what it lets
    go of with zeros, and the write-ahead log is emptied.
    """
    count = 0
    with contextlib.closing(JournalFile(path)) as file:
        file.overwrite()
        at = file.first - 1
        while entries := _some(file, at):
            at = entries[-1].seq
            fresh = [(entry, change(entry)) for entry in entries if entry.kind != DAMAGED]
            changed = [(entry, body) for entry, body in fresh if body is not None]
            if changed:
                file.begin()
                file.replace(changed)
                file.commit()
                count += len(changed)
        if count:
            _settle(file)
    return count


def _some(file: JournalFile, after: int) -> list[Entry]:
    with contextlib.closing(file.entries(after)) as entries:
        return list(islice(entries, TOGETHER))


def _settle(file: JournalFile) -> None:
    end = time.monotonic() + PATIENCE
    while not file.checkpoint("truncate"):
        if time.monotonic() > end:
            raise StillRead(f"{file.path.name} is still being read; it is tried again")
        time.sleep(0.05)
