"""Rules that are tried before they count: prepared beside the pool, compared, then accepted."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import msgspec

from hotspring.errors import Conflict, NotFound
from hotspring.pipeline import EVENTS, Pipeline, Prepared
from hotspring.pool.moments import clock, iso
from hotspring.pool.movement import movement
from hotspring.pool.usage import currency_use
from hotspring.pool.work import RUNNING, Ended, Stopped, Worker, told
from hotspring.store import Store
from hotspring.temperature import RuleSet, rules

KEPT: Final = 20
"""Previews whose findings are remembered; a restart forgets all."""
KEEP_SECONDS: Final = 900.0
"""How long a heat is kept at hand after its preview; accepting later prepares it again."""


class Preview(msgspec.Struct):
    """One trial of a rule set."""

    id: str
    rules: RuleSet
    against: RuleSet | None
    """Compared with these; with those in force where nothing is given."""
    by: str
    started_ms: int
    state: str = "queued"
    read: int = 0
    """Events read so far, of `events`."""
    events: int = 0
    finished_ms: int | None = None
    error: str = ""
    result: dict[str, Any] | None = None

    @property
    def progress(self) -> float:
        """The share of the events that is read, 0 to 1."""
        return min(self.read / self.events, 1.0) if self.events else float(self.state == "done")

    def document(self) -> dict[str, Any]:
        """The preview as the API tells of it."""
        return told(self, read=self.read, events=self.events, error=self.error, result=self.result)


class Previews:
    """The trials of one pool, one at a time. Events go on being applied meanwhile."""

    def __init__(self, pipeline: Pipeline, store: Store) -> None:
        self._pipeline = pipeline
        self._store = store
        self._worker = Worker("preview", "trying rules")
        self._lock = threading.Lock()
        self._working = threading.Lock()
        self._all: dict[str, Preview] = {}
        self._kept: Prepared | None = None
        self._forgetting: threading.Timer | None = None

    def start(self, wanted: RuleSet, against: RuleSet | None, by: str) -> dict[str, Any]:
        """Begin to try rules; what stands so far. `Conflict` while another trial runs."""
        with self._lock:
            for other in self._all.values():
                if other.state in RUNNING:
                    raise Conflict(f"preview {other.id} is running; cancel it or wait for its end")
            preview = Preview(uuid.uuid4().hex, wanted, against, by, clock())
            self._all[preview.id] = preview
            for old in list(self._all)[:-KEPT]:
                del self._all[old]
        self._worker.add(
            preview.id, lambda: self._tried(preview), lambda ended: self._end(preview, ended)
        )
        return preview.document()

    def all(self) -> list[dict[str, Any]]:
        """All that are remembered, the newest first."""
        return [preview.document() for preview in reversed(self._all.values())]

    def one(self, preview_id: str) -> dict[str, Any]:
        return self._found(preview_id).document()

    def cancel(self, preview_id: str) -> dict[str, Any]:
        """Stop a trial. Nothing was changed by it."""
        preview = self._found(preview_id)
        self._worker.cancel(preview)
        return preview.document()

    def tried(self, preview_id: str) -> RuleSet:
        """The rules of a trial that came to its end."""
        preview = self._found(preview_id)
        if preview.state != "done":
            raise Conflict(
                f"this preview is {preview.state}; only one that is done can be accepted"
            )
        return preview.rules

    @contextmanager
    def ready(self, wanted: RuleSet) -> Iterator[None]:
        """Within, the pipeline has a heat for these rules at hand, and need only take it over."""
        with self._working:
            kept = self._kept
            if kept is None or kept.rules != wanted or not self._pipeline.catch_up(kept):
                self._forget()
                kept = self._pipeline.prepare(wanted)
                self._pipeline.catch_up(kept)
            # What came during the first pass; what comes during this one is taken over with it.
            self._pipeline.catch_up(kept)
            try:
                yield
            finally:
                self._pipeline.forget(kept)
                self._forget()

    def close(self) -> None:
        """Stop what runs."""
        self._worker.close()
        self._forget()

    def _found(self, preview_id: str) -> Preview:
        preview = self._all.get(preview_id)
        if preview is None:
            raise NotFound("there is no such preview; a restart forgets them")
        return preview

    def _tried(self, preview: Preview) -> dict[str, Any]:
        with self._working:
            self._worker.check(preview.id)
            self._forget()
            preview.state = "running"
            return self._compared(preview)

    def _end(self, preview: Preview, ended: Ended[dict[str, Any]]) -> None:
        preview.result, preview.error = ended.result, ended.error
        preview.finished_ms = clock()
        preview.state = ended.state

    def _compared(self, preview: Preview) -> dict[str, Any]:
        pipeline, began = self._pipeline, time.monotonic()
        sets = [preview.rules, *([preview.against] if preview.against else [])]
        preview.events = self._store.rows(EVENTS) * len(sets)
        heats = [pipeline.prepare(one) for one in sets]

        def going(rows: int) -> bool:
            preview.read += rows
            return not self._worker.stopped(preview.id)

        try:
            # The second round brings what came during the first, the third next to nothing.
            for _ in range(3):
                for heat in heats:
                    if not pipeline.catch_up(heat, going):
                        raise self._why(preview)
            now = clock()
            with pipeline.lock:
                if not all(pipeline.take_up(heat) for heat in heats):
                    raise self._why(preview)
                state = pipeline.state
                before = heats[1].heat if preview.against else state.heat
                moved = movement(state.who, before, heats[0].heat, now)
                old = preview.against or state.rules
            if not preview.against:
                self._keep(heats.pop(0))
        finally:
            for heat in heats:
                pipeline.forget(heat)
        return {
            "as_of": iso(now),
            "seconds": round(time.monotonic() - began, 3),
            **moved,
            "differences": [
                msgspec.to_builtins(one) for one in rules.differences(old, preview.rules)
            ],
            "unpriced": [
                row for row in currency_use(self._store, preview.rules) if row["rate"] is None
            ],
        }

    def _why(self, preview: Preview) -> Exception:
        """It came to no end: was it asked to stop? Else the state it was made beside is gone."""
        if self._worker.stopped(preview.id):
            return Stopped()
        return Conflict("the pool was rebuilt meanwhile; start the preview again")

    def _keep(self, prepared: Prepared) -> None:
        self._kept = prepared
        self._forgetting = threading.Timer(KEEP_SECONDS, self._expire, [prepared])
        self._forgetting.daemon = True
        self._forgetting.start()

    def _expire(self, prepared: Prepared) -> None:
        with self._working:
            if self._kept is prepared:
                self._forget()

    def _forget(self) -> None:
        if self._forgetting is not None:
            self._forgetting.cancel()
        if self._kept is not None:
            self._pipeline.forget(self._kept)
        self._kept = self._forgetting = None
