"""What everybody's trait says, by slot: read for millions at once, and remembered for a while."""

from __future__ import annotations

import datetime
import threading
import zoneinfo
from collections import defaultdict
from collections.abc import Callable
from typing import Any, Final, NamedTuple

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hotspring.identity import traits
from hotspring.pipeline import Pipeline

GOOD_MS: Final = 60_000
"""A trait is looked up anew after so long, once anything was applied."""
MOST: Final = 64
"""Answers that are remembered."""
WRITES: Final = (
    "SELECT origin_id, ms, key, source, op, name, value FROM trait_writes "
    "WHERE name = ? OR op = 'delete'"
)
_SET: Final = traits.OPERATIONS.index("set")


class Said(NamedTuple):
    """What one trait says of everybody, as it was written."""

    texts: pa.Array
    """JSON, each once."""
    codes: np.ndarray
    """int32 by slot: which of these, -1 for none."""


class TraitColumns:
    """Gives traits of an open pool by slot, as of at most a minute ago. From any thread.

    Slots at the end may be missing: they have none.
    """

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline
        self._lock = threading.RLock()
        self._known: dict[tuple[str, ...], tuple[int, int, Any]] = {}

    def column(self, name: str, kind: str, now: int) -> pa.Array:
        """What trait `name` says, null where that is not of this kind.

        As rules read kinds: numbers as doubles, times as milliseconds, lists by their texts, of an
        object that it is there.
        """
        zone = self._pipeline.settings.zone

        def make() -> pa.Array:
            texts, codes = self._said(name, now)
            values = typed(texts.to_pylist(), kind, zone)
            return values.take(pa.array(codes, mask=codes < 0))

        found: pa.Array = self._remembered(("column", name, kind), now, make)
        return found

    def mask(self, name: str, value: str, now: int) -> np.ndarray:
        """bool: whose trait `name` reads `value`? A text by itself, all else as JSON."""

        def make() -> np.ndarray:
            texts, codes = self._said(name, now)
            forms = {value, msgspec.json.encode(value).decode()} - {"null"}
            # A text is quoted, so its bare form is of another kind.
            wanted = [form for form in forms if not (form == value and value.startswith('"'))]
            hits = pc.is_in(texts, pa.array(wanted, pa.string())).to_numpy(zero_copy_only=False)
            by_slot: np.ndarray = np.append(hits, False)[codes]
            return by_slot

        found: np.ndarray = self._remembered(("mask", name, value), now, make)
        return found

    def _said(self, name: str, now: int) -> Said:
        found: Said = self._remembered(("said", name), now, lambda: self._read(name))
        return found

    def said(self, name: str, now: int) -> Said:
        """What trait `name` says of everybody, as it was written."""
        return self._said(name, now)

    def forget(self) -> None:
        """Read everything anew when it is next asked for."""
        with self._lock:
            self._known.clear()

    def _remembered(self, key: tuple[str, ...], now: int, make: Callable[[], Any]) -> Any:
        with self._lock:
            position, asked, found = self._known.get(key, (-1, 0, None))
            at = self._pipeline.position
            if found is None or (position != at and not 0 <= now - asked < GOOD_MS):
                found = make()
                self._known.pop(key, None)
                self._known[key] = (at, now, found)
                while len(self._known) > MOST:
                    self._known.pop(next(iter(self._known)))
            return found

    def _read(self, name: str) -> Said:
        batches = [batch for batch in self._pipeline.ask(WRITES, [name]) if batch.num_rows]
        with self._pipeline.lock:
            who = self._pipeline.state.who
            codes = np.full(who.capacity, -1, np.int32)
            parts = [who.profile_of(_ints(b, "origin_id"), _ints(b, "ms")) for b in batches]
        if not batches:
            return Said(pa.array([], pa.string()), codes)
        return said(pa.Table.from_batches(batches), np.concatenate(parts), codes, name)


def of_some(
    writes: pa.Table, slot: np.ndarray, size: int, asked: tuple[str, str], zone: zoneinfo.ZoneInfo
) -> pa.Array:
    """What a trait (name, kind) says of `size` profiles, from what was written of them and `slot`,
    the number of each such row's profile."""
    name, kind = asked
    mine = pc.or_(pc.equal(writes["name"], name), pc.equal(writes["op"], "delete"))
    codes = np.full(size, -1, np.int32)
    rows = writes.filter(mine)
    if not rows.num_rows:
        return pa.nulls(size, _type(kind))
    found = said(rows, slot[mine.to_numpy()], codes, name)
    values = typed(found.texts.to_pylist(), kind, zone)
    return values.take(pa.array(codes, mask=codes < 0))


def said(writes: pa.Table, slot: np.ndarray, codes: np.ndarray, name: str) -> Said:
    """What a trait says of whom these writes are, one slot for each; `codes` (-1) are filled in.

    `writes` are those of this trait, and the deletions of all traits.
    """
    ms, key = (writes.column(column).to_numpy() for column in ("ms", "key"))
    words = pc.index_in(writes.column("op"), pa.array(traits.OPERATIONS))
    rank = words.to_numpy().astype(np.int8)
    order = np.lexsort((key, rank, ms, slot))
    last = order[np.append(slot[order][1:] != slot[order][:-1], True)]
    last = last[rank[last] == _SET]
    texts = writes.column("value").combine_chunks().dictionary_encode()
    codes[slot[last]] = texts.indices.to_numpy()[last]
    # What builds on what was there is folded one by one.
    built = np.unique(slot[rank > _SET])
    codes[built] = -1
    folded = _folded(writes, slot, built, name)
    first = len(texts.dictionary)
    codes[np.fromiter(folded, np.int64, len(folded))] = np.arange(first, first + len(folded))
    held = pa.array(list(folded.values()), texts.dictionary.type)
    return Said(pa.concat_arrays([texts.dictionary, held]), codes)


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


def typed(texts: list[str], kind: str, zone: zoneinfo.ZoneInfo) -> pa.Array:
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
