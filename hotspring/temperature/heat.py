"""The live temperatures of a pool: one energy per profile and half-life, cells where caps count."""

from __future__ import annotations

import zoneinfo
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from hotspring.days import FIRST, days_of
from hotspring.errors import FolderError
from hotspring.spare import Copy
from hotspring.temperature import kept, kernels, law
from hotspring.temperature.rules import RuleSet
from hotspring.temperature.weigh import Weights

Floats = npt.NDArray[np.float64]
Slots = npt.NDArray[np.int32]
Bands = npt.NDArray[np.int8]
Mask = npt.NDArray[np.bool_]

LOAD: Final = 0.6
NO_SLOTS: Final = np.empty(0, np.int32)
NO_MASK: Final = np.empty(0, bool)


class Counts(NamedTuple):
    """How many profiles are in each band; `cold` is the sum of `never_warm` and `cooled`."""

    hot: int
    warm: int
    cool: int
    cold: int
    never_warm: int
    """Cold, and no event ever brought heat."""
    cooled: int
    """Cold after heat."""


class Moves(NamedTuple):
    """Which profiles left the band last announced for them, and where they are now."""

    slot: Slots
    before: Bands
    after: Bands


class ByRule(NamedTuple):
    """What the rules of a set are to compiled passes.

    Behind the rules stands one of no name for each half-life: for heat whose rule is gone.
    """

    half_lives_ms: Floats
    column: npt.NDArray[np.int64]
    """Which of the half-lives is each rule's?"""
    caps: Floats
    """0 where there is none."""
    signs: Floats


def by_rule(rules: RuleSet) -> ByRule:
    """The rules of a set, ready for compiled passes."""
    lives = list(rules.half_lives_ms or (1.0,))
    column = [*(lives.index(rule.half_life_ms) for rule in rules.rules), *range(len(lives))]
    caps = [*(rule.cap or 0.0 for rule in rules.rules), *(0.0 for _ in lives)]
    signs = [*(rule.points for rule in rules.rules), *(1.0 for _ in lives)]
    return ByRule(
        np.array(lives, np.float64), np.array(column, np.int64), np.array(caps, np.float64),
        np.sign(np.array(signs, np.float64)),
    )  # fmt: skip


class Heat:
    """Live energies by profile slot, under one rule set and time zone.

    Adding, merging and taking back commute: only what was added counts, not the order. A reading
    for a moment before a profile's latest event (a clock that went back) answers as of that
    event. Not safe against a second thread that writes; the compiled passes release the GIL.
    """

    def __init__(self, rules: RuleSet, zone: zoneinfo.ZoneInfo, size: int = 0) -> None:
        self.rules = rules
        self.size = size
        """How many slots there are."""
        self.half_lives_ms, column, caps, self._signs = by_rule(rules)
        self._rules = column, caps
        self._rates = -1.0 / self.half_lives_ms
        self._edges = law.edges(rules.e_half)
        self._days = days_of(zone)
        self._starts = FIRST, self._days.starts
        self._allot(size)
        self._cells = np.empty(1024, kernels.CELL)
        self._used = np.zeros(2, np.int64)
        # How many cells there are, and how many of them the table finds.
        self._bits = 11
        self._table = np.full(1 << self._bits, kernels.EMPTY, np.int64)

    def ensure(self, size: int) -> None:
        """Let there be at least `size` slots; new ones are cold and were never warm."""
        if size > len(self._as_of):
            old = self._columns()
            self._allot(max(size, len(self._as_of) * 3 // 2))
            for new, column in zip(self._columns(), old, strict=True):
                new[: len(column)] = column
        self.size = max(self.size, size)

    @property
    def cells(self) -> int:
        """How many days of profiles and capped rules it keeps the sums of."""
        return int(self._used[0])

    def expect(self, cells: int) -> None:
        """Make room for so many cells at once."""
        if cells > len(self._cells):
            room = np.empty(cells, kernels.CELL)
            room[: self.cells] = self._cells[: self.cells]
            self._cells = room

    def add(self, slots: Slots, ms: npt.NDArray[np.int64], weights: Weights, sign: int = 1) -> None:
        """Add the weights of a batch, given slot and time of each event of the batch.

        A slot of -1 skips its event. With `sign=-1` events that were added are taken back, up to
        rounding.
        """
        if not len(weights.event):
            return
        self._reserve(int(np.count_nonzero(self._rules[1][weights.rule])))
        # A copy, because the compiled pass is made for writable arrays.
        slots, ms = self._checked(slots), np.array(ms, np.int64)
        kernels.add(
            self._profiles(), self.half_lives_ms, self._rules, self._starts, self._store(),
            slots, ms, tuple(weights), sign,
        )  # fmt: skip

    def add_kept(self, slots: Slots, rows: pa.RecordBatch, wanted: Mask) -> None:
        """Add what is kept of events that are gone, given the slot of each row (see `KEPT`).

        Only the `wanted` rows, one boolean for each.
        """
        found = kept.revived(rows, self.rules, self.half_lives_ms, self._days.start)
        self.add(slots, found.ms, found.weights.of(wanted))

    KEPT: Final = kept.SCHEMA
    """Columns of the rows that keep the heat of events that are gone."""
    gathered = staticmethod(kept.gathered)

    def merge(self, loser: int, winner: int) -> None:
        """Give all heat of `loser` to `winner`, as if every event had been the winner's."""
        self._checked([loser, winner])
        if loser == winner:
            return
        self._reserve(kernels.cells_of(self._head, self._cells, loser))
        kernels.merge(
            self._profiles(), self.half_lives_ms, self._rules, self._signs, self._starts,
            self._store(), loser, winner,
        )  # fmt: skip
        self._announced[loser] = law.COLD

    def clear(self, slots: npt.ArrayLike) -> None:
        """Forget all heat of some profiles; what was announced of them stays."""
        for slot in self._checked(slots):
            kernels.clear(self._profiles(), self._cells, slot)

    def energy(self, now: int, slots: npt.ArrayLike | None = None) -> Floats:
        """What is the energy at `now` of some profiles, or of all?"""
        wanted = NO_SLOTS if slots is None else self._checked(slots)
        out = np.empty(self.size if slots is None else len(wanted), np.float64)
        kernels.read(self._energy, self._as_of, self._rates, now, wanted, out)
        return out

    def degrees(self, now: int, slots: npt.ArrayLike | None = None) -> Floats:
        """What is the temperature at `now` of some profiles, or of all?"""
        return law.degrees(self.energy(now, slots), self.rules.e_half)

    def counts(self, now: int, mask: Mask | None = None) -> Counts:
        """How many profiles (of those in `mask`, one boolean per slot) are in each band?"""
        chosen = NO_MASK if mask is None else np.array(mask[: self.size], bool)
        hot, warm, cool, cold, cooled = kernels.count(
            self._energy, self._as_of, self._positive, self._rates, now, tuple(self._edges),
            chosen, self.size if mask is None else len(chosen),
        ).tolist()  # fmt: skip
        return Counts(hot, warm, cool, cold, never_warm=cold - cooled, cooled=cooled)

    def view(self, now: int, degrees: Any, states: Any, part: Slots | int = 0) -> None:
        """Write hundredths of degrees (int16) and bands (int8, by `STATES`) at `now`.

        Of the slots in `part`, or, where it is a number, of all from that slot on.
        """
        chosen = NO_SLOTS if isinstance(part, int) else self._checked(part)
        if not isinstance(part, int) and not len(part):
            return
        kernels.view(
            self._energy, self._as_of, self._positive, self._rates, now, tuple(self._edges),
            (law.T_COLD, law.SPAN, law.T_FLOOR, self.rules.e_half), chosen,
            part if isinstance(part, int) else 0, degrees, states,
        )  # fmt: skip

    STATES: Final = (*law.BANDS[:3], "never_warm", "cooled")
    """The bands, cold told apart, as `view` codes them."""

    def warmed(self, slots: npt.ArrayLike) -> Mask:
        """Did any event ever bring heat to these profiles? If not, cold means never warm."""
        return np.asarray(self._positive[self._checked(slots)] > 0)

    def turns(self, slots: npt.ArrayLike) -> Mask:
        """Whose energy may turn in silence, because its half-lives hold both signs?"""
        held = self._energy[self._checked(slots)]
        return np.asarray((held > 0).any(axis=1) & (held < 0).any(axis=1))

    def terms(self, slot: int, now: int) -> list[law.Term]:
        """The energy at `now` as exponentials, one per half-life, ready for `law.next_band`."""
        passed = max(now - int(self._as_of[slot]), 0)
        cooled = self._energy[slot] * np.exp2(passed * self._rates)
        return [
            law.Term(energy, half_life)
            for energy, half_life in zip(cooled.tolist(), self.half_lives_ms.tolist(), strict=True)
        ]

    def sweep(self, now: int, slots: npt.ArrayLike | None = None, dead_zone: float = 0.0) -> Moves:
        """Which profiles (of all, or of some) left their announced band, seen at `now`?

        A threshold counts as passed once it is passed by more than `dead_zone` degrees. Nothing
        is changed: tell `announced` what was announced.
        """
        wanted = NO_SLOTS if slots is None else self._checked(slots)
        if (wanted[1:] <= wanted[:-1]).any():
            wanted = np.unique(wanted)
        if slots is not None and not len(wanted):
            return Moves(NO_SLOTS, np.empty(0, np.int8), np.empty(0, np.int8))
        slot, after = kernels.moved(
            self._energy, self._as_of, self._rates, now,
            tuple(law.edges(self.rules.e_half, -dead_zone)),
            tuple(law.edges(self.rules.e_half, dead_zone)),
            self._announced, wanted, self.size,
        )  # fmt: skip
        return Moves(slot, self._announced[slot], after)

    def announced(self, slots: Slots, bands: Bands) -> None:
        """Remember which band was announced for some profiles."""
        self._announced[slots] = bands

    def announcements(self) -> Bands:
        """Which band was last announced, by slot? Cold where none ever was."""
        return self._announced[: self.size].copy()

    def restore_announcements(self, bands: Bands) -> None:
        """Take over what was announced under other rules, slot by slot."""
        self.ensure(len(bands))
        self._announced[: len(bands)] = bands

    def dump(self, copy: Copy = np.copy) -> dict[str, npt.NDArray[Any]]:
        """The whole state as arrays, by way of `copy`."""
        cells = self._cells[: self._used[0]]
        alive = cells["count"] != 0
        if not alive.all():
            cells = cells[alive]
        return {
            "half_lives_ms": copy(self.half_lives_ms),
            "energy": copy(self._energy[: self.size]),
            "as_of": copy(self._as_of[: self.size]),
            "total": copy(self._total[: self.size]),
            "positive": copy(self._positive[: self.size]),
            "announced": copy(self._announced[: self.size]),
            "cell_key": copy(cells["key"]),
            "cell_sum": copy(cells["sum"]),
            "cell_count": copy(cells["count"]),
        }

    def load(self, state: dict[str, npt.NDArray[Any]]) -> None:
        """Become what `dump` gave. Raises `FolderError` if other half-lives were in force."""
        if not np.array_equal(state["half_lives_ms"], self.half_lives_ms):
            raise FolderError("the snapshot of temperatures belongs to other rules; rebuild it")
        self.size = len(state["as_of"])
        self._allot(self.size)
        for column, name in zip(
            self._columns(), ("energy", "as_of", "total", "positive", "announced"), strict=False
        ):
            column[:] = state[name]
        count = len(state["cell_key"])
        self._cells = np.empty(max(1024, count), kernels.CELL)
        behind = kernels.group(
            state["cell_key"], state["cell_sum"], state["cell_count"], self._cells, self._head
        )
        self._used[:] = count, 0
        self._bits = max(11, int(np.ceil(np.log2(max(behind, 1) / LOAD))))
        self._table = np.full(1 << self._bits, kernels.EMPTY, np.int64)
        kernels.find(self._table, self._bits, self._cells, self._used, self._head)

    def _checked(self, slots: npt.ArrayLike) -> Slots:
        """The slots as an array of its own, none out of reach: compiled passes do not look."""
        checked = np.atleast_1d(np.array(slots, np.int32))
        if len(checked) and checked.max() >= self.size:
            raise IndexError(f"slot {checked.max()} is not below {self.size}; call ensure first")
        return checked

    def _allot(self, room: int) -> None:
        self._energy = np.zeros((room, len(self.half_lives_ms)))
        self._as_of = np.zeros(room, np.int64)
        self._total = np.zeros(room, np.int32)
        self._positive = np.zeros(room, np.int32)
        self._announced = np.full(room, law.COLD, np.int8)
        self._head = np.full(room, -1, np.int32)

    def _columns(self) -> tuple[npt.NDArray[Any], ...]:
        return (
            self._energy, self._as_of, self._total, self._positive, self._announced, self._head,
        )  # fmt: skip

    def _profiles(self) -> tuple[npt.NDArray[Any], ...]:
        return self._energy, self._as_of, self._total, self._positive, self._head

    def _store(self) -> tuple[Any, ...]:
        return self._table, self._bits, self._cells, self._used

    def _reserve(self, more: int) -> None:
        """Make room for `more` new cells, so that no compiled pass has to grow anything."""
        need = int(self._used[0]) + more
        if need > len(self._cells):
            cells = np.empty(max(need, len(self._cells) * 3 // 2), kernels.CELL)
            cells[: self._used[0]] = self._cells[: self._used[0]]
            self._cells = cells
        need = int(self._used[1]) + more
        if need > LOAD * len(self._table):
            bits = int(np.ceil(np.log2(need / LOAD)))
            table = np.full(1 << bits, kernels.EMPTY, np.int64)
            kernels.spread(self._table, table, bits)
            self._table, self._bits = table, bits
