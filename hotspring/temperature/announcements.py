"""What was announced and which rules were in force: the two tables of temperature."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Final, Literal

import msgspec
import pyarrow as pa

from hotspring.store import Table
from hotspring.temperature import law

RISEN: Final = "temperature.risen"
FALLEN: Final = "temperature.fallen"

Cause = Literal["events", "silence", "rules", "merge", "flag"]
"""What moved a profile; a rule version, a merge or a flag starts no journey by itself."""

ANNOUNCEMENTS: Final = Table(
    name="announcements",
    owner="hotspring.temperature",
    schema=pa.schema(
        [
            pa.field("seq", pa.int64(), nullable=False),
            pa.field("id", pa.string(), nullable=False),
            pa.field("profile", pa.string(), nullable=False),
            pa.field("kind", pa.string(), nullable=False),
            pa.field("before", pa.string(), nullable=False),
            pa.field("after", pa.string(), nullable=False),
            pa.field("degrees", pa.float64(), nullable=False),
            pa.field("at_ms", pa.int64(), nullable=False),
            pa.field("cause", pa.string(), nullable=False),
        ]
    ),
    order=("profile", "seq"),
)
"""Append-only: what was known and said then, never taken back. `profile` is the public id then."""

RULE_VERSIONS: Final = Table.versions("rule_versions", "hotspring.temperature")
"""Every rule set that was ever put in force, as JSON, numbered from 1."""


class Announcement(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One profile was seen to have left its band, `before` and `after` by name."""

    profile: str
    before: str
    after: str
    degrees: float
    at_ms: int
    cause: Cause

    @property
    def kind(self) -> str:
        """`temperature.risen` or `temperature.fallen`."""
        return RISEN if law.BANDS.index(self.after) < law.BANDS.index(self.before) else FALLEN


def announcement_rows(seqs: Sequence[int], told: Sequence[Announcement]) -> pa.RecordBatch:
    """Which rows do these announcements make, given the `seq` of each?

    An id is made of `seq` and profile alone, so a replay writes the same rows again.
    """
    columns = {
        "seq": list(seqs),
        "id": [_id(seq, one.profile) for seq, one in zip(seqs, told, strict=True)],
        **{
            name: [getattr(one, name) for one in told]
            for name in ANNOUNCEMENTS.schema.names
            if name not in ("seq", "id")
        },
    }
    return pa.RecordBatch.from_pydict(columns, schema=ANNOUNCEMENTS.schema)


def _id(seq: int, profile: str) -> str:
    return "a_" + hashlib.blake2b(f"{seq} {profile}".encode(), digest_size=12).hexdigest()
