"""One backup of an open pool, while it takes events in and compacts."""

from __future__ import annotations

import contextlib
import hashlib
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import msgspec

from hotspring import __version__, durable
from hotspring.backup import shelf
from hotspring.backup.bytes import File, copied, linked, told
from hotspring.backup.shelf import Backup
from hotspring.errors import FolderError
from hotspring.journal import Journal
from hotspring.store import Operations, Store

MANIFEST: Final = "manifest.json"
OPERATIONS: Final = "operations.db"
LEFT_OUT: Final = frozenset(
    {
        "lock", "run", "temporary", "past", "blocks", "snapshots", "journal", "seen", MANIFEST,
        f"{MANIFEST}.new", OPERATIONS, f"{OPERATIONS}-wal", f"{OPERATIONS}-shm",
    }
)  # fmt: skip
"""What belongs to a running process, is taken as of one moment instead of as it lies there, or is
made anew from the rest."""
SPARE: Final = 16 << 20
"""For what grows while the backup is made."""
REJECTS: Final = "*.rejects.csv"
"""All that an import which ended leaves behind; the rest of that folder is work under way."""

Progress = Callable[[float], None]
"""Called with the share that is done, 0 to 1; what it raises ends the backup."""


class Maker:
    """Makes backups of one open pool. One at a time."""

    def __init__(
        self, folder: Path, store: Store, journal: Journal, operations: Operations
    ) -> None:
        self._folder = folder
        self._store = store
        self._journal = journal
        self._operations = operations

    def make(self, target: Path, keep: int, progress: Progress) -> dict[str, Any]:
        """Add a backup to the folder `target`; what is in it?

        It holds everything that was acknowledged before this call. A file that an earlier backup
        there holds with the same content is linked, not written again. Older backups beyond
        `keep` are removed in the end (0: none). Stopped at any moment, it leaves those that were
        there whole, and its own part is used by the next.
        """
        began = time.monotonic()
        if target.resolve().is_relative_to(self._folder.resolve()):
            raise FolderError("a backup inside the folder of the pool would be lost with it")
        with shelf.owned(target):
            work = _Work(self._folder, target, _mark(self._folder), progress)
            backup = self._written(work)
            path = shelf.finish(target, time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(work.began)))
            durable.sync_folder(target)
            dropped = shelf.drop(target, keep)
        return {
            "backup": str(path),
            "position": backup.position,
            "files": len(backup.files),
            "bytes": sum(file.size for file in backup.files.values()),
            "written_bytes": work.written,
            "dropped": dropped,
            "seconds": round(time.monotonic() - began, 3),
        }

    def _written(self, work: _Work) -> Backup:
        with self._store.held() as held, self._journal.held(held.position) as journal:
            others = _others(self._folder)
            sources = [*(self._folder / name for name in held.files), *journal, *others]
            work.expect(sources)
            for name in held.files:
                work.add(name)
            position = held.position
            for file in journal[:-1]:
                if not work.settled(f"journal/{file.name}"):
                    self._journal.copy(file, work.room(f"journal/{file.name}"))
                    work.made(f"journal/{file.name}")
            live = f"journal/{journal[-1].name}"
            position = self._journal.copy(journal[-1], work.room(live))
            work.made(live)
            self._operations.copy(work.room(OPERATIONS))
            work.made(OPERATIONS)
            for other in others:
                with contextlib.suppress(FileNotFoundError):  # removed since: it is not needed
                    work.add(other.relative_to(self._folder).as_posix())
            work.write(MANIFEST, held.manifest)
            return work.end(position)


class _Work:
    """The backup under way: what it holds already, and how far it is."""

    def __init__(self, folder: Path, target: Path, mark: str, progress: Progress) -> None:
        self._folder = folder
        self._draft = target / shelf.UNFINISHED
        self._mark = mark
        self._progress = progress
        self._files: dict[str, File] = {}
        self._done = self._of_this = 0
        self._expected = 1
        self._earlier = _earlier(target, mark)
        self._draft.mkdir(mode=0o700, exist_ok=True)
        (self._draft / shelf.NAME).unlink(missing_ok=True)
        self.began = time.time()
        self.written = 0

    def expect(self, sources: list[Path]) -> None:
        """Count what there is to do, and see that there is room for it."""
        known = {(name, file.size) for name, file in self._earlier}
        sizes = {path.relative_to(self._folder).as_posix(): _size(path) for path in sources}
        self._expected = max(1, sum(sizes.values()))
        fresh = sum(size for name, size in sizes.items() if (name, size) not in known)
        already = sum(_size(path) for path in self._draft.rglob("*") if path.is_file())
        needed, free = fresh - already + SPARE, shutil.disk_usage(self._draft).free
        if free < needed:
            raise FolderError(
                f"{self._draft.parent} has {free >> 20} MB free, the backup needs {needed >> 20} MB"
            )

    def room(self, name: str) -> Path:
        """Where a file of this name is to be written anew."""
        path = self._draft / name
        durable.private_folder(path.parent)
        for left in (path, *path.parent.glob(f"{path.name}-*")):
            left.unlink(missing_ok=True)
        return path

    def add(self, name: str) -> None:
        """Take a file of the pool that does not change any more."""
        source, path = self._folder / name, self._draft / name
        size = source.stat().st_size
        if path.is_file() and path.stat().st_size == size and self._same(source, path):
            return
        if any(known == name and file.size == size for known, file in self._earlier):
            file = told(source, self._tell)
            earlier = self._earlier.get((name, file))
            if earlier is not None and linked(earlier, self.room(name)):
                self._took(name, file)
                return
        self._took(name, copied(source, self.room(name), self._tell))
        self.written += size

    def settled(self, name: str) -> bool:
        """Take a journal file, if nothing of it stands in a log beside it any more."""
        source = self._folder / name
        before = source.stat()
        if _size(source.with_name(f"{source.name}-wal")):
            return False
        self.add(name)
        after = source.stat()
        return (before.st_mtime_ns, before.st_size) == (after.st_mtime_ns, after.st_size)

    def made(self, name: str) -> None:
        """Take a file that was just written into its room."""
        path = self._draft / name
        path.chmod(0o600)
        durable.sync_file(path)
        self._took(name, told(path, self._tell))
        self.written += self._files[name].size

    def write(self, name: str, body: bytes) -> None:
        """Write a small file."""
        durable.write(self.room(name), body)
        self._files[name] = File(len(body), hashlib.sha256(body).hexdigest())

    def end(self, position: int) -> Backup:
        """Say what the backup holds; from then on it is one."""
        for path in sorted(self._draft.rglob("*"), reverse=True):
            if path.is_file() and path.relative_to(self._draft).as_posix() not in self._files:
                path.unlink()
            elif path.is_dir():
                durable.sync_folder(path) if any(path.iterdir()) else path.rmdir()
        backup = Backup(
            format=shelf.FORMAT,
            version=__version__,
            at_ms=int(self.began * 1000),
            pool=self._mark,
            position=position,
            files=self._files,
        )
        body = msgspec.json.format(msgspec.json.encode(backup))
        durable.write(self.room(shelf.NAME), body)
        durable.sync_folder(self._draft)
        return backup

    def _same(self, source: Path, path: Path) -> bool:
        """Did an earlier try, which was stopped, bring this file over whole?"""
        file = told(source, self._tell)
        if told(path, self._tell) != file:
            return False
        self._took(path.relative_to(self._draft).as_posix(), file)
        return True

    def _took(self, name: str, file: File) -> None:
        self._files[name] = file
        self._done += file.size
        self._of_this = 0
        self._tell(0)

    def _tell(self, size: int) -> None:
        self._of_this += size
        self._progress(min(1.0, (self._done + self._of_this) / self._expected))


def _earlier(target: Path, mark: str) -> dict[tuple[str, File], Path]:
    """What do earlier backups hold that need not be written again?"""
    found: dict[tuple[str, File], Path] = {}
    for path in shelf.whole(target):
        try:
            backup = shelf.read(path)
        except FolderError:
            # It is damaged: whoever checks it is told, a new one is made all the same.
            continue
        if backup.pool != mark:
            raise FolderError(f"{target} holds backups of another pool; name another folder")
        found |= {
            (name, file): path / name
            for name, file in backup.files.items()
            if _size(path / name) == file.size
        }
    return found


def _others(folder: Path) -> list[Path]:
    """The files beside the tables: secrets, settings, what imports refused."""
    found = []
    for path in sorted(folder.iterdir()):
        if path.name in LEFT_OUT:
            continue
        if path.is_file():
            found.append(path)
        elif path.name == "imports":
            found += sorted(path.glob(REJECTS))
        else:
            found += sorted(below for below in path.rglob("*") if below.is_file())
    return found


def _mark(folder: Path) -> str:
    """Which pool is this? A hash of its secret, which tells nothing of it."""
    return hashlib.sha256(b"pool" + (folder / "pool.key").read_bytes()).hexdigest()[:16]


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
