"""What is answered of everything that people name and keep."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from fastapi import Path, Query
from pydantic import Field

from hotspring.web.api.shapes import Shape

AMONG: Final = (
    "Only profiles that one thing means which sorts people: `segment:ID`, `tag:ID`, "
    "`tag:ID:VALUE`, `tier:ID:TIER`, `score:ID:LEAST` (points), `group:ID`, `rfm:CLASS`, "
    "`lifecycle:STAGE`."
)
Id = Annotated[str, Path(max_length=64, description="As it was answered.")]
Language = Annotated[Literal["zh", "en"], Query(description="Language of sentences.")]


class User(Shape):
    """What uses it."""

    kind: Literal["segment", "tag", "score", "scheme", "group", "clustering", "report", "dashboard"]
    id: str
    name: str


class Kept(Shape):
    """Something that has a name."""

    id: str
    name: str
    description: str
    version: int = Field(description="How often it was saved.")
    created_at: str
    created_by: str
    updated_at: str
    updated_by: str
    used_by: list[User] = Field(description="What names it.")


class Naming(Shape):
    """What it is called."""

    name: str = Field(max_length=400, description="1 to 100 characters; no other has it.")
    description: str = Field(default="", max_length=4_000)


class Looked(Shape):
    """Which version was looked at before it was changed, where that is told."""

    version: int | None = Field(
        default=None,
        description="As it was answered; refused where another one stands now. Any, if absent.",
    )


class MeasureGiven(Shape):
    """A number of every profile."""

    of: dict[str, Any] = Field(
        description="An object with one key: behaviour, trait, temperature or score; as the leaf "
        "of a rule, without `op` and `value`."
    )
    half_life: float | None = Field(
        default=None, description="Of a count or sum: days after which an event counts half."
    )


class Bar(Shape):
    """Profiles from one number on and below another."""

    low: float
    high: float
    profiles: int


class Spread(Shape):
    """How a number is spread over the profiles that have one."""

    as_of: str
    profiles: int
    mean: float | None
    least: float | None
    most: float | None
    quartiles: list[float] = Field(description="Empty without profiles.")
    bars: list[Bar] = Field(description="The last one has its upper end as well.")
