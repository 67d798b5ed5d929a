"""What one person is like, as it is told."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from hotspring.web.api.lifecycle import By, Name, PaceShown
from hotspring.web.api.orders import Counted
from hotspring.web.api.rfm import Class, Cuts
from hotspring.web.api.shapes import Shape


class Customer(Shape):
    """What somebody's orders come to."""

    class_: Class = Field(alias="class")
    cell: str = Field(description="Grades of recency and frequency, as `5-4`.")
    last_order: str
    days: int = Field(description="Since the last order; a day that has begun counts.")
    orders: int
    amount: float = Field(description="Less refunds, in the currency that is told.")


class RfmOfOne(Counted):
    """Class and cell among all customers, by orders of a year."""

    customer: Customer | None = Field(description="None without an order in the window.")
    thresholds: Cuts | None = Field(default=None, description="By which the class is told.")


class StageOfOne(Shape):
    """The stage of the life cycle, by the pace of the pool."""

    stage: Name | None = Field(description="None of who never was active.")
    by: By
    pace: PaceShown
    active_days: int
    last: str | None = Field(description="When they were active last.")
    days_silent: int | None = Field(description="Days since, by the calendar of the pool.")
    usual_gap: float | None = Field(description="Days between active days, the middle one.")


class Habit(Shape):
    """A value that events have."""

    value: str
    events: int
    share: float = Field(description="Of the events that were looked at.")


class Content(Shape):
    """What events were about, by properties whose names say category, brand or product."""

    kind: Literal["category", "brand", "product"]
    values: list[Habit] = Field(description="The commonest first, at most 8.")


class Persona(Shape):
    """What one person is like; machine traffic is left out."""

    as_of: str
    timezone: str = Field(description="Of hours and days.")
    rfm: RfmOfOne
    lifecycle: StageOfOne
    events: int = Field(description="Events that count.")
    from_: str | None = Field(alias="from", description="The first of them.")
    channels: list[Habit]
    devices: list[Habit]
    content: list[Content] = Field(description="Of the newest 20,000 events.")
    hours: list[list[int]] = Field(
        description="Events by day of the week (Monday first) and hour of the day."
    )
