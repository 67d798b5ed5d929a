"""The live state of a pool: who is who and how warm, as a fold over events and commands."""

from __future__ import annotations

import itertools
from typing import Final

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hotspring.event import EVENT_SCHEMA, Command, Flag
from hotspring.identity import Change, Claims, Who
from hotspring.measure import Laps
from hotspring.pipeline import buried, machines
from hotspring.pipeline.buried import Buried
from hotspring.pipeline.machines import Machines
from hotspring.pipeline.warming import (
    NOBODY,
    Beside,
    Ground,
    Prepared,
    Source,
    Stretch,
    Whose,
    warm,
)
from hotspring.settings import Settings
from hotspring.spare import Copy, itself
from hotspring.temperature import Heat, RuleSet, Weigher, announcements, law
from hotspring.whereabouts import COLUMNS, Whereabouts

SHAPE: Final = 4
"""Of what `State.dump` gives. Another number in a snapshot means: fold the tables anew."""
EVIDENCE: Final = pa.array(["alias", "bind", "unbind"])
IDENTITY_COMMANDS: Final = ("separate", "join", "retract", "refuse")
NO_PAIRS: Final = np.empty((0, 2), np.int32)
SIGNING_IN: Final = ("ms", "key", "type", "client_id", "ids")


class Touched(msgspec.Struct, frozen=True):
    """Slots whose temperature may have changed, and what did it."""

    warmed: np.ndarray
    """By events alone."""
    changed: np.ndarray
    """By `cause`."""
    cause: announcements.Cause = "merge"
    gone: np.ndarray = NOBODY
    """They are part of others now."""
    regrouped: np.ndarray = NOBODY
    """They have other identifiers now, if not another temperature."""


class State:
    """Identities and energies of one pool after some journal position."""

    def __init__(self, settings: Settings, key: bytes, rules: RuleSet, source: Source) -> None:
        self.settings = settings
        self._source = source
        self._ask = source.ask
        self._key = key
        self.who = Who(settings, key, self._device_events)
        self.rules = rules
        self.weigher = Weigher(rules, settings.zone)
        self.heat = Heat(rules, settings.zone)
        self.where = Whereabouts()
        self.machines = Machines()
        self.bound = 0
        """Events with a `seq` from here on are not folded yet, even if the table holds them."""
        self.kept = False
        """Is there heat of events that are gone, to be read with that of events?"""
        self.prepared: list[Prepared] = []
        """Heats by other rules, made beside this one, that are told what happens to profiles."""

    def fold(
        self,
        events: pa.RecordBatch,
        ids: np.ndarray,
        offsets: np.ndarray,
        laps: Laps | None = None,
    ) -> Touched:
        """Take new events of people in; `laps` hears how long each step took.

        The rows must already be in the event table: profiles that change in more than an additive
        way are warmed anew from there. Passers-by are nobody: see `of_people`.
        """
        claims = _claims(events, ids, offsets)
        change = self.who.resolve(claims)
        self._merge(change)
        if laps is not None:
            laps.done("resolve")
        seen = self.machines.seen(events)
        weights = self.weigher.weigh(seen)
        slots = change.profile
        self.where.take(seen, slots, change.moved)
        if len(change.moved):
            weights = weights.of(~np.isin(slots, change.moved))
        self.heat.add(slots, claims.ms, weights)
        self._rewarm(change.moved)
        lost, other = _lost(change), change.regrouped
        touched = Touched(np.unique(slots), _changed(change), gone=lost, regrouped=other)
        if laps is not None:
            laps.done("warm")
        return touched

    def command(self, command: Command) -> Touched:
        """Take a decision in."""
        body = msgspec.json.decode(command.body)
        if command.kind == "rules":
            self.use(RuleSet.from_json(command.body))
            return Touched(NOBODY, self.who.slots(), "rules")
        if command.kind in machines.COMMANDS:
            return Touched(NOBODY, self._flag(command), "flag")
        if command.kind in buried.COMMANDS:
            self._bury(command)
        if command.kind not in IDENTITY_COMMANDS:
            return Touched(NOBODY, NOBODY)
        change = self.who.command(command.kind, body)
        self._merge(change)
        self._rewarm(change.moved)
        lost, other = _lost(change), change.regrouped
        return Touched(NOBODY, _changed(change), gone=lost, regrouped=other)

    def refold(self, reached: np.ndarray, texts: dict[int, str]) -> np.ndarray:
        """Forget all that is known of what `Who.reach` gave, and fold the events there are anew.

        The identifiers in `texts` lose their names. What was announced of the others stays. Gives
        the slots that stand there now.
        """
        before = self.who.slots_of(reached)
        slots = np.unique(before[before >= 0])
        announced = self.heat.announcements()
        self.heat.clear(slots)
        self.where.clear(slots)
        self.heat.announced(slots, np.full(len(slots), law.COLD, np.int8))
        self.who.wipe(reached)
        self.who.unname(texts)
        until = self.bound
        sql = "SELECT * FROM events WHERE seq < ? AND origin_id IN (SELECT unnest(?::INTEGER[]))"
        for batch in self._ask(f"{sql} ORDER BY seq", [until, reached.tolist()]):
            self.bound = batch.column("seq")[-1].as_py() + 1
            self.fold(batch, *flat(batch.column("ids")))
        self.bound = until
        after = self.who.slots_of(reached)
        known = (before >= 0) & (after >= 0)
        self.heat.announced(after[known][::-1], announced[before[known]][::-1])
        stand = np.unique(after[after >= 0])
        for prepared in self.prepared:
            prepared.note(NO_PAIRS, np.union1d(slots, stand))
        if self.kept:
            # A fold brings the events that are there, not what is kept of those that are gone.
            self._rewarm(stand)
        return stand

    def use(self, rules: RuleSet) -> None:
        """Warm every profile anew by other rules. What was announced stays announced.

        A heat that was prepared for these rules only catches up; else all events are read.
        """
        announced = self.heat.announcements()
        ready = [one for one in self.prepared if one.rules == rules and not one.busy and one.bound]
        prepared = ready[0] if ready else Prepared(rules, self.settings, self._source)
        self.settle(prepared)
        self.prepared = [one for one in self.prepared if one is not prepared]
        self.rules, self.weigher, self.heat = rules, prepared.weigher, prepared.heat
        self.heat.restore_announcements(announced)

    def settle(self, prepared: Prepared) -> None:
        """Make a heat by other rules exact as of this moment."""
        prepared.catch_up(self._ground(prepared, self.who.profile_of))

    def ground(self, prepared: Prepared) -> Ground:
        """What has a prepared heat to catch up with? It stays so while the state goes on."""
        return self._ground(prepared, self.who.mapping().profile_of)

    def _ground(self, prepared: Prepared, whose: Whose) -> Ground:
        merged, anew = prepared.changes()
        moved = np.array(sorted(anew), np.int32)
        origins = {origin for slot in anew for origin, _, _ in self.who.origins(slot)}
        return Ground(
            self.bound, self.who.capacity, self.heat.cells, whose, self.machines, merged, moved,
            sorted(origins), self.kept,
        )  # fmt: skip

    def _bury(self, command: Command) -> None:
        """Remember whom to keep out. An erasure that met people who are still there was void."""
        prints = msgspec.json.decode(command.body, type=Buried).prints
        if command.kind == "readmit":
            self.who.tombstones -= prints
        elif command.kind == "erase" and not len(self.who.printed(prints)):
            self.who.tombstones |= prints

    def _flag(self, command: Command) -> np.ndarray:
        """Set or take back a flag, and warm anew whom it touches; gives their slots."""
        said = machines.flagging_of(command)
        targets = machines.numbered(said, self.who, self._key)
        self.machines = self.machines.decided(targets, said.verdict, said.cause)
        return self.warm_again(np.union1d(targets.origins, targets.subjects))

    def warm_again(self, origins: np.ndarray) -> np.ndarray:
        """Warm anew whoever has events of these subjects; gives their slots."""
        subjects, kept = origins.tolist(), list[pa.RecordBatch]()
        if self.kept:
            sql = "SELECT origin_id, ms FROM kept_heat WHERE origin_id IN (SELECT unnest(?))"
            kept += self._ask(sql, [subjects])
        there = self._source.few(subjects, ("origin_id", "ms"), 0, self.bound)
        found = [NOBODY]
        for batch in itertools.chain(there, kept):
            whose, ms = batch.column("origin_id").to_numpy(), batch.column("ms").to_numpy()
            found.append(self.who.profile_of(whose, ms))
        slots = np.unique(np.concatenate(found))
        slots = slots[slots >= 0]
        self._rewarm(slots)
        return slots

    def _merge(self, change: Change) -> None:
        self.heat.ensure(self.who.capacity)
        self.where.ensure(self.who.capacity)
        for loser, winner in change.merged:
            self.heat.merge(int(loser), int(winner))
        self.where.merge(change.merged)
        for prepared in self.prepared:
            prepared.note(change.merged, NOBODY)

    def _rewarm(self, slots: np.ndarray) -> None:
        if not len(slots):
            return
        for prepared in self.prepared:
            prepared.note(NO_PAIRS, slots)
        self.heat.clear(slots)
        self.where.clear(slots)
        origins = {origin for slot in slots for origin, _, _ in self.who.origins(int(slot))}
        if not origins:
            return
        past = Stretch(0, self.bound, self.machines, sorted(origins), self.kept)

        def place(batch: pa.RecordBatch, found: np.ndarray) -> None:
            self.where.take(batch, np.where(np.isin(found, slots), found, -1))

        warm(
            self._source, past, self.who.profile_of, self.weigher, self.heat, only=slots,
            beside=Beside(COLUMNS, place),
        )  # fmt: skip

    def place_anew(self) -> None:
        """Find the places of all profiles anew, in the rows that are still there."""
        self.where = Whereabouts()
        self.where.ensure(self.who.capacity)
        columns = self.machines.columns((*COLUMNS, "origin_id"))
        for batch in self._source.scan(columns, (), 0, self.bound):
            slots = self.who.profile_of(
                np.array(batch.column("origin_id")), np.array(batch.column("ms"))
            )
            self.where.take(self.machines.seen(batch), slots)

    def take_kept(self) -> None:
        """Take in what is kept of events that are gone, after all that are still there."""
        for batch in self._ask("SELECT count(*) AS n FROM kept_heat", []):
            self.kept = batch.column("n")[0].as_py() > 0
        if self.kept:
            nothing_else = Stretch(0, 0, self.machines)
            warm(self._source, nothing_else, self.who.profile_of, self.weigher, self.heat)

    def _device_events(self, clients: np.ndarray, bound: np.ndarray) -> pa.Table:
        batches = list(self._source.few(clients.tolist(), SIGNING_IN, 0, self.bound, "client_id"))
        if len(bound):
            # Only a bind can name a device identifier that is not its first.
            beside = (
                f"SELECT {', '.join(SIGNING_IN)} FROM events WHERE seq < ? "
                "AND type = 'bind' AND list_has_any(ids, ?::INTEGER[])"
            )
            batches += self._ask(beside, [self.bound, bound.tolist()])
        schema = pa.schema([EVENT_SCHEMA.field(name) for name in SIGNING_IN])
        return pa.Table.from_batches((batch.cast(schema) for batch in batches), schema=schema)

    def same(self, other: State) -> bool:
        """Do both know the same people, equally warm, up to the numbers of their slots?"""
        if not np.array_equal(self.heat.half_lives_ms, other.heat.half_lives_ms):
            return False
        mine, theirs = self._people(), other._people()
        if mine.keys() != theirs.keys() or not self.machines.same(other.machines):
            return False
        slots = np.array(list(mine.values()), np.int32)
        others = np.array([theirs[key] for key in mine], np.int32)
        now = max(state.heat.dump()["as_of"].max(initial=0) for state in (self, other))
        # Sums taken in another order differ by rounding, relative to what was added and not to
        # what is left of it.
        return bool(
            np.allclose(
                self.heat.energy(now, slots), other.heat.energy(now, others), rtol=1e-9, atol=1e-6
            )
            and np.array_equal(self.heat.warmed(slots), other.heat.warmed(others))
            and self.where.same(slots, other.where, others)
        )

    def _people(self) -> dict[tuple[tuple[int, int, int], ...], int]:
        return {tuple(sorted(self.who.origins(int(slot)))): int(slot) for slot in self.who.slots()}

    def dump(self, copy: Copy = np.copy) -> dict[str, dict[str, np.ndarray]]:
        """The state as arrays by room, those that grow with the pool by way of `copy`."""
        return {
            "who": self.who.dump(copy),
            "heat": self.heat.dump(copy),
            "where": self.where.dump(copy),
            "machines": self.machines.dump(),
        }

    def weight(self) -> int:
        """How many bytes does what `dump` gives take?"""
        rooms = self.dump(itself).values()
        return sum(array.nbytes for room in rooms for array in room.values())

    def load(self, states: dict[str, dict[str, np.ndarray]]) -> None:
        """Become what `dump` gave."""
        self.who.load(states["who"])
        self.heat.load(states["heat"])
        self.where.load(states["where"])
        self.machines = Machines(**states["machines"])


def of_people(events: pa.RecordBatch) -> pa.RecordBatch:
    """The events of a batch but for those of passers-by; the same batch where there are none."""
    passing = events.column("flags").to_numpy() & int(Flag.PASSER_BY) != 0
    return events.filter(pa.array(~passing)) if passing.any() else events


def flat(lists: pa.ListArray) -> tuple[np.ndarray, np.ndarray]:
    """The identifiers of all rows one after the other, and where those of each row begin."""
    return (
        lists.flatten().to_numpy(zero_copy_only=False).astype(np.int32),
        np.append(0, np.cumsum(lists.value_lengths().to_numpy())).astype(np.int32),
    )


def _changed(change: Change) -> np.ndarray:
    winners = change.merged[:, 1] if len(change.merged) else NOBODY
    return np.unique(np.concatenate([winners, change.moved]))


def _lost(change: Change) -> np.ndarray:
    return change.merged[:, 0] if len(change.merged) else NOBODY


def _claims(events: pa.RecordBatch, ids: np.ndarray, offsets: np.ndarray) -> Claims:
    kinds = pc.fill_null(pc.add(pc.index_in(events.column("type"), EVIDENCE), 1), 0)
    return Claims(
        ids=ids,
        offsets=offsets,
        ms=events.column("ms").to_numpy(),
        key=events.column("key").to_numpy(),
        kind=kinds.to_numpy(zero_copy_only=False).astype(np.uint8),
        public=(events.column("flags").to_numpy() & int(Flag.PUBLIC)) != 0,
    )
