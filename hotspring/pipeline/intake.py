"""From journal entries to rows of the event table: decode, deduplicate, name, record."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hotspring.event import EVENT_SCHEMA, Event, Flag, Refused
from hotspring.identity import Who
from hotspring.keys import fingerprints
from hotspring.pipeline.seen import CONFLICT, NEW, Seen
from hotspring.pipeline.tables import first_seq

FIELDS: Final = Event.__struct_fields__
DEFAULTS: Final = tuple(Event.__struct_defaults__)
CONFLICT_DETAIL: Final = "an event of the same source and messageId with other content came before"


class Rows(msgspec.Struct, frozen=True, array_like=True):
    """A delivery whose events stay plain rows: columns are made of them without objects between."""

    source: str
    received_ms: int
    events: list[tuple[Any, ...]]
    refused: list[Refused] = []


class Intake(msgspec.Struct, frozen=True):
    """What a stretch of the journal brought, ready to be recorded and folded."""

    events: pa.RecordBatch
    """New events, EVENT_SCHEMA."""
    ids: np.ndarray
    """int32, the identifiers of all events one after the other."""
    offsets: np.ndarray
    """int32[n + 1] into `ids`."""
    refused: list[tuple[int, str, int, Refused]]
    """(seq, source, received_ms, refused) with the conflicts found here."""
    duplicates: int


_decode = msgspec.msgpack.Decoder(Rows).decode


def take(entries: Iterable[tuple[int, bytes]], who: Who, seen: Seen, key: bytes) -> Intake:
    """Which new events do these (position, delivery) pairs bring?

    Names identifiers that were never seen in `who` and remembers ids in `seen`. Rows written by
    an earlier version may be shorter: what they lack takes its default.
    """
    rows: list[tuple[Any, ...]] = []
    seqs: list[int] = []
    sources: list[str] = []
    received: list[int] = []
    refused: list[tuple[int, str, int, Refused]] = []
    for position, body in entries:
        delivery = _decode(body)
        count = len(delivery.events)
        rows += delivery.events
        seqs += range(first_seq(position), first_seq(position) + count)
        sources += [delivery.source] * count
        received += [delivery.received_ms] * count
        refused += [
            (first_seq(position) + item.index, delivery.source, delivery.received_ms, item)
            for item in delivery.refused
        ]
    columns = _columns(rows)
    keys = _keys(sources, columns["message_id"], key)
    flags = np.array(columns["flags"], np.int32)
    verdicts = seen.judge(
        keys,
        np.array(columns["content"], np.int64),
        np.array(received, np.int64) // 1000,
        (flags & int(Flag.IMPORTED)) != 0,
    )
    kept = verdicts == NEW
    if not kept.all():
        refused += [
            (seqs[i], sources[i], received[i], _conflict(rows[i], i))
            for i in np.flatnonzero(verdicts == CONFLICT)
        ]
        places = np.flatnonzero(kept)
        rows = [rows[i] for i in places]
        seqs, sources = [seqs[i] for i in places], [sources[i] for i in places]
        received, keys, columns = [received[i] for i in places], keys[kept], _columns(rows)
    duplicates = int((verdicts != NEW).sum() - (verdicts == CONFLICT).sum())
    ids, offsets = _names(columns["ids"], who)
    events = _batch(columns, seqs, sources, received, keys, ids, offsets, who)
    return Intake(events, ids, offsets, refused, duplicates)


def _columns(rows: Sequence[tuple[Any, ...]]) -> dict[str, Sequence[Any]]:
    width = len(FIELDS)
    if any(len(row) != width for row in rows):
        rows = [(*row, *DEFAULTS[len(row) - width :])[:width] for row in rows]
    if not rows:
        return {name: () for name in FIELDS}
    return dict(zip(FIELDS, zip(*rows, strict=True), strict=True))


def _keys(sources: Sequence[str], message_ids: Sequence[str], key: bytes) -> np.ndarray:
    texts = pc.binary_join_element_wise(
        pa.array(sources, pa.string()), pa.array(message_ids, pa.string()), "\x00"
    )
    return fingerprints(texts, key)


def _conflict(row: tuple[Any, ...], index: int) -> Refused:
    event = msgspec.convert(row, Event, strict=False)
    body = msgspec.json.encode(msgspec.structs.asdict(event)).decode()
    return Refused(index, event.message_id, "conflict", CONFLICT_DETAIL, body)


def _names(ids: Sequence[Sequence[str]], who: Who) -> tuple[np.ndarray, np.ndarray]:
    offsets = np.zeros(len(ids) + 1, np.int32)
    np.cumsum([len(item) for item in ids], out=offsets[1:])
    return who.intern([text for item in ids for text in item]), offsets


def _batch(
    columns: dict[str, Sequence[Any]],
    seqs: Sequence[int],
    sources: Sequence[str],
    received: Sequence[int],
    keys: np.ndarray,
    ids: np.ndarray,
    offsets: np.ndarray,
    who: Who,
) -> pa.RecordBatch:
    place = _places(columns["place"])
    made: dict[str, Any] = {
        "seq": seqs,
        "source": sources,
        "key": keys,
        "received_ms": received,
        "origin_id": ids[offsets[:-1]],
        "client_id": who.clients(ids, offsets),
        "ids": pa.ListArray.from_arrays(pa.array(offsets), pa.array(ids, pa.int32())),
        **place,
    }
    arrays = []
    for field in EVENT_SCHEMA:
        value = made[field.name] if field.name in made else columns[field.name]
        arrays.append(value if isinstance(value, pa.Array) else pa.array(value, field.type))
    return pa.RecordBatch.from_arrays(arrays, schema=EVENT_SCHEMA)


def _places(places: Sequence[Any]) -> dict[str, Any]:
    names = ("lon", "lat", "place_origin", "precision", "adcode")
    if not any(places):
        return {name: pa.nulls(len(places), EVENT_SCHEMA.field(name).type) for name in names}
    rows = [place or (None,) * len(names) for place in places]
    return dict(zip(names, (list(column) for column in zip(*rows, strict=True)), strict=True))
