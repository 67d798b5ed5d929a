"""Tags: words that rules and people put on profiles."""

from __future__ import annotations

from typing import Annotated, Any, Literal

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
from hotspring.web.api.people import Key
from hotspring.web.api.rooms import Room
from hotspring.web.api.segments import MOST_BYTES
from hotspring.web.api.shapes import FoundProfile, Listing, Page, Shape

router = Room(prefix="/api", tags=["tags"])
READ = may(Permission.READ_PROFILES)


class TagValue(Shape):
    """A value of a tag."""

    value: str = Field(description="Empty where the tag is a plain yes.")
    rule: dict[str, Any] | None = Field(description="None of a tag by hand.")
    sentence: str = Field(description="What the rule asks, in the language asked for.")
    count: int | None = Field(description="Who has it; none while that is unknown.")


class Tag(Shape):
    """A word that rules or people put on profiles."""

    id: str
    name: str
    description: str
    owner: str = Field(description="Who answers for it.")
    kind: Literal["rule", "hand"]
    values: list[TagValue] = Field(description="The first whose rule is true counts.")
    state: Literal["unknown", "counted", "failed"]
    problem: str | None = Field(description="Why it cannot be counted.")
    count: int | None = Field(description="Known profiles that have it, when it was counted last.")
    known: int | None = Field(description="Of so many known profiles.")
    as_of: str | None = Field(description="The moment of the count.")
    last_set_at: str | None = Field(description="When anybody last set it by hand.")
    version: int = Field(description="How often it was saved.")
    created_at: str
    created_by: str
    updated_at: str
    updated_by: str
    used_by: list[User] = Field(description="What names it in its rule.")


class TagUploaded(Tag):
    """A tag after a file was read, and what became of its lines."""

    entry: int | None = Field(description="What `undo` takes back; none where nobody is named.")
    found: int = Field(description="Lines that name somebody.")
    unknown: int = Field(description="Lines that name nobody in this pool.")
    refused: list[dict[str, Any]] = Field(
        description="The first lines that cannot be used: `line`, `text`, `reason`."
    )
    refusals: int = Field(description="How many cannot be used.")


class ValueSaid(Shape):
    """A value that a tag is to have."""

    value: str = Field(default="", max_length=400, description="Empty for a plain yes.")
    rule: dict[str, Any] | None = Field(default=None, description="A rule tree.")


class TagSaid(Shape):
    """What people say of a tag."""

    name: str = Field(max_length=400, description="1 to 100 characters; no other has it.")
    description: str = Field(default="", max_length=4_000, description="What it means.")
    owner: str | None = Field(default=None, max_length=400, description="Who asks, if absent.")
    kind: Literal["rule", "hand"] = Field(default="hand", description="It stays as it is.")
    values: list[ValueSaid] = Field(
        default_factory=list, description="In order; none for a plain yes by hand."
    )


class TagChanged(TagSaid, Looked):
    """The same, and which version was changed."""


class Marking(Shape):
    """Profiles on which a tag is to be put, or from which it is to be taken."""

    profiles: list[str] = Field(
        min_length=1, max_length=10_000, description="Public ids, or `KIND:VALUE`."
    )
    value: str = Field(default="", max_length=400, description="Empty for a plain yes.")
    on: bool = Field(default=True, description="False takes the tag off.")


class Marked(Shape):
    """What became of it."""

    entry: int = Field(description="What `undo` takes back.")
    found: int
    unknown: list[str] = Field(description="Those that are not in the pool.")


class Entry(Shape):
    """A change of tags by hand."""

    entry: int = Field(ge=1, le=2**53, description="As it was answered.")


class ProfileTag(Shape):
    """A tag that a profile has."""

    id: str
    name: str
    kind: Literal["rule", "hand"]
    value: str = Field(description="Empty where the tag is a plain yes.")
    at: str | None = Field(description="When it was set by hand.")
    by: str | None = Field(description="By whom.")


OneValue = Annotated[
    str | None, Query(max_length=400, description="Only who has this value of it.")
]


@router.get("/tags", response_model=Listing[Tag], dependencies=[READ])
def tags(desk: AtDesk, lang: Language = "zh") -> dict[str, Any]:
    """Which tags are there? Counts are told of those that were asked for lately."""
    return {"items": desk.pool.tags.all(lang)}


@router.post("/tags", response_model=Tag, status_code=201)
def create_tag(
    desk: AtDesk, by: SegmentEditor, body: Annotated[TagSaid, Body()], lang: Language = "zh"
) -> dict[str, Any]:
    """Keep a tag: by rules of which the first that is true counts, or to be set by hand."""
    saved = desk.pool.tags.save("", body.model_dump(exclude_none=True), by, lang)
    desk.audit.record(by, "tag.created", saved["id"], name=saved["name"])
    return saved


@router.post(
    "/tags/upload",
    response_model=TagUploaded,
    status_code=201,
    openapi_extra={
        "requestBody": {
            "required": True,
            "description": "A line for each: identifier, or kind and value; then the tag's value.",
            "content": {"text/plain": {"schema": {"type": "string"}}},
        }
    },
)
async def upload_tag(
    request: Request,
    desk: AtDesk,
    by: SegmentEditor,
    name: Annotated[str, Query(max_length=400, description="A new tag is made where none has it.")],
    description: Annotated[str, Query(max_length=4_000, description="Of a new tag.")] = "",
    on: Annotated[bool, Query(description="False takes the tag off.")] = True,
    lang: Language = "zh",
) -> dict[str, Any]:
    """Put a tag on the people of a file, with the value that each line gives."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            raise BadRequest(f"a list has at most {MOST_BYTES >> 20} MB")
    keep = desk.pool.tags.upload
    saved = await run_in_threadpool(keep, name, description, bytes(body), on, by, lang)
    told = {"found": saved["found"], "entry": saved["entry"], "on": on}
    desk.audit.record(by, "tag.set", saved["id"], name=saved["name"], **told)
    return saved


@router.post("/tags/undo", status_code=204)
def undo_tagging(desk: AtDesk, by: SegmentEditor, body: Annotated[Entry, Body()]) -> None:
    """Take a change of tags by hand back: what was before stands again."""
    desk.pool.tags.undo(body.entry, by)
    desk.audit.record(by, "tag.undone", str(body.entry))


@router.get("/tags/{id}", response_model=Tag, dependencies=[READ])
def tag(desk: AtDesk, id: Id, lang: Language = "zh") -> dict[str, Any]:
    """What does a tag mean, and how many have which value of it? Counted every few minutes."""
    return desk.pool.tags.one(id, lang)


@router.put("/tags/{id}", response_model=Tag)
def change_tag(
    desk: AtDesk,
    by: SegmentEditor,
    id: Id,
    body: Annotated[TagChanged, Body()],
    lang: Language = "zh",
) -> dict[str, Any]:
    """Change a tag. What names it goes on doing so; a value that is named cannot go."""
    saved = desk.pool.tags.save(
        id, body.model_dump(exclude={"version"}, exclude_none=True), by, lang, version=body.version
    )
    desk.audit.record(by, "tag.changed", id, name=saved["name"], version=saved["version"])
    return saved


@router.delete("/tags/{id}", status_code=204)
def delete_tag(desk: AtDesk, by: SegmentEditor, id: Id) -> None:
    """Forget a tag. Refused where a rule names it, with the names of what does."""
    name = desk.pool.tags.delete(id, by)
    desk.audit.record(by, "tag.deleted", id, name=name)


@router.post("/tags/{id}/profiles", response_model=Marked)
def set_tag(
    desk: AtDesk, by: SegmentEditor, id: Id, body: Annotated[Marking, Body()]
) -> dict[str, Any]:
    """Put a tag on profiles by hand, or take it off."""
    found = desk.pool.tags.mark(id, body.profiles, body.value, body.on, by)
    told = {"entry": found["entry"], "on": body.on}
    if len(body.profiles) == 1:
        desk.audit.record_personal(by, "tag.set", body.profiles[0], tag=id, **told)
    else:
        desk.audit.record(by, "tag.set", id, found=found["found"], **told)
    return found


@router.get("/tags/{id}/members", response_model=Page[FoundProfile])
def tag_members(
    desk: AtDesk,
    by: ProfileReader,
    id: Id,
    value: OneValue = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """Who has a tag? The hottest first."""
    found, following = desk.pool.tags.members(id, value, limit, cursor)
    desk.audit.record_personal(by, "profile.searched", id, by="tag", found=len(found))
    return page(found, following)


@router.get("/tags/{id}/export", **export.PEOPLE)
def export_tag(
    desk: AtDesk,
    by: Exporter,
    id: Id,
    value: OneValue = None,
    form: export.PeopleForm = "csv",
) -> StreamingResponse:
    """Who has a tag, with its value, identifiers and traits, as a file."""
    portions = desk.pool.tags.export(id, value)
    desk.audit.record(by, "tag.exported", id, format=form)
    return export.people(portions, form, "tag", "value")


@router.get("/profiles/{key:path}/tags", response_model=Listing[ProfileTag])
def profile_tags(desk: AtDesk, by: ProfileReader, key: Key) -> dict[str, Any]:
    """Which tags does a profile have: by rule, or by hand, by whom and since when?"""
    found = desk.pool.tags.of_profile(key)
    desk.audit.record_personal(by, "profile.opened", key, part="tags")
    return {"items": found}
