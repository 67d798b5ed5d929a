"""Whose clicks look like a mail scanner's? Read from the tables, told through the journal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any, Final

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from hotspring.bots import Networks, scanners
from hotspring.event import Command, Flag
from hotspring.pipeline.machines import HUMAN, MACHINE, Flagging, Named
from hotspring.pipeline.state import State
from hotspring.pipeline.warming import Ask
from hotspring.settings import Settings

LOOK_BACK_MS: Final = 900_000
"""How long after a click came it is looked at again, for what the person does next."""
AROUND_MS: Final = 3_600_000
MOST: Final = 500
"""Events in one command."""
LATELY: Final = f"received_ms >= ? AND flags & {int(Flag.IMPORTED)} = 0"
REASON: Final = "mail scanner"


def clicked(events: pa.RecordBatch) -> bool:
    """Is there a click on a link of a mail among these events?"""
    return any(pc.any(pc.equal(events.column("name"), name)).as_py() for name in scanners.CLICKED)


class Detector:
    """Finds bursts of clicks that a scanner made, and writes the commands that flag them."""

    def __init__(self, settings: Settings, ask: Ask, lock: AbstractContextManager[Any]) -> None:
        self._lock = lock
        self._seconds = settings.scanner_seconds
        self._networks = Networks(settings.scanner_networks_file)
        self._ask = ask

    def lately(self, state: State, now: int) -> list[scanners.Suspect]:
        """Who is suspected among the clicks that came lately, but for those from files?"""
        return self.find(state, LATELY, now - LOOK_BACK_MS, now)

    def anyone(self, state: State, now: int) -> bool:
        """Did anyone click lately?"""
        return bool(self._clickers(state, LATELY, now - LOOK_BACK_MS)[0])

    def find(self, state: State, condition: str, since: int, now: int) -> list[scanners.Suspect]:
        """Who is suspected among the clicks for which the condition on `since` holds?"""
        slots, start, end = self._clickers(state, condition, since)
        if not slots:
            return []
        with self._lock:
            origins = {origin for slot in slots for origin, _, _ in state.who.origins(slot)}
        rows = self._rows(state, sorted(origins), start - AROUND_MS, end + AROUND_MS)
        mine = [row for row in rows if row.person in slots]
        return scanners.suspects(mine, self._seconds, now)

    def _clickers(self, state: State, condition: str, since: int) -> tuple[set[int], int, int]:
        sql = (
            "SELECT DISTINCT origin_id, ms FROM events "
            f"WHERE seq < ? AND {condition} AND flags & {int(Flag.PASSER_BY)} = 0 "
            "AND name IN (SELECT unnest(?))"
        )
        slots, times = set[int](), [0, 0]
        found = list(self._ask(sql, [state.bound, since, sorted(scanners.CLICKED)]))
        for batch in found:
            ms = batch.column("ms").to_numpy()
            slots.update(self._people(state, batch))
            times += [int(ms.min()), int(ms.max())]
        return slots, min(times[2:], default=0), max(times[2:], default=0)

    def _rows(
        self, state: State, origins: Sequence[int], start: int, end: int
    ) -> Iterator[scanners.MailEvent]:
        # Only of mails is more read than that something was done, and when.
        sql = (
            "SELECT source, message_id, key, origin_id, ms, received_ms, name, flags, "
            "CASE WHEN name IN (SELECT unnest($4)) THEN properties ELSE '{}' END AS properties, "
            "CASE WHEN name IN (SELECT unnest($4)) THEN context ELSE '{}' END AS context "
            "FROM events WHERE seq < $1 AND origin_id IN (SELECT unnest($2)) "
            "AND ms BETWEEN $3 AND $5"
        )
        for batch in self._ask(
            sql, [state.bound, list(origins), start, sorted(scanners.MAIL), end]
        ):
            people = self._people(state, batch)
            codes = state.machines.codes(batch)
            for row, person, code in zip(batch.to_pylist(), people, codes.tolist(), strict=True):
                machine = code == MACHINE or (code != HUMAN and row["flags"] & Flag.BOT > 0)
                if row["name"] in scanners.MAIL or not machine:
                    yield self._event(row, person, machine or code > 0)

    def _people(self, state: State, batch: pa.RecordBatch) -> list[int]:
        origins, ms = batch.column("origin_id").to_numpy(), batch.column("ms").to_numpy()
        with self._lock:
            return list(state.who.profile_of(origins, ms).tolist())

    def _event(self, row: dict[str, Any], person: int, decided: bool) -> scanners.MailEvent:
        properties = msgspec.json.decode(row["properties"])
        around = msgspec.json.decode(row["context"])
        address = properties.get("ip")
        network = self._networks.name(address) if isinstance(address, str) else ""
        return scanners.MailEvent(
            person=person,
            source=row["source"],
            message_id=row["message_id"],
            origin=row["origin_id"],
            ms=row["ms"],
            received_ms=row["received_ms"],
            name=row["name"],
            properties=properties,
            network=network or str(around.get("scanner", "")),
            decided=decided,
        )

    def commands(self, suspects: Iterable[scanners.Suspect], by: str, now: int) -> list[Command]:
        """The commands that flag the events of those suspects that are likely enough."""
        told = [
            (event, suspect.evidence | {"score": suspect.score})
            for suspect in suspects
            if suspect.flaggable
            for event in suspect.events
        ]
        texts = self._texts({event.origin for event, _ in told})
        named = [
            Named(event.source, event.message_id, texts[event.origin], evidence)
            for event, evidence in told
        ]
        return [_command(named[at : at + MOST], by, now, at) for at in range(0, len(named), MOST)]

    def _texts(self, ids: set[int]) -> dict[int, str]:
        sql = "SELECT id, text FROM identifiers WHERE id IN (SELECT unnest(?::INTEGER[]))"
        batches = self._ask(sql, [sorted(ids)]) if ids else iter(list[pa.RecordBatch]())
        return {row["id"]: row["text"] for batch in batches for row in batch.to_pylist()}


def _command(events: Sequence[Named], by: str, now: int, number: int) -> Command:
    name = f"d_{now}_{number}"
    body = Flagging(id=name, events=tuple(events), cause="detector", reason=REASON)
    return Command("flag", now, by, msgspec.json.encode(body).decode())
