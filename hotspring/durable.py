"""Files that stand there whole or not at all, outlast a power cut and are for their owner only."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

OWNER: Final = 0o600
DRAFT: Final = ".new"
"""Ends the name under which a file is written before it stands in the place of the former one."""


def sync_file(file: Path) -> None:
    """Make the bytes of `file` durable."""
    _sync(file)


def sync_folder(folder: Path) -> None:
    """Make names that were just created, renamed or removed in `folder` durable."""
    _sync(folder)


def private(file: Path) -> BinaryIO:
    """A new file that only its owner may read, open for writing."""
    return _fresh(file, OWNER)


def private_folder(folder: Path) -> None:
    """Make a folder that only its owner may enter, and those above it that are missing."""
    if not folder.is_dir():
        private_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)


def write(file: Path, data: bytes) -> None:
    """Write a new file for its owner only, its bytes durable on return."""
    with private(file) as out:
        out.write(data)
        _flush(out)


@contextmanager
def replacing(file: Path, *, mode: int = OWNER, lasting: bool = True) -> Iterator[BinaryIO]:
    """Within, `file` is written anew; on leaving it stands in the place of the former one.

    Where writing fails the former one stays. Durable on return, unless it need not be `lasting`:
    then a power cut may leave less.
    """
    draft = file.with_name(file.name + DRAFT)
    draft.unlink(missing_ok=True)
    try:
        with _fresh(draft, mode) as out:
            yield out
            if lasting:
                _flush(out)
        draft.replace(file)
    except (Exception, KeyboardInterrupt):
        draft.unlink(missing_ok=True)
        raise
    if lasting:
        sync_folder(file.parent)


def put(file: Path, data: bytes, *, mode: int = OWNER, lasting: bool = True) -> None:
    """Let a file say exactly this, from one moment to the next, as `replacing` does."""
    with replacing(file, mode=mode, lasting=lasting) as out:
        out.write(data)


def _fresh(file: Path, mode: int) -> BinaryIO:
    return os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb")


def _flush(out: BinaryIO) -> None:
    out.flush()
    os.fsync(out.fileno())


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
