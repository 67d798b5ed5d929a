"""In which stage of the life cycle profiles of an open pool are, by the pace that it keeps."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final, Literal

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hotspring.analytics import Days
from hotspring.days import days_of
from hotspring.event import Flag
from hotspring.identity import Mapping
from hotspring.orders import Terms
from hotspring.pipeline import Pipeline
from hotspring.pool.moments import iso
from hotspring.pool.orders import Counted, Orders
from hotspring.pool.pace import Paces, Said
from hotspring.pool.remembered import Remembered

COLUMNS: Final = ("origin_id", "ms", "name", "flags")
UNCOUNTED: Final = int(Flag.BOT | Flag.SPENT)
Read = Callable[[tuple[str, ...]], pa.Table]
"""Reads these columns of the events of some subjects; of others may come too."""


class Stages:
    """Tells stages by slot. From any thread."""

    def __init__(self, pipeline: Pipeline, orders: Orders, paces: Paces) -> None:
        self._pipeline = pipeline
        self._orders = orders
        self.paces = paces
        """By which pace."""
        self._remembered = Remembered(lambda: pipeline.position)
        self._days = days_of(pipeline.settings.zone)
        self._key = (-1, "")

    @property
    def names(self) -> tuple[str, ...]:
        """What the stages are called, by code."""
        return Days.STAGES

    def key(self) -> str:
        """Another one whenever anybody may be in another stage for another reason than time or
        what happened to them."""
        position = self._pipeline.position
        if self._key[0] != position:
            said = self.paces.now()
            names = self._terms(said, 0).orders if said.by == "orders" else ()
            self._key = (position, f"{said} {names}")
        return self._key[1]

    def today(self, now: int) -> int:
        """Which day of the pool is it?"""
        return int(self._days.of(np.array([now], np.int64))[0])

    def days(self, by: Literal["orders", "visits"], terms: Terms, now: int) -> Days:
        """On which days everybody was active up to `now` (ms)."""
        active = self._orders.active(terms if by == "orders" else None, now)
        return Days(self.today(now), ((slot, self._days.of(ms)) for slot, ms in active))

    def of_all(self, now: int) -> np.ndarray:
        """int8 by slot: the code of everybody's stage, -1 of who never was active."""
        said = self.paces.now()

        def make() -> np.ndarray:
            days = self.days(said.by, self._terms(said, now), now)
            with self._pipeline.lock:
                size = self._pipeline.state.who.capacity
            return days.stages(np.arange(size, dtype=np.int32), said.pace)

        state = id(self._pipeline.state)
        return self._remembered.get((state, self.key(), self.today(now)), now, make)

    def of_some(self, slots: np.ndarray, mapping: Mapping, read: Read, now: int) -> np.ndarray:
        """int8: the same of these slots (ascending), at this moment, from what `read` gives."""
        said = self.paces.now()
        with self._pipeline.lock:
            machines = self._pipeline.state.machines
        terms = self._terms(said, now)
        rows = read(machines.columns(COLUMNS))
        wanted = pc.less_equal(rows["ms"], now)
        if said.by == "orders":
            names = pa.array(terms.orders, pa.string())
            wanted = pc.and_(wanted, pc.is_in(rows["name"].cast(pa.string()), names))
        batches = rows.filter(wanted).combine_chunks().to_batches()
        parts = _seen((machines.seen(batch) for batch in batches), mapping)
        places = ((np.searchsorted(slots, slot), ms) for slot, ms in parts)
        days = Days(self.today(now), ((place, self._days.of(ms)) for place, ms in places))
        return days.stages(np.arange(len(slots), dtype=np.int32), said.pace)

    def of_one(self, rows: pa.Table, now: int) -> dict[str, Any]:
        """The stage of one person from their events up to `now` that count, and how it came."""
        said = self.paces.now()
        terms = self._terms(said, now)
        if said.by == "orders":
            names = pa.array(terms.orders, pa.string())
            rows = rows.filter(pc.is_in(rows["name"].cast(pa.string()), names))
        ms, nobody = rows.column("ms").to_numpy(), np.zeros(1, np.int32)
        day = self._days.of(ms)
        days = Days(self.today(now), [(np.zeros(len(day), np.int32), day)])
        (code,) = days.stages(nobody, said.pace).tolist()
        gaps = days.gaps()
        return {
            "stage": days.STAGES[code] if code >= 0 else None,
            "by": said.by,
            "pace": msgspec.to_builtins(said.pace),
            "active_days": len(np.unique(day)),
            "last": iso(int(ms.max())) if len(ms) else None,
            "days_silent": self.today(now) - int(day.max()) if len(ms) else None,
            "usual_gap": float(np.median(gaps)) if len(gaps) else None,
        }

    def spans(self, before: int, now: int) -> list[tuple[int, int]]:
        """`after < ms <= until` of the events whose people time alone may have moved since."""
        then, today = self.today(before), self.today(now)
        pace = self.paces.now().pace
        lengths = {pace.new + 1, pace.sleeping, pace.sleeping + 1, pace.lost}
        found = []
        for length in sorted(lengths) if today > then else ():
            starts = self._days.start(np.array([then - length + 1, today - length + 1]))
            found.append((int(starts[0]) - 1, int(starts[1]) - 1))
        return found

    def _terms(self, said: Said, now: int) -> Terms:
        return self._orders.terms(Counted(orders=said.orders), now)


def _seen(batches: Iterable[Any], mapping: Mapping) -> Any:
    """Whose and when, without machine traffic and what is spent."""
    for batch in batches:
        kept = batch.filter(pa.array(batch.column("flags").to_numpy() & UNCOUNTED == 0))
        ms = kept.column("ms").to_numpy()
        slot = mapping.profile_of(kept.column("origin_id").to_numpy().astype(np.int32), ms)
        yield slot[slot >= 0], ms[slot >= 0]
