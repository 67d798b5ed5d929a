"""All that is held of one person, for the person: readable, complete, and nobody else's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

import msgspec
import numpy as np

from hotspring.event import Flag
from hotspring.pipeline import Pipeline
from hotspring.pool.moments import iso
from hotspring.pool.owned import Origins, spans
from hotspring.pool.profiles import Profiles
from hotspring.privacy import Audit, mentions
from hotspring.store import Operations, Store

PORTION: Final = 1_000
"""Events read at once."""
MOST_AUDIT: Final = 100_000


class Person:
    """Reads everything of one profile of an open pool."""

    def __init__(
        self, pipeline: Pipeline, store: Store, profiles: Profiles, operations: Operations
    ) -> None:
        self._pipeline = pipeline
        self._store = store
        self._profiles = profiles
        self._operations = operations
        self._audit = Audit(operations, lambda: 0)
        self.placed: Callable[[int, int], dict[str, list[dict[str, Any]]]]
        """Gives how the profile in a slot is sorted, and was."""

    def facts(self, slot: int, now: int) -> dict[str, Any]:
        """All of a profile but its events, as one document."""
        with self._pipeline.lock:
            who = self._pipeline.state.who
            origins = who.origins(slot)
            ids = who.identifiers(slot)
            (current,) = who.public_ids(np.array([slot], np.int32))
            # A shared device is told with each of its people, but its name is not one person's.
            own = [i for i, start, _ in origins if start < -(2**62)]
            names = sorted(set(who.names_of(np.array(own, np.int32))))
        texts = self._profiles.texts(ids.tolist())
        speaks = mentions.Mentions(texts.values(), self._profiles.form)
        merges = self._profiles.merges(slot)
        return {
            "as_of": iso(now),
            "profile": self._profiles.read(slot, now),
            "names": [current, *(name for name in names if name != current)],
            **self.placed(slot, now),
            "trait_history": self._rows("trait_writes", origins),
            "consent": self._profiles.consent(slot),
            "consent_history": self._rows("consents", origins),
            "merges": merges["merges"],
            "suggestions": merges["suggestions"],
            "decisions": self._decisions(set(texts.values())),
            "quarantine": self._quarantine(speaks),
            "announcements": self._announcements(names),
            "imports": self._imports(origins),
            "audit": self._entries({*names, *texts.values()}),
        }

    def events(self, slot: int) -> Iterator[list[dict[str, Any]]]:
        """Every event of the profile with all that is stored of it, oldest first, in portions."""
        with self._pipeline.lock:
            condition, parameters = spans(self._pipeline.state.who.origins(slot))
        last = (-(2**62), -1)
        while True:
            rows = self._store.query(
                f"SELECT * FROM events WHERE {condition} AND (ms, seq) > (?, ?) "
                "ORDER BY ms, seq LIMIT ?",
                [*parameters, *last, PORTION],
            ).to_pylist()
            if not rows:
                return
            last = rows[-1]["ms"], rows[-1]["seq"]
            texts = self._profiles.texts({i for row in rows for i in row["ids"]})
            yield [_event(row, texts) for row in rows]

    def _rows(self, table: str, origins: Origins) -> list[dict[str, Any]]:
        condition, parameters = spans(origins)
        rows: list[dict[str, Any]] = self._store.query(
            f"SELECT * FROM {table} WHERE {condition} ORDER BY ms, seq", parameters
        ).to_pylist()
        for row in rows:
            row["at"] = iso(row.pop("ms"))
            for name in ("origin_id", "seq", "key"):
                row.pop(name, None)
            if "value" in row:
                row["value"] = msgspec.json.decode(row["value"])
        return rows

    def _decisions(self, texts: set[str]) -> list[dict[str, Any]]:
        rows = self._store.query(
            'SELECT kind, at_ms, "by", body FROM commands '
            "WHERE kind NOT IN ('rules') ORDER BY seq"
        ).to_pylist()
        found = []
        for row in rows:
            body = msgspec.json.decode(row["body"])
            if not texts.isdisjoint(_texts(body)):
                found.append({"at": iso(row.pop("at_ms")), **row, "body": body})
        return found

    def _quarantine(self, person: mentions.Mentions) -> list[dict[str, Any]]:
        rows = self._store.query(
            "SELECT received_ms, source, message_id, reason, detail, body, "
            "coalesce(request, '') AS request FROM quarantine "
            "ORDER BY seq, index"
        )
        return [
            {"received_at": iso(row.pop("received_ms")), **row}
            for batch in rows.to_batches(max_chunksize=PORTION)
            for row in batch.to_pylist()
            if person.in_body(row["body"]) or person.in_body(row["request"])
        ]

    def _announcements(self, names: list[str]) -> list[dict[str, Any]]:
        rows = self._store.query(
            "SELECT * EXCLUDE (seq) FROM announcements "
            "WHERE profile IN (SELECT unnest(?)) ORDER BY seq",
            [names],
        ).to_pylist()
        return [{"at": iso(row.pop("at_ms")), **row} for row in rows]

    def _imports(self, origins: Origins) -> list[dict[str, Any]]:
        condition, parameters = spans(origins)
        moments = self._store.query(
            f"SELECT DISTINCT received_ms FROM events WHERE {condition} "
            f"AND flags & {int(Flag.IMPORTED)} <> 0",
            parameters,
        ).column("received_ms")
        received = moments.to_pylist()
        return [
            {
                "name": job.name,
                "preset": job.preset,
                "started_at": iso(job.started_ms),
                "by": job.by,
            }
            for job in self._operations.imports(1_000_000)
            if any(job.started_ms <= ms <= (job.finished_ms or ms) for ms in received)
        ]

    def _entries(self, subjects: set[str]) -> list[dict[str, Any]]:
        hashes = {self._audit.pseudonym(subject) for subject in subjects}
        return [
            {"at": iso(entry.at_ms), "by": entry.actor, "action": entry.action}
            for entry in self._operations.audit(MOST_AUDIT)
            if entry.subject in hashes
        ]


def _event(row: dict[str, Any], texts: dict[int, str]) -> dict[str, Any]:
    flags = Flag(row["flags"])
    place = {name: row[name] for name in ("lon", "lat", "adcode", "place_origin", "precision")}
    return {
        "at": iso(row["ms"]),
        "received_at": iso(row["received_ms"]),
        "type": row["type"],
        "name": row["name"],
        "source": row["source"],
        "message_id": row["message_id"],
        "identifiers": [texts[i] for i in row["ids"]],
        "channel": row["channel"],
        "device": row["device"],
        "marks": [flag.name.lower() for flag in Flag if flag in flags and flag.name],
        "place": place if row["lon"] is not None else None,
        "amount": row["amount"],
        "currency": row["currency"],
        "properties": msgspec.json.decode(row["properties"]),
        "traits": msgspec.json.decode(row["traits"]) if row["traits"] else {},
        "context": msgspec.json.decode(row["context"]),
    }


def _texts(value: Any) -> Iterator[str]:
    """Every text in a decoded JSON value."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
    elif isinstance(value, str):
        yield value
