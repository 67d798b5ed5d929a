"""The journal of a pool: records in one order over a sequence of files, written by any process."""

from __future__ import annotations

import contextlib
import itertools
import shutil
import sqlite3
import threading
from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Final, Self

from hotspring.errors import FolderError, JournalUnavailable
from hotspring.journal.file import Damaged, JournalFile, Row, create, number, pack, paths
from hotspring.journal.record import DAMAGED, Entry, Record
from hotspring.journal.rewriting import Change, rewrite
from hotspring.journal.settle import Settler
from hotspring.journal.wreck import Wreck

HOUR_MS: Final = 3_600_000
_BROKEN: Final = (sqlite3.Error, OSError)


class Journal:
    """The durable record of a pool.

    `append` returns when the records are on disk. Several processes may append to one folder;
    numbers are 1, 2, 3 ... over all of them, without a gap. Safe to use from several threads.
    """

    def __init__(self, folder: Path, roll_bytes: int = 256 << 20, roll_hours: float = 24.0) -> None:
        self._folder = folder / "journal"
        self._roll_bytes = roll_bytes
        self._roll_ms = roll_hours * HOUR_MS
        self._write_lock = threading.Lock()
        self._read_lock = threading.Lock()
        self._writer: JournalFile | None = None
        self._readers: dict[int, JournalFile | Wreck] = {}
        self._held = 0
        self._settler = Settler()
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            if not paths(self._folder):
                create(self._folder, 1, 1)
        except _BROKEN as error:
            raise FolderError(f"the journal in {self._folder} cannot be opened: {error}") from error

    def append(self, records: Sequence[Record]) -> list[int]:
        """Under which numbers are these records now kept?

        All of them are durable on return. Raises `JournalUnavailable` where they cannot be
        written; then none of them was.
        """
        if not records:
            return []
        rows = pack(records)
        with self._write_lock:
            try:
                return self._append(rows, records[0].at_ms)
            except _BROKEN as error:
                self._give_up()
                raise JournalUnavailable(f"the journal cannot be written: {error}") from error

    def read(self, after: int, most_bytes: int = 8 << 20) -> list[Entry]:
        """Which records follow number `after`? In order, at least one where there is one.

        Stops once the bodies hold `most_bytes`. A record that can no longer be read stands in its
        place with the kind `DAMAGED` and a body that names file and number.
        """
        found: list[Entry] = []
        room = most_bytes
        with self._read_lock, self._readable():
            for file, to in self._files(after):
                with contextlib.closing(file.entries(after, to)) as entries:
                    for entry in entries:
                        found.append(entry)
                        room -= len(entry.body)
                        if room <= 0:
                            return found
        return found

    def head(self) -> int:
        """What is the number of the newest record? 0 in an empty journal."""
        with self._read_lock, self._readable():
            return _last(self._reader(paths(self._folder)[-1]))

    def mend(self, applied: int) -> list[str]:
        """What was wrong with the newest file, so that records had to go on in another?

        For the one owner of the folder, before anyone else opens it: a file whose structure is
        damaged cannot be written, and one that ends before what is `applied` would give numbers
        out again.
        """
        with self._read_lock, self._readable():
            path = paths(self._folder)[-1]
            file = self._reader(path)
            last = _last(file)
            told = [] if file.writable() else [file.hurt or f"{path.name}: it cannot be written on"]
            if last < applied:
                told.append(f"{path.name} ends at record {last}, though {applied} are applied")
            if told:
                create(self._folder, file.index + 1, max(last, applied) + 1)
            return told

    def drop(self, applied_seq: int, older_than_ms: int) -> list[str]:
        """Which files went? Whole ones that hold only applied records from before a moment.

        The newest file always stays, and while the journal is held all do.
        """
        gone: list[str] = []
        with self._read_lock, self._readable():
            files = [] if self._held else paths(self._folder)
            for path, following in itertools.pairwise(files):
                file = self._reader(path)
                if self._reader(following).first > applied_seq + 1:
                    break
                if file.newest_ms() >= older_than_ms:
                    break
                self._readers.pop(file.index).close()
                for suffix in ("", "-wal", "-shm"):
                    path.with_name(path.name + suffix).unlink(missing_ok=True)
                gone.append(path.name)
        return gone

    @contextlib.contextmanager
    def held(self, after: int) -> Iterator[list[Path]]:
        """Which files hold the records after a number, now? They stay until the end."""
        with self._read_lock, self._readable():
            files = [file.path for file, _ in self._files(after)]
            self._held += 1
        try:
            yield files
        finally:
            with self._read_lock:
                self._held -= 1

    def copy(self, file: Path, to: Path) -> int:
        """Write one file of the journal, as it is at one moment, to `to`; its newest number."""
        try:
            with self._readable(), contextlib.closing(JournalFile(file)) as source:
                source.copy(to)
            with self._readable(), contextlib.closing(JournalFile(to)) as copied:
                return copied.readable_last()
        except Damaged:
            # What can be read of it can be read of its bytes.
            shutil.copyfile(file, to)
            return Wreck(to, None).last()

    def rewrite(self, change: Change, only: Collection[int] | None = None) -> int:
        """Give other bodies to the records for which `change` gives one; how many were?

        All that are there, or of these numbers `only`. The newest file is closed first, so that
        whoever appends is not disturbed. Not to be called while `drop` is.
        """
        with self._readable():
            self._close_newest()
            with self._read_lock:
                files = paths(self._folder)
                firsts = [self._reader(path).first for path in files]
            if only is None:
                return sum(rewrite(path, change) for path in files[:-1])
            places = sorted({bisect_right(firsts, seq) - 1 for seq in only} - {-1})
            wanted = frozenset(only)
            chosen = [files[place] for place in places if place < len(files) - 1]
            return sum(
                rewrite(path, lambda entry: change(entry) if entry.seq in wanted else None)
                for path in chosen
            )

    @classmethod
    def existing(cls, folder: Path) -> Self:
        """The journal of a folder that has one; `FolderError` where it is gone."""
        if not paths(folder / "journal"):
            raise FolderError(f"{folder / 'journal'} has no file of the journal; restore a backup")
        return cls(folder)

    def first(self) -> int:
        """What is the number of the oldest record that is kept, or of the first to come?"""
        with self._read_lock, self._readable():
            return self._reader(paths(self._folder)[0]).first

    def newest_ms(self) -> int:
        """When did the newest record come? 0 in an empty journal."""
        with self._read_lock, self._readable():
            newest = (self._reader(path).newest_ms() for path in paths(self._folder)[:-3:-1])
            return next((ms for ms in newest if ms), 0)

    def check(self) -> list[tuple[int, int, str]]:
        """What is damaged? First and last number of each stretch, and a line that names it.

        A file whose structure is damaged has a line of its own, with the numbers 0 and 0.
        """
        found: list[tuple[int, int, str]] = []
        with self._read_lock, self._readable():
            for file, to in self._files(0):
                for entry in file.entries(0, to):
                    if entry.kind != DAMAGED:
                        continue
                    name, what = file.path.name, entry.body.decode().rpartition(": ")[2]
                    first = entry.seq
                    if found and found[-1][1] == entry.seq - 1 and found[-1][2].endswith(what):
                        first = found.pop()[0]
                    stretch = f"{first}" if first == entry.seq else f"{first} to {entry.seq}"
                    found.append((first, entry.seq, f"{name}: record {stretch}: {what}"))
                if file.hurt:
                    found.append((0, 0, file.hurt))
        return found

    def close(self) -> None:
        with self._write_lock, self._read_lock:
            files = [*self._readers.values(), *([self._writer] if self._writer else [])]
            self._readers.clear()
            self._writer = None
            self._settler.close()
            for file in files:
                file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _append(self, rows: list[Row], at_ms: int) -> list[int]:
        while True:
            file = self._writer = self._writer or JournalFile(paths(self._folder)[-1])
            file.begin()
            if not file.closed():
                first = file.last() + 1
                if not self._full(file, at_ms):
                    break
                # Made inside the old file's write: nobody else can add to it meanwhile.
                create(self._folder, file.index + 1, first)
            file.rollback()
            self._writer = None
            self._settler.retire(file)
        file.insert(first, rows)
        file.commit()
        self._settler.written(file.path, sum(len(row[5]) for row in rows))
        return list(range(first, first + len(rows)))

    def _close_newest(self) -> None:
        """Let what comes next go into a new file."""
        with self._write_lock, contextlib.closing(JournalFile(paths(self._folder)[-1])) as file:
            file.begin()
            if not file.closed() and file.last() >= file.first:
                create(self._folder, file.index + 1, file.last() + 1)
            file.rollback()

    def _full(self, file: JournalFile, at_ms: int) -> bool:
        since = file.since_ms()
        return since is not None and (
            file.size() >= self._roll_bytes or at_ms - since >= self._roll_ms
        )

    def _give_up(self) -> None:
        """Forget the open file; the next append starts afresh, perhaps on a disk with room."""
        file, self._writer = self._writer, None
        if file is not None:
            with contextlib.suppress(*_BROKEN):
                file.rollback()
            with contextlib.suppress(*_BROKEN):
                file.close()

    def _files(self, after: int) -> Iterator[tuple[JournalFile | Wreck, int | None]]:
        """The files that hold records after a number, with the last number each must hold."""
        files = paths(self._folder)
        at = bisect_right(files, after, key=lambda path: self._reader(path).first) - 1
        for index in range(max(at, 0), len(files)):
            following = files[index + 1] if index + 1 < len(files) else None
            to = None if following is None else self._reader(following).first - 1
            if to is None or to > after:
                yield self._reader(files[index]), to

    def _reader(self, path: Path) -> JournalFile | Wreck:
        file = self._readers.get(number(path))
        if file is None:
            try:
                file = JournalFile(path)
            except Damaged:
                file = Wreck(path, self._begins(path))
            self._readers[number(path)] = file
        return file

    def _begins(self, path: Path) -> int | None:
        """The number of the first record of a file that does not tell it, where others do."""
        before = [one for one in paths(self._folder) if number(one) < number(path)]
        if before:
            return _last(self._reader(before[-1])) + 1
        return 1 if number(path) == 1 else None

    @contextlib.contextmanager
    def _readable(self) -> Iterator[None]:
        try:
            yield
        except Damaged:
            raise
        except _BROKEN as error:
            while self._readers:
                with contextlib.suppress(*_BROKEN):
                    self._readers.popitem()[1].close()
            raise JournalUnavailable(f"the journal cannot be read: {error}") from error


def _last(file: JournalFile | Wreck) -> int:
    return file.last() if isinstance(file, Wreck) else file.readable_last()
