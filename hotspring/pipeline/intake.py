"""From journal entries to rows of the event table: decode, deduplicate, name, record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

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
MESSAGE_ID: Final = FIELDS.index("message_id")
CONTENT: Final = FIELDS.index("content")
FLAGS: Final = FIELDS.index("flags")
NOTHING: Final[Mapping[str, Sequence[Any]]] = dict.fromkeys(FIELDS, ())
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
    came = _Arrival([], [], [], [], [])
    refused: list[tuple[int, str, int, Refused]] = []
    for position, body in entries:
        delivery = _decode(body)
        came.add(first_seq(position), delivery)
        refused += [
            (first_seq(position) + item.index, delivery.source, delivery.received_ms, item)
            for item in delivery.refused
        ]
    rows = _whole(came.rows)
    seqs, received, sources = came.columns()
    keys = _keys(sources, [row[MESSAGE_ID] for row in rows], key)
    flags = np.fromiter((row[FLAGS] for row in rows), np.int32, len(rows))
    contents = np.fromiter((row[CONTENT] for row in rows), np.int64, len(rows))
    verdicts = seen.judge(keys, contents, received // 1000, (flags & int(Flag.IMPORTED)) != 0)
    again = np.flatnonzero(verdicts != NEW)
    conflicts = np.flatnonzero(verdicts == CONFLICT)
    refused += [
        (int(seqs[i]), sources[i].as_py(), int(received[i]), _conflict(rows[i], int(i)))
        for i in conflicts
    ]
    if len(again):
        for i in again[::-1].tolist():
            del rows[i]
        kept = verdicts == NEW
        seqs, received, keys = seqs[kept], received[kept], keys[kept]
        sources = sources.filter(pa.array(kept))
    columns: Mapping[str, Sequence[Any]] = (
        dict(zip(FIELDS, zip(*rows, strict=True), strict=True)) if rows else NOTHING
    )
    ids, offsets = _names(columns["ids"], who)
    made = {
        "seq": seqs,
        "source": sources,
        "key": keys,
        "received_ms": received,
        "origin_id": ids[offsets[:-1]],
        "client_id": who.clients(ids, offsets),
        "ids": pa.ListArray.from_arrays(pa.array(offsets), pa.array(ids, pa.int32())),
        **_places(columns["place"]),
    }
    events = _batch(columns, made)
    return Intake(events, ids, offsets, refused, len(again) - len(conflicts))


class _Arrival(NamedTuple):
    """Deliveries one after the other: their rows, and for each delivery what its rows share."""

    rows: list[tuple[Any, ...]]
    counts: list[int]
    firsts: list[int]
    received: list[int]
    sources: list[str]

    def add(self, first: int, delivery: Rows) -> None:
        self.rows.extend(delivery.events)
        self.counts.append(len(delivery.events))
        self.firsts.append(first)
        self.received.append(delivery.received_ms)
        self.sources.append(delivery.source)

    def columns(self) -> tuple[np.ndarray, np.ndarray, pa.StringArray]:
        """Sequence number, time of receipt and source of every row."""
        counts = np.array(self.counts, np.int64)
        places = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        seqs = np.repeat(np.array(self.firsts, np.int64), counts) + places
        received = np.repeat(np.array(self.received, np.int64), counts)
        of = np.repeat(np.arange(len(counts)), counts)
        return seqs, received, pa.array(self.sources, pa.string()).take(pa.array(of))


def _whole(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    width = len(FIELDS)
    if set(map(len, rows)) <= {width}:
        return rows
    return [(*row, *DEFAULTS[len(row) - width :])[:width] for row in rows]


def _keys(sources: pa.StringArray, message_ids: Sequence[str], key: bytes) -> np.ndarray:
    texts = pc.binary_join_element_wise(sources, pa.array(message_ids, pa.string()), "\x00")
    return fingerprints(texts, key)


def _conflict(row: tuple[Any, ...], index: int) -> Refused:
    event = msgspec.convert(row, Event, strict=False)
    body = msgspec.json.encode(msgspec.structs.asdict(event)).decode()
    return Refused(index, event.message_id, "conflict", CONFLICT_DETAIL, body)


def _names(ids: Sequence[Sequence[str]], who: Who) -> tuple[np.ndarray, np.ndarray]:
    offsets = np.zeros(len(ids) + 1, np.int32)
    np.cumsum([len(item) for item in ids], out=offsets[1:])
    return who.intern([text for item in ids for text in item]), offsets


def _batch(columns: Mapping[str, Sequence[Any]], made: dict[str, Any]) -> pa.RecordBatch:
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
