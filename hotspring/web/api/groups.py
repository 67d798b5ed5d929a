"""Groups: named rules under tiers or across them, which overlap, and the first claim of one."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Body, Query
from fastapi.responses import StreamingResponse
from pydantic import Field

from hotspring.privacy import Permission
from hotspring.web.api import export
from hotspring.web.api.desk import AtDesk, Exporter, ProfileReader, SegmentEditor, may
from hotspring.web.api.named_shapes import Id, Kept, Language, Looked, Naming
from hotspring.web.api.paging import Cursor, Limit, page
from hotspring.web.api.people import Key
from hotspring.web.api.rooms import Room
from hotspring.web.api.shapes import FoundProfile, Listing, Page, Shape

router = Room(prefix="/api", tags=["groups"])
READ = may(Permission.READ_PROFILES)
Claimed = Annotated[bool, Query(description="Only those whom it claims.")]


class GroupGiven(Naming):
    """What people say of a group."""

    rule: dict[str, Any] | None = Field(default=None, description="A rule tree.")
    scheme: str = Field(default="", max_length=64, description="Under tiers of this scheme.")
    tiers: list[str] = Field(default_factory=list, max_length=100, description="Their names.")
    weight: float = Field(default=0.0, description="The heaviest that wants a profile claims it.")


class GroupChanged(GroupGiven, Looked):
    """The same, and which version was changed."""


class Group(Kept):
    """A rule under a name, with its claim."""

    rule: dict[str, Any] | None
    scheme: str
    scheme_name: str
    tiers: list[str]
    weight: float
    sentence: str


class Claim(Shape):
    """How many a group has, and how many of them it claims."""

    id: str
    name: str
    weight: float
    profiles: int
    claimed: int


class Claims(Shape):
    """Whose everybody is."""

    as_of: str
    profiles: int = Field(description="Known profiles.")
    claimed: int = Field(description="Those whom any group wants.")
    several: int = Field(description="Those whom more than one wants.")
    items: list[Claim] = Field(description="The heaviest first; of equal ones the oldest.")


class Wanting(Shape):
    """A group that a profile is in."""

    id: str
    name: str
    weight: float


class ProfileGroups(Shape):
    """Which groups want a profile."""

    as_of: str
    profile: str
    claimed_by: str | None = Field(description="The id of the group that claims it.")
    items: list[Wanting] = Field(description="The heaviest first.")


@router.get("/groups", response_model=Listing[Group], dependencies=[READ])
def groups(desk: AtDesk, lang: Language = "zh") -> dict[str, Any]:
    """Which groups are there? The heaviest first."""
    return {"items": desk.pool.groups.all(lang)}


@router.post("/groups", response_model=Group, status_code=201)
def create_group(
    desk: AtDesk, by: SegmentEditor, body: Annotated[GroupGiven, Body()], lang: Language = "zh"
) -> dict[str, Any]:
    """Keep a group under a name."""
    saved = desk.pool.groups.save("", body.model_dump(), by, lang)
    desk.audit.record(by, "group.created", saved["id"], name=saved["name"])
    return saved


@router.get("/groups/claims", response_model=Claims, dependencies=[READ])
def group_claims(desk: AtDesk) -> dict[str, Any]:
    """How many are in each group, and how many of them does it claim?"""
    return desk.pool.groups.claims()


@router.get("/groups/{id}", response_model=Group, dependencies=[READ])
def group(desk: AtDesk, id: Id, lang: Language = "zh") -> dict[str, Any]:
    """Who is in a group?"""
    return desk.pool.groups.one(id, lang)


@router.put("/groups/{id}", response_model=Group)
def change_group(
    desk: AtDesk,
    by: SegmentEditor,
    id: Id,
    body: Annotated[GroupChanged, Body()],
    lang: Language = "zh",
) -> dict[str, Any]:
    """Change name, description, rule, tiers and weight."""
    saved = desk.pool.groups.save(
        id, body.model_dump(exclude={"version"}), by, lang, version=body.version
    )
    desk.audit.record(by, "group.changed", id, name=saved["name"], version=saved["version"])
    return saved


@router.delete("/groups/{id}", status_code=204)
def delete_group(desk: AtDesk, by: SegmentEditor, id: Id) -> None:
    """Forget a group."""
    name = desk.pool.groups.delete(id, by)
    desk.audit.record(by, "group.deleted", id, name=name)


@router.get("/groups/{id}/export", **export.PEOPLE)
def export_group(
    desk: AtDesk, by: Exporter, id: Id, claimed: Claimed = False, form: export.PeopleForm = "csv"
) -> StreamingResponse:
    """Who is in a group, with identifiers and traits, as a file."""
    portions = desk.pool.groups.export(id, claimed)
    desk.audit.record(by, "group.exported", id, claimed=claimed, format=form)
    return export.people(portions, form, "group")


@router.get("/groups/{id}/members", response_model=Page[FoundProfile])
def group_members(
    desk: AtDesk,
    by: ProfileReader,
    id: Id,
    claimed: Claimed = False,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """Who is in a group? The hottest first."""
    found, following = desk.pool.groups.members(id, claimed, limit, cursor)
    desk.audit.record_personal(by, "profile.searched", id, by="group", found=len(found))
    return page(found, following)


@router.get("/profiles/{key:path}/groups", response_model=ProfileGroups)
def profile_groups(
    desk: AtDesk, by: ProfileReader, key: Key, lang: Language = "zh"
) -> dict[str, Any]:
    """Which groups want this profile, and which one claims it?"""
    found = desk.pool.groups.of_profile(key, lang)
    desk.audit.record_personal(by, "profile.opened", found["profile"], part="groups")
    return found
