"""The live map as server-sent events."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from hotspring.privacy import Permission
from hotspring.web.api.desk import AtDesk, Desk, ProfileReader, still
from hotspring.web.api.heatmap import Level

router = APIRouter(prefix="/api", tags=["map"])

WAITING: Final = 8
"""Frames that may wait for one watcher: who is slower is let go, and comes again."""
BEAT_SECONDS: Final = 15.0
HEADERS: Final = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


@router.get(
    "/map/stream",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}}},
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
    loop = asyncio.get_running_loop()
    frames = _Frames(loop)
    watcher = await asyncio.to_thread(
        desk.pool.heatmap.live.watch, level, resolution, lang, frames.put
    )
    parts = _parts(desk, watcher, frames, holds)
    return StreamingResponse(parts, media_type="text/event-stream", headers=HEADERS)


class _Frames:
    """Frames on their way from the thread that makes them to one watcher."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self.waiting: asyncio.Queue[bytes | None] = asyncio.Queue(WAITING)
        self.slow = False

    def put(self, sent: bytes | None) -> None:
        """Called by any thread; never waits."""
        self._loop.call_soon_threadsafe(self._put, sent)

    def _put(self, sent: bytes | None) -> None:
        if self.waiting.full():
            self.slow = True
        else:
            self.waiting.put_nowait(sent)


async def _parts(
    desk: Desk, watcher: object, frames: _Frames, holds: Callable[[], bool]
) -> AsyncIterator[bytes]:
    try:
        yield b"retry: 2000\n\n"
        asked = time.monotonic()
        while not frames.slow:
            if time.monotonic() - asked >= BEAT_SECONDS:
                asked = time.monotonic()
                if not await asyncio.to_thread(holds):
                    return
            try:
                sent = await asyncio.wait_for(frames.waiting.get(), BEAT_SECONDS)
            except TimeoutError:
                # Proxies close what is silent.
                sent = b": still here\n\n"
            if sent is None:
                return
            yield sent
    finally:
        desk.pool.heatmap.live.leave(watcher)
