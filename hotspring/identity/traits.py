"""What is known of a person: typed facts, folded from events in the order of their time."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any, Final, NamedTuple

import msgspec
import pyarrow as pa

from hotspring.store import Table

OPERATIONS: Final = ("delete", "unset", "set", "set_once", "increment", "append")
"""Also the order in which those of one millisecond apply, of one event and of several: what takes
away, what lays down, what builds on it. So a program that clears a trait and fills it again, or
sets a number and adds to it, gets what it meant however fast it calls."""

TRAIT_WRITES: Final = Table(
    name="trait_writes",
    owner="hotspring.identity",
    schema=pa.schema(
        [
            pa.field("origin_id", pa.int32(), nullable=False),
            pa.field("ms", pa.int64(), nullable=False),
            pa.field("seq", pa.int64(), nullable=False),
            pa.field("key", pa.uint64(), nullable=False),
            pa.field("source", pa.string(), nullable=False),
            pa.field("op", pa.string(), nullable=False),
            pa.field("name", pa.string(), nullable=False),
            pa.field("value", pa.string(), nullable=False),
            pa.field("type", pa.string(), nullable=False),
        ]
    ),
    order=("origin_id", "ms"),
)
"""One row per operation and trait; `value` is JSON text, `name` empty for `delete`."""


class Trait(msgspec.Struct, frozen=True):
    """One typed fact about a profile."""

    value: Any
    type: str
    """string, number, boolean, datetime, list or object."""
    source: str
    ms: int
    """Time of the event that wrote it last."""


class TraitWrite(NamedTuple):
    """One operation on one trait, as `TRAIT_WRITES` keeps it."""

    ms: int
    key: int
    source: str
    op: str
    name: str
    value: str


_decode = msgspec.json.Decoder().decode


def trait_rows(events: pa.RecordBatch) -> pa.RecordBatch:
    """The rows of `TRAIT_WRITES` for events; operations that do not fit are left out."""
    texts = events.column("traits").to_pylist()
    places = [at for at, text in enumerate(texts) if text]
    rows: list[tuple[int, str, str, str, str]] = []
    for at in places:
        for op, name, value in _operations(texts[at]):
            rows.append((at, op, name, msgspec.json.encode(value).decode(), type_of(value)))
    at = pa.array([row[0] for row in rows], pa.int64())
    columns = {name: events.column(name).take(at) for name in TRAIT_WRITES.schema.names[:5]}
    for place, name in enumerate(TRAIT_WRITES.schema.names[5:], 1):
        columns[name] = pa.array([row[place] for row in rows], pa.string())
    return pa.RecordBatch.from_pydict(columns, schema=TRAIT_WRITES.schema)


def fold_traits(writes: Iterable[TraitWrite]) -> dict[str, Trait]:
    """Which traits follow from these writes, whatever order they are given in?

    Canonical order is (ms, operation, key): of two `set` the later wins, a `set_once` holds only
    where nothing was there, an `increment` adds to a number (anything else counts as 0), an
    `append` adds what a list (or single value) does not hold yet, `unset` takes one away, `delete`
    all.
    The same write given twice counts once.
    """
    traits: dict[str, Trait] = {}
    for write in sorted(set(writes), key=_order):
        if write.op == "delete":
            traits.clear()
        elif write.op == "unset":
            traits.pop(write.name, None)
        else:
            _write(traits, write)
    return traits


def type_of(value: Any) -> str:
    """Which type has a JSON value? Texts that are ISO 8601 times are datetimes."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, (int, float)):
        return "number"
    if isinstance(value, list):
        return "list"
    if isinstance(value, dict):
        return "object"
    return "datetime" if isinstance(value, str) and _is_time(value) else "string"


def _order(write: TraitWrite) -> tuple[int, int, int, str, str]:
    return write.ms, OPERATIONS.index(write.op), write.key, write.name, write.value


def _write(traits: dict[str, Trait], write: TraitWrite) -> None:
    value = _decode(write.value)
    old = traits.get(write.name)
    if write.op == "set_once" and old is not None:
        return
    if write.op == "increment":
        value = value + (old.value if old is not None and old.type == "number" else 0)
    elif write.op == "append":
        value = _appended(old, value)
    traits[write.name] = Trait(value, type_of(value), write.source, write.ms)


def _appended(old: Trait | None, value: Any) -> list[Any]:
    present = [] if old is None else old.value
    found = list(present) if isinstance(present, list) else [present]
    for item in value if isinstance(value, list) else [value]:
        if item not in found:
            found.append(item)
    return found


def _operations(text: str) -> list[tuple[str, str, Any]]:
    """(operation, name, value) of one event; a null value unsets."""
    body = _decode(text)
    found: list[tuple[str, str, Any]] = []
    if body.get("delete"):
        found.append(("delete", "", None))
    for op in OPERATIONS[2:]:
        for name, value in _named(body.get(op)):
            if value is None:
                if op == "set":
                    found.append(("unset", name, None))
            elif op != "increment" or type_of(value) == "number":
                found.append((op, name, value))
    found += [("unset", name, None) for name, _ in _named(body.get("unset"))]
    return found


def _named(value: Any) -> list[tuple[str, Any]]:
    if isinstance(value, dict):
        return list(value.items())
    return [(str(name), None) for name in value] if isinstance(value, list) else []


def _is_time(text: str) -> bool:
    if len(text) < 10 or not text[:4].isdigit() or text[4] != "-":
        return False
    try:
        datetime.datetime.fromisoformat(text)
    except ValueError:
        return False
    return True
