"""From a backup to a folder: checked before anything is written."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

from hotspring import durable, tombstones
from hotspring.backup import shelf
from hotspring.backup.bytes import copied, told
from hotspring.backup.shelf import Backup
from hotspring.errors import FolderError

RESTORING: Final = "restoring"
"""Stands in a folder until everything is in its place."""
LAST: Final = "manifest.json"
IGNORED: Final = frozenset({"lost+found"})
SPARE: Final = 64 << 20

Progress = Callable[[float], None]


def verify(path: Path, progress: Progress = lambda _: None) -> list[str]:
    """What is wrong with the backup in `path`? A line for each file; none where it is whole."""
    backup = shelf.read(path)
    total, done, wrong = _size(backup), 0, []
    for name, expected in sorted(backup.files.items()):

        def tell(size: int) -> None:
            nonlocal done
            done += size
            progress(min(1.0, done / total))

        try:
            found = told(path / name, tell)
        except OSError as error:
            wrong.append(f"{name}: {error.strerror or error}")
            continue
        if found != expected:
            what = "its bytes have changed" if found.size == expected.size else "its size differs"
            wrong.append(f"{name}: {what}")
    return wrong


def restore(path: Path, folder: Path, progress: Progress = lambda _: None) -> Backup:
    """Write the backup in `path` into `folder`, which must be empty or missing.

    The whole backup is read and compared with its checksums first. Who was erased since, as later
    backups beside it tell, is erased again when the pool is opened. A restore that was killed is
    begun anew by the next one; until its end the folder cannot be opened.
    """
    _check_place(folder)
    backup = shelf.read(path)
    wrong = verify(path, lambda share: progress(share / 2))
    if wrong:
        raise FolderError(f"{path} is damaged: {'; '.join(wrong[:5])}; restore another backup")
    parent = next(one for one in (folder, *folder.parents) if one.exists())
    total, free = _size(backup), shutil.disk_usage(parent).free
    if free < total + SPARE:
        raise FolderError(f"{parent} has {free >> 20} MB free, the pool needs {total >> 20} MB")
    _clear(folder)
    done = 0

    def tell(size: int) -> None:
        nonlocal done
        done += size
        progress(0.5 + min(0.5, done / total / 2))

    names = sorted(name for name in backup.files if name != LAST)
    for name in [*names, *({LAST} & backup.files.keys())]:
        to = folder / name
        durable.private_folder(to.parent)
        if copied(path / name, to, tell) != backup.files[name]:
            raise FolderError(f"{path / name} changed while it was read; start the restore again")
    stones = _newer_stones(path, backup.pool) | tombstones.read(folder)
    if stones:
        tombstones.write(folder, stones)
    for below in sorted({(folder / name).parent for name in names}):
        durable.sync_folder(below)
    (folder / RESTORING).unlink()
    durable.sync_folder(folder)
    return backup


def _newer_stones(path: Path, pool: str) -> frozenset[int]:
    """Who was erased after this backup was made, as far as later ones beside it tell?"""
    found: frozenset[int] = frozenset()
    for other in shelf.whole(path.parent):
        try:
            if other.name > path.name and shelf.read(other).pool == pool:
                found |= tombstones.read(other)
        except (FolderError, ValueError):
            continue  # it is damaged: who checks it is told
    return found


def _check_place(folder: Path) -> None:
    if not folder.exists():
        return
    if not folder.is_dir():
        raise FolderError(f"{folder} is not a folder")
    there = {path.name for path in folder.iterdir()} - IGNORED
    if there and RESTORING not in there:
        raise FolderError(f"{folder} is not empty; name a new folder with --data")


def _clear(folder: Path) -> None:
    """An empty folder that says what is going on in it."""
    durable.private_folder(folder)
    mark = folder / RESTORING
    if not mark.exists():
        durable.write(mark, b"")
        durable.sync_folder(folder)
    for left in folder.iterdir():
        if left.is_dir() and left.name not in IGNORED:
            shutil.rmtree(left)
        elif left.is_file() and left != mark:
            left.unlink()


def _size(backup: Backup) -> int:
    return max(1, sum(file.size for file in backup.files.values()))
