"""What the pool knows of its people, as rows to compare: identifiers and traits, by profile."""

from __future__ import annotations

from typing import Final

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hotspring.identity import Who
from hotspring.matching import TOLD, is_compared
from hotspring.pipeline import Pipeline

PORTION: Final = 1_000_000
"""Ties looked at while the pipeline waits."""
NAMES: Final = (
    "SELECT id, kind AS name, to_json(substr(text, instr(text, ':') + 1))::varchar AS value "
    "FROM identifiers ORDER BY id"
)
TRAITS: Final = (
    "SELECT origin_id AS id, ms, name, value FROM trait_writes "
    "WHERE op IN ('set', 'set_once') AND list_contains(?::VARCHAR[], name)"
)
"""What was said of people. Older values count too: who moved house or changed the number is still
known by the former one."""
TAKEN_BACK: Final = (
    "SELECT origin_id, ms, op, name FROM trait_writes WHERE op IN ('unset', 'delete')"
)


class People(msgspec.Struct, frozen=True):
    """The known profiles at one moment. Persons are numbered by slot."""

    told: pa.Table
    """Rows of `TOLD`."""
    names: np.ndarray
    """int32 by slot: the identifier that stands for the profile, -1 where it is not known."""
    tied: np.ndarray
    """int32[n, 2]: pairs of identifiers that an event named together and that did not join."""


def people(pipeline: Pipeline, now: int) -> People:
    """Who is there at `now` (ms), and what is told of them?"""
    with pipeline.lock:
        who = pipeline.state.who
    user, strong = _strength(pipeline)
    account = np.full(0, -1, np.int32)
    other = np.full(0, -1, np.int32)
    parts: list[pa.RecordBatch] = []
    for batch in pipeline.ask(NAMES, []):
        ids = batch.column("id").to_numpy()
        slots, known = _slots(pipeline, who, ids, np.full(len(ids), now))
        kinds = batch.column("name")
        account = _named(account, ids, slots, known & _among(kinds, user))
        other = _named(other, ids, slots, known & _among(kinds, strong))
        parts.append(_rows(batch, slots, np.zeros(len(ids), np.int64), known))
    told = [
        row["name"]
        for batch in pipeline.ask("SELECT DISTINCT name FROM trait_writes", [])
        for row in batch.to_pylist()
        if is_compared(row["name"])
    ]
    back = _taken_back(pipeline)
    for batch in pipeline.ask(TRAITS, [told]):
        ms = batch.column("ms").to_numpy()
        slots, known = _slots(pipeline, who, batch.column("id").to_numpy(), ms)
        known &= _standing(batch, back)
        parts.append(_rows(batch, slots, ms, known))
    names = other.copy()
    names[: len(account)] = np.where(account >= 0, account, other[: len(account)])
    return People(pa.Table.from_batches(parts, schema=TOLD), names, _tied(pipeline, who))


def _taken_back(pipeline: Pipeline) -> dict[int, dict[str, int]]:
    """When was what last taken back, by subject and name? Of all traits under no name."""
    found: dict[int, dict[str, int]] = {}
    for batch in pipeline.ask(TAKEN_BACK, []):
        for row in batch.to_pylist():
            last = found.setdefault(row["origin_id"], {})
            name = row["name"] if row["op"] == "unset" else ""
            last[name] = max(row["ms"], last.get(name, row["ms"]))
    return found


def _standing(batch: pa.RecordBatch, back: dict[int, dict[str, int]]) -> np.ndarray:
    """Which of these rows were not taken back later?"""
    ids, ms = batch.column("id").to_numpy(), batch.column("ms").to_numpy()
    stands = np.ones(len(ids), bool)
    for at in np.flatnonzero(np.isin(ids, np.fromiter(back, np.int64))).tolist():
        last = back[int(ids[at])]
        name = batch.column("name")[at].as_py()
        stands[at] = ms[at] > max(last.get(n, -(2**63)) for n in ("", name))
    return stands


def _strength(pipeline: Pipeline) -> tuple[list[str], list[str]]:
    kinds = pipeline.settings.identifier_kinds
    return ["user_id"], [kind.name for kind in kinds if kind.strong]


def _slots(
    pipeline: Pipeline, who: Who, ids: np.ndarray, ms: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Whose are these, and are they known?"""
    with pipeline.lock:
        slots = who.profile_of(ids, ms)
        known = who.known
    return slots, (slots >= 0) & known[np.maximum(slots, 0)]


def _among(kinds: pa.Array, wanted: list[str]) -> np.ndarray:
    found = pc.is_in(kinds, value_set=pa.array(wanted, pa.string()))
    return np.asarray(found.to_numpy(zero_copy_only=False), bool)


def _named(names: np.ndarray, ids: np.ndarray, slots: np.ndarray, which: np.ndarray) -> np.ndarray:
    """`names` with the first of these identifiers for each slot that has none yet."""
    found, first = np.unique(slots[which], return_index=True)
    size = int(found.max(initial=-1)) + 1
    if size > len(names):
        names = np.append(names, np.full(size - len(names), -1, np.int32))
    names[found] = np.where(names[found] >= 0, names[found], ids[which][first])
    return names


def _rows(
    batch: pa.RecordBatch, slots: np.ndarray, ms: np.ndarray, which: np.ndarray
) -> pa.RecordBatch:
    rows = [
        pa.array(slots, pa.int32()),
        batch.column("name"),
        batch.column("value"),
        pa.array(ms),
    ]
    return pa.RecordBatch.from_arrays(rows, schema=TOLD).filter(pa.array(which))


def _tied(pipeline: Pipeline, who: Who) -> np.ndarray:
    found = [np.empty((0, 2), np.int32)]
    start = 0
    while start < who.ties:
        with pipeline.lock:
            found.append(who.loose(start, PORTION))
        start += PORTION
    return np.unique(np.sort(np.concatenate(found), axis=1), axis=0)
