"""Quarantine: what the door refused and what contradicted an earlier event, with the reason."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pyarrow as pa

from hotspring.event import Refused
from hotspring.store import Table

QUARANTINE: Final = Table(
    name="quarantine",
    owner="hotspring.collect",
    schema=pa.schema(
        [
            pa.field("seq", pa.int64(), nullable=False),
            pa.field("index", pa.int32(), nullable=False),
            pa.field("source", pa.string(), nullable=False),
            pa.field("received_ms", pa.int64(), nullable=False),
            pa.field("message_id", pa.string(), nullable=False),
            pa.field("reason", pa.string(), nullable=False),
            pa.field("detail", pa.string(), nullable=False),
            pa.field("body", pa.string(), nullable=False),
            pa.field("request", pa.string()),
        ]
    ),
    order=("seq", "index"),
)
"""Refused events; `index` is the place in the delivery, `seq` orders them as the journal does."""


def quarantine_rows(refused: Sequence[tuple[int, str, int, Refused]]) -> pa.RecordBatch:
    """Which rows of `QUARANTINE` do these (seq, source, received_ms, refused) make?"""
    columns = [
        pa.array([seq for seq, _, _, _ in refused], pa.int64()),
        pa.array([one.index for _, _, _, one in refused], pa.int32()),
        pa.array([source for _, source, _, _ in refused], pa.string()),
        pa.array([received_ms for _, _, received_ms, _ in refused], pa.int64()),
        pa.array([one.message_id for _, _, _, one in refused], pa.string()),
        pa.array([one.reason for _, _, _, one in refused], pa.string()),
        pa.array([one.detail for _, _, _, one in refused], pa.string()),
        pa.array([one.body for _, _, _, one in refused], pa.string()),
        pa.array([one.request for _, _, _, one in refused], pa.string()),
    ]
    return pa.record_batch(columns, schema=QUARANTINE.schema)
