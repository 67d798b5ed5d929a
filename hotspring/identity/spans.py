"""Shared devices: whose they are when, and the sign-ins that say so."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import msgspec
import numba
import numpy as np


class Shared(msgspec.Struct):
    """A device of several people and its time line."""

    members: list[int]
    doors: list[int]
    """The strong identifiers whose sign-ins count."""
    vouched: list[int]
    """Those to which a human gave it, as if signed in before all."""
    times: list[int]
    holders: list[int]
    """By time from which on: the strong identifier whose person holds the device."""
    end: tuple[int, int]
    """Time and key of the latest sign-in that counts."""
    last_ms: int
    """Time of the latest event of which the device was the subject."""


class Mapping(NamedTuple):
    """Whose the events of each subject are, as it stood when this copy was taken."""

    slot: np.ndarray
    """int32 by identifier, -1 where no event ever named it."""
    span: np.ndarray
    """int32 by identifier, -1 where it is no shared device."""
    start: np.ndarray
    length: np.ndarray
    times: np.ndarray
    holders: np.ndarray

    def profile_of(self, origin_ids: np.ndarray, ms: np.ndarray) -> np.ndarray:
        """int32[n]: whose are events with these subjects at these times?"""
        return np.asarray(slots_at(*self, origin_ids, ms))


class Spans:
    """All shared devices; their time lines also stand in arrays that compiled code reads."""

    def __init__(self) -> None:
        self.devices: dict[int, Shared] = {}
        self.by_holder: dict[int, set[int]] = {}
        self.start = np.zeros(16, np.int64)
        self.length = np.zeros(16, np.int64)
        self._room = np.zeros(16, np.int64)
        self.times = np.zeros(64, np.int64)
        self.holders = np.zeros(64, np.int32)
        self._used = 0
        self._next = 0

    def put(self, span: int, device: Shared) -> int:
        """Keep a device under its number, or a new one for -1; gives the number."""
        if span < 0:
            span = self._next
            self._next += 1
            if span >= len(self.start):
                self.start, self.length, self._room = (
                    np.concatenate([a, np.zeros_like(a)])
                    for a in (self.start, self.length, self._room)
                )
        else:
            self._forget(span)
        self.devices[span] = device
        for holder in device.holders:
            self.by_holder.setdefault(holder, set()).add(span)
        self._write(span, device)
        return span

    def append(self, span: int, ms: int, holder: int) -> None:
        """From `ms` on, later than all it knows, the device belongs to another person."""
        device = self.devices[span]
        device.times.append(ms)
        device.holders.append(holder)
        self.by_holder.setdefault(holder, set()).add(span)
        length = int(self.length[span])
        if length == self._room[span]:
            self._write(span, device)
            return
        at = int(self.start[span]) + length
        self.times[at], self.holders[at] = ms, holder
        self.length[span] += 1

    def drop(self, span: int) -> None:
        """The device is not shared any more."""
        self._forget(span)
        del self.devices[span]
        self.length[span] = 0

    def held_by(self, ids: Iterable[int]) -> set[int]:
        """The devices that any of these strong identifiers holds at some time."""
        if not self.by_holder:
            return set()
        return {span for i in ids for span in self.by_holder.get(i, ())}

    def _forget(self, span: int) -> None:
        for holder in set(self.devices[span].holders):
            held = self.by_holder[holder]
            held.discard(span)
            if not held:
                del self.by_holder[holder]

    def _write(self, span: int, device: Shared) -> None:
        # Twice the place it takes, so that a time line may grow where it stands.
        length = len(device.times)
        if self._used + 2 * length > len(self.times):
            self._compact(2 * length)
        end = self._used + length
        self.times[self._used : end] = device.times
        self.holders[self._used : end] = device.holders
        self.start[span], self.length[span] = self._used, length
        self._room[span] = 2 * length
        self._used += 2 * length

    def _compact(self, more: int) -> None:
        # Old versions of time lines are left where they stand until the place is full.
        needed = more + sum(2 * len(device.times) for device in self.devices.values())
        size = max(len(self.times), 64)
        while size < 2 * needed:
            size *= 2
        self.times, self.holders = np.zeros(size, np.int64), np.zeros(size, np.int32)
        self._used = 0
        for span, device in self.devices.items():
            self._write(span, device)


@numba.njit(cache=True, nogil=True)
def slots_at(
    slot: Any, span: Any, start: Any, length: Any, times: Any, holders: Any, origins: Any, ms: Any
) -> Any:
    """int32[n]: the slot of each event by its subject and time."""
    out = np.empty(len(origins), np.int32)
    for i in range(len(origins)):
        origin = origins[i]
        line = span[origin]
        if line < 0:
            out[i] = slot[origin]
            continue
        low, high = start[line], start[line] + length[line]
        while high - low > 1:
            middle = (low + high) // 2
            if times[middle] <= ms[i]:
                low = middle
            else:
                high = middle
        out[i] = slot[holders[low]]
    return out
