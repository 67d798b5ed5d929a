"""Files that are looked at before they are imported: sent once, corrected, tried, run."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, Field

from hotspring.web.api.desk import AtDesk, Importer
from hotspring.web.api.intake import FILE_BODY, checked_name, checked_zone, received
from hotspring.web.api.record_shapes import ImportJob
from hotspring.web.api.shapes import Shape

router = APIRouter(prefix="/api/imports/files", tags=["intake"])
FileId = Annotated[str, Path(max_length=64, description="Id of the file that waits.")]
Presets = Literal["orders", "events", "profiles"]


class Reading(BaseModel):
    """How the file is to be read."""

    preset: Presets | None = Field(
        default=None, description="What the rows are; null for what fits best."
    )
    map: dict[str, str] = Field(
        default_factory=dict,
        max_length=200,
        description="Field to column, where the guess is wrong; `=VALUE` is the same for all rows, "
        "an empty text leaves the field without a column.",
    )
    tz: str = Field(default="", max_length=64, description="Zone of times without one.")
    sheet: str = Field(default="", max_length=255, description="Of a workbook; else the first.")


class Running(Reading):
    """How the file is to be imported."""

    preset: Presets = Field(description="What the rows are.")
    source: str = Field(default="import", max_length=64, description="Source of the events.")
    drop_duplicates: bool = Field(default=False, description="Leave out exact repeats.")
    dry_run: bool = Field(
        default=False, description="Read all and report, change nothing; the file goes on waiting."
    )


class Mapped(BaseModel):
    """One field and where it is taken from."""

    field: str
    meaning: str
    column: str
    how: Literal["guessed", "given", "constant", "missing"]


class StagedFile(Shape):
    """A file that waits, and how it would be imported."""

    file: str = Field(description="Its id.")
    name: str
    size: int
    format: str
    sheets: list[str]
    preset: str
    fits: list[str] = Field(description="Presets that find all they need; the likeliest first.")
    columns: list[str]
    rows: list[dict[str, Any]] = Field(description="The first ones, as they stand there.")
    mapping: list[Mapped]
    lacks: list[str] = Field(description="Fields without which it cannot be imported like this.")
    without: list[str] = Field(
        description="What no column tells and is missed: `amount` (nothing is warmed by money), "
        "`place` (nobody of it comes onto the map)."
    )
    identifiers: list[str] = Field(
        description="Fields that say who it is; without any, every row is rejected."
    )


@router.post("", response_model=StagedFile, status_code=201, openapi_extra=FILE_BODY)
async def stage(
    request: Request,
    desk: AtDesk,
    by: Importer,
    name: Annotated[str, Query(max_length=255, description="Name of the file.")],
) -> dict[str, Any]:
    """Send a file to look at; it waits for a day at most, and nothing is imported yet."""
    checked_name(name)
    path = await received(request, desk, name)
    try:
        return await run_in_threadpool(desk.pool.stage, path, name)
    finally:
        path.unlink(missing_ok=True)


@router.post("/{file_id}/look", response_model=StagedFile)
def look(desk: AtDesk, by: Importer, file_id: FileId, body: Reading) -> dict[str, Any]:
    """How would this file be imported, with this mapping?"""
    return desk.pool.staged(file_id, _options(body))


@router.post("/{file_id}/run", response_model=ImportJob, status_code=202)
def run_staged(desk: AtDesk, by: Importer, file_id: FileId, body: Running) -> dict[str, Any]:
    """Import this file, or try it; answers at once, the job goes on."""
    options = _options(body) | {
        "source": body.source, "drop_duplicates": body.drop_duplicates, "dry_run": body.dry_run,
    }  # fmt: skip
    job = desk.pool.import_staged(file_id, options, by)
    desk.audit.record(
        by, "import.started", str(job["id"]), preset=body.preset, dry_run=body.dry_run
    )
    return job


@router.delete("/{file_id}", status_code=204)
def drop_staged(desk: AtDesk, by: Importer, file_id: FileId) -> None:
    """Remove a file that waits."""
    desk.pool.drop_staged(file_id)


def _options(body: Reading) -> dict[str, Any]:
    return {
        "preset": body.preset or "",
        "map": body.map,
        "tz": checked_zone(body.tz),
        "sheet": body.sheet,
    }
