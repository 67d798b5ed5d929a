"""Where events come from: which sources send, which fell silent, what came from each."""

from __future__ import annotations

from typing import Any, Final

from hotspring.pool.moments import iso
from hotspring.pool.reread import Reread
from hotspring.store import Operations, Store

HOUR_MS: Final = 3_600_000
HOURS: Final = 24
SILENT_MS: Final = HOURS * HOUR_MS
"""A source that sent before and has not for so long is silent."""
BY_HOUR: Final = f"""
SELECT source, CASE WHEN received_ms < $1 THEN -1 ELSE (received_ms - $1) // {HOUR_MS} END AS hour,
    count(*) AS events, max(received_ms) AS last
FROM {{table}} GROUP BY ALL
"""


class Sources:
    """The sources of one open pool, by what came from them. Thread-safe."""

    def __init__(self, store: Store, operations: Operations) -> None:
        self._store = store
        self._operations = operations
        self._counts = Reread(self._counted)

    def all(self, now: int) -> list[dict[str, Any]]:
        """How does each source do at `now` (ms)? Those with a write key first, then by name.

        Sources are those that have a key or sent something: a file that was imported, a key that
        was taken back.
        """
        kept, refused = self._counts.at(now)
        keys = {source.name for source in self._operations.sources()}
        names = sorted(keys | set(kept) | set(refused), key=lambda name: (name not in keys, name))
        return [
            self._one(name, name in keys, kept.get(name, {}), refused.get(name, {}), now)
            for name in names
        ]

    def _counted(self, now: int) -> list[dict[str, dict[int, tuple[int, int]]]]:
        start = now - HOURS * HOUR_MS
        return [self._by_hour(table, start) for table in ("events", "quarantine")]

    def _by_hour(self, table: str, start: int) -> dict[str, dict[int, tuple[int, int]]]:
        """By source and hour since `start`, -1 for all before: how many, and when the last."""
        found: dict[str, dict[int, tuple[int, int]]] = {}
        for row in self._store.query(BY_HOUR.format(table=table), [start]).to_pylist():
            # A clock that was set back leaves receipts in the hours to come.
            hour = min(row["hour"], HOURS - 1)
            events, last = found.setdefault(row["source"], {}).get(hour, (0, 0))
            found[row["source"]][hour] = (events + row["events"], max(last, row["last"]))
        return found

    def _one(
        self,
        name: str,
        key: bool,
        kept: dict[int, tuple[int, int]],
        refused: dict[int, tuple[int, int]],
        now: int,
    ) -> dict[str, Any]:
        last = max((ms for _, ms in kept.values()), default=None)
        hours = [kept.get(hour, (0, 0))[0] for hour in range(HOURS)]
        accepted = sum(hours)
        bad = sum(count for hour, (count, _) in refused.items() if hour >= 0)
        return {
            "name": name,
            "state": _state(key, last, accepted, bad, now),
            "last_at": iso(last),
            "accepted_today": accepted,
            "refused_today": bad,
            "hours": hours,
            "events": sum(count for count, _ in kept.values()),
        }


def _state(key: bool, last: int | None, accepted: int, refused: int, now: int) -> str:
    if not key:
        return "closed"
    if refused > accepted:
        return "failing"
    if last is None:
        return "new"
    return "silent" if now - last >= SILENT_MS else "healthy"
