"""A pool whose refused events can be mended: judged as at the door, applied at once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hotspring.collect import Judge, SourceFacts
from hotspring.delivery import pack
from hotspring.event import Delivery, Event
from hotspring.journal import DELIVERY, Record
from tests.collect.clients import NOW, send
from tests.laws.folding import Folding


class Ward(Folding):
    """A pool with a door in front of it and nurses at its quarantine."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.refusals = self.app.pool.refusals
        self.refusals._wait = lambda position: self.apply()
        self.app.pool.plans._decide = lambda kind, body, by: self.command(kind, json.loads(body))
        self.judge = Judge(self.app.settings)

    def receive(
        self,
        path: str,
        body: bytes,
        *,
        source: SourceFacts | None = None,
        received: int = NOW,
        headers: Mapping[str, str] | None = None,
    ) -> int:
        """Take a request in as the door does; how many of its events were refused?"""
        told = source or SourceFacts("shop")
        events, refused = send(path, body, b"", headers, told, self.judge, received)
        packed = pack(Delivery(told.name, received, events, refused))
        self.app.journal.append([Record(DELIVERY, received, packed, len(events))])
        self.apply()
        return len(refused)

    def replay(self, *fixes: dict[str, Any], dry: bool = False, **select: Any) -> dict[str, Any]:
        return self.refusals.replay(select, fixes, "ann", dry, 5_000, None)

    def entries(self, **select: Any) -> list[dict[str, Any]]:
        return self.refusals.page(select, 1_000, None)[0]

    def rows(self, sql: str = "SELECT * FROM events ORDER BY seq") -> list[dict[str, Any]]:
        return [row for batch in self.app.pipeline.ask(sql, []) for row in batch.to_pylist()]

    def whole(self) -> tuple[Any, ...]:
        """All that may not differ between a pool and its rebuild or restart."""
        status = self.app.pool.status()
        counts = [status[name] for name in ("events", "quarantined", "refused", "duplicates")]
        entries = [{**one, "detail": ""} for one in self.entries(status=None)]
        return self.rows(), self.partition(), entries, counts


def kept(event: Event) -> dict[str, Any]:
    """What of an event must not depend on when it was judged."""
    return {
        name: getattr(event, name)
        for name in ("type", "name", "ms", "ids", "properties", "traits", "channel", "content")
    }
