"""The live map as server-sent events."""

from collections.abc import Callable
from typing import Annotated, Literal

from fastapi import Query
from fastapi.responses import StreamingResponse

from hotspring.privacy import Permission
from hotspring.web.api.desk import AtDesk, ProfileReader, still
from hotspring.web.api.heatmap import Level
from hotspring.web.api.rooms import Room
from hotspring.web.api.streaming import RESPONSES, streamed

router = Room(prefix="/api", tags=["map"])


@router.get(
    "/map/stream",
    response_class=StreamingResponse,
    responses=RESPONSES,
)
async def stream(
    desk: AtDesk,
    by: ProfileReader,
    holds: Annotated[Callable[[], bool], still(Permission.READ_PROFILES)],
    level: Annotated[Level, Query(description="How large the areas are.")] = "province",
    resolution: Annotated[int, Query(ge=0, le=7, description="Of the cells.")] = 5,
    lang: Annotated[Literal["zh", "en"], Query(description="Language of the names.")] = "zh",
) -> StreamingResponse:
    """The unfiltered map, live: all areas first, then those that change, at most twice a second.

    Events are `whole` and `changed`, each a JSON object with `as_of` and `areas` as in `/api/map`;
    `changed` names in `gone` the areas that are not shown any more.
    """
    live = desk.pool.heatmap.live
    return await streamed(live, lambda put: live.watch(level, resolution, lang, put), holds)
