"""Keeping what was judged: requests that come together are written together."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final

import msgspec
import structlog

from hotspring.delivery import Columns, joined, packed
from hotspring.errors import JournalUnavailable
from hotspring.event import Refused
from hotspring.journal import DELIVERY, GroupCommit, Record
from hotspring.web.answers import Answer, kept, problem
from hotspring.web.barred import Barred
from hotspring.web.gate import Gate
from hotspring.web.recent import Recent

CONFLICT_DETAIL: Final = "Another event with this message id was accepted before."
DISK_RETRY: Final = 5
"""Seconds after which a client may try again."""
SMALL: Final = 16
"""A request of at most so many events shares a record of the journal with others."""

_log = structlog.get_logger("hotspring.door")


class Read(msgspec.Struct, frozen=True):
    """What a request says, judged."""

    source: str
    received_ms: int
    columns: Columns
    refused: list[Refused]


_Turn = list[tuple[Read, "asyncio.Future[Answer]"]]


class Keeping:
    """Writes judged requests to the journal and says what their clients are told.

    A record costs the journal and whoever applies it about the same whether it holds one event or
    a hundred. So small requests of a source that came in one turn of the event loop, and in one
    millisecond, become one record; each has its own answer.
    """

    def __init__(self, group: GroupCommit, gate: Gate, barred: Barred) -> None:
        self._group = group
        self._gate = gate
        self._barred = barred
        self._recent = Recent()
        self._turns: dict[tuple[str, int], _Turn] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def keep(self, read: Read) -> Answer:
        """Answers once what this request says is durable, or cannot be."""
        if read.refused or not 0 < read.columns.events <= SMALL or self._barred:
            return await self._alone(read)
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Answer] = loop.create_future()
        if not self._turns:
            loop.call_soon(self._end_turn)
        self._turns.setdefault((read.source, read.received_ms), []).append((read, answer))
        return await answer

    def _end_turn(self) -> None:
        turns, self._turns = self._turns, {}
        for turn in turns.values():
            task = asyncio.get_running_loop().create_task(self._together(turn))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _together(self, turn: _Turn) -> None:
        reads = [read for read, _ in turn]
        whole = msgspec.structs.replace(reads[0], columns=joined([one.columns for one in reads]))
        fingerprints = self._recent.fingerprints(whole.source, whole.columns)
        repeats, conflicts = self._recent.known(fingerprints)
        body = packed(whole.source, whole.received_ms, whole.columns, [])
        wrong = await self._written(body, whole.received_ms, whole.columns.events)
        if wrong is None:
            self._recent.remember(fingerprints)
        first = 0
        for read, answer in turn:
            end = first + read.columns.events
            told = wrong or _told(
                read,
                read.refused,
                [at - first for at in repeats if first <= at < end],
                [at - first for at in conflicts if first <= at < end],
            )
            if not answer.done():
                answer.set_result(told)
            first = end

    async def _alone(self, read: Read) -> Answer:
        columns, refused = read.columns, read.refused
        fingerprints = self._recent.fingerprints(read.source, columns)
        repeats, conflicts = self._recent.known(fingerprints)
        gone: set[int] = set()
        if columns.events or refused:
            body = packed(read.source, read.received_ms, columns, refused)
            turned = self._barred.turned(body) if self._barred else None
            if turned is not None:
                body, gone, refused = turned.body, set(turned.gone), turned.refused
            wrong = await self._written(body, read.received_ms, columns.events - len(gone))
            if wrong is not None:
                return wrong
            self._recent.remember(fingerprints)
        return _told(
            read,
            refused,
            [at for at in repeats if at not in gone],
            [at for at in conflicts if at not in gone],
            len(gone),
        )

    async def _written(self, body: bytes, received_ms: int, events: int) -> Answer | None:
        """None once the record is durable; else what its clients are told."""
        try:
            seq = await self._group.submit(Record(DELIVERY, received_ms, body, events))
        except Exception as error:  # a disk can fail in ways nobody foresaw
            known = isinstance(error, JournalUnavailable)
            _log.error("journal_unavailable", error=str(error) if known else repr(error))
            return problem(503, "Events cannot be kept right now.", "", DISK_RETRY)
        self._gate.journalled(seq)
        return None


def _told(
    read: Read, refused: list[Refused], repeats: Sequence[int], conflicts: Sequence[int],
    gone: int = 0,
) -> Answer:  # fmt: skip
    """What the client of this request is told: places are those among its accepted events."""
    accepted = read.columns.events - len(repeats) - len(conflicts) - gone
    if conflicts:
        refused = _in_order(read, refused, conflicts)
    return kept(accepted, len(repeats), refused)


def _in_order(read: Read, refused: list[Refused], conflicts: Sequence[int]) -> list[Refused]:
    """All refusals of a request with those conflicts that are known already, by their place."""
    taken = {one.index for one in read.refused}
    places = [at for at in range(read.columns.events + len(taken)) if at not in taken]
    ids = read.columns.strings("message_id")
    told = [
        Refused(places[at], ids[at].as_py(), "conflict", CONFLICT_DETAIL, "") for at in conflicts
    ]
    return sorted([*refused, *told], key=lambda one: one.index)
