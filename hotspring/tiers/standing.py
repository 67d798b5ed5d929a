"""How people stood: who came into which tier and who went, as the journal tells it, and grace.

A profile is told by the number of one of its identifiers, as members of segments are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
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

Ids = npt.NDArray[np.int32]
Codes = npt.NDArray[np.int8]


class Record(NamedTuple):
    """Who stood in which tier, a row for each."""

    ids: Ids
    """Ascending."""
    codes: Codes

    @classmethod
    def of(cls, ids: Ids, codes: Codes) -> Record:
        """The same in the order of the identifiers."""
        order = np.argsort(ids, kind="stable")
        return cls(ids[order].astype(np.int32), codes[order].astype(np.int8))

    @classmethod
    def folded(cls, tiers: Sequence[Ids]) -> Record:
        """From who is in each tier, the lowest first."""
        codes = [np.full(len(ids), at, np.int8) for at, ids in enumerate(tiers)]
        nobody = (np.empty(0, np.int32), np.empty(0, np.int8))
        return cls.of(np.concatenate([nobody[0], *tiers]), np.concatenate([nobody[1], *codes]))


def place(scheme: str, tier: int) -> str:
    """Under which name is a tier of a scheme told? By its number, the lowest is 0."""
    return f"{scheme}/{tier}"


def rows(seq: int, body: str) -> pa.RecordBatch:
    """The rows of `STANDINGS` that a command at this `seq` makes; a replay makes them again."""
    return members.rows(seq, body)


def named(before: Record, slots_now: Ids, slots: Ids, firsts: Ids) -> Ids:
    """By which identifier is the profile in each of these slots told?

    By that of before where it is still there (`slots_now`, -1 where not, tells where each of the
    record stands now), of several that are one person now by the first; else by `firsts`.
    """
    size = 1 + max(int(slots.max(initial=-1)), int(slots_now.max(initial=-1)))
    by_slot = np.full(size, -1, np.int32)
    there = np.flatnonzero(slots_now >= 0)[::-1]
    by_slot[slots_now[there]] = before.ids[there]
    mine = by_slot[slots]
    return np.where(mine >= 0, mine, firsts).astype(np.int32)


def moved(before: Record, after: Record, size: int) -> Mapping[int, tuple[Ids, Ids]]:
    """By tier, who entered it and who left it; tiers in which nobody moved are left out."""
    found = {}
    for tier in range(size):
        was, now = (one.ids[one.codes == tier] for one in (before, after))
        entered, left = np.setdiff1d(now, was), np.setdiff1d(was, now)
        if len(entered) or len(left):
            found[tier] = (entered, left)
    return found


def highest(size: int, *stood: tuple[Ids, Codes]) -> Codes:
    """The highest tier that is told of each slot below `size`; -1 of who is not told of.

    With those who left a tier within the days of grace among `stood`, it is the tier that people
    hold: up at once, down when the lower number has lasted.
    """
    found = np.full(size, -1, np.int8)
    for slots, codes in stood:
        there = (slots >= 0) & (slots < size)
        np.maximum.at(found, slots[there], codes[there])
    return found
