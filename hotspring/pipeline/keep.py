"""What makes the next start quick: fresh rows sealed, the state saved, an old journal dropped."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Final, Protocol

import msgspec
import numpy as np
import pyarrow as pa
import structlog

from hotspring.collect import QUARANTINE
from hotspring.errors import StillRead
from hotspring.event import Command
from hotspring.journal import COMMAND, Journal, Record
from hotspring.pipeline.aside import Aside
from hotspring.pipeline.buried import Buried
from hotspring.pipeline.erasing import Work
from hotspring.pipeline.retain import Retention, tidy
from hotspring.pipeline.screen import Gone
from hotspring.pipeline.tables import EVENTS
from hotspring.pipeline.trunk import Pipeline
from hotspring.settings import Settings
from hotspring.spare import Spare
from hotspring.store import Store

State = dict[str, np.ndarray]

log = structlog.get_logger("hotspring.pipeline")

QUIET_SECONDS: Final = 60.0
"""Fresh rows are sealed after so long even if they are few."""
DROP_SECONDS: Final = 300.0
RETAIN_SECONDS: Final = 86_400.0
RETRY_SECONDS: Final = 2.0
SPARE: Final = 1.05
"""So much more memory than the state takes is made ready for its copy: it grows meanwhile."""
GRACE: Final = 1.0
"""Seconds between the first part of an erasure and the cleaning of the journal: the door knows of
it by then."""


class Beyond(Protocol):
    """What an erasure must reach beside tables, state and journal."""

    def refused(self, works: Sequence[Work]) -> pa.Table:
        """Which rows of quarantine speak of these people? Their `seq` and `index`."""

    def files(self, works: Sequence[Work]) -> None:
        """Take these people out of files and operational records."""

    def dropped(self, gone: int, emptied: int) -> None:
        """Write down, for who may have to answer for it, how many events were past their time."""


class Keeper:
    """Seals, compacts and snapshots beside the pipeline.

    The pipeline's thread calls `tend` between two steps; the writing happens in two threads. One
    seals and snapshots: rows wait for it in memory, so it gives way to nobody. The other merges
    blocks and does all else, politely. A job that fails (a full disk) commits nothing, is reported
    and tried again.
    """

    def __init__(
        self,
        pipeline: Pipeline,
        store: Store,
        journal: Journal,
        settings: Settings,
        beyond: Beyond,
    ) -> None:
        self._pipeline = pipeline
        self._store = store
        self._journal = journal
        self._settings = settings
        self._beyond = beyond
        self._compared = False
        self._sealer = Aside("sealer")
        self._tidier = Aside("tidier", polite=True)
        self._alone = False
        """Must what the tidier does be the only job?"""
        self._unmerged = True
        self._snapshot_rows = store.rows(EVENTS)
        self._spare: Spare | None = None
        """For the copy of the state, as soon as it is wanted."""
        self._sealed_at = self._dropped_at = time.monotonic()
        # A short retention is looked after as often as it needs.
        self._drop_seconds = min(DROP_SECONDS, max(1.0, settings.journal_days * 86_400 / 10))
        self._erased_at = 0.0
        self._retained_at = self._sealed_at - RETAIN_SECONDS + QUIET_SECONDS
        self._retention = Retention(pipeline, store, settings)
        self.trouble = ""
        """What went wrong in the last job, empty where it went well."""
        for name in ("keeper_busy", "keeper_trouble"):
            pipeline.readings.set(name, False)

    def tend(self) -> None:
        """Start the jobs that are due, where nothing is in their way."""
        idle, now = self._idle(), time.monotonic()
        if idle:
            self._alone = False
            if not self._compared and self._pipeline.position >= self._journal.head():
                self._compared = True
                self._pipeline.erasing.forget_left()
                self._pipeline.repeat_erasures(time.time_ns() // 1_000_000)
        if self._pipeline.erasing.due:
            if idle and now - self._erased_at > RETRY_SECONDS:
                self._erased_at = now
                self._start_alone(self._erasing, *self._begun())
            return
        if not self._sealer.busy and not self._alone:
            fresh = self._store.fresh_rows(EVENTS)
            behind = self._pipeline.position > self._store.sealed
            if fresh >= self._settings.seal_events or (
                behind and now - self._sealed_at > QUIET_SECONDS
            ):
                self._seal(self._store.rows(EVENTS))
        if not self._tidier.busy:
            self._tidy(now)

    def _tidy(self, now: float) -> None:
        if self._unmerged:
            self._unmerged = False
            self._start(self._tidier, self._merging)
        elif self._settings.retention_days and now - self._retained_at > RETAIN_SECONDS:
            if not self._sealer.busy:
                self._retained_at = now - RETAIN_SECONDS + QUIET_SECONDS
                self._retain()
        elif now - self._dropped_at > self._drop_seconds:
            self._dropped_at = now
            self._start(self._tidier, self._drop)

    def close(self) -> None:
        """Seal and snapshot what there is, and stop. The next start has nothing to repeat."""
        # To merge the blocks of a large pool takes longer than who stops a server waits.
        self._store.hurry()
        self._sealer.close()
        self._tidier.close()
        try:
            self._save()
        except Exception as error:  # as in `tend`: nothing is committed, the journal has it all
            log.error("keeping failed; the next start repeats it", error=str(error))

    def erase(self, grace: float = 0.0) -> None:
        """Bring the erasures that were applied to their end, now, in the calling thread."""
        if self._pipeline.erasing.due:
            self._erasing(*self._begun(), grace)

    def _begun(self) -> tuple[int, dict[str, State], list[Work], frozenset[int]]:
        """The pool at this moment, and what is to be taken out of its files."""
        erasing, snapshot = self._pipeline.erasing, self._store.snapshot
        works, saved = list(erasing.works.values()), snapshot.position if snapshot else 0
        position, states = self._pipeline.position, dict[str, State]()
        if any(work.seq > saved for work in works):
            self._store.freeze()
            position, states = self._pipeline.dump()
        return position, states, works, frozenset(erasing.stains)

    def _erasing(
        self,
        position: int,
        states: dict[str, State],
        works: list[Work],
        stains: frozenset[int],
        grace: float = GRACE,
    ) -> None:
        if states:
            more = [(QUARANTINE, self._beyond.refused(works))]
            self._store.rewrite(position, states, more)
            self._pipeline.keep_ids()
        if self._store.retired:
            raise StillRead("rows that were erased are still being read; it goes on after that")
        if works:
            self._beyond.files(works)
            # What the door let in before it knew has come to the journal by then.
            time.sleep(grace)
        erasing, screen = self._pipeline.erasing, self._pipeline.screen
        told = Gone.of(works)
        person, who = screen.finder(told.texts), self._pipeline.state.who
        self._journal.rewrite(
            lambda entry: screen.fresh(entry, who, person, told), None if works else stains
        )
        erasing.stains -= stains
        for work in works:
            body = msgspec.json.encode(Buried(work.id)).decode()
            now = time.time_ns() // 1_000_000
            command = msgspec.msgpack.encode(Command("erased", now, "pool", body))
            self._journal.append([Record(COMMAND, now, command)])
            erasing.end(work.id)

    def _save(self) -> None:
        self.erase()
        if self._pipeline.position > self._store.sealed:
            self._store.freeze()
            self._store.seal(self._pipeline.position)
        snapshot = self._store.snapshot
        if snapshot is None or snapshot.position < self._pipeline.position:
            self._store.save(*self._pipeline.dump())
        self._pipeline.keep_ids()

    def _start(self, thread: Aside, job: Callable[..., None], *parts: object) -> None:
        self._pipeline.readings.set("keeper_busy", True)
        thread.start(job, *parts)

    def _start_alone(self, job: Callable[..., None], *parts: object) -> None:
        self._alone = True
        self._start(self._tidier, job, *parts)

    def _idle(self) -> bool:
        """Is nothing under way? Says what became of the jobs that ended."""
        threads = (self._sealer, self._tidier)
        ended = [thread.ended() for thread in threads]
        if any(ended):
            self.trouble = self._sealer.trouble or self._tidier.trouble
            self._pipeline.readings.set("keeper_trouble", bool(self.trouble))
        idle = not any(thread.busy for thread in threads)
        if idle and any(ended):
            self._pipeline.readings.set("keeper_busy", False)
        return idle

    def _seal(self, rows: int) -> None:
        due = rows - self._snapshot_rows >= self._settings.snapshot_events
        if due and self._spare is None:
            # The pipeline stands still while its state is copied: not for fresh pages, too.
            self._start(self._sealer, self._make_spare)
            return
        self._sealed_at = time.monotonic()
        self._store.freeze()
        position, states = self._pipeline.position, None
        if due and self._spare is not None:
            position, states = self._pipeline.dump(self._spare.copy)
            self._snapshot_rows, self._spare = rows, None
        self._start(self._sealer, self._sealing, position, states)

    def _make_spare(self) -> None:
        # Without the memory for it the copy is made all the same, where it finds some.
        self._spare = Spare(0)
        with self._pipeline.lock:
            weight = self._pipeline.state.weight()
        self._spare = Spare(int(weight * SPARE))

    def _sealing(self, position: int, states: dict[str, State] | None) -> None:
        if self._pipeline.erasing.works:
            # Its rows are hidden since: the erasure seals what was frozen here.
            return
        with self._timed("seal"):
            self._store.seal(position)
        if states is not None:
            with self._timed("snapshot"):
                self._store.save(position, states)
        with self._timed("ids"):
            self._pipeline.keep_ids()
        self._unmerged = True

    def _merging(self) -> None:
        with self._timed("compact"):
            more = self._store.compact()
        if not more:
            with self._timed("project"):
                more = self._store.project()
        if more:
            self._unmerged = True

    def _timed(self, job: str) -> AbstractContextManager[None]:
        return self._pipeline.readings.timed("keeper_seconds", job, "keeper_jobs")

    def _retain(self) -> None:
        self._store.freeze()
        position, states = self._pipeline.dump()
        self._start_alone(self._retaining, position, states)

    def _retaining(self, position: int, states: dict[str, State]) -> None:
        self._store.seal(position)
        self._store.save(position, states)
        done = self._retention.work(int(time.time() * 1000))
        if any(done):
            self._beyond.dropped(done.gone, done.emptied)
        self._retained_at = time.monotonic()

    def _drop(self) -> None:
        snapshot = self._store.snapshot
        if snapshot is not None:
            applied = min(snapshot.position, self._store.sealed)
            age = round(self._settings.journal_days * 86_400_000)
            with self._timed("drop"):
                self._journal.drop(applied, int(time.time() * 1000) - age)
        tidy(self._store.folder, self._settings.rejects_days)
