"""What a group commit promises to the tasks that share it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from hotspring.errors import JournalUnavailable
from hotspring.journal import DELIVERY, GroupCommit, Journal, Record


class Disk:
    """A journal whose disk works only while `spin` is set."""

    def __init__(self) -> None:
        self.groups: list[int] = []
        self.spin = threading.Event()
        self.busy = threading.Event()
        self.error: Exception | None = None
        self._next = 1

    def append(self, records: Sequence[Record]) -> list[int]:
        self.busy.set()
        assert self.spin.wait(60)
        if self.error is not None:
            raise self.error
        self.groups.append(len(records))
        first, self._next = self._next, self._next + len(records)
        return list(range(first, self._next))


def record(size: int = 10) -> Record:
    return Record(DELIVERY, 0, b"x" * size)


def test_nothing_is_answered_before_it_is_durable_and_waiting_records_share_a_write() -> None:
    async def story() -> None:
        disk = Disk()
        async with GroupCommit(disk) as group:
            first = asyncio.create_task(group.submit(record()))
            await asyncio.to_thread(disk.busy.wait, 60)
            rest = [asyncio.create_task(group.submit(record())) for _ in range(20)]
            await asyncio.sleep(0.05)
            assert not any(task.done() for task in [first, *rest])
            disk.spin.set()
            assert await asyncio.gather(first, *rest) == list(range(1, 22))
        assert disk.groups == [1, 20]

    asyncio.run(story())


@pytest.mark.parametrize("error", [JournalUnavailable(), RuntimeError("unforeseen")])
def test_a_failed_write_is_told_to_all_who_waited_and_the_next_one_works(error: Exception) -> None:
    async def story() -> None:
        disk = Disk()
        disk.spin.set()
        async with GroupCommit(disk) as group:
            disk.error = error
            failed = await asyncio.gather(
                *(group.submit(record()) for _ in range(3)), return_exceptions=True
            )
            assert failed == [error] * 3
            disk.error = None
            assert await group.submit(record()) == 1

    asyncio.run(story())


def test_with_too_much_waiting_the_next_record_waits_outside() -> None:
    async def story() -> None:
        disk = Disk()
        async with GroupCommit(disk, waiting_bytes=1000) as group:
            tasks = [asyncio.create_task(group.submit(record(400))) for _ in range(50)]
            await asyncio.to_thread(disk.busy.wait, 60)
            await asyncio.sleep(0.02)
            disk.spin.set()
            assert sorted(await asyncio.gather(*tasks)) == list(range(1, 51))
        assert max(disk.groups) <= 3

    asyncio.run(story())


def test_a_task_that_gave_up_does_not_disturb_the_others() -> None:
    async def story() -> None:
        disk = Disk()
        async with GroupCommit(disk) as group:
            tasks = [asyncio.create_task(group.submit(record())) for _ in range(3)]
            await asyncio.to_thread(disk.busy.wait, 60)
            tasks[1].cancel()
            await asyncio.sleep(0)
            disk.spin.set()
            assert [await tasks[0], await tasks[2]] == [1, 3]

    asyncio.run(story())


def test_closing_writes_what_is_waiting_and_then_refuses(tmp_path: Path) -> None:
    async def story() -> None:
        with Journal(tmp_path) as journal:
            group = GroupCommit(journal)
            tasks = [asyncio.create_task(group.submit(record())) for _ in range(30)]
            await asyncio.sleep(0)
            await group.close()
            assert await asyncio.gather(*tasks) == list(range(1, 31))
            assert journal.head() == 30
            with pytest.raises(JournalUnavailable):
                await group.submit(record())

    asyncio.run(story())
