"""What ingest is measured against: routes that do almost nothing, and a bare file."""

from __future__ import annotations

import os
import socket
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final

import uvicorn

from hotspring.bench.bodies import BATCH, Bodies
from hotspring.collect import Judge
from hotspring.settings import Settings

Receives = Callable[[], Awaitable[dict[str, Any]]]
Sends = Callable[[dict[str, Any]], Awaitable[None]]

_ANSWER: Final = b'{"success":true,"accepted":0,"duplicates":0,"rejected":[]}'
_HEADERS: Final = [
    (b"content-type", b"application/json"),
    (b"content-length", str(len(_ANSWER)).encode()),
]


class Route:
    """An ASGI application that reads the body, decodes it if told to, and says that all is well."""

    def __init__(self, decodes: bool) -> None:
        settings = Settings()
        self._most = settings.max_body_megabytes << 20
        judge = Judge(settings)
        if decodes:
            judge.rehearse()
        self._protocols = judge.protocols if decodes else {}

    async def __call__(self, scope: dict[str, Any], receive: Receives, send: Sends) -> None:
        body = b""
        more = True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        protocol = self._protocols.get(scope["path"])
        if protocol is not None:
            protocol.decode(scope["path"], b"", {}, body, self._most)
        await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
        await send({"type": "http.response.body", "body": _ANSWER})


def durable_bytes(path: Path, seconds: float) -> float:
    """How many events a second can be appended to a plain file, with an fsync for each body?"""
    bodies = Bodies(100_000, 50)
    end = time.perf_counter() + seconds
    count = 0
    with path.open("ab", buffering=0) as file:
        while (now := time.perf_counter()) < end:
            file.write(bodies.body(count))
            os.fsync(file.fileno())
            count += 1
    path.unlink()
    return count * BATCH / (now - end + seconds)


def main() -> None:
    """Serve on a free port, said on standard output, until the process is ended."""
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        Route(decodes=sys.argv[1] == "decode"),
        loop="uvloop",
        http="httptools",
        lifespan="off",
        access_log=False,
        log_level="warning",
    )
    print(listener.getsockname()[1], flush=True)
    uvicorn.Server(config).run([listener])
