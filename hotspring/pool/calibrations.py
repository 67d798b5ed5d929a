"""Calibrations as jobs: one at a time, beside everything else; what they found is kept."""

from __future__ import annotations

import contextlib
import uuid
from pathlib import Path
from typing import Any, Final, Literal

import msgspec

from hotspring import durable
from hotspring.calibration import Calibration, Question, calibrate_apart, report
from hotspring.errors import BadRequest, Conflict, NotFound
from hotspring.pipeline import Pipeline
from hotspring.pool.learning import Past
from hotspring.pool.moments import clock, iso
from hotspring.pool.rulebook import Rulebook
from hotspring.pool.work import INTERRUPTED, RUNNING, Ended, Worker, told
from hotspring.store import Store

DAY_MS: Final = 86_400_000
REMEMBERED: Final = 50
FOLDER: Final = "calibrations"
DEEDS: Final = "('track', 'page', 'screen')"
"""Types of events that somebody did something by."""


class Job(msgspec.Struct):
    """One calibration: what was asked, how far it is and what it found."""

    id: str
    question: Question
    by: str
    started_ms: int
    state: str = "queued"
    progress: float = 0.0
    error: str = ""
    result: Calibration | None = None
    finished_ms: int | None = None
    accepted: int | None = None
    """The version of the rules that came of it."""


class Calibrations:
    """The calibrations of one pool. They hold counts and rules, nobody's data."""

    def __init__(self, folder: Path, pipeline: Pipeline, store: Store, rulebook: Rulebook) -> None:
        self._folder = folder / FOLDER
        self._pipeline = pipeline
        self._store = store
        self._rulebook = rulebook
        self._jobs = {job.id: _ended(job) for job in self._kept()}
        self._worker = Worker("calibration", "learning")

    def start(self, goal: str, horizon_ms: int, cut: int, share: float, by: str) -> dict[str, Any]:
        """Queue a calibration, its cut in ms; the job as it stands. It changes no rule.

        Raises `BadRequest` for an event nobody did, `HistoryTooThin` where the history does not
        reach far enough before or after the cut.
        """
        question = Question(goal, horizon_ms, cut, share)
        self.check(question)
        job = Job(uuid.uuid4().hex, question, by, clock())
        self._jobs[job.id] = job
        self._keep(job)
        self._worker.add(job.id, lambda: self._learn(job), lambda ended: self._end(job, ended))
        return _told(job)

    def all(self) -> list[dict[str, Any]]:
        """The calibrations there were, the latest first, without what they found."""
        jobs = sorted(self._jobs.values(), key=lambda job: -job.started_ms)
        return [{**_told(job), "result": None} for job in jobs]

    def span(self) -> dict[str, str | None]:
        """From when to when does the history reach? None where there is none."""
        first, last = self.reach()
        return {"first": iso(first), "last": iso(last)}

    def one(self, job_id: str) -> dict[str, Any]:
        return _told(self._job(job_id))

    def cancel(self, job_id: str) -> dict[str, Any]:
        """End a calibration; nothing was changed by it."""
        job = self._job(job_id)
        self._worker.cancel(job)
        return _told(job)

    def report(self, job_id: str, language: Literal["zh", "en"]) -> str:
        """What a calibration found, as a page for people."""
        job = self._job(job_id)
        if job.result is None:
            raise Conflict(f"this calibration is {job.state}: there is nothing to report")
        made = job.finished_ms or job.started_ms
        return report(job.result, language, self._pipeline.settings.zone, made)

    def accept(self, job_id: str, by: str) -> dict[str, Any]:
        """Make the rules that a calibration found the rules in force."""
        job = self._job(job_id)
        if job.result is None:
            raise Conflict(f"this calibration is {job.state}: there is nothing to accept")
        job.accepted = self._rulebook.put(msgspec.to_builtins(job.result.rules), by)["version"]
        self._keep(job)
        return _told(job)

    def close(self) -> None:
        """End the calibration under way."""
        self._worker.close()

    def _job(self, job_id: str) -> Job:
        if job_id not in self._jobs:
            raise NotFound(f"there is no calibration {job_id!r}")
        return self._jobs[job_id]

    def check(self, question: Question) -> None:
        """Can this be learnt from the history there is? Raises `BadRequest` for an event nobody
        did, `HistoryTooThin` where the history does not reach far enough."""
        first, last = self.reach()
        goals = self._store.query(
            f"SELECT 1 FROM events WHERE name = ? AND type IN {DEEDS} LIMIT 1", [question.goal]
        )
        if first is None or last is None or not len(goals):
            often = self._store.query(
                f"SELECT name FROM events WHERE type IN {DEEDS} "
                "GROUP BY name ORDER BY count(*) DESC, name LIMIT 8"
            )
            names = ", ".join(often.column("name").to_pylist())
            raise BadRequest(
                f"nobody ever did {question.goal!r}; "
                + (f"the most frequent events are: {names}" if names else "there are no events yet")
            )
        question.check_span(first, last)

    def reach(self) -> tuple[int | None, int | None]:
        """The moments (ms) of the first and the last deed there is."""
        told = self._store.query(
            f"SELECT min(ms) AS first, max(ms) AS last FROM events WHERE type IN {DEEDS}"
        ).to_pylist()[0]
        return told["first"], told["last"]

    def _learn(self, job: Job) -> Calibration:
        def tell(share: float) -> None:
            self._worker.check(job.id)
            job.progress = share

        tell(0.0)
        job.state = "running"
        past = Past(self._pipeline, job.question)
        history = past.read(lambda share: tell(0.3 * share))
        zone = self._pipeline.settings.zone
        return calibrate_apart(
            history, job.question, past.rules, zone, lambda share: tell(0.3 + 0.7 * share)
        )

    def _end(self, job: Job, ended: Ended[Calibration]) -> None:
        job.result, job.error = ended.result, ended.error
        if ended.state == "done":
            job.progress = 1.0
        job.finished_ms = clock()
        job.state = ended.state
        self._keep(job)

    def _keep(self, job: Job) -> None:
        # A full disk loses the record, not the answer: the job stays in memory.
        with contextlib.suppress(OSError):
            self._folder.mkdir(mode=0o700, exist_ok=True)
            durable.put(self._folder / f"{job.id}.json", msgspec.json.encode(job))
            for old in sorted(self._kept(), key=lambda kept: kept.started_ms)[:-REMEMBERED]:
                (self._folder / f"{old.id}.json").unlink(missing_ok=True)
                self._jobs.pop(old.id, None)

    def _kept(self) -> list[Job]:
        found = []
        for file in self._folder.glob("*.json"):
            # What another version wrote and this one cannot read is not worth failing for.
            with contextlib.suppress(msgspec.DecodeError, OSError):
                found.append(msgspec.json.decode(file.read_bytes(), type=Job))
        return found


def _ended(job: Job) -> Job:
    """A job of another process: what was under way there has ended."""
    if job.state in RUNNING:
        job.state, job.error = "failed", INTERRUPTED
    return job


def _told(job: Job) -> dict[str, Any]:
    question = job.question
    return told(
        job,
        goal=question.goal,
        horizon_days=question.horizon_ms / DAY_MS,
        cut=iso(question.cut),
        share=question.share,
        error=job.error,
        result=_shown(job.result) if job.result else None,
        accepted=job.accepted,
    )


def _shown(found: Calibration) -> dict[str, Any]:
    moments = {"cut": iso(found.cut), "learnt_at": iso(found.learnt_at)}
    return {**msgspec.to_builtins(found), **moments}
