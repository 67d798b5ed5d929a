"""Tags that people put on profiles and took off: the table, the commands, and what stands.

A mark is told by an identifier and a moment, as an event is: so it follows merges, undos and shared
devices wherever the events of that moment go. Of one person the last mark of a tag counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hotspring.event import Command
from hotspring.packing import packed, unpacked
from hotspring.store import Table

MARKED: Final = "tagged"
"""The command that puts tags on people, or takes them off."""
UNDONE: Final = "tagged_undone"
"""The command that takes such a command back: what was before stands again."""
COMMANDS: Final = (MARKED, UNDONE)

TAGGED: Final = Table(
    name="tagged",
    owner="hotspring.tags",
    schema=pa.schema(
        [
            pa.field("origin_id", pa.int32(), nullable=False),
            pa.field("ms", pa.int64(), nullable=False),
            pa.field("seq", pa.int64(), nullable=False),
            pa.field("tag", pa.string(), nullable=False),
            pa.field("value", pa.string(), nullable=False),
            pa.field("held", pa.bool_(), nullable=False),
            pa.field("undoes", pa.int64(), nullable=False),
            pa.field("set_by", pa.string(), nullable=False),
        ]
    ),
    order=("origin_id", "ms", "seq"),
)
"""Every mark that was ever set (`held`) or taken off, by the identifier and the moment that tell
whose it is. A row with `undoes` takes the mark of that `seq` back."""


READ: Final = ("origin_id", "ms", "seq", "tag", "value", "held", "undoes", "set_by")
"""The columns by which `standing` tells what stands, and who said so."""


class Mark(msgspec.Struct, frozen=True):
    """A tag put on some people, or taken off."""

    tag: str
    ids: bytes
    """Identifiers of theirs, as `packed` gives them."""
    value: str = ""
    held: bool = True


class Marked(msgspec.Struct, frozen=True):
    """The body of a `tagged` command."""

    marks: list[Mark]


class Undone(msgspec.Struct, frozen=True):
    """The body of a `tagged_undone` command."""

    entry: int
    """Journal position of what is taken back."""


def mark(tag: str, ids: np.ndarray, value: str = "", held: bool = True) -> Mark:
    """What a command says of these identifiers (int32)."""
    return Mark(tag, packed(np.unique(ids)), value, held)


def rows(seq: int, command: Command) -> pa.RecordBatch:
    """The rows of `TAGGED` that a `tagged` command at this `seq` makes."""
    said = msgspec.json.decode(command.body, type=Marked)
    found = [TAGGED.schema.empty_table(), *(_rows(seq, command, one) for one in said.marks)]
    return _whole(found)


def undoing(seq: int, command: Command, marked: Iterable[pa.RecordBatch]) -> pa.RecordBatch:
    """The rows that a `tagged_undone` command makes, from those of the command that it undoes."""
    found = [TAGGED.schema.empty_table()]
    for batch in marked:
        count = batch.num_rows
        columns = {name: batch.column(name) for name in ("origin_id", "ms", "tag", "value")}
        found.append(
            _table(
                count, **columns, undoes=batch.column("seq"), seq=seq, held=False, set_by=command.by
            )
        )
    return _whole(found)


def standing(table: pa.Table, owner: np.ndarray) -> np.ndarray:
    """int64: the places of the rows that stand: of each owner and tag the last that is not taken
    back, where it is no taking off. `owner` (int) tells whose each row is, -1 for nobody's."""
    seq, undoes = (table.column(name).to_numpy() for name in ("seq", "undoes"))
    live = (owner >= 0) & (undoes == 0) & ~np.isin(seq, undoes[undoes > 0])
    at: np.ndarray = np.flatnonzero(live)
    if not len(at):
        return at
    tag = pc.rank(table.column("tag").take(pa.array(at)), tiebreaker="dense").to_numpy()
    origin = table.column("origin_id").to_numpy()
    order = np.lexsort((origin[at], seq[at], tag, owner[at]))
    whose, what = owner[at][order], tag[order]
    last = np.append((whose[1:] != whose[:-1]) | (what[1:] != what[:-1]), True)
    held = table.column("held").to_numpy(zero_copy_only=False)
    found = np.asarray(at[order[last]])
    return np.asarray(found[held[found]])


def _rows(seq: int, command: Command, one: Mark) -> pa.Table:
    ids = unpacked(one.ids)
    return _table(
        len(ids), origin_id=pa.array(ids, pa.int32()), ms=command.at_ms, seq=seq, tag=one.tag,
        value=one.value, held=one.held, undoes=0, set_by=command.by,
    )  # fmt: skip


def _table(count: int, **columns: Any) -> pa.Table:
    """Columns, of which single values stand for all rows."""
    made = [
        columns[field.name]
        if isinstance(columns[field.name], pa.Array)
        else pa.repeat(pa.scalar(columns[field.name], field.type), count)
        for field in TAGGED.schema
    ]
    return pa.Table.from_arrays(made, schema=TAGGED.schema)


def _whole(found: Sequence[pa.Table]) -> pa.RecordBatch:
    batches = pa.concat_tables(found).combine_chunks().to_batches()
    return batches[0] if batches else pa.RecordBatch.from_pylist([], schema=TAGGED.schema)
