"""One person, as the pool knows them: who, how warm, since when, by what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any, Final

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hotspring.collect import Judge
from hotspring.errors import BadRequest, NotFound
from hotspring.event import EVENT_SCHEMA, Flag
from hotspring.identity import IDENTIFIERS, traits
from hotspring.pipeline import EVENTS, Pipeline, tables
from hotspring.pool.flags import flags_of, texts_of
from hotspring.pool.moments import iso
from hotspring.pool.owned import Origins, owned, stretches
from hotspring.privacy import consent
from hotspring.store import Store
from hotspring.temperature import Weigher, history, law
from hotspring.whereabouts import ORIGINS, STEPS, Known

TIMELINE_COLUMNS: Final = (
    "seq", "ms", "name", "type", "source", "message_id", "channel", "device", "flags",
    "lon", "lat", "adcode", "place_origin", "precision", "amount", "currency", "properties",
)  # fmt: skip


NO_EVENTS: Final = pa.RecordBatch.from_pylist([], schema=EVENT_SCHEMA)


class Profiles:
    """Reads single profiles of an open pool."""

    def __init__(self, pipeline: Pipeline, store: Store) -> None:
        self._pipeline = pipeline
        self._store = store
        self.form = Judge(pipeline.settings).identifiers
        """Writes a value of a kind as an identifier, or says why it is none."""

    def slot(self, key: str, now: int) -> int:
        """Which profile is meant by a public id or by `KIND:VALUE`? `NotFound` where none is."""
        who = self._pipeline.state.who
        if key.startswith("p_") and ":" not in key:
            slot = who.named(key)
            if slot < 0:
                raise NotFound(f"there is no profile {key}")
            return slot
        found = who.find(self.identifier(key))
        if found < 0:
            raise NotFound("no profile has this identifier")
        return int(who.profile_of(np.array([found], np.int32), np.array([now]))[0])

    def identifier(self, key: str) -> str:
        """Which identifier is written as `KIND:VALUE`, in its normal form?"""
        kind, mark, value = key.partition(":")
        text = self.form(kind, value) if mark else "no colon"
        if not mark or not isinstance(text, str):
            names = ", ".join(kind.name for kind in self._pipeline.settings.identifier_kinds)
            raise BadRequest(
                f"write a profile id, or KIND:VALUE with a kind of {names} "
                "(openid@APP:VALUE for those of one app)"
            )
        return text

    def read(self, whom: int | str, now: int) -> dict[str, Any]:
        """What is known at `now` (ms) of the profile of this slot, or that `slot` finds by this?"""
        pipeline = self._pipeline
        # Once for all of it: whoever asks again may have to wait for a batch again.
        with pipeline.lock:
            slot = whom if isinstance(whom, int) else self.slot(whom, now)
            head = self.summary(np.array([slot], np.int32), now)[0]
            terms = pipeline.state.heat.terms(slot, now)
            e_half = pipeline.state.rules.e_half
            ids = pipeline.state.who.identifiers(slot)
            origins = pipeline.state.who.origins(slot)
            unflagged = not len(pipeline.state.machines.subjects)
            place = _place(pipeline.state.where.known(), slot)
        following = law.next_band(terms, e_half, now)
        return {
            **head,
            "next_band": None if following is None else law.BANDS[following[0]],
            "next_band_at": None if following is None else iso(following[1]),
            "identifiers": self.identifiers([ids])[0],
            "traits": self.traits([origins])[0],
            "flagged": [] if unflagged else flags_of(self._store, origins),
            **self._activity(origins),
            "place": place,
            "kept_until": self._kept_until(origins),
        }

    def summary(self, slots: np.ndarray, now: int) -> list[dict[str, Any]]:
        """The line of each of these profiles in a list. The caller holds the pipeline's lock."""
        state = self._pipeline.state
        energies = state.heat.energy(now, slots)
        degrees = law.degrees(energies, state.rules.e_half)
        bands = law.band(energies, state.rules.e_half)
        warmed = state.heat.warmed(slots)
        return [
            {
                "id": profile,
                "known": bool(known),
                "temperature": round(float(degree), 3),
                "band": law.BANDS[band],
                "never_warm": not was_warm,
                "as_of": iso(now),
            }
            for profile, known, degree, band, was_warm in zip(
                state.who.public_ids(slots), state.who.are_known(slots), degrees, bands, warmed,
                strict=True,
            )
        ]  # fmt: skip

    def events(self, slot: int, until: int) -> pa.RecordBatch:
        """What a reading of warmth needs of the events of a profile up to `until` (ms)."""
        with self._pipeline.lock:
            state = self._pipeline.state
            origins, machines, bound = (
                state.who.origins(slot),
                state.machines,
                state.bound,
            )
        wanted = machines.columns((*Weigher.FIELDS, "seq"))
        rows = owned(self._store, EVENTS, origins, wanted)
        inside = pc.and_(pc.less(rows["seq"], bound), pc.less_equal(rows["ms"], until))
        rows = rows.filter(inside).sort_by([("ms", "ascending"), ("seq", "ascending")])
        found = [machines.seen(batch) for batch in rows.combine_chunks().to_batches()]
        return found[0] if found else NO_EVENTS

    def timeline(
        self, slot: int, limit: int, before: tuple[int, int] | None
    ) -> list[dict[str, Any]]:
        """The events of a profile, newest first; those before (ms, seq) where given."""
        with self._pipeline.lock:
            origins = self._pipeline.state.who.origins(slot)
            machines = self._pipeline.state.machines
        rows = None
        for found in stretches(self._store, EVENTS, origins, (*TIMELINE_COLUMNS, "key")):
            if before is not None:
                ms, seq = before
                level = pc.and_(pc.equal(found["ms"], ms), pc.less(found["seq"], seq))
                found = found.filter(pc.or_(pc.less(found["ms"], ms), level))
            both = found if rows is None else pa.concat_tables([rows, found])
            rows = both.sort_by([("ms", "descending"), ("seq", "descending")]).slice(0, limit)
        if rows is None:
            return []
        decided = [verdict for batch in rows.to_batches() for verdict in machines.verdicts(batch)]
        shown = rows.select(TIMELINE_COLUMNS).to_pylist()
        return [_event(row, verdict) for row, verdict in zip(shown, decided, strict=True)]

    def curve(self, slot: int, start: int, end: int, points: int) -> list[dict[str, Any]]:
        """How warm was this profile from `start` to `end` (ms)? By today's rules and identities."""
        rules, zone = self._pipeline.state.rules, self._pipeline.settings.zone
        curve = history.curve(self.events(slot, end), rules, zone, start, end, points)
        return [
            {"at": iso(ms), "temperature": round(degree, 3)}
            for ms, degree in zip(curve.ms.tolist(), curve.degrees.tolist(), strict=True)
        ]

    def forecast(self, slot: int, now: int, until: int, points: int) -> dict[str, Any]:
        """How will this profile cool from `now` to `until` (ms) if nothing happens?"""
        with self._pipeline.lock:
            terms = self._pipeline.state.heat.terms(slot, now)
            e_half = self._pipeline.state.rules.e_half
        bands = law.crossings(terms, e_half, now, until)
        even = np.linspace(now, until, max(points, 2)).astype(np.int64).tolist()
        moments = sorted({*even, *(ms for _, ms in bands)})
        return {
            "forecast": [
                {
                    "at": iso(ms),
                    "temperature": round(law.degrees(law.energy_at(terms, now, ms), e_half), 3),
                }
                for ms in moments
            ],
            "crossings": [{"at": iso(ms), "band": law.BANDS[band]} for band, ms in bands],
        }

    def kept_until(self, slot: int) -> str | None:
        """When was the newest event of a profile whose content is gone and whose heat is kept?

        The temperature holds it; curves and contributions tell of what is still there. None where
        all events are.
        """
        with self._pipeline.lock:
            origins = self._pipeline.state.who.origins(slot)
        return self._kept_until(origins)

    def _kept_until(self, origins: Origins) -> str | None:
        rows = owned(self._store, tables.KEPT_HEAT, origins, ("rule",))
        ms: int | None = pc.max(rows["ms"].filter(pc.not_equal(rows["rule"], ""))).as_py()
        return iso(ms)

    def contributions(self, slot: int, now: int) -> list[dict[str, Any]]:
        """What heated this profile: each rule's events and its share of the energy."""
        rules, zone = self._pipeline.state.rules, self._pipeline.settings.zone
        return [
            {
                "rule": part.rule,
                "title": msgspec.to_builtins(part.title),
                "events": part.events,
                "last_at": iso(part.last_ms),
                "energy": part.energy,
                "share": part.share,
            }
            for part in history.contributions(self.events(slot, now), rules, zone, now)
        ]

    def consent(self, slot: int) -> list[dict[str, Any]]:
        """What did this profile agree to, by purpose and channel?"""
        with self._pipeline.lock:
            origins = self._pipeline.state.who.origins(slot)
        rows = owned(self._store, consent.CONSENTS, origins, consent.CONSENTS.schema.names)
        return [{"at": iso(row.pop("ms")), **row} for row in consent.standing(rows.to_pylist())]

    def merges(self, slot: int) -> dict[str, Any]:
        """Which joins made this profile, by which evidence, and which were not made?"""
        with self._pipeline.lock:
            who = self._pipeline.state.who
            merges, suggestions = who.merges(slot), who.suggestions(slot)
        rows: list[Any] = [*merges, *suggestions]
        ids = {i for row in rows for i in (row.a, row.b)}
        texts = self.texts(ids)
        return {
            "merges": _named(merges, texts),
            "suggestions": _named(suggestions, texts),
        }

    def sides(self, slot: int, merge: str) -> dict[str, list[str]]:
        """Which identifiers stand on the two sides of a merge? `NotFound` where it is none."""
        with self._pipeline.lock:
            found = self._pipeline.state.who.sides(slot, merge)
        if found is None:
            raise NotFound(f"this profile has no merge {merge}")
        texts = self.texts({*found[0], *found[1]})
        return {"a": [texts[i] for i in found[0]], "b": [texts[i] for i in found[1]]}

    def texts(self, ids: Collection[int]) -> dict[int, str]:
        """The identifiers behind these numbers."""
        return texts_of(self._store, ids)

    def identifiers(self, people: Sequence[np.ndarray]) -> list[list[dict[str, Any]]]:
        """The identifiers of each of these people, the oldest first."""
        wanted = [i for ids in people for i in ids.tolist()]
        rows = self._store.rows_of(IDENTIFIERS, wanted, ("id", "text")).to_pylist()
        parts = {row["id"]: row["text"].partition(":") for row in rows}
        return [
            [
                {"kind": parts[i][0], "value": parts[i][2]}
                for i in sorted(ids.tolist())
                if i in parts
            ]
            for ids in people
        ]

    def traits(self, people: Sequence[Origins]) -> list[dict[str, dict[str, Any]]]:
        """What is known of the people with these origins: value, type, source and time of each."""
        ids = {origin for origins in people for origin, _, _ in origins}
        columns = ("origin_id", *traits.TraitWrite._fields)
        rows = self._store.rows_of(traits.TRAIT_WRITES, list(ids), columns).to_pylist()
        writes: dict[int, list[traits.TraitWrite]] = defaultdict(list)
        for row in rows:
            writes[row.pop("origin_id")].append(traits.TraitWrite(**row))
        return [_traits(origins, writes) for origins in people]

    def _activity(self, origins: Origins) -> dict[str, Any]:
        times = owned(self._store, EVENTS, origins, ())["ms"]
        return {
            "events": len(times),
            "first_seen": iso(pc.min(times).as_py()),
            "last_seen": iso(pc.max(times).as_py()),
        }


def _place(known: Known, slot: int) -> dict[str, Any] | None:
    """The latest place that a person's events told of, exactly; None without one."""
    if known.origin[slot] < 0:
        return None
    return {
        "lon": float(known.lon[slot]) / STEPS,
        "lat": float(known.lat[slot]) / STEPS,
        "adcode": int(known.adcode[slot]),
        "origin": ORIGINS[known.origin[slot]],
        "precision": float(known.precision[slot]),
        "at": iso(int(known.ms[slot])),
    }


def _traits(
    origins: Origins, writes: dict[int, list[traits.TraitWrite]]
) -> dict[str, dict[str, Any]]:
    own = (
        write
        for origin, start, end in origins
        for write in writes.get(origin, ())
        if start <= write.ms < end
    )
    return {
        name: {
            "value": trait.value,
            "type": trait.type,
            "source": trait.source,
            "at": iso(trait.ms),
        }
        for name, trait in traits.fold_traits(own).items()
    }


def _named(rows: Sequence[Any], texts: dict[int, str]) -> list[dict[str, Any]]:
    return [
        {
            **msgspec.to_builtins(row),
            "a": texts[row.a],
            "b": texts[row.b],
            "evidence": _evidence(row.evidence),
        }
        for row in rows
    ]


def _evidence(evidence: Any) -> dict[str, Any] | None:
    if evidence is None:
        return None
    return {
        "first_at": iso(evidence.first_ms),
        "last_at": iso(evidence.last_ms),
        "events": evidence.seen,
        "public": evidence.public,
    }


def _event(row: dict[str, Any], verdict: str | None) -> dict[str, Any]:
    properties = msgspec.json.decode(row.pop("properties"))
    place = {name: row.pop(name) for name in ("lon", "lat", "adcode", "place_origin", "precision")}
    return {
        **row,
        "at": iso(row.pop("ms")),
        "machine": verdict == "machine" or (verdict != "human" and row["flags"] & Flag.BOT > 0),
        "flagged": verdict,
        "place": place if place["lon"] is not None else None,
        "properties": properties,
    }
