"""Who was seen when and where, and what that brought: rows of all events, a file for each day."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from hotspring import durable
from hotspring.event import Flag
from hotspring.heatmap import frame
from hotspring.pipeline import Pipeline, first_seq
from hotspring.pool.board import Board
from hotspring.temperature import Weigher, history
from hotspring.whereabouts import COLUMNS, Told

Rows = npt.NDArray[np.void]

PORTION: Final = 1 << 20
"""Rows that wait in memory before they go to the files of their days."""
TOLD: Final = np.dtype(
    [
        ("slot", "<i4"), ("ms", "<i8"), ("lon", "<i4"), ("lat", "<i4"), ("precision", "<f4"),
        ("adcode", "<i4"), ("origin", "i1"),
    ]
)  # fmt: skip
"""Whom an event shows, when, and what it tells of where."""
READ: Final = 0.75
"""Which share of the time goes into reading, about; the rest into laying days out."""
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


class OfDay(NamedTuple):
    """What happened on one day of the pool, ready to be added up."""

    day: int
    heat: Rows
    """`Deposits.ROW`, in order."""
    seen: Rows
    """`frame.SEEN`, in order."""


class Come(NamedTuple):
    """What came after a chronicle was begun."""

    known: npt.NDArray[np.bool_]
    """Which slots are people by what is known then."""
    days: dict[int, OfDay]


class Chronicle:
    """All events of a pool by day, by the rules and identities of the moment it was begun.

    What stands in its files are numbers of profiles, weights, cells and, until a day is laid out,
    places; they go with the folder.
    """

    def __init__(self, folder: Path, pipeline: Pipeline, board: Board) -> None:
        self._pipeline, self._board = pipeline, board
        with pipeline.lock:
            state = pipeline.state
            self._bound, self._machines = first_seq(pipeline.position + 1), state.machines
            self._whose, rules = state.who.mapping(), state.rules
            self.size, self._kept = state.who.capacity, state.kept
            self.known = state.who.known.copy()
            """Which slots are people by what is known."""
        self.deposits = history.Deposits(rules, pipeline.settings.zone)
        self._weigher = Weigher(rules, pipeline.settings.zone)
        self._heat = ByDay(folder / "heat", self.deposits.ROW)
        self._told = ByDay(folder / "told", TOLD)
        self._seen = ByDay(folder / "seen", frame.SEEN)
        self._gone = history.Gone(np.empty(0, self.deposits.ROW), np.empty(0, np.int64))

    def read(self, going: Callable[[], bool], tell: Callable[[float], None]) -> None:
        """Read all events, as long as it shall go on; `tell` hears which share of that is done."""
        stored, seen = max(self._pipeline.stored(), 1), 0
        for heat, told in self._rows(0, self._bound, self._whose.profile_of, self.size):
            if not going():
                return
            # Whoever shows nobody is not told of: the days are reached a little late, never early.
            seen += len(told)
            tell(READ * min(seen / stored, 1.0))
            self._heat.add(self.deposits.days_of(heat["ms"]), heat)
            self._told.add(self.deposits.days_of(told["ms"]), told)
        if self._kept:
            self._read_kept()
        self._heat.flush()
        self._told.flush()
        days = self.counts()
        for done, day in enumerate(days):
            if not going():
                return
            tell(READ + (1 - READ) * done / len(days))
            self._heat.put(day, self.deposits.in_order(self._heat.of(day)))
            self._seen.put(day, self._placed(self._told.of(day)))
            self._told.drop(day)

    def counts(self) -> dict[int, int]:
        """How many rows each day has, the first day first."""
        kinds = (self._heat, self._told, self._seen)
        days = sorted({day for kind in kinds for day in kind.counts})
        return {day: sum(kind.counts.get(day, 0) for kind in kinds) for day in days}

    def between(self, since: int | None, until: int, come: Come) -> Iterator[OfDay]:
        """The days after that of `since` (ms; None: all), up to that of `until`, and what came."""
        days = self.deposits.days_of
        first, last = (
            None if ms is None else int(days(np.array([ms]))[0]) for ms in (since, until)
        )
        for day in sorted({*self.counts(), *come.days}):
            if (first is None or day > first) and (last is None or day <= last):
                heat, seen = self._heat.of(day), self._seen.of(day)
                if day in come.days:
                    heat = self.deposits.in_order(np.append(heat, come.days[day].heat))
                    seen = np.append(seen, come.days[day].seen)
                    seen = seen[np.lexsort((seen["ms"], seen["slot"]))]
                yield OfDay(day, heat, seen)

    @property
    def has_gone(self) -> bool:
        """Is there heat whose events and rules are gone?"""
        return len(self._gone.rows) > 0

    def gone(self, at: int, energy: npt.NDArray[np.float64], warmed: npt.NDArray[np.bool_]) -> None:
        """Add that heat, by slot alone, and mark who was warmed by it."""
        self.deposits.add_gone(self._gone, at, energy, warmed)

    def nothing(self) -> Come:
        """That nothing came since it was begun."""
        return Come(self.known, {})

    def come(self, until: int) -> Come:
        """What came since it was begun and happened by `until`."""
        with self._pipeline.lock:
            who, bound = self._pipeline.state.who, first_seq(self._pipeline.position + 1)
            known = who.known.copy()

        def whose(origins: np.ndarray, ms: np.ndarray) -> np.ndarray:
            with self._pipeline.lock:
                return who.profile_of(origins, ms)

        heat, told = [np.empty(0, self.deposits.ROW)], [np.empty(0, TOLD)]
        for brought, shown in self._rows(self._bound, bound, whose, len(known)):
            heat.append(brought[brought["ms"] <= until])
            told.append(shown[shown["ms"] <= until])
        brought, shown = np.concatenate(heat), np.concatenate(told)
        heat_days, told_days = (self.deposits.days_of(rows["ms"]) for rows in (brought, shown))
        days = {
            day: OfDay(
                day,
                self.deposits.in_order(brought[heat_days == day]),
                self._placed(shown[told_days == day]),
            )
            for day in np.union1d(heat_days, told_days).tolist()
        }
        return Come(known, days)

    def _rows(
        self,
        since: int,
        until: int,
        whose: Callable[[np.ndarray, np.ndarray], np.ndarray],
        size: int,
    ) -> Iterator[tuple[Rows, Rows]]:
        """What events of a range of `seq` brought, and whom they show."""
        columns = tuple(dict.fromkeys([*self._weigher.columns, *COLUMNS]))
        for batch in self._pipeline.events(self._machines, columns, since, until):
            ms = np.array(batch.column("ms"), np.int64)
            slots = whose(np.array(batch.column("origin_id")), ms)
            slots[slots >= size] = -1
            heat = self.deposits.rows(slots, ms, self._weigher.weigh(batch))
            people = (slots >= 0) & (batch.column("flags").to_numpy() & int(Flag.BOT) == 0)
            told = Told.by(batch)
            rows = np.empty(len(ms), TOLD)
            rows["slot"] = slots
            for name in Told._fields:
                rows[name] = getattr(told, name)
            yield heat, rows[people]

    def _read_kept(self) -> None:
        gone = []
        for batch in self._pipeline.ask(KEPT, []):
            ms = np.array(batch.column("ms"), np.int64)
            slots = self._whose.profile_of(np.array(batch.column("origin_id")), ms)
            slots[slots >= self.size] = -1
            rows, nameless = self.deposits.kept(slots, self._machines.seen(batch))
            self._heat.add(self.deposits.days_of(rows["ms"]), rows)
            gone.append(nameless)
        if gone:
            rows, since = (np.concatenate(parts) for parts in zip(*gone, strict=True))
            self._gone = history.Gone(rows, since)

    def _placed(self, rows: Rows) -> Rows:
        """Where those who were seen stood, in order."""
        told: Any = Told(*(np.ascontiguousarray(rows[name]) for name in Told._fields))
        order = told.order(rows["slot"])
        told, slots = Told(*(column[order] for column in told)), rows["slot"][order]
        seen = np.empty(len(rows), frame.SEEN)
        seen["ms"], seen["slot"] = told.ms, slots
        seen["node"], seen["cell"] = self._board.places(slots, told)
        seen["radius"] = frame.radius_code(told.precision)
        return seen
