"""Profiles: found, opened, understood, and their merges undone."""

from typing import Annotated, Any, Literal

from fastapi import Path, Query

from hotspring.errors import BadRequest
from hotspring.privacy import Permission
from hotspring.web.api.desk import AtDesk, IdentityEditor, ProfileReader, may
from hotspring.web.api.freshness import by_version, by_version_and_time
from hotspring.web.api.moments import to_ms
from hotspring.web.api.named_shapes import AMONG
from hotspring.web.api.paging import Cursor, Limit, page
from hotspring.web.api.persona_shapes import Persona
from hotspring.web.api.rooms import Room
from hotspring.web.api.shapes import (
    Announced,
    Band,
    Consent,
    Contribution,
    Curve,
    Decided,
    FoundProfile,
    Listing,
    Merges,
    Page,
    Profile,
    TimelineEvent,
)

router = Room(prefix="/api", tags=["profiles"])
READ = may(Permission.READ_PROFILES)
DAY_MS = 86_400_000

Id = Annotated[str, Path(max_length=200, description="As it was answered.")]
Key = Annotated[
    str,
    Path(max_length=600, description="A public id, or `KIND:VALUE` of any of its identifiers."),
]


@router.get(
    "/profiles",
    response_model_exclude_unset=True,
    response_model=Page[FoundProfile],
    dependencies=[READ, by_version_and_time],
)
def search(
    desk: AtDesk,
    by: ProfileReader,
    q: Annotated[
        str | None, Query(max_length=600, description="`KIND:VALUE`, or the value alone.")
    ] = None,
    trait: Annotated[
        str | None, Query(max_length=600, description="`NAME:VALUE` of a trait.")
    ] = None,
    band: Annotated[Band | None, Query(description="Only profiles in this band.")] = None,
    among: Annotated[str | None, Query(max_length=300, description=AMONG)] = None,
    sort: Annotated[
        Literal["temperature", "-temperature"], Query(description="Hottest or coldest first.")
    ] = "temperature",
    detail: Annotated[
        bool, Query(description="Tell the identifiers and traits of each as well.")
    ] = False,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """Which profiles are there?"""
    found, following = desk.pool.profiles(q, named(trait), band, sort, limit, cursor, detail, among)
    asked = " ".join(text for text in (q, trait, among) if text)
    kind = "identifier" if q else "trait" if trait else "among" if among else "list"
    desk.audit.record_personal(by, "profile.searched", asked, by=kind, band=band, found=len(found))
    return page(found, following)


@router.get("/announcements", response_model=Page[Announced], dependencies=[READ, by_version])
def announcements(
    desk: AtDesk, by: ProfileReader, limit: Limit = 50, cursor: Cursor = None
) -> dict[str, Any]:
    """Who warmed up or cooled down into another band? The latest first."""
    found, following = desk.pool.announcements(limit, cursor)
    desk.audit.record_personal(by, "profile.searched", "", by="announcements", found=len(found))
    return page(found, following)


@router.get(
    "/profiles/{key:path}/timeline",
    response_model=Page[TimelineEvent],
    dependencies=[READ, by_version],
)
def timeline(
    desk: AtDesk, by: ProfileReader, key: Key, limit: Limit = 50, cursor: Cursor = None
) -> dict[str, Any]:
    """What did this profile do? The latest first."""
    found, following = desk.pool.timeline(key, limit, cursor)
    desk.audit.record_personal(by, "profile.opened", key, part="timeline")
    return page(found, following)


@router.get(
    "/profiles/{key:path}/temperature",
    response_model=Curve,
    dependencies=[READ, by_version_and_time],
)
def curve(
    desk: AtDesk,
    by: ProfileReader,
    key: Key,
    start: Annotated[
        str | None, Query(alias="from", description="30 days before `to` if absent.")
    ] = None,
    end: Annotated[str | None, Query(alias="to", description="Now if absent.")] = None,
    points: Annotated[int, Query(ge=2, le=2_000, description="How many readings.")] = 200,
    ahead: Annotated[
        float, Query(ge=0, le=3_650, description="Forecast so many days, if nothing happens.")
    ] = 0,
) -> dict[str, Any]:
    """How warm was this profile over time, and how will it cool?"""
    zone = desk.settings.zone
    to = desk.clock() if end is None else to_ms(end, zone)
    since = max(to - 30 * DAY_MS, 0) if start is None else to_ms(start, zone)
    if since >= to:
        raise BadRequest("`from` lies before `to`")
    drawn = desk.pool.curve(key, since, to, points, round(ahead * DAY_MS))
    desk.audit.record_personal(by, "profile.opened", key, part="temperature")
    return drawn


@router.get(
    "/profiles/{key:path}/contributions",
    response_model=Listing[Contribution],
    dependencies=[READ, by_version_and_time],
)
def contributions(desk: AtDesk, by: ProfileReader, key: Key) -> dict[str, Any]:
    """What heated this profile, by rule?"""
    found = desk.pool.contributions(key)
    desk.audit.record_personal(by, "profile.opened", key, part="contributions")
    return {"items": found}


@router.get(
    "/profiles/{key:path}/persona",
    response_model=Persona,
    dependencies=[READ, by_version_and_time],
)
def persona(desk: AtDesk, by: ProfileReader, key: Key) -> dict[str, Any]:
    """What is this profile like: worth, life cycle, channels, content, hours of activity?"""
    found = desk.pool.persona(key)
    desk.audit.record_personal(by, "profile.opened", key, part="persona")
    return found


@router.get("/profiles/{key:path}/merges", response_model=Merges, dependencies=[READ, by_version])
def merges(desk: AtDesk, by: ProfileReader, key: Key) -> dict[str, Any]:
    """Which evidence made this profile one, and which was not enough?"""
    found = desk.pool.merges(key)
    desk.audit.record_personal(by, "profile.opened", key, part="merges")
    return found


@router.post("/profiles/{key:path}/merges/{merge_id}/undo", response_model=Decided)
def undo(desk: AtDesk, by: IdentityEditor, key: Key, merge_id: Id) -> dict[str, Any]:
    """Part again what this merge joined; every event goes back to its side."""
    decided = desk.pool.undo(key, merge_id, by)
    desk.audit.record_personal(by, "identity.merge_undone", key, merge=merge_id)
    return decided


@router.post("/commands/{command_id}/retract", response_model=Decided)
def retract(desk: AtDesk, by: IdentityEditor, command_id: Id) -> dict[str, Any]:
    """Take a decision back, such as the undoing of a merge."""
    decided = desk.pool.retract(command_id, by)
    desk.audit.record(by, "identity.retracted", command_id)
    return decided


@router.get(
    "/profiles/{key:path}/consent",
    response_model=Listing[Consent],
    dependencies=[READ, by_version],
)
def consent(desk: AtDesk, by: ProfileReader, key: Key) -> dict[str, Any]:
    """What did this person agree to, by purpose and channel?"""
    found = desk.pool.consent(key)
    desk.audit.record_personal(by, "profile.opened", key, part="consent")
    return {"items": found}


# The last, because a value may hold slashes and this pattern matches all of the above.
@router.get(
    "/profiles/{key:path}", response_model=Profile, dependencies=[READ, by_version_and_time]
)
def profile(desk: AtDesk, by: ProfileReader, key: Key) -> dict[str, Any]:
    """Who is this, and how warm?"""
    found = desk.pool.profile(key)
    desk.audit.record_personal(by, "profile.opened", str(found["id"]))
    return found


def named(trait: str | None) -> tuple[str, str] | None:
    """Which trait, and which value of it, is asked for?"""
    if trait is None:
        return None
    name, mark, value = trait.partition(":")
    if not mark or not name:
        raise BadRequest("write a trait as NAME:VALUE")
    return name, value
