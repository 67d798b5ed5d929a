"""The whole life of an event after the journal, on one screen."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, Final

import msgspec
import numpy as np
import pyarrow as pa
import structlog

from hotspring.collect import QUARANTINE, quarantine_rows
from hotspring.delivery import Stretch, stretch
from hotspring.errors import FolderError
from hotspring.event import Command, Flag
from hotspring.identity import IDENTIFIERS, traits
from hotspring.journal import COMMAND, DELIVERY, Entry, Journal, Record
from hotspring.keys import fingerprints
from hotspring.measure import Laps, Readings
from hotspring.pipeline import buried, machines, tagging
from hotspring.pipeline.announce import Announcer, Told
from hotspring.pipeline.detect import Detector, clicked
from hotspring.pipeline.ear import READ, Ear, News
from hotspring.pipeline.erase import Outline, outline
from hotspring.pipeline.erasing import Erasing
from hotspring.pipeline.intake import take
from hotspring.pipeline.machines import Machines
from hotspring.pipeline.rebuild import rebuild
from hotspring.pipeline.said import SAID
from hotspring.pipeline.screen import Screen
from hotspring.pipeline.state import SHAPE, State, Touched, flat, of_people
from hotspring.pipeline.tables import COMMANDS, EVENTS, FLAGS, KEPT_HEAT, first_seq
from hotspring.pipeline.warming import NOBODY, Going, Prepared, Source, read_warmth
from hotspring.plan import PLAN_VERSIONS, Plan
from hotspring.privacy import CONSENTS, consent
from hotspring.quarantine import RESOLUTIONS, Resolved
from hotspring.seen import FOR_EVER, Ids, Seen, each_once
from hotspring.settings import Settings
from hotspring.spare import Copy
from hotspring.store import Store, Table
from hotspring.temperature import RuleSet, Weigher, announcements, law

log = structlog.get_logger("hotspring.pipeline")

MOST_BYTES: Final = 4_000_000
"""Of bodies, decompressed, in one batch: some ten thousand events."""
MOST_HEARD: Final = 1_000
"""Batches and commands that are told of singly to one who draws."""
STRETCH: Final = 131_072
"""Rows of the event table read at once."""


class Pipeline:
    """Applies the journal to the tables and to the live state, batch after batch: one thread
    steps, and whoever else reads the live state holds `lock`."""

    def __init__(
        self, settings: Settings, key: bytes, journal: Journal, store: Store, rules: RuleSet
    ) -> None:
        self.settings = settings
        self.lock = threading.RLock()
        self._source = Source(
            self.ask, partial(store.columns.scan, EVENTS), partial(store.columns.few, EVENTS)
        )
        self.state = State(settings, key, rules, self._source)
        self.position = 0
        """Everything up to this journal position is applied."""
        self.pressed = False
        """Did the last step take as much as one may? Then there is probably more."""
        self.duplicates = 0
        self.damaged = 0
        """Journal entries whose bytes were found changed; the rest was applied."""
        # What the journal holds from before may tell of crossings that are not applied yet.
        self.announced = journal.head()
        """Journal position up to which the pool may have given itself commands."""
        self.plan: tuple[int, str] = (0, Plan().to_json())
        """Number and text of the tracking plan in force."""
        self.readings = Readings()
        """What is counted here and by the keeper."""
        self._key = key
        self._first_rules = rules
        self._journal = journal
        self._store = store
        self._seen = self._ids_seen()
        self._ears, self._announcer = list[Ear](), Announcer(settings.announce_degrees)
        self.detector = Detector(settings, self.ask, self.lock)
        # Clicks of before a restart are looked at once more.
        self._clicks = settings.mail_scanners == "flag"
        self._looked = self._waiting = 0
        self.screen = Screen(settings, key)
        self.erasing = Erasing(store, key)
        self.watched = False
        """Does anybody take what is `heard`? Only then it is kept."""
        self.heard: list[Touched | None] = []
        """Whom batches and commands touched, for one who draws them; None where it may be all."""
        self._recover(rules)

    def listen(self, columns: Sequence[str] = READ, passers: bool = False) -> Ear:
        """Tells from now on whom batches and commands touch, and where that is wanted the events:
        these columns, those of passers-by too where they are asked for."""
        self._ears.append(Ear(columns, passers))
        return self._ears[-1]

    # --- one batch: what came is taken, recorded, folded ---

    def step(self) -> bool:
        """Apply the next stretch of the journal. False where there was nothing to apply."""
        entries = self._next()
        for kind, group in itertools.groupby(entries, key=lambda entry: entry.kind):
            # A damaged entry may have put the position further than its own.
            run = [entry for entry in group if entry.seq > self.position]
            if not run:
                continue
            laps = Laps(self.readings, "pipeline_seconds")
            # Nobody who asks waits while bodies become columns.
            came = stretch(entry.body for entry in run) if kind == DELIVERY else None
            with self.lock:
                if came is not None:
                    self._deliver(run, came, laps)
                elif kind == COMMAND:
                    for entry in run:
                        self._decide(entry)
                else:
                    self._skip(run)
        return bool(entries)

    def _deliver(self, entries: Sequence[Entry], came: Stretch, laps: Laps) -> None:
        who = self.state.who
        positions = [entry.seq for entry in entries]
        intake = take(positions, came, who, self._seen, self._key, self.screen, laps)
        if who.tombstones:
            self.erasing.stained(intake.refused)
        self.readings.add("pipeline_batches")
        self.readings.add("pipeline_events", intake.events.num_rows + intake.duplicates)
        self.duplicates += intake.duplicates
        self._append(IDENTIFIERS, who.take_new())
        self._append(EVENTS, intake.events)
        said, decided = traits.trait_rows(intake.events), consent.consent_rows(intake.events)
        self._append(traits.TRAIT_WRITES, said)
        self._append(CONSENTS, decided)
        self._append(QUARANTINE, quarantine_rows(intake.refused))
        self.state.bound = first_seq(entries[-1].seq + 1)
        laps.done("record")
        people, ids, offsets = of_people(intake.events), intake.ids, intake.offsets
        if people is not intake.events:
            ids, offsets = flat(people.column("ids"))
        touched = self.state.fold(people, ids, offsets, laps)
        self._tell(touched, News(people, said, decided, intake.events))
        if not self._clicks and self.settings.mail_scanners == "flag":
            self._clicks = clicked(intake.events)
        self.position = entries[-1].seq
        if self._seen.full:
            self._seen.freeze(self.position)

    def _decide(self, entry: Entry) -> None:
        command = msgspec.msgpack.decode(entry.body, type=Command)
        self.state.bound = first_seq(entry.seq + 1)
        if command.kind == "announce":
            self._append(announcements.ANNOUNCEMENTS, self._announce(entry.seq, command))
        elif command.kind in SAID:
            self._append(*SAID[command.kind](entry.seq, command.body))
        elif command.kind in tagging.COMMANDS:
            found = tagging.found(entry.seq, command, self.state.who, self.ask)
            self._append(tagging.TAGGED, found.rows)
            self._tell(found.touched)
        else:
            self._append(COMMANDS, COMMANDS.row(seq=entry.seq, **msgspec.structs.asdict(command)))
            if command.kind == "erase":
                self._erase(entry.seq, command)
            touched = self.state.command(command)
            if command.kind in buried.COMMANDS:
                self.erasing.tell(command, self.state.who)
            self._append(IDENTIFIERS, self.state.who.take_new())
            if command.kind in machines.COMMANDS:
                rows = machines.flag_rows(entry.seq, command, self.state.who, self._key)
                self._append(FLAGS, rows)
            if command.kind == "rules":
                self._append(announcements.RULE_VERSIONS, self._version(entry.seq, command))
            elif command.kind == "plan":
                self._append(PLAN_VERSIONS, self._plan_version(entry.seq, command))
            elif command.kind == "resolve":
                self._append(RESOLUTIONS, Resolved.rows(entry.seq, command))
            self._tell(touched)
        self.position = entry.seq

    def _announce(self, seq: int, command: Command) -> pa.RecordBatch:
        told = msgspec.json.decode(command.body, type=Told).rows
        who = self.state.who
        if who.tombstones:
            told = [row for row in told if not who.is_erased(row.profile)]
        slots = np.array([who.named(row.profile) for row in told], np.int32)
        after = np.array([law.BANDS.index(row.after) for row in told], np.int8)
        self.state.heat.announced(slots[slots >= 0], after[slots >= 0])
        first = first_seq(seq)
        return announcements.announcement_rows(range(first, first + len(told)), told)

    def _version(self, seq: int, command: Command) -> pa.RecordBatch:
        number = self._store.rows(announcements.RULE_VERSIONS) + 1
        return announcements.RULE_VERSIONS.row(
            version=number, seq=seq, at_ms=command.at_ms, by=command.by,
            body=self.state.rules.to_json(),
        )  # fmt: skip

    def _plan_version(self, seq: int, command: Command) -> pa.RecordBatch:
        # The plan binds who judges at the door; here it is only numbered and kept.
        rows = self._store.query("SELECT count(*) AS n FROM plan_versions WHERE seq < ?", [seq])
        number = int(rows.column("n")[0].as_py()) + 1
        self.plan = (number, command.body)
        return PLAN_VERSIONS.row(
            version=number, seq=seq, at_ms=command.at_ms, by=command.by, body=command.body
        )

    def _erase(self, seq: int, command: Command) -> None:
        """Take people out of the live state; whoever reads sees nothing of them from now on."""
        found = self.erasing.apply(self.state, seq, command, self.ask)
        if found is None:
            return
        drawn, texts, flagged = found
        if drawn.reached is None:
            empty = State(self.settings, self._key, self._first_rules, self._source)
            self.state = rebuild(empty, self.ask, seq)
            self._announcer.forget()
            stand = self.state.who.slots()
        else:
            self.state.machines = self.state.machines.without(drawn.gone, flagged)
            stand = self.state.refold(drawn.reached, texts)
            # A message id may come again for someone else: their flag on it goes too.
            others = np.setdiff1d(flagged.column("origin_id").to_numpy(), drawn.reached)
            stand = np.union1d(stand, self.state.warm_again(others))
        self._tell(Touched(NOBODY, stand))
        self._tell(None)

    def _tell(self, touched: Touched | None, news: News | None = None) -> None:
        if touched is not None:
            self._announcer.note(touched)
        for ear in self._ears:
            ear.hear(touched, news)
        if self.watched:
            # Who has not looked for so long draws everybody anew.
            self.heard = [*self.heard, touched] if len(self.heard) < MOST_HEARD else [None]

    def _skip(self, entries: Sequence[Entry]) -> None:
        self.damaged += len(entries)
        if entries[0].seq > self._store.sealed:
            self.position = entries[-1].seq
            return
        # What they said was applied before it was damaged: its rows are in the tables.
        log.warning("the journal is damaged; the tables tell what it said", first=entries[0].seq)
        self.position = self._store.sealed
        fresh = rebuild(self._empty(), self.ask, self.position)
        self._announcer.follow(self.state.who, fresh.who)
        self.state = fresh
        self._seen = self._ids_seen()
        self._take_up(self._seen.open(self.position))

    def _append(self, table: Table, rows: pa.RecordBatch) -> None:
        # A replay from the snapshot comes past entries whose rows are in sealed blocks already.
        if self.position >= self._store.sealed:
            self._store.append(table, rows)

    def _next(self) -> list[Entry]:
        entries = self._journal.read(self.position, MOST_BYTES)
        self.pressed = sum(len(entry.body) for entry in entries) >= MOST_BYTES
        if entries and entries[0].seq != self.position + 1:
            raise FolderError(
                f"the journal goes on at {entries[0].seq}, the pool stands at {self.position}: "
                "journal files are missing; restore the folder from a backup"
            )
        if self.position < self._store.sealed:
            entries = [entry for entry in entries if entry.seq <= self._store.sealed]
        return entries

    # --- what time brings ---

    def announce(self, now: int, everyone: bool) -> None:
        """Journal who crossed a threshold by `now` (ms). Their turn to be applied comes later."""
        if self.position < self.announced:
            return
        with self.lock:
            state, looked = self.state, self._announcer.looked(self.state, everyone)
        commands = self._announcer.find(state, looked, now, self.lock)
        for command in commands:
            record = Record(COMMAND, now, msgspec.msgpack.encode(command))
            self.announced = self._journal.append([record])[-1]
        self._announcer.forget()

    def detect(self, now: int) -> None:
        """Journal flags on clicks that mail scanners made. Their turn comes later."""
        if not self._clicks or self.position < self.announced:
            return
        if self.position == self._looked and not self._waiting:
            return
        suspects = self.detector.lately(self.state, now)
        for command in self.detector.commands(suspects, "pool", now):
            record = Record(COMMAND, now, msgspec.msgpack.encode(command))
            self.announced = self._journal.append([record])[-1]
        self._looked = self.position
        self._waiting = sum(not one.flaggable and len(one.events) > 0 for one in suspects)
        self._clicks = bool(suspects) or self.detector.anyone(self.state, now)

    def outline(self, slots: np.ndarray) -> Outline:
        """What would go with these profiles? For who holds the lock."""
        return outline(self.state, slots, self.ask)

    def repeat_erasures(self, now: int) -> None:
        """Journal the erasures that the folder's file tells of and this pool never heard of."""
        missing = self.erasing.missing(self.state.who, self.position, self.ask)
        if missing:
            stones = buried.tombstones(missing)
            body = msgspec.json.encode(buried.Buried(f"e_{now}", stones, exact=False)).decode()
            command = msgspec.msgpack.encode(Command("erase", now, "pool", body))
            self._journal.append([Record(COMMAND, now, command)])

    def contents(self, events: Sequence[tuple[str, str]]) -> dict[tuple[str, str], int]:
        """The content of those of these (source, message id) that are in the event table."""
        texts = pa.array([f"{source}\0{message}" for source, message in events], pa.string())
        # Halved, they fit the engine's parameters; and a filter on an expression is not handed to
        # the reader of Arrow rows, which stumbles over numbers past 2^63.
        halves = (fingerprints(texts, self._key) >> np.uint64(1)).astype(np.int64).tolist()
        named = dict(zip(halves, events, strict=True))
        sql = (
            "SELECT (key >> 1)::BIGINT AS half, content FROM events "
            "WHERE (key >> 1)::BIGINT IN (SELECT unnest(?::BIGINT[]))"
        )
        return {
            named[row["half"]]: row["content"]
            for batch in self.ask(sql, [halves])
            for row in batch.to_pylist()
        }

    # --- the state as of a position ---

    def dump(self, copy: Copy = np.copy) -> tuple[int, dict[str, dict[str, np.ndarray]]]:
        """The position and a copy of the live states at it."""
        with self.lock:
            states = self.state.dump(copy)
            counts = [SHAPE, self.duplicates, self.damaged]
            states["pipeline"] = {"counts": np.array(counts, np.int64)}
            self._seen.freeze(self.position)
            return self.position, states

    @property
    def ids(self) -> int:
        """By how many ids are repeats known?"""
        return self._seen.count

    def keep_ids(self) -> None:
        """Put the ids of what was applied on disk, and tidy there. May run beside a step."""
        self._seen.write()
        snapshot = self._store.snapshot
        self._seen.compact(snapshot.position if snapshot else 0)

    def replace_by_rebuild(self) -> bool:
        """Put a state folded anew from the tables in place. Was it the same as the live one?"""
        with self.lock:
            fresh = rebuild(self._empty(), self.ask, self.position)
            same = fresh.same(self.state)
            self._announcer.follow(self.state.who, fresh.who)
            self.state = fresh
            return same

    # --- rules that are only tried ---

    def prepare(self, rules: RuleSet) -> Prepared:
        """An empty heat by other rules, told from now on what happens to profiles."""
        prepared = Prepared(rules, self.settings, self._source)
        with self.lock:
            self.state.prepared.append(prepared)
        return prepared

    def catch_up(self, prepared: Prepared, going: Going = lambda rows: True) -> bool:
        """Bring a prepared heat up to the present while the pipeline goes on.

        False where it was told to stop, or where the state it belongs to was replaced: then it is
        of no use any more.
        """
        with self.lock:
            if prepared not in self.state.prepared:
                return False
            prepared.busy = True
            ground = self.state.ground(prepared)
        if not prepared.catch_up(ground, going):
            self.forget(prepared)
            return False
        with self.lock:
            prepared.busy = False
            return prepared in self.state.prepared

    def take_up(self, prepared: Prepared) -> bool:
        """Make a prepared heat exact as of this moment, for who holds the lock. False as above."""
        if prepared not in self.state.prepared:
            return False
        self.state.settle(prepared)
        return True

    def forget(self, prepared: Prepared) -> None:
        """Tell a prepared heat nothing any more, so that its memory can go."""
        with self.lock:
            kept = [one for one in self.state.prepared if one is not prepared]
            self.state.prepared = kept

    def warmth(
        self, flags: Machines, condition: str, parameters: list[Any],
        columns: Sequence[str] = Weigher.FIELDS,
    ) -> Iterator[pa.RecordBatch]:  # fmt: skip
        """The events that meet a condition as every reading of warmth must see them.

        Their `seq` is below the first parameter; `flags` are those of the moment of the reading.
        """
        return read_warmth(self.ask, flags, condition, parameters, columns)

    def events(
        self, flags: Machines, columns: Sequence[str], since: int, until: int
    ) -> Iterator[pa.RecordBatch]:
        """All events with `since <= seq < until`, flagged as `warmth` does, past the engine.

        As the blocks lie; columns of few values as words of a dictionary.
        """
        for batch in self._source.scan(flags.columns(columns), Weigher.WORDS, since, until):
            yield flags.seen(batch)

    def stored(self) -> int:
        """How many events are there to read?"""
        return self._store.rows(EVENTS)

    def ask(self, sql: str, parameters: list[Any]) -> Iterator[pa.RecordBatch]:
        """The rows of a question in stretches that fit in memory."""
        with self._store.reader(sql) as cursor:
            yield from cursor.execute(sql, parameters).to_arrow_reader(STRETCH)

    def _recover(self, rules: RuleSet) -> None:
        self.position, states = self._store.load()
        short = self._journal.head() < self._store.sealed
        known = self._store.snapshot is not None or short
        counts = states.get("pipeline", {}).get("counts", np.zeros(3, np.int64))
        shape, self.duplicates, self.damaged = counts.tolist()
        if short:
            # The rows of what the journal lost are in the tables.
            self.position = self._store.sealed
        with ThreadPoolExecutor(1, thread_name_prefix="ids") as beside:
            covered = beside.submit(self._seen.open, self.position)
            if known and shape == SHAPE and not self._store.hurt and not short:
                version = self._rules_at(self.position) or rules
                self.state = State(self.settings, self._key, version, self._source)
                self.state.bound = first_seq(self.position + 1)
                self.state.load(states)
            elif known:
                hurt = sorted(self._store.hurt)
                log.warning("the state is folded anew", shape=shape, hurt=hurt, short=short)
                self.state = rebuild(self.state, self.ask, self.position)
        self._take_up(covered.result())

    def _take_up(self, covered: int) -> None:
        """Remember the plan, the ids, and whether heat of events that are gone is kept.

        The ids on disk go up to the journal position `covered`.
        """
        self.state.kept = self._store.rows(KEPT_HEAT) > 0
        if self.state.kept:
            # Rows may have gone since the state was saved, and places with them.
            self.state.place_anew()
        plans = self._store.query(
            "SELECT version, body FROM plan_versions WHERE seq <= ? ORDER BY seq DESC LIMIT 1",
            [self.position],
        )
        for row in plans.to_pylist():
            self.plan = (row["version"], row["body"])
        self.erasing.resume(self.state.who, self.position, self.ask)
        if covered < self.position:
            self._seen.fill(self.position, each_once(self._ids(covered)))

    def _ids(self, after: int) -> Iterator[Ids]:
        """Ids that came after a journal position, in the order of their keys, the latest last."""
        oldest = "max(received_ms) - ? * 86400000 FROM events"
        when = f"CASE WHEN flags & {int(Flag.IMPORTED)} <> 0 THEN {FOR_EVER} "
        for batch in self.ask(
            f"SELECT key, content, ({when} ELSE received_ms // 1000 END)::UINTEGER AS time "
            "FROM events WHERE seq >= ? AND seq < ? "
            f"AND (flags & {int(Flag.IMPORTED)} <> 0 OR received_ms >= (SELECT {oldest})) "
            "ORDER BY key, seq",
            [first_seq(after + 1), first_seq(self.position + 1), self.settings.duplicate_days],
        ):
            yield Ids(*(batch.column(name).to_numpy() for name in ("key", "content", "time")))

    def _empty(self) -> State:
        return State(self.settings, self._key, self._first_rules, self._source)

    def _ids_seen(self) -> Seen:
        return Seen(self.settings.duplicate_days, self._store.folder / "seen")

    def _rules_at(self, position: int) -> RuleSet | None:
        rows = self._store.query(
            "SELECT body FROM rule_versions WHERE seq <= ? ORDER BY seq DESC LIMIT 1", [position]
        )
        return RuleSet.from_json(rows.column("body")[0].as_py()) if rows.num_rows else None
