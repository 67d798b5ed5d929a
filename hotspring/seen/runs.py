"""Sorted runs of ids on disk: exact, as large as they need be, and next to nothing in memory."""

from __future__ import annotations

import mmap
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import numba
import numpy as np

from hotspring.durable import sync_folder

COLUMNS: Final = {"keys": np.uint64, "contents": np.int64, "times": np.uint32}
FOR_EVER: Final = np.uint32(0xFFFFFFFF)
"""Marks an id that never leaves the memory: it came from a file, which may come again any day."""
PART: Final = 2_000_000
"""Rows merged at once."""


class Ids(NamedTuple):
    """Ids in the order of their keys, each once."""

    keys: np.ndarray
    """uint64, the fingerprints of (source, messageId)."""
    contents: np.ndarray
    """int64, hashes of what came under the id."""
    times: np.ndarray
    """uint32, seconds since 1970 of their receipt, or FOR_EVER."""


class Run:
    """Ids that came after the journal position `first` up to `last`: in memory until written."""

    def __init__(self, first: int, last: int, ids: Ids, place: Path | None = None) -> None:
        self.first, self.last = first, last
        self.place = place
        """Its folder, once it is on disk."""
        self.ids = Ids(*map(_frozen, ids))
        self.newest = self.kept = 0
        """When the last of its ids came that are not kept for ever, and how many are."""
        for at in range(0, len(self.ids.times), PART):
            passing = self.ids.times[at : at + PART]
            self.kept += int((passing == FOR_EVER).sum())
            self.newest = max(self.newest, int(passing[passing != FOR_EVER].max(initial=0)))

    def __len__(self) -> int:
        return len(self.ids.keys)

    def find(self, keys: np.ndarray, places: np.ndarray) -> None:
        """Write the place of each key here into `places`, where it is -1 and the key is here."""
        if len(self):
            _find(self.ids.keys, keys, places)


def opened(folder: Path, position: int) -> list[Run]:
    """Which runs in `folder` hold ids from up to `position`, the oldest first?

    Only as many as follow one another without a gap. What else lies there is removed: parts of
    larger runs, runs of what has yet to be applied again, and what was not finished.
    """
    runs: list[Run] = []
    covered = 0
    for first, last, place in sorted(_named(folder), key=lambda one: (one[0], -one[1])):
        if first == covered and covered < last <= position:
            runs.append(Run(first, last, Ids(*(_mapped(place / n, t) for n, t in COLUMNS.items())),
                            place))  # fmt: skip
            covered = last
        else:
            shutil.rmtree(place)
    return runs


def written(folder: Path, first: int, last: int, parts: Iterable[Ids]) -> Run:
    """Write ids that come in the order of their keys as one run: durable on return."""
    place = folder / f"{first:016d}-{last:016d}"
    draft = folder / f"{place.name}.part"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    files = [(draft / name).open("wb", buffering=0) for name in COLUMNS]
    try:
        for part in parts:
            for file, column in zip(files, part, strict=True):
                file.write(np.ascontiguousarray(column).view(np.uint8).data)
        for file in files:
            os.fsync(file.fileno())
    finally:
        for file in files:
            file.close()
    draft.rename(place)
    sync_folder(folder)
    return Run(first, last, Ids(*(_mapped(place / n, t) for n, t in COLUMNS.items())), place)


def merged(runs: Sequence[Run], alive: int) -> Iterator[Ids]:
    """The ids of neighbouring runs, the oldest run first, in parts that fit in memory.

    Of ids that are in several the latest counts. Those that came before `alive` are left out.
    """
    total = sum(map(len, runs))
    bounds = np.linspace(0.0, 2.0**64, max(2, total // PART + 2))[1:-1].astype(np.uint64)
    starts = [0] * len(runs)
    for bound in [*bounds, None]:
        ends = [
            len(run) if bound is None else int(np.searchsorted(run.ids.keys, bound)) for run in runs
        ]
        slices = [
            Ids(*(column[start:end] for column in run.ids))
            for run, start, end in zip(runs, starts, ends, strict=True)
        ]
        starts = ends
        yield _latest(Ids(*(np.concatenate(columns) for columns in zip(*slices, strict=True))),
                      alive)  # fmt: skip


def each_once(parts: Iterable[Ids]) -> Iterator[Ids]:
    """Ids in the order of their keys, the latest last: of each only the latest."""
    held: Ids | None = None
    for part in parts:
        ids = part if held is None else Ids(*map(np.concatenate, zip(held, part, strict=True)))
        last = np.append(ids.keys[1:] != ids.keys[:-1], False)
        yield Ids(*(column[last] for column in ids))
        held = Ids(*(column[-1:] for column in ids))
    if held is not None:
        yield held


def forget_pages(runs: Iterable[Run]) -> None:
    """Give back the memory that reading whole runs from their files took."""
    for run in runs:
        for column in run.ids:
            held = getattr(column.base, "obj", None)
            if isinstance(held, mmap.mmap):
                held.madvise(mmap.MADV_DONTNEED)


def _latest(ids: Ids, alive: int) -> Ids:
    order = np.argsort(ids.keys, kind="stable")
    keys = ids.keys[order]
    last = np.append(keys[1:] != keys[:-1], True) if len(keys) else np.zeros(0, bool)
    order = order[last]
    order = order[ids.times[order] >= max(alive, 0)]
    return Ids(*(column[order] for column in ids))


def _named(folder: Path) -> Iterator[tuple[int, int, Path]]:
    if folder.exists():
        for place in folder.iterdir():
            first, _, last = place.name.partition("-")
            known = first.isdigit() and last.isdigit()
            yield (int(first), int(last), place) if known else (-1, -1, place)


def _mapped(file: Path, kind: Any) -> np.ndarray:
    if file.stat().st_size == 0:
        return np.empty(0, kind)
    with file.open("rb") as handle:
        return np.frombuffer(mmap.mmap(handle.fileno(), 0, access=mmap.ACCESS_READ), kind)


def _frozen(column: np.ndarray) -> np.ndarray:
    column.flags.writeable = False
    return column


@numba.njit(cache=True, nogil=True)
def _find(table: Any, keys: Any, places: Any) -> None:
    # Fingerprints lie evenly: a guess by proportion is right to within a few hundred rows.
    count = len(table)
    for i in range(len(keys)):
        if places[i] >= 0:
            continue
        key = keys[i]
        at = int(float(key) / 18446744073709551616.0 * count)
        at = min(max(at, 0), count - 1)
        step = 64
        if table[at] < key:
            low, high = at, at + step
            while high < count and table[high] < key:
                low, step = high, step * 2
                high = low + step
            high = min(high, count)
        else:
            low, high = at - step, at + 1
            while low > 0 and table[low] >= key:
                high, step = low, step * 2
                low = high - step
            low = max(low, 0)
        while low < high:
            middle = (low + high) // 2
            if table[middle] < key:
                low = middle + 1
            else:
                high = middle
        if low < count and table[low] == key:
            places[i] = low
