"""Who entered and left a segment: the table, and the commands that say so.

A member is told by the number of an identifier: it stays as it is when slots are given anew, and
names nobody once its identifier is erased.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, Literal

import msgspec
import numpy as np
import pyarrow as pa

from hotspring.packing import packed as packed
from hotspring.packing import unpacked as unpacked
from hotspring.store import Table

LIST: Final = "segment_list"
"""The command that says who is in a list."""
KIND: Final = "members"
"""The command that says who entered and left."""
Cause = Literal["first", "rule", "event", "time", "identity", "live"]
"""First counted; its rule was changed; somebody did something or something was written of them;
time passed; identifiers, a merge, an undo or a decision as a tag by hand; or any of these last
three, where everybody was asked anew. The first two start nothing."""
NOBODY: Final = np.empty(0, np.int32)

MEMBERSHIPS: Final = Table(
    name="memberships",
    owner="hotspring.segments",
    schema=pa.schema(
        [
            pa.field("seq", pa.int64(), nullable=False),
            pa.field("segment", pa.string(), nullable=False),
            pa.field("at_ms", pa.int64(), nullable=False),
            pa.field("cause", pa.string(), nullable=False),
            pa.field("count", pa.int32(), nullable=False),
            pa.field("entered", pa.int32(), nullable=False),
            pa.field("left", pa.int32(), nullable=False),
            pa.field("entered_ids", pa.binary(), nullable=False),
            pa.field("left_ids", pa.binary(), nullable=False),
            pa.field("ruled", pa.int64(), nullable=False),
            pa.field("whole", pa.binary()),
        ]
    ),
    order=("segment", "seq"),
)
"""What changed of each segment at a moment: how many are in it then, who came and who went (as
`packed` gives them). Where `whole` is told, it is everybody who is in it then."""


class Move(msgspec.Struct, frozen=True):
    """What changed of one segment at one moment."""

    segment: str
    at_ms: int
    cause: Cause
    count: int
    entered: int
    left: int
    entered_ids: bytes
    left_ids: bytes
    ruled: int
    """Journal position of the rule by which this was found."""
    whole: bytes | None = None


class Moves(msgspec.Struct, frozen=True):
    """The body of a `members` command."""

    moves: list[Move]


def rows(seq: int, body: str) -> pa.RecordBatch:
    """The rows of `MEMBERSHIPS` that a command at this `seq` makes; a replay makes them again."""
    told = msgspec.json.decode(body, type=Moves).moves
    found = [{"seq": seq, **msgspec.structs.asdict(one)} for one in told]
    return pa.RecordBatch.from_pylist(found, schema=MEMBERSHIPS.schema)


def folded(told: Iterable[tuple[bytes | None, bytes, bytes]]) -> np.ndarray:
    """int32, ascending: who is in a segment after these (whole, entered_ids, left_ids)."""
    inside = NOBODY
    for whole, entered, left in told:
        if whole is not None:
            inside = unpacked(whole)
        else:
            inside = np.union1d(np.setdiff1d(inside, unpacked(left)), unpacked(entered))
    return inside.astype(np.int32)


class Listed(msgspec.Struct, frozen=True):
    """The body of a `segment_list` command: the identifiers of a list."""

    segment: str
    ids: bytes


def lists(bodies: Sequence[str]) -> dict[str, np.ndarray]:
    """Who is in which list: of `segment_list` commands, the last of each segment counts."""
    found = {}
    for body in bodies:
        said = msgspec.json.decode(body, type=Listed)
        found[said.segment] = unpacked(said.ids)
    return found
