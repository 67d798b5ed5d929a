"""What events brought, row by row: from it the energies of all profiles at any moment add up."""

from __future__ import annotations

import zoneinfo
from typing import Any, Final, NamedTuple

import numba
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from hotspring.days import days_of
from hotspring.temperature import kept, kernels, law
from hotspring.temperature.heat import by_rule
from hotspring.temperature.rules import RuleSet
from hotspring.temperature.weigh import Weights

Floats = npt.NDArray[np.float64]
Slots = npt.NDArray[np.int32]
Mask = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.void]

ROW: Final = np.dtype([("ms", "<i8"), ("weight", "<f8"), ("slot", "<i4"), ("rule", "<i4")])
"""When, how much, to whom and by which rule."""
NO_ENERGY: Final = np.empty((0, 1), np.float64)
ONCE: Final = np.ones(1)


class Gone(NamedTuple):
    """Heat of events that are gone and whose rule is as well."""

    rows: Rows
    since: npt.NDArray[np.int64]
    """When each was weighed: it cools from then on, and stood as it was before."""


class Deposits:
    """Reads rows under one rule set and time zone: the same law as that of `Heat`.

    `Heat` keeps one moment and takes events as they come; this reads any moment from rows of whole
    days. Energies are by slot and half-life, and cool together. Safe from any thread.
    """

    ROW: Final = ROW

    def __init__(self, rules: RuleSet, zone: zoneinfo.ZoneInfo) -> None:
        self.rules = rules
        self._days = days_of(zone)
        self._lives, self._column, self._caps, _ = by_rule(rules)
        self._together = np.zeros(len(self._column), np.int64)
        self._edges = law.edges(rules.e_half)

    @property
    def half_lives(self) -> int:
        """How many half-lives there are."""
        return len(self._lives)

    def days_of(self, ms: npt.NDArray[np.int64]) -> npt.NDArray[np.int32]:
        """On which day of the pool lies each moment?"""
        return self._days.of(ms)

    def end_of(self, day: int) -> int:
        """The last ms of a day."""
        return int(self._days.start(np.array([day + 1]))[0]) - 1

    def rows(self, slots: Slots, ms: npt.NDArray[np.int64], weights: Weights) -> Rows:
        """The rows of events, given slot (-1 for nobody) and time of each and what they weigh."""
        found = np.empty(len(weights.event), ROW)
        found["ms"], found["weight"] = ms[weights.event], weights.weight
        found["slot"], found["rule"] = slots[weights.event], weights.rule
        return found[found["slot"] >= 0]

    def kept(self, slots: Slots, rows: pa.RecordBatch) -> tuple[Rows, Gone]:
        """The rows of what is kept of events that are gone (`Heat.KEPT`), given whose each is."""
        told = kept.revived(rows, self.rules, self._lives, self._days.start)
        found = self.rows(slots, np.array(rows.column("ms"), np.int64), told.weights)
        since = told.ms[told.weights.event][slots[told.weights.event] >= 0]
        nameless = found["rule"] >= len(self.rules.rules)
        return found[~nameless], Gone(found[nameless], since[nameless])

    @staticmethod
    def in_order(rows: Rows) -> Rows:
        """The rows of one day as `add` wants them: by profile and rule."""
        return rows[np.lexsort((rows["rule"], rows["slot"]))]

    def add(self, rows: Rows, day: int, at: int, energy: Floats, warmed: Mask) -> None:
        """Add what the rows of a day, in order, are worth at `at`; later ones do not count.

        To `energy`, by slot and half-life, or by slot alone where it has one column; and mark who
        was `warmed`. There must be room for every slot.
        """
        into = self._column if energy.shape[1] == self.half_lives else self._together
        start = int(self._days.start(np.array([day]))[0])
        _add(rows, start, at, self._column, into, self._caps, -1.0 / self._lives, energy, warmed)

    def add_gone(self, gone: Gone, at: int, energy: Floats, warmed: Mask) -> None:
        """Add heat whose rule is gone, by slot alone."""
        then = gone.rows["ms"] <= at
        rows, passed = gone.rows[then], np.maximum(at - gone.since[then], 0)
        lives = self._lives[self._column[rows["rule"]]]
        np.add.at(energy[:, 0], rows["slot"], rows["weight"] * np.exp2(-passed / lives))
        warmed[rows["slot"][rows["weight"] > 0]] = True

    def cooled(self, ms: int) -> Floats:
        """What is left of an energy after some ms, by half-life."""
        return np.exp2(-ms / self._lives)

    def view(
        self, energy: Floats, left: Floats, more: Floats, warmed: Mask, degrees: Any, states: Any
    ) -> None:
        """Write hundredths of degrees and bands, as `Heat.view` does, of all profiles.

        Of `energy` by slot and half-life as much as is `left`, and `more` by slot alone; slots that
        either lacks have nothing there.
        """
        scale = (law.T_COLD, law.SPAN, law.T_FLOOR, self.rules.e_half)
        _view(energy, left, more, warmed, tuple(self._edges), scale, degrees, states)


@numba.njit(cache=True, nogil=True)
def _add(
    rows: Any, start: Any, at: Any, column: Any, into: Any, caps: Any, rates: Any, energy: Any,
    warmed: Any,
) -> None:  # fmt: skip
    i = 0
    while i < len(rows):
        slot, rule = rows[i].slot, rows[i].rule
        rate, total = rates[column[rule]], 0.0
        while i < len(rows) and rows[i].slot == slot and rows[i].rule == rule:
            ms, weight = rows[i].ms, rows[i].weight
            i += 1
            if ms > at:
                continue
            if weight > 0.0:
                warmed[slot] = True
            if caps[rule] > 0.0:
                total += weight
            else:
                total += weight * np.exp2((at - ms) * rate)
        if caps[rule] > 0.0 and total != 0.0:
            total = min(max(total, -caps[rule]), caps[rule]) * np.exp2((at - start) * rate)
        energy[slot, into[rule]] += total


@numba.njit(cache=True, nogil=True)
def _view(
    energy: Any, left: Any, more: Any, warmed: Any, edges: Any, scale: Any, degrees: Any,
    states: Any,
) -> None:  # fmt: skip
    for slot in range(len(degrees)):
        e = 0.0
        if slot < len(more):
            e += more[slot, 0]
        if slot < len(energy):
            for h in range(len(left)):
                e += energy[slot, h] * left[h]
        degrees[slot] = kernels.hundredths(e, scale)
        band = kernels.band_of(e, edges)
        states[slot] = 4 if band == 3 and warmed[slot] else band
