"""Flags of machine traffic as they stand: who is flagged, which events, by whom and why."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from hotspring.pool import cursors
from hotspring.pool.moments import iso
from hotspring.store import Store

STANDING: Final = (
    "SELECT f.*, i.text AS subject FROM ("
    "  SELECT * FROM flags WHERE {condition}"
    # What a detector says never overrules what was decided by hand.
    "  QUALIFY row_number() OVER (PARTITION BY origin_id, source, message_id"
    "    ORDER BY cause = 'hand' DESC, seq DESC) = 1"
    ") f JOIN identifiers i ON i.id = f.origin_id WHERE f.verdict <> 'open' {page} "
    "ORDER BY f.seq DESC, f.place DESC LIMIT ?"
)
MOST: Final = 1_000
"""Flags told of one profile."""


def standing(
    store: Store, limit: int, cursor: str | None
) -> tuple[list[dict[str, Any]], str | None]:
    """One page of the flags that stand, the newest first."""
    page, parameters = "", list[Any]()
    if cursor:
        page, parameters = "AND (f.seq, f.place) < (?, ?)", [*cursors.read(cursor, (int, int))]
    sql = STANDING.format(condition="true", page=page)
    rows = store.query(sql, [*parameters, limit + 1]).to_pylist()
    last = rows[limit - 1] if len(rows) > limit else None
    following = cursors.write((last["seq"], last["place"])) if last else None
    return [_flag(row) for row in rows[:limit]], following


def flags_of(store: Store, origins: list[tuple[int, int, int]]) -> list[dict[str, Any]]:
    """The flags on the identifiers of one profile, not those on single events."""
    condition = "message_id = '' AND origin_id IN (SELECT unnest(?::INTEGER[]))"
    ids = sorted({origin for origin, _, _ in origins})
    rows = store.query(STANDING.format(condition=condition, page=""), [ids, MOST]).to_pylist()
    return [_flag(row) for row in rows]


def _flag(row: dict[str, Any]) -> dict[str, Any]:
    event = {"source": row["source"], "message_id": row["message_id"]}
    return {
        "id": row["flag"],
        "identifier": row["subject"],
        "event": event if row["message_id"] else None,
        "verdict": row["verdict"],
        "cause": row["cause"],
        "reason": row["reason"],
        "evidence": msgspec.json.decode(row["evidence"]),
        "by": row["by"],
        "at": iso(row["at_ms"]),
    }
