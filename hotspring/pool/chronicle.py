"""Who was seen when and where, and what that brought: rows of all events, a file for each day."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from hotspring.event import Flag
from hotspring.heatmap import frame
from hotspring.pipeline import Pipeline, first_seq
from hotspring.pool.board import Board
from hotspring.pool.brought import Brought, ByDay, Rows, Stretch
from hotspring.whereabouts import COLUMNS, Told

TOLD: Final = np.dtype(
    [
        ("slot", "<i4"), ("ms", "<i8"), ("lon", "<i4"), ("lat", "<i4"), ("precision", "<f4"),
        ("adcode", "<i4"), ("origin", "i1"),
    ]
)  # fmt: skip
"""Whom an event shows, when, and what it tells of where."""
READ: Final = 0.75
"""Which share of the time goes into reading, about; the rest into laying days out."""


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
        self._brought = Brought(folder / "heat", pipeline, COLUMNS)
        self.size, self.known = self._brought.size, self._brought.known
        self.deposits, self._heat = self._brought.deposits, self._brought.heat
        self._told = ByDay(folder / "told", TOLD)
        self._seen = ByDay(folder / "seen", frame.SEEN)

    def read(self, going: Callable[[], bool], tell: Callable[[float], None]) -> None:
        """Read all events, as long as it shall go on; `tell` hears which share of that is done."""
        stored, seen = max(self._pipeline.stored(), 1), 0
        for stretch in self._brought.read():
            if not going():
                return
            told = _shown(stretch)
            # Whoever shows nobody is not told of: the days are reached a little late, never early.
            seen += len(told)
            tell(READ * min(seen / stored, 1.0))
            self._told.add(self.deposits.days_of(told["ms"]), told)
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
    def bound(self) -> int:
        """The first `seq` that it does not hold."""
        return self._brought.bound

    @property
    def has_gone(self) -> bool:
        """Is there heat whose events and rules are gone?"""
        return len(self._brought.gone.rows) > 0

    def gone(self, at: int, energy: npt.NDArray[np.float64], warmed: npt.NDArray[np.bool_]) -> None:
        """Add that heat, by slot alone, and mark who was warmed by it."""
        self.deposits.add_gone(self._brought.gone, at, energy, warmed)

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
        for stretch in self._brought.stretches(self.bound, bound, whose, len(known)):
            heat.append(stretch.heat[stretch.heat["ms"] <= until])
            shown = _shown(stretch)
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


def _shown(stretch: Stretch) -> Rows:
    """Whom events show, machines left out."""
    people = (stretch.slots >= 0) & (stretch.batch.column("flags").to_numpy() & int(Flag.BOT) == 0)
    told = Told.by(stretch.batch)
    rows: Rows = np.empty(len(stretch.ms), TOLD)
    rows["slot"] = stretch.slots
    for name in Told._fields:
        rows[name] = getattr(told, name)
    found: Rows = rows[people]
    return found
