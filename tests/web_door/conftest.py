"""A door in the test's own process: real protocols, real journal, a source with a known key."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import Any

import httpx
import msgspec

from hotspring.collect import Judge
from hotspring.delivery import unpack
from hotspring.event import Delivery
from hotspring.journal import GroupCommit, Journal, Record
from hotspring.settings import Settings
from hotspring.store import Source
from hotspring.web.barred import Barred
from hotspring.web.door import Door
from hotspring.web.gate import Gate, Limit
from hotspring.web.position import Position
from hotspring.web.proxy import Proxy
from hotspring.web.sources import Sources

KEY = "wk_the-key-of-the-shop"
NOW = 1_760_000_000_000


def source(name: str = "shop", key: str = KEY, project: str = "shop") -> Source:
    return Source(
        id=1,
        name=name,
        key_hash=hashlib.sha256(key.encode()).hexdigest(),
        key_prefix=key[:7],
        public=False,
        datum="wgs84",
        project=project,
        created_ms=0,
        revoked_ms=None,
    )


class Clock:
    """Seconds that pass only when told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class Stand:
    """A door with a client in front of it and what stands behind it within reach."""

    def __init__(self, client: httpx.AsyncClient, journal: Any, gate: Gate, clock: Clock) -> None:
        self.client = client
        self.journal = journal
        self.gate = gate
        self.clock = clock

    async def batch(self, *events: Any, **more: Any) -> httpx.Response:
        body = msgspec.json.encode({"batch": events, **more})
        return await self.client.post("/v1/batch", content=body, auth=(KEY, ""))

    def kept(self) -> list[Delivery]:
        return [unpack(entry.body) for entry in self.journal.read(0)]


class Lines:
    """A disk of which one decides when and how it answers."""

    def __init__(self, write: Callable[[Sequence[Record]], list[int]]) -> None:
        self.append = write


def track(message_id: str, **fields: Any) -> dict[str, Any]:
    return {
        "type": "track",
        "event": "Product Viewed",
        "messageId": message_id,
        "userId": "u1",
        "timestamp": "2025-10-09T08:53:20Z",
        **fields,
    }


@contextlib.asynccontextmanager
async def standing(
    folder: Path, settings: Settings | None = None, disk: Any = None, owner: str = "/nowhere"
) -> AsyncIterator[Stand]:
    settings = settings or Settings()
    clock = Clock()
    with Journal(folder) as journal, contextlib.closing(Position(folder / "position")) as position:
        async with GroupCommit(disk or journal) as group:
            gate = Gate(position, clock)
            proxy = Proxy(owner, settings.trust_forwarded_for)
            door = Door(
                settings,
                Judge(settings),
                Sources(lambda: [source()], lambda: 0, clock),
                group,
                gate,
                Limit(settings.requests_per_second, clock),
                proxy,
                lambda: NOW,
                Barred(folder, settings, Judge(settings), clock),
            )
            transport = httpx.ASGITransport(door, client=("203.0.113.7", 5000))
            async with httpx.AsyncClient(transport=transport, base_url="http://door") as client:
                yield Stand(client, journal, gate, clock)
            await proxy.close()
