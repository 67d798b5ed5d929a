"""What refused events look like in requests and answers."""

from typing import Any, Literal

from pydantic import BaseModel, Field

from hotspring.web.api.shapes import Shape


class Quarantined(Shape):
    """A refused event, as it came, why, and what became of it."""

    id: str = ""
    source: str
    reason: str
    detail: str = ""
    event: str = Field(default="", description="Its name, as far as its text tells one.")
    status: Literal["open", "replayed", "dropped"] = "open"
    why: str | None = Field(default=None, description="Why it was dropped, or what was mended.")


class Select(BaseModel):
    """Which open entries are meant: those that fit everything given."""

    ids: list[str] = Field(default=[], max_length=1_000)
    source: str | None = Field(default=None, max_length=64)
    reason: str | None = Field(default=None, max_length=64)
    event: str | None = Field(default=None, max_length=256)
    since: str | None = Field(default=None, description="Received from this moment on.")
    until: str | None = Field(default=None, description="Received before this moment.")


class Replaying(BaseModel):
    """What to mend, and how."""

    select: Select = Select()
    fixes: list[dict[str, Any]] = Field(
        default=[],
        max_length=50,
        description="One after the other, each with `do`: rename_event, rename, cast, drop, set, "
        "time, type, identify, new_id, patch or replace.",
    )
    dry_run: bool = Field(default=True, description="Show what would become of them.")
    limit: int = Field(default=1_000, ge=1, le=5_000, description="Entries to look at.")
    after: str | None = Field(default=None, max_length=32, description="`next` of a call before.")


class Tried(BaseModel):
    """One entry before and after."""

    id: str
    source: str
    reason: str = Field(description="Why it was refused then.")
    before: str
    after: str
    verdict: Literal["accepted", "duplicate", "conflict", "refused", "unmendable"]
    still: str = Field(description="Why it is refused now; empty where it passes.")
    detail: str
    event: dict[str, Any] | None = Field(description="The event it becomes, where it passes.")


class Replayed(Shape):
    """What became of the entries, or would."""

    dry_run: bool
    looked_at: int
    verdicts: dict[str, int]
    still: dict[str, int] = Field(description="Reasons of those that do not pass.")
    entries: list[Tried] = Field(description="The first of them, those that do not pass before.")
    next: str | None = Field(description="Pass as `after` to go on; null at the end.")


class Dropping(BaseModel):
    """What to close for good, and why."""

    select: Select
    why: str = Field(min_length=1, max_length=500)
    dry_run: bool = False


class Dropped(Shape):
    """How many entries were closed, or would be."""

    dry_run: bool
    dropped: int
    more: bool = Field(description="There may be more: ask again.")
    why: str
