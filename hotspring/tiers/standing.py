"""How people stood: the journal's word of who came into which tier and who went, and when."""

from __future__ import annotations

from typing import Final

import pyarrow as pa

from hotspring.segments import members
from hotspring.store import Table

KIND: Final = "standings"
"""The command that says who came into tiers and who went."""
STANDINGS: Final = Table(
    name="standings",
    owner="hotspring.tiers",
    schema=members.MEMBERSHIPS.schema,
    order=("segment", "seq"),
)
"""As `memberships`, of tiers: `segment` is what `place` gives."""


def place(scheme: str, tier: int) -> str:
    """Under which name is a tier of a scheme told? By its number, the lowest is 0."""
    return f"{scheme}/{tier}"


def rows(seq: int, body: str) -> pa.RecordBatch:
    """The rows of `STANDINGS` that a command at this `seq` makes; a replay makes them again."""
    return members.rows(seq, body)
