"""Many requests, one write: records that arrive while the disk is busy share the next commit."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Sequence
from typing import Final, Protocol, Self

from hotspring.errors import JournalUnavailable
from hotspring.journal.record import Record

WAITING_BYTES: Final = 32 << 20
"""With more than this waiting for the disk, `submit` waits before it takes another record."""
GROUP_BYTES: Final = 4 << 20


class Appends(Protocol):
    """What a group commit writes to."""

    def append(self, records: Sequence[Record]) -> list[int]: ...


_Waiting = tuple[Record, "asyncio.Future[int]"]


class GroupCommit:
    """A thread that writes the records of many tasks of one event loop in common commits."""

    def __init__(self, journal: Appends, waiting_bytes: int = WAITING_BYTES) -> None:
        self._journal = journal
        self._loop = asyncio.get_running_loop()
        self._most = waiting_bytes
        self._waiting: list[_Waiting] = []
        self._bytes = 0
        self._room = asyncio.Event()
        self._room.set()
        self._closed = False
        self._work = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="journal-write", daemon=True)
        self._thread.start()

    async def submit(self, record: Record) -> int:
        """Under which number is this record kept? Answers once it is durable.

        Waits while too much is waiting already. Raises `JournalUnavailable` where it cannot be
        written.
        """
        while self._bytes > self._most:
            self._room.clear()
            await self._room.wait()
        if self._closed:
            raise JournalUnavailable("the journal is closed")
        future: asyncio.Future[int] = self._loop.create_future()
        self._bytes += len(record.body)
        with self._work:
            self._waiting.append((record, future))
            if len(self._waiting) == 1:
                self._work.notify()
        return await future

    @property
    def waiting_bytes(self) -> int:
        """How much waits for the disk?"""
        return self._bytes

    async def close(self) -> None:
        """Write what is waiting, then stop."""
        with self._work:
            self._closed = True
            self._work.notify()
        await asyncio.to_thread(self._thread.join)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def _run(self) -> None:
        while group := self._take():
            outcome: list[int] | Exception
            try:
                outcome = self._journal.append([record for record, _ in group])
            except Exception as error:  # whoever waits must hear of it, whatever it is
                outcome = error
            with contextlib.suppress(RuntimeError):  # the loop has ended: nobody waits any more
                self._loop.call_soon_threadsafe(self._settle, group, outcome)

    def _take(self) -> list[_Waiting]:
        """The next group: all that waits, up to a size; empty at the end."""
        with self._work:
            while not self._waiting and not self._closed:
                self._work.wait()
            size = count = 0
            while count < len(self._waiting) and size < GROUP_BYTES:
                size += len(self._waiting[count][0].body)
                count += 1
            group = self._waiting[:count]
            del self._waiting[:count]
            return group

    def _settle(self, group: list[_Waiting], outcome: list[int] | Exception) -> None:
        """Runs in the event loop: one wake-up answers the whole group."""
        for at, (record, future) in enumerate(group):
            self._bytes -= len(record.body)
            if future.done():
                continue
            if isinstance(outcome, Exception):
                future.set_exception(outcome)
            else:
                future.set_result(outcome[at])
        if self._bytes <= self._most:
            self._room.set()
