"""What an event is: the fact the door writes, and the columns the store keeps."""

from __future__ import annotations

import enum
from typing import Final

import msgspec
import pyarrow as pa


class Flag(enum.IntFlag):
    """Decisions of the door about one event, kept with it."""

    BOT = 1
    """Machine traffic: kept, counted, brings no heat."""
    PUBLIC = 2
    """Came with a public write key: its claims join no two known people."""
    IMPORTED = 4
    """Came from a file: its id is checked against the whole event table."""
    SKEW_CORRECTED = 8
    """The client's clock was off; the time was corrected at the door."""
    CLAMPED = 16
    """The time lay in the future by at most a day and was set to the time of receipt."""
    BREACH = 32
    """Its properties break the tracking plan, which is lenient there."""
    SPENT = 128
    """Past its time: its content is gone and its heat is kept beside it, so it brings none."""
    MENDED = 64
    """It was refused at first, and taken in later, as people mended it."""
    DECIDED = 256
    """Of heat that is kept: flags of the events themselves said whose traffic they were, so that a
    flag of their subject does not reach them."""
    PASSER_BY = 512
    """Of somebody who did not agree to be known: counted for a day, nobody's, brings no heat."""


class Place(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Where an event happened: WGS-84 degrees, how it is known and how exactly."""

    lon: float
    lat: float
    origin: str
    """`gps`, `adcode`, `city` or `ip`."""
    precision: float
    """Radius in metres within which the true place is expected."""
    adcode: int = 0
    """GB/T 2260 code of the district (else city, province), 0 where unknown."""


class Event(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One accepted event, as the door decided it. New fields go to the end, with a default."""

    message_id: str
    type: str
    """`track`, `identify`, `page`, `screen`, `group`, `alias`, `bind`, `unbind` or `consent`."""
    name: str
    ms: int
    """When it happened, milliseconds since 1970 UTC, corrected for clock skew."""
    ids: tuple[str, ...]
    """Normalised identifiers, `kind:value` or `kind@scope:value`; the first is the subject."""
    content: int
    """63-bit hash of the event without its transport fields: tells a repeat from a conflict."""
    properties: str = "{}"
    """A JSON object as text."""
    traits: str = ""
    """JSON object of trait operations, set to delete (`identity.traits`), or empty."""
    context: str = "{}"
    """JSON object: campaign, page, referrer, library, locale, os, app."""
    channel: str = ""
    """web, app, miniprogram, wechat, wecom, server, store, import."""
    device: str = ""
    """desktop, mobile, tablet, other or empty."""
    flags: int = 0
    place: Place | None = None
    amount: float | None = None
    """Money of the event in `currency`, from revenue, total or value."""
    currency: str = ""


class Refused(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One refused event of a delivery: where it stood, why, and what it was."""

    index: int
    message_id: str
    reason: str
    detail: str
    body: str
    """The event as it came (JSON text, shortened past 64 kB)."""
    request: str = ""
    """What the request said beside it, as JSON: `path`, and where known `type`, `context`,
    `sentAt`, `agent`, `public`. Empty where nothing was kept."""


class Delivery(msgspec.Struct, frozen=True, array_like=True):
    """One request body, or one portion of a file: what was accepted and what was refused."""

    source: str
    received_ms: int
    events: list[Event]
    refused: list[Refused] = []


class Command(msgspec.Struct, frozen=True, array_like=True):
    """A decision of a person or of the pool itself, in the same order as the events."""

    kind: str
    """`separate`, `retract`, `join`, `refuse`, `rules`, `announce`, `flag`, `unflag`, ..."""
    at_ms: int
    by: str
    body: str
    """A JSON object as text; its shape belongs to the kind."""


EVENT_SCHEMA: Final = pa.schema(
    [
        pa.field("seq", pa.int64(), nullable=False),
        pa.field("source", pa.string(), nullable=False),
        pa.field("message_id", pa.string(), nullable=False),
        pa.field("key", pa.uint64(), nullable=False),
        pa.field("content", pa.int64(), nullable=False),
        pa.field("type", pa.string(), nullable=False),
        pa.field("name", pa.string(), nullable=False),
        pa.field("ms", pa.int64(), nullable=False),
        pa.field("received_ms", pa.int64(), nullable=False),
        pa.field("origin_id", pa.int32(), nullable=False),
        pa.field("client_id", pa.int32(), nullable=False),
        pa.field("ids", pa.list_(pa.int32()), nullable=False),
        pa.field("channel", pa.string(), nullable=False),
        pa.field("device", pa.string(), nullable=False),
        pa.field("flags", pa.int32(), nullable=False),
        pa.field("lon", pa.float64()),
        pa.field("lat", pa.float64()),
        pa.field("adcode", pa.int32()),
        pa.field("place_origin", pa.string()),
        pa.field("precision", pa.float32()),
        pa.field("amount", pa.float64()),
        pa.field("currency", pa.string(), nullable=False),
        pa.field("properties", pa.string(), nullable=False),
        pa.field("traits", pa.string(), nullable=False),
        pa.field("context", pa.string(), nullable=False),
    ]
)
"""Columns of the event table. `origin_id` is the dense id of the subject identifier and never
changes; `client_id` that of the device identifier that came along, -1 where none did; `seq`
orders all events as the journal does and is unique."""
