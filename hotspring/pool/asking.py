"""A rule put to an open pool: live arrays and tables of the store as the relations it reads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import msgspec
import numpy as np
import pyarrow as pa

from hotspring.event import Flag
from hotspring.heatmap import polygons
from hotspring.identity import Mapping
from hotspring.pipeline import Pipeline
from hotspring.pool.next_bands import next_bands
from hotspring.pool.property_columns import property_sql
from hotspring.pool.territory import Area, Territory
from hotspring.pool.trait_columns import TraitColumns
from hotspring.rules import Question
from hotspring.store import Store
from hotspring.whereabouts import STEPS

PREFIX: Final = "asked_"
"""Before the names of relations: some tables of the store are named as these."""
EXACT: Final = 2_000.0
"""Whose place is known less exactly, in metres, is near no outlet and in no trade area."""
LATEST: Final = 2**62
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


class Answer(NamedTuple):
    """Of whom a rule is true."""

    matches: int
    sample: np.ndarray
    """int32: a few slots."""


class Asking:
    """Asks rules of the known profiles of an open pool. From any thread."""

    def __init__(
        self, pipeline: Pipeline, store: Store, territory: Territory, traits: TraitColumns
    ) -> None:
        self._pipeline = pipeline
        self._store = store
        self._territory = territory
        self._traits = traits

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

    def _asked(self, question: Question, what: str) -> pa.Table:
        """This, selected from the profiles that match."""
        needs = question.needs.relations
        tables = self._tables(question)
        with self._pipeline.lock:
            mapping = self._pipeline.state.who.mapping()
        with self._store.reader("events flags" if "events" in needs else "") as cursor:
            for name, table in tables.items():
                cursor.register(PREFIX + name, table)
            if "events" in needs:
                self._events(cursor, question, mapping)
            sql = f"SELECT {what} FROM ({question.sql('duckdb', PREFIX)})"
            return cursor.execute(sql).to_arrow_table()

    # --- relations ---

    def _tables(self, question: Question) -> dict[str, pa.Table]:
        """Every relation but events."""
        makers = {
            "identifiers": self._identifiers,
            "consents": self._consents,
            "areas": self._areas,
        }
        needed = question.needs.relations
        found = {name: makers[name](question) for name in needed if name in makers}
        return {"profiles": self._profiles(question), **found}

    def _profiles(self, question: Question) -> pa.Table:
        """The known profiles with the facts that are asked for."""
        wanted, now = question.needs.relations["profiles"], question.now
        traits = {
            one.column: self._traits.column(one.name, one.kind, now)
            for one in question.needs.traits
        }
        with self._pipeline.lock:
            state = self._pipeline.state
            slots = state.who.slots(known_only=True)
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
        for name, column in traits.items():
            arrays[name] = _by_slot(column, slots)
        return pa.table(arrays)

    def _identifiers(self, question: Question) -> pa.Table:
        rows = self._store.query("SELECT id, kind FROM identifiers")
        ids = rows.column("id").to_numpy().astype(np.int32)
        with self._pipeline.lock:
            owner = self._pipeline.state.who.profile_of(
                ids, np.full(len(ids), question.now, np.int64)
            )
        return pa.table({"profile": pa.array(owner, pa.int32()), "kind": rows.column("kind")})

    def _consents(self, question: Question) -> pa.Table:
        rows = self._store.query("SELECT * FROM consents")
        origins, ms = (rows.column(name).to_numpy() for name in ("origin_id", "ms"))
        with self._pipeline.lock:
            owner = self._pipeline.state.who.profile_of(origins.astype(np.int32), ms)
        owned = rows.append_column("owner", pa.array(owner, pa.int32()))
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

    def _events(self, cursor: Any, question: Question, mapping: Mapping) -> None:
        """A view of what people did, by profile: no machine traffic, no content that is gone."""
        cursor.register("owners", _owners(mapping))
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
            f"FROM events e {' '.join(joins)} "
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


def _coded(machines: Any, batches: list[pa.RecordBatch]) -> Iterator[pa.Table]:
    schema = pa.schema({"origin_id": pa.int32(), "key": pa.uint64(), "code": pa.int8()})
    yield schema.empty_table()
    for batch in batches:
        codes = pa.array(machines.codes(batch), pa.int8())
        yield pa.Table.from_batches([batch]).append_column("code", codes).cast(schema)


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
