"""What comes in by file."""

import re
import secrets
import zoneinfo
from pathlib import Path
from typing import Annotated, Any, Literal

import anyio
from fastapi import Path as PathParameter
from fastapi import Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import FileResponse

from hotspring.errors import BadRequest, FolderError
from hotspring.privacy import Permission
from hotspring.web.api.desk import AtDesk, Desk, Importer, QuarantineReader, may
from hotspring.web.api.record_shapes import ImportJob
from hotspring.web.api.rooms import Room
from hotspring.web.api.shapes import Listing

router = Room(prefix="/api", tags=["intake"])
READ_IMPORTS = may(Permission.READ_IMPORTS)
JobId = Annotated[str, PathParameter(max_length=64, description="Id of the import.")]
FILE_NAME = re.compile(r"[^/\\\x00-\x1f]{1,255}")
FILE_BODY = {
    "requestBody": {
        "required": True,
        "description": "The file itself: CSV, Excel, Parquet or JSON Lines, also gzipped.",
        "content": {"application/octet-stream": {"schema": {"type": "string"}}},
    }
}


@router.get("/imports", response_model=Listing[ImportJob], dependencies=[READ_IMPORTS])
def imports(desk: AtDesk) -> dict[str, Any]:
    """Which files were imported? The latest first."""
    return {"items": desk.pool.imports()}


@router.post(
    "/imports",
    response_model=ImportJob,
    status_code=202,
    openapi_extra=FILE_BODY,
)
async def start_import(
    request: Request,
    desk: AtDesk,
    by: Importer,
    preset: Annotated[
        Literal["orders", "events", "profiles"], Query(description="What the rows are.")
    ],
    name: Annotated[str, Query(max_length=255, description="Name of the file.")],
    tz: Annotated[
        str, Query(max_length=64, description="Zone of times without one; else the pool's.")
    ] = "",
    dry_run: Annotated[bool, Query(description="Read and report, change nothing.")] = False,
    mapping: Annotated[
        str, Query(alias="map", max_length=8_000, description="FIELD=COLUMN, separated by commas.")
    ] = "",
    source: Annotated[str, Query(max_length=64, description="Source of the events.")] = "import",
    sheet: Annotated[str, Query(max_length=255, description="Of a workbook; else the first.")] = "",
    drop_duplicates: Annotated[bool, Query(description="Leave out exact repeats.")] = False,
) -> dict[str, Any]:
    """Import the file in the body; answers at once, the job goes on."""
    checked_name(name)
    options = {
        "preset": preset,
        "name": name,
        "source": source,
        "map": _mapping(mapping),
        "tz": checked_zone(tz),
        "sheet": sheet,
        "drop_duplicates": drop_duplicates,
        "dry_run": dry_run,
    }
    path = await received(request, desk, name)
    try:
        job = await run_in_threadpool(desk.pool.start_import, path, options, by)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    await run_in_threadpool(
        desk.audit.record, by, "import.started", str(job["id"]), preset=preset, dry_run=dry_run
    )
    return job


@router.get("/imports/{job_id}", response_model=ImportJob, dependencies=[READ_IMPORTS])
def import_job(desk: AtDesk, job_id: JobId) -> dict[str, Any]:
    """How far is this import, and what did it find?"""
    return desk.pool.import_job(job_id)


@router.post("/imports/{job_id}/cancel", response_model=ImportJob)
def cancel_import(desk: AtDesk, by: Importer, job_id: JobId) -> dict[str, Any]:
    """Stop this import; what it brought in until now stays."""
    job = desk.pool.cancel_import(job_id)
    desk.audit.record(by, "import.cancelled", job_id)
    return job


@router.get(
    "/imports/{job_id}/rejects",
    response_class=Response,
    responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}}},
)
def import_rejects(desk: AtDesk, by: QuarantineReader, job_id: JobId) -> Response:
    """The rows that were not imported, each with its reason, as CSV."""
    path = desk.pool.import_rejects(job_id)
    desk.audit.record(by, "quarantine.read", job_id)
    return FileResponse(path, media_type="text/csv", filename=f"rejects-{job_id}.csv")


def checked_name(name: str) -> None:
    """Raise where this is no name of a file."""
    if not FILE_NAME.fullmatch(name):
        raise BadRequest("`name` is the name of the file, without its folder")


async def received(request: Request, desk: Desk, name: str) -> Path:
    """Write the body to disk as it comes: memory does not grow with the file."""
    desk.uploads.mkdir(parents=True, exist_ok=True, mode=0o700)
    # The suffixes tell the format; the rest of the name is not ours to trust.
    suffixes = "".join(re.findall(r"\.[A-Za-z0-9]{1,8}", name)[-2:])
    path = desk.uploads / f"{secrets.token_hex(8)}{suffixes}"
    try:
        async with await anyio.open_file(path, "wb") as out:
            async for chunk in request.stream():
                await out.write(chunk)
            size = await out.tell()
        if not size:
            raise BadRequest("the body is the file, and it is empty")
    except OSError as error:
        path.unlink(missing_ok=True)
        raise FolderError(f"the file cannot be kept: {error.strerror}") from error
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return path


def checked_zone(tz: str) -> str:
    """The zone as it was named; raises where there is none of this name."""
    try:
        if tz:
            zoneinfo.ZoneInfo(tz)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise BadRequest("`tz` is not known; write an IANA name such as Asia/Shanghai") from error
    return tz


def _mapping(text: str) -> dict[str, str]:
    pairs = {}
    for part in filter(None, text.split(",")):
        field, mark, column = part.partition("=")
        if not mark or not field.strip() or not column.strip():
            raise BadRequest("write `map` as FIELD=COLUMN, separated by commas")
        pairs[field.strip()] = column.strip()
    return pairs
