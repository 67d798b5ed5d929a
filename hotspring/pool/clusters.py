"""Discovered groups of an open pool: kept, found as jobs, put on people as a tag."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np
import structlog

from hotspring.clusters import Clustering, Pool, clusterings, find, places, words
from hotspring.errors import Conflict, HotspringError
from hotspring.pipeline import Pipeline
from hotspring.pool import cluster_tag
from hotspring.pool.cluster_inputs import Inputs
from hotspring.pool.cluster_words import told
from hotspring.pool.moments import clock
from hotspring.pool.numbers import Ground
from hotspring.pool.shelf import Shelf
from hotspring.pool.tags import Tags
from hotspring.pool.underway import Underway
from hotspring.pool.work import INTERRUPTED, RUNNING, Ended, Worker
from hotspring.rules import Catalogue
from hotspring.store import Store

log = structlog.get_logger("hotspring.clusters")

DAY_MS: Final = 86_400_000
LOOK_SECONDS: Final = 300.0
"""So often it is looked which are a day old."""


class Run(msgspec.Struct):
    """One run: how far it is."""

    id: str
    by: str
    started_ms: int
    state: str = "queued"
    progress: float = 0.0
    error: str = ""
    finished_ms: int | None = None


class Clusters:
    """Keeps clusterings and finds their groups. From any thread."""

    def __init__(
        self, folder: Path, pipeline: Pipeline, store: Store, inputs: Inputs, ground: Ground,
        tags: Tags, decide: Callable[[str, str, str], None],
    ) -> None:  # fmt: skip
        self._pipeline = pipeline
        self._inputs = inputs
        self._ground = ground
        self._tags = tags
        self._shelf = Shelf(store, decide, clusterings())
        ground.vocabulary.also(self._shelf)
        self._underway = Underway(folder, "clustering", Run)
        self._runs = self._underway.left()
        """By clustering; those that a restart ended are told as failed."""
        for run in self._runs.values():
            run.state, run.error = "failed", INTERRUPTED
        self._changing = threading.RLock()
        self._worker = Worker("clustering", "finding groups")
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._daily, name="clusters", daemon=True)

    # --- what is kept ---

    def all(self, language: Any) -> list[dict[str, Any]]:
        """Every clustering, by name."""
        runs, there = self._seen(), self._there()
        book = self._shelf.book()
        return [told(one, runs.get(one.id), there, language) for one in book.listed()]

    def one(self, id_: str, language: Any) -> dict[str, Any]:
        """A clustering by its id. `NotFound` where there is none."""
        runs = self._seen()
        return told(self._shelf.book().one(id_), runs.get(id_), self._there(), language)

    def save(
        self,
        id_: str,
        said: dict[str, Any],
        by: str,
        language: Any,
        version: int | None = None,
    ) -> dict[str, Any]:
        """Keep a clustering, a new one where `id_` is empty; new ones are found at once, and so
        are changed ones. `version` is the one that was looked at.

        Raises `RuleRefused` with every fault, `Changed` where another version stands.
        """
        with self._changing:
            book = self._shelf.book()
            # Before the words of its tag are changed.
            book.unchanged(id_, version)
            old = book.one(id_).said if id_ else None
            own = id_ or self._shelf.new_id("cl")
            names = said.pop("names", None) or {}
            if old is not None:
                said = {**said, "tag": old.tag, "language": old.language}
            given = Clustering.of({"language": language, **said}, own).checked()
            self._ground.checked(
                clock(), own, lambda _: self._inputs.checked(given.traits, self._there())
            )
            same = old is not None and old.asked() == given.asked()
            if old is not None and old.found is not None and same:
                given = msgspec.structs.replace(given, found=old.found.renamed(names))
                cluster_tag.reword(self._tags, old, given, by)
            kept = self._shelf.keep(given, by, self._there())
        if not same:
            self.refresh(kept.id, by, language)
        return self.one(kept.id, language)

    def delete(self, id_: str, by: str) -> str:
        """Forget a clustering; its name. The tag that it gave stays."""
        with self._changing:
            run = self._runs.get(id_)
            if run is not None and run.state in RUNNING:
                self._worker.cancel(run)
            gone = self._shelf.delete(id_, self._there(), by).name
            self._runs.pop(id_, None)
            self._underway.end(id_)
            return gone

    # --- what is found ---

    def refresh(self, id_: str, by: str, language: Any) -> dict[str, Any]:
        """Find the groups anew, beside everything else. `Conflict` while that is under way."""
        self._shelf.book().one(id_)
        with self._changing:
            run = self._runs.get(id_)
            if run is not None and run.state in RUNNING:
                raise Conflict("its groups are being found already")
            run = self._runs[id_] = Run(secrets.token_hex(8), by, clock())
            self._underway.begin(id_, run)
        self._worker.add(
            run.id, lambda: self._find(id_, run), lambda ended: self._end(id_, run, ended)
        )
        return self.one(id_, language)

    def cancel(self, id_: str, language: Any) -> dict[str, Any]:
        """End the run under way; what was found before stays."""
        self._shelf.book().one(id_)
        run = self._runs.get(id_)
        if run is None:
            raise Conflict("its groups are not being found")
        self._worker.cancel(run)
        return self.one(id_, language)

    def tag(self, id_: str, name: str, by: str, language: Any) -> dict[str, Any]:
        """Put who is in which group on the profiles, as a tag that follows every run."""
        with self._changing:
            kept = self._shelf.book().one(id_)
            said = kept.said
            if said.found is None:
                raise Conflict("no groups were found yet")
            if said.tag:
                raise Conflict("its groups are a tag already")
            slots, codes = self._standing(said)
            values = [{"value": one.name} for one in said.found.groups]
            given = {"name": name or said.name, "description": said.description, "values": values}
            made = self._tags.save("", given, by, language)
            self._shelf.keep(msgspec.structs.replace(said, tag=made["id"]), by, self._there())
            self._tags.assign(made["id"], slots, codes, [one["value"] for one in values], by)
        return self.one(id_, language)

    # --- beside the pipeline ---

    def start(self) -> None:
        """Begin to refresh those that are to be fresh each day."""
        self._thread.start()

    def close(self) -> None:
        """End all of it."""
        self._closing.set()
        if self._thread.is_alive():
            self._thread.join()
        self._worker.close()

    def tick(self, now: int) -> None:
        """Refresh those that are to be found each day and are a day old."""
        for kept in self._shelf.book().listed():
            run, found = self._runs.get(kept.id), kept.said.found
            begun = run.started_ms if run and run.error != INTERRUPTED else 0
            last = max(found.at_ms if found else 0, begun)
            if kept.said.daily and now - last >= DAY_MS and self._pipeline.position:
                self.refresh(kept.id, "pool", kept.said.language)

    def _daily(self) -> None:
        while not self._closing.wait(LOOK_SECONDS):
            try:
                self.tick(clock())
            except HotspringError as error:
                log.warning("groups wait", error=str(error))

    # --- inside ---

    def _there(self) -> Catalogue:
        return self._ground.vocabulary.catalogue(clock())

    def _seen(self) -> dict[str, Run]:
        """How the runs stand. To be read before what is kept: a run that is over was kept then."""
        with self._changing:
            return {id_: msgspec.structs.replace(run) for id_, run in self._runs.items()}

    def _find(self, id_: str, run: Run) -> None:
        def tell(share: float) -> None:
            self._worker.check(run.id)
            run.progress = share

        run.state = "running"
        tell(0.0)
        said, there, now = self._shelf.book().one(id_).said, self._there(), clock()
        everybody = self._inputs.read(said.traits, there, now)
        tell(0.3)
        with self._pipeline.lock:
            degrees = self._pipeline.state.heat.degrees(now, everybody.slots)
        before = cluster_tag.standing(self._tags, said, everybody.slots)
        pool = Pool(everybody.inputs, degrees, before)
        labels = [words.label(one, there.title, said.language) for one in said.traits]
        outcome = find(
            said, pool, now,
            lambda facts: words.name(facts, said.traits, labels, said.language),
            lambda: secrets.token_hex(4), lambda share: tell(0.3 + 0.6 * share),
        )  # fmt: skip
        with self._changing:
            tell(0.95)
            current = self._shelf.book().one(id_).said
            if current.asked() != said.asked():
                raise Conflict("it was changed meanwhile; refresh it again")
            found = outcome.found
            if current.found is not None:
                # Who renamed a group while it was found anew is not overruled.
                found = found.renamed({one.id: one.name for one in current.found.groups})
            after = msgspec.structs.replace(current, found=found)
            cluster_tag.follow(self._tags, after, everybody.slots, outcome.codes, run.by)
            self._shelf.keep(after, run.by, self._there())

    def _end(self, id_: str, run: Run, ended: Ended[None]) -> None:
        if ended.error != INTERRUPTED:
            self._underway.end(id_)
        run.error, run.finished_ms = ended.error, clock()
        if ended.state == "done":
            run.progress = 1.0
        run.state = ended.state

    def _standing(self, said: Clustering) -> tuple[np.ndarray, np.ndarray]:
        """Slots, and the place of the group whose centre each is nearest to now."""
        assert said.found is not None
        everybody = self._inputs.read(said.traits, self._there(), clock())
        return everybody.slots, places(said.found, everybody.inputs)
