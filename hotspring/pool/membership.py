"""Who is in which segment, kept current beside the pipeline."""

from __future__ import annotations

import threading
from typing import Final, Literal, NamedTuple

import numpy as np
import structlog

from hotspring.errors import HotspringError, RuleRefused
from hotspring.pipeline import Pipeline
from hotspring.pool.asking import Asking
from hotspring.pool.moments import clock
from hotspring.pool.segment_shelf import Shelf
from hotspring.pool.vocabulary import Vocabulary
from hotspring.rules import Question, read
from hotspring.segments import Kept

log = structlog.get_logger("hotspring.segments")

TICK: Final = 2.0
AGAIN_MS: Final = 30_000
"""So often a segment is counted anew, where anything came."""


class Counted(NamedTuple):
    """How a segment stands."""

    slots: np.ndarray
    """int32: who is in it."""
    at_ms: int
    state: Literal["counting", "current", "failed"]
    problem: str | None = None
    ruled: int = 0
    position: int = -1


class Membership:
    """Counts every segment of an open pool. From any thread."""

    def __init__(
        self, pipeline: Pipeline, shelf: Shelf, vocabulary: Vocabulary, asking: Asking
    ) -> None:
        self._pipeline = pipeline
        self._shelf = shelf
        self._vocabulary = vocabulary
        self._asking = asking
        self._lock = threading.Lock()
        self._counted: dict[str, Counted] = {}
        self._wake, self._closing = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="segments", daemon=True)

    def of(self, kept: Kept) -> Counted | None:
        """How does this segment stand? None where it was not counted yet."""
        with self._lock:
            found = self._counted.get(kept.id)
        return found if found is not None and found.ruled == kept.ruled else None

    def start(self) -> None:
        """Begin to keep segments current."""
        self._thread.start()

    def hurry(self) -> None:
        """Something was decided about segments."""
        self._wake.set()

    def close(self) -> None:
        """End all of it."""
        self._closing.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join()

    def tick(self, now: int) -> None:
        """Count what is due."""
        book = self._shelf.book()
        with self._lock:
            self._counted = {one: it for one, it in self._counted.items() if one in book.kept}
        for kept in book.listed():
            before = self.of(kept)
            at = self._pipeline.position
            if before is not None and (before.position == at or now - before.at_ms < AGAIN_MS):
                continue
            if self._closing.is_set():
                return
            found = self._count(kept, now)._replace(ruled=kept.ruled, position=at)
            with self._lock:
                self._counted[kept.id] = found

    def _count(self, kept: Kept, now: int) -> Counted:
        catalogue = self._shelf.into(self._vocabulary.catalogue(now))
        try:
            rule = read(kept.written, catalogue, kept.id)
            return Counted(self._asking.slots(Question(rule, catalogue, now)), now, "current")
        except RuleRefused as refused:
            return Counted(np.empty(0, np.int32), now, "failed", str(refused))

    def _run(self) -> None:
        while not self._closing.is_set():
            try:
                self.tick(clock())
            except HotspringError as error:
                log.warning("segments wait", error=str(error))
            self._wake.wait(TICK)
            self._wake.clear()
