"""A folder of backups: which are whole, what each holds, and who may write there."""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec

from hotspring.backup.bytes import File
from hotspring.durable import private_folder
from hotspring.errors import FolderError, FolderInUse

FORMAT: Final = 1
NAME: Final = "backup.json"
"""Written last: a folder without it is no backup."""
UNFINISHED: Final = "unfinished"
"""Where a backup is being made; one that was killed is continued by the next."""
DROPPED: Final = "dropped-"
NUMBERED: Final = re.compile(r"(\d{6,})-\d{8}T\d{6}Z")
"""The number says which is newer: clocks may be set back."""


class Backup(msgspec.Struct, frozen=True):
    """What one backup holds, as it says itself."""

    format: int
    version: str
    """Of Hotspring, when it was made."""
    at_ms: int
    pool: str
    """Tells this pool from others, without its secret."""
    position: int
    """The newest journal record in it: a restored pool stands there."""
    files: dict[str, File]
    """By path within the folder."""


def read(folder: Path) -> Backup:
    """What does the backup in `folder` hold? `FolderError` where it is none, or too new."""
    try:
        backup = msgspec.json.decode((folder / NAME).read_bytes(), type=Backup)
    except FileNotFoundError as error:
        raise FolderError(f"{folder} is no backup: it has no {NAME}") from error
    except (msgspec.DecodeError, OSError) as error:
        raise FolderError(f"{folder / NAME} cannot be read: {error}; use another backup") from error
    if backup.format > FORMAT:
        raise FolderError(
            f"{folder} was written by a newer version ({backup.version}); install that version"
        )
    for name in backup.files:
        path = Path(name)
        if path.is_absolute() or ".." in path.parts:
            raise FolderError(f"{folder / NAME} names a file outside of the backup: {name!r}")
    return backup


def whole(target: Path) -> list[Path]:
    """The backups in `target` that were finished, oldest first."""
    found = [p for p in target.iterdir() if NUMBERED.fullmatch(p.name) and (p / NAME).is_file()]
    return sorted(found, key=_order)


def kept(target: Path) -> list[tuple[str, Backup | None]]:
    """The backups in `target` by name, newest first, each with what it says of itself.

    None where that cannot be read. Raises `FolderError` where `target` cannot be.
    """
    found: list[tuple[str, Backup | None]] = []
    try:
        paths = whole(target) if target.exists() else []
    except OSError as error:
        raise FolderError(f"{target} cannot be read: {error.strerror}") from error
    for path in reversed(paths):
        try:
            found.append((path.name, read(path)))
        except FolderError:
            found.append((path.name, None))
    return found


def chosen(path: Path) -> Path:
    """Which backup is meant: this one, or the newest in this folder of backups?"""
    if (path / NAME).is_file():
        return path
    found = whole(path) if path.is_dir() else []
    if not found:
        raise FolderError(f"there is no finished backup in {path}")
    return found[-1]


@contextlib.contextmanager
def owned(target: Path) -> Iterator[None]:
    """Be the only one who writes into `target`, which is made where it is missing."""
    private_folder(target)
    with (target / "lock").open("a") as lock:
        os.chmod(lock.name, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise FolderInUse(
                f"another backup into {target} is running; wait for its end"
            ) from error
        yield


def finish(target: Path, stamp: str) -> Path:
    """Give the unfinished backup its name, after those that are there."""
    found = whole(target)
    path = target / f"{_order(found[-1]) + 1 if found else 1:06d}-{stamp}"
    (target / UNFINISHED).rename(path)
    return path


def drop(target: Path, keep: int) -> list[str]:
    """Remove the oldest backups beyond the newest `keep`; which went? 0 keeps all."""
    gone = whole(target)[:-keep] if keep else []
    for path in gone:
        # First it stops being a backup, then its files go.
        path.rename(target / f"{DROPPED}{path.name}")
    for left in target.glob(f"{DROPPED}*"):
        shutil.rmtree(left)
    return [path.name for path in gone]


def _order(path: Path) -> int:
    return int(path.name.partition("-")[0])
