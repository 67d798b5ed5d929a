"""Erasing people, in two steps, and letting them come back."""

from typing import Annotated, Any

from fastapi import Path
from pydantic import BaseModel, Field

from hotspring.web.api.desk import AtDesk, Eraser
from hotspring.web.api.rooms import Room
from hotspring.web.api.shapes import Listing, Shape

router = Room(prefix="/api", tags=["erasures"])
KEY = Field(max_length=600, description="A public id, or `KIND:VALUE` of any identifier.")
EraseId = Annotated[str, Path(max_length=64, description="As it was answered.")]


class Named(BaseModel):
    """One identifier."""

    kind: str
    value: str


class Whom(BaseModel):
    """The person who is meant."""

    key: str = KEY


class Agreed(Whom):
    """The person who is meant, and the confirmation of what was told."""

    confirm: str = Field(max_length=100, description="`confirm` of the plan.")


class Plan(Shape):
    """What would go with a person."""

    profile: str | None = Field(description="Public id; null where no accepted event named them.")
    identifiers: list[Named] = Field(description="These go and must not come back.")
    stays: list[Named] = Field(description="These stay with other people who share them.")
    events: int
    quarantined: int = Field(description="Refused events that speak of them.")
    whole_pool: bool = Field(description="So many are tied to them that all is folded anew.")
    confirm: str = Field(description="Send this back to agree, within a quarter of an hour.")
    expires_at: str


class Erasure(Shape):
    """One erasure, or one readmission."""

    id: str
    kind: str = Field(description="`erase` or `readmit`.")
    at: str
    by: str
    identifiers: int = Field(description="How many are kept out, or let in again.")
    state: str = Field(description="running, done, or void where the person had changed.")
    done_at: str | None = Field(description="When it was out of every file.")


@router.post("/erasures/plan", response_model=Plan)
def plan_erasure(desk: AtDesk, by: Eraser, body: Whom) -> dict[str, Any]:
    """What would go with this person? Nothing is changed."""
    told = desk.pool.erasures.plan(body.key, desk.clock())
    desk.audit.record_personal(by, "erasure.planned", body.key, events=told["events"])
    return told


@router.post("/erasures", response_model=Erasure, status_code=202)
def erase(desk: AtDesk, by: Eraser, body: Agreed) -> dict[str, Any]:
    """Erase this person; nobody sees anything of them from now on, files follow."""
    done = desk.pool.erasures.confirm(body.key, body.confirm, by, desk.clock())
    desk.audit.record(by, "person.erased", done["id"], identifiers=done["identifiers"])
    return done


@router.get("/erasures", response_model=Listing[Erasure])
def erasures(desk: AtDesk, by: Eraser) -> dict[str, Any]:
    """Who was erased when, and who may come back? The latest first, without a name."""
    return {"items": desk.pool.erasures.all()}


@router.get("/erasures/{erasure_id}", response_model=Erasure)
def erasure(desk: AtDesk, by: Eraser, erasure_id: EraseId) -> dict[str, Any]:
    """How far is this erasure?"""
    return desk.pool.erasures.one(erasure_id)


@router.post("/readmissions", response_model=Erasure)
def readmit(desk: AtDesk, by: Eraser, body: Whom) -> dict[str, Any]:
    """Let a person who was erased come back, because they signed up again."""
    done = desk.pool.erasures.readmit(body.key, by, desk.clock())
    desk.audit.record_personal(by, "person.readmitted", body.key, id=done["id"])
    return done
