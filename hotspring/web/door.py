"""The public door: takes events in, keeps them in the journal, and only then answers."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Mapping
from typing import Final

import msgspec
import structlog

from hotspring.collect import Judge, SourceFacts, Unreadable
from hotspring.journal import GroupCommit
from hotspring.settings import Settings
from hotspring.web.answers import (
    GIF,
    Answer,
    Receive,
    Scope,
    Send,
    cors,
    header,
    problem,
    send_answer,
)
from hotspring.web.barred import Barred
from hotspring.web.gate import Gate, Limit
from hotspring.web.keeping import Keeping, Read
from hotspring.web.meter import Meter
from hotspring.web.proxy import Proxy
from hotspring.web.recent import Recent
from hotspring.web.sources import Sources

LARGE: Final = 512 << 10
"""Bodies from this size on are read beside the event loop, so that others need not wait."""
SETTINGS_PATH: Final = re.compile(r"(?:/v1)?/projects/([^/]+)/settings/?")
LAG_RETRY: Final = 5
"""Seconds after which a client may try again."""

_log = structlog.get_logger("hotspring.door")


class Door:
    """An ASGI application: ingest paths are served here, all others by the owner of the pool."""

    def __init__(
        self,
        settings: Settings,
        judge: Judge,
        sources: Sources,
        group: GroupCommit,
        gate: Gate,
        limit: Limit,
        proxy: Proxy,
        clock_ms: Callable[[], int],
        barred: Barred,
        meter: Meter | None = None,
    ) -> None:
        self._settings = settings
        self._most = settings.max_body_megabytes << 20
        self._judge = judge
        self._protocols = judge.protocols
        self._sources = sources
        self._gate = gate
        self._keeping = Keeping(group, gate, barred)
        self._limit = limit
        self._proxy = proxy
        self._clock_ms = clock_ms
        self._meter = meter or Meter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        path: str = scope["path"].rstrip("/")
        ingest = path in self._protocols
        if not ingest and SETTINGS_PATH.fullmatch(path) is None:
            await self._proxy(scope, receive, send, self._address(scope))
            return
        if scope["method"] == "OPTIONS":
            answer = Answer(204, b"")
        elif ingest:
            began = time.perf_counter()
            answer = await self._ingest(scope, receive, path)
            self._meter.answered(answer, time.perf_counter() - began)
        else:
            answer = self._client_settings(scope, path)
        await send_answer(send, answer, cors(scope, self._settings.cors_origins))

    async def _ingest(self, scope: Scope, receive: Receive, path: str) -> Answer:
        protocol = self._protocols[path]
        if scope["method"] not in protocol.methods:
            allowed = ", ".join(sorted(protocol.methods))
            wrong = problem(405, f"{path} takes {allowed} only.")
            return msgspec.structs.replace(wrong, headers=((b"allow", allowed.encode()),))
        try:
            body = await self._body(scope, receive)
            if not await self._gate.admitted() and not protocol.never_refuse:
                return problem(429, "The pool cannot follow; send this again later.", "", LAG_RETRY)
            headers = {k.decode("latin-1"): v.decode("latin-1") for k, v in scope["headers"]}
            self._meter.bytes += len(body)
            began = time.perf_counter()
            reading = (path, scope["query_string"], headers, body, self._address(scope))
            if len(body) >= LARGE:
                read = await asyncio.to_thread(self._read, *reading)
            else:
                read = self._read(*reading)
            self._meter.read_seconds += time.perf_counter() - began
        except _GoneError:
            return problem(400, "The body ended too early.")
        except Unreadable as error:
            return problem(error.status, error.reason, error.detail)
        except Exception as error:  # no body may break the door, not even one nobody foresaw
            _log.error("unreadable_body", path=path, error=type(error).__name__)
            return problem(400, "unreadable", "the body cannot be read")
        answer = read if isinstance(read, Answer) else await self._keeping.keep(read)
        if answer.status == 200 and scope["method"] == "GET" and path.endswith(".gif"):
            return Answer(200, GIF, b"image/gif")
        return answer

    async def _body(self, scope: Scope, receive: Receive) -> bytes:
        said = header(scope, b"content-length")
        if said is not None and said.isdigit() and int(said) > self._most:
            raise Unreadable(413, "too_large", f"the body holds more than {self._most} bytes")
        message = await receive()
        if message["type"] == "http.request" and not message.get("more_body"):
            return bytes(message.get("body", b""))
        parts: list[bytes] = []
        size = 0
        while True:
            if message["type"] == "http.disconnect":
                raise _GoneError
            part = message.get("body", b"")
            parts.append(part)
            size += len(part)
            if size > self._most:
                raise Unreadable(413, "too_large", f"the body holds more than {self._most} bytes")
            if not message.get("more_body"):
                return b"".join(parts)
            message = await receive()

    def _read(
        self, path: str, query: bytes, headers: Mapping[str, str], body: bytes, address: str
    ) -> Read | Answer:
        """Decode, find the source, judge."""
        received_ms = self._clock_ms()
        envelope = self._protocols[path].decode(path, query, headers, body, self._most)
        source = self._sources.find(envelope.write_key, envelope.project)
        if source is None:
            return problem(401, "No source has this write key.")
        wait = self._limit.wait(source.id)
        if wait:
            return problem(429, "This source sends too fast.", "", wait)
        facts = SourceFacts(source.name, source.public, source.datum)
        columns, refused = self._judge.columns(envelope, facts, received_ms, address)
        return Read(source.name, received_ms, columns, refused)

    def _client_settings(self, scope: Scope, path: str) -> Answer:
        """What analytics.js asks for before it sends: where to send, and that all may be sent."""
        match = SETTINGS_PATH.fullmatch(path)
        key = match[1] if match else ""
        if self._sources.find(key, "") is None:
            return problem(404, "No source has this write key.")
        host = (header(scope, b"host") or b"localhost").decode("latin-1")
        scheme = str(scope.get("scheme", "http"))
        if self._settings.trust_forwarded_for:
            scheme = (header(scope, b"x-forwarded-proto") or scheme.encode()).decode("latin-1")
        body = {
            "integrations": {
                "Segment.io": {
                    "apiKey": key,
                    "apiHost": f"{host}/v1",
                    "protocol": "https" if scheme == "https" else "http",
                }
            },
            "plan": {"track": {"__default": {"enabled": True}}},
            "edgeFunction": {},
        }
        return Answer(200, msgspec.json.encode(body))

    def _address(self, scope: Scope) -> str:
        """The client's address: the socket's, or what a trusted proxy of one's own saw."""
        if self._settings.trust_forwarded_for:
            told = header(scope, b"x-forwarded-for")
            if told:
                return told.decode("latin-1").rpartition(",")[2].strip()
        client = scope.get("client")
        return str(client[0]) if client else ""


def rehearse(judge: Judge) -> None:
    """Put a made-up batch through all that is compiled, so that no client waits for it."""
    recent = Recent()
    events = recent.fingerprints("rehearsal", judge.rehearse())
    recent.known(events)
    recent.remember(events)


class _GoneError(Exception):
    """The client went away in the middle of its body."""
