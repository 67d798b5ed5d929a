"""Lists of the pool, a page at a time: profiles by temperature, announcements by time."""

from __future__ import annotations

import functools
from typing import Any, Final

import numpy as np

from hotspring.errors import BadRequest
from hotspring.pipeline import Pipeline
from hotspring.pool import cursors
from hotspring.pool.moments import iso
from hotspring.pool.profiles import Profiles
from hotspring.store import Store
from hotspring.temperature import law

SORTS: Final = ("temperature", "-temperature")
"""Hottest first, and coldest first."""
MOST_FOUND: Final = 10_000
"""Profiles looked at for one search by trait or by part of an identifier."""


class Listing:
    """Pages of profiles and of announcements of an open pool."""

    def __init__(self, pipeline: Pipeline, store: Store, profiles: Profiles) -> None:
        self._pipeline = pipeline
        self._store = store
        self._profiles = profiles

    def page(
        self,
        q: str | None,
        trait: tuple[str, str] | None,
        band: str | None,
        sort: str,
        limit: int,
        cursor: str | None,
        detail: bool,
        now: int,
        among: np.ndarray | None = None,
    ) -> tuple[list[dict[str, Any]], str | None]:
        """Profiles that match everything given, hottest first unless `sort` says otherwise.

        Where slots are given, only profiles `among` them that are known.

        With `detail` each line tells identifiers and traits as well.

        A later page reads the temperatures of the moment of the first one, so that what heats up
        meanwhile neither comes twice nor falls between.
        """
        if sort not in SORTS:
            raise BadRequest(f"sort by one of {', '.join(SORTS)}")
        if band is not None and band not in law.BANDS:
            raise BadRequest(f"band is one of {', '.join(law.BANDS)}")
        at, before, last = cursors.read(cursor, (int, float, int)) if cursor else (now, None, -1)
        # Asked before the lock is taken: the pipeline must not wait for a search.
        found = self._candidates(q, trait, at)
        if among is not None:
            found = among if found is None else np.intersect1d(found, among)
        with self._pipeline.lock:
            state = self._pipeline.state
            slots = state.who.slots()
            slots = slots[state.who.known[slots]] if found is None else np.intersect1d(slots, found)
            if among is not None:
                slots = slots[state.who.known[slots]]
            energies = state.heat.energy(at, slots)
            if band is not None:
                keep = law.band(energies, state.rules.e_half) == law.BANDS.index(band)
                slots, energies = slots[keep], energies[keep]
            rank = -energies if sort == "temperature" else energies
            if before is not None:
                keep = (rank > before) | ((rank == before) & (slots > last))
                slots, rank = slots[keep], rank[keep]
            order = _smallest(rank, slots, limit + 1)
            page = order[:limit]
            rows = self._profiles.summary(slots[page], at)
            told = slots[page].tolist() if detail else []
            ids = [state.who.identifiers(slot) for slot in told]
            origins = [state.who.origins(slot) for slot in told]
        named, known = self._profiles.identifiers(ids), self._profiles.traits(origins)
        for row, names, traits in zip(rows, named, known, strict=False):
            row |= {"identifiers": names, "traits": traits}
        following = None
        if len(order) > limit:
            end = page[-1]
            following = cursors.write((at, float(rank[end]), int(slots[end])))
        return rows, following

    def announcements(
        self, limit: int, cursor: str | None
    ) -> tuple[list[dict[str, Any]], str | None]:
        """What was announced, the newest first."""
        condition, parameters = "true", list[Any]()
        if cursor:
            condition, parameters = "seq < ?", list(cursors.read(cursor, (int,)))
        rows = self._store.query(
            f"SELECT * FROM announcements WHERE {condition} ORDER BY seq DESC LIMIT ?",
            [*parameters, limit + 1],
        ).to_pylist()
        following = cursors.write((rows[limit - 1]["seq"],)) if len(rows) > limit else None
        told = [{**row, "at": iso(row.pop("at_ms"))} for row in rows[:limit]]
        for row in told:
            del row["seq"]
        return told, following

    def _candidates(
        self, q: str | None, trait: tuple[str, str] | None, now: int
    ) -> np.ndarray | None:
        """The slots that match a search; None where nothing is searched for."""
        found = [self._by_text(q, now)] if q is not None else []
        if trait is not None:
            found.append(self._by_trait(trait, now))
        return functools.reduce(np.intersect1d, found) if found else None

    def _by_text(self, q: str, now: int) -> np.ndarray:
        rows = self._store.query(
            "SELECT id FROM identifiers WHERE contains(lower(text), lower(?)) LIMIT ?",
            [q, MOST_FOUND],
        )
        ids = rows.column("id").to_numpy().astype(np.int32)
        exact = self._exact(q)
        if exact >= 0:
            ids = np.append(ids, np.int32(exact))
        return self._slots_of(ids, now)

    def _exact(self, q: str) -> int:
        # "phone:138 0013 8000" is stored as "phone:+8613800138000".
        try:
            text = self._profiles.identifier(q)
        except BadRequest:
            return -1
        with self._pipeline.lock:
            return self._pipeline.state.who.find(text)

    def _by_trait(self, trait: tuple[str, str], now: int) -> np.ndarray:
        name, value = trait
        rows = self._store.query(
            "SELECT DISTINCT origin_id FROM trait_writes "
            "WHERE name = ? AND json_extract_string(value, '$') = ? LIMIT ?",
            [name, value, MOST_FOUND],
        )
        slots = self._slots_of(rows.column("origin_id").to_numpy().astype(np.int32), now)
        # What was written once may have been overwritten since: fold to see what holds.
        with self._pipeline.lock:
            origins = [self._pipeline.state.who.origins(slot) for slot in slots.tolist()]
        known = self._profiles.traits(origins)
        holds = [name in one and _plain(one[name]["value"]) == value for one in known]
        return np.asarray(slots[np.array(holds, bool)])

    def _slots_of(self, ids: np.ndarray, now: int) -> np.ndarray:
        moments = np.full(len(ids), now, np.int64)
        with self._pipeline.lock:
            return np.unique(self._pipeline.state.who.profile_of(ids, moments))


def _smallest(rank: np.ndarray, slots: np.ndarray, count: int) -> np.ndarray:
    """Places of the `count` smallest ranks in order, ties by slot, without sorting all."""
    if len(rank) > 4 * count:
        bound = np.partition(rank, count)[count]
        places = np.flatnonzero(rank <= bound)
    else:
        places = np.arange(len(rank))
    return np.asarray(places[np.lexsort((slots[places], rank[places]))][:count])


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
