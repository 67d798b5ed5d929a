"""What makes the next start quick: fresh rows sealed, the state saved, an old journal dropped."""

from __future__ import annotations

import time
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final

import numpy as np
import structlog

from hotspring.journal import Journal
from hotspring.pipeline.tables import EVENTS
from hotspring.pipeline.trunk import Pipeline
from hotspring.settings import Settings
from hotspring.store import Store

State = dict[str, np.ndarray]

log = structlog.get_logger("hotspring.pipeline")

QUIET_SECONDS: Final = 60.0
"""Fresh rows are sealed after so long even if they are few."""
DROP_SECONDS: Final = 300.0


class Keeper:
    """Seals, compacts and snapshots beside the pipeline, one job at a time.

    The pipeline's thread calls `tend` between two steps; the writing happens in a thread of its
    own. A job that fails (a full disk) commits nothing, is reported and tried again.
    """

    def __init__(
        self, pipeline: Pipeline, store: Store, journal: Journal, settings: Settings
    ) -> None:
        self._pipeline = pipeline
        self._store = store
        self._journal = journal
        self._settings = settings
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="keeper")
        self._job: Future[None] | None = None
        self._snapshot_rows = store.rows(EVENTS)
        self._sealed_at = self._dropped_at = time.monotonic()
        self.trouble = ""
        """What went wrong in the last job, empty where it went well."""

    def tend(self) -> None:
        """Start the job that is due, if none is running."""
        if not self._idle():
            return
        now = time.monotonic()
        fresh = self._store.fresh_rows(EVENTS)
        behind = self._pipeline.position > self._store.sealed
        if fresh >= self._settings.seal_events or (
            behind and now - self._sealed_at > QUIET_SECONDS
        ):
            self._sealed_at = now
            self._seal(self._store.rows(EVENTS))
        elif now - self._dropped_at > DROP_SECONDS:
            self._dropped_at = now
            self._job = self._worker.submit(self._drop)

    def close(self) -> None:
        """Seal and snapshot what there is, and stop. The next start has nothing to repeat."""
        self._worker.shutdown(wait=True)
        try:
            self._save()
        except Exception as error:  # as in `tend`: nothing is committed, the journal has it all
            log.error("keeping failed; the next start repeats it", error=str(error))

    def _save(self) -> None:
        if self._pipeline.position > self._store.sealed:
            self._store.freeze()
            self._store.seal(self._pipeline.position)
        snapshot = self._store.snapshot
        if snapshot is None or snapshot.position < self._pipeline.position:
            self._store.save(*self._pipeline.dump())
        self._pipeline.keep_ids()

    def _idle(self) -> bool:
        if self._job is None:
            return True
        if not self._job.done():
            return False
        error = self._job.exception()
        self._job = None
        self.trouble = str(error) if error else ""
        if error:
            log.error("keeping failed; it will be tried again", error=str(error))
        return True

    def _seal(self, rows: int) -> None:
        self._store.freeze()
        position, states = self._pipeline.position, None
        if rows - self._snapshot_rows >= self._settings.snapshot_events:
            position, states = self._pipeline.dump()
            self._snapshot_rows = rows
        self._job = self._worker.submit(self._sealing, position, states)

    def _sealing(self, position: int, states: dict[str, State] | None) -> None:
        self._store.seal(position)
        if states is not None:
            self._store.save(position, states)
        self._pipeline.keep_ids()
        self._store.compact()

    def _drop(self) -> None:
        snapshot = self._store.snapshot
        if snapshot is not None:
            applied = min(snapshot.position, self._store.sealed)
            age = self._settings.journal_days * 86_400_000
            self._journal.drop(applied, int(time.time() * 1000) - age)
