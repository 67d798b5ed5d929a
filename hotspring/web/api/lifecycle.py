"""The life cycle: in which stage everybody is."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import Field

from hotspring.privacy import Permission
from hotspring.web.api.desk import AtDesk, may
from hotspring.web.api.freshness import Tagged
from hotspring.web.api.orders import MOST_DAYS, Asked, Counted
from hotspring.web.api.shapes import Shape

router = APIRouter(prefix="/api", tags=["analytics"], route_class=Tagged)
READ = may(Permission.READ_PROFILES)
Name = Literal["new", "active", "loyal", "sleeping", "lost", "returned"]


class PaceShown(Shape):
    """Where the stages part, in days."""

    new: int = Field(description="New: the first active day is at most so long ago.")
    sleeping: int = Field(description="Sleeping: not active for so long.")
    lost: int = Field(description="Lost: not active for so long.")
    loyal: int = Field(description="Loyal: active on so many days within the days of lost.")


class Stage(Shape):
    """How many are in a stage."""

    name: Name
    profiles: int
    share: float = Field(description="Of all known profiles.")


class StageMove(Shape):
    """How many went from one stage to another, or stayed."""

    from_: Name = Field(alias="from")
    to: Name
    profiles: int


class LifecycleShown(Counted):
    """In which stage everybody is: every known profile is in exactly one."""

    by: Literal["orders", "visits"]
    profiles: int = Field(description="Known profiles.")
    pace: PaceShown = Field(description="By which the stages were told.")
    suggested: PaceShown = Field(description="What follows from the gaps of this pool.")
    gaps: int = Field(description="How many gaps between active days there are.")
    gap_quartiles: list[int] = Field(description="Their quartiles in days; empty without any.")
    stages: list[Stage]
    since: str | None = Field(description="The earlier moment of the moves.")
    moves: list[StageMove] = Field(description="By the same pace, the most first.")


def _days(what: str) -> Any:
    return Query(ge=1, le=MOST_DAYS, description=what)


@router.get("/lifecycle", response_model=LifecycleShown, dependencies=[READ])
def lifecycle(
    desk: AtDesk,
    counted: Asked,
    by: Annotated[
        Literal["orders", "visits"],
        Query(description="What it is to be active: to order, or to do anything."),
    ] = "orders",
    new: Annotated[int | None, _days("Days after the first that somebody is new.")] = None,
    sleeping: Annotated[int | None, _days("Days of silence after which somebody sleeps.")] = None,
    lost: Annotated[int | None, _days("Days of silence after which somebody is lost.")] = None,
    loyal: Annotated[int | None, _days("Active days that make somebody loyal.")] = None,
    back: Annotated[
        int, Query(ge=0, le=3_650, description="Compared with so many days before; 0 for nothing.")
    ] = 0,
) -> dict[str, Any]:
    """In which stage of the life cycle is everybody, and who went where?"""
    said = {"new": new, "sleeping": sleeping, "lost": lost, "loyal": loyal}
    pace = {name: days for name, days in said.items() if days is not None}
    return desk.pool.lifecycle.show(counted, by, pace, back)
