"""Tiers: ordered classes that never overlap, who is in which, who moved, and what is missing."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import Body, Query
from fastapi.responses import StreamingResponse
from pydantic import Field

from hotspring.privacy import Permission
from hotspring.web.api import export
from hotspring.web.api.desk import AtDesk, Exporter, ProfileReader, SegmentEditor, may
from hotspring.web.api.moments import to_ms
from hotspring.web.api.named_shapes import Bar, Id, Kept, Language, Looked, MeasureGiven, Naming
from hotspring.web.api.paging import Cursor, Limit, page
from hotspring.web.api.people import Key
from hotspring.web.api.rooms import Room
from hotspring.web.api.shapes import FoundProfile, Listing, Page, Shape

router = Room(prefix="/api", tags=["tiers"])
READ = may(Permission.READ_PROFILES)
Way = Literal["metric", "composite", "rules"]
OneTier = Annotated[str, Query(max_length=400, description="The name of the tier.")]


class TierGiven(Shape):
    """A class of a scheme."""

    name: str = Field(max_length=400)
    rule: dict[str, Any] | None = Field(
        default=None, description="By rules, of all but the lowest: who is in it or above."
    )


class Tier(TierGiven):
    """A class, and what it asks."""

    sentence: str


class MetricGiven(Shape):
    """A number by which tiers are told."""

    measure: MeasureGiven
    weight: float = Field(default=1.0, description="In a composite; below 0 less is better.")


class Metric(MetricGiven):
    """A number, and what it measures."""

    sentence: str


class Classes(Shape):
    """What a scheme is made of."""

    tiers: list[TierGiven] = Field(max_length=100, description="The lowest first.")
    by: Way = Field(default="metric", description="What tells the tiers.")
    metrics: list[MetricGiven] = Field(default_factory=list, max_length=50)
    shares: list[float] = Field(
        default_factory=list,
        max_length=100,
        description="Ascending shares of the known profiles that lie below each tier but the "
        "lowest: quantiles, read off the pool when the scheme is saved or refreshed.",
    )
    cuts: list[float] = Field(
        default_factory=list,
        max_length=100,
        description="By hand: the number from which on each tier but the lowest begins.",
    )
    grace: int = Field(default=0, description="Days for which who falls keeps the higher tier.")


class SchemeGiven(Naming, Classes):
    """What people say of a scheme."""


class SchemeChanged(SchemeGiven, Looked):
    """The same, and which version was changed."""


class Scheme(Kept):
    """Ordered classes under a name."""

    by: Way
    tiers: list[Tier]
    metrics: list[Metric]
    shares: list[float]
    cuts: list[float]
    fixed_at: str | None = Field(description="When quantiles and ranks were read off the pool.")
    grace: int


class TierStanding(Shape):
    """How many are in a tier."""

    name: str
    from_: float | None = Field(alias="from", description="The number at which it begins.")
    profiles: int
    share: float = Field(description="Of all known profiles.")
    mean: float | None = Field(description="Of the number that decides.")


class NumberSpread(Shape):
    """How the number is spread that decides."""

    profiles: int
    mean: float | None
    least: float | None
    most: float | None
    quartiles: list[float]
    bars: list[Bar]


class Standing(Shape):
    """In which tier everybody is: every known profile is in exactly one."""

    as_of: str
    profiles: int = Field(description="Known profiles.")
    fixed_at: str | None
    tiers: list[TierStanding] = Field(description="The lowest first.")
    spread: NumberSpread | None = Field(description="None where rules decide.")


class TierMove(Shape):
    """Profiles that went from one tier to another, or stayed."""

    from_: str | None = Field(alias="from", description="None: not there yet.")
    to: str | None
    profiles: int


class Movement(Shape):
    """Who moved between two moments, by the scheme as it is now."""

    from_: str = Field(alias="from")
    to: str
    tiers: list[str]
    moves: list[TierMove] = Field(description="The most first.")


class Condition(Shape):
    """A part of the rule of the next tier."""

    sentence: str
    met: bool


class Missing(Shape):
    """What is missing to the next tier."""

    tier: str
    from_: float | None = Field(alias="from", description="Where it begins.")
    missing: float | None = Field(description="How much; none by rules.")
    conditions: list[Condition] = Field(description="By rules: which parts hold already.")


class ProfileTier(Shape):
    """The tier of a profile in one scheme."""

    id: str
    name: str
    tiers: list[str]
    tier: str | None = Field(description="None of an anonymous profile.")
    by_numbers: str | None = Field(description="The tier without grace.")
    value: float | None = Field(description="The number that decides.")
    next: Missing | None


class ProfileTiers(Shape):
    """The tiers of a profile in all schemes."""

    as_of: str
    profile: str
    items: list[ProfileTier]


@router.get("/tiers", response_model=Listing[Scheme], dependencies=[READ])
def schemes(desk: AtDesk, lang: Language = "zh") -> dict[str, Any]:
    """Which schemes of tiers are there?"""
    return {"items": desk.pool.tiers.all(lang)}


@router.post("/tiers", response_model=Scheme, status_code=201)
def create_scheme(
    desk: AtDesk, by: SegmentEditor, body: Annotated[SchemeGiven, Body()], lang: Language = "zh"
) -> dict[str, Any]:
    """Keep a scheme of tiers under a name."""
    saved = desk.pool.tiers.save("", body.model_dump(), by, lang)
    desk.audit.record(by, "tiers.created", saved["id"], name=saved["name"])
    return saved


@router.post("/tiers/preview", response_model=Standing)
def preview_scheme(
    desk: AtDesk, by: ProfileReader, body: Annotated[Classes, Body()], lang: Language = "zh"
) -> dict[str, Any]:
    """How many would be in which tier? Nothing is kept."""
    return desk.pool.tiers.preview(body.model_dump(), lang)


@router.get("/tiers/{id}", response_model=Scheme, dependencies=[READ])
def scheme(desk: AtDesk, id: Id, lang: Language = "zh") -> dict[str, Any]:
    """What parts the tiers of a scheme?"""
    return desk.pool.tiers.one(id, lang)


@router.put("/tiers/{id}", response_model=Scheme)
def change_scheme(
    desk: AtDesk,
    by: SegmentEditor,
    id: Id,
    body: Annotated[SchemeChanged, Body()],
    lang: Language = "zh",
) -> dict[str, Any]:
    """Change a scheme. Refused where a rule names a tier that would go."""
    saved = desk.pool.tiers.save(
        id, body.model_dump(exclude={"version"}), by, lang, version=body.version
    )
    desk.audit.record(by, "tiers.changed", id, name=saved["name"], version=saved["version"])
    return saved


@router.post("/tiers/{id}/refresh", response_model=Scheme)
def refresh_scheme(
    desk: AtDesk, by: SegmentEditor, id: Id, lang: Language = "zh"
) -> dict[str, Any]:
    """Read quantiles and ranks off the pool as it is now; who stands where follows."""
    saved = desk.pool.tiers.refresh(id, by, lang)
    desk.audit.record(by, "tiers.changed", id, name=saved["name"], version=saved["version"])
    return saved


@router.delete("/tiers/{id}", status_code=204)
def delete_scheme(desk: AtDesk, by: SegmentEditor, id: Id) -> None:
    """Forget a scheme. Refused where something names it, with the names of what does."""
    name = desk.pool.tiers.delete(id, by)
    desk.audit.record(by, "tiers.deleted", id, name=name)


@router.get("/tiers/{id}/standing", response_model=Standing, dependencies=[READ])
def tier_standing(desk: AtDesk, id: Id, lang: Language = "zh") -> dict[str, Any]:
    """How many are in which tier, and how is the number spread that decides?"""
    return desk.pool.tiers.standing(id, lang)


@router.get("/tiers/{id}/movement", response_model=Movement, dependencies=[READ])
def tier_movement(
    desk: AtDesk,
    id: Id,
    since: Annotated[str, Query(alias="from", max_length=64, description="The earlier moment.")],
    until: Annotated[
        str | None, Query(alias="to", max_length=64, description="The later one; now without.")
    ] = None,
) -> dict[str, Any]:
    """Who went from which tier to which between two moments?"""
    zone = desk.settings.zone
    to = None if until is None else to_ms(until, zone)
    return desk.pool.tiers.movement(id, to_ms(since, zone), to)


@router.get("/tiers/{id}/export", **export.PEOPLE)
def export_tier(
    desk: AtDesk, by: Exporter, id: Id, tier: OneTier, form: export.PeopleForm = "csv"
) -> StreamingResponse:
    """Who is in a tier, with identifiers and traits, as a file."""
    portions = desk.pool.tiers.export(id, tier)
    desk.audit.record(by, "tiers.exported", id, tier=tier, format=form)
    return export.people(portions, form, "tier")


@router.get("/tiers/{id}/members", response_model=Page[FoundProfile])
def tier_members(
    desk: AtDesk,
    by: ProfileReader,
    id: Id,
    tier: OneTier,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """Who is in a tier? The hottest first."""
    found, following = desk.pool.tiers.members(id, tier, limit, cursor)
    desk.audit.record_personal(by, "profile.searched", id, by="tier", found=len(found))
    return page(found, following)


@router.get("/profiles/{key:path}/tiers", response_model=ProfileTiers)
def profile_tiers(
    desk: AtDesk, by: ProfileReader, key: Key, lang: Language = "zh"
) -> dict[str, Any]:
    """In which tier of every scheme is this profile, and what is missing to the next?"""
    found = desk.pool.tiers.of_profile(key, lang)
    desk.audit.record_personal(by, "profile.opened", found["profile"], part="tiers")
    return found
