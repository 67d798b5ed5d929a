"""What happens now: the last minutes, once and as server-sent events."""

from collections.abc import Callable
from typing import Annotated, Any, Literal

from fastapi import Query
from fastapi.responses import StreamingResponse
from pydantic import Field

from hotspring.privacy import Permission
from hotspring.web.api.desk import AtDesk, ProfileReader, may, still
from hotspring.web.api.rooms import Room
from hotspring.web.api.shapes import Shape
from hotspring.web.api.streaming import RESPONSES, streamed

router = Room(prefix="/api", tags=["live"])
Language = Annotated[Literal["zh", "en"], Query(description="Language of the names of places.")]


class Happened(Shape):
    """What some minutes come to. Machine traffic is left out."""

    events: int
    people: int = Field(description="Profiles with an event, each once.")
    passers_by: int = Field(description="Visitors who did not agree to be known.")
    orders: int
    revenue: float = Field(description="Of orders, less refunds, in the currency of the rules.")


class Minute(Happened):
    """The same of one minute, by when events happened."""

    at: str = Field(description="When it begins.")


class Named(Shape):
    """A page, source, channel or event."""

    name: str
    events: int
    visitors: int = Field(description="People and passers-by, each once.")


class Spot(Shape):
    """Where people with an event are, as the map has it."""

    id: str
    name: str
    people: int


class LastMinutes(Shape):
    """What happened in the minute that runs and the 29 before it."""

    as_of: str
    since: str = Field(
        alias="from",
        description="From when on all is there: later than the first minute where more came than "
        "is kept.",
    )
    minutes: list[Minute] = Field(description="The oldest first.")
    totals: Happened
    currency: str
    pages: list[Named] = Field(description="The ten of most visitors, as in the following.")
    sources: list[Named] = Field(
        description="What brought them: the source of a campaign, else the search engine, else the "
        "site they came from."
    )
    channels: list[Named]
    names: list[Named] = Field(description="Names of events.")
    places: list[Spot] = Field(description="Provinces and countries, those of most people first.")
    withheld: int = Field(description="People in areas with too few of them to be shown.")
    unlocated: int = Field(description="People whose place is not known so exactly.")


@router.get(
    "/live",
    response_model=LastMinutes,
    dependencies=[may(Permission.READ_PROFILES)],
)
def happening(desk: AtDesk, lang: Language = "zh") -> dict[str, Any]:
    """What happened in the last thirty minutes, as of the last second?"""
    return desk.pool.happening.now(lang)


@router.get("/live/stream", response_class=StreamingResponse, responses=RESPONSES)
async def happening_stream(
    desk: AtDesk,
    by: ProfileReader,
    holds: Annotated[Callable[[], bool], still(Permission.READ_PROFILES)],
    lang: Language = "zh",
) -> StreamingResponse:
    """The last thirty minutes whenever they change, at most once a second.

    Each event is called `minutes` and is a JSON object as `/api/live` gives it; where nothing
    changes one is sent every five seconds.
    """
    told = desk.pool.happening
    return await streamed(told, lambda put: told.watch(lang, put), holds)
