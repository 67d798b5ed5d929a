"""What leaves of rules say of everybody, a bit each, and when everybody last did something."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Final

import numba
import numpy as np
import numpy.typing as npt

NEVER: Final = -(2**63)
"""Before all that can be asked for."""
WORD: Final = 64

Slots = npt.NDArray[np.int32]
Bools = npt.NDArray[np.bool_]


class Marks:
    """Of whom each of several questions is true, in a bit for each slot and question."""

    def __init__(self) -> None:
        self._bits = np.zeros((0, 1), np.uint64)
        """By slot, so that all that is known of a profile lies together."""
        self._places: dict[Hashable, int] = {}
        self._free = list(range(WORD))

    @property
    def keys(self) -> frozenset[Hashable]:
        """The questions."""
        return frozenset(self._places)

    def reach(self, size: int) -> None:
        """Have room for so many slots; nothing is true of new ones."""
        size, words = max(size, len(self._bits)), self._bits.shape[1]
        if size > len(self._bits):
            wide = max(size, len(self._bits) * 5 // 4)
            self._bits = _larger(self._bits, wide, words)

    def add(self, key: Hashable) -> None:
        """There is a question more, true of nobody yet."""
        if not self._free:
            words = self._bits.shape[1]
            self._bits = _larger(self._bits, len(self._bits), words + 1)
            self._free = list(range(words * WORD, (words + 1) * WORD))
        self._places[key] = self._free.pop(0)
        self.put_all(key, np.zeros(len(self._bits), bool))

    def drop(self, key: Hashable) -> None:
        """There is a question less."""
        self._free.append(self._places.pop(key))

    def put(self, key: Hashable, slots: Slots, truth: Bools) -> Slots:
        """It is true or not of these slots, each named once; gives those of whom it was not so."""
        word, bit = self._place(key)
        column = self._bits[:, word]
        old = column[slots]
        column[slots] = np.where(truth, old | bit, old & ~bit)
        found: Slots = slots[((old & bit) != 0) != truth]
        return found

    def put_all(self, key: Hashable, truth: Bools) -> Slots:
        """The same of all slots from the first on; of those beyond it is not true."""
        word, bit = self._place(key)
        column = self._bits[:, word]
        before = (column & bit) != 0
        now = np.zeros(len(column), bool)
        now[: len(truth)] = truth[: len(column)]
        np.bitwise_and(column, ~bit, out=column)
        column[now] |= bit
        return np.flatnonzero(before != now).astype(np.int32)

    def sweep(
        self, key: Hashable, recent: Recent, since: int, truths: Bools, slots: Slots | None = None
    ) -> Slots:
        """It is true or not by how often somebody did something from `since` on: `truths` are those
        of never, once, twice… and its last is of all that is more. Of all slots, or of these; gives
        those of whom it was not so."""
        word, bit = self._place(key)
        if slots is None:
            slots = np.arange(min(len(self._bits), len(recent.ms)), dtype=np.int32)
        moved = np.empty(len(slots), np.int32)
        many = _swept(self._bits, word, bit, recent.ms, since, truths, slots, moved)
        return moved[:many].copy()

    def of(self, key: Hashable, slots: Slots) -> Bools:
        """Of which of these slots is it true?"""
        word, bit = self._place(key)
        return np.asarray((self._bits[slots, word] & bit) != 0)

    def _place(self, key: Hashable) -> tuple[int, np.uint64]:
        place = self._places[key]
        return place // WORD, np.uint64(1) << np.uint64(place % WORD)


class Recent:
    """The latest moments (ms) at which each slot did one thing, `depth` of them."""

    def __init__(self, depth: int) -> None:
        self.ms = np.empty((0, depth), np.int64)
        """By slot, the latest first; NEVER where there are fewer."""

    @property
    def depth(self) -> int:
        return self.ms.shape[1]

    @property
    def size(self) -> int:
        """For how many slots is there room?"""
        return len(self.ms)

    def reach(self, size: int) -> None:
        """Have room for so many slots."""
        if size > len(self.ms):
            wide = max(size, len(self.ms) * 5 // 4)
            more = np.full((wide - len(self.ms), self.depth), NEVER, np.int64)
            self.ms = np.concatenate([self.ms, more])

    def clear(self, slots: Slots) -> None:
        """They did nothing."""
        self.ms[slots] = NEVER

    def take(self, slots: Slots, ms: npt.NDArray[np.int64]) -> None:
        """They did it at these moments too; slots below 0 are nobody."""
        _insert(self.ms, slots, ms)


def _larger(bits: np.ndarray, size: int, words: int) -> np.ndarray:
    wide = np.zeros((size, words), np.uint64)
    wide[: bits.shape[0], : bits.shape[1]] = bits
    return wide


@numba.njit(cache=True, nogil=True)
def _insert(table: np.ndarray, slots: np.ndarray, ms: np.ndarray) -> None:
    """Keep the latest of each row, the latest first."""
    depth = table.shape[1]
    for at in range(len(slots)):
        slot = slots[at]
        if slot < 0:
            continue
        value = ms[at]
        for place in range(depth):
            there = table[slot, place]
            if value > there:
                table[slot, place] = value
                value = there


@numba.njit(cache=True, nogil=True)
def _swept(
    bits: np.ndarray, word: int, bit: np.uint64, ms: np.ndarray, since: int, truths: np.ndarray,
    slots: np.ndarray, moved: np.ndarray,
) -> int:  # fmt: skip
    many, deep = 0, len(truths) - 1
    for slot in slots:
        times = 0
        while times < deep and ms[slot, times] >= since:
            times += 1
        before = (bits[slot, word] & bit) != 0
        if before != truths[times]:
            bits[slot, word] ^= bit
            moved[many] = slot
            many += 1
    return many
