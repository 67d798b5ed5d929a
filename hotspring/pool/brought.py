"""What all events of a pool brought, in rows by day: each day's in a file of its own."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from hotspring import durable
from hotspring.pipeline import Pipeline, first_seq
from hotspring.temperature import Weigher, history

Rows = npt.NDArray[np.void]
Whose = Callable[[np.ndarray, np.ndarray], np.ndarray]

PORTION: Final = 1 << 20
"""Rows that wait in memory before they go to the files of their days."""
KEPT: Final = "SELECT *, 0::UBIGINT AS key FROM kept_heat WHERE rule <> ''"


class ByDay:
    """Rows of one kind, each day's in a file of its own."""

    def __init__(self, folder: Path, kind: Any) -> None:
        durable.private_folder(folder)
        self._folder, self._kind = folder, np.dtype(kind)
        self._waiting: list[tuple[npt.NDArray[np.int32], Rows]] = []
        self._laid: dict[int, Rows] = {}
        self.counts: dict[int, int] = {}
        """How many rows each day has."""

    def add(self, days: npt.NDArray[np.int32], rows: Rows) -> None:
        """Put rows to those of their days."""
        self._waiting.append((days, rows))
        if sum(len(some) for _, some in self._waiting) >= PORTION:
            self.flush()

    def flush(self) -> None:
        """Write what waits in memory."""
        waiting, self._waiting = self._waiting, []
        if not waiting:
            return
        days = np.concatenate([one for one, _ in waiting])
        # In 16 bits NumPy sorts by radix.
        near = days - days.min()
        order = np.argsort(near.astype(np.uint16) if near.max() < 1 << 16 else near, kind="stable")
        days, rows = days[order], np.concatenate([some for _, some in waiting])[order]
        edges = np.flatnonzero(np.diff(days)) + 1
        for start, end in itertools.pairwise([0, *edges.tolist(), len(days)]):
            if start < end:
                day = int(days[start])
                self.counts[day] = self.counts.get(day, 0) + end - start
                flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
                with os.fdopen(os.open(self._file(day), flags, durable.OWNER), "ab") as out:
                    out.write(rows[start:end].tobytes())

    def of(self, day: int) -> Rows:
        """The rows of a day, mapped into memory."""
        if day in self._laid:
            return self._laid[day]
        if day not in self.counts:
            return np.empty(0, self._kind)
        # Compiled passes are made for arrays that may be written; no file is.
        return np.memmap(self._file(day), self._kind, "c").view(np.ndarray)

    def put(self, day: int, rows: Rows) -> None:
        """Let these be the rows of a day; who reads them keeps them if the file goes."""
        if not len(rows):
            return
        with durable.replacing(self._file(day), lasting=False) as out:
            out.write(rows.tobytes())
        self.counts[day] = len(rows)
        self._laid[day] = self.of(day)

    def drop(self, day: int) -> None:
        """Let a day have no rows."""
        if self.counts.pop(day, 0):
            self._file(day).unlink()

    def _file(self, day: int) -> Path:
        return self._folder / str(day)


class Stretch(NamedTuple):
    """Some events, as they lie."""

    batch: pa.RecordBatch
    ms: npt.NDArray[np.int64]
    slots: npt.NDArray[np.int32]
    """Whose each is; -1 for nobody."""
    heat: Rows
    """What they brought: `Deposits.ROW`."""


class Brought:
    """What events brought by the rules and identities of the moment at which this was begun."""

    def __init__(self, folder: Path, pipeline: Pipeline, columns: tuple[str, ...] = ()) -> None:
        """With each stretch of events come these `columns`."""
        self._pipeline = pipeline
        with pipeline.lock:
            state = pipeline.state
            self.position = pipeline.position
            self._machines, self._whose = state.machines, state.who.mapping()
            rules, self._kept = state.rules, state.kept
            self.size = state.who.capacity
            self.known = state.who.known.copy()
            """Which slots are people by what is known."""
        self.bound = first_seq(self.position + 1)
        self.deposits = history.Deposits(rules, pipeline.settings.zone)
        self._weigher = Weigher(rules, pipeline.settings.zone)
        self._columns = tuple(dict.fromkeys([*self._weigher.columns, *columns]))
        self.heat = ByDay(folder, self.deposits.ROW)
        """`Deposits.ROW` of each day; in no order until somebody puts them so."""
        self.gone = history.Gone(np.empty(0, self.deposits.ROW), np.empty(0, np.int64))
        """Heat whose events and rules are gone."""

    def read(self) -> Iterator[Stretch]:
        """All events, each stretch once what it brought is with its days."""
        for stretch in self.stretches(0, self.bound, self._whose.profile_of, self.size):
            self.heat.add(self.deposits.days_of(stretch.heat["ms"]), stretch.heat)
            yield stretch
        if self._kept:
            self._read_kept()
        self.heat.flush()

    def stretches(self, since: int, until: int, whose: Whose, size: int) -> Iterator[Stretch]:
        """The events of a range of `seq`, and what they brought."""
        for batch in self._pipeline.events(self._machines, self._columns, since, until):
            ms = np.array(batch.column("ms"), np.int64)
            slots = whose(np.array(batch.column("origin_id")), ms)
            slots[slots >= size] = -1
            heat = self.deposits.rows(slots, ms, self._weigher.weigh(batch))
            yield Stretch(batch, ms, slots, heat)

    def _read_kept(self) -> None:
        gone = []
        for batch in self._pipeline.ask(KEPT, []):
            ms = np.array(batch.column("ms"), np.int64)
            slots = self._whose.profile_of(np.array(batch.column("origin_id")), ms)
            slots[slots >= self.size] = -1
            rows, nameless = self.deposits.kept(slots, self._machines.seen(batch))
            self.heat.add(self.deposits.days_of(rows["ms"]), rows)
            gone.append(nameless)
        if gone:
            rows, since = (np.concatenate(parts) for parts in zip(*gone, strict=True))
            self.gone = history.Gone(rows, since)
