"""All that is held of one person: as JSON for programs, as a page for the person."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

import msgspec
from fastapi import Query
from fastapi.responses import StreamingResponse

from hotspring.web.api.desk import AtDesk, Exporter
from hotspring.web.api.people import Key
from hotspring.web.api.rooms import Room
from hotspring.web.person_page import page

router = Room(prefix="/api", tags=["profiles"])
MEDIA = {"json": "application/json", "html": "text/html; charset=utf-8"}


@router.get(
    "/profiles/{key:path}/export",
    response_class=StreamingResponse,
    responses={200: {"content": {kind: {"schema": {"type": "string"}} for kind in MEDIA.values()}}},
)
def export_person(
    desk: AtDesk,
    by: Exporter,
    key: Key,
    form: Annotated[
        Literal["json", "html"], Query(alias="format", description="For a program or to read.")
    ] = "json",
    lang: Annotated[Literal["zh", "en"], Query(description="Language of the page.")] = "zh",
) -> StreamingResponse:
    """All that is held of this person, to hand out on request."""
    facts, events = desk.pool.person(key)
    name = str(facts["profile"]["id"])
    desk.audit.record_personal(by, "person.exported", name, format=form)
    body = (
        _document(facts, events)
        if form == "json"
        else page(facts, events, lang, desk.settings.zone)
    )
    headers = {
        "Content-Disposition": f'attachment; filename="person.{form}"',
        "Cache-Control": "no-store",
        # The page runs nothing and fetches nothing, whatever a text in it says.
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    }
    return StreamingResponse(body, media_type=MEDIA[form], headers=headers)


def _document(facts: dict[str, Any], events: Iterator[list[dict[str, Any]]]) -> Iterator[bytes]:
    """One JSON object whose last member, `events`, is written as it is read."""
    yield msgspec.json.encode(facts)[:-1] + b',"events":['
    mark = b""
    for portion in events:
        for row in portion:
            yield mark + msgspec.json.encode(row)
            mark = b","
    yield b"]}"
