"""Entries of quarantine: which there are, which of them are meant, and what became of them."""

from __future__ import annotations

from typing import Any, Final, Literal, Self

import msgspec
import pyarrow as pa

from hotspring.errors import BadRequest

Status = Literal["open", "replayed", "dropped"]
EVENT_NAME: Final = """coalesce(CASE WHEN json_valid(body) THEN json_extract_string(
    body, CASE WHEN reason = 'conflict' THEN '$.name' ELSE '$.event' END) END, '')"""
"""The name of a refused event, as far as its text tells one."""
ENTRIES: Final = f"""
SELECT q.seq, q.reason = 'conflict' AS recorded, q.source, q.received_ms, q.message_id, q.reason,
    q.detail, q.body, coalesce(q.request, '') AS request, {EVENT_NAME} AS event,
    coalesce(r.status, 'open') AS status, r.at_ms, r."by", r.why
FROM quarantine q
LEFT JOIN resolutions r ON r.entry = q.seq AND r.recorded = (q.reason = 'conflict')
"""
"""All entries with what became of them."""
CONFLICT_MARK: Final = "c"


class Entry(msgspec.Struct, frozen=True):
    """One refused event with what became of it."""

    seq: int
    recorded: bool
    """It was decoded and contradicted an earlier event; else it was refused at the door."""
    source: str
    received_ms: int
    message_id: str
    reason: str
    detail: str
    body: str
    request: str
    event: str
    status: Status = "open"
    at_ms: int | None = None
    by: str | None = None
    why: str | None = None

    @staticmethod
    def rows(rows: pa.Table) -> list[Entry]:
        """What a question of `Selection` found."""
        return msgspec.convert(rows.to_pylist(), list[Entry])

    @property
    def id(self) -> str:
        """Its name, which stays."""
        return f"{self.seq}{CONFLICT_MARK if self.recorded else ''}"


class Selection(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which entries are meant: these, or all that fit everything that is given."""

    ids: tuple[str, ...] = ()
    source: str | None = None
    reason: str | None = None
    event: str | None = None
    since_ms: int | None = None
    until_ms: int | None = None
    status: Status | None = "open"
    """None: whatever became of them."""

    @classmethod
    def of(cls, *ids: str) -> Self:
        """These entries, whatever became of them."""
        return cls(ids=ids, status=None)

    def query(
        self, limit: int, after: str | None = None, newest_first: bool = False
    ) -> tuple[str, list[Any]]:
        """A question for up to `limit` of them that follow the entry `after`; its parameters.

        Its rows are read by `Entry.rows`.
        """
        condition, parameters = self._condition()
        if after is not None:
            condition += f" AND (seq, recorded) {'<' if newest_first else '>'} (?, ?)"
            parameters += _key(after)
        direction = "DESC" if newest_first else "ASC"
        order = f"seq {direction}, recorded {direction}"
        sql = f"SELECT * FROM ({ENTRIES}) WHERE {condition} ORDER BY {order} LIMIT ?"
        return sql, [*parameters, limit]

    def count(self) -> tuple[str, list[Any]]:
        """A question for the number of them by reason, as `reason` and `entries`."""
        condition, parameters = self._condition()
        sql = f"SELECT reason, count(*) AS entries FROM ({ENTRIES}) WHERE {condition}"
        return f"{sql} GROUP BY reason ORDER BY entries DESC, reason", parameters

    def _condition(self) -> tuple[str, list[Any]]:
        parts, parameters = ["true"], list[Any]()
        if self.ids:
            keys = [_key(one) for one in self.ids]
            for recorded in (False, True):
                parameters.append([seq for seq, kind in keys if kind is recorded])
            parts.append("(seq IN (SELECT unnest(?::BIGINT[])) AND NOT recorded"
                         " OR seq IN (SELECT unnest(?::BIGINT[])) AND recorded)")  # fmt: skip
        for name in ("source", "reason", "event", "status"):
            value = getattr(self, name)
            if value is not None:
                parts.append(f"{name} = ?")
                parameters.append(value)
        if self.since_ms is not None:
            parts.append("received_ms >= ?")
            parameters.append(self.since_ms)
        if self.until_ms is not None:
            parts.append("received_ms < ?")
            parameters.append(self.until_ms)
        return " AND ".join(parts), parameters


def _key(one: str) -> tuple[int, bool]:
    number = one.removesuffix(CONFLICT_MARK)
    if not (number.isascii() and number.isdecimal() and len(number) < 19):
        raise BadRequest(f"{one[:40]!r} is no id of an entry")
    return int(number), one.endswith(CONFLICT_MARK)
