"""What the pool itself found and journaled, as rows of the tables that tell it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import pyarrow as pa

from hotspring.segments import members
from hotspring.store import Table
from hotspring.tiers import standing

Found = Callable[[int, str], tuple[Table, pa.RecordBatch]]

SAID: Final[Mapping[str, Found]] = {
    members.KIND: lambda seq, body: (members.MEMBERSHIPS, members.rows(seq, body)),
    standing.KIND: lambda seq, body: (standing.STANDINGS, standing.rows(seq, body)),
}
"""By kind of command: the table, and the rows that one at this `seq` makes."""
