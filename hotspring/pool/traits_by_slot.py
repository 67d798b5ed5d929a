"""Which profiles have a trait: answered for millions at once, and remembered for a while."""

from __future__ import annotations

import threading
from typing import Any, Final

import msgspec
import numpy as np

from hotspring.identity import traits
from hotspring.pipeline import Pipeline

GOOD_MS: Final = 60_000
"""A trait is looked up anew after so long, once anything was applied."""
MOST: Final = 32
"""Traits that are remembered."""


class TraitsBySlot:
    """Finds the slots of an open pool whose profile has a trait of some value."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline
        self._lock = threading.Lock()
        self._known: dict[tuple[str, str], tuple[int, int, np.ndarray]] = {}

    def mask(self, name: str, value: str, now: int) -> np.ndarray:
        """bool by slot: whose trait `name` reads `value`? As of at most a minute ago."""
        with self._lock:
            position, asked, found = self._known.get((name, value), (-1, 0, np.empty(0, bool)))
            if position == self._pipeline.position or (
                position >= 0 and 0 <= now - asked < GOOD_MS
            ):
                return found
            at, found = self._pipeline.position, self._find(name, value)
            self._known.pop((name, value), None)
            self._known[name, value] = (at, now, found)
            while len(self._known) > MOST:
                self._known.pop(next(iter(self._known)))
            return found

    def _find(self, name: str, value: str) -> np.ndarray:
        sql = (
            "SELECT origin_id, ms, key, op, "
            "coalesce(json_extract_string(value, '$') = ?, false) AS hit FROM trait_writes "
            "WHERE name = ? OR op = 'delete'"
        )
        batches = [batch for batch in self._pipeline.ask(sql, [value, name]) if batch.num_rows]
        with self._pipeline.lock:
            who = self._pipeline.state.who
            size = who.capacity
            slots = [who.profile_of(_ints(b, "origin_id"), _ints(b, "ms")) for b in batches]
        found = np.zeros(size, bool)
        if not batches:
            return found
        slot, ms = np.concatenate(slots), np.concatenate([_ints(b, "ms") for b in batches])
        key = np.concatenate([_ints(b, "key") for b in batches])
        hit = np.concatenate([np.array(b.column("hit")) for b in batches])
        ops = [op for b in batches for op in b.column("op").to_pylist()]
        rank = np.array([traits.OPERATIONS.index(op) for op in ops], np.int8)
        order = np.lexsort((key, rank, ms, slot))
        last = order[np.append(slot[order][1:] != slot[order][:-1], True)]
        found[slot[last]] = hit[last] & (rank[last] == traits.OPERATIONS.index("set"))
        built = np.unique(slot[rank > traits.OPERATIONS.index("set")])
        found[built] = [self._holds(int(one), name, value) for one in built]
        return found

    def _holds(self, slot: int, name: str, value: str) -> bool:
        """By folding all writes of one profile: where they build on each other."""
        with self._pipeline.lock:
            origins = self._pipeline.state.who.origins(slot)
        sql = "SELECT * FROM trait_writes WHERE origin_id IN (SELECT unnest(?::INTEGER[]))"
        writes = []
        for batch in self._pipeline.ask(sql, [[origin for origin, _, _ in origins]]):
            for row in batch.select(["origin_id", *traits.TraitWrite._fields]).to_pylist():
                own = row.pop("origin_id")
                if any(own == o and start <= row["ms"] < end for o, start, end in origins):
                    writes.append(traits.TraitWrite(**row))
        held = traits.fold_traits(writes).get(name)
        return held is not None and _text(held.value) == value


def _ints(batch: Any, name: str) -> np.ndarray:
    return np.array(batch.column(name))


def _text(value: Any) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
