"""Exports that name nobody: pseudonyms for one file only, coarse places and times, nothing rare."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import secrets
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import msgspec
import numpy as np

from hotspring.event import Flag
from hotspring.pipeline import Pipeline
from hotspring.pool.export import PORTION
from hotspring.pool.profiles import Profiles
from hotspring.store import Store
from hotspring.temperature import law

LEAST: Final = 5
"""A value that fewer people share is withheld."""
YEARS: Final = 10
"""Width of a band of ages."""
AGE: Final = ("age",)
BORN: Final = ("birthday", "birth_date", "birthdate", "date_of_birth", "dob")
FIGURES: Final = 2
"""Numbers are rounded to so many figures."""
STEP: Final = 10
"""Temperatures are rounded to so many degrees."""
HOUR_MS: Final = 3_600_000
COLUMNS: Final = (
    "origin_id", "ms", "name", "type", "channel", "device", "adcode", "amount", "currency",
    "flags", "properties",
)  # fmt: skip

FAR: Final = 2**62

Values = dict[tuple[str, str], set[int]]
"""Who has a value: (field, value) to people, at most `LEAST` of them."""


class _Activity(NamedTuple):
    """By person: first and last time (ms), and how many events."""

    first: np.ndarray
    last: np.ndarray
    events: np.ndarray


class Deidentified:
    """Reads people or events of an open pool for those who need no names.

    `keep` names the traits or properties that go along, nothing else does. Of each value at least
    `LEAST` people must have it; a place is a city, else a province, else withheld.
    """

    def __init__(
        self, pipeline: Pipeline, store: Store, profiles: Profiles, keep: list[str], hours: bool
    ) -> None:
        self._pipeline = pipeline
        self._store = store
        self._profiles = profiles
        self._keep = keep
        self._zone = pipeline.settings.zone
        self._form = "%Y-%m-%dT%H" if hours else "%Y-%m-%d"
        # Never written down: two files cannot be joined by their pseudonyms.
        self._salt = secrets.token_bytes(32)

    def profiles(self, now: int) -> Iterator[list[dict[str, Any]]]:
        """Known people, in the order of their pseudonyms."""
        with self._pipeline.lock:
            slots = self._pipeline.state.who.slots(known_only=True)
        slots = np.array(sorted(slots.tolist(), key=self._pseudonym), np.int32)
        portions = [slots[at : at + PORTION] for at in range(0, len(slots), PORTION)]
        values: Values = defaultdict(set)
        for portion in portions if self._keep else ():
            for slot, kept in zip(portion.tolist(), self._traits(portion, now), strict=True):
                _count(values, kept, slot)
        places = self._places(self._cities())
        active = self._activity()
        return (self._people(part, now, values, places, active) for part in portions)

    def events(self) -> Iterator[list[dict[str, Any]]]:
        """All events of people and machines' none, without order between people."""
        values: Values = defaultdict(set)
        for slots, rows in self._stretches():
            for slot, row in zip(slots, rows, strict=True):
                _count(values, {"name": row["name"], **self._properties(row)}, slot)
        cities = self._cities()
        return (
            [
                self._event(slot, row, values, cities)
                for slot, row in zip(slots, rows, strict=True)
                if slot >= 0 and not row["flags"] & Flag.BOT
            ]
            for slots, rows in self._stretches()
        )

    def _people(
        self,
        slots: np.ndarray,
        now: int,
        values: Values,
        places: dict[int, int],
        active: _Activity,
    ) -> list[dict[str, Any]]:
        with self._pipeline.lock:
            state = self._pipeline.state
            slots = slots[np.isin(slots, state.who.slots(known_only=True))]
            energies = state.heat.energy(now, slots)
        degrees = law.degrees(energies, state.rules.e_half).tolist()
        bands = law.band(energies, state.rules.e_half).tolist()
        rows = zip(slots.tolist(), degrees, bands, self._traits(slots, now), strict=True)
        return [
            {
                "person": self._pseudonym(slot),
                "temperature": round(degree / STEP) * STEP,
                "band": law.BANDS[band],
                "place": places.get(slot),
                "events": int(_rounded(active.events[slot])),
                "first_seen": self._time(active.first[slot]) if active.events[slot] else None,
                "last_seen": self._time(active.last[slot]) if active.events[slot] else None,
                **self._kept(kept, values),
            }
            for slot, degree, band, kept in rows
        ]

    def _event(
        self, slot: int, row: dict[str, Any], values: Values, cities: _Cities
    ) -> dict[str, Any]:
        shown = len(values["name", _text(row["name"])]) >= LEAST
        return {
            "person": self._pseudonym(slot),
            "at": self._time(row["ms"]),
            "name": row["name"] if shown else None,
            "type": row["type"],
            "channel": row["channel"],
            "device": row["device"],
            "place": cities.coarse(row["adcode"]),
            "amount": None if row["amount"] is None else _rounded(row["amount"]),
            "currency": row["currency"],
            **self._kept(self._properties(row), values),
        }

    def _kept(self, found: dict[str, Any], values: Values) -> dict[str, Any]:
        """The chosen fields, those that too few share withheld; every row has all of them."""
        return {
            name: found[name]
            if name in found and len(values[name, _text(found[name])]) >= LEAST
            else None
            for name in self._keep
        }

    def _traits(self, slots: np.ndarray, now: int) -> list[dict[str, Any]]:
        with self._pipeline.lock:
            origins = [self._pipeline.state.who.origins(slot) for slot in slots.tolist()]
        return [
            _coarse({name: traits[name]["value"] for name in self._keep if name in traits}, now)
            for traits in self._profiles.traits(origins)
        ]

    def _properties(self, row: dict[str, Any]) -> dict[str, Any]:
        if not self._keep:
            return {}
        given = msgspec.json.decode(row["properties"])
        return _coarse({name: given[name] for name in self._keep if name in given}, row["ms"])

    def _stretches(self) -> Iterator[tuple[list[int], list[dict[str, Any]]]]:
        for batch in self._pipeline.ask(f"SELECT {', '.join(COLUMNS)} FROM events", []):
            yield self._slots(batch).tolist(), batch.to_pylist()

    def _slots(self, batch: Any) -> np.ndarray:
        origins, ms = batch.column("origin_id").to_numpy(), batch.column("ms").to_numpy()
        with self._pipeline.lock:
            return self._pipeline.state.who.profile_of(origins, ms)

    def _cities(self) -> _Cities:
        """Where people were, as (person, district) without repeats, the latest last."""
        found = _Cities()
        sql = (
            "SELECT origin_id, max(ms) AS ms, adcode FROM events WHERE adcode > 0 "
            "GROUP BY origin_id, adcode, ms // 86400000 ORDER BY ms"
        )
        for batch in self._pipeline.ask(sql, []):
            found.add(self._slots(batch).tolist(), batch.column("adcode").to_pylist())
        return found

    def _places(self, cities: _Cities) -> dict[int, int]:
        """The last place of each person, as coarse as it must be."""
        last = {slot: cities.coarse(adcode) for slot, adcode in cities.last.items()}
        return {slot: place for slot, place in last.items() if place is not None}

    def _activity(self) -> _Activity:
        with self._pipeline.lock:
            room = self._pipeline.state.who.capacity
        found = _Activity(
            np.full(room, FAR, np.int64), np.zeros(room, np.int64), np.zeros(room, np.int64)
        )
        sql = (
            "SELECT origin_id, max(ms) AS ms, min(ms) AS first, count(*) AS events FROM events "
            "GROUP BY origin_id, ms // 86400000"
        )
        for batch in self._pipeline.ask(sql, []):
            slots = self._slots(batch)
            own = (slots >= 0) & (slots < room)
            columns = (batch.column(name).to_numpy()[own] for name in ("first", "ms", "events"))
            for add, column, values in zip(
                (np.minimum.at, np.maximum.at, np.add.at), found, columns, strict=True
            ):
                add(column, slots[own], values)
        return found

    def _pseudonym(self, slot: int) -> str:
        digest = hashlib.blake2b(slot.to_bytes(8, "big"), key=self._salt, digest_size=10).digest()
        return base64.b32encode(digest).decode().lower()

    def _time(self, ms: int) -> str:
        return dt.datetime.fromtimestamp(ms / 1000, self._zone).strftime(self._form)


class _Cities:
    """Districts of people, and how many people each city and province has."""

    def __init__(self) -> None:
        self.last: dict[int, int] = {}
        self._people: dict[int, set[int]] = defaultdict(set)

    def add(self, slots: list[int], adcodes: list[int]) -> None:
        """These people were in these districts."""
        for slot, adcode in zip(slots, adcodes, strict=True):
            if slot >= 0:
                self.last[slot] = adcode
                for area in _areas(adcode):
                    if len(self._people[area]) < LEAST:
                        self._people[area].add(slot)

    def coarse(self, adcode: int | None) -> int | None:
        """The city of a district, else its province, where enough people were; else None."""
        return next((a for a in _areas(adcode or 0) if len(self._people.get(a, ())) >= LEAST), None)


def _areas(adcode: int) -> list[int]:
    """City and province of a district by GB/T 2260; none of 0."""
    city, province = adcode // 100 * 100, adcode // 10_000 * 10_000
    return [area for area in dict.fromkeys((city, province)) if area]


def _count(values: Values, kept: dict[str, Any], slot: int) -> None:
    if slot < 0:
        return
    for name, value in kept.items():
        people = values[name, _text(value)]
        if len(people) < LEAST:
            people.add(slot)


def _coarse(found: dict[str, Any], now: int) -> dict[str, Any]:
    """Ages as bands, numbers rounded, texts and truths as they are; no lists or objects."""
    coarse: dict[str, Any] = {}
    for name, value in found.items():
        plain = name.lower()
        if plain in AGE or plain in BORN:
            age = _years(value, now) if plain in BORN else value
            if isinstance(age, int | float) and not isinstance(age, bool) and 0 <= age < 130:
                low = int(age) // YEARS * YEARS
                coarse[name] = f"{low}-{low + YEARS - 1}"
        elif isinstance(value, bool | str):
            coarse[name] = value
        elif isinstance(value, int | float):
            coarse[name] = _rounded(value)
    return coarse


def _years(value: Any, now: int) -> float | None:
    try:
        born = dt.date.fromisoformat(str(value)[:10])
    except ValueError:
        return None
    return (dt.datetime.fromtimestamp(now / 1000, dt.UTC).date() - born).days / 365.25


def _rounded(value: float) -> float:
    return float(f"{value:.{FIGURES}g}")


def _text(value: Any) -> str:
    return msgspec.json.encode(value).decode()
