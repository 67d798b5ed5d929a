"""The load generator: a process that sends prepared requests and measures the answers."""

from __future__ import annotations

import asyncio
import base64
import collections
import re
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any, Final, cast

import msgspec
import numpy as np
import uvloop

from hotspring.bench.bodies import BATCH, NEW_PROFILES, Bodies

_LENGTH: Final = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_COUNTS: Final = re.compile(rb'"accepted":(\d+),"duplicates":(\d+)')


class Plan(msgspec.Struct, frozen=True):
    """What to send: to where, for how long, how fast."""

    port: int
    write_key: str
    seconds: float
    profiles: int
    host: str = "127.0.0.1"
    rate: float = 0.0
    """Requests a second at even intervals; 0 sends the next one as soon as one is answered."""
    connections: int = 16
    batch: int = BATCH
    templates: int = 400
    first: int = 1
    """Number of the first request: ids of different phases must not meet."""
    everyone: bool = False
    """Bring every profile once instead, however long that takes."""
    path: str = "/v1/batch"
    newcomers: float = NEW_PROFILES
    """Share of events by people who were never there."""


class Outcome(msgspec.Struct, frozen=True):
    """What came back."""

    requests: int
    statuses: dict[str, int]
    accepted: int
    duplicates: int
    seconds: float
    p50_ms: float
    p99_ms: float
    cpu_seconds: float
    """What the generator itself took."""


class _Run:
    """Counts and times of one run."""

    def __init__(self) -> None:
        self.times: list[float] = []
        self.statuses: collections.Counter[str] = collections.Counter()
        self.accepted = 0
        self.duplicates = 0
        self.last = 0.0

    def answered(self, since: float, head: bytes, body: bytes) -> None:
        self.last = time.perf_counter()
        self.times.append(self.last - since)
        self.statuses[head[9:12].decode()] += 1
        counts = _COUNTS.search(body)
        if counts is not None:
            self.accepted += int(counts[1])
            self.duplicates += int(counts[2])


class _Connection(asyncio.Protocol):
    """One kept-alive connection with at most one request under way."""

    def __init__(self, run: _Run, free: Callable[[_Connection], None]) -> None:
        self._run = run
        self._free = free
        self._buffer = b""
        self._since = 0.0
        self._transport: asyncio.Transport | None = None
        self.closed: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop has classes of its own

    def ask(self, request: bytes, since: float) -> None:
        """Send; the time counts from `since`, when it should have been sent."""
        assert self._transport is not None
        self._since = since
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, mark, body = self._buffer.partition(b"\r\n\r\n")
        length = _LENGTH.search(head)
        if mark and len(body) >= (int(length[1]) if length else 0):
            self._buffer = b""
            self._run.answered(self._since, head, body)
            self._free(self)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.closed.done():
            self.closed.set_result(None)

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()


async def send(plan: Plan) -> Outcome:
    """Send what the plan says; what came back, once all is answered."""
    run = _Run()
    bodies = Bodies(plan.profiles, 1 if plan.everyone else plan.templates, plan.batch,
                    newcomers=plan.newcomers)  # fmt: skip
    requests = _requests(plan, bodies)
    began = time.perf_counter()
    cpu = time.process_time()
    if plan.rate:
        await _evenly(plan, run, requests, began)
    else:
        await _closely(plan, run, requests, began)
    times = np.array(run.times or [0.0])
    return Outcome(
        len(run.times),
        dict(run.statuses),
        run.accepted,
        run.duplicates,
        max(run.last - began, 1e-9),
        float(np.percentile(times, 50)) * 1e3,
        float(np.percentile(times, 99)) * 1e3,
        time.process_time() - cpu,
    )


async def _closely(plan: Plan, run: _Run, requests: Iterator[bytes], began: float) -> None:
    """As fast as the answers come."""
    done = asyncio.Event()
    busy = plan.connections

    def following(connection: _Connection) -> None:
        nonlocal busy
        now = time.perf_counter()
        request = next(requests, b"") if plan.everyone or now - began < plan.seconds else b""
        if request:
            connection.ask(request, now)
            return
        busy -= 1
        if not busy:
            done.set()

    connections = [await _connect(plan, run, following) for _ in range(plan.connections)]
    for connection in connections:
        following(connection)
    lost: list[asyncio.Future[Any]] = [connection.closed for connection in connections]
    finished: asyncio.Future[Any] = asyncio.ensure_future(done.wait())
    await asyncio.wait((finished, *lost), return_when=asyncio.FIRST_COMPLETED)
    finished.cancel()
    await _close(connections)


async def _evenly(plan: Plan, run: _Run, requests: Iterator[bytes], began: float) -> None:
    """At even intervals, whether answers come or not: a slow answer delays no other request."""
    free: list[_Connection] = []
    connections = [await _connect(plan, run, free.append) for _ in range(plan.connections)]
    free += connections
    total = int(plan.rate * plan.seconds)
    for at in range(total):
        due = began + at / plan.rate
        wait = due - time.perf_counter()
        if wait > 0:
            await asyncio.sleep(wait)
        while free and free[-1].closed.done():
            free.pop()
        if not free:
            connections.append(await _connect(plan, run, free.append))
            free.append(connections[-1])
        free.pop().ask(next(requests), due)
    end = time.perf_counter() + 10.0
    while len(run.times) < total and time.perf_counter() < end:
        await asyncio.sleep(0.01)
    await _close(connections)


async def _connect(plan: Plan, run: _Run, free: Callable[[_Connection], None]) -> _Connection:
    loop = asyncio.get_running_loop()
    _, connection = await loop.create_connection(
        lambda: _Connection(run, free), plan.host, plan.port
    )
    return connection


async def _close(connections: list[_Connection]) -> None:
    for connection in connections:
        connection.close()
    await asyncio.gather(*(connection.closed for connection in connections))


def _requests(plan: Plan, bodies: Bodies) -> Iterator[bytes]:
    basic = base64.b64encode(f"{plan.write_key}:".encode()).decode()
    head = (
        f"POST {plan.path} HTTP/1.1\r\nHost: {plan.host}:{plan.port}\r\n"
        f"Authorization: Basic {basic}\r\nContent-Type: application/json\r\nContent-Length: "
    ).encode()
    if plan.everyone:
        for body in bodies.everyone():
            yield b"%b%d\r\n\r\n%b" % (head, len(body), body)
        return
    number = plan.first
    while True:
        body = bodies.body(number)
        yield b"%b%d\r\n\r\n%b" % (head, len(body), body)
        number += 1


def main() -> None:
    """Read a plan from standard input, follow it, write the outcome to standard output."""
    plan = msgspec.json.decode(sys.stdin.buffer.read(), type=Plan)
    outcome = uvloop.run(send(plan))
    sys.stdout.buffer.write(msgspec.json.encode(outcome))
