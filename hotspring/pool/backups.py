"""Backups as jobs: one at a time, beside everything else."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any, Final

import msgspec

from hotspring.backup import Backup, Maker, kept
from hotspring.errors import BadRequest, HotspringError, NotFound
from hotspring.pool.moments import clock, iso
from hotspring.pool.work import Ended, Worker, told
from hotspring.settings import Settings

REMEMBERED: Final = 100
HERE: Final = "local"
"""The actor of commands on this machine."""


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
        self._worker = Worker("backup", "copying")

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
        job = Job(uuid.uuid4().hex, chosen, by, clock())
        self._jobs[job.id] = job
        for old in list(self._jobs)[:-REMEMBERED]:
            del self._jobs[old]
        kept = self._settings.backup_keep if keep is None else keep
        self._worker.add(job.id, lambda: self._made(job, kept), lambda ended: self._end(job, ended))
        return _told(job)

    def all(self) -> list[dict[str, Any]]:
        """The backups asked for, the latest first."""
        return [_told(job) for job in reversed(list(self._jobs.values()))]

    def shelf(self) -> dict[str, Any]:
        """What lies in the folder of backups that the settings name, the newest first."""
        folder = self._settings.backup_folder
        return {
            "folder": folder,
            "keep": self._settings.backup_keep,
            "items": [
                {
                    "name": name,
                    "readable": backup is not None,
                    "at": None if backup is None else iso(backup.at_ms),
                    "position": None if backup is None else backup.position,
                    "bytes": None if backup is None else _size(backup),
                    "version": None if backup is None else backup.version,
                }
                for name, backup in (kept(Path(folder)) if folder else [])
            ],
        }

    def one(self, job_id: str) -> dict[str, Any]:
        return _told(self._job(job_id))

    def cancel(self, job_id: str) -> dict[str, Any]:
        """End a backup; what it wrote is used by the next."""
        job = self._job(job_id)
        self._worker.cancel(job)
        return _told(job)

    def close(self) -> None:
        """End the backup under way."""
        self._worker.close()

    def _job(self, job_id: str) -> Job:
        if job_id not in self._jobs:
            raise NotFound(f"no backup {job_id!r} since the server was started")
        return self._jobs[job_id]

    def _made(self, job: Job, keep: int) -> dict[str, Any]:
        def progress(share: float) -> None:
            self._worker.check(job.id)
            job.progress = share

        progress(0.0)
        job.state = "running"
        try:
            return self._maker.make(Path(job.target), keep, progress)
        except OSError as error:
            # The disk is full, or the folder is not ours to write: the admin is told which.
            raise HotspringError(str(error)) from error

    def _end(self, job: Job, ended: Ended[dict[str, Any]]) -> None:
        job.report = {"error": ended.error} if ended.error else ended.result or {}
        if ended.state == "done":
            job.progress = 1.0
        job.finished_ms = clock()
        job.state = ended.state


def _size(backup: Backup) -> int:
    return sum(file.size for file in backup.files.values())


def _told(job: Job) -> dict[str, Any]:
    return told(job, target=job.target, report=job.report)
