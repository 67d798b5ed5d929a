"""Backups: made on this machine, asked for by an admin."""

from typing import Annotated, Any

from fastapi import Path

from hotspring.privacy import Permission
from hotspring.web.api.desk import AtDesk, Operator, may
from hotspring.web.api.record_shapes import BackupJob, BackupShelf, NewBackup
from hotspring.web.api.rooms import Room
from hotspring.web.api.shapes import Listing

router = Room(prefix="/api", tags=["backups"])
OPERATE = may(Permission.OPERATE)
JobId = Annotated[str, Path(max_length=64, description="Id of the backup.")]


@router.get("/backups", response_model=Listing[BackupJob], dependencies=[OPERATE])
def backups(desk: AtDesk) -> dict[str, Any]:
    """Which backups were asked for since the server was started? The latest first."""
    return {"items": desk.pool.backups()}


@router.post("/backups", response_model=BackupJob, status_code=202)
def start_backup(desk: AtDesk, by: Operator, body: NewBackup) -> dict[str, Any]:
    """Make a backup; answers at once, the job goes on."""
    job = desk.pool.start_backup(body.target, body.keep, by)
    desk.audit.record(by, "folder.backed_up", str(job["id"]), target=job["target"])
    return job


@router.get("/backups/shelf", response_model=BackupShelf, dependencies=[OPERATE])
def backup_shelf(desk: AtDesk) -> dict[str, Any]:
    """Which backups lie in the folder that the settings name? The newest first."""
    return desk.pool.backup_shelf()


@router.get("/backups/{job_id}", response_model=BackupJob, dependencies=[OPERATE])
def backup_job(desk: AtDesk, job_id: JobId) -> dict[str, Any]:
    """How far is this backup, and what did it make?"""
    return desk.pool.backup_job(job_id)


@router.post("/backups/{job_id}/cancel", response_model=BackupJob)
def cancel_backup(desk: AtDesk, by: Operator, job_id: JobId) -> dict[str, Any]:
    """Stop this backup; what it wrote is used by the next."""
    job = desk.pool.cancel_backup(job_id)
    desk.audit.record(by, "folder.backup_cancelled", job_id)
    return job
