"""What arrives, as it arrives: the latest events of the sources, accepted or refused, and why."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from hotspring.event import Flag
from hotspring.pipeline import Pipeline, first_seq
from hotspring.pool import cursors
from hotspring.pool.moments import iso
from hotspring.pool.profiles import Profiles
from hotspring.store import Store

BACK: Final = 2_000
"""Journal entries looked through where nobody says since when."""
LONGEST: Final = 8_192
"""Characters shown of properties, and of the body of what was refused."""
FLAGS: Final = {
    Flag.BOT: "machine", Flag.PUBLIC: "public_key", Flag.IMPORTED: "imported",
    Flag.SKEW_CORRECTED: "clock_corrected", Flag.CLAMPED: "time_clamped", Flag.BREACH: "breach",
    Flag.PASSER_BY: "passer_by",
}  # fmt: skip
ACCEPTED: Final = """
SELECT seq, source, message_id, type, name, ms, received_ms, ids, channel, device, flags, amount,
    currency, properties
FROM events WHERE seq >= ? AND seq < ? AND (? = '' OR source = ?)
    AND (? = '' OR contains(lower(name), lower(?)) OR message_id = ?)
"""
REFUSED: Final = """
SELECT seq, source, message_id, received_ms, reason, detail, body
FROM quarantine WHERE seq >= ? AND seq < ? AND (? = '' OR source = ?)
    AND (? = '' OR contains(lower(body), lower(?)) OR message_id = ? OR reason = ?)
"""


class Arrivals:
    """Reads what came last. Every method may be called from any thread."""

    def __init__(self, pipeline: Pipeline, store: Store, profiles: Profiles) -> None:
        self._pipeline = pipeline
        self._store = store
        self._profiles = profiles

    def since(
        self, cursor: str | None, verdict: str, source: str, q: str, limit: int
    ) -> dict[str, Any]:
        """The latest `limit` events after `cursor`, the newest first, and the cursor to go on with.

        `verdict` is `accepted`, `refused` or `all`; `q` is part of a name, or of the body of what
        was refused, a message id or a reason. `skipped` counts what came beyond the limit.
        """
        position = self._pipeline.position
        end = first_seq(position + 1)
        if cursor is None:
            start = first_seq(max(0, position - BACK))
        else:
            start = min(max(0, cursors.read(cursor, (int,))[0]), end)
        window = [start, end, source, source, q, q, q]
        found: list[dict[str, Any]] = []
        came = 0
        if verdict != "refused":
            rows, count = self._latest(ACCEPTED, window, limit)
            found += self._accepted(rows)
            came += count
        if verdict != "accepted":
            rows, count = self._latest(REFUSED, [*window, q], limit)
            found += [_refused(row) for row in rows]
            came += count
        found.sort(key=lambda row: -row["seq"])
        shown = found[:limit]
        for row in shown:
            del row["seq"]
        return {
            "items": shown,
            "cursor": cursors.write((end,)),
            "skipped": came - len(shown) if cursor is not None else 0,
        }

    def _latest(
        self, sql: str, parameters: list[Any], limit: int
    ) -> tuple[list[dict[str, Any]], int]:
        rows = self._store.query(
            f"SELECT *, count(*) OVER () AS came FROM ({sql}) ORDER BY seq DESC LIMIT ?",
            [*parameters, limit],
        ).to_pylist()
        return rows, rows[0]["came"] if rows else 0

    def _accepted(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        texts = self._profiles.texts({one for row in rows for one in row["ids"]})
        return [
            {
                "seq": row["seq"],
                "verdict": "accepted",
                "received_at": iso(row["received_ms"]),
                "source": row["source"],
                "message_id": row["message_id"],
                "event": row["name"],
                "type": row["type"],
                "at": iso(row["ms"]),
                "identifiers": [texts[one] for one in row["ids"] if one in texts],
                "channel": row["channel"],
                "device": row["device"],
                "marks": [mark for flag, mark in FLAGS.items() if row["flags"] & flag],
                "amount": row["amount"],
                "currency": row["currency"],
                **_properties(row["properties"]),
            }
            for row in rows
        ]


def _properties(text: str) -> dict[str, Any]:
    if len(text) > LONGEST:
        return {"properties": None, "text": text[:LONGEST]}
    return {"properties": msgspec.json.decode(text)}


def _refused(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "seq": row["seq"],
        "verdict": "refused",
        "received_at": iso(row["received_ms"]),
        "source": row["source"],
        "message_id": row["message_id"],
        "reason": row["reason"],
        "detail": row["detail"],
        "text": row["body"][:LONGEST],
    }
