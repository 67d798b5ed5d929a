"""Machine traffic: what is flagged, flagging, and taking it back."""

from typing import Annotated, Any, Literal

from fastapi import Query
from pydantic import BaseModel, Field

from hotspring.privacy import Permission
from hotspring.web.api.desk import AtDesk, BotFlagger, ProfileReader, may
from hotspring.web.api.freshness import by_version
from hotspring.web.api.paging import Cursor, Limit, page
from hotspring.web.api.rooms import Room
from hotspring.web.api.shapes import Decided, Flag, Listing, Page, Suspect

router = Room(prefix="/api/bots", tags=["bots"])
READ = may(Permission.READ_PROFILES)
Days = Annotated[float, Query(gt=0, le=366, description="How far back, in days.")]


class EventName(BaseModel):
    """One event of a source."""

    source: str = Field(min_length=1, max_length=200)
    message_id: str = Field(min_length=1, max_length=256)


class Targets(BaseModel):
    """What a flag is put on or taken from."""

    profiles: list[str] = Field(
        default_factory=list,
        max_length=1_000,
        description="`KIND:VALUE` for all events of that subject, past and future; a public id for "
        "all identifiers that are wholly this profile's now.",
    )
    events: list[EventName] = Field(default_factory=list, max_length=1_000)
    reason: str = Field(default="", max_length=500)


class Flagging(Targets):
    """A flag to set."""

    verdict: Literal["machine", "human"] = Field(
        default="machine",
        description="`human` clears what the door took for a machine by its user agent.",
    )


@router.get("", response_model=Page[Flag], dependencies=[READ, by_version])
def flags(
    desk: AtDesk, by: ProfileReader, limit: Limit = 50, cursor: Cursor = None
) -> dict[str, Any]:
    """What is flagged, by whom and why? The latest first."""
    found, following = desk.pool.flags(limit, cursor)
    desk.audit.record_personal(by, "profile.searched", "", by="flags", found=len(found))
    return page(found, following)


@router.post("/flag", response_model=Decided)
def flag(desk: AtDesk, by: BotFlagger, body: Flagging) -> dict[str, Any]:
    """Say that something is a machine's, or a human's after all; its heat follows at once."""
    events = [event.model_dump() for event in body.events]
    done = desk.pool.flag(body.profiles, events, body.verdict, body.reason, by)
    _record(desk, by, "bots.flagged", body, done, verdict=body.verdict)
    return done


@router.post("/unflag", response_model=Decided)
def unflag(desk: AtDesk, by: BotFlagger, body: Targets) -> dict[str, Any]:
    """Take flags back: what the door decided stands again, and the heat returns."""
    events = [event.model_dump() for event in body.events]
    done = desk.pool.unflag(body.profiles, events, body.reason, by)
    _record(desk, by, "bots.unflagged", body, done)
    return done


@router.get("/suspects", response_model=Listing[Suspect], dependencies=[READ])
def suspects(desk: AtDesk, by: ProfileReader, days: Days = 7) -> dict[str, Any]:
    """Who looks like a machine: mail scanners and robots, the most suspect first?"""
    found = desk.pool.suspects(days)
    desk.audit.record_personal(by, "profile.searched", "", by="suspects", found=len(found))
    return {"items": found}


@router.post("/suspects/flag", response_model=Decided)
def flag_suspects(desk: AtDesk, by: BotFlagger, days: Days = 7) -> dict[str, Any]:
    """Flag the clicks of likely mail scanners; robots are left to a person."""
    done = desk.pool.flag_suspects(days, by)
    desk.audit.record(by, "bots.flagged", events=done["events"], flags=len(done["flags"]))
    return done


def _record(
    desk: AtDesk,
    by: str,
    action: Literal["bots.flagged", "bots.unflagged"],
    body: Targets,
    done: dict[str, Any],
    **detail: Any,
) -> None:
    for subject in body.profiles or [""]:
        desk.audit.record_personal(
            by, action, subject, flag=done["id"], events=len(body.events), **detail
        )
