"""Which events did we have before? The exact memory of ids, decided in journal order."""

from __future__ import annotations

from typing import Any, Final

import numba
import numpy as np

NEW: Final = 0
DUPLICATE: Final = 1
CONFLICT: Final = 2

FOR_EVER: Final = np.uint32(0xFFFFFFFF)
"""Marks an id that never leaves the memory: it came from a file, which may come again any day."""
START: Final = 1 << 16


class Seen:
    """A table in memory from the fingerprint of (source, messageId) to content and time of receipt.

    16 bytes of key and content and 4 of time for each slot, at most 70 % full. An id counts as
    seen for `days` after it was received, one from a file for ever.
    """

    def __init__(self, days: int) -> None:
        self._seconds = days * 86_400
        self._reserve(START)
        self.count = 0

    def judge(
        self, keys: np.ndarray, contents: np.ndarray, received: np.ndarray, imported: np.ndarray
    ) -> np.ndarray:
        """What is each event: NEW, DUPLICATE or CONFLICT (same id, other content)?

        Shapes: uint64[n], int64[n], int64[n] seconds since 1970, bool[n] -> int8[n]. The new ones
        are remembered. Later rows of the same call see the earlier ones.
        """
        self._make_room(len(keys), int(received.max(initial=0)))
        verdicts, added = _judge(
            self._keys, self._contents, self._times, keys, contents, received, imported,
            self._seconds,
        )  # fmt: skip
        self.count += int(added)
        return np.asarray(verdicts)

    def _make_room(self, more: int, now: int) -> None:
        if (self.count + more) * 10 < len(self._keys) * 7:
            return
        keys, contents, times = self._keys, self._contents, self._times
        alive = (keys != 0) & (
            (times == FOR_EVER) | (times.astype(np.int64) + self._seconds >= now)
        )
        alive_count = int(alive.sum())
        size = START
        while (alive_count + more) * 2 > size:
            size *= 2
        self._reserve(size)
        self.count = int(
            _refill(
                self._keys, self._contents, self._times, keys[alive], contents[alive], times[alive]
            )
        )

    def _reserve(self, size: int) -> None:
        self._keys = np.zeros(size, np.uint64)
        self._contents = np.zeros(size, np.int64)
        self._times = np.zeros(size, np.uint32)


@numba.njit(cache=True, nogil=True, inline="always")
def _slot(table: Any, key: Any) -> Any:
    mask = np.uint64(len(table) - 1)
    at = key & mask
    while table[at] != 0 and table[at] != key:
        at = (at + np.uint64(1)) & mask
    return at


@numba.njit(cache=True, nogil=True)
def _judge(
    table: Any, contents: Any, times: Any, keys: Any, content: Any, received: Any, imported: Any,
    window: Any,
) -> Any:  # fmt: skip
    verdicts = np.zeros(len(keys), np.int8)
    added = 0
    for i in range(len(keys)):
        at = _slot(table, keys[i])
        known = table[at] != 0
        if known and (
            times[at] == FOR_EVER or imported[i] or received[i] - np.int64(times[at]) <= window
        ):
            verdicts[i] = DUPLICATE if contents[at] == content[i] else CONFLICT
            continue
        if not known:
            added += 1
        table[at] = keys[i]
        contents[at] = content[i]
        times[at] = FOR_EVER if imported[i] else np.uint32(received[i])
    return verdicts, added


@numba.njit(cache=True, nogil=True)
def _refill(table: Any, contents: Any, times: Any, keys: Any, content: Any, time: Any) -> Any:
    count = 0
    for i in range(len(keys)):
        at = _slot(table, keys[i])
        if table[at] == 0:
            count += 1
        table[at] = keys[i]
        contents[at] = content[i]
        times[at] = time[i]
    return count
