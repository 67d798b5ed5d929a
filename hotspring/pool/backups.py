"""Backups as jobs: one at a time, beside everything else."""

from __future__ import annotations

import contextlib
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

import msgspec
import structlog

from hotspring.backup import Maker
from hotspring.errors import BadRequest, Conflict, HotspringError, NotFound
from hotspring.pool.moments import iso
from hotspring.settings import Settings

log = structlog.get_logger("hotspring.backup")

RUNNING: Final = ("queued", "running")
REMEMBERED: Final = 100
HERE: Final = "local"
"""The actor of commands on this machine."""


class _Cancelled(Exception):
    """Somebody wants the backup to end."""


class Job(msgspec.Struct):
    """One backup, how far it is and what it made."""

    id: str
    target: str
    by: str
    started_ms: int
    state: str = "queued"
    progress: float = 0.0
    report: dict[str, Any] = {}
    finished_ms: int | None = None


class Backups:
    """The backups that one open pool was asked for since it was opened."""

    def __init__(self, maker: Maker, settings: Settings) -> None:
        self._maker = maker
        self._settings = settings
        self._jobs: dict[str, Job] = {}
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="backup")
        self._cancelled: set[str] = set()
        self._closing = threading.Event()

    def start(self, target: str | None, keep: int | None, by: str) -> dict[str, Any]:
        """Queue a backup into the folder `target`, else into that of the settings."""
        usual = self._settings.backup_folder
        chosen = usual if target is None else target
        if not chosen:
            raise BadRequest("say into which folder, or name one in the setting backup_folder")
        if not Path(chosen).is_absolute():
            raise BadRequest("write the whole path of the folder, from the root on")
        if by != HERE and chosen != usual:
            raise BadRequest(
                "with a token, backups go to the folder that the setting backup_folder names; "
                "other folders are for the command on the machine itself"
            )
        job = Job(uuid.uuid4().hex, chosen, by, _now())
        self._jobs[job.id] = job
        for old in list(self._jobs)[:-REMEMBERED]:
            del self._jobs[old]
        kept = self._settings.backup_keep if keep is None else keep
        self._worker.submit(self._run, job, kept)
        return _told(job)

    def all(self) -> list[dict[str, Any]]:
        """The backups asked for, the latest first."""
        return [_told(job) for job in reversed(list(self._jobs.values()))]

    def one(self, job_id: str) -> dict[str, Any]:
        return _told(self._job(job_id))

    def cancel(self, job_id: str) -> dict[str, Any]:
        """End a backup; what it wrote is used by the next."""
        job = self._job(job_id)
        if job.state not in RUNNING:
            raise Conflict(f"this backup is {job.state} already")
        self._cancelled.add(job_id)
        return _told(job)

    def close(self) -> None:
        """End the backup under way."""
        self._closing.set()
        self._worker.shutdown(wait=True)

    def _job(self, job_id: str) -> Job:
        if job_id not in self._jobs:
            raise NotFound(f"no backup {job_id!r} since the server was started")
        return self._jobs[job_id]

    def _run(self, job: Job, keep: int) -> None:
        def progress(share: float) -> None:
            if job.id in self._cancelled or self._closing.is_set():
                raise _Cancelled
            job.progress = share

        state, report = "failed", {}
        try:
            progress(0.0)
            job.state = "running"
            report = self._maker.make(Path(job.target), keep, progress)
            state, job.progress = "done", 1.0
        except _Cancelled:
            state = "cancelled"
        except (HotspringError, OSError) as error:
            report = {"error": str(error)}
        except Exception as error:
            log.exception("a backup failed", job=job.id)
            report = {"error": f"{type(error).__name__} while copying"}
        with contextlib.suppress(KeyError):
            self._cancelled.remove(job.id)
        job.report, job.finished_ms = report, _now()
        job.state = state


def _told(job: Job) -> dict[str, Any]:
    return {
        "id": job.id,
        "state": job.state,
        "progress": round(job.progress, 4),
        "target": job.target,
        "report": job.report,
        "started_at": iso(job.started_ms),
        "finished_at": iso(job.finished_ms),
        "by": job.by,
    }


def _now() -> int:
    return time.time_ns() // 1_000_000
