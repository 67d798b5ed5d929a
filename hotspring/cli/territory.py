"""`outlet` and `area`: what stands on the map beside people."""

from __future__ import annotations

import enum
import json
from pathlib import Path
from typing import Annotated, Any

import typer

from hotspring.cli import show
from hotspring.cli.client import connected
from hotspring.cli.options import Data, Json
from hotspring.errors import BadRequest
from hotspring.settings import data_folder

outlets = typer.Typer(no_args_is_help=True, help="Outlets on the map, and whom they serve.")
areas = typer.Typer(no_args_is_help=True, help="Trade areas on the map.")


class Datum(enum.StrEnum):
    """What coordinates are stated in."""

    wgs84 = "wgs84"
    gcj02 = "gcj02"
    bd09 = "bd09"


class AreaLevel(enum.StrEnum):
    """How large the areas are."""

    province = "province"
    city = "city"
    district = "district"
    area = "area"


@outlets.command("list")
def list_outlets(data: Data = None, as_json: Json = False) -> None:
    """The outlets, with the profiles they are nearest to and those within their radius."""
    with connected(data_folder(data)) as client:
        found = client.get("/api/outlets")["items"]
    if as_json:
        show.document(found)
        return
    rows = [
        (show.plain(one["name"]), _count(one.get("nearest")), _count(one.get("within")))
        for one in found
    ]
    columns = ("outlet", "nearest", "within")
    show.console().print(show.listing(columns, rows, "nearest within"))


@outlets.command("import")
def import_outlets(
    file: Annotated[Path, typer.Argument(help="CSV or Excel with name, lon, lat and more.")],
    datum: Annotated[Datum, typer.Option(help="What its coordinates are stated in.")],
    mapping: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="FIELD=COLUMN", help="A column that is not to be guessed."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read and report only.")] = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Add the outlets of a list."""
    body = file.read_bytes()
    asked = {"datum": datum.value, "name": file.name, "map": mapping or [], "dry_run": dry_run}
    with connected(data_folder(data)) as client:
        found = client.upload("/api/outlets/import", iter([body]), **asked)
    if as_json:
        show.document(found)
        return
    if dry_run:
        _tried(found)
    else:
        show.console().print(f"{len(found['added'])} outlets were added.")
    for row in found["refused"]:
        show.notes().print(f"row {row['row']}: {show.plain(row['reason'])}")


def _tried(found: dict[str, Any]) -> None:
    """From which columns a list would be read, and where its outlets would lie."""
    out = show.console()
    for field, heading in found["columns"].items():
        out.print(f"{field}: {show.plain(heading)}")
    for field in found["lacks"]:
        headings = ", ".join(found["headings"])
        out.print(f"{field}: no column; say --map {field}=COLUMN, one of {show.plain(headings)}")
    for city in found["cities"]:
        out.print(f"{show.plain(city['name'] or '-')}: {show.number(city['outlets'])}")
    out.print(f"{show.number(found['usable'])} outlets would be added.")


@outlets.command("analysis")
def analysis(
    level: Annotated[AreaLevel, typer.Option(help="How large the areas are.")] = AreaLevel.city,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Where people are hot, where they are well served, and what that suggests."""
    with connected(data_folder(data)) as client:
        found = client.get("/api/outlets/analysis", level=level.value, lang="en")
    if as_json:
        show.document(found)
        return
    if not any(one["outlets"] for one in found["items"]):
        show.notes().print(
            "No outlet lies in any of these areas, so nothing can be said of service. "
            "Add yours: hotspring outlet import LIST --datum gcj02 --dry-run"
        )
        return
    rows = [
        (
            show.plain(one["name"]),
            show.number(one["profiles"]),
            show.degrees(one["mean"]),
            show.number(one["outlets"]),
            show.plain(one["suggestion"]),
        )
        for one in found["items"]
    ]
    columns = ("area", "profiles", "mean", "outlets", "suggestion")
    show.console().print(show.listing(columns, rows, "profiles mean outlets"))
    show.notes().print(show.plain(found["caveat"]))


@areas.command("list")
def list_areas(data: Data = None, as_json: Json = False) -> None:
    """The trade areas, and how warm the people in them are."""
    with connected(data_folder(data)) as client:
        found = client.get("/api/areas")["items"]
    if as_json:
        show.document(found)
        return
    rows = [
        (
            show.plain(one["name"]),
            _count(one),
            "-" if one.get("mean") is None else show.degrees(one["mean"]),
        )
        for one in found
    ]
    show.console().print(show.listing(("area", "profiles", "mean"), rows, "profiles mean"))


@areas.command("import")
def import_areas(
    file: Annotated[Path, typer.Argument(help="GeoJSON with polygons.")],
    datum: Annotated[Datum, typer.Option(help="What its coordinates are stated in.")] = Datum.wgs84,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Add every polygon of a GeoJSON file as a trade area."""
    try:
        body = json.loads(file.read_text("utf-8-sig"))
    except ValueError as error:
        raise BadRequest(f"{file} is no GeoJSON: {error}") from error
    with connected(data_folder(data)) as client:
        found = client.post("/api/areas", body, name=file.stem[:190], datum=datum.value)
    if as_json:
        show.document(found["items"])
        return
    show.console().print(f"{len(found['items'])} areas were added.")
    for one in found["refused"]:
        show.notes().print(f"feature {one['feature']}: {show.plain(one['reason'])}")


def _count(figures: dict[str, Any] | None) -> str:
    count = (figures or {}).get("profiles")
    return "fewer than 5" if count is None else show.number(count)
