"""Pages: a limit, an opaque cursor that says where the next page begins, the same everywhere."""

import base64
import binascii
from typing import Annotated, Any

from fastapi import Query

from hotspring.errors import BadRequest

MOST = 1_000

Limit = Annotated[int, Query(ge=1, le=MOST, description="How many entries at most.")]
Cursor = Annotated[
    str | None,
    Query(max_length=2_000, description="`next` of the page before; absent for the first page."),
]


def sealed(cursor: str) -> str:
    """The cursor as it is given out: clients have nothing to read or to build in it."""
    return base64.urlsafe_b64encode(cursor.encode()).decode().rstrip("=")


def opened(cursor: str | None) -> str | None:
    """The cursor as it was sealed; `BadRequest` where it was not given out by us."""
    if cursor is None:
        return None
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), b"-_", validate=True).decode()
    except (binascii.Error, ValueError) as error:
        raise BadRequest("this cursor was not given out here; start without one") from error
    if sealed(text) != cursor:
        raise BadRequest("this cursor was not given out here; start without one")
    return text


def page(items: list[Any], cursor: str | None) -> dict[str, Any]:
    """One page as it is answered."""
    return {"items": items, "next": cursor}
