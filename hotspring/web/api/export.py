"""Profiles as a file: streamed, page by page, so that memory does not grow with the pool."""

import csv
import io
from collections.abc import Iterator
from typing import Annotated, Any, Literal

import msgspec
from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from hotspring.errors import BadRequest
from hotspring.web.api.desk import AtDesk, Exporter
from hotspring.web.api.shapes import Band

router = APIRouter(prefix="/api", tags=["profiles"])
COLUMNS = ("id", "temperature", "band", "known", "as_of", "identifiers", "traits")
FIXED = {
    "profiles": ("person", "temperature", "band", "place", "events", "first_seen", "last_seen"),
    "events": (
        "person", "at", "name", "type", "channel", "device", "place", "amount", "currency",
    ),
}  # fmt: skip
"""The columns of what names nobody; those that are kept come after them."""
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


@router.get(
    "/export/deidentified",
    response_class=StreamingResponse,
    responses={200: {"content": {kind: {"schema": {"type": "string"}} for kind in MEDIA.values()}}},
)
def export_deidentified(
    desk: AtDesk,
    by: Exporter,
    what: Annotated[Literal["profiles", "events"], Query(description="What the rows are.")],
    form: Annotated[
        Literal["csv", "jsonl"], Query(alias="format", description="CSV or JSON Lines.")
    ] = "csv",
    keep: Annotated[
        str,
        Query(
            max_length=4_000,
            description="Traits or properties that go along, separated by commas; no others do.",
        ),
    ] = "",
    time: Annotated[
        Literal["day", "hour"], Query(description="How exact times are, in the pool's zone.")
    ] = "day",
) -> StreamingResponse:
    """Profiles or events without names: pseudonyms of this file only, coarse places and times."""
    wanted = list(dict.fromkeys(name.strip() for name in keep.split(",") if name.strip()))
    if taken := {*FIXED[what]}.intersection(wanted):
        raise BadRequest(f"`keep` names a column that is there already: {', '.join(sorted(taken))}")
    desk.audit.record(by, "pool.deidentified", what, format=form, keep=wanted, time=time)
    pages = desk.pool.deidentified(what, wanted, time == "hour")
    rows = _sheet(pages, [*FIXED[what], *wanted]) if form == "csv" else _jsonl(pages)
    name = {"Content-Disposition": f'attachment; filename="{what}.{form}"'}
    return StreamingResponse(rows, media_type=MEDIA[form], headers=name)


def _sheet(pages: Iterator[list[dict[str, Any]]], columns: list[str]) -> Iterator[bytes]:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    out.write("\ufeff")
    writer.writerow(_inert(name) for name in columns)
    for rows in pages:
        writer.writerows([_inert(row[name]) for name in columns] for row in rows)
        yield out.getvalue().encode()
        out.seek(0)
        out.truncate()
    if out.getvalue():
        yield out.getvalue().encode()


def _inert(value: Any) -> Any:
    """A cell that no spreadsheet runs as a formula."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@") else value


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
