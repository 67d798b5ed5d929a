"""The heat map: how warm people are, by area."""

import threading
from typing import Annotated, Any, Final, Literal

import msgspec
from fastapi import APIRouter, Query, Request, Response
from isal import igzip

from hotspring.errors import BadRequest
from hotspring.pool import Asked
from hotspring.privacy import Permission
from hotspring.web.api.desk import AnyAsker, AtDesk, may
from hotspring.web.api.freshness import Tagged
from hotspring.web.api.map_shapes import MapDays, MapView
from hotspring.web.api.moments import to_ms
from hotspring.web.api.people import named
from hotspring.web.api.shapes import Band

router = APIRouter(prefix="/api", tags=["map"], route_class=Tagged)

AGAIN_MS: Final = 600_000
"""Who looks at the same thing again within this time is not written down again."""
MOST: Final = 1_000
LEAST_BYTES: Final = 1_000

Level = Literal["province", "city", "district", "cell"]
"""What may be watched live."""
AnyLevel = Literal["province", "city", "district", "area", "cell"]
Channel = Literal[
    "web", "app", "miniprogram", "wechat", "wecom", "server", "store", "import", "other"
]


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


@router.get("/map", response_model=MapView)
def show_map(
    request: Request,
    desk: AtDesk,
    by: AnyAsker,
    level: Annotated[AnyLevel, Query(description="How large the areas are.")] = "province",
    bbox: Annotated[
        str | None,
        Query(max_length=200, description="`west,south,east,north` in degrees of WGS-84."),
    ] = None,
    resolution: Annotated[
        int | None,
        Query(ge=0, le=10, description="Of H3 cells, at most; coarser where too many are in view."),
    ] = None,
    lang: Annotated[Literal["zh", "en"], Query(description="Language of the names.")] = "zh",
    band: Annotated[Band | None, Query(description="Only profiles in this band.")] = None,
    who: Annotated[
        Literal["known", "anonymous", "all"],
        Query(description="Profiles with a strong identifier, those without, or both."),
    ] = "known",
    channel: Annotated[
        Channel | None, Query(description="Only profiles with an event in this channel.")
    ] = None,
    trait: Annotated[
        str | None, Query(max_length=600, description="Only profiles with this `NAME:VALUE`.")
    ] = None,
    since: Annotated[
        str | None, Query(alias="first_from", description="Only profiles first seen from here.")
    ] = None,
    until: Annotated[
        str | None, Query(alias="first_to", description="Only profiles first seen before this.")
    ] = None,
    precision: Annotated[
        float | None,
        Query(gt=0, le=20_100_000, description="Only places known this exactly, in metres."),
    ] = None,
    outlet: Annotated[
        str | None,
        Query(max_length=64, description="Only profiles within the radius of this outlet."),
    ] = None,
    at: Annotated[
        str | None,
        Query(max_length=40, description="A past moment, restated with today's rules."),
    ] = None,
    compare: Annotated[
        str | None,
        Query(alias="since", max_length=40, description="Tell the change of each area from here."),
    ] = None,
) -> Response:
    """How many profiles are in each area, and how warm are they?"""
    zone = desk.settings.zone
    asked = Asked(
        level=level,
        box=_box(bbox),
        resolution=resolution,
        lang=lang,
        band=band,
        who=who,
        channel=channel,
        trait=named(trait),
        first_from=None if since is None else to_ms(since, zone),
        first_to=None if until is None else to_ms(until, zone),
        precision=precision,
        outlet=outlet,
        at=None if at is None else to_ms(at, zone),
        since=None if compare is None else to_ms(compare, zone),
    )
    found = desk.pool.heatmap.show(asked, by.profiles)
    if (asked.filtered or level in ("cell", "area")) and LOOKS.fresh(
        by.name, repr(asked), desk.clock()
    ):
        desk.audit.record(by.name, "map.viewed", level, **_told(asked))
    return packed(request, found)


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


def _box(text: str | None) -> tuple[float, float, float, float] | None:
    if text is None:
        return None
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError as error:
        raise BadRequest("write bbox as west,south,east,north in degrees") from error
    return west, south, east, north
