"""Machine traffic, named after the fact: what a flag is put on, and taken from."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hotspring.bots import robots, scanners
from hotspring.errors import BadRequest, NotFound
from hotspring.event import Command, Flag
from hotspring.pipeline import Pipeline
from hotspring.pool.moments import iso
from hotspring.pool.profiles import Profiles
from hotspring.store import Store

DAY_MS: Final = 86_400_000
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

    def suspects(self, days: float, now: int) -> list[dict[str, Any]]:
        """Who looks like a machine in what happened in the last days? The most suspect first."""
        since = now - round(days * DAY_MS)
        found = [_scanner(one) for one in self._scanners(since, now)]
        found += [_robot(one) for one in self._robots(since)]
        texts = self._profiles.texts({row["identifier"] for row in found})
        with self._pipeline.lock:
            who = self._pipeline.state.who
            ids = np.array([row["identifier"] for row in found], np.int32)
            slots = who.profile_of(ids, np.array([row["at"] for row in found], np.int64))
            names = who.public_ids(slots)
        told = [
            {**row, "profile": name, "identifier": texts[row["identifier"]], "at": iso(row["at"])}
            for row, name in zip(found, names, strict=True)
        ]
        return sorted(told, key=lambda row: -row["score"])

    def scanner_flags(self, days: float, by: str, now: int) -> list[Command]:
        """The commands that flag the clicks of likely mail scanners."""
        suspects = self._scanners(now - round(days * DAY_MS), now)
        return self._pipeline.detector.commands(suspects, by, now)

    def _scanners(self, since: int, now: int) -> list[scanners.Suspect]:
        return self._pipeline.detector.find(self._pipeline.state, "ms >= ?", since, now)

    def _robots(self, since: int) -> list[robots.Robot]:
        rows = self._store.query(
            "SELECT key, origin_id, ms, flags FROM events WHERE ms >= ? AND flags & ? = 0 "
            "AND type IN ('track', 'page', 'screen') AND channel NOT IN ('server', 'store')",
            [since, int(Flag.IMPORTED | Flag.PASSER_BY)],
        )
        machines = self._pipeline.state.machines
        batches = [machines.seen(batch) for batch in rows.to_batches()]
        people = pa.Table.from_batches(batches, schema=rows.schema)
        people = people.filter(pc.equal(pc.bit_wise_and(people["flags"], int(Flag.BOT)), 0))
        return robots.suspects(people["origin_id"].to_numpy(), people["ms"].to_numpy())

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
            "SELECT DISTINCT source, message_id, origin_id FROM events "
            "WHERE message_id IN (SELECT unnest(?)) AND source IN (SELECT unnest(?))",
            [sorted({message for _, message in wanted}), sorted({source for source, _ in wanted})],
        ).to_pylist()
        texts = self._profiles.texts({row["origin_id"] for row in rows})
        for row in rows:
            row["subject"] = texts[row.pop("origin_id")]
        found = [row for row in rows if (row["source"], row["message_id"]) in wanted]
        missing = wanted - {(row["source"], row["message_id"]) for row in found}
        if missing:
            source, message = min(missing)
            raise NotFound(f"source {source} sent no event {message} that was accepted")
        return sorted(found, key=lambda row: (row["source"], row["message_id"], row["subject"]))


def _scanner(suspect: scanners.Suspect) -> dict[str, Any]:
    named = [{"source": one.source, "message_id": one.message_id} for one in suspect.events]
    return {
        "kind": "mail_scanner",
        "identifier": suspect.origin,
        "at": suspect.at_ms,
        "score": suspect.score,
        "flaggable": suspect.flaggable,
        "events": named,
        "evidence": suspect.evidence,
    }


def _robot(robot: robots.Robot) -> dict[str, Any]:
    return {
        "kind": "robot",
        "identifier": robot.origin,
        "at": robot.last_ms,
        "score": robot.score,
        "flaggable": False,
        "events": [],
        "evidence": robot.evidence,
    }
