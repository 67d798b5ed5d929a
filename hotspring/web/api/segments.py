"""Segments: what rules may say, of whom one is true now, and those that have a name."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from fastapi import Body, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse
from pydantic import Field

from hotspring.errors import BadRequest
from hotspring.privacy import Permission
from hotspring.web.api import export
from hotspring.web.api.desk import AtDesk, Exporter, ProfileReader, SegmentEditor, may
from hotspring.web.api.named_shapes import Id, Language, Looked, User
from hotspring.web.api.paging import Cursor, Limit, page
from hotspring.web.api.rooms import Room
from hotspring.web.api.shapes import FoundProfile, Listing, Page, Shape

router = Room(prefix="/api/segments", tags=["segments"])
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


class SchemeWords(Shape):
    """The tiers of a scheme."""

    name: str
    tiers: list[str] = Field(description="The lowest first.")


class TagWords(Shape):
    """What a tag may say."""

    name: str
    values: list[str] = Field(description="None of a plain yes.")


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
    segments: dict[str, str] = Field(description="Segments: names by id.")
    tags: dict[str, TagWords] = Field(description="Tags by id.")
    lifecycle: bool = Field(description="Are there stages of a life cycle?")
    scores: dict[str, str] = Field(description="Scores: names by id.")
    schemes: dict[str, SchemeWords] = Field(description="Schemes of tiers by id.")


class Segment(Shape):
    """A rule or a list that has a name."""

    id: str
    name: str
    description: str
    kind: Literal["dynamic", "static"] = Field(description="By a rule, or a list.")
    rule: dict[str, Any] | None = Field(description="None of a list.")
    sentence: str = Field(description="What the rule asks, in the language asked for.")
    count: int | None = Field(description="Who is in it; none while it is first counted.")
    as_of: str = Field(description="The moment of the count.")
    state: Literal["counting", "current", "failed"]
    problem: str | None = Field(description="Why it cannot be counted.")
    version: int = Field(description="How often it was saved.")
    created_at: str
    created_by: str
    updated_at: str
    updated_by: str
    used_by: list[User] = Field(description="What names it in its rule.")


class Overlapping(Shape):
    """Segments that may overlap."""

    ids: list[str] = Field(min_length=2, max_length=5, description="Of two to five segments.")


class Set(Shape):
    """One of the segments that are laid over each other."""

    id: str
    name: str
    count: int


class Part(Shape):
    """Profiles that are in exactly these segments."""

    ids: list[str]
    count: int


class Overlap(Shape):
    """How segments overlap."""

    as_of: str
    sets: list[Set]
    parts: list[Part] = Field(description="They share nobody. The largest first; no empty ones.")


class Sides(Shape):
    """How many profiles are on either side."""

    members: int
    rest: int


class Side(Shape):
    """A number among some profiles."""

    count: int = Field(description="Of whom it is known.")
    mean: float | None
    median: float | None


class NumberApart(Shape):
    """A number of members and of the rest."""

    of: Literal["temperature", "trait"]
    name: str = Field(description="Of the trait; a time is told as days before the comparison.")
    members: Side
    rest: Side
    effect: float = Field(description="Cliff's delta, from -1 to 1.")


class ShareApart(Shape):
    """Which share of members and of the rest has a value."""

    of: Literal["band", "tier", "province", "trait"]
    name: str = Field(description="Of the scheme of tiers, or of the trait.")
    value: str = Field(
        description="A band, a tier, a province by its two digits, or what the trait says."
    )
    members: float
    rest: float
    effect: float = Field(description="Cohen's h, from -pi to pi; .2 is small, .8 large.")


class Comparison(Shape):
    """What makes the members of a segment different from all other known profiles."""

    as_of: str
    members: int
    rest: int
    compared: Sides = Field(description="Who was looked at: of many, 100,000 are drawn.")
    numbers: list[NumberApart] = Field(description="The greatest effect first.")
    shares: list[ShareApart] = Field(description="The greatest effect first.")


class Said(Shape):
    """What people say of a segment."""

    name: str = Field(max_length=400, description="1 to 100 characters; no other has it.")
    description: str = Field(default="", max_length=4_000)
    rule: dict[str, Any] | None = Field(
        default=None, description="A rule tree; absent where the segment is a list."
    )


class SegmentChanged(Said, Looked):
    """The same, and which version was changed."""


class Uploaded(Segment):
    """A list that was kept, and what became of its lines."""

    found: int = Field(description="Lines that name somebody.")
    unknown: int = Field(description="Lines that name nobody in this pool.")
    refused: list[dict[str, Any]] = Field(
        description="The first lines that cannot be used: `line`, `text`, `reason`."
    )
    refusals: int = Field(description="How many cannot be used.")


class Copied(Shape):
    """What a copy is called."""

    name: str = Field(max_length=400)
    description: str = Field(default="", max_length=4_000)


class Point(Shape):
    """How a segment stood at a moment."""

    at: str
    count: int
    entered: int = Field(description="Since the point before.")
    left: int


class Sizes(Shape):
    """How the size of one segment went."""

    id: str
    counts: list[int | None] = Field(
        description="At the end of each day, the last is now; none before it was counted."
    )


class AllSizes(Shape):
    """How the sizes of segments went."""

    as_of: str
    items: list[Sizes]


class SegmentChange(Shape):
    """Somebody entered or left."""

    at: str
    profile: str
    change: Literal["entered", "left"]
    cause: Literal["first", "rule", "event", "time", "identity", "live"] = Field(
        description="The rule was changed, they did something or it was written of them, time "
        "passed, identifiers, merges or decisions as a tag by hand; `live` is any of the last "
        "three."
    )


MOST_BYTES = 256 << 20


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


@router.get("", response_model=Listing[Segment], dependencies=[READ])
def segments(desk: AtDesk, lang: Language = "zh") -> dict[str, Any]:
    """Which segments are there, and how many are in each?"""
    return {"items": desk.pool.segments.all(lang)}


@router.post("", response_model=Segment, status_code=201)
def create_segment(
    desk: AtDesk, by: SegmentEditor, body: Annotated[Said, Body()], lang: Language = "zh"
) -> dict[str, Any]:
    """Keep a rule under a name. Who is in it is counted at once, and kept current."""
    saved = desk.pool.segments.save("", body.name, body.description, body.rule, by, lang)
    desk.audit.record(by, "segment.created", saved["id"], name=saved["name"])
    return saved


@router.post(
    "/upload",
    response_model=Uploaded,
    status_code=201,
    openapi_extra={
        "requestBody": {
            "required": True,
            "description": "One identifier a line, or the columns kind and value.",
            "content": {"text/plain": {"schema": {"type": "string"}}},
        }
    },
)
async def upload_segment(
    request: Request,
    desk: AtDesk,
    by: SegmentEditor,
    name: Annotated[str, Query(max_length=400, description="No other segment has it.")],
    description: Annotated[str, Query(max_length=4_000, description="What it is for.")] = "",
    lang: Language = "zh",
) -> dict[str, Any]:
    """Keep a list of people, who are told by identifiers, as a segment."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            raise BadRequest(f"a list has at most {MOST_BYTES >> 20} MB")
    keep = desk.pool.segments.upload
    saved = await run_in_threadpool(keep, name, description, bytes(body), by, lang)
    desk.audit.record(by, "segment.created", saved["id"], name=saved["name"], found=saved["found"])
    return saved


@router.get("/sizes", response_model=AllSizes, dependencies=[READ])
def segment_sizes(
    desk: AtDesk, days: Annotated[int, Query(ge=2, le=90, description="How far back.")] = 30
) -> dict[str, Any]:
    """How many were in each segment, day by day? Days are spans of 24 hours up to now."""
    return desk.pool.segments.sizes(days)


@router.get("/{id}", response_model=Segment, dependencies=[READ])
def segment(desk: AtDesk, id: Id, lang: Language = "zh") -> dict[str, Any]:
    """What does a segment ask, and how many are in it?"""
    return desk.pool.segments.one(id, lang)


@router.put("/{id}", response_model=Segment)
def change_segment(
    desk: AtDesk,
    by: SegmentEditor,
    id: Id,
    body: Annotated[SegmentChanged, Body()],
    lang: Language = "zh",
) -> dict[str, Any]:
    """Change name, description and rule. What names the segment goes on doing so."""
    saved = desk.pool.segments.save(
        id, body.name, body.description, body.rule, by, lang, version=body.version
    )
    desk.audit.record(by, "segment.changed", id, name=saved["name"], version=saved["version"])
    return saved


@router.delete("/{id}", status_code=204)
def delete_segment(desk: AtDesk, by: SegmentEditor, id: Id) -> None:
    """Forget a segment. Refused where a rule names it, with the names of what does."""
    name = desk.pool.segments.delete(id, by)
    desk.audit.record(by, "segment.deleted", id, name=name)


@router.get("/{id}/members", response_model=Page[FoundProfile], response_model_exclude_unset=True)
def segment_members(
    desk: AtDesk, by: ProfileReader, id: Id, limit: Limit = 50, cursor: Cursor = None
) -> dict[str, Any]:
    """Who is in a segment? The hottest first."""
    found, following = desk.pool.segments.members(id, limit, cursor)
    desk.audit.record_personal(by, "profile.searched", id, by="segment", found=len(found))
    return page(found, following)


@router.post("/overlap", response_model=Overlap, dependencies=[READ])
def overlap_segments(desk: AtDesk, body: Annotated[Overlapping, Body()]) -> dict[str, Any]:
    """How many are in exactly these of two to five segments, for every choice of them?"""
    return desk.pool.segments.overlap(body.ids)


@router.get("/{id}/compare", response_model=Comparison, dependencies=[READ])
def compare_segment(desk: AtDesk, id: Id) -> dict[str, Any]:
    """What makes the members of a segment different from the rest: traits, heat, tiers, places?"""
    return desk.pool.segments.compare(id)


@router.get("/{id}/export", **export.PEOPLE)
def export_segment(
    desk: AtDesk,
    by: Exporter,
    id: Id,
    form: export.PeopleForm = "csv",
) -> StreamingResponse:
    """Who is in a segment, with identifiers and traits, as a file."""
    portions = desk.pool.segments.export(id)
    desk.audit.record(by, "segment.exported", id, format=form)
    return export.people(portions, form, "segment")


@router.post("/{id}/snapshot", response_model=Segment, status_code=201)
def snapshot_segment(
    desk: AtDesk, by: SegmentEditor, id: Id, body: Annotated[Copied, Body()], lang: Language = "zh"
) -> dict[str, Any]:
    """Keep who is in a segment now as a list, which stays as it is."""
    saved = desk.pool.segments.snapshot(id, body.name, body.description, by, lang)
    desk.audit.record(by, "segment.created", saved["id"], name=saved["name"], copy_of=id)
    return saved


@router.get("/{id}/history", response_model=Listing[Point], dependencies=[READ])
def segment_history(
    desk: AtDesk,
    id: Id,
    days: Annotated[float, Query(gt=0, le=3_650, description="How far back.")] = 90,
) -> dict[str, Any]:
    """How many were in a segment, and how many entered and left since the moment before?"""
    return {"items": desk.pool.segments.history(id, days)}


@router.get("/{id}/changes", response_model=Page[SegmentChange])
def segment_changes(
    desk: AtDesk, by: ProfileReader, id: Id, limit: Limit = 50, cursor: Cursor = None
) -> dict[str, Any]:
    """Who entered a segment and who left it? The latest first."""
    found, following = desk.pool.segments.changes(id, limit, cursor)
    desk.audit.record_personal(by, "profile.searched", id, by="segment", found=len(found))
    return page(found, following)
