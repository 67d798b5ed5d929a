"""Which events are machine traffic, beyond what the door saw: flags that come and go later."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, Literal

import msgspec
import numpy as np
import pyarrow as pa

from hotspring.event import Command, Flag
from hotspring.identity import Who
from hotspring.keys import fingerprints
from hotspring.pipeline.tables import FLAGS

Verdict = Literal["machine", "human", "open"]
Cause = Literal["hand", "detector"]

COMMANDS: Final = ("flag", "unflag")
VERDICTS: Final[tuple[Verdict, ...]] = ("machine", "human", "open")
"""`machine`: brings no heat. `human`: brings heat, whatever the door saw. `open`: a flag was taken
back, so the door's own decision stands, and no detector decides again."""
MACHINE, HUMAN, OPEN = 1, 2, 3
"""Codes of the verdicts; 0 where nobody decided."""
SPREAD: Final = np.uint64(0x9E3779B97F4A7C15)
"""Makes subjects far apart before they are mixed with keys (Fibonacci hashing)."""


class Named(msgspec.Struct, frozen=True):
    """One event: its source, its id there, and the identifier that is its subject."""

    source: str
    message_id: str
    subject: str
    evidence: dict[str, Any] = {}
    """What speaks for the flag on this very event."""


class Flagging(msgspec.Struct, frozen=True):
    """The body of a `flag` or `unflag` command."""

    id: str
    identifiers: tuple[str, ...] = ()
    """All events of these subjects, past and future."""
    events: tuple[Named, ...] = ()
    verdict: Verdict = "machine"
    """An `unflag` says `open`."""
    cause: Cause = "hand"
    """What a detector says never overrules what was decided by hand."""
    reason: str = ""


class Numbered(msgspec.Struct, frozen=True):
    """The targets of a flag as numbers."""

    origins: np.ndarray
    """int32, of the identifiers."""
    subjects: np.ndarray
    """int32, of the events."""
    keys: np.ndarray
    """uint64, of the events."""


class Machines(msgspec.Struct, frozen=True):
    """All flags that stand, for reading: a value, so that whoever reads sees one moment.

    An event's own flag counts before that of its subject, and both before the door's.
    """

    subjects: np.ndarray = np.empty(0, np.uint64)
    """Numbers of subjects, ascending."""
    subject_codes: np.ndarray = np.empty(0, np.int8)
    events: np.ndarray = np.empty(0, np.uint64)
    """Keys of events mixed with their subjects, ascending."""
    event_codes: np.ndarray = np.empty(0, np.int8)

    def columns(self, wanted: Sequence[str]) -> tuple[str, ...]:
        """The columns to read so that `seen` can tell: keys only where single events have flags."""
        extra = ("key",) if len(self.events) else ()
        return (*wanted, *(name for name in extra if name not in wanted))

    def seen(self, events: pa.RecordBatch) -> pa.RecordBatch:
        """The same events with the door's flag of machine traffic set as it stands now."""
        if not len(self.subjects) and not len(self.events):
            return events
        codes = self.codes(events)
        if not codes.any():
            return events
        flags = events.column("flags").to_numpy()
        bot = np.int32(Flag.BOT)
        codes[flags & int(Flag.DECIDED) > 0] = 0
        flags = np.where(codes == MACHINE, flags | bot, flags)
        flags = np.where(codes == HUMAN, flags & ~bot, flags)
        place = events.schema.get_field_index("flags")
        return events.set_column(place, events.schema.field(place), pa.array(flags, pa.int32()))

    def codes(self, events: pa.RecordBatch) -> np.ndarray:
        """int8[n]: what was decided about each event, 0 where nothing ever was."""
        origins = events.column("origin_id").to_numpy()
        found = _found(self.subjects, self.subject_codes, origins.astype(np.uint64))
        if len(self.events):
            own = self.single(events)
            stands = (own == MACHINE) | (own == HUMAN) | (found == 0)
            found = np.where(stands, own, found)
        return found

    def single(self, events: pa.RecordBatch) -> np.ndarray:
        """int8[n]: what was decided about each event itself, 0 where nothing ever was."""
        columns = (events.column(name).to_numpy() for name in ("key", "origin_id"))
        return _found(self.events, self.event_codes, _mixed(*columns))

    def singles(self, events: pa.RecordBatch) -> tuple[np.ndarray, np.ndarray]:
        """The rows of events that were themselves decided to be a machine's or not; bool of each:
        are they?"""
        codes = self.single(events)
        rows = np.flatnonzero((codes == MACHINE) | (codes == HUMAN))
        return rows, codes[rows] == MACHINE

    def of_subjects(self, subjects: np.ndarray) -> pa.Array:
        """boolean[n]: were all events of these subjects decided to be a machine's? Null where that
        is open."""
        codes = _found(self.subjects, self.subject_codes, subjects.astype(np.uint64))
        return pa.array(codes == MACHINE, mask=(codes != MACHINE) & (codes != HUMAN))

    def verdicts(self, events: pa.RecordBatch) -> list[Verdict | None]:
        """What was decided about each event? None where nothing was, or it was taken back."""
        names: tuple[Verdict | None, ...] = (None, "machine", "human", None)
        return [names[code] for code in self.codes(events).tolist()]

    def decided(self, targets: Numbered, verdict: Verdict, cause: Cause) -> Machines:
        """The flags with one more decision."""
        code, over = VERDICTS.index(verdict) + 1, cause == "hand"
        subjects = _put(
            self.subjects, self.subject_codes, targets.origins.astype(np.uint64), code, over
        )
        keys = _mixed(targets.keys, targets.subjects)
        return Machines(*subjects, *_put(self.events, self.event_codes, keys, code, over))

    def without(self, subjects: np.ndarray, events: pa.Table) -> Machines:
        """The flags that are left once these subjects, and events with `key` and `origin_id`, are
        gone."""
        keys = _mixed(events.column("key").to_numpy(), events.column("origin_id").to_numpy())
        whose = ~np.isin(self.subjects, subjects.astype(np.uint64))
        which = ~np.isin(self.events, keys)
        return Machines(
            self.subjects[whose], self.subject_codes[whose],
            self.events[which], self.event_codes[which],
        )  # fmt: skip

    def same(self, other: Machines) -> bool:
        """Do both hold the same flags?"""
        mine, theirs = self.dump(), other.dump()
        return all(np.array_equal(mine[name], theirs[name]) for name in mine)

    def dump(self) -> dict[str, np.ndarray]:
        """The flags as arrays."""
        return {name: getattr(self, name) for name in self.__struct_fields__}


def numbered(flagging: Flagging, who: Who, key: bytes) -> Numbered:
    """Which numbers have the targets? Identifiers that no event named yet get theirs now."""
    names = [f"{event.source}\x00{event.message_id}" for event in flagging.events]
    return Numbered(
        who.intern(list(flagging.identifiers)),
        who.intern([event.subject for event in flagging.events]),
        fingerprints(pa.array(names, pa.string()), key),
    )


def flagging_of(command: Command) -> Flagging:
    """What does a `flag` or `unflag` command say?"""
    said = msgspec.json.decode(command.body, type=Flagging)
    return msgspec.structs.replace(said, verdict="open") if command.kind == "unflag" else said


def flag_rows(seq: int, command: Command, who: Who, key: bytes) -> pa.RecordBatch:
    """Which rows of `FLAGS` does a command make?"""
    said = flagging_of(command)
    targets = numbered(said, who, key)
    nothing = [""] * len(targets.origins)
    count = len(nothing) + len(said.events)
    columns = {
        "seq": [seq] * count,
        "place": range(count),
        "flag": [said.id] * count,
        "origin_id": [*targets.origins.tolist(), *targets.subjects.tolist()],
        "source": [*nothing, *(event.source for event in said.events)],
        "message_id": [*nothing, *(event.message_id for event in said.events)],
        "verdict": [said.verdict] * count,
        "cause": [said.cause] * count,
        "reason": [said.reason] * count,
        "evidence": [*("{}" for _ in nothing), *(_json(event.evidence) for event in said.events)],
        "at_ms": [command.at_ms] * count,
        "by": [command.by] * count,
    }
    return pa.RecordBatch.from_pydict(columns, schema=FLAGS.schema)


def _json(value: dict[str, Any]) -> str:
    return msgspec.json.encode(value).decode()


def _mixed(keys: np.ndarray, origins: np.ndarray) -> np.ndarray:
    # A message id may come again after the window of repeats, with another subject.
    return np.asarray(keys ^ (origins.astype(np.uint64) * SPREAD))


def _found(known: np.ndarray, codes: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    if not len(known):
        return np.zeros(len(wanted), np.int8)
    at = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
    return np.where(known[at] == wanted, codes[at], np.int8(0))


def _put(
    known: np.ndarray, codes: np.ndarray, wanted: np.ndarray, code: int, over: bool
) -> tuple[np.ndarray, np.ndarray]:
    wanted = np.unique(wanted)
    old = _found(known, codes, wanted)
    codes = codes.copy()
    if over:
        codes[np.searchsorted(known, wanted[old > 0])] = code
    fresh = wanted[old == 0]
    at = np.searchsorted(known, fresh)
    return np.insert(known, at, fresh), np.insert(codes, at, np.int8(code))
