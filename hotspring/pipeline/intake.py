"""From journal entries to rows of the event table: decode, deduplicate, name, record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hotspring.delivery import PLACE_ORIGIN, Stretch
from hotspring.event import EVENT_SCHEMA, Flag, Refused
from hotspring.identity import Who
from hotspring.keys import fingerprints
from hotspring.measure import Laps
from hotspring.pipeline.screen import CAUGHT, ERASED, Screen
from hotspring.pipeline.tables import SEQ_BITS, first_seq
from hotspring.seen import CONFLICT, NEW, Seen

CONFLICT_DETAIL: Final = "an event of the same source and messageId with other content came before"
PLACED: Final = ("lon", "lat", "precision", "adcode", PLACE_ORIGIN)


Row = tuple[int, str, int, Refused]
"""seq, source, received_ms, refused"""


class Intake(msgspec.Struct, frozen=True):
    """What a stretch of the journal brought, ready to be recorded and folded."""

    events: pa.RecordBatch
    """New events, EVENT_SCHEMA."""
    ids: np.ndarray
    """int32, the identifiers of all events one after the other."""
    offsets: np.ndarray
    """int32[n + 1] into `ids`."""
    refused: list[Row]
    """With the conflicts found here."""
    duplicates: int


def take(
    positions: Sequence[int],
    came: Stretch,
    who: Who,
    seen: Seen,
    key: bytes,
    screen: Screen,
    laps: Laps,
) -> Intake:
    """Which new events do the deliveries at these positions bring?

    Names identifiers that were never seen in `who` and remembers ids in `seen`; `screen` keeps
    people out who were erased.
    """
    columns, caught = _arrival(came, positions), list[Row]()
    if who.tombstones:
        came, columns, caught = _screened(came, columns, who)
    laps.done("decode")
    columns["key"] = fingerprints(
        pc.binary_join_element_wise(columns["source"], columns["message_id"], "\x00"), key
    )
    verdicts = seen.judge(
        columns["key"],
        columns["content"].to_numpy(),
        columns["received_ms"] // 1000,
        (columns["flags"].to_numpy() & int(Flag.IMPORTED)) != 0,
    )
    laps.done("dedupe")
    conflicts = np.flatnonzero(verdicts == CONFLICT)
    refused = _refused(came, positions)
    if who.tombstones:
        refused = [(*row[:3], screen.passed(row[3], who)) for row in refused] + caught
    refused += [_conflict(columns, came, int(row)) for row in conflicts]
    columns, texts, counts = _kept(verdicts == NEW, columns, came)
    ids, offsets = who.intern(texts), np.zeros(len(counts) + 1, np.int32)
    np.cumsum(counts, out=offsets[1:])
    columns["origin_id"] = ids[offsets[:-1]]
    columns["client_id"] = who.clients(ids, offsets)
    columns["ids"] = pa.ListArray.from_arrays(pa.array(offsets), pa.array(ids, pa.int32()))
    duplicates = len(verdicts) - len(counts) - len(conflicts)
    laps.done("name")
    return Intake(_batch(columns), ids, offsets, refused, duplicates)


def _kept(
    kept: np.ndarray, columns: dict[str, Any], came: Stretch
) -> tuple[dict[str, Any], pa.StringArray, np.ndarray]:
    """Columns, identifiers and their counts of the events that are new."""
    if kept.all():
        return columns, came.ids, came.id_counts
    mask = pa.array(kept)
    columns = {
        name: column[kept] if isinstance(column, np.ndarray) else column.filter(mask)
        for name, column in columns.items()
    }
    texts = came.ids.filter(pa.array(np.repeat(kept, came.id_counts)))
    return columns, texts, came.id_counts[kept]


def _screened(
    came: Stretch, columns: dict[str, Any], who: Who
) -> tuple[Stretch, dict[str, Any], list[Row]]:
    """The events without those that name an erased identifier, and what tells of these."""
    rows = np.repeat(np.arange(len(came.id_counts)), came.id_counts)
    gone = np.bincount(rows, who.buried(came.ids), len(came.id_counts)) > 0
    if not gone.any():
        return came, columns, []
    told = [
        (
            int(columns["seq"][row]),
            columns["source"][int(row)].as_py(),
            int(columns["received_ms"][row]),
            Refused(int(columns["seq"][row]) & (first_seq(1) - 1), "", ERASED, CAUGHT, ""),
        )
        for row in np.flatnonzero(gone)
    ]
    columns, texts, counts = _kept(~gone, columns, came)
    rest = {name: column.filter(pa.array(~gone)) for name, column in came.columns.items()}
    return came._replace(columns=rest, ids=texts, id_counts=counts), columns, told


def _refused(came: Stretch, positions: Sequence[int]) -> list[Row]:
    """What the door refused, with where and when it came."""
    return [
        (first_seq(position) + item.index, source, int(received), item)
        for position, source, received, items in zip(
            positions, came.sources, came.received_ms, came.refused, strict=True
        )
        for item in items
    ]


def _arrival(came: Stretch, positions: Sequence[int]) -> dict[str, Any]:
    """All columns of the stretch with those that the events of one delivery share."""
    counts = came.counts
    places = came.places
    if places is None:
        places = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    firsts = np.array([first_seq(position) for position in positions], np.int64)
    sources = pa.array(came.sources, pa.string())
    return {
        **came.columns,
        "seq": np.repeat(firsts, counts) + places,
        "received_ms": np.repeat(came.received_ms, counts),
        "source": sources.take(pa.array(np.repeat(np.arange(len(counts)), counts))),
    }


def _conflict(columns: dict[str, Any], came: Stretch, row: int) -> Row:
    body = {name: column[row].as_py() for name, column in came.columns.items()}
    first = int(came.id_counts[:row].sum())
    body["ids"] = came.ids.slice(first, int(came.id_counts[row])).to_pylist()
    text = msgspec.json.encode(body).decode()
    seq = int(columns["seq"][row])
    refused = Refused(
        seq - first_seq(seq >> SEQ_BITS), body["message_id"], "conflict", CONFLICT_DETAIL, text
    )
    return seq, columns["source"][row].as_py(), int(columns["received_ms"][row]), refused


def _batch(columns: dict[str, Any]) -> pa.RecordBatch:
    nowhere = pc.equal(columns[PLACE_ORIGIN], "")
    if pc.any(nowhere).as_py():
        for name in PLACED:
            column = columns[name]
            columns[name] = pc.if_else(nowhere, pa.scalar(None, column.type), column)
    arrays = [
        value if isinstance(value, pa.Array) and value.type == field.type
        else pa.array(value, field.type) if isinstance(value, np.ndarray)
        else value.cast(field.type)
        for field in EVENT_SCHEMA
        for value in (columns[field.name],)
    ]  # fmt: skip
    return pa.RecordBatch.from_arrays(arrays, schema=EVENT_SCHEMA)
