"""Trade areas and outlets: what people put on the map, and how it is served."""

from typing import Annotated, Any, Final, Literal

from fastapi import Body, Path, Query, Request
from pydantic import Field

from hotspring.errors import BadRequest
from hotspring.pool import rows_of
from hotspring.web.api import lists
from hotspring.web.api.desk import AtDesk, MapEditor, ProfileReader
from hotspring.web.api.map_shapes import (
    Added,
    AddedAreas,
    AddedOutlets,
    Analysis,
    Changed,
    NewOutlets,
    Outlet,
    TradeArea,
)
from hotspring.web.api.rooms import Room
from hotspring.web.api.shapes import Listing, Shape
from hotspring.web.api.sheets import sheet

router = Room(prefix="/api", tags=["map"])

Id = Annotated[str, Path(max_length=64, description="As it was answered.")]
Ids = Annotated[list[str], Body(embed=True, max_length=5_000, description="Of outlets.")]
Datum = Annotated[
    Literal["wgs84", "gcj02", "bd09"],
    Query(description="What the coordinates are stated in; maps of China use gcj02 or bd09."),
]
Language = Annotated[Literal["zh", "en"], Query(description="Language of names and words.")]
COLUMNS: Final = (
    "id", "name", "profiles", "mean", "hot", "warm", "cool", "cold", "outlets", "capacity",
    "outlets_per_thousand", "capacity_per_thousand", "quadrant", "compared", "suggestion",
    "because",
)  # fmt: skip


class Districts(Shape):
    """The districts that rules and the map know."""

    names: dict[str, str] = Field(
        description="By code: provinces have two digits, cities four, districts six."
    )


@router.get("/districts", response_model=Districts)
def districts(desk: AtDesk, by: ProfileReader, lang: Language = "zh") -> dict[str, Any]:
    """What are provinces, cities and districts called?"""
    return {"names": desk.pool.heatmap.territory.districts(lang)}


@router.get("/areas", response_model=Listing[TradeArea])
def areas(desk: AtDesk, by: ProfileReader) -> dict[str, Any]:
    """Which trade areas are there, and how warm are the people in them?"""
    return {"items": desk.pool.heatmap.territory.areas()}


@router.post("/areas", response_model=AddedAreas, status_code=201)
def add_areas(
    desk: AtDesk,
    by: MapEditor,
    geojson: Annotated[
        dict[str, Any], Body(description="A polygon, a feature, or a collection of features.")
    ],
    name: Annotated[str, Query(max_length=200, description="Where a feature has none.")] = "",
    datum: Datum = "wgs84",
) -> dict[str, Any]:
    """Add a trade area, or every polygon of a GeoJSON document. They may overlap."""
    added = desk.pool.heatmap.territory.add_areas(geojson, name, by, datum)
    desk.audit.record(by, "map.added", "area", count=len(added["items"]))
    return added


@router.patch("/areas/{id}", response_model=Added)
def change_area(
    desk: AtDesk,
    by: MapEditor,
    id: Id,
    name: Annotated[str | None, Body(max_length=200)] = None,
    geometry: Annotated[dict[str, Any] | None, Body()] = None,
) -> dict[str, Any]:
    """Give a trade area another name or another shape."""
    changed = desk.pool.heatmap.territory.change_area(id, name, geometry)
    desk.audit.record(by, "map.changed", id)
    return changed


@router.delete("/areas/{id}", status_code=204)
def delete_area(desk: AtDesk, by: MapEditor, id: Id) -> None:
    """Take a trade area off the map; it can be brought back."""
    desk.pool.heatmap.territory.delete("area", id)
    desk.audit.record(by, "map.deleted", id)


@router.post("/areas/{id}/restore", response_model=Added)
def restore_area(desk: AtDesk, by: MapEditor, id: Id) -> dict[str, Any]:
    """Bring back a trade area that was deleted."""
    restored = desk.pool.heatmap.territory.restore("area", id)
    desk.audit.record(by, "map.restored", id)
    return restored


@router.get("/outlets", response_model=Listing[Outlet])
def outlets(desk: AtDesk, by: ProfileReader) -> dict[str, Any]:
    """Which outlets are there, and whom do they serve?"""
    return {"items": desk.pool.heatmap.territory.outlets()}


@router.post("/outlets", response_model=AddedOutlets, status_code=201)
def add_outlets(
    desk: AtDesk, by: MapEditor, given: NewOutlets, datum: Datum = "wgs84"
) -> dict[str, Any]:
    """Add outlets."""
    rows = [one.model_dump(exclude_none=True) for one in given.outlets]
    found = desk.pool.heatmap.territory.add_outlets(rows, datum, by)
    desk.audit.record(by, "map.added", "outlet", count=len(found["added"]), datum=datum)
    return found


@router.post(
    "/outlets/import",
    response_model=AddedOutlets,
    status_code=201,
    openapi_extra=lists.sent("name, lon, lat"),
)
async def import_outlets(
    request: Request,
    desk: AtDesk,
    by: MapEditor,
    datum: Datum,
    chosen: lists.Maps,
    name: lists.FileName = "list.csv",
    dry_run: lists.DryRun = False,
    lang: Language = "zh",
) -> dict[str, Any]:
    """Add the outlets of a list whose datum is said."""
    told = rows_of(await lists.body_of(request), name, lists.chosen(chosen))
    if not dry_run:
        told.require()
    territory = desk.pool.heatmap.territory
    found = territory.add_outlets(told.rows, datum, by, told.lines, try_only=dry_run, lang=lang)
    if not dry_run:
        desk.audit.record(by, "map.added", "outlet", count=len(found["added"]), datum=datum)
    more = ("columns", "lacks", "headings", "sample")
    return {**found, **{name: getattr(told, name) for name in more}}


@router.post("/outlets/delete", response_model=Changed)
def delete_outlets(desk: AtDesk, by: MapEditor, ids: Ids) -> dict[str, Any]:
    """Take several outlets off the map, as those of a list that was wrong."""
    count = desk.pool.heatmap.territory.delete_outlets(ids)
    desk.audit.record(by, "map.deleted", "outlet", count=count)
    return {"changed": count}


@router.post("/outlets/restore", response_model=Changed)
def restore_outlets(desk: AtDesk, by: MapEditor, ids: Ids) -> dict[str, Any]:
    """Bring back several outlets that were deleted."""
    count = desk.pool.heatmap.territory.restore_outlets(ids)
    desk.audit.record(by, "map.restored", "outlet", count=count)
    return {"changed": count}


@router.get("/outlets/analysis", response_model=Analysis)
def analysis(
    desk: AtDesk,
    by: ProfileReader,
    level: Annotated[
        Literal["province", "city", "district", "area"],
        Query(description="How large the areas are; `area` are the trade areas."),
    ] = "city",
    form: Annotated[
        Literal["json", "csv"], Query(alias="format", description="JSON, or CSV as a file.")
    ] = "json",
    lang: Language = "zh",
) -> Any:
    """Where are people hot, where are they well served, and what does that suggest?

    Each row says which numbers led to its suggestion. Outlets may follow the heat rather than
    cause it.
    """
    found = desk.pool.heatmap.territory.analysis(level, lang)
    if form == "json":
        return found
    desk.audit.record(by, "map.exported", "outlets", level=level)
    return sheet([found["items"]], form, "outlets", COLUMNS, _cells)


def _cells(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row.get(name, "") for name in COLUMNS}


@router.patch("/outlets/{id}", response_model=Added)
def change_outlet(
    desk: AtDesk, by: MapEditor, id: Id, given: dict[str, Any], datum: Datum = "wgs84"
) -> dict[str, Any]:
    """Change the name, place, kind, capacity or radius of an outlet."""
    known = {"name", "lon", "lat", "kind", "capacity", "radius", "own_id"}
    if strange := set(given) - known:
        raise BadRequest(f"an outlet has no {', '.join(sorted(strange))}")
    changed = desk.pool.heatmap.territory.change_outlet(id, given, datum)
    desk.audit.record(by, "map.changed", id)
    return changed


@router.delete("/outlets/{id}", status_code=204)
def delete_outlet(desk: AtDesk, by: MapEditor, id: Id) -> None:
    """Take an outlet off the map; it can be brought back."""
    desk.pool.heatmap.territory.delete("outlet", id)
    desk.audit.record(by, "map.deleted", id)


@router.post("/outlets/{id}/restore", response_model=Added)
def restore_outlet(desk: AtDesk, by: MapEditor, id: Id) -> dict[str, Any]:
    """Bring back an outlet that was deleted."""
    restored = desk.pool.heatmap.territory.restore("outlet", id)
    desk.audit.record(by, "map.restored", id)
    return restored
