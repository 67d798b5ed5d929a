"""The search for people to merge, as a job that runs beside everything else."""

from __future__ import annotations

import time
import uuid
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np
import pyarrow as pa

from hotspring.engine import engine
from hotspring.errors import BadRequest, Conflict, NotFound
from hotspring.matching import Found, by_probability, by_rules, installed
from hotspring.pipeline import Pipeline
from hotspring.pool.kept import METHODS, SCHEMA, Kept, Run
from hotspring.pool.moments import clock
from hotspring.pool.people import People, people
from hotspring.pool.work import RUNNING, Ended, Worker, told

MOST_KEPT: Final = 200_000
"""Of one run, those with the highest score."""
TIED: Final = "tied"
TIED_SCORE: Final = 0.9
PASSES: Final = {"rules": by_rules, "probability": by_probability}


class Matching:
    """The runs of one pool, one after the other."""

    def __init__(self, folder: Path, pipeline: Pipeline, kept: Kept) -> None:
        self._folder = folder
        self._pipeline = pipeline
        self._kept = kept
        self._worker = Worker("search", "matching")
        for run in kept.runs():
            if run.state in RUNNING:
                self._end(run, Ended("failed", error="the server stopped; start the run again"))

    def start(self, method: str, by: str) -> dict[str, Any]:
        """Queue a run; how it stands. `NotInstalled` where its library is missing."""
        if method not in METHODS:
            raise BadRequest(f"method is one of {', '.join(METHODS)}")
        if method == "probability":
            installed()
        if any(run.method == method and run.state in RUNNING for run in self._kept.runs()):
            raise Conflict(f"a run by {method} is under way; wait for it or cancel it")
        run = Run(uuid.uuid4().hex, method, "queued", 0.0, {}, clock(), None, by)
        self._kept.note(run)
        self._worker.add(run.id, lambda: self._search(run), lambda ended: self._end(run, ended))
        return described(run)

    def one(self, run_id: str) -> dict[str, Any]:
        return described(self._found(run_id))

    def cancel(self, run_id: str) -> dict[str, Any]:
        """End a run. What was suggested before stays."""
        run = self._found(run_id)
        self._worker.cancel(run)
        return described(run)

    def close(self) -> None:
        """Stop what runs."""
        self._worker.close()

    def _found(self, run_id: str) -> Run:
        run = self._kept.run(run_id)
        if run is None:
            raise NotFound(f"no run {run_id}")
        return run

    def _search(self, run: Run) -> dict[str, Any]:
        began = time.monotonic()
        self._tell(run, 0.0)
        now = clock()
        found = people(self._pipeline, now)
        self._tell(run, 0.1)
        # Beyond this it goes on on disk: the pool beside it needs its memory.
        with engine(threads=1, memory_limit="2GB") as asked:
            asked.execute(f"SET temp_directory='{self._folder / 'temporary'}'")
            with self._worker.interruptible(run.id, asked.interrupt):
                result = PASSES[run.method](
                    asked, found.told, lambda part: self._tell(run, 0.1 + 0.85 * part)
                )
        rows, report = self._kept_rows(run.method, found, result, now)
        self._tell(run, 0.99)
        self._kept.replace(run.method, rows)
        return {**report, "seconds": round(time.monotonic() - began, 3)}

    def _kept_rows(
        self, method: str, found: People, result: Found, now: int
    ) -> tuple[pa.Table, dict[str, Any]]:
        """What is kept of a result: pairs of identifiers that stand for their profiles."""
        pairs = result.pairs.slice(0, MOST_KEPT)
        slots = np.stack([pairs.column(name).to_numpy() for name in ("a", "b")], axis=1)
        ends = found.names[slots]
        score, evidence = pairs.column("score").to_pylist(), pairs.column("evidence").to_pylist()
        known = (ends >= 0).all(axis=1)
        rows = {
            (int(slots[at, 0]), int(slots[at, 1])): (ends[at].tolist(), score[at], evidence[at])
            for at in np.flatnonzero(known).tolist()
        }
        if method == "rules":
            self._add_tied(rows, found, now)
        with self._pipeline.lock:
            who = self._pipeline.state.who
            kept = np.array([row[0] for row in rows.values()], np.int32).reshape(-1, 2)
            ids = who.pair_names(kept)
        columns = [
            pa.array(ids), pa.array(kept[:, 0]), pa.array(kept[:, 1]),
            pa.array([row[1] for row in rows.values()], pa.float64()),
            pa.array([row[2] for row in rows.values()], pa.list_(pa.string())),
            pa.array(np.full(len(ids), now)),
        ]  # fmt: skip
        left_out = result.pairs.num_rows - pairs.num_rows
        report = {**result.report, "suggested": len(ids), "left_out": left_out}
        return pa.Table.from_arrays(columns, schema=SCHEMA), report

    def _add_tied(self, rows: dict[tuple[int, int], Any], found: People, now: int) -> None:
        """Add what events named together and identity did not join, where it may be joined."""
        with self._pipeline.lock:
            who = self._pipeline.state.who
            moments = np.full(len(found.tied), now)
            a, b = (who.profile_of(found.tied[:, end], moments) for end in (0, 1))
            may = (a != b) & ~(who.has_account(a) & who.has_account(b))
        for ends, x, y in zip(
            found.tied[may].tolist(), a[may].tolist(), b[may].tolist(), strict=True
        ):
            pair = (min(x, y), max(x, y))
            known = rows.get(pair)
            evidence = [TIED, *known[2]] if known and TIED not in known[2] else [TIED]
            rows[pair] = (ends, max(TIED_SCORE, known[1] if known else 0.0), evidence)

    def _tell(self, run: Run, progress: float) -> None:
        self._worker.check(run.id)
        step = msgspec.structs.replace(run, state="running", progress=progress)
        self._kept.note(step, durable=progress == 0.0)

    def _end(self, run: Run, ended: Ended[dict[str, Any]]) -> None:
        done = ended.state == "done"
        self._kept.note(
            msgspec.structs.replace(
                run,
                state=ended.state,
                progress=1.0 if done else (self._kept.run(run.id) or run).progress,
                report={"error": ended.error} if ended.error else ended.result or {},
                finished_ms=clock(),
            )
        )


def described(run: Run) -> dict[str, Any]:
    """A run as it is answered."""
    return told(run, method=run.method, report=run.report)
