"""One file of the journal: a SQLite database with a row per record."""

from __future__ import annotations

import contextlib
import functools
import os
import sqlite3
import struct
import threading
import time
import zlib
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import Final

import pyarrow as pa

from hotspring.durable import sync_folder
from hotspring.journal.record import DAMAGED, Entry, Record
from hotspring.journal.salvage import Pages

SUFFIX: Final = ".sqlite"
PAGE_BYTES: Final = 4096
LOCK_SECONDS: Final = 10.0
LOCK_PAUSE: Final = 0.0005

_FACTS: Final = struct.Struct("<4q")
_CODEC: Final = pa.Codec("zstd", compression_level=1)

_TABLES: Final = """
create table meta (name text primary key, value integer not null) without rowid;
create table entry (
  seq integer primary key, kind integer not null, at_ms integer not null,
  events integer not null, size integer not null, crc integer not null, body blob not null
);
"""
SMALL: Final = 2_048
"""A body of so few bytes is kept as it is: it would hardly become smaller, at much cost."""
ZSTD: Final = b"\x28\xb5\x2f\xfd"
"""How what is compressed begins. A body that itself begins so is compressed, however small."""
TOGETHER: Final = 32
"""Records in one statement: to each, Python gives its lock away and has to wait for it again."""
_COLUMNS: Final = "select seq, kind, at_ms, events, size, crc, body from entry"

PASSING: Final = frozenset(
    {
        sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_INTERRUPT,
    }
)  # fmt: skip
"""What the disk or another process is in the way of; anything else is the file's own fault."""

FAULTS: Final = (sqlite3.DatabaseError, UnicodeDecodeError)
"""The second where a message of SQLite quotes damaged bytes."""

Row = tuple[int, int, int, int, int, bytes]
"""kind, at_ms, events, size, crc, body: all of a row but its number."""


def pack(records: Sequence[Record]) -> list[Row]:
    """Which rows keep these records? Large bodies are compressed; the checksum covers all.

    Nothing that is kept as it is looks compressed: reading gives back any body.
    """
    rows = []
    for record in records:
        body = record.body
        if len(body) > SMALL or body.startswith(ZSTD):
            body = _CODEC.compress(body, asbytes=True)
        facts = (record.kind, record.at_ms, record.events, len(record.body))
        rows.append((*facts, zlib.crc32(body, zlib.crc32(_FACTS.pack(*facts))), body))
    return rows


Stored = tuple[int, int, int, int, int, int, bytes]
"""The number of a record, and its row."""


class Damaged(sqlite3.DatabaseError):
    """The structure of a journal file is damaged."""


def number(path: Path) -> int:
    """Which file of the sequence is this?"""
    return int(path.name.removesuffix(SUFFIX))


def paths(folder: Path) -> list[Path]:
    """Which files does the journal in `folder` have, oldest first?"""
    # Asked for with every batch: a glob takes four times as long.
    there = os.listdir(folder) if folder.exists() else []
    names = (name for name in there if name.endswith(SUFFIX))
    found = (folder / name for name in names if name.removesuffix(SUFFIX).isdigit())
    return sorted(found, key=number)


def create(folder: Path, index: int, first: int) -> Path:
    """Make file `index`, whose first record will be `first`: whole and durable, or not at all.

    It is built under another name and linked into place, so that nobody ever opens half a file.
    Another process may have been faster: then its file stands.
    """
    path = folder / f"{index:04d}{SUFFIX}"
    draft = folder / f"{path.name}.{os.getpid()}-{threading.get_ident()}.new"
    # Of all but the first file there is one maker at a time: what others left, a crash left.
    leftovers = f"{path.name}.*.new*" if index > 1 else draft.name + "*"
    try:
        with contextlib.closing(sqlite3.connect(draft, isolation_level=None)) as db:
            db.execute(f"pragma page_size = {PAGE_BYTES}")
            db.execute("pragma journal_mode = wal")
            db.execute("pragma synchronous = full")
            db.executescript(f"begin; {_TABLES} insert into meta values ('first', {first}); commit")
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
    finally:
        for leftover in folder.glob(leftovers):
            leftover.unlink(missing_ok=True)
    sync_folder(folder)
    return path


class JournalFile:
    """An open file of the journal."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.index = number(path)
        self._successor = path.with_name(f"{self.index + 1:04d}{SUFFIX}")
        self._db = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=rw",
            uri=True,
            isolation_level=None,
            timeout=LOCK_SECONDS,
            check_same_thread=False,
        )
        # A damaged type mark may call a body text; what it holds is for the checksum to judge.
        self._db.text_factory = bytes
        try:
            self._db.execute("pragma synchronous = full")
            self._db.execute("pragma wal_autocheckpoint = 0")
            row = self._db.execute("select value from meta where name = 'first'").fetchone()
            if row is None or not isinstance(row[0], int):
                raise Damaged("it does not say where it begins")
        except FAULTS as error:
            self._db.close()
            if isinstance(error, sqlite3.Error) and passes(error):
                raise type(error)(f"{path.name}: {error}") from error
            raise Damaged(f"{path.name}: {error}") from error
        self.first: int = row[0]
        self.hurt = ""
        """What is wrong with its structure, as far as reading it has shown."""
        self._since: int | None = None
        self._salvaged: dict[int, Stored] | None = None

    def begin(self) -> None:
        """Become the only writer of this file until `commit` or `rollback`.

        SQLite's own wait for another process sleeps ever longer, up to a tenth of a second: far
        longer than another writer needs, while whole groups of requests wait here.
        """
        patience = time.monotonic() + LOCK_SECONDS
        self._db.execute("pragma busy_timeout = 0")
        try:
            while not self._begun(patience):
                time.sleep(LOCK_PAUSE)
        finally:
            self._db.execute(f"pragma busy_timeout = {LOCK_SECONDS * 1000:.0f}")

    def _begun(self, patience: float) -> bool:
        try:
            self._db.execute("begin immediate")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > patience:
                raise
            return False
        return True

    def commit(self) -> None:
        self._db.execute("commit")

    def rollback(self) -> None:
        if self._db.in_transaction:
            self._db.execute("rollback")

    def closed(self) -> bool:
        """Has the journal moved on? Asked inside a write, the answer holds until its end.

        A file is closed by the existence of the next one, which only a writer of this file makes.
        Retention removes files oldest first, so a file that is gone was closed as well.
        """
        return self._successor.exists() or not self.path.exists()

    def last(self) -> int:
        """The number of the newest record, `first - 1` in an empty file."""
        newest = self._db.execute("select max(seq) from entry").fetchone()[0]
        return self.first - 1 if newest is None else int(newest)

    def newest_ms(self) -> int:
        """When did the newest record come? 0 in an empty file."""
        try:
            row = self._db.execute("select at_ms from entry order by seq desc limit 1").fetchone()
        except FAULTS as error:
            if passes(error):
                raise
            return max((found[2] for found in self._salvage(error).values()), default=0)
        return 0 if row is None else int(row[0])

    def readable_last(self) -> int:
        """The number of the newest record that can be read, even where the structure is damaged."""
        try:
            return self.last()
        except FAULTS as error:
            if passes(error):
                raise
            return max(self._salvage(error), default=self.first - 1)

    def writable(self) -> bool:
        """Can a record be added, as far as the file itself goes? It is tried and taken back."""
        try:
            self.begin()
            try:
                self.insert(self.last() + 1, pack([Record(DAMAGED, 0, bytes(2 * PAGE_BYTES))]))
            finally:
                self.rollback()
        except FAULTS as error:
            return passes(error)
        return True

    def since_ms(self) -> int | None:
        """When did the first record come? None in an empty file."""
        if self._since is None:
            row = self._db.execute("select at_ms from entry order by seq limit 1").fetchone()
            self._since = None if row is None else int(row[0])
        return self._since

    def size(self) -> int:
        return int(self._db.execute("pragma page_count").fetchone()[0]) * PAGE_BYTES

    def insert(self, first: int, rows: Sequence[Row]) -> None:
        for start in range(0, len(rows), TOGETHER):
            some = rows[start : start + TOGETHER]
            values = [
                value
                for seq, row in enumerate(some, start=first + start)
                for value in (seq, *row[:4], _sealed(row[4], seq), row[5])
            ]
            self._db.execute(_insert(len(some)), values)

    def entries(self, after: int, to: int | None = None) -> Generator[Entry, None, None]:
        """The records after number `after`, in order; damaged ones in their place.

        `to` is the last number this file must hold (None: it is still growing): where the file's
        structure itself is damaged, the numbers up to there are reported one by one.
        """
        at = max(after, self.first - 1)
        try:
            for row in self._db.execute(f"{_COLUMNS} where seq > ? order by seq", (at,)):
                if row[0] != at + 1 or (to is not None and at >= to):
                    break
                at += 1
                yield entry_of(self.path, row)
            else:
                to = at if to is None else to
        except FAULTS as error:
            if passes(error):
                raise
            found = self._salvage(error)
        else:
            if to == at:
                return
            found = self._salvage("records cannot be reached")
        for seq in range(at + 1, (max(found, default=at) if to is None else to) + 1):
            row = found.get(seq)
            yield entry_of(self.path, row) if row else damaged(self.path, seq, "it is missing")

    def overwrite(self) -> None:
        """From now on, leave zeros where something was removed through this connection."""
        self._db.execute("pragma secure_delete = on").fetchall()

    def replace(self, bodies: Sequence[tuple[Entry, bytes]]) -> None:
        """Give records other bodies. Inside a write."""
        for entry, body in bodies:
            ((kind, at_ms, events, size, crc, stored),) = pack(
                [Record(entry.kind, entry.at_ms, body, entry.events)]
            )
            self._db.execute(
                "update entry set kind = ?, at_ms = ?, events = ?, size = ?, crc = ?, body = ? "
                "where seq = ?",
                (kind, at_ms, events, size, _sealed(crc, entry.seq), stored, entry.seq),
            )

    def checkpoint(self, mode: str) -> bool:
        """Move what stands in the write-ahead log into the file itself; was all of it moved?"""
        ((busy, _, _),) = self._db.execute(f"pragma wal_checkpoint({mode})").fetchall()
        return not busy

    def copy(self, to: Path) -> None:
        """Write the file as it is at one moment, with what stands in its log, to `to`."""
        with contextlib.closing(sqlite3.connect(to)) as out:
            self._db.backup(out)
            out.execute("pragma journal_mode = wal")

    def close(self) -> None:
        self._db.close()

    def _salvage(self, why: object) -> dict[int, Stored]:
        """The records that stand in its pages, however they hang together."""
        self.hurt = f"{self.path.name}: {why}; it was read page by page"
        if self._salvaged is None:
            self._salvaged = whole_rows(self.path)
        return self._salvaged


def passes(error: Exception) -> bool:
    """Is this about the disk or another process, and not about what stands in the file?"""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT)
    return not isinstance(error, Damaged) and code & 0xFF in PASSING


def whole_rows(path: Path) -> dict[int, Stored]:
    """The rows with a right checksum in the pages of this file, by their number."""
    return {row[0]: row for row in Pages(path).rows() if _wrong(row) == ""}


def entry_of(path: Path, row: Stored) -> Entry:
    """The entry that stands in this row, or that it is damaged."""
    wrong = _wrong(row)
    if wrong:
        return damaged(path, row[0], wrong)
    seq, kind, at_ms, events, size, _, stored = row
    body = stored
    if stored.startswith(ZSTD):
        body = _CODEC.decompress(stored, decompressed_size=size, asbytes=True)
    return Entry(seq, kind, at_ms, body, events)


def damaged(path: Path, seq: int, what: str) -> Entry:
    """An entry that says what is wrong with a record."""
    return Entry(seq, DAMAGED, 0, f"{path.name}: record {seq}: {what}".encode())


def _wrong(row: Stored) -> str:
    seq, kind, at_ms, events, size, crc, stored = row
    try:
        found = zlib.crc32(stored, zlib.crc32(_FACTS.pack(kind, at_ms, events, size)))
    except (TypeError, struct.error):
        return "a field has the wrong type"
    return "" if _sealed(found, seq) == crc else "its checksum does not match"


@functools.lru_cache(maxsize=TOGETHER)
def _insert(rows: int) -> str:
    return f"insert into entry values {', '.join(['(?, ?, ?, ?, ?, ?, ?)'] * rows)}"


def _sealed(checksum: int, seq: int) -> int:
    """The checksum of a record under its number: one that turns up elsewhere does not match."""
    return zlib.crc32(seq.to_bytes(8, "little"), checksum)
