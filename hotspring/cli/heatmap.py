"""`map`: how warm people are, by area."""

from __future__ import annotations

import enum
from typing import Annotated, Any

import typer

from hotspring.cli import show
from hotspring.cli.client import connected
from hotspring.cli.options import Band, Data, Json
from hotspring.settings import data_folder


class Level(enum.StrEnum):
    """How large the areas are."""

    province = "province"
    city = "city"
    district = "district"
    cell = "cell"


class Language(enum.StrEnum):
    """Languages of names."""

    zh = "zh"
    en = "en"


def heatmap(
    level: Annotated[Level, typer.Option(help="How large the areas are.")] = Level.province,
    bbox: Annotated[
        str | None, typer.Option(metavar="W,S,E,N", help="Only what lies in this box, in degrees.")
    ] = None,
    resolution: Annotated[
        int | None, typer.Option(min=0, max=10, help="Of the cells, at most.")
    ] = None,
    band: Annotated[Band | None, typer.Option(help="Only this band.")] = None,
    channel: Annotated[
        str | None, typer.Option(help="Only profiles with an event in this channel.")
    ] = None,
    trait: Annotated[
        str | None, typer.Option(metavar="NAME:VALUE", help="Only profiles with this trait.")
    ] = None,
    lang: Annotated[Language, typer.Option(help="Language of the names.")] = Language.zh,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """How many profiles are in each area, and how warm they are."""
    with connected(data_folder(data)) as client:
        found = client.get(
            "/api/map", level=level.value, bbox=bbox, resolution=resolution,
            band=band.value if band else None, channel=channel, trait=trait, lang=lang.value,
        )  # fmt: skip
    if as_json:
        show.document(found)
        return
    _table(found)


def _table(found: dict[str, Any]) -> None:
    figures = ("profiles", "hot", "warm", "cool", "cold")
    rows = [
        (
            show.plain(area["name"] or area["id"]),
            area["id"],
            *(show.number(area[name]) for name in figures),
            show.degrees(area["mean"]),
        )
        for area in found["areas"]
    ]
    if rows:
        columns = ("area", "id", *figures, "mean")
        show.console().print(show.listing(columns, rows, " ".join((*figures, "mean"))))
    else:
        show.console().print(f"No area has {found['k']} profiles.")
    show.notes().print(
        f"{show.number(found['withheld'])} in areas of fewer than {found['k']}, "
        f"{show.number(found['coarse'])} known less exactly, "
        f"{show.number(found['unlocated'])} without a place; {show.moment(found['as_of'])}"
    )
