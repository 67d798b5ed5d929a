"""Group portraits: what the members of a segment are like, beside the rest of the pool."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from hotspring.privacy import Permission
from hotspring.web.api.desk import AtDesk, may
from hotspring.web.api.named_shapes import Id
from hotspring.web.api.orders import Counted
from hotspring.web.api.rooms import Room
from hotspring.web.api.segments import NumberApart, Sides
from hotspring.web.api.shapes import Shape

router = Room(prefix="/api/segments", tags=["segments"])
READ = may(Permission.READ_PROFILES)


class Beside(Shape):
    """A value, and which share of either side has it."""

    value: str
    members: float
    rest: float


class Apart(Shape):
    """A share of members, and of the rest."""

    members: float
    rest: float


UNSAID = "Who has no value; null where those are fewer than five."


class TraitShares(Shape):
    """What a trait says."""

    name: str
    values: list[Beside]
    unsaid: Apart | None = Field(default=None, description=UNSAID)


class NumberTold(NumberApart):
    """A number of members and of the rest, and who has none."""

    kind: Literal["number", "datetime"] = Field(description="A datetime is told as days before.")
    unsaid: Apart | None = Field(default=None, description=UNSAID)


class About(Shape):
    """What events were about."""

    kind: Literal["category", "brand", "product"]
    values: list[Beside]


class Weeks(Shape):
    """Share of events by day of the week (Monday first) and hour of the day."""

    members: list[list[float]]
    rest: list[list[float]]


class Spent(Shape):
    """What the orders of some customers come to, each in the mean unless said."""

    customers: int
    revenue: float | None = Field(description="Together; null of fewer than five customers.")
    orders: float | None
    amount: float | None
    median: float | None = Field(description="Of what each brought.")


class Worth(Counted):
    """Orders of a year."""

    members: Spent
    rest: Spent


class Portrait(Shape):
    """Members of a segment beside all other known profiles."""

    id: str
    name: str
    as_of: str
    timezone: str = Field(description="Of hours and days.")
    members: int
    rest: int
    small: bool = Field(description="Fewer than five members: nothing more is told.")
    looked: Sides | None = Field(default=None, description="Whose events were looked at.")
    events: Sides | None = Field(default=None, description="Events that were looked at.")
    temperature: NumberApart | None = None
    numbers: list[NumberTold] = Field(default=[], description="Traits that are numbers or times.")
    bands: list[Beside] = Field(default=[])
    provinces: list[Beside] = Field(default=[], description="By their two digits.")
    unplaced: Apart | None = Field(default=None, description="Whose province is not known.")
    traits: list[TraitShares] = Field(default=[], description="The most different first.")
    stages: list[Beside] = Field(default=[], description="Of the life cycle; `none`: never active.")
    classes: list[Beside] = Field(default=[], description="Of RFM; `none`: no order in a year.")
    channels: list[Beside] = Field(default=[], description="Shares of events, as all below.")
    devices: list[Beside] = Field(default=[])
    content: list[About] = Field(default=[])
    hours: Weeks | None = None
    worth: Worth | None = None


@router.get("/{id}/portrait", response_model=Portrait, dependencies=[READ])
def segment_portrait(desk: AtDesk, id: Id) -> dict[str, Any]:
    """What are the members of a segment like: traits, place, bands, worth, channels, hours?

    A value that fewer than five profiles have is not told.
    """
    return desk.pool.segments.portrait(id)
