"""Profiles as a file: streamed, page by page, so that memory does not grow with the pool."""

import csv
import io
from collections.abc import Iterator
from typing import Annotated, Any, Literal

import msgspec
from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from hotspring.web.api.desk import AtDesk, Exporter
from hotspring.web.api.shapes import Band

router = APIRouter(prefix="/api", tags=["profiles"])
COLUMNS = ("id", "temperature", "band", "known", "as_of", "identifiers", "traits")
MEDIA = {"csv": "text/csv; charset=utf-8", "jsonl": "application/x-ndjson"}


@router.get(
    "/export/profiles",
    response_class=StreamingResponse,
    responses={200: {"content": {kind: {"schema": {"type": "string"}} for kind in MEDIA.values()}}},
)
def export_profiles(
    desk: AtDesk,
    by: Exporter,
    form: Annotated[
        Literal["csv", "jsonl"], Query(alias="format", description="CSV or JSON Lines.")
    ] = "csv",
    band: Annotated[Band | None, Query(description="Only profiles in this band.")] = None,
) -> StreamingResponse:
    """All profiles with their identifiers and traits."""
    desk.audit.record(by, "profile.exported", form, band=band)
    pages = desk.pool.export(band)
    rows = _csv(pages) if form == "csv" else _jsonl(pages)
    name = {"Content-Disposition": f'attachment; filename="profiles.{form}"'}
    return StreamingResponse(rows, media_type=MEDIA[form], headers=name)


def _jsonl(pages: Iterator[list[dict[str, Any]]]) -> Iterator[bytes]:
    for rows in pages:
        yield b"".join(msgspec.json.encode(row) + b"\n" for row in rows)


def _csv(pages: Iterator[list[dict[str, Any]]]) -> Iterator[bytes]:
    # With the mark, spreadsheets read the file as UTF-8. No cell begins with what a person gave:
    # identifiers begin with their kind and traits with a brace, so none runs as a formula.
    out = io.StringIO("\ufeff")
    out.seek(1)
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for rows in pages:
        for row in rows:
            cells = {
                **row,
                "identifiers": " ".join(f"{i['kind']}:{i['value']}" for i in row["identifiers"]),
                "traits": msgspec.json.encode(
                    {name: trait.get("value") for name, trait in row["traits"].items()}
                ).decode(),
            }
            writer.writerow([cells.get(name, "") for name in COLUMNS])
        yield out.getvalue().encode()
        out.seek(0)
        out.truncate()
    if out.getvalue():
        yield out.getvalue().encode()
