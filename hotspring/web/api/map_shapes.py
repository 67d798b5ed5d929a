"""What answers about the map look like; an answer may carry further members."""

from pydantic import Field

from hotspring.web.api.shapes import Shape


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
    published: bool = Field(
        description="Whether it is what is published once a day, for roles that list no profiles."
    )
    areas: list[MapArea] = Field(description="Those with the most profiles first.")


class MapDays(Shape):
    """The past days of the map."""

    days: list[str] = Field(description="The ends of the days, as moments for `at`.")
    drawn: float = Field(description="Which share of them is drawn; 0 before anybody asked.")


class Outline(Shape):
    """One layer of outlines."""

    name: str
    format: str = Field(description="`topojson`, `geojson` or `pmtiles`.")
    own: bool = Field(description="Whether it was put there by whoever runs this server.")
    bytes: int = Field(description="As it travels.")
    url: str = Field(description="Where it is, with its version: to be kept for ever.")
