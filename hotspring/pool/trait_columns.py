"""What everybody's trait says, by slot: read for millions at once, and remembered for a while."""

from __future__ import annotations

import datetime
import threading
import zoneinfo
from collections import defaultdict
from typing import Any, Final

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hotspring.identity import traits
from hotspring.pipeline import Pipeline

GOOD_MS: Final = 60_000
"""A trait is looked up anew after so long, once anything was applied."""
MOST: Final = 64
"""Traits that are remembered."""
WRITES: Final = (
    "SELECT origin_id, ms, key, source, op, name, value FROM trait_writes "
    "WHERE name = ? OR op = 'delete'"
)
_SET: Final = traits.OPERATIONS.index("set")


class TraitColumns:
    """Gives traits of an open pool as typed columns."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline
        self._lock = threading.Lock()
        self._known: dict[tuple[str, str], tuple[int, int, pa.Array]] = {}

    def column(self, name: str, kind: str, now: int) -> pa.Array:
        """By slot what trait `name` says, null where that is not of this kind. As of at most a
        minute ago.

        As rules read kinds: numbers as doubles, times as milliseconds, lists by their texts, of an
        object that it is there. Slots at the end may be missing: they have none.
        """
        with self._lock:
            position, asked, found = self._known.get((name, kind), (-1, 0, None))
            at = self._pipeline.position
            if found is None or (position != at and not 0 <= now - asked < GOOD_MS):
                found = self._read(name, kind)
                self._known.pop((name, kind), None)
                self._known[name, kind] = (at, now, found)
                while len(self._known) > MOST:
                    self._known.pop(next(iter(self._known)))
            return found

    def _read(self, name: str, kind: str) -> pa.Array:
        batches = [batch for batch in self._pipeline.ask(WRITES, [name]) if batch.num_rows]
        with self._pipeline.lock:
            who = self._pipeline.state.who
            size = who.capacity
            parts = [who.profile_of(_ints(b, "origin_id"), _ints(b, "ms")) for b in batches]
        if not batches:
            return pa.nulls(size, _type(kind))
        writes = pa.Table.from_batches(batches)
        slot = np.concatenate(parts)
        ms, key = (writes.column(column).to_numpy() for column in ("ms", "key"))
        words = pc.index_in(writes.column("op"), pa.array(traits.OPERATIONS))
        rank = words.to_numpy().astype(np.int8)
        order = np.lexsort((key, rank, ms, slot))
        last = order[np.append(slot[order][1:] != slot[order][:-1], True)]
        last = last[rank[last] == _SET]
        texts = writes.column("value").combine_chunks().dictionary_encode()
        codes = np.full(size, -1, np.int32)
        codes[slot[last]] = texts.indices.to_numpy()[last]
        words_of = texts.dictionary.to_pylist()
        # What builds on what was there is folded one by one.
        built = np.unique(slot[rank > _SET])
        codes[built] = -1
        for one, text in _folded(writes, slot, built, name).items():
            codes[one] = len(words_of)
            words_of.append(text)
        return _typed(words_of, kind, self._pipeline.settings.zone).take(
            pa.array(codes, mask=codes < 0)
        )


def _folded(writes: pa.Table, slot: np.ndarray, built: np.ndarray, name: str) -> dict[int, str]:
    """JSON of a trait by slot, from all writes of each of these slots."""
    at = np.flatnonzero(np.isin(slot, built))
    given: dict[int, list[traits.TraitWrite]] = defaultdict(list)
    rows = writes.take(pa.array(at)).select(traits.TraitWrite._fields).to_pylist()
    for one, row in zip(slot[at].tolist(), rows, strict=True):
        given[one].append(traits.TraitWrite(**row))
    found = {one: traits.fold_traits(these).get(name) for one, these in given.items()}
    return {
        one: msgspec.json.encode(held.value).decode()
        for one, held in found.items()
        if held is not None
    }


def _typed(texts: list[str], kind: str, zone: zoneinfo.ZoneInfo) -> pa.Array:
    """Values of one kind from JSON texts, each null that is of another."""
    read = msgspec.json.Decoder().decode
    found = [_value(read(text), kind, zone) for text in texts]
    values = pa.array(found, _type(kind))
    return values.dictionary_encode() if kind == "string" else values


def _value(value: Any, kind: str, zone: zoneinfo.ZoneInfo) -> Any:
    own = traits.type_of(value)
    if kind == "string":
        return value if isinstance(value, str) else None
    if own != kind:
        return None
    if kind == "datetime":
        found = datetime.datetime.fromisoformat(value)
        local = found if found.tzinfo is not None else found.replace(tzinfo=zone)
        return round(local.timestamp() * 1000)
    if kind == "list":
        return [one for one in value if isinstance(one, str)]
    return True if kind == "object" else value


def _type(kind: str) -> Any:
    return {
        "string": pa.string(),
        "number": pa.float64(),
        "boolean": pa.bool_(),
        "datetime": pa.int64(),
        "list": pa.list_(pa.string()),
        "object": pa.bool_(),
    }[kind]


def _ints(batch: Any, name: str) -> np.ndarray:
    return np.array(batch.column(name))
