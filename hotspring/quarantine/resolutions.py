"""What became of entries, as it was decided: the command and the table it fills."""

from __future__ import annotations

from typing import Final, Literal

import msgspec
import pyarrow as pa

from hotspring.event import Command
from hotspring.store import Table

RESOLUTIONS: Final = Table(
    name="resolutions",
    owner="hotspring.quarantine",
    schema=pa.schema(
        [
            pa.field("entry", pa.int64(), nullable=False),
            pa.field("recorded", pa.bool_(), nullable=False),
            pa.field("status", pa.string(), nullable=False),
            pa.field("at_ms", pa.int64(), nullable=False),
            pa.field("by", pa.string(), nullable=False),
            pa.field("why", pa.string(), nullable=False),
            pa.field("seq", pa.int64(), nullable=False),
        ]
    ),
    order=("entry",),
)
"""Entries of quarantine (`entry` is their seq) that are open no longer; `seq` is the command's."""


class Resolved(msgspec.Struct, frozen=True):
    """The body of a `resolve` command."""

    status: Literal["replayed", "dropped"]
    entries: list[tuple[int, bool]]
    """(seq, recorded) of each."""
    why: str = ""
    fixes: list[str] = []
    """What was mended, in words that hold nothing about a person."""

    @staticmethod
    def rows(seq: int, command: Command) -> pa.RecordBatch:
        """Which rows of `RESOLUTIONS` does a `resolve` command make?"""
        body = msgspec.json.decode(command.body, type=Resolved)
        rows = [
            {
                "entry": entry,
                "recorded": recorded,
                "status": body.status,
                "at_ms": command.at_ms,
                "by": command.by,
                "why": body.why or "; ".join(body.fixes),
                "seq": seq,
            }
            for entry, recorded in body.entries
        ]
        return pa.RecordBatch.from_pylist(rows, schema=RESOLUTIONS.schema)
