"""The whole pool at a glance."""

from typing import Any, Literal

from pydantic import BaseModel, Field

from hotspring.privacy import Permission
from hotspring.web.api.desk import AtDesk, may
from hotspring.web.api.freshness import by_version_and_time
from hotspring.web.api.rooms import Room
from hotspring.web.api.shapes import PoolTemperature, Shape

router = Room(prefix="/api", tags=["pool"])
READ = may(Permission.READ_POOL)


class Day(PoolTemperature):
    """The pool at the end of one day, restated by today's rules and identities."""

    day: str = Field(description="The day in the zone of the pool.")


class History(BaseModel):
    """The last 30 whole days."""

    computing: bool = Field(description="Newer figures are being made; ask again.")
    days: list[Day] = Field(description="The oldest first; empty until they are made.")


State = Literal["hot", "warm", "cool", "cold", "new"]


class Stream(BaseModel):
    """So many known profiles went this way."""

    from_: State = Field(alias="from", description="`new`: nothing was known of them then.")
    to: State
    profiles: int


class Flow(BaseModel):
    """Who is where, and was where a week ago; who stayed is told too."""

    since: str
    until: str
    flows: list[Stream]


class Minute(BaseModel):
    """Events received in one minute."""

    at: str
    accepted: int
    refused: int


class Traffic(BaseModel):
    """What came in."""

    minutes: list[Minute] = Field(description="The last 60; the last one is not over.")
    per_minute: int = Field(description="Accepted in the last whole minute.")
    last_hour: int
    refused_last_hour: int


class SourceHealth(BaseModel):
    """How one source does."""

    name: str
    state: Literal["healthy", "silent", "failing", "new", "closed"] = Field(
        description="`silent` for a day, `failing`: more is refused than accepted, `new`: sent "
        "nothing yet, `closed`: its key was taken back, or it was an import."
    )
    last_at: str | None = Field(description="When the last one that was accepted came.")
    accepted_today: int = Field(description="In the last 24 hours.")
    refused_today: int
    hours: list[int] = Field(description="`accepted_today` by hour; the last one ends now.")
    events: int = Field(description="All that are stored.")


class Concern(Shape):
    """One thing that wants attention; which further members it has depends on its kind."""

    kind: str = Field(
        description="`stopped`, `lag`, `damaged`, `quarantine`, `conflicts`, `source_silent`, "
        "`source_failing`, `backup_failed`, `cooling`."
    )
    level: Literal["error", "warning", "info"]
    count: int | None = None
    source: str | None = None
    at: str | None = None


class OverviewShown(Shape):
    """A first look."""

    as_of: str
    temperature: PoolTemperature
    history: History
    flow: Flow | None = Field(description="Null until the days are made.")
    traffic: Traffic
    sources: list[SourceHealth]
    attention: list[Concern]


@router.get("/overview", response_model=OverviewShown, dependencies=[READ, by_version_and_time])
def overview(desk: AtDesk) -> dict[str, Any]:
    """How is the pool, how did it get there, what comes in, and what wants attention?"""
    return desk.pool.overview()
