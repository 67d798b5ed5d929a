"""Bytes from one file to another, counted and told by their checksum."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec

from hotspring.durable import private

CHUNK: Final = 1 << 20
SYNC_BYTES: Final = 32 << 20
"""Written back after so many bytes: one long write-back at the end would hold up the journal."""

Tell = Callable[[int], None]
"""Called with the bytes done since the last call; what it raises ends the work."""


class File(msgspec.Struct, frozen=True):
    """One file of a backup."""

    size: int
    sha256: str


def told(path: Path, tell: Tell) -> File:
    """What is in this file?"""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as source:
        while chunk := source.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
            tell(len(chunk))
    return File(size, digest.hexdigest())


def copied(path: Path, to: Path, tell: Tell) -> File:
    """Write a durable copy, readable by its owner only; what is in it?"""
    digest, size, waiting = hashlib.sha256(), 0, 0
    to.unlink(missing_ok=True)
    with path.open("rb") as source, private(to) as out:
        while chunk := source.read(CHUNK):
            out.write(chunk)
            digest.update(chunk)
            size += len(chunk)
            waiting += len(chunk)
            if waiting >= SYNC_BYTES:
                out.flush()
                os.fsync(out.fileno())
                waiting = 0
            tell(len(chunk))
        out.flush()
        os.fsync(out.fileno())
    return File(size, digest.hexdigest())


def linked(path: Path, to: Path) -> bool:
    """Give the file a second name. False where this disk has no such thing."""
    to.unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        os.link(path, to)
        return True
    return False
