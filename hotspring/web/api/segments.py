"""Segments: what rules may say, and of whom one is true now."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Body
from pydantic import Field

from hotspring.privacy import Permission
from hotspring.web.api.desk import AtDesk, ProfileReader, may
from hotspring.web.api.freshness import Tagged
from hotspring.web.api.shapes import FoundProfile, Shape

router = APIRouter(prefix="/api/segments", tags=["segments"], route_class=Tagged)
READ = may(Permission.READ_PROFILES)


class Asked(Shape):
    """A rule to be tried."""

    rule: dict[str, Any] = Field(description="A rule tree: an object with one key, as `and`.")


class Sentences(Shape):
    """What a rule asks, in one sentence."""

    zh: str
    en: str


class Preview(Shape):
    """Of whom a rule is true now."""

    as_of: str = Field(description="The moment of this reading.")
    rule: dict[str, Any] = Field(description="The rule as it was read.")
    sentence: Sentences
    count: int = Field(description="Known profiles of whom it is true.")
    sample: list[FoundProfile] = Field(description="A few of them.")


class Vocabulary(Shape):
    """What rules may say in this pool."""

    leaves: dict[str, Any] = Field(description="JSON Schema of every leaf, by its key.")
    parts: dict[str, Any] = Field(description="Schemas that those refer to.")
    timezone: str = Field(description="Of dates that name none.")
    traits: dict[str, str] = Field(description="Kind by name.")
    events: dict[str, dict[str, str]] = Field(description="By event, the properties seen: kinds.")
    identifiers: list[str] = Field(description="Kinds of identifiers.")
    purposes: list[str] = Field(description="Purposes of consent.")
    channels: list[str] = Field(description="Channels of consent.")
    currencies: list[str] = Field(description="Those with a rate.")
    areas: dict[str, str] = Field(description="Trade areas: names by id.")
    outlets: dict[str, str] = Field(description="Names by id.")


@router.post("/preview", response_model=Preview)
def preview_segment(
    desk: AtDesk, by: ProfileReader, body: Annotated[Asked, Body()]
) -> dict[str, Any]:
    """Of how many known profiles is a rule true now, who is among them, and what does it say?

    A rule that cannot be used is refused with all its faults in `errors`, each with its place as a
    JSON pointer, a code and a message.
    """
    found = desk.pool.segments.preview(body.rule)
    asked = msgspec.json.encode(found["rule"], order="deterministic").decode()
    desk.audit.record_personal(by, "profile.searched", asked, by="rule", found=found["count"])
    return found


@router.get("/vocabulary", response_model=Vocabulary, dependencies=[READ])
def segment_vocabulary(desk: AtDesk) -> dict[str, Any]:
    """What may rules say here: leaves, and the traits, events and places that they can name?"""
    return desk.pool.segments.vocabulary()
