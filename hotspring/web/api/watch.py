"""Around every request: its time, its count, its line in the log, and the end of our own faults."""

import time
from typing import Any

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hotspring.web.api.health import Requests
from hotspring.web.logs import place_of
from hotspring.web.problems import problem

log = structlog.get_logger("hotspring.api")


class Watch:
    """Counts and logs requests by their route: paths and queries name people, so they stay out."""

    def __init__(self, app: ASGIApp, requests: Requests) -> None:
        self._app = app
        self._requests = requests

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        status = 0

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        fault: dict[str, Any] = {}
        try:
            await self._app(scope, receive, sending)
        except Exception as error:
            fault = place_of(error)
            if status:
                # Half an answer is out: cutting the connection tells the client so.
                raise
            status = 500
            await problem(500)(scope, receive, send)
        finally:
            route = getattr(scope.get("route"), "path", "none")
            seconds = time.perf_counter() - started
            self._requests.add(scope["method"], route, status, seconds)
            write = log.error if status >= 500 and status != 503 else log.debug
            write(
                "request", method=scope["method"], route=route, status=status,
                ms=round(seconds * 1000, 1), **fault,
            )  # fmt: skip
