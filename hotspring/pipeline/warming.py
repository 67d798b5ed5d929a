"""Reading events to warm profiles: for the live state, and for rules that are only tried."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa

from hotspring.pipeline.machines import Machines
from hotspring.settings import Settings
from hotspring.temperature import Heat, RuleSet, Weigher

Ask = Callable[[str, list[Any]], Iterator[pa.RecordBatch]]
"""Puts a question to the tables and gives the rows in stretches."""
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


def warm(
    ask: Ask,
    stretch: Stretch,
    whose: Whose,
    weigher: Weigher,
    heat: Heat,
    *,
    only: np.ndarray | None = None,
    but: np.ndarray = NOBODY,
    going: Going = lambda rows: True,
) -> bool:
    """Add what a stretch of recorded events brings to `heat`; false where it was told to stop.

    With `only`, the events of other slots
    are left out; those of `but` are in any case.
    """
    condition = "AND seq >= ?"
    parameters: list[Any] = [stretch.until, stretch.since]
    if stretch.origins is not None:
        condition += " AND origin_id IN (SELECT unnest(?))"
        parameters.append(stretch.origins)
    for batch in read_warmth(ask, stretch.machines, condition, parameters, weigher.columns):
        ms = batch.column("ms").to_numpy()
        slots = whose(batch.column("origin_id").to_numpy(), ms)
        weights = weigher.weigh(batch)
        if only is not None:
            weights = weights.of(np.isin(slots, only))
        if len(but):
            weights = weights.of(~np.isin(slots, but))
        heat.add(slots, ms, weights)
        if not going(batch.num_rows):
            return False
    if stretch.kept and not stretch.since:
        _warm_kept(ask, stretch, whose, heat, only, but)
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


class Ground(NamedTuple):
    """What a prepared heat has to catch up with, and whose events are whose by then."""

    bound: int
    """Up to this `seq`, exclusive."""
    capacity: int
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

    def __init__(self, rules: RuleSet, settings: Settings, ask: Ask) -> None:
        self.rules = rules
        self.heat = Heat(rules, settings.zone)
        self.weigher = Weigher(rules, settings.zone)
        self.bound = 0
        """Events with a smaller `seq` are in the heat."""
        self.busy = False
        """Is it catching up just now? Then nobody may take it."""
        self._ask = ask
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
        for loser, winner in ground.merged:
            self.heat.merge(loser, winner)
        self.heat.clear(ground.moved)
        since = Stretch(self.bound, ground.bound, ground.machines, None, ground.kept)
        self.bound = ground.bound
        if not warm(
            self._ask, since, ground.whose, self.weigher, self.heat, but=ground.moved, going=going
        ):
            return False
        if not ground.origins:
            return True
        past = Stretch(0, ground.bound, ground.machines, ground.origins, ground.kept)
        return warm(
            self._ask, past, ground.whose, self.weigher, self.heat, only=ground.moved, going=going
        )
