"""The live event debugger: what arrives, as it arrives."""

from typing import Annotated, Any, Literal

from fastapi import Query
from pydantic import Field

from hotspring.web.api.desk import AtDesk, QuarantineReader
from hotspring.web.api.paging import Cursor
from hotspring.web.api.rooms import Room
from hotspring.web.api.shapes import Shape

router = Room(prefix="/api", tags=["intake"])


class Arrival(Shape):
    """One event as it came."""

    verdict: Literal["accepted", "refused"]
    received_at: str
    source: str
    message_id: str
    event: str | None = Field(default=None, description="Its name, where it was accepted.")
    at: str | None = Field(default=None, description="When it happened, as it was understood.")
    identifiers: list[str] | None = None
    marks: list[str] | None = Field(
        default=None,
        description="`machine`, `public_key`, `imported`, `clock_corrected`, `time_clamped`, "
        "`breach`, `passer_by`.",
    )
    properties: Any = None
    reason: str | None = Field(default=None, description="Why it was refused.")
    detail: str | None = None
    text: str | None = Field(
        default=None, description="What was refused as it came, or long properties; cut to 8 KB."
    )


class Arrivals(Shape):
    """What came since the last look."""

    items: list[Arrival] = Field(description="The newest first.")
    cursor: str = Field(description="For the next look, a second later.")
    skipped: int = Field(description="So many more came in between than are shown.")


@router.get("/events/live", response_model=Arrivals)
def arrivals(
    desk: AtDesk,
    by: QuarantineReader,
    verdict: Annotated[Literal["all", "accepted", "refused"], Query(description="Which.")] = "all",
    source: Annotated[str, Query(max_length=64, description="Of this source only.")] = "",
    q: Annotated[
        str,
        Query(
            max_length=256,
            description="Part of a name, or of what was refused; a message id; a reason.",
        ),
    ] = "",
    limit: Annotated[int, Query(ge=1, le=200, description="How many at most.")] = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """Which events came last, or since the last look, accepted or refused, and why?"""
    found = desk.pool.arrivals(cursor, verdict, source, q, limit)
    if cursor is None:
        # A look that goes on is one look.
        desk.audit.record(by, "events.watched", source, verdict=verdict)
    return found
