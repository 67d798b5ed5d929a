"""Lists that are sent as they are, CSV or Excel, and how their columns are to be read."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import Query, Request

from hotspring.errors import BadRequest

MOST_BYTES: Final = 10 << 20
Maps = Annotated[
    list[str],
    Query(
        alias="map",
        default_factory=list,
        max_length=20,
        description="`FIELD=HEADING`, once for each column that is not to be guessed; "
        "`FIELD=` leaves it out.",
    ),
]
FileName = Annotated[str, Query(alias="name", max_length=255, description="Name of the file.")]
DryRun = Annotated[bool, Query(description="Add nothing, tell what would be.")]


def sent(headings: str) -> dict[str, Any]:
    """What the document of the API says of such a body; `headings` are those that it needs."""
    told = f"The list itself, CSV or Excel, with headings {headings} and more."
    content = {"application/octet-stream": {"schema": {"type": "string"}}}
    return {"requestBody": {"required": True, "description": told, "content": content}}


async def body_of(request: Request) -> bytes:
    """The list as it was sent. Raises `BadRequest` where it is too large."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            raise BadRequest(f"a list has at most {MOST_BYTES >> 20} MB")
    return bytes(body)


def chosen(words: list[str]) -> dict[str, str]:
    """Fields and their headings from words like `lon=X`."""
    pairs = {}
    for word in words:
        field, mark, heading = word.partition("=")
        if not mark:
            raise BadRequest(f"{word!r} is no map; write FIELD=HEADING")
        pairs[field.strip()] = heading.strip()
    return pairs
