"""Everything that is not ingest goes to the owner of the pool, over a private socket."""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import sys
from collections.abc import AsyncIterator
from typing import Final

import httpcore

from hotspring.web.answers import Headers, Receive, Scope, Send, header, problem, send_answer
from hotspring.web.private import Sockets

HOP: Final = frozenset(
    (b"connection", b"keep-alive", b"proxy-authenticate", b"proxy-authorization", b"te",
     b"trailer", b"upgrade", b"proxy-connection")
)  # fmt: skip
"""Headers that concern one connection only (RFC 9110, 7.6.1)."""
CONNECT_SECONDS: Final = 5.0
IDLE_SECONDS: Final = 5.0
"""A connection that was idle for longer is not used again."""
if importlib.util.find_spec("sniffio") is None:
    # httpcore asks for it several times a request, does without it, and to search for what is not
    # installed took a fifth of the time of forwarding.
    sys.modules["sniffio"] = None  # type: ignore[assignment]
BROKEN: Final = (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException)
_TIMEOUT: Final = {"connect": CONNECT_SECONDS, "pool": CONNECT_SECONDS, "read": None, "write": None}


class Proxy:
    """Forwards requests and streams the answers back, as they come."""

    def __init__(self, socket: str, trusting: bool = False) -> None:
        """`trusting` takes X-Forwarded-Proto from a proxy of one's own for how the client came."""
        self._trusting = trusting
        self._owner = httpcore.AsyncConnectionPool(
            uds=socket, network_backend=Sockets(), max_connections=200,
            max_keepalive_connections=20, keepalive_expiry=IDLE_SECONDS,
        )  # fmt: skip

    async def __call__(self, scope: Scope, receive: Receive, send: Send, client: str) -> None:
        """`client` is the address the request came from, told on as X-Forwarded-For."""
        body = _Body(receive)
        path = scope.get("raw_path") or scope["path"].encode()
        if scope["query_string"]:
            path += b"?" + scope["query_string"]
        request = httpcore.Request(
            scope["method"],
            httpcore.URL(scheme=b"http", host=b"owner", target=path),
            headers=_forwarded(scope, client, self._scheme(scope)),
            content=body,
            extensions={"timeout": _TIMEOUT},
        )
        work = asyncio.ensure_future(self._forward(request, send))
        gone = asyncio.ensure_future(body.client_gone())
        try:
            await asyncio.wait((work, gone), return_when=asyncio.FIRST_COMPLETED)
            if gone.done() and not work.done():
                return
            await work
        finally:
            for task in (work, gone):
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError, Exception):
                    await task

    def _scheme(self, scope: Scope) -> bytes:
        told = header(scope, b"x-forwarded-proto") if self._trusting else None
        # Proxies in a row each add a word; the nearest one is ours.
        nearest = (told or b"").rpartition(b",")[2].strip().lower()
        return (
            nearest if nearest in (b"http", b"https") else str(scope.get("scheme", "http")).encode()
        )

    async def _forward(self, request: httpcore.Request, send: Send) -> None:
        try:
            response = await self._owner.handle_async_request(request)
        except BROKEN as error:
            away = isinstance(error, httpcore.ConnectError | httpcore.TimeoutException)
            status = 503 if away else 502
            answer = problem(status, "The pool does not answer right now.", retry_after=1)
            await send_answer(send, answer, [])
            return
        async with contextlib.aclosing(response):
            headers = [(name.lower(), value) for name, value in response.headers]
            await send(
                {
                    "type": "http.response.start",
                    "status": response.status,
                    "headers": [pair for pair in headers if _passes(pair[0])],
                }
            )
            # An answer that breaks off is left unended: the server then drops the connection.
            with contextlib.suppress(*BROKEN):
                async for part in response.aiter_stream():
                    await send({"type": "http.response.body", "body": part, "more_body": True})
                await send({"type": "http.response.body", "body": b""})

    async def close(self) -> None:
        await self._owner.aclose()


class _Body:
    """The body of the incoming request, as it arrives."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._ended = asyncio.Event()
        """Came it to its end, or did the client go away before?"""
        self._gone = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while not self._ended.is_set():
            message = await self._receive()
            if message["type"] == "http.disconnect":
                self._gone = True
                self._ended.set()
                raise httpcore.ReadError("the client went away")
            if not message.get("more_body"):
                self._ended.set()
            if message.get("body"):
                yield message["body"]

    async def client_gone(self) -> None:
        """Wait until the client has gone away."""
        await self._ended.wait()
        while not self._gone:
            self._gone = (await self._receive())["type"] == "http.disconnect"


def _passes(name: bytes) -> bool:
    # The door's own server dates and frames its answers.
    return name not in HOP and name not in (b"transfer-encoding", b"date")


def _forwarded(scope: Scope, client: str, scheme: bytes) -> Headers:
    headers = [
        (name, value)
        for name, value in scope["headers"]
        if name not in HOP and not name.startswith(b"x-forwarded-")
    ]
    if header(scope, b"host") is None:
        headers.append((b"host", b"localhost"))
    if any(name.startswith(b"x-forwarded-") for name, _ in scope["headers"]):
        # What it said is not to be believed, but that there is a proxy in front is.
        headers.append((b"via", b"1.1 proxy"))
    return [
        *headers,
        (b"x-forwarded-for", client.encode("latin-1", "replace")),
        (b"x-forwarded-proto", scheme),
    ]
