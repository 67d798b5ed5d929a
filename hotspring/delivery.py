"""How a delivery is written to the journal: column by column, so that many become tables at once.

A body is read once by Python, at the door. From there on its events travel as columns: the texts of
a column joined into one run of bytes beside their lengths, numbers as arrays. Whoever applies the
journal puts the runs of many bodies end to end and has Arrow columns, without an object per event.
"""

from __future__ import annotations

import math
import sys
from array import array
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Final, NamedTuple

import msgspec
import numpy as np
import pyarrow as pa

from hotspring.errors import FolderError
from hotspring.event import Delivery, Event, Place, Refused

FIELDS: Final = Event.__struct_fields__
TEXTS: Final = (
    "message_id", "type", "name", "properties", "traits", "context", "channel", "device",
    "currency",
)  # fmt: skip
NUMBERS: Final = {"ms": "q", "content": "q", "flags": "i", "amount": "d"}
"""Columns of every event, with the code of their C type; a missing amount is not a number."""
PLACE: Final = {"lon": "d", "lat": "d", "precision": "d", "adcode": "i"}
"""Columns of places, left out where no event of the body has one."""
CODES: Final = {**NUMBERS, **PLACE}
NOTHING: Final = {"q": 0, "i": 0, "d": math.nan}
PLACE_ORIGIN: Final = "place_origin"
DEFAULTS: Final = {"properties": "{}", "context": "{}"}

Text = tuple[bytes, bytes]
"""Values end to end as UTF-8, and their lengths as uint32; no lengths: all values are the same."""

if sys.byteorder != "little":
    raise FolderError("the journal is written on little-endian machines only")


class Columns(NamedTuple):
    """The events of one delivery, in columns."""

    events: int
    texts: dict[str, Text]
    numbers: dict[str, bytes]
    ids: Text
    """The identifiers of all events one after the other."""
    id_counts: bytes
    """uint32: how many of them each event has."""

    def run(self, name: str) -> Text:
        """One column of texts, with a length for each even where all are the same."""
        return _run(self.texts[name], self.events)

    def strings(self, name: str) -> pa.StringArray:
        """One column of texts."""
        return _strings([self.run(name)])


class Packed(msgspec.Struct, frozen=True, array_like=True):
    """A delivery in columns. New columns may come, and a reader fills those it misses."""

    source: str
    received_ms: int
    count: int
    texts: dict[str, Text]
    numbers: dict[str, bytes]
    ids: Text
    """The identifiers of all events one after the other."""
    id_counts: bytes
    """uint32: how many of them each event has."""
    refused: list[Refused] = []
    places: bytes = b""
    """uint32: where each event stood in its body, left out while all of them are there."""


class Stretch(NamedTuple):
    """The events of many deliveries, in columns."""

    counts: np.ndarray
    """Events of each delivery."""
    sources: list[str]
    received_ms: np.ndarray
    """int64, of each delivery."""
    columns: dict[str, pa.Array]
    """Of all events: TEXTS, NUMBERS, PLACE and the origin of the place."""
    ids: pa.StringArray
    id_counts: np.ndarray
    refused: list[list[Refused]]
    """Of each delivery."""
    places: np.ndarray | None
    """uint32, where each event stood in its body; None where all of every body are there."""


_encode: Final = msgspec.msgpack.Encoder().encode
_decode: Final = msgspec.msgpack.Decoder(Packed).decode


def pack(delivery: Delivery) -> bytes:
    """Which bytes keep this delivery?"""
    columns = columns_of(delivery.events)
    return packed(delivery.source, delivery.received_ms, columns, delivery.refused)


def packed(source: str, received_ms: int, columns: Columns, refused: list[Refused]) -> bytes:
    """Which bytes keep a delivery of these columns?"""
    return _encode(Packed(source, received_ms, *columns, refused))


def columns_of(events: Sequence[Event]) -> Columns:
    """Which columns do these events make?"""
    rows = map(msgspec.structs.astuple, events)
    columns = dict(zip(FIELDS, zip(*rows, strict=True), strict=False))
    texts = {name: _joined(columns.get(name, ())) for name in TEXTS}
    amounts = [math.nan if amount is None else amount for amount in columns.get("amount", ())]
    numbers = {
        name: array(code, amounts if name == "amount" else columns.get(name, ())).tobytes()
        for name, code in NUMBERS.items()
    }
    places = columns.get("place", ())
    if any(places):
        texts[PLACE_ORIGIN], more = spots(places)
        numbers.update(more)
    ids = columns.get("ids", ())
    named = _joined(tuple(chain.from_iterable(ids)))
    return Columns(len(events), texts, numbers, named, array("I", map(len, ids)).tobytes())


def joined(parts: Sequence[Columns]) -> Columns:
    """Which columns do the events of these make, one after the other?"""
    if len(parts) == 1:
        return parts[0]
    texts = {}
    for name in dict.fromkeys(chain.from_iterable(part.texts for part in parts)):
        default = (DEFAULTS.get(name, "").encode(), b"")
        found = [part.texts.get(name, default) for part in parts]
        if found[0][1] or found.count(found[0]) < len(found):
            runs = [_run(text, part.events) for text, part in zip(found, parts, strict=True)]
            found[0] = b"".join(run[0] for run in runs), b"".join(run[1] for run in runs)
        texts[name] = found[0]
    numbers = {}
    for name in dict.fromkeys(chain.from_iterable(part.numbers for part in parts)):
        none = _none(CODES[name])
        numbers[name] = b"".join(part.numbers.get(name, none * part.events) for part in parts)
    counts = b"".join(part.id_counts for part in parts)
    named = [_run(part.ids, sum(array("I", part.id_counts))) for part in parts]
    ids = b"".join(run[0] for run in named), b"".join(run[1] for run in named)
    return Columns(sum(part.events for part in parts), texts, numbers, ids, counts)


def spots(places: Sequence[Place | None]) -> tuple[Text, dict[str, bytes]]:
    """Which columns do these places make: their origins, and PLACE?"""
    numbers = {
        name: array(
            code, [getattr(place, name) if place else NOTHING[code] for place in places]
        ).tobytes()
        for name, code in PLACE.items()
    }
    return _joined([place.origin if place else "" for place in places]), numbers


def unpack(body: bytes) -> Delivery:
    """Which delivery is kept in these bytes?"""
    part = stretch([body])
    rows = pa.table(part.columns).to_pylist()
    texts = iter(part.ids.to_pylist())
    events = []
    for row, count in zip(rows, part.id_counts.tolist(), strict=True):
        origin = row.pop(PLACE_ORIGIN)
        spot = {name: row.pop(name) for name in PLACE}
        place = Place(origin=origin, **spot) if origin else None
        events.append(Event(**row, ids=tuple(next(texts) for _ in range(count)), place=place))
    return Delivery(part.sources[0], int(part.received_ms[0]), events, part.refused[0])


def stretch(bodies: Iterable[bytes]) -> Stretch:
    """Which columns do these kept deliveries make, one after the other?"""
    parts = [_decode(body) for body in bodies]
    columns: dict[str, pa.Array] = {}
    for name in (*TEXTS, PLACE_ORIGIN):
        default = (DEFAULTS.get(name, "").encode(), b"")
        runs = [_run(part.texts.get(name, default), part.count) for part in parts]
        columns[name] = _strings(runs)
    for name, code in CODES.items():
        none = _none(code)
        data = b"".join(part.numbers.get(name, none * part.count) for part in parts)
        columns[name] = _numbers(np.frombuffer(data, code))
    return Stretch(
        np.array([part.count for part in parts], np.int64),
        [part.source for part in parts],
        np.array([part.received_ms for part in parts], np.int64),
        columns,
        _strings([_run(part.ids, sum(array("I", part.id_counts))) for part in parts]),
        np.frombuffer(b"".join(part.id_counts for part in parts), np.uint32).astype(np.int64),
        [part.refused for part in parts],
        _places(parts) if any(part.places for part in parts) else None,
    )


def without(body: bytes, kept: Sequence[bool], refused: list[Refused]) -> bytes:
    """The same delivery with only these of its events, each at its place, and these refusals."""
    part, delivery = _decode(body), unpack(body)
    events = [event for event, stays in zip(delivery.events, kept, strict=True) if stays]
    rest = Delivery(delivery.source, delivery.received_ms, events, refused)
    places = _places([part])[np.array(kept, bool)].astype(np.uint32)
    return _encode(msgspec.structs.replace(_decode(pack(rest)), places=places.tobytes()))


def _none(code: str) -> bytes:
    """How a missing number of this type is written."""
    return array(code, [NOTHING[code]]).tobytes()


def _places(parts: Sequence[Packed]) -> np.ndarray:
    return np.concatenate(
        [
            np.frombuffer(part.places, np.uint32)
            if part.places or not part.count
            else np.arange(part.count, dtype=np.uint32)
            for part in parts
        ]
    )


def _joined(values: Sequence[str]) -> Text:
    if values and values[0] == values[-1] and values.count(values[0]) == len(values):
        return values[0].encode(), b""
    text = "".join(values)
    data = text.encode()
    if len(data) == len(text):
        return data, array("I", map(len, values)).tobytes()
    return data, array("I", (len(value.encode()) for value in values)).tobytes()


def _run(text: Text, count: int) -> Text:
    data, lengths = text
    if lengths or not count:
        return data, lengths
    return data * count, array("I", [len(data)]).tobytes() * count


def _strings(runs: Sequence[Text]) -> pa.StringArray:
    lengths = np.frombuffer(b"".join(run[1] for run in runs), np.uint32)
    ends = np.zeros(len(lengths) + 1, np.int32)
    np.cumsum(lengths, out=ends[1:])
    data = pa.py_buffer(b"".join(run[0] for run in runs))
    return pa.StringArray.from_buffers(len(lengths), pa.py_buffer(ends), data)


def _numbers(values: np.ndarray) -> pa.Array:
    if values.dtype.kind == "f":
        missing = np.isnan(values)
        if missing.any():
            return pa.array(values, mask=missing)
    return pa.array(values)
