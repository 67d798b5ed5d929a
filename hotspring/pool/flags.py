"""Flags of machine traffic as they stand: who is flagged, which events, by whom and why."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import msgspec

from hotspring.identity import IDENTIFIERS
from hotspring.pool import cursors
from hotspring.pool.moments import iso
from hotspring.store import Store

STANDING: Final = (
    "SELECT * FROM ("
    "  SELECT * FROM flags WHERE {condition}"
    # The last word by hand counts, else the first of a detector, which overrules nobody.
    "  QUALIFY row_number() OVER (PARTITION BY origin_id, source, message_id"
    "    ORDER BY cause = 'hand' DESC, CASE WHEN cause = 'hand' THEN -seq ELSE seq END) = 1"
    ") WHERE verdict <> 'open' {page} ORDER BY seq DESC, place DESC LIMIT ?"
)
MOST: Final = 1_000
"""Flags told of one profile."""


def standing(
    store: Store, limit: int, cursor: str | None
) -> tuple[list[dict[str, Any]], str | None]:
    """One page of the flags that stand, the newest first."""
    page, parameters = "", list[Any]()
    if cursor:
        page, parameters = "AND (seq, place) < (?, ?)", [*cursors.read(cursor, (int, int))]
    sql = STANDING.format(condition="true", page=page)
    rows = store.query(sql, [*parameters, limit + 1]).to_pylist()
    last = rows[limit - 1] if len(rows) > limit else None
    following = cursors.write((last["seq"], last["place"])) if last else None
    return _told(store, rows[:limit]), following


def flags_of(store: Store, origins: list[tuple[int, int, int]]) -> list[dict[str, Any]]:
    """The flags on the identifiers of one profile, not those on single events."""
    condition = "message_id = '' AND origin_id IN (SELECT unnest(?::INTEGER[]))"
    ids = sorted({origin for origin, _, _ in origins})
    rows = store.query(STANDING.format(condition=condition, page=""), [ids, MOST]).to_pylist()
    return _told(store, rows)


def texts_of(store: Store, ids: Iterable[int]) -> dict[int, str]:
    """The identifiers behind these numbers."""
    rows = store.rows_of(IDENTIFIERS, ids, ("id", "text"))
    return dict(zip(rows.column("id").to_pylist(), rows.column("text").to_pylist(), strict=True))


def _told(store: Store, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    texts = texts_of(store, (row["origin_id"] for row in rows)) if rows else {}
    return [_flag(row, texts[row["origin_id"]]) for row in rows]


def _flag(row: dict[str, Any], subject: str) -> dict[str, Any]:
    event = {"source": row["source"], "message_id": row["message_id"]}
    return {
        "id": row["flag"],
        "identifier": subject,
        "event": event if row["message_id"] else None,
        "verdict": row["verdict"],
        "cause": row["cause"],
        "reason": row["reason"],
        "evidence": msgspec.json.decode(row["evidence"]),
        "by": row["by"],
        "at": iso(row["at_ms"]),
    }
