"""What people agreed to: each decision as it was given, and what stands now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from hotspring.store import Table

CONSENTS: Final = Table(
    name="consents",
    owner="hotspring.privacy",
    schema=pa.schema(
        [
            pa.field("origin_id", pa.int32(), nullable=False),
            pa.field("seq", pa.int64(), nullable=False),
            pa.field("ms", pa.int64(), nullable=False),
            pa.field("source", pa.string(), nullable=False),
            pa.field("purpose", pa.string(), nullable=False),
            pa.field("channel", pa.string(), nullable=False),
            pa.field("given", pa.bool_(), nullable=False),
            pa.field("proof", pa.string(), nullable=False),
        ]
    ),
    order=("origin_id", "ms"),
)
ALL: Final = ""
"""The channel of a decision that holds for every channel."""


class _Decision(msgspec.Struct, frozen=True):
    purpose: str
    given: bool
    channel: str | None = None
    proof: Any = None


class _Decisions(msgspec.Struct, frozen=True):
    decisions: list[msgspec.Raw] = []


def consent_rows(events: pa.RecordBatch) -> pa.RecordBatch:
    """Which decisions do these events hold? One row of `CONSENTS` for each, in their order.

    What is not a decision (no purpose, `given` not true or false) is passed over: the door has
    said so already.
    """
    chosen = events.filter(pc.equal(events.column("type"), "consent"))
    chosen = chosen.select(["origin_id", "seq", "ms", "source", "properties"])
    rows = [
        {**event, **decision}
        for event in chosen.to_pylist()
        for decision in _decisions(event.pop("properties"))
    ]
    return pa.RecordBatch.from_pylist(rows, schema=CONSENTS.schema)


def standing(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What stands now, by purpose and channel, after these rows of `CONSENTS`?

    The latest by event time counts, however late it came; of two at the same millisecond the
    withdrawal. A decision for every channel also replaces earlier ones for a single channel.
    Gives `purpose`, `channel`, `given`, `ms`, `source`, `proof`, in a fixed order.
    """
    last: dict[tuple[str, str], Mapping[str, Any]] = {}
    for row in rows:
        key = (row["purpose"], row["channel"])
        if key not in last or _weight(row) > _weight(last[key]):
            last[key] = row
    names = ("given", "ms", "source", "proof")
    stands = []
    for purpose, channel in sorted(last):
        own, broad = last[purpose, channel], last.get((purpose, ALL))
        row = own if broad is None else max(own, broad, key=_weight)
        stands.append({"purpose": purpose, "channel": channel, **{n: row[n] for n in names}})
    return stands


def _weight(row: Mapping[str, Any]) -> tuple[int, bool, str, str]:
    return row["ms"], not row["given"], row["source"], row["proof"]


def _decisions(properties: str) -> Iterator[dict[str, Any]]:
    try:
        found = msgspec.json.decode(properties, type=_Decisions).decisions
    except msgspec.DecodeError:
        return
    for raw in found:
        try:
            decision = msgspec.json.decode(raw, type=_Decision)
        except msgspec.DecodeError:
            continue
        purpose = decision.purpose.strip()
        if purpose:
            yield {
                "purpose": purpose,
                "channel": (decision.channel or ALL).strip(),
                "given": decision.given,
                "proof": _text(decision.proof),
            }


def _text(proof: Any) -> str:
    if proof is None:
        return ""
    return proof if isinstance(proof, str) else msgspec.json.encode(proof).decode()
