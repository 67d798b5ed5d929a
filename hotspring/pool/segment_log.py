"""What the pool's log tells of one segment: how its size went, who entered and who left."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from hotspring.pipeline import Pipeline
from hotspring.pool import cursors
from hotspring.pool.moments import clock, iso
from hotspring.segments import members
from hotspring.store import Store

POINTS: Final = 400
DAY_MS: Final = 86_400_000
HISTORY: Final = """
SELECT max(at_ms) AS at_ms, arg_max(count, seq) AS count, sum(entered)::BIGINT AS entered,
    sum("left")::BIGINT AS gone
FROM memberships WHERE segment = ? AND at_ms >= ? GROUP BY (at_ms - ?) // ? ORDER BY at_ms
"""
SIZES: Final = """
SELECT segment, greatest((at_ms - ?) // ?, -1) AS step, arg_max(count, seq) AS count
FROM memberships WHERE at_ms <= ? GROUP BY ALL ORDER BY segment, step
"""
CHANGES: Final = """
SELECT seq, at_ms, cause, entered_ids, left_ids FROM memberships
WHERE segment = ? AND seq <= ? AND entered + "left" > 0 ORDER BY seq DESC LIMIT 50
"""


class Log:
    """Reads the log of segments of an open pool. From any thread."""

    def __init__(self, pipeline: Pipeline, store: Store) -> None:
        self._pipeline = pipeline
        self._store = store

    def history(self, segment: str, days: float) -> list[dict[str, Any]]:
        """How many were in it, at some moments of the last days, and how many came and went."""
        since = clock() - round(days * DAY_MS)
        step = max(1, round(days * DAY_MS / POINTS))
        rows = self._store.query(HISTORY, [segment, since, since, step]).to_pylist()
        return [
            {
                "at": iso(row["at_ms"]),
                "count": row["count"],
                "entered": row["entered"],
                "left": row["gone"],
            }
            for row in rows
        ]

    def sizes(self, days: int, now: int) -> dict[str, list[int | None]]:
        """How many were in each segment at the end of each of the last days, none before it was
        counted; the last is now."""
        since = now - days * DAY_MS
        found: dict[str, list[int | None]] = {}
        for row in self._store.query(SIZES, [since, DAY_MS, now]).to_pylist():
            # As many days as nothing changed on, it was as large.
            line = found.setdefault(row["segment"], [None] * days)
            first = max(row["step"], 0)
            line[first:] = [row["count"]] * (days - first)
        return found

    def changes(
        self, segment: str, limit: int, cursor: str | None
    ) -> tuple[list[dict[str, Any]], str | None]:
        """Who entered and who left, the newest first. Who was erased is not told of."""
        seq, done = cursors.read(cursor, (int, int)) if cursor else (2**62, 0)
        found: list[dict[str, Any]] = []
        while True:
            rows = self._store.query(CHANGES, [segment, seq]).to_pylist()
            for row in rows:
                told = self._told(row)
                start = done if row["seq"] == seq else 0
                part = told[start : start + limit - len(found)]
                found += [one for one in part if one["profile"]]
                if start + len(part) < len(told):
                    return found, cursors.write((row["seq"], start + len(part)))
                if len(found) >= limit:
                    return found, cursors.write((row["seq"] - 1, 0))
            if len(rows) < 50:
                return found, None
            seq, done = rows[-1]["seq"] - 1, 0

    def _told(self, row: dict[str, Any]) -> list[dict[str, Any]]:
        told = []
        for change, packed in (("entered", row["entered_ids"]), ("left", row["left_ids"])):
            ids = members.unpacked(packed)
            with self._pipeline.lock:
                who = self._pipeline.state.who
                slots = who.slots_of(ids)
                names = np.full(len(ids), "", object)
                names[slots >= 0] = who.public_ids(slots[slots >= 0])
            told += [
                {"at": iso(row["at_ms"]), "profile": name, "change": change, "cause": row["cause"]}
                for name in names.tolist()
            ]
        return told
