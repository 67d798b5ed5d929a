"""Tags that people set: which rows a command about them makes, and whom it touches."""

from __future__ import annotations

from typing import Final, NamedTuple

import msgspec
import numpy as np
import pyarrow as pa

from hotspring.event import Command
from hotspring.identity import Who
from hotspring.pipeline.state import Touched
from hotspring.pipeline.warming import NOBODY, Ask
from hotspring.tags import marks

COMMANDS: Final = marks.COMMANDS
TAGGED: Final = marks.TAGGED
_MARKED: Final = "SELECT * FROM tagged WHERE seq = ? AND undoes = 0"


class Found(NamedTuple):
    """What a command about tags of people comes to."""

    rows: pa.RecordBatch
    touched: Touched


def found(seq: int, command: Command, who: Who, ask: Ask) -> Found:
    """Which rows of `TAGGED` does a command make, and of whom? Who was erased is left out."""
    if command.kind == marks.UNDONE:
        entry = msgspec.json.decode(command.body, type=marks.Undone).entry
        rows = marks.undoing(seq, command, ask(_MARKED, [entry]))
    else:
        rows = marks.rows(seq, command)
    ids, ms = (rows.column(name).to_numpy() for name in ("origin_id", "ms"))
    there = who.slots_of(ids) >= 0
    slots = np.unique(who.profile_of(ids[there], ms[there]))
    touched = Touched(NOBODY, NOBODY, regrouped=slots[slots >= 0].astype(np.int32))
    return Found(rows.filter(pa.array(there)), touched)
