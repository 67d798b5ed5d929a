"""The catalogue of traits of an open pool: of which kind each is, how many have it, how fresh."""

from __future__ import annotations

import threading
from collections import Counter
from typing import Any, Final, NamedTuple

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hotspring.errors import NotFound
from hotspring.pipeline import Pipeline
from hotspring.pool.moments import clock, iso
from hotspring.pool.trait_columns import TraitColumns, typed
from hotspring.store import Store

GOOD_MS: Final = 300_000
"""Figures are told for so long before they are made anew."""
SHOWN: Final = 20
"""Values that are told, and bars of a number."""
LEAST: Final = 5
"""Profiles that must have a value for it to be told: what fewer have may name somebody."""
DAY_MS: Final = 86_400_000
AGES: Final = (1, 7, 30, 90, 365)
"""Days by which the ages of values are told."""
WRITTEN: Final = """
SELECT name, CASE op WHEN 'append' THEN 'list' ELSE type END AS kind, count(*) AS writes,
    min(ms) AS first_ms, max(ms) AS last_ms, list(DISTINCT source) AS sources
FROM trait_writes WHERE op NOT IN ('delete', 'unset') AND name <> '' GROUP BY ALL
ORDER BY name, writes DESC, kind
"""
LAST: Final = """
SELECT origin_id, ms FROM trait_writes WHERE name = ? AND op NOT IN ('delete', 'unset')
"""
Figures = dict[str, Any]


class Values(NamedTuple):
    """What a trait says of the known profiles that have it."""

    texts: list[str]
    """JSON, each once."""
    counts: np.ndarray
    """int64: how many have each."""


class Traits:
    """Tells of traits. From any thread; nothing is counted before somebody asks."""

    def __init__(self, pipeline: Pipeline, store: Store, columns: TraitColumns) -> None:
        self._pipeline = pipeline
        self._store = store
        self._columns = columns
        self._lock = threading.Lock()
        self._known: dict[str, tuple[int, Figures]] = {}

    def all(self) -> list[dict[str, Any]]:
        """Every trait that was ever written, by name; counts of those that were asked for
        lately."""
        found: dict[str, dict[str, Any]] = {}
        for row in self._store.query(WRITTEN).to_pylist():
            one = found.setdefault(row["name"], _blank(row))
            one["writes"] += row["writes"]
            one["kinds"][row["kind"]] = row["writes"]
            one["sources"] = sorted({*one["sources"], *row["sources"]})
            one["first_ms"] = min(one["first_ms"], row["first_ms"])
            one["last_ms"] = max(one["last_ms"], row["last_ms"])
        return [self._told(one) for one in found.values()]

    def one(self, name: str) -> dict[str, Any]:
        """A trait with how many have it, how old its values are, and how they are spread.
        `NotFound` where nobody ever had it."""
        told = next((one for one in self.all() if one["name"] == name), None)
        if told is None:
            raise NotFound(f"no profile ever had the trait {name!r}")
        with self._lock:
            now = clock()
            at, figures = self._known.get(name, (0, {}))
            if not figures or not 0 <= now - at < GOOD_MS:
                figures = self._figures(name, told["kind"], now)
                self._known[name] = (now, figures)
        return {**told, **figures}

    def _told(self, one: dict[str, Any]) -> dict[str, Any]:
        _, figures = self._known.get(one["name"], (0, {}))
        blank = {"count": None, "known": None, "as_of": None}
        return {
            "name": one["name"],
            "kind": max(one["kinds"], key=lambda kind: one["kinds"][kind]),
            "kinds": one["kinds"],
            "writes": one["writes"],
            "sources": one["sources"],
            "first_at": iso(one["first_ms"]),
            "last_at": iso(one["last_ms"]),
            **{name: figures.get(name) for name in blank},
        }

    def _figures(self, name: str, kind: str, now: int) -> Figures:
        said = self._columns.said(name, now)
        with self._pipeline.lock:
            slots = self._pipeline.state.who.slots(known_only=True)
        slots = slots[slots < len(said.codes)]
        codes = said.codes[slots]
        held = codes[codes >= 0]
        values = Values(said.texts.to_pylist(), np.bincount(held, minlength=len(said.texts)))
        return {
            "count": len(held),
            "known": len(slots),
            "as_of": iso(now),
            "ages": self._ages(name, slots[codes >= 0], len(said.codes), now),
            **self._spread(values, kind),
        }

    def _ages(self, name: str, slots: np.ndarray, size: int, now: int) -> list[dict[str, Any]]:
        """How long ago were the values of these profiles written last?"""
        last = np.full(size, -(2**62), np.int64)
        for batch in self._pipeline.ask(LAST, [name]):
            origins, ms = (batch.column(one).to_numpy() for one in ("origin_id", "ms"))
            with self._pipeline.lock:
                owner = self._pipeline.state.who.profile_of(origins.astype(np.int32), ms)
            there = (owner >= 0) & (owner < size)
            np.maximum.at(last, owner[there], ms[there])
        days = np.maximum(now - last[slots], 0) / DAY_MS
        place = np.searchsorted(AGES, days, side="left")
        counts = np.bincount(place, minlength=len(AGES) + 1).tolist()
        by_age = zip((*AGES, None), counts, strict=True)
        return [{"days": days, "count": count} for days, count in by_age]

    def _spread(self, values: Values, kind: str) -> Figures:
        """How values are spread: bars of numbers and times, else the commonest."""
        read = typed(values.texts, kind, self._pipeline.settings.zone)
        there = read.is_valid().to_numpy(zero_copy_only=False) & (values.counts > 0)
        told: Figures = {"values": [], "bars": [], "other": 0}
        told["other_kinds"] = int(values.counts[~there].sum())
        counts = values.counts[there]
        if kind in ("number", "datetime") and len(counts):
            numbers = np.array(pc.drop_null(read.filter(pa.array(there))), np.float64)
            told["bars"] = _bars(numbers, counts, kind)
        elif kind in ("string", "boolean", "list"):
            known = read.filter(pa.array(there)).to_pylist()
            common = _common(known, counts.tolist())
            told["values"] = [{"value": value, "count": count} for value, count in common[:SHOWN]]
            told["other"] = int(sum(count for _, count in common[SHOWN:]))
            if kind != "list":
                told["other"] = int(counts.sum() - sum(one["count"] for one in told["values"]))
        return told


def _blank(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "writes": 0, "kinds": {}, "sources": []}


def _common(values: list[Any], counts: list[int]) -> list[tuple[str, int]]:
    """Values with how many have each, the commonest first; without those that few have."""
    found: Counter[str] = Counter()
    for value, count in zip(values, counts, strict=True):
        for one in set(value) if isinstance(value, list) else (value,):
            found[one if isinstance(one, str) else msgspec.json.encode(one).decode()] += count
    some = [(value, count) for value, count in found.items() if count >= LEAST]
    return sorted(some, key=lambda row: (-row[1], row[0]))


def _bars(numbers: np.ndarray, counts: np.ndarray, kind: str) -> list[dict[str, Any]]:
    """From the least to the greatest in equal steps: how many have a number within each."""
    low, high = float(numbers.min()), float(numbers.max())
    edges, found = np.array([low, high]), np.array([counts.sum()])
    if high > low:
        found, edges = np.histogram(numbers, bins=SHOWN, range=(low, high), weights=counts)

    def said(edge: float) -> Any:
        return iso(round(edge)) if kind == "datetime" else edge

    return [
        {"low": said(a), "high": said(b), "count": int(count)}
        for a, b, count in zip(edges[:-1], edges[1:], found, strict=True)
    ]
