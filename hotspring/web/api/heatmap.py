"""The heat map: how warm people are, by area."""

import threading
import zoneinfo
from typing import Annotated, Any, Final, Literal

import msgspec
from fastapi import Query, Request, Response
from isal import igzip

from hotspring.errors import BadRequest
from hotspring.geo import cells
from hotspring.pool import Asked
from hotspring.privacy import Permission
from hotspring.web.api.desk import AnyAsker, AtDesk, may
from hotspring.web.api.map_shapes import MapDays, MapQuery, MapView
from hotspring.web.api.moments import to_ms
from hotspring.web.api.people import named
from hotspring.web.api.rooms import Room
from hotspring.web.api.sheets import sheet

router = Room(prefix="/api", tags=["map"])

AGAIN_MS: Final = 600_000
"""Who looks at the same thing again within this time is not written down again."""
MOST: Final = 1_000
LEAST_BYTES: Final = 1_000
FILES: Final = {"csv": "text/csv; charset=utf-8", "geojson": "application/geo+json"}
COLUMNS: Final = (
    "id", "name", "profiles", "hot", "warm", "cool", "cold", "never_warm", "cooled", "mean",
    "change",
)  # fmt: skip

Level = Literal["province", "city", "district", "cell"]
"""What may be watched live."""


class Looks:
    """Who looked at what of the map lately: a page that is refreshed is one look."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen: dict[tuple[str, str], int] = {}

    def fresh(self, name: str, what: str, now: int) -> bool:
        """Is this a look of its own?"""
        with self._lock:
            last = self._seen.pop((name, what), None)
            self._seen[name, what] = now if last is None else last
            if last is not None and 0 <= now - last < AGAIN_MS:
                return False
            self._seen[name, what] = now
            while len(self._seen) > MOST:
                self._seen.pop(next(iter(self._seen)))
            return True


LOOKS: Final = Looks()


@router.get(
    "/map",
    response_model=MapView,
    responses={200: {"content": {kind: {"schema": {"type": "string"}} for kind in FILES.values()}}},
)
def show_map(
    request: Request, desk: AtDesk, by: AnyAsker, query: Annotated[MapQuery, Query()]
) -> Response:
    """How many profiles are in each area, and how warm are they?"""
    asked = _asked(query, desk.settings.zone)
    found = desk.pool.heatmap.show(asked, by.profiles)
    if (asked.filtered or asked.level in ("cell", "area")) and LOOKS.fresh(
        by.name, repr(asked), desk.clock()
    ):
        desk.audit.record(by.name, "map.viewed", asked.level, **_told(asked))
    if query.format == "json":
        return packed(request, found)
    desk.audit.record(by.name, "map.exported", asked.level, format=query.format)
    if query.format == "csv":
        return sheet([found["areas"]], "csv", "map", COLUMNS, _cells)
    name = {"Content-Disposition": 'attachment; filename="map.geojson"'}
    return Response(_geojson(found), media_type=FILES["geojson"], headers=name)


def _cells(area: dict[str, Any]) -> dict[str, Any]:
    return {name: area.get(name, "") for name in COLUMNS}


def _geojson(found: dict[str, Any]) -> bytes:
    """Areas as a feature collection: cells with their outline, others to be joined by `id`."""
    shapes: list[Any] = [None] * len(found["areas"])
    if found["level"] == "cell":
        rings = cells.outlines([area["id"] for area in found["areas"]])
        shapes = [{"type": "Polygon", "coordinates": [ring]} for ring in rings]
    features = [
        {"type": "Feature", "id": area["id"], "properties": area, "geometry": shape}
        for area, shape in zip(found["areas"], shapes, strict=True)
    ]
    told = {name: value for name, value in found.items() if name != "areas"}
    return msgspec.json.encode({"type": "FeatureCollection", **told, "features": features})


@router.get("/map/days", response_model=MapDays, dependencies=[may(Permission.READ_PROFILES)])
def map_days(desk: AtDesk) -> dict[str, Any]:
    """Of which past days is a map kept, to be asked for by `at`?"""
    return desk.pool.heatmap.days()


def packed(request: Request, found: Any) -> Response:
    """An answer as JSON, compressed for who understands that."""
    body = msgspec.json.encode(found)
    headers = {}
    if len(body) > LEAST_BYTES and "gzip" in request.headers.get("accept-encoding", ""):
        body = igzip.compress(body, 2, mtime=0)
        headers["Content-Encoding"] = "gzip"
    return Response(body, media_type="application/json", headers=headers)


def _told(asked: Asked) -> dict[str, Any]:
    """What is written down of a look: a value of a trait may name a person."""
    told = {
        name: value
        for name, value in msgspec.structs.asdict(asked).items()
        if value is not None and name not in ("level", "lang", "trait")
    }
    return told if asked.trait is None else {**told, "trait": asked.trait[0]}


def _asked(query: MapQuery, zone: zoneinfo.ZoneInfo) -> Asked:
    def moment(text: str | None) -> int | None:
        return None if text is None else to_ms(text, zone)

    return Asked(
        level=query.level,
        box=_box(query.bbox),
        resolution=query.resolution,
        lang=query.lang,
        band=query.band,
        who=query.who,
        channel=query.channel,
        trait=named(query.trait),
        first_from=moment(query.first_from),
        first_to=moment(query.first_to),
        precision=query.precision,
        outlet=query.outlet,
        among=query.among,
        at=moment(query.at),
        since=moment(query.since),
    )


def _box(text: str | None) -> tuple[float, float, float, float] | None:
    if text is None:
        return None
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError as error:
        raise BadRequest("write bbox as west,south,east,north in degrees") from error
    return west, south, east, north
