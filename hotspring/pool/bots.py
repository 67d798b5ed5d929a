"""Machine traffic, named after the fact: what a flag is put on, and taken from."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any, Final

from hotspring.errors import BadRequest, NotFound
from hotspring.pipeline import Pipeline
from hotspring.pool.profiles import Profiles
from hotspring.store import Store

WHOLE: Final = 2**62
"""From before all to after all: the whole of an identifier is a profile's own."""


class Bots:
    """Turns what people name into the targets of a flag."""

    def __init__(self, pipeline: Pipeline, store: Store, profiles: Profiles) -> None:
        self._pipeline = pipeline
        self._store = store
        self._profiles = profiles

    def body(
        self, keys: Sequence[str], events: Sequence[dict[str, str]], reason: str, now: int
    ) -> dict[str, Any]:
        """The targets as a command names them. `NotFound` where an event or profile is unknown."""
        if not keys and not events:
            raise BadRequest("name at least one identifier, profile or event")
        found = {text for key in keys for text in self._identifiers(key, now)}
        return {
            "id": f"f_{now}_{secrets.token_hex(4)}",
            "identifiers": sorted(found),
            "events": self._events(events) if events else [],
            "reason": reason,
        }

    def _identifiers(self, key: str, now: int) -> list[str]:
        """One identifier, or all that are wholly a profile's own."""
        if ":" in key or not key.startswith("p_"):
            return [self._profiles.identifier(key)]
        with self._pipeline.lock:
            slot = self._profiles.slot(key, now)
            origins = self._pipeline.state.who.origins(slot)
        own = [i for i, start, end in origins if start <= -WHOLE and end >= WHOLE]
        return list(self._profiles.texts(own).values())

    def _events(self, events: Sequence[dict[str, str]]) -> list[dict[str, str]]:
        wanted = {(event["source"], event["message_id"]) for event in events}
        rows = self._store.query(
            "SELECT DISTINCT e.source, e.message_id, i.text AS subject "
            "FROM events e JOIN identifiers i ON i.id = e.origin_id "
            "WHERE e.message_id IN (SELECT unnest(?)) AND e.source IN (SELECT unnest(?))",
            [sorted({message for _, message in wanted}), sorted({source for source, _ in wanted})],
        ).to_pylist()
        found = [row for row in rows if (row["source"], row["message_id"]) in wanted]
        missing = wanted - {(row["source"], row["message_id"]) for row in found}
        if missing:
            source, message = min(missing)
            raise NotFound(f"source {source} sent no event {message} that was accepted")
        return sorted(found, key=lambda row: (row["source"], row["message_id"], row["subject"]))
