"""What answers about the map look like; an answer may carry further members."""

from typing import Any, Literal

from pydantic import BaseModel, Field

from hotspring.web.api.named_shapes import AMONG
from hotspring.web.api.shapes import Band, Listing, Shape

Channel = Literal[
    "web", "app", "miniprogram", "wechat", "wecom", "server", "store", "import", "other"
]


class MapQuery(BaseModel):
    """What a view of the map asks for."""

    level: Literal["province", "city", "district", "area", "cell"] = Field(
        default="province", description="How large the areas are."
    )
    bbox: str | None = Field(
        default=None, max_length=200, description="`west,south,east,north` in degrees of WGS-84."
    )
    resolution: int | None = Field(
        default=None,
        ge=0,
        le=10,
        description="Of H3 cells, at most; coarser where too many are in view.",
    )
    lang: Literal["zh", "en"] = Field(default="zh", description="Language of the names.")
    band: Band | None = Field(default=None, description="Only profiles in this band.")
    who: Literal["known", "anonymous", "all"] = Field(
        default="known", description="Profiles with a strong identifier, those without, or both."
    )
    channel: Channel | None = Field(
        default=None, description="Only profiles with an event in this channel."
    )
    trait: str | None = Field(
        default=None, max_length=600, description="Only profiles with this `NAME:VALUE`."
    )
    first_from: str | None = Field(default=None, description="Only profiles first seen from here.")
    first_to: str | None = Field(default=None, description="Only profiles first seen before this.")
    precision: float | None = Field(
        default=None,
        gt=0,
        le=20_100_000,
        description="Only places known this exactly, in metres.",
    )
    outlet: str | None = Field(
        default=None,
        max_length=64,
        description="Only profiles within the radius of this outlet.",
    )
    among: str | None = Field(default=None, max_length=300, description=AMONG)
    at: str | None = Field(
        default=None, max_length=40, description="A past moment, restated with today's rules."
    )
    since: str | None = Field(
        default=None, max_length=40, description="Tell the change of each area from here."
    )
    format: Literal["json", "csv", "geojson"] = Field(
        default="json", description="JSON, or a file: CSV or GeoJSON."
    )


class MapArea(Shape):
    """One area or cell and the profiles in it."""

    id: str = Field(description="Code of the area (GB/T 2260), of the country, or of the H3 cell.")
    name: str = Field(description="Of a cell: of the district its middle lies in, if any.")
    profiles: int
    hot: int
    warm: int
    cool: int
    cold: int
    never_warm: int = Field(description="Of the cold: without any heat yet.")
    cooled: int = Field(description="Of the cold: warmed once.")
    mean: float = Field(description="Mean temperature in °C.")
    change: float | None = Field(
        default=None, description="Of the mean, from `since`; null where that may not be told."
    )


class MapView(Shape):
    """How warm people are, by area. Fewer than `k` profiles are not shown."""

    as_of: str
    rules: int = Field(description="Version of the rules by which temperatures are read.")
    k: int = Field(description="An area with fewer profiles is withheld.")
    withheld: int = Field(description="Profiles of areas that are withheld.")
    level: str
    resolution: int | None = Field(description="Of the cells; it may be coarser than asked for.")
    profiles: int = Field(description="Profiles in view whose area is known.")
    coarse: int = Field(description="Profiles whose place is known less exactly than the level.")
    unlocated: int = Field(description="Profiles without a place.")
    restated: bool = Field(
        default=False, description="Whether it is a past moment, told by today's rules."
    )
    restated_as_of: str | None = Field(
        default=None,
        description="When what is told of the past was read; what came later is not in it.",
    )
    published: bool = Field(
        description="Whether it is what is published once a day, for roles that list no profiles."
    )
    areas: list[MapArea] = Field(description="Those with the most profiles first.")


class MapDays(Shape):
    """The past days of the map."""

    days: list[str] = Field(description="The ends of the days, as moments for `at`.")
    drawn: float = Field(description="Which share of the work of drawing them is done.")


class OutlineTiles(Shape):
    """What an archive of tiles holds."""

    kind: Literal["vector", "raster"]
    least_zoom: int
    most_zoom: int
    box: list[float] = Field(description="West, south, east, north.")
    layers: list[str] = Field(description="Of vector tiles.")


class Outline(Shape):
    """One layer of outlines."""

    name: str
    format: str = Field(description="`topojson`, `geojson` or `pmtiles`.")
    own: bool = Field(description="Whether it was put there by whoever runs this server.")
    bytes: int = Field(description="As it travels.")
    title: str = Field(description="The name that the file gives itself; often empty.")
    attribution: str = Field(description="Where it comes from, as the file says.")
    tiles: OutlineTiles | None = Field(default=None, description="Of an archive of tiles.")
    url: str = Field(description="Where it is, with its version: to be kept for ever.")


class Figures(Shape):
    """The profiles of some cells; all null where there are fewer than `k`."""

    profiles: int | None = None
    mean: float | None = Field(default=None, description="Mean temperature in °C.")
    withheld: bool = Field(default=False, description="Whether there are some, but too few.")


class Added(Shape):
    """A trade area or an outlet, as it was kept."""

    id: str
    name: str | None
    created_at: str
    by: str


class TradeArea(Figures):
    """A drawn area and the people in it."""

    id: str
    name: str
    geometry: dict[str, Any] = Field(description="GeoJSON, Polygon or MultiPolygon.")


class RefusedFeature(Shape):
    """A feature that cannot be used."""

    feature: int = Field(description="Counted from 1.")
    name: str
    code: str = Field(description="`kind`, `unreadable`, `corners`, `points`, `open`, ...")
    reason: str


class AddedAreas(Listing[Added]):
    """The trade areas that were added."""

    refused: list[RefusedFeature] = Field(description="Features that cannot be used, with why.")


class NewOutlet(BaseModel):
    """An outlet as it is given."""

    name: str = Field(max_length=200)
    lon: float
    lat: float
    kind: str | None = Field(default=None, max_length=64)
    capacity: float | None = Field(default=None, ge=0)
    radius: float | None = Field(default=None, gt=0, description="Metres within which it serves.")
    own_id: str | None = Field(
        default=None, max_length=64, description="By which those who run it know it."
    )


class NewOutlets(BaseModel):
    """Outlets to be added."""

    outlets: list[NewOutlet] = Field(min_length=1, max_length=5_000)


class Refused(Shape):
    """A row that cannot be used."""

    row: int = Field(description="Of a file: counted with its heading, which is the first.")
    name: str
    code: str = Field(description="`name`, `lon`, `lat`, `place`, `service`, `repeated`, ...")
    reason: str


class InCity(Shape):
    """How many of a list lie in a city, or abroad in a country."""

    name: str
    outlets: int


class AddedOutlets(Shape):
    """What became of a list of outlets."""

    added: list[Added]
    refused: list[Refused] = Field(description="Rows that cannot be used, each with why.")
    usable: int = Field(description="Rows that were added, or would be.")
    cities: list[InCity] = Field(description="Where they lie: tells a wrong datum or column.")
    columns: dict[str, str] = Field(
        default_factory=dict, description="Of a file: which heading each field was read from."
    )
    lacks: list[str] = Field(
        default_factory=list, description="Of a file that is tried: needed fields without a column."
    )
    headings: list[str] = Field(default_factory=list, description="Of all columns of a file.")
    sample: list[list[str]] = Field(
        default_factory=list, description="The first rows of a file as they stand."
    )


class Changed(Shape):
    """How many were changed."""

    changed: int


class Outlet(Shape):
    """An outlet and whom it serves."""

    id: str
    name: str
    lon: float
    lat: float
    kind: str = ""
    capacity: float = Field(default=0.0, description="0 where it is not said.")
    radius: float = Field(description="Metres within which it serves.")
    own_id: str = Field(default="", description="By which those who run it know it.")
    nearest: Figures = Field(default_factory=Figures, description="To whom no other is nearer.")
    within: Figures = Field(default_factory=Figures, description="Within its radius.")


class Because(Shape):
    """The numbers that led to a suggestion, and the lines they are compared with."""

    mean: float
    mean_line: float
    service: float = Field(description="Capacity or outlets per thousand profiles.")
    service_line: float


class ServedArea(Shape):
    """An area by heat and by service."""

    id: str
    name: str
    profiles: int
    mean: float
    outlets: int
    capacity: float
    outlets_per_thousand: float
    capacity_per_thousand: float
    quadrant: Literal["hot_served", "hot_thin", "cold_served", "cold_thin"]
    compared: bool = Field(
        description="Whether it takes part in the lines: a whole country among smaller areas "
        "does not."
    )
    suggestion: str
    because: Because


class Analysis(Shape):
    """Areas by heat and by service."""

    as_of: str
    level: str
    lines: dict[str, float] = Field(description="Where hot begins, and well served.")
    caveat: str
    items: list[ServedArea]
