"""Links in memory, for tests of the door in front of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from hotspring.delivery import unpack
from hotspring.journal import Record
from hotspring.pool.links import Links
from tests.web.api.fake_boards import Commands


class FollowedLinks(Commands):
    """Decisions, and the events that were journalled."""

    def __init__(self) -> None:
        super().__init__()
        self.events: list[Any] = []

    def append(self, records: Sequence[Record]) -> list[int]:
        for record in records:
            self.events += unpack(record.body).events
        return [0] * len(records)

    def query(self, sql: str, values: list[Any]) -> Any:
        if "GROUP BY" not in sql:
            return super().query(sql, values)
        counts = Counter(event.properties.partition('"link":"')[2][:19] for event in self.events)
        told = [{"link": one, "opened": many, "last": 0} for one, many in counts.items()]
        return type("Rows", (), {"to_pylist": staticmethod(lambda: told)})


def fake_links() -> Links:
    """What an open pool has, over decisions in memory."""
    store: Any = FollowedLinks()
    return Links(store, store, store.decide)
