"""The cells that somebody is in, numbered; and their groups at every resolution."""

from __future__ import annotations

import threading
from typing import Any, Final

import numba
import numpy as np
import numpy.typing as npt

from hotspring.geo import cells

Cells = npt.NDArray[np.uint64]
Numbers = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float32]

EMPTY: Final = -1
SPREAD: Final = np.uint64(0x9E3779B97F4A7C15)
"""Fibonacci hashing: cells of one neighbourhood share their leading bits."""
NO_CELLS: Final = np.empty(0, np.uint64)
ZONES: Final = 3
"""Resolution of zones: the finest one of which all numbers fit into 16 bits (41,162 on earth)."""


class Numbering:
    """Gives every key a dense number, in the order in which they come."""

    def __init__(self) -> None:
        self.keys = np.empty(1024, np.uint64)
        self.count = 0
        self._table = np.full(4096, EMPTY, np.int32)

    def numbers(self, keys: Cells) -> Numbers:
        """The number of each key; new ones get theirs now."""
        need = self.count + len(keys)
        if need > len(self.keys):
            grown = np.empty(max(need, len(self.keys) * 3 // 2), np.uint64)
            grown[: self.count] = self.keys[: self.count]
            self.keys = grown
        if 2 * need > len(self._table):
            bits = int(np.ceil(np.log2(2 * need)))
            self._table = np.full(1 << bits, EMPTY, np.int32)
            _enter(self._table, self.keys, self.count)
        out = np.empty(len(keys), np.int32)
        self.count = int(_number(self._table, self.keys, self.count, np.array(keys), out))
        return out


class Ground:
    """All cells of the finest resolution that anybody is or was in."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._cells = Numbering()
        self._groups = [Numbering() for _ in range(cells.FINEST)]
        self._of = [np.empty(0, np.int32) for _ in range(cells.FINEST)]
        self.zone = np.empty(0, np.uint16)
        """Which zone is each cell in, counted from 1?"""
        self.lon = np.empty(0, np.float32)
        self.lat = np.empty(0, np.float32)

    @property
    def count(self) -> int:
        """How many cells there are."""
        return self._cells.count

    @property
    def cells(self) -> Cells:
        """The cells, by their number."""
        return self._cells.keys[: self.count]

    def numbers(self, found: Cells) -> Numbers:
        """Which number has each of these cells? From any thread."""
        with self._lock:
            out = self._cells.numbers(found)
            if self.count > len(self.lon):
                lon, lat = cells.centres(self.cells[len(self.lon) :])
                self.lon = np.append(self.lon, lon.astype(np.float32))
                self.lat = np.append(self.lat, lat.astype(np.float32))
                zones = self.groups(ZONES)[0][len(self.zone) :] + 1
                self.zone = np.append(self.zone, zones.astype(np.uint16))
            return out

    def groups(self, resolution: int) -> tuple[Numbers, Cells]:
        """Which cell of this resolution is each in, as a number, and which are they?"""
        if resolution == cells.FINEST:
            return np.arange(self.count, dtype=np.int32), self.cells
        of, group = self._of[resolution], self._groups[resolution]
        if len(of) < self.count:
            fresh = cells.ancestors(self.cells[len(of) :], resolution)
            of = self._of[resolution] = np.append(of, group.numbers(fresh))
        return of, group.keys[: group.count]

    def of_zones(self, resolution: int) -> tuple[Numbers, Cells]:
        """Which cell of this resolution, none finer than zones, is each zone in, as a number?

        The first entry stands for no place. And which cells are they?
        """
        keys = self.groups(ZONES)[1]
        if resolution == ZONES:
            return np.arange(-1, len(keys), dtype=np.int32), keys
        group = self._groups[resolution]
        of = group.numbers(cells.ancestors(keys, resolution))
        return np.append(np.int32(-1), of), group.keys[: group.count]


@numba.njit(cache=True, nogil=True)
def _enter(table: Any, keys: Any, count: Any) -> None:
    mask = len(table) - 1
    for number in range(count):
        at = ((keys[number] * SPREAD) >> np.uint64(20)) & mask
        while table[at] != EMPTY:
            at = (at + 1) & mask
        table[at] = number


@numba.njit(cache=True, nogil=True)
def _number(table: Any, keys: Any, count: Any, wanted: Any, out: Any) -> Any:
    mask = len(table) - 1
    for i in range(len(wanted)):
        at = ((wanted[i] * SPREAD) >> np.uint64(20)) & mask
        while table[at] != EMPTY and keys[table[at]] != wanted[i]:
            at = (at + 1) & mask
        if table[at] == EMPTY:
            table[at] = count
            keys[count] = wanted[i]
            count += 1
        out[i] = table[at]
    return count
