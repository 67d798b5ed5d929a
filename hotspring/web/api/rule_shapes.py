"""What answers about rules that are tried, compared and tested look like."""

from typing import Any, Literal

from pydantic import Field

from hotspring.web.api.shapes import Band, Bands, Cold, Shape


class Difference(Shape):
    """What is not the same in two rule sets."""

    rule: str = Field(description="Id of the rule; empty for what holds for the whole set.")
    change: Literal["added", "removed", "changed"]
    fields: dict[str, list[Any]] = Field(
        description="Each field that differs: what it says before and after."
    )


class Comparison(Shape):
    """Two versions of the rules, side by side."""

    before: int
    after: int
    differences: list[Difference]


class CurrencyUse(Shape):
    """A currency in which amounts came."""

    currency: str
    events: int
    rate: float | None = Field(
        description="What one unit is worth in the pool's currency; null where nobody said."
    )


class EventUse(Shape):
    """A kind of event that came."""

    name: str
    events: int = Field(description="How often, without machine traffic.")
    rules: list[str] = Field(description="Ids of the rules that name it.")


class Reading(Shape):
    """How warm a profile is by one rule set, and why."""

    temperature: float
    band: Band
    energy: float
    contributions: list[dict[str, Any]]


class Trial(Shape):
    """One profile by the rules in force and by those that are tried."""

    profile: str = Field(description="Public id.")
    as_of: str
    events: int
    live: Reading
    tried: Reading


class Example(Shape):
    """A profile that would move."""

    profile: str = Field(description="Public id.")
    before: float = Field(description="°C")
    after: float = Field(description="°C")


class Move(Shape):
    """One way from band to band."""

    from_: Band = Field(alias="from")
    to: Band
    profiles: int
    examples: list[Example] = Field(
        description="Those that change the most, in the middle and the least."
    )


class Side(Shape):
    """Known profiles by band."""

    bands: Bands
    cold: Cold


class Findings(Shape):
    """What the rules would do to the whole pool."""

    as_of: str
    seconds: float = Field(description="How long it took to find out.")
    total: int = Field(description="Known profiles.")
    moved: int = Field(description="Known profiles that would leave their band.")
    mean_change: float = Field(description="Of the temperatures of known profiles, in degrees.")
    before: Side
    after: Side
    matrix: dict[str, dict[str, int]] = Field(
        description="Known profiles by band before, then after, with cold told apart."
    )
    moves: list[Move]
    anonymous: dict[str, int] = Field(description="Profiles without a strong identifier, apart.")
    differences: list[Difference]
    unpriced: list[CurrencyUse] = Field(
        description="Currencies without a rate in which amounts came: they bring no heat."
    )


class Preview(Shape):
    """A trial of rules."""

    id: str
    state: Literal["queued", "running", "done", "failed", "cancelled"]
    progress: float = Field(description="From 0 to 1.")
    read: int = Field(description="Events read so far.")
    events: int = Field(description="Events to read.")
    by: str
    started_at: str
    finished_at: str | None
    error: str = ""
    result: Findings | None = None
