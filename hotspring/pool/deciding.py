"""What people and the pool itself decide goes into the journal, and then it is waited for."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Final

import msgspec

from hotspring.errors import HotspringError
from hotspring.event import Command
from hotspring.journal import COMMAND, Journal, Record
from hotspring.pipeline import Pipeline, Runner
from hotspring.pool.moments import clock

APPLY_SECONDS: Final = 30.0
"""How long a decision may take to be applied before its maker is told to look later."""


class Deciding:
    """Journals decisions. From any thread."""

    def __init__(self, pipeline: Pipeline, journal: Journal, runner: Runner) -> None:
        self._pipeline = pipeline
        self._journal = journal
        self._runner = runner

    def decide(self, kind: str, body: str, by: str) -> None:
        """Journal a decision and wait until it is applied."""
        self.decided(kind, body, by)

    def decided(self, kind: str, body: str, by: str) -> int:
        """The same; gives its position."""
        return self._journaled(kind, [body], by)

    def decide_all(self, kind: str, bodies: Sequence[str], by: str) -> None:
        """Journal several decisions at once and wait until all of them are applied."""
        self._journaled(kind, bodies, by)

    def say(self, kind: str, body: str) -> int:
        """Journal what the pool itself found; gives the position, and does not wait for it."""
        now = clock()
        command = msgspec.msgpack.encode(Command(kind, now, "pool", body))
        return self._journal.append([Record(COMMAND, now, command)])[-1]

    def wait(self, position: int) -> None:
        """Return once everything up to this journal position is applied."""
        end = time.monotonic() + APPLY_SECONDS
        while self._pipeline.position < position:
            if self._runner.failure is not None:
                raise HotspringError("the pipeline has stopped; the decision waits in the journal")
            if time.monotonic() > end:
                raise HotspringError("the decision is kept and will be applied; look again later")
            time.sleep(0.002)

    def _journaled(self, kind: str, bodies: Sequence[str], by: str) -> int:
        now = clock()
        commands = (msgspec.msgpack.encode(Command(kind, now, by, body)) for body in bodies)
        position = self._journal.append([Record(COMMAND, now, one) for one in commands])[-1]
        self.wait(position)
        return position
