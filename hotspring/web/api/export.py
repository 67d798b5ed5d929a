"""Profiles as a file: streamed, page by page, so that memory does not grow with the pool."""

from typing import Annotated, Any, Literal

import msgspec
from fastapi import Query
from fastapi.responses import StreamingResponse

from hotspring.errors import BadRequest
from hotspring.web.api import books, sheets
from hotspring.web.api.desk import AtDesk, Exporter
from hotspring.web.api.rooms import Room
from hotspring.web.api.shapes import Band
from hotspring.web.api.sheets import SHEET, Form, Rows, sheet

router = Room(prefix="/api", tags=["profiles"])
COLUMNS = ("id", "temperature", "band", "known", "as_of", "identifiers", "traits")
FIXED = {
    "profiles": ("person", "temperature", "band", "place", "events", "first_seen", "last_seen"),
    "events": (
        "person", "at", "name", "type", "channel", "device", "place", "amount", "currency",
    ),
}  # fmt: skip
"""The columns of what names nobody; those that are kept come after them."""
PeopleForm = Annotated[
    Literal["csv", "jsonl", "xlsx", "parquet"],
    Query(alias="format", description="CSV, JSON Lines, Excel or Parquet."),
]
PEOPLE: dict[str, Any] = {
    "response_class": StreamingResponse,
    "responses": {
        200: {
            "content": {
                kind: {"schema": {"type": "string"}}
                for kind in (*sheets.MEDIA.values(), *books.MEDIA.values())
            }
        }
    },
}
"""What the route of a file of people says of its answer."""


def people(portions: Rows, form: str, name: str, *also: str) -> StreamingResponse:
    """Profiles with identifiers, traits and further columns, as a file called `name`."""
    write = sheet if form in sheets.MEDIA else books.book
    return write(portions, form, name, (*COLUMNS, *also), cells)


@router.get("/export/profiles", **SHEET)
def export_profiles(
    desk: AtDesk,
    by: Exporter,
    form: Form = "csv",
    band: Annotated[Band | None, Query(description="Only profiles in this band.")] = None,
) -> StreamingResponse:
    """All profiles with their identifiers and traits."""
    desk.audit.record(by, "profile.exported", form, band=band)
    pages = desk.pool.export(band)
    return sheet(pages, form, "profiles", COLUMNS, cells)


@router.get("/export/deidentified", **SHEET)
def export_deidentified(
    desk: AtDesk,
    by: Exporter,
    what: Annotated[Literal["profiles", "events"], Query(description="What the rows are.")],
    form: Form = "csv",
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
    return sheet(pages, form, what, [*FIXED[what], *wanted])


@router.get(
    "/export/owners",
    response_class=StreamingResponse,
    responses={200: {"content": {books.MEDIA["parquet"]: {"schema": {"type": "string"}}}}},
)
def export_owners(desk: AtDesk, by: Exporter) -> StreamingResponse:
    """Whose events are whose, as Parquet: for engines that read the blocks themselves."""
    desk.audit.record(by, "owners.exported", "parquet")
    return books.relation(desk.pool.analytics.analyses.portable.owners(), "owners")


def cells(row: dict[str, Any]) -> dict[str, Any]:
    """What of a profile stands in the columns of a sheet."""
    values = {name: trait.get("value") for name, trait in row["traits"].items()}
    return {
        **dict.fromkeys(COLUMNS),
        **row,
        "identifiers": " ".join(f"{i['kind']}:{i['value']}" for i in row["identifiers"]),
        "traits": msgspec.json.encode(values).decode(),
    }
