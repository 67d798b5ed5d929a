"""The tables the pipeline writes: what happened, and what was decided."""

from __future__ import annotations

from typing import Final

import pyarrow as pa

from hotspring.event import EVENT_SCHEMA
from hotspring.store import Table
from hotspring.temperature import Heat

EVENTS: Final = Table(
    name="events",
    owner="hotspring.pipeline",
    schema=EVENT_SCHEMA,
    order=("origin_id", "ms", "seq"),
    projected=("origin_id", "ms", "flags", "name", "type", "channel", "source"),
)

COMMANDS: Final = Table(
    name="commands",
    owner="hotspring.pipeline",
    schema=pa.schema(
        [
            pa.field("seq", pa.int64(), nullable=False),
            pa.field("kind", pa.string(), nullable=False),
            pa.field("at_ms", pa.int64(), nullable=False),
            pa.field("by", pa.string(), nullable=False),
            pa.field("body", pa.string(), nullable=False),
        ]
    ),
    order=("seq",),
)

FLAGS: Final = Table(
    name="flags",
    owner="hotspring.pipeline",
    schema=pa.schema(
        [
            pa.field("seq", pa.int64(), nullable=False),
            pa.field("place", pa.int32(), nullable=False),
            pa.field("flag", pa.string(), nullable=False),
            pa.field("origin_id", pa.int32(), nullable=False),
            pa.field("source", pa.string(), nullable=False),
            pa.field("message_id", pa.string(), nullable=False),
            pa.field("verdict", pa.string(), nullable=False),
            pa.field("cause", pa.string(), nullable=False),
            pa.field("reason", pa.string(), nullable=False),
            pa.field("evidence", pa.string(), nullable=False),
            pa.field("at_ms", pa.int64(), nullable=False),
            pa.field("by", pa.string(), nullable=False),
        ]
    ),
    order=("origin_id", "seq"),
)
"""Every flag that was ever set or taken back, one row per target; the last one holds. A target is
a subject, or one event of it where `source` and `message_id` are told."""

KEPT_HEAT: Final = Table(
    name="kept_heat", owner="hotspring.pipeline", schema=Heat.KEPT, order=("origin_id", "ms")
)
"""What events that are past their time and gone were worth. A row without a rule counts them."""

TABLES: Final = (EVENTS, COMMANDS, FLAGS, KEPT_HEAT)

SEQ_BITS: Final = 20
"""An event's `seq` is its journal position shifted by so many bits, plus its place in the body."""


def first_seq(position: int) -> int:
    """The smallest event `seq` of the journal entry at `position`."""
    return position << SEQ_BITS
