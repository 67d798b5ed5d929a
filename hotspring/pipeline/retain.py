"""Rows that are past their time go, block by block; what they meant stays.

Who is who needs the rows that tie identifiers together, one of each subject, and those from files
(so that a file can be imported again): they stay without their content. All others go. The heat of
both is kept beside them, weighed by the rules in force.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec
import numpy as np
import pyarrow as pa
import structlog

from hotspring.event import Flag
from hotspring.pipeline.machines import HUMAN, MACHINE, Machines
from hotspring.pipeline.tables import EVENTS, KEPT_HEAT, first_seq
from hotspring.pipeline.trunk import Pipeline
from hotspring.settings import Settings
from hotspring.store import Store, Table
from hotspring.temperature import Heat, Weigher

log = structlog.get_logger("hotspring.pipeline")

DAY_MS: Final = 86_400_000
OTHERS: Final = "default"
"""The kind that stands for all that are not named."""
ALIVE: Final = ("alias", "bind", "unbind", "identify")
"""Types that say who is who, even with one identifier."""
EMPTIED: Final = {"properties": "'{}'", "traits": "''", "context": "'{}'", "lon": "NULL",
                  "lat": "NULL", "adcode": "NULL", "place_origin": "NULL",
                  "precision": "NULL"}  # fmt: skip
STAGED_DAYS: Final = 1
AT_ONCE: Final = 2_000
"""Subjects looked at anew while the pipeline waits."""


class Dropped(NamedTuple):
    """What became of events past their time."""

    gone: int
    emptied: int
    """They stay as evidence, without their content."""


class Retention:
    """Drops what is past its time from the sealed blocks of an open pool."""

    def __init__(self, pipeline: Pipeline, store: Store, settings: Settings) -> None:
        self._pipeline = pipeline
        self._store = store
        self._settings = settings

    def work(self, now: int) -> Dropped:
        """Drop what is due at `now` (ms); nothing where no period is set.

        Runs beside the pipeline, which waits only while a block that was written is put in place.
        """
        if not self._settings.retention_days:
            return Dropped(0, 0)
        due = self._due(now)
        gone = emptied = 0
        for block in self._store.blocks_of(EVENTS):
            done = self._block(block, due, now)
            gone, emptied = gone + done.gone, emptied + done.emptied
        if gone or emptied:
            log.info("events past their time were dropped", gone=gone, emptied=emptied)
        return Dropped(gone, emptied)

    def _block(self, block: Any, due: str, now: int) -> Dropped:
        rows = self._store.rows_in(EVENTS, block)
        found = next(self._pipeline.ask(f"SELECT count(*) AS n FROM {rows} WHERE {due}", []))
        count: int = found.column("n")[0].as_py()
        if not count:
            return Dropped(0, 0)
        with self._pipeline.lock:
            rules, machines = self._pipeline.state.rules, self._pipeline.state.machines
        weigher = Weigher(rules, self._settings.zone)
        parts = list(self._heat(rows, due, weigher, machines, now))
        first = (
            "SELECT arg_min(seq, {ms: ms, source: source, id: message_id}) "
            f"FROM {rows} GROUP BY origin_id"
        )
        stays = (
            f"len(ids) > 1 OR type IN {ALIVE} OR flags & {int(Flag.IMPORTED)} <> 0 "
            f"OR seq IN ({first})"
        )
        emptied = ", ".join(
            f"CASE WHEN {due} THEN {empty} ELSE {name} END AS {name}"
            for name, empty in EMPTIED.items()
        )
        spent = f"CASE WHEN {due} THEN flags | {int(Flag.SPENT)} ELSE flags END AS flags"
        select = f"SELECT * REPLACE ({emptied}, {spent}) FROM {rows} WHERE NOT ({due}) OR ({stays})"

        def unchanged() -> bool:
            state = self._pipeline.state
            same = (
                state.rules is rules
                and np.array_equal(state.machines.events, machines.events)
                and np.array_equal(state.machines.event_codes, machines.event_codes)
                and not state.prepared
            )
            state.kept = state.kept or same
            return same

        whose = self._subjects(rows, due)
        gone = self._store.replace(
            EVENTS, block, select, self._counted(parts, now), self._pipeline.lock, unchanged
        )
        if gone is None:
            return Dropped(0, 0)
        for at in range(0, len(whose), AT_ONCE):
            # What is gone tells no place any more either.
            with self._pipeline.lock:
                self._pipeline.state.warm_again(whose[at : at + AT_ONCE])
        return Dropped(gone, count - gone)

    def _subjects(self, rows: str, due: str) -> np.ndarray:
        """int32: whose rows are due?"""
        sql = f"SELECT DISTINCT origin_id FROM {rows} WHERE {due} ORDER BY origin_id"
        found = [batch["origin_id"].to_numpy() for batch in self._pipeline.ask(sql, [])]
        return np.concatenate([np.empty(0, np.int32), *found])

    def _heat(
        self, rows: str, due: str, weigher: Weigher, machines: Machines, now: int
    ) -> Iterator[pa.RecordBatch]:
        """What the rows of a block that are due are worth."""
        single = msgspec.structs.replace(
            machines, subjects=Machines().subjects, subject_codes=Machines().subject_codes
        )
        columns = ", ".join(single.columns(weigher.columns))
        shared, warm = self._shared(), f"{due} AND flags & {int(Flag.PASSER_BY)} = 0"
        for batch in self._pipeline.ask(f"SELECT {columns} FROM {rows} WHERE {warm}", []):
            # Flags of single events are settled with them; those of subjects come and go later.
            seen = single.seen(batch)
            place = seen.schema.get_field_index("flags")
            decided = np.isin(single.codes(batch), (MACHINE, HUMAN))
            flags = seen.column("flags").to_numpy() | np.where(decided, int(Flag.DECIDED), 0)
            people = seen.set_column(place, "flags", pa.array(np.zeros_like(flags)))
            seen = seen.set_column(place, "flags", pa.array(flags.astype(np.int32)))
            ids = seen.column("origin_id").to_numpy()
            yield Heat.gathered(seen, weigher.weigh(people), weigher.rules, shared[ids], now)

    def _shared(self) -> np.ndarray:
        """bool by number of an identifier: may it be several people's over time?"""
        strong = [kind.name for kind in self._settings.identifier_kinds if kind.strong]
        sql = (
            "SELECT id, split_part(split_part(text, ':', 1), '@', 1) NOT IN "
            "(SELECT unnest(?)) AS shared FROM identifiers"
        )
        found = [np.zeros(0, bool)]
        for batch in self._pipeline.ask(sql, [strong]):
            ids = batch.column("id").to_numpy()
            more = int(ids.max(initial=-1)) + 1 - len(found[0])
            found[0] = np.append(found[0], np.zeros(max(more, 0), bool))
            found[0][ids] = batch.column("shared").to_numpy(zero_copy_only=False)
        return found[0]

    def _counted(
        self, parts: list[pa.RecordBatch], now: int
    ) -> Callable[[int], list[tuple[Table, pa.Table]]]:
        def added(gone: int) -> list[tuple[Table, pa.Table]]:
            row: dict[str, list[Any]] = {name: [0] for name in KEPT_HEAT.schema.names}
            row |= {"origin_id": [-1], "rule": [""], "events": [gone], "at_ms": [now]}
            count = pa.RecordBatch.from_pydict(row, schema=KEPT_HEAT.schema)
            return [(KEPT_HEAT, pa.Table.from_batches([*parts, count]))]

        return added

    def _due(self, now: int) -> str:
        """The condition that an event is past its time, and no client repeats it any more.

        A start that takes up the saved state repeats what came after it: that stays.
        """
        snapshot = self._store.snapshot
        saved = first_seq(snapshot.position + 1) if snapshot else 0
        days = self._settings.retention_days
        cases = " ".join(
            f"WHEN {_text(name)} THEN {now - count * DAY_MS}"
            for name, count in sorted(days.items())
            if name != OTHERS
        )
        others = now - days[OTHERS] * DAY_MS if OTHERS in days else "-9223372036854775808"
        cut = f"CASE name {cases} ELSE {others} END" if cases else str(others)
        window = now - self._settings.duplicate_days * DAY_MS
        return (
            f"(ms < {cut} AND received_ms < {window} AND seq < {saved} "
            f"AND flags & {int(Flag.SPENT)} = 0 AND type NOT IN {ALIVE})"
        )


def tidy(folder: Path, days: int, now: float | None = None) -> list[str]:
    """Remove what imports left: rejected rows after so many days, uploads of a run that ended."""
    moment = time.time() if now is None else now
    gone = []
    for path in sorted((folder / "imports").glob("*")):
        limit = days if path.name.endswith(".rejects.csv") else STAGED_DAYS
        if path.is_file() and limit and moment - path.stat().st_mtime > limit * 86_400:
            path.unlink(missing_ok=True)
            gone.append(path.name)
    return gone


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
