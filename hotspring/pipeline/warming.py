"""Reading events to warm profiles: for the live state, and for rules that are only tried."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hotspring.pipeline.machines import Machines
from hotspring.settings import Settings
from hotspring.temperature import Heat, RuleSet, Weigher

Ask = Callable[[str, list[Any]], Iterator[pa.RecordBatch]]
"""Puts a question to the tables and gives the rows in stretches."""
Scan = Callable[[Sequence[str], Collection[str], int, int], Iterator[pa.RecordBatch]]
"""Gives columns (some of them as words of a dictionary) of all events of a range of `seq`."""
Some = Callable[[Iterable[int], Sequence[str], str], Iterator[pa.Table]]
"""Gives columns of the few events with one of these values in the column that is named last."""
Whose = Callable[[np.ndarray, np.ndarray], np.ndarray]
"""Slots of events, given subjects and times."""
Going = Callable[[int], bool]
"""Told how many more rows were read: shall it go on?"""

NOBODY: Final = np.empty(0, np.int32)


class Stretch(NamedTuple):
    """Which events to read: those with `since <= seq < until`, of some subjects or of all."""

    since: int
    until: int
    machines: Machines
    """What was flagged since the door: it brings no heat, or some after all."""
    origins: list[int] | None = None
    kept: bool = True
    """Also what is kept of events that are gone. A stretch that begins later has it already."""


def read_warmth(
    ask: Ask, flags: Machines, condition: str, parameters: list[Any], columns: Sequence[str]
) -> Iterator[pa.RecordBatch]:
    """The events below a `seq` (the first parameter) as every reading of warmth must see them.

    Stretches with these columns, `origin_id` and `flags` among them; what is flagged bears the
    flag of machine traffic.
    """
    wanted = ", ".join(flags.columns(columns))
    for batch in ask(f"SELECT {wanted} FROM events WHERE seq < ? {condition}", parameters):
        yield flags.seen(batch)


class Source(NamedTuple):
    """Where events are read."""

    ask: Ask
    scan: Scan
    some: Some

    def few(
        self, values: Iterable[int], columns: Sequence[str], since: int, until: int,
        by: str = "origin_id",
    ) -> Iterator[pa.RecordBatch]:  # fmt: skip
        """The events of a few subjects, or devices, with `since <= seq < until`."""
        for rows in self.some(values, tuple(dict.fromkeys((*columns, "seq"))), by):
            inside = pc.and_(pc.greater_equal(rows["seq"], since), pc.less(rows["seq"], until))
            yield from rows.filter(inside).select(list(columns)).to_batches()


class Beside(NamedTuple):
    """What else is wanted of the events that are read."""

    columns: Sequence[str]
    take: Callable[[pa.RecordBatch, np.ndarray], None]
    """Gets the events and the slot of each."""


class _Weighed(NamedTuple):
    slots: np.ndarray
    ms: np.ndarray
    weights: Any
    """What `Weigher.weigh` gave."""
    batch: pa.RecordBatch


def warm(
    source: Source,
    stretch: Stretch,
    whose: Whose,
    weigher: Weigher,
    heat: Heat,
    *,
    only: np.ndarray | None = None,
    but: np.ndarray = NOBODY,
    going: Going = lambda rows: True,
    beside: Beside | None = None,
) -> bool:
    """Add what a stretch of recorded events brings to `heat`; false where it was told to stop.

    With `only`, the events of other slots are left out; those of `but` are in any case. All of
    them are told `beside`.
    """
    more = () if beside is None else beside.columns
    for slots, ms, weights, batch in _ahead(_weighed(source, stretch, whose, weigher, more)):
        if beside is not None:
            beside.take(batch, slots)
        wanted = weights
        if only is not None:
            wanted = wanted.of(np.isin(slots, only))
        if len(but):
            wanted = wanted.of(~np.isin(slots, but))
        heat.add(slots, ms, wanted)
        if not going(len(slots)):
            return False
    if stretch.kept and not stretch.since:
        _warm_kept(source.ask, stretch, whose, heat, only, but)
    return True


def _warm_kept(
    ask: Ask, stretch: Stretch, whose: Whose, heat: Heat, only: np.ndarray | None, but: np.ndarray
) -> None:
    # No single event is told apart any more: its key is none.
    sql = "SELECT *, 0::UBIGINT AS key FROM kept_heat WHERE rule <> ''"
    parameters: list[Any] = []
    if stretch.origins is not None:
        sql += " AND origin_id IN (SELECT unnest(?))"
        parameters.append(stretch.origins)
    for batch in ask(sql, parameters):
        slots = whose(batch.column("origin_id").to_numpy(), batch.column("ms").to_numpy())
        wanted = ~np.isin(slots, but) if only is None else np.isin(slots, only)
        heat.add_kept(slots, stretch.machines.seen(batch), wanted)


def _weighed(
    source: Source, stretch: Stretch, whose: Whose, weigher: Weigher, more: Sequence[str]
) -> Iterator[_Weighed]:
    for batch in _read(source, stretch, weigher, more):
        ms = np.array(batch.column("ms"))
        slots = whose(np.array(batch.column("origin_id")), ms)
        yield _Weighed(slots, ms, weigher.weigh(batch), batch)


def _read(
    source: Source, stretch: Stretch, weigher: Weigher, more: Sequence[str]
) -> Iterator[pa.RecordBatch]:
    wanted = tuple(dict.fromkeys([*weigher.columns, *more]))
    if stretch.origins is None:
        columns = stretch.machines.columns(wanted)
        for batch in source.scan(columns, weigher.WORDS, stretch.since, stretch.until):
            yield stretch.machines.seen(batch)
        return
    columns = stretch.machines.columns(wanted)
    for batch in source.few(stretch.origins, columns, stretch.since, stretch.until):
        yield stretch.machines.seen(batch)


def _ahead(parts: Iterator[_Weighed]) -> Iterator[_Weighed]:
    """The same parts, the next one made in a thread of its own while the last is used."""
    with ThreadPoolExecutor(1, thread_name_prefix="weigh") as worker:
        following = worker.submit(next, parts, None)
        while (part := following.result()) is not None:
            following = worker.submit(next, parts, None)
            yield part


class Ground(NamedTuple):
    """What a prepared heat has to catch up with, and whose events are whose by then."""

    bound: int
    """Up to this `seq`, exclusive."""
    capacity: int
    cells: int
    """So many cells of capped rules are to be expected."""
    whose: Whose
    machines: Machines
    merged: list[tuple[int, int]]
    """(loser, winner) in order, of slots whose heat adds."""
    moved: np.ndarray
    """int32, the slots to warm anew."""
    origins: list[int]
    """Every subject of an event of `moved`."""
    kept: bool
    """Whether what is kept of events that are gone is there to be read."""


class Prepared:
    """The heat of all profiles by other rules, made beside the live one.

    It is exact as of `bound`. While the live state knows of it, it is told which profiles merged
    or moved, so that it can catch up without reading everything again.
    """

    def __init__(self, rules: RuleSet, settings: Settings, source: Source) -> None:
        self.rules = rules
        self.heat = Heat(rules, settings.zone)
        self.weigher = Weigher(rules, settings.zone)
        self.bound = 0
        """Events with a smaller `seq` are in the heat."""
        self.busy = False
        """Is it catching up just now? Then nobody may take it."""
        self._source = source
        self._changes: list[tuple[np.ndarray, np.ndarray]] = []

    def note(self, merged: np.ndarray, moved: np.ndarray) -> None:
        """Remember pairs (loser, winner) and slots that changed in more than an additive way."""
        if len(merged) or len(moved):
            self._changes.append((merged, moved))

    def changes(self) -> tuple[list[tuple[int, int]], set[int]]:
        """Which merges add, and which slots are to be warmed anew? Both are forgotten here."""
        adding: list[tuple[int, int]] = []
        anew: set[int] = set()
        for merged, moved in self._changes:
            for loser, winner in merged.tolist():
                if loser in anew:
                    # What the loser holds here is not its own any more.
                    anew.add(winner)
                adding.append((loser, winner))
            anew.update(moved.tolist())
        self._changes = []
        return adding, anew

    def catch_up(self, ground: Ground, going: Going = lambda rows: True) -> bool:
        """Become exact as of `ground`; false where it was told to stop, and then it is spoilt."""
        self.heat.ensure(ground.capacity)
        self.heat.expect(ground.cells)
        for loser, winner in ground.merged:
            self.heat.merge(loser, winner)
        self.heat.clear(ground.moved)
        since = Stretch(self.bound, ground.bound, ground.machines, None, ground.kept)
        self.bound = ground.bound
        if not warm(
            self._source,
            since,
            ground.whose,
            self.weigher,
            self.heat,
            but=ground.moved,
            going=going,
        ):
            return False
        if not ground.origins:
            return True
        past = Stretch(0, ground.bound, ground.machines, ground.origins, ground.kept)
        return warm(
            self._source,
            past,
            ground.whose,
            self.weigher,
            self.heat,
            only=ground.moved,
            going=going,
        )
