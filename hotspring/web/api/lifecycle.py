"""The life cycle: in which stage everybody is, and by which pace the pool tells that."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import Body, Depends, Query
from pydantic import Field

from hotspring.errors import BadRequest
from hotspring.privacy import Permission
from hotspring.web.api.desk import AtDesk, SegmentEditor, may
from hotspring.web.api.orders import MOST_DAYS, Asked, Counted
from hotspring.web.api.rooms import Room
from hotspring.web.api.shapes import Shape

router = Room(prefix="/api", tags=["analytics"])
READ = may(Permission.READ_PROFILES)
Name = Literal["new", "active", "loyal", "sleeping", "lost", "returned"]
By = Literal["orders", "visits"]


class PaceShown(Shape):
    """Where the stages part, in days."""

    new: int = Field(description="New: the first active day is at most so long ago.")
    sleeping: int = Field(description="Sleeping: not active for so long.")
    lost: int = Field(description="Lost: not active for so long.")
    loyal: int = Field(description="Loyal: active on so many days within the days of lost.")


class PaceVersion(Shape):
    """A pace that was decided."""

    version: int = Field(description="0 is what holds until somebody decides.")
    by: By
    pace: PaceShown
    orders: list[str] = Field(description="Events that are orders; by the rules where empty.")
    decided_at: str | None
    decided_by: str | None


class PaceKept(PaceVersion):
    """The pace of the pool: by it every page, answer and rule tells the stages."""

    versions: list[PaceVersion] = Field(description="The newest first, at most 20.")


class PaceSaid(Shape):
    """The pace as it is to be."""

    by: By = Field(default="orders", description="What it is to be active.")
    new: int = Field(ge=1, le=MOST_DAYS)
    sleeping: int = Field(ge=1, le=MOST_DAYS)
    lost: int = Field(ge=1, le=MOST_DAYS)
    loyal: int = Field(ge=1, le=MOST_DAYS)
    orders: list[str] = Field(default=[], max_length=20, description="Events that are orders.")


class Stage(Shape):
    """How many are in a stage."""

    name: Name
    profiles: int
    share: float = Field(description="Of all who were ever active.")


class StageMove(Shape):
    """How many went from one stage to another, or stayed."""

    from_: Name | Literal["none"] = Field(alias="from", description="`none`: never active then.")
    to: Name | Literal["none"]
    profiles: int


class GapBar(Shape):
    """Gaps between active days."""

    least: int = Field(description="From so many days on.")
    before: int | None = Field(description="Shorter than so many; null without end.")
    gaps: int


class LifecycleShown(Counted):
    """In which stage everybody is: whoever was ever active is in exactly one."""

    by: By
    profiles: int = Field(description="Known profiles.")
    never: int = Field(description="Those of them who never were active; they are in no stage.")
    pace: PaceShown = Field(description="By which the stages were told.")
    kept: bool = Field(description="Is it the pace of the pool?")
    version: int = Field(description="Of the pace of the pool.")
    suggested: PaceShown = Field(description="What follows from the gaps of this pool.")
    gaps: int = Field(description="How many gaps between active days there are.")
    gap_quartiles: list[int] = Field(description="Their quartiles in days; empty without any.")
    spread: list[GapBar] = Field(description="How they are spread, the shortest first.")
    stages: list[Stage]
    since: str | None = Field(description="The earlier moment of the moves.")
    moves: list[StageMove] = Field(description="By the same pace, the most first.")
    changes: list[StageMove] = Field(
        description="From the stages by the pace of the pool to these; empty where it is that."
    )


class StagesThen(Shape):
    """How many were in each stage at a moment."""

    at: str
    never: int
    stages: list[Stage]


class LifecycleHistory(Shape):
    """Stages over time, by one pace."""

    as_of: str
    points: list[StagesThen] = Field(description="The earliest first.")


class State(Shape):
    """Profiles that ordered so often."""

    name: Literal["none", "once", "repeat", "often", "most"]
    least: int = Field(description="Orders, at least.")
    most: int | None = Field(description="And at most; null without end.")
    profiles: int
    share: float = Field(description="Of all known profiles.")
    rule: dict[str, Any] = Field(description="The rule that is true of exactly these.")


class Frequency(Counted):
    """Known profiles by how often they ordered in the window: each is in one state."""

    profiles: int
    states: list[State]


def _days(what: str) -> Any:
    return Query(ge=1, le=MOST_DAYS, description=what)


def _wanted(
    counted: Asked,
    by: Annotated[
        By | None, Query(description="What it is to be active: to order, or to do anything.")
    ] = None,
    new: Annotated[int | None, _days("Days after the first that somebody is new.")] = None,
    sleeping: Annotated[int | None, _days("Days of silence after which somebody sleeps.")] = None,
    lost: Annotated[int | None, _days("Days of silence after which somebody is lost.")] = None,
    loyal: Annotated[int | None, _days("Active days that make somebody loyal.")] = None,
) -> tuple[dict[str, Any], By | None, dict[str, int]]:
    said = {"new": new, "sleeping": sleeping, "lost": lost, "loyal": loyal}
    pace = {name: days for name, days in said.items() if days is not None}
    return counted, by, pace


Wanted = Annotated[tuple[dict[str, Any], By | None, dict[str, int]], Depends(_wanted)]
"""What was not said is as the pool keeps it."""


@router.get("/lifecycle", response_model=LifecycleShown, dependencies=[READ])
def lifecycle(
    desk: AtDesk,
    wanted: Wanted,
    back: Annotated[
        int, Query(ge=0, le=3_650, description="Compared with so many days before; 0 for nothing.")
    ] = 0,
) -> dict[str, Any]:
    """In which stage of the life cycle is everybody, and who went where?"""
    return desk.pool.lifecycle.show(*wanted, back)


@router.get("/lifecycle/history", response_model=LifecycleHistory, dependencies=[READ])
def lifecycle_history(
    desk: AtDesk,
    wanted: Wanted,
    back: Annotated[int, Query(ge=1, le=3_650, description="How many days back.")] = 365,
    points: Annotated[int, Query(ge=2, le=60, description="How many moments.")] = 13,
) -> dict[str, Any]:
    """How many were in each stage over time?"""
    return desk.pool.lifecycle.history(*wanted, back, points)


@router.get("/lifecycle/frequency", response_model=Frequency, dependencies=[READ])
def lifecycle_frequency(
    desk: AtDesk,
    counted: Asked,
    ends: Annotated[
        str, Query(max_length=60, description="Orders from which on: repeat, often, most.")
    ] = "2,4,10",
) -> dict[str, Any]:
    """Who ordered never, once, again, often, most often in the window?"""
    return desk.pool.lifecycle.frequency(counted, _three(ends))


@router.get("/lifecycle/pace", response_model=PaceKept, dependencies=[READ])
def lifecycle_pace(desk: AtDesk) -> dict[str, Any]:
    """By which pace does this pool tell the stages, and who decided that?"""
    return desk.pool.lifecycle.paces.told()


@router.put("/lifecycle/pace", response_model=PaceKept)
def keep_lifecycle_pace(
    desk: AtDesk, by: SegmentEditor, body: Annotated[PaceSaid, Body()]
) -> dict[str, Any]:
    """Decide by which pace the stages are told. Segments that ask for stages follow."""
    pace = body.model_dump(include={"new", "sleeping", "lost", "loyal"})
    kept = desk.pool.lifecycle.keep(body.by, pace, body.orders, by)
    desk.audit.record(by, "lifecycle.changed", version=kept["version"])
    return kept


@router.post("/lifecycle/pace/undo", response_model=PaceKept)
def undo_lifecycle_pace(desk: AtDesk, by: SegmentEditor) -> dict[str, Any]:
    """Take the last decision back: what held before it holds again."""
    desk.pool.lifecycle.paces.undo(by)
    kept = desk.pool.lifecycle.paces.told()
    desk.audit.record(by, "lifecycle.changed", version=kept["version"])
    return kept


def _three(text: str) -> tuple[int, ...]:
    said = "ends takes three ascending numbers from 2 on, as 2,4,10"
    try:
        found = tuple(int(part) for part in text.split(","))
    except ValueError as error:
        raise BadRequest(said) from error
    if (
        len(found) != 3
        or sorted(set(found)) != list(found)
        or not 2 <= found[0] <= found[2] <= 10**9
    ):
        raise BadRequest(said)
    return found
