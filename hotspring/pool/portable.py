"""What engines beside the pool need to answer a question from its blocks: SQL, and whose events are
whose."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa

from hotspring.analytics import report
from hotspring.pipeline import EVENTS, Pipeline
from hotspring.pool.event_rows import EventRows, Held
from hotspring.rules import Catalogue
from hotspring.store import Store

EVER: Final = 2**62


class Portable:
    """Questions and owners of an open pool, for engines that read its files. From any thread."""

    def __init__(self, pipeline: Pipeline, store: Store, rows: EventRows) -> None:
        self._pipeline = pipeline
        self._store = store
        self._rows = rows

    def query(
        self, name: str, params: Any, setting: report.Setting, there: Catalogue, engine: Any
    ) -> dict[str, Any]:
        """The SQL that answers a question, and the files it is asked of.

        Raises `ParametersRefused` for what only the pool itself can be asked.
        """
        singles = self._singles(self._rows.held())
        found = report.sql(name, params, setting, there, singles, engine)
        return {
            "name": name,
            "engine": engine,
            "table": found.table,
            "sql": found.sql,
            "relations": found.relations,
            "files": [block.file for block in self._store.blocks_of(EVENTS)],
            "waiting": self._store.fresh_rows(EVENTS),
        }

    def owners(self) -> pa.Table:
        """Whose the events of every subject are, by stretches of time."""
        held = self._rows.held()
        owners = held.owners
        plain = np.flatnonzero(owners.span < 0)
        shared = np.flatnonzero(owners.span >= 0)
        lines = owners.span[shared]
        length = owners.length[lines]
        origin = np.repeat(shared, length)
        first = np.cumsum(length) - length
        place = np.arange(len(origin)) - np.repeat(first, length)
        at = np.repeat(owners.start[lines], length) + place
        # A device is the first holder's before it too, and the last one's for ever.
        since = np.where(place == 0, -EVER, owners.times[at])
        ends = place + 1 == np.repeat(length, length)
        until = np.where(ends, EVER, np.append(owners.times, 0)[at + 1])
        ever = np.full(len(plain), EVER)
        slot = np.concatenate([owners.slot[plain], owners.slot[owners.holders[at]]])
        origin = np.concatenate([plain, origin])
        passer = slot >= held.people
        with self._pipeline.lock:
            known = self._pipeline.state.who.are_known(np.where(passer, 0, slot)) & ~passer
        found = pa.table({
            "origin_id": pa.array(origin.astype(np.int32)),
            "since": pa.array(np.concatenate([-ever, since]).astype(np.int64)),
            "until": pa.array(np.concatenate([ever, until]).astype(np.int64)),
            "profile": pa.array(slot.astype(np.int32)),
            "known": pa.array(known),
            "passer": pa.array(passer),
            "machine": held.machines.of_subjects(origin),
        })  # fmt: skip
        return found.filter(pa.array(slot >= 0))

    def _singles(self, held: Held) -> dict[int, bool]:
        """By `seq`: the events of which people said themselves that they are a machine's or not."""
        if not len(held.machines.events):
            return {}
        columns = ("origin_id", "key", "seq")
        found = dict[int, bool]()
        for batch in self._store.columns.scan(EVENTS, columns, until=held.until):
            rows, machine = held.machines.singles(batch)
            seq = batch.column("seq").to_numpy()[rows]
            found.update(zip(seq.tolist(), machine.tolist(), strict=True))
        return found
