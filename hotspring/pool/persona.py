"""What one person is like: worth, stage, channels, content and hours, from their own events."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from hotspring.days import days_of
from hotspring.event import Flag
from hotspring.pipeline import EVENTS, Pipeline
from hotspring.pool import habits
from hotspring.pool.analytics import Analytics
from hotspring.pool.moments import iso
from hotspring.pool.owned import owned
from hotspring.pool.stages import Stages
from hotspring.store import Store

COLUMNS: Final = (
    "seq", "name", "key", "flags", "amount", "currency", "channel", "device", "properties",
)  # fmt: skip
UNCOUNTED: Final = int(Flag.BOT | Flag.SPENT)
MOST_READ: Final = 20_000
"""Events whose content is looked at, the newest ones."""
MOST: Final = 8
"""Values that are told of each kind."""


class Persona:
    """Reads what single profiles of an open pool are like. From any thread."""

    def __init__(
        self, pipeline: Pipeline, store: Store, analytics: Analytics, stages: Stages
    ) -> None:
        self._pipeline = pipeline
        self._store = store
        self._analytics = analytics
        self._stages = stages
        self._days = days_of(pipeline.settings.zone)

    def read(self, slot: int, now: int) -> dict[str, Any]:
        """What is this profile like? Machine traffic is left out."""
        rows = self._events(slot, now)
        count = rows.num_rows
        newest = rows.slice(max(count - MOST_READ, 0))
        about: dict[str, Counter[str]] = {key: Counter() for key in habits.THEMES}
        for text in newest.column("properties").to_pylist():
            for key, value in habits.themes(text):
                about[key][value] += 1
        ms = rows.column("ms").to_numpy()
        return {
            "as_of": iso(now),
            "timezone": self._pipeline.settings.timezone,
            "rfm": self._analytics.standing(rows.to_batches(), now),
            "lifecycle": self._stages.of_one(rows, now),
            "events": count,
            "from": iso(int(ms[0])) if count else None,
            "channels": self._shares(rows, "channel"),
            "devices": self._shares(rows, "device"),
            "content": [
                {"kind": key, "values": habits.shares(words, MOST, newest.num_rows)}
                for key, words in about.items()
                if words
            ],
            "hours": habits.week(ms, self._days).tolist(),
        }

    def _events(self, slot: int, now: int) -> pa.Table:
        """The events of a person that count, the earliest first."""
        with self._pipeline.lock:
            state = self._pipeline.state
            origins, machines = state.who.origins(slot), state.machines
        rows = owned(self._store, EVENTS, origins, machines.columns(COLUMNS))
        rows = rows.filter(pc.less_equal(rows["ms"], now))
        rows = rows.sort_by([("ms", "ascending"), ("seq", "ascending")]).combine_chunks()
        seen = [machines.seen(batch) for batch in rows.to_batches()]
        kept = [
            one.filter(pa.array(one.column("flags").to_numpy() & UNCOUNTED == 0)) for one in seen
        ]
        return pa.Table.from_batches(kept, rows.schema if not kept else None)

    def _shares(self, rows: pa.Table, column: str) -> list[dict[str, Any]]:
        words = rows.column(column).cast(pa.string()).to_pylist()
        return habits.shares(Counter(words), MOST, rows.num_rows)
