"""Server-sent events: frames of a thread, to one who watches, as long as they may."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from typing import Any, Final, Protocol

from fastapi.responses import StreamingResponse

WAITING: Final = 8
"""Frames that may wait for one watcher: who is slower is let go, and comes again."""
BEAT_SECONDS: Final = 15.0
HEADERS: Final = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
RESPONSES: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}}
}


class Leaves(Protocol):
    """What is watched."""

    def leave(self, watcher: Any) -> None: ...


async def streamed(
    watched: Leaves,
    watch: Callable[[Callable[[bytes | None], None]], Any],
    holds: Callable[[], bool],
) -> StreamingResponse:
    """The frames that `watch` delivers, until the watcher leaves or may not see them any more."""
    frames = _Frames(asyncio.get_running_loop())
    watcher = await asyncio.to_thread(watch, frames.put)
    parts = _parts(watched, watcher, frames, holds)
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
    watched: Leaves, watcher: Any, frames: _Frames, holds: Callable[[], bool]
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
        watched.leave(watcher)
