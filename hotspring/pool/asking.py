"""A rule put to an open pool: live arrays and tables of the store as the relations it reads."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, NamedTuple

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hotspring.engine import parted
from hotspring.event import Flag
from hotspring.heatmap import polygons
from hotspring.identity import IDENTIFIERS, Mapping
from hotspring.identity import traits as written
from hotspring.pipeline import EVENTS, Pipeline
from hotspring.pool.next_bands import next_bands
from hotspring.pool.property_columns import property_sql
from hotspring.pool.stages import Stages
from hotspring.pool.territory import Area, Territory
from hotspring.pool.trait_columns import TraitColumns, of_some
from hotspring.privacy import CONSENTS
from hotspring.rules import Question
from hotspring.store import Store, Table
from hotspring.tags import marks
from hotspring.whereabouts import STEPS

PREFIX: Final = "asked_"
"""Before the names of relations: some tables of the store are named as these."""
EXACT: Final = 2_000.0
"""Whose place is known less exactly, in metres, is near no outlet and in no trade area."""
LATEST: Final = 2**62
FEW: Final = 64
"""Subjects whose rows are looked up past the engine."""
WRITTEN: Final = ("origin_id", "ms", "key", "source", "op", "name", "value")
NOBODY: Final = np.empty(0, np.int8)
FLAGGED: Final = """
SELECT e.origin_id, e.key FROM events e
JOIN (SELECT DISTINCT origin_id, source, message_id FROM flags WHERE source <> '') f
USING (origin_id, source, message_id)
"""
STANDING: Final = """
WITH own AS (
    SELECT owner AS profile, purpose, channel, given, ms, source, proof FROM consents_owned
    QUALIFY row_number() OVER (PARTITION BY owner, purpose, channel
        ORDER BY ms DESC, given, source DESC, proof DESC) = 1
)
SELECT a.profile, a.purpose, a.channel,
    CASE WHEN b.profile IS NOT NULL
        AND (b.ms, NOT b.given, b.source, b.proof) > (a.ms, NOT a.given, a.source, a.proof)
        THEN b.given ELSE a.given END AS given
FROM own a LEFT JOIN own b
    ON b.profile = a.profile AND b.purpose = a.purpose AND b.channel = ''
"""
"""As `consent.standing` tells it: the latest counts, of two at once the withdrawal, and a decision
for all channels replaces earlier ones for a single one."""


Only = tuple[str, Sequence[str]]
"""Rows whose column of this name has one of these values; all where it is empty."""
Whose = Callable[[], Mapping]
"""Gives who owns which events, of the profiles that are asked about."""


class Answer(NamedTuple):
    """Of whom a rule is true."""

    matches: int
    sample: np.ndarray
    """int32: a few slots."""


class Truths(NamedTuple):
    """What several rules say of profiles."""

    slots: np.ndarray
    """int32[n]."""
    rules: np.ndarray
    """bool[n, k]: is each rule true of each of them?"""
    amounts: np.ndarray
    """float64[n, m]: what each amount comes to, not a number where that is unknown."""


Column = Callable[[str, int, np.ndarray | None], pa.Array]
"""Of a score or scheme (its id) at a moment: by slot, or in the order of some slots."""


class Asking:
    """Asks rules of the known profiles of an open pool. From any thread."""

    def __init__(
        self, pipeline: Pipeline, store: Store, territory: Territory, traits: TraitColumns,
        stages: Stages,
    ) -> None:  # fmt: skip
        self._pipeline = pipeline
        self.stages = stages
        self._store = store
        self._territory = territory
        self._traits = traits
        self.lists: Callable[[str], np.ndarray] = lambda _: np.empty(0, np.int32)
        """Gives the identifiers (int32) of the people that a list names, by its id."""
        self.scores: Column = lambda *_: pa.array([], pa.float64())
        """Gives the points of a score."""
        self.tiers: Column = lambda *_: pa.array([], pa.string())
        """Gives the names of the tiers of a scheme."""

    def answer(self, question: Question, sample: int) -> Answer:
        """How many match, and the slots of `sample` of them, the same ones for the same people."""
        # One pass for both: by a hash of the slot, so that those who are shown are any.
        what = f"count(*) AS n, arg_min(profile, hash(profile), {sample}) AS some"
        (row,) = self._asked(question, what).to_pylist()
        return Answer(row["n"], np.array(row["some"] or [], np.int32))

    def slots(self, question: Question) -> np.ndarray:
        """int32: all who match."""
        column = self._asked(question, "profile").column("profile")
        found: np.ndarray = column.to_numpy().astype(np.int32)
        return found

    def truths(self, several: Any, now: int, slots: np.ndarray | None = None) -> Truths:
        """Of which known profiles, of these slots or of all, is each of several rules true?

        Of slots that are named all is read as it is at this moment, traits too.
        """
        found = self._run(several.at(now), several.sql(now, PREFIX), slots)
        columns = [column.to_numpy(zero_copy_only=False) for column in found.columns[1:]]
        many = len(several.rules)
        return Truths(
            found.column("profile").to_numpy().astype(np.int32),
            _beside(columns[:many], found.num_rows, bool),
            _beside(columns[many:], found.num_rows, np.float64),
        )

    def drawn(self) -> list[Any]:
        """All trade areas as they are drawn now."""
        return self._territory.drawn()

    def shapes(self, areas: frozenset[str]) -> list[str]:
        """How these trade areas are drawn now."""
        return [spot.body for spot in self._territory.drawn() if spot.id in areas] if areas else []

    def since(self, spans: Sequence[tuple[int, int]]) -> np.ndarray:
        """int32: whose are the events with `after < ms <= until` of any of these spans?"""
        inside = " OR ".join("(ms > ? AND ms <= ?)" for _ in spans)
        bounds = [bound for span in spans for bound in span]
        rows = self._store.query(
            f"SELECT DISTINCT origin_id, ms FROM events WHERE {inside}", bounds
        )
        origins, ms = (rows.column(name).to_numpy() for name in ("origin_id", "ms"))
        with self._pipeline.lock:
            found = self._pipeline.state.who.profile_of(origins.astype(np.int32), ms)
        return np.unique(found[found >= 0])

    def events_of(self, slots: np.ndarray, columns: Sequence[str]) -> tuple[pa.Table, np.ndarray]:
        """The events of these slots as they stand in the table, and whose (int32) each is.

        Some of others may be among them.
        """
        with self._pipeline.lock:
            mapping = _only(self._pipeline.state.who.mapping(), slots)
        rows = self._rows(EVENTS, mapping, columns)
        return rows, self._owner(rows, mapping)

    def _asked(self, question: Question, what: str) -> pa.Table:
        """This, selected from the profiles that match."""
        sql = f"SELECT {what} FROM ({question.sql('duckdb', PREFIX)})"
        return self._run(question, sql, None)

    def _run(self, question: Question, sql: str, among: np.ndarray | None) -> pa.Table:
        """The rows of SQL over the relations that a question needs, of some profiles or all."""
        needs = question.needs.relations

        @functools.cache
        def whose() -> Mapping:
            # A copy of millions, which what is known of each slot need not wait for.
            with self._pipeline.lock:
                mapping = self._pipeline.state.who.mapping()
            return mapping if among is None else _only(mapping, among)

        tables = self._tables(question, among, whose)
        with self._store.reader("events flags" if "events" in needs else "") as cursor:
            for name, table in tables.items():
                cursor.register(PREFIX + name, parted(table))
            if "events" in needs:
                self._events(cursor, question, whose(), among is not None)
            return cursor.execute(sql).to_arrow_table()

    # --- relations ---

    def _tables(
        self, question: Question, among: np.ndarray | None, whose: Whose
    ) -> dict[str, pa.Table]:
        """Every relation but events."""
        needed = question.needs.relations
        found = {"profiles": self._profiles(question, among, whose)}
        if "identifiers" in needed:
            found["identifiers"] = self._identifiers(question, whose())
        if "consents" in needed:
            found["consents"] = self._consents(whose())
        if "areas" in needed:
            found["areas"] = self._areas(question)
        if "tags" in needed:
            found["tags"] = self._tags(question, whose())
        if "memberships" in needed:
            found["memberships"] = self._memberships(question, whose())
        return found

    def _profiles(self, question: Question, among: np.ndarray | None, whose: Whose) -> pa.Table:
        """The known profiles with the facts that are asked for."""
        wanted, now = question.needs.relations["profiles"], question.now
        if among is None:
            traits = {
                one.column: self._traits.column(one.name, one.kind, now)
                for one in question.needs.traits
            }
        else:
            traits = self._traits_of(question, among, whose)
        stages = NOBODY
        if "lifecycle" in wanted and among is None:
            stages = self.stages.of_all(now)
        elif "lifecycle" in wanted and among is not None:
            stages = self.stages.of_some(
                among, whose(), lambda columns: self._rows(EVENTS, whose(), columns), now
            )
        # Scores and tiers ask of the pool themselves.
        needs = question.needs
        traits |= {one.column: self.scores(one.name, now, among) for one in needs.scores}
        traits |= {one.column: self.tiers(one.name, now, among) for one in needs.tiers}
        with self._pipeline.lock:
            state = self._pipeline.state
            slots = state.who.slots(known_only=True)
            if among is not None:
                there = among[among < state.who.capacity]
                slots = there[state.who.are_known(there)]
            columns: dict[str, Any] = {"profile": slots}
            if "temperature" in wanted:
                columns["temperature"] = state.heat.degrees(now, slots)
            if "band" in wanted:
                codes, degrees = np.empty(len(slots), np.int8), np.empty(len(slots), np.int16)
                state.heat.view(now, degrees, codes, slots)
                columns["band"] = codes
            if "next_band_ms" in wanted:
                found = next_bands(state.heat, slots, now, question.needs.spans)
                columns |= {"next_band": found.band, "next_band_ms": found.ms}
            known = state.where.known()
            if "adcode" in wanted:
                columns["adcode"] = known.adcode[slots]
            if "lon" in wanted:
                exact = (known.origin[slots] >= 0) & (known.precision[slots] <= EXACT)
                for name, column in (("lon", known.lon), ("lat", known.lat)):
                    columns[name] = np.where(exact, column[slots] / STEPS, np.nan)
        arrays = {name: pa.array(column, mask=_missing(column)) for name, column in columns.items()}
        where = slots if among is None else np.searchsorted(among, slots)
        if "lifecycle" in wanted:
            traits["lifecycle"] = pa.array(stages, mask=stages < 0)
        for name, column in traits.items():
            arrays[name] = _by_slot(column, where)
        return pa.table(arrays)

    def _traits_of(
        self, question: Question, among: np.ndarray, whose: Whose
    ) -> dict[str, pa.Array]:
        """Traits of some profiles, in the order of their slots, as they are at this moment."""
        wanted = question.needs.traits
        if not wanted:
            return {}
        mapping = whose()
        rows = self._rows(written.TRAIT_WRITES, mapping, WRITTEN)
        names = pa.array([one.name for one in wanted], pa.string())
        rows = rows.filter(pc.or_(pc.is_in(rows["name"], names), pc.equal(rows["op"], "delete")))
        slot = self._owner(rows, mapping)
        rows, slot = rows.filter(pa.array(slot >= 0)), slot[slot >= 0]
        at, zone = np.searchsorted(among, slot), self._pipeline.settings.zone
        return {
            one.column: of_some(rows, at, len(among), (one.name, one.kind), zone) for one in wanted
        }

    def _rows(
        self, table: Table, mapping: Mapping, columns: Sequence[str], only: Only = ("", ())
    ) -> pa.Table:
        """The rows of a table that are of the subjects of a mapping; of others may come too."""
        subjects = np.flatnonzero((mapping.slot >= 0) | (mapping.span >= 0)).astype(np.int32)
        key, sql = table.order[0], f"SELECT {', '.join(columns)} FROM {table.name}"
        name, values = only
        where, given = (f"WHERE {name} IN (SELECT unnest(?))", [list(values)]) if name else ("", [])
        if len(subjects) <= FEW:
            rows = self._store.rows_of(table, subjects.tolist(), columns)
            if name:
                rows = rows.filter(pc.is_in(rows[name], pa.array(values, pa.string())))
        elif 2 * len(subjects) > len(mapping.slot):
            rows = self._store.query(f"{sql} {where}", given)
        else:
            with self._store.reader(table.name) as cursor:
                cursor.register("wanted", pa.table({key: subjects}))
                asked = f"{sql} SEMI JOIN wanted USING ({key}) {where}"
                rows = cursor.execute(asked, given).to_arrow_table()
        # Who came since the mapping was copied is in nobody's hands there.
        return rows.filter(pc.less(rows[key], len(mapping.slot)))

    def _owner(self, rows: pa.Table, mapping: Mapping) -> np.ndarray:
        """int32: the slot of each row, -1 where it is of nobody in the mapping."""
        origins, ms = (rows.column(name).to_numpy() for name in ("origin_id", "ms"))
        return mapping.profile_of(origins.astype(np.int32), ms)

    def _identifiers(self, question: Question, mapping: Mapping) -> pa.Table:
        rows = self._rows(IDENTIFIERS, mapping, ("id", "kind"))
        ids = rows.column("id").to_numpy().astype(np.int32)
        owner = mapping.profile_of(ids, np.full(len(ids), question.now, np.int64))
        return pa.table({"profile": pa.array(owner, pa.int32()), "kind": rows.column("kind")})

    def _tags(self, question: Question, mapping: Mapping) -> pa.Table:
        """Who has which of the tags by hand that are asked for."""
        wanted = sorted(question.needs.tags)
        rows = self._rows(marks.TAGGED, mapping, marks.READ, ("tag", wanted))
        slot = self._owner(rows, mapping)
        at = marks.standing(rows, slot)
        found = rows.select(["tag", "value"]).take(pa.array(at))
        return found.append_column("profile", pa.array(slot[at], pa.int32()))

    def _memberships(self, question: Question, mapping: Mapping) -> pa.Table:
        """Who is in the lists that are asked for."""
        profiles, names = [np.empty(0, np.int32)], list[str]()
        for one in sorted(question.needs.segments):
            ids = self.lists(one)
            ids = ids[ids < len(mapping.slot)]
            owner = mapping.profile_of(ids, np.full(len(ids), question.now, np.int64))
            profiles.append(np.unique(owner[owner >= 0]))
            names += [one] * len(profiles[-1])
        owner = pa.array(np.concatenate(profiles), pa.int32())
        return pa.table({"profile": owner, "segment": pa.array(names, pa.string())})

    def _consents(self, mapping: Mapping) -> pa.Table:
        rows = self._rows(CONSENTS, mapping, CONSENTS.schema.names)
        owned = rows.append_column("owner", pa.array(self._owner(rows, mapping), pa.int32()))
        owned = owned.filter(pc.greater_equal(owned["owner"], 0))
        with self._store.reader("") as cursor:
            cursor.register("consents_owned", owned)
            return cursor.execute(STANDING).to_arrow_table()

    def _areas(self, question: Question) -> pa.Table:
        wanted = question.needs.areas
        with self._pipeline.lock:
            state = self._pipeline.state
            slots = state.who.slots(known_only=True)
            known = state.where.known()
            slots = slots[(known.origin[slots] >= 0) & (known.precision[slots] <= EXACT)]
            lon, lat = known.lon[slots] / STEPS, known.lat[slots] / STEPS
        profiles, names = [np.empty(0, np.int32)], list[str]()
        for spot in self._territory.drawn():
            if spot.id in wanted:
                geometry = msgspec.json.decode(spot.body, type=Area).geometry
                here = slots[polygons.inside(polygons.edges_of(geometry), lon, lat)]
                profiles.append(here)
                names += [spot.id] * len(here)
        owner = pa.array(np.concatenate(profiles), pa.int32())
        return pa.table({"profile": owner, "area": pa.array(names, pa.string())})

    # --- events ---

    def _events(self, cursor: Any, question: Question, mapping: Mapping, some: bool) -> None:
        """A view of what people did, by profile: no machine traffic, no content that is gone.

        With `some`, the mapping is of few profiles.
        """
        subjects = np.flatnonzero((mapping.slot >= 0) | (mapping.span >= 0))
        source = "events"
        if some and len(subjects) <= FEW:
            plain = [c for c in question.needs.relations["events"] if c in EVENTS.schema.names]
            texts = ("properties",) if question.needs.properties else ()
            read = dict.fromkeys(("origin_id", "ms", "key", "flags", *texts, *plain))
            rows = self._store.rows_of(EVENTS, subjects.tolist(), tuple(read))
            cursor.register("events_of_some", rows)
            source = "events_of_some"
        cursor.register("owners", parted(_owners(mapping)))
        joins, owner = ["JOIN owners o ON o.origin_id = e.origin_id"], "o.slot"
        shared = _shared(mapping)
        if shared.num_rows:
            cursor.register("shared", shared)
            joins.append(
                "LEFT JOIN shared s "
                "ON s.origin_id = e.origin_id AND e.ms >= s.start AND e.ms < s.end"
            )
            owner = "coalesce(s.slot, o.slot)"
        human = self._human(cursor, joins)
        zone = question.catalogue.timezone
        columns = [f"{owner} AS profile"]
        fixed = question.needs.relations["events"]
        named = {one.column: one for one in question.needs.properties}
        for name in fixed:
            if name in named:
                value = property_sql(named[name], "e.properties", zone)
                columns.append(f"{value} AS {name}")
            elif name != "profile":
                columns.append(f"e.{name}")
        cursor.execute(
            f"CREATE OR REPLACE TEMP VIEW {PREFIX}events AS SELECT {', '.join(columns)} "
            f"FROM {source} e {' '.join(joins)} "
            f"WHERE {human} AND e.flags & {int(Flag.SPENT)} = 0"
        )

    def _human(self, cursor: Any, joins: list[str]) -> str:
        """The condition that no machine made an event: the door's flag, and what people decided."""
        with self._pipeline.lock:
            machines = self._pipeline.state.machines
        door = f"e.flags & {int(Flag.BOT)} = 0"
        if not len(machines.subjects) and not len(machines.events):
            return door
        cursor.register(
            "flagged_subjects",
            pa.table({"origin_id": machines.subjects, "code": machines.subject_codes}),
        )
        batches = cursor.execute(FLAGGED).to_arrow_table().combine_chunks().to_batches()
        cursor.register("flagged_events", pa.concat_tables(_coded(machines, batches)))
        joins += [
            "LEFT JOIN flagged_subjects fs ON fs.origin_id = e.origin_id",
            "LEFT JOIN flagged_events fe ON fe.origin_id = e.origin_id AND fe.key = e.key",
        ]
        # 1 says machine, 2 human, all else that the door's word stands.
        return (
            f"CASE coalesce(fe.code, fs.code, 0) WHEN 1 THEN false WHEN 2 THEN true ELSE {door} END"
        )


def _beside(columns: list[np.ndarray], size: int, kind: Any) -> np.ndarray:
    """Columns of numbers side by side; a null is not a number."""
    found = [column.astype(kind) for column in columns]
    return np.stack(found, axis=1) if found else np.empty((size, 0), kind)


def _coded(machines: Any, batches: list[pa.RecordBatch]) -> Iterator[pa.Table]:
    schema = pa.schema({"origin_id": pa.int32(), "key": pa.uint64(), "code": pa.int8()})
    yield schema.empty_table()
    for batch in batches:
        codes = pa.array(machines.codes(batch), pa.int8())
        yield pa.Table.from_batches([batch]).append_column("code", codes).cast(schema)


def _only(mapping: Mapping, slots: np.ndarray) -> Mapping:
    """The same mapping, but that it knows of nobody else than these slots."""
    mine = np.zeros(int(mapping.slot.max(initial=-1)) + 2, bool)
    mine[slots[slots < len(mine) - 1]] = True
    held = np.append(mine, False)[mapping.slot]
    # A shared device stays where anybody of these held it.
    line_of = np.repeat(np.arange(len(mapping.start)), mapping.length)
    first = np.cumsum(mapping.length) - mapping.length
    place = np.arange(len(line_of)) + (mapping.start - first)[line_of]
    shared = np.zeros(len(mapping.start) + 1, bool)
    shared[line_of[held[mapping.holders[place]]]] = True
    kept = shared[mapping.span]
    return mapping._replace(
        slot=np.where(held | kept, mapping.slot, -1), span=np.where(kept, mapping.span, -1)
    )


def _owners(mapping: Mapping) -> pa.Table:
    """Whose the events of each subject are, but for shared devices, who have a null here."""
    there = np.flatnonzero(mapping.slot >= 0).astype(np.int32)
    slot = pa.array(mapping.slot[there], pa.int32(), mask=mapping.span[there] >= 0)
    return pa.table({"origin_id": there, "slot": slot})


def _shared(mapping: Mapping) -> pa.Table:
    """The time lines of shared devices: from the first moment on somebody holds each."""
    rows: dict[str, list[int]] = {"origin_id": [], "start": [], "end": [], "slot": []}
    for origin in np.flatnonzero(mapping.span >= 0).tolist():
        line = mapping.span[origin]
        low = int(mapping.start[line])
        high = low + int(mapping.length[line])
        starts = [-LATEST, *mapping.times[low + 1 : high].tolist(), LATEST]
        for at, holder in enumerate(mapping.holders[low:high].tolist()):
            rows["origin_id"].append(origin)
            rows["start"].append(starts[at])
            rows["end"].append(starts[at + 1])
            rows["slot"].append(int(mapping.slot[holder]))
    kinds = {"origin_id": pa.int32(), "start": pa.int64(), "end": pa.int64(), "slot": pa.int32()}
    return pa.table({name: pa.array(rows[name], kind) for name, kind in kinds.items()})


def _missing(column: np.ndarray) -> Any:
    """NumPy has no null: not a number, or -1 where only codes are told, stands for it."""
    if column.dtype == np.float64:
        return np.isnan(column)
    return column < 0 if column.dtype in (np.int8, np.int64) else None


def _by_slot(column: pa.Array, slots: np.ndarray) -> pa.Array:
    beyond = slots >= len(column)
    if not len(column):
        return pa.nulls(len(slots), column.type)
    return column.take(pa.array(np.where(beyond, 0, slots), mask=beyond))
