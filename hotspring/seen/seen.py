"""Which events did we have before? The exact memory of ids, decided in journal order.

The ids of the last million events lie in a table in memory. Older ones are sorted runs on disk
(`runs`), behind a table of four bytes an id: an id that is not in it is new without a look at the
disk, and one that seems to be is looked up there. A new id is mistaken for an old one, and looked
up for nothing, about once in half a billion times.
"""

from __future__ import annotations

import math
import shutil
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import numba
import numpy as np

from hotspring.seen.runs import FOR_EVER, Ids, Run, forget_pages, merged, opened, written

NEW: Final = 0
DUPLICATE: Final = 1
CONFLICT: Final = 2

START: Final = 1 << 16
FRESH: Final = 1_000_000
"""So many ids in memory become a run."""
FAN_IN: Final = 8
"""So many runs of about one size are merged into one."""
FULL: Final = 0.8
ROOMY: Final = 0.7
"""The table of tags is made anew once it is FULL, and is no more than ROOMY then."""


class Seen:
    """From the fingerprint of (source, messageId) to content and time of receipt.

    An id counts as seen for `days` after it was received, one from a file for ever. One thread
    judges and freezes; another may write and compact meanwhile. Without a folder runs stay in
    memory.
    """

    def __init__(self, days: float, folder: Path | None = None, fresh: int = FRESH) -> None:
        self._seconds = round(days * 86_400)
        self._folder = folder
        self._most = fresh
        self._lock = threading.Lock()
        self._runs: tuple[Run, ...] = ()
        self._position = 0
        self._newest = self._fresh = 0
        self._reserve(START)
        self._make_tags(FULL)

    @property
    def count(self) -> int:
        """Ids remembered, those that left the window and were not yet cleared away included."""
        return self._fresh + sum(map(len, self._runs))

    @property
    def full(self) -> bool:
        """Is it time to `freeze`?"""
        return self._fresh >= self._most

    def open(self, position: int) -> int:
        """Take up the runs in the folder. Up to which journal position, at most this, do they go?

        Ids from later entries are forgotten: those entries will be applied again.
        """
        self._runs = tuple(opened(self._folder, position)) if self._folder else ()
        self._position = self._runs[-1].last if self._runs else 0
        self._newest = max((run.newest for run in self._runs), default=0)
        self._make_tags(FULL)
        return self._position

    def fill(self, position: int, parts: Iterable[Ids]) -> None:
        """Remember what came after what `open` told, up to `position`, in the order of the keys."""
        if self._folder:
            run = written(self._folder, self._position, position, parts)
        else:
            columns = zip(*parts, strict=True)
            run = Run(self._position, position, Ids(*map(np.concatenate, columns)))
        self._take(run)
        self._make_tags(FULL)

    def judge(
        self, keys: np.ndarray, contents: np.ndarray, received: np.ndarray, imported: np.ndarray
    ) -> np.ndarray:
        """What is each event: NEW, DUPLICATE or CONFLICT (same id, other content)?

        Shapes: uint64[n], int64[n], int64[n] seconds since 1970, bool[n] -> int8[n]. The new ones
        are remembered. Later rows of the same call see the earlier ones.
        """
        self._make_room(len(keys))
        self._newest = max(self._newest, int(received.max(initial=0)))
        old, old_contents, old_times = self._remembered(keys)
        verdicts, added = _judge(
            self._keys, _shift(self._keys), self._contents, self._times, keys, contents, received,
            imported, self._seconds, old, old_contents, old_times,
        )  # fmt: skip
        self._fresh += int(added)
        return np.asarray(verdicts)

    def freeze(self, position: int) -> None:
        """Make a run of the ids in memory, which came up to the journal `position`."""
        if position == self._position:
            return
        ids = self._in_order()
        self._take(Run(self._position, position, ids))
        self._reserve(len(self._keys))
        self._tagged += len(ids.keys)
        if self._tagged > FULL * len(self._tags):
            self._make_tags(ROOMY)
        else:
            _tag(self._tags, _shift(self._tags), ids.keys)

    def write(self) -> None:
        """Put the runs that are only in memory on disk."""
        if self._folder is None:
            return
        for run in self._runs:
            if run.place is None:
                self._swap([run], written(self._folder, run.first, run.last, [run.ids]))

    def compact(self, position: int) -> None:
        """Merge runs of about one size, and clear away what left the window.

        Only runs that end before the `position` of the last snapshot: later ones may have to be
        forgotten one by one.
        """
        if self._folder is None:
            return
        alive = self._newest - self._seconds
        runs = [run for run in self._runs if run.place is not None and run.last <= position]
        for at, run in enumerate(runs):
            spent = len(run) > run.kept and run.newest < alive
            wanted = 2 if spent else FAN_IN
            group = runs[at : at + wanted]
            alike = spent or len({self._level(one) for one in group}) == 1
            if alike and len(group) == wanted:
                self._merge(group, alive)
                return

    # --- inside ---

    def _merge(self, group: list[Run], alive: int) -> None:
        assert self._folder is not None
        run = written(self._folder, group[0].first, group[-1].last, merged(group, alive))
        self._swap(group, run)
        forget_pages(group)
        for old in group:
            if old.place is not None:
                shutil.rmtree(old.place)

    def _level(self, run: Run) -> int:
        return max(0, round(math.log(max(len(run), 1) / self._most, FAN_IN)))

    def _take(self, run: Run) -> None:
        with self._lock:
            self._runs = (*self._runs, run)
        self._position = run.last
        self._newest = max(self._newest, run.newest)

    def _swap(self, olds: list[Run], run: Run) -> None:
        with self._lock:
            at = self._runs.index(olds[0])
            self._runs = (*self._runs[:at], run, *self._runs[at + len(olds) :])

    def _remembered(self, keys: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Which of these ids are in a run, with content and time of the latest."""
        runs = self._runs
        suspects = _suspects(self._tags, _shift(self._tags), self._keys, _shift(self._keys), keys)
        old = np.zeros(len(keys) if len(suspects) else 0, np.bool_)
        contents, times = np.zeros(len(old), np.int64), np.zeros(len(old), np.uint32)
        for run in reversed(runs):
            if not len(suspects):
                break
            places = np.full(len(suspects), -1, np.int64)
            run.find(keys[suspects], places)
            here = places >= 0
            rows, found = suspects[here], places[here]
            old[rows] = True
            contents[rows], times[rows] = run.ids.contents[found], run.ids.times[found]
            suspects = suspects[~here]
        return old, contents, times

    def _make_room(self, more: int) -> None:
        if (self._fresh + more) * 10 < len(self._keys) * 7:
            return
        ids = self._in_order()
        size = START
        while (self._fresh + more) * 2 > size:
            size *= 2
        self._reserve(size)
        _refill(self._keys, _shift(self._keys), self._contents, self._times, *ids)
        self._fresh = len(ids.keys)

    def _in_order(self) -> Ids:
        table = (self._keys, _shift(self._keys), self._contents, self._times)
        return Ids(*_sorted(*table, self._fresh))

    def _reserve(self, size: int) -> None:
        self._keys = np.zeros(size, np.uint64)
        self._contents = np.zeros(size, np.int64)
        self._times = np.zeros(size, np.uint32)
        self._fresh = 0

    def _make_tags(self, full: float) -> None:
        runs = self._runs
        count = sum(map(len, runs))
        size = START
        while count > full * size:
            size *= 2
        self._tags = np.zeros(0, np.uint32)  # let the old one go before the new one is made
        self._tags = np.zeros(size, np.uint32)
        for run in runs:
            _tag(self._tags, _shift(self._tags), run.ids.keys)
        forget_pages(runs)
        self._tagged = count


def _shift(table: np.ndarray) -> np.uint64:
    """The high bits of a key are its place: keys in order go through a table from front to back."""
    return np.uint64(65 - len(table).bit_length())


@numba.njit(cache=True, nogil=True, inline="always")
def _slot(table: Any, at: Any, key: Any) -> Any:
    mask = np.uint64(len(table) - 1)
    while table[at] != 0 and table[at] != key:
        at = (at + np.uint64(1)) & mask
    return at


@numba.njit(cache=True, nogil=True, inline="always")
def _tag_of(key: Any) -> Any:
    tag = np.uint32(key & np.uint64(0xFFFFFFFF))
    return tag if tag != 0 else np.uint32(1)


@numba.njit(cache=True, nogil=True)
def _tag(tags: Any, shift: Any, keys: Any) -> None:
    mask = np.uint64(len(tags) - 1)
    for i in range(len(keys)):
        at = keys[i] >> shift
        while tags[at] != 0:
            at = (at + np.uint64(1)) & mask
        tags[at] = _tag_of(keys[i])


@numba.njit(cache=True, nogil=True)
def _suspects(tags: Any, shift: Any, table: Any, table_shift: Any, keys: Any) -> Any:
    """Rows whose id may be in a run and is not in memory."""
    rows = np.empty(len(keys), np.int64)
    count = 0
    for i in range(len(keys)):
        at = _slot(tags, keys[i] >> shift, _tag_of(keys[i]))
        if tags[at] != 0 and table[_slot(table, keys[i] >> table_shift, keys[i])] == 0:
            rows[count] = i
            count += 1
    return rows[:count]


@numba.njit(cache=True, nogil=True)
def _judge(
    table: Any, shift: Any, contents: Any, times: Any, keys: Any, content: Any, received: Any,
    imported: Any, window: Any, old: Any, old_contents: Any, old_times: Any,
) -> Any:  # fmt: skip
    verdicts = np.zeros(len(keys), np.int8)
    added = 0
    for i in range(len(keys)):
        at = _slot(table, keys[i] >> shift, keys[i])
        here = table[at] != 0
        known = here or (len(old) > 0 and old[i])
        if known:
            time = times[at] if here else old_times[i]
            if time == FOR_EVER or imported[i] or received[i] - np.int64(time) <= window:
                before = contents[at] if here else old_contents[i]
                verdicts[i] = DUPLICATE if before == content[i] else CONFLICT
                continue
        if not here:
            added += 1
        table[at] = keys[i]
        contents[at] = content[i]
        times[at] = FOR_EVER if imported[i] else np.uint32(received[i])
    return verdicts, added


@numba.njit(cache=True, nogil=True)
def _sorted(table: Any, shift: Any, contents: Any, times: Any, count: Any) -> Any:
    """What a table holds, in the order of the keys."""
    keys = np.empty(count, np.uint64)
    content, time = np.empty(count, np.int64), np.empty(count, np.uint32)
    done = 0
    for late in (False, True):  # what found no place at the end lies at the front
        for at in range(len(table)):
            key = table[at]
            if late and key == 0:
                break
            if key == 0 or ((key >> shift) > np.uint64(at)) != late:
                continue
            to = done
            while to > 0 and keys[to - 1] > key:
                keys[to], content[to], time[to] = keys[to - 1], content[to - 1], time[to - 1]
                to -= 1
            keys[to], content[to], time[to] = key, contents[at], times[at]
            done += 1
    return keys, content, time


@numba.njit(cache=True, nogil=True)
def _refill(
    table: Any, shift: Any, contents: Any, times: Any, keys: Any, content: Any, time: Any
) -> None:
    for i in range(len(keys)):
        at = _slot(table, keys[i] >> shift, keys[i])
        table[at] = keys[i]
        contents[at] = content[i]
        times[at] = time[i]
