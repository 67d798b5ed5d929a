"""Rules of temperature learnt from the pool's own past."""

from typing import Annotated, Any, Literal

from fastapi import Path, Query
from fastapi.responses import HTMLResponse
from pydantic import Field

from hotspring.privacy import Permission
from hotspring.web.api.desk import AtDesk, RuleEditor, may
from hotspring.web.api.moments import to_ms
from hotspring.web.api.record_shapes import CalibrationJob, NewCalibration
from hotspring.web.api.rooms import Room
from hotspring.web.api.shapes import Listing

router = Room(prefix="/api", tags=["pool"])
READ = may(Permission.READ_POOL)
DAY_MS = 86_400_000
JobId = Annotated[str, Path(max_length=64, description="Id of the calibration.")]


class Calibrated(Listing[CalibrationJob]):
    """The calibrations there were, and what there is to learn from."""

    first: str | None = Field(description="When the history begins; null where there is none.")
    last: str | None = Field(description="When it ends.")


@router.get("/calibrations", response_model=Calibrated, dependencies=[READ])
def calibrations(desk: AtDesk) -> dict[str, Any]:
    """Which calibrations were there? The latest first."""
    calibrations = desk.pool.calibrations
    return {"items": calibrations.all(), **calibrations.span()}


@router.post("/calibrations", response_model=CalibrationJob, status_code=202)
def start_calibration(desk: AtDesk, by: RuleEditor, body: NewCalibration) -> dict[str, Any]:
    """Learn weights and half-lives from before a cut and test them after it; changes no rule.

    Answers at once, the job goes on.
    """
    cut = to_ms(body.cut, desk.settings.zone)
    horizon = round(body.horizon_days * DAY_MS)
    job = desk.pool.calibrations.start(body.goal, horizon, cut, body.share, by)
    desk.audit.record(by, "calibration.started", str(job["id"]))
    return job


@router.get("/calibrations/{job_id}", response_model=CalibrationJob, dependencies=[READ])
def calibration(desk: AtDesk, job_id: JobId) -> dict[str, Any]:
    """How far is this calibration, and what did it find?"""
    return desk.pool.calibrations.one(job_id)


@router.get(
    "/calibrations/{job_id}/report",
    response_class=HTMLResponse,
    dependencies=[READ],
    responses={200: {"content": {"text/html": {"schema": {"type": "string"}}}}},
)
def calibration_report(
    desk: AtDesk,
    job_id: JobId,
    language: Annotated[Literal["zh", "en"], Query(description="Of the page.")] = "zh",
) -> HTMLResponse:
    """What it found, as one page with plots that loads nothing."""
    page = desk.pool.calibrations.report(job_id, language)
    # Names of events come from outside: whatever they hold, nothing of the page may run.
    policy = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return HTMLResponse(page, headers={"Content-Security-Policy": policy})


@router.post("/calibrations/{job_id}/cancel", response_model=CalibrationJob)
def cancel_calibration(desk: AtDesk, by: RuleEditor, job_id: JobId) -> dict[str, Any]:
    """Stop this calibration."""
    job = desk.pool.calibrations.cancel(job_id)
    desk.audit.record(by, "calibration.cancelled", job_id)
    return job


@router.post("/calibrations/{job_id}/accept", response_model=CalibrationJob)
def accept_calibration(desk: AtDesk, by: RuleEditor, job_id: JobId) -> dict[str, Any]:
    """Make the rules it found the rules from now on, as a new version; all temperatures follow."""
    job = desk.pool.calibrations.accept(job_id, by)
    desk.audit.record(by, "rules.changed", str(job["accepted"]), calibration=job_id)
    return job
