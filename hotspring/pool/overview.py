"""The whole pool at a glance: bands, their days, what comes in, and what wants attention."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from hotspring.pool.moments import iso
from hotspring.pool.reread import Reread
from hotspring.pool.sources import Sources
from hotspring.pool.trend import Trend
from hotspring.store import Store

MINUTE_MS: Final = 60_000
MINUTES: Final = 60
FORGOTTEN_MS: Final = 30 * 86_400_000
"""A source that has been silent for so long wants no attention any more."""
LAGS: Final = 5.0
"""Seconds behind from which on one should look."""
DOWN: Final = ("cool", "cold")


class Overview:
    """Reads the figures of an open pool, the dear ones not at every call. Thread-safe."""

    def __init__(
        self,
        store: Store,
        sources: Sources,
        trend: Trend,
        status: Callable[[], dict[str, Any]],
        temperature: Callable[[], dict[str, Any]],
        backups: Callable[[], list[dict[str, Any]]],
    ) -> None:
        self._store = store
        self._trend = trend
        self._status = status
        self._temperature = temperature
        self._backups = backups
        self._traffic = Reread(self._minutes)
        self._flow = Reread(trend.flow)
        self._sources = sources

    def show(self, now: int) -> dict[str, Any]:
        """Everything that a first look wants, as of `now` (ms)."""
        status, sources = self._status(), self._sources.all(now)
        # What the days begin to compute, the flow waits for: it is never of other days than they.
        history, flow = self._trend.days(now), self._flow.at(now)
        return {
            "as_of": iso(now),
            "temperature": self._temperature(),
            "history": history,
            "flow": flow,
            "traffic": self._traffic.at(now),
            "sources": sources,
            "attention": [
                *_of_status(status),
                *_of_sources(sources, now),
                *_of_backups(self._backups()),
                *_of_flow(flow),
            ],
        }

    def _minutes(self, now: int) -> dict[str, Any]:
        """Events accepted and refused in each of the last minutes, by when they were received."""
        this = now // MINUTE_MS
        first = this - MINUTES + 1
        counts = [
            self._counted(
                "SELECT received_ms // 60000 AS key, count(*) AS n "
                f"FROM {table} WHERE received_ms >= ? GROUP BY ALL",
                first * MINUTE_MS,
            )
            for table in ("events", "quarantine")
        ]
        minutes = [
            {
                "at": iso(minute * MINUTE_MS),
                "accepted": counts[0].get(minute, 0),
                "refused": counts[1].get(minute, 0),
            }
            for minute in range(first, this + 1)
        ]
        whole = minutes[-2]
        return {
            "minutes": minutes,
            "per_minute": whole["accepted"],
            "last_hour": sum(counts[0].values()),
            "refused_last_hour": sum(counts[1].values()),
        }

    def _counted(self, sql: str, *parameters: int) -> dict[Any, int]:
        rows = self._store.query(sql, list(parameters))
        return dict(zip(rows["key"].to_pylist(), rows["n"].to_pylist(), strict=True))


def _of_status(status: dict[str, Any]) -> list[dict[str, Any]]:
    found = []
    if not status["ready"]:
        found.append({"kind": "stopped", "level": "error"})
    if status["lag_seconds"] > LAGS:
        found.append({"kind": "lag", "level": "warning", "seconds": status["lag_seconds"]})
    if status["damaged"]:
        found.append({"kind": "damaged", "level": "error", "count": status["damaged"]})
    waiting = status["quarantined"] - status["conflicts"]
    if waiting:
        found.append({"kind": "quarantine", "level": "warning", "count": waiting})
    if status["conflicts"]:
        found.append({"kind": "conflicts", "level": "warning", "count": status["conflicts"]})
    return found


def _of_sources(sources: list[dict[str, Any]], now: int) -> list[dict[str, Any]]:
    forgotten = iso(now - FORGOTTEN_MS)
    return [
        {
            "kind": f"source_{one['state']}",
            "level": "warning",
            "source": one["name"],
            "at": one["last_at"],
            "count": one["refused_today"],
        }
        for one in sources
        if one["state"] == "failing"
        or (one["state"] == "silent" and str(one["last_at"]) > forgotten)
    ]


def _of_backups(jobs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    ended = [job for job in jobs if job["state"] in ("done", "failed")]
    if ended and ended[0]["state"] == "failed":
        return [{"kind": "backup_failed", "level": "error", "at": ended[0]["finished_at"]}]
    return []


def _of_flow(flow: dict[str, Any] | None) -> list[dict[str, Any]]:
    """More left the warm bands in a week than came into them?"""
    if flow is None:
        return []
    moved = [(one["from"], one["to"], one["profiles"]) for one in flow["flows"]]
    fell = sum(n for a, b, n in moved if a in ("hot", "warm") and b in DOWN)
    rose = sum(n for a, b, n in moved if a in (*DOWN, "new") and b in ("hot", "warm"))
    return [{"kind": "cooling", "level": "info", "count": fell}] if fell > rose else []
