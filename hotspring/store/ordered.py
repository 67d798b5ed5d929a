"""The rows of a table by owner and time: sealed blocks as they lie, the rest sorted beside them."""

from __future__ import annotations

import functools
import itertools
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from pathlib import Path
from typing import Final, NamedTuple, Protocol, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from hotspring.store import merging
from hotspring.store.footers import LEAST, MOST, Footer
from hotspring.store.groups import DECODERS, Groups
from hotspring.store.scan import Parts

PORTION: Final = 1_000_000
"""About so many rows come at once: enough for compiled passes, little for memory."""
GROUPS: Final = 32
"""Row groups of a block that are decoded at once."""
AHEAD: Final = 2
"""Portions that are read before they are asked for."""
LAST: Final = 2**31 - 1

Columns = dict[str, np.ndarray]
T = TypeVar("T")


class Owners(Protocol):
    """Whose rows are whose. `slot` and `span` are int32 by subject."""

    @property
    def slot(self) -> np.ndarray: ...
    @property
    def span(self) -> np.ndarray:
        """-1 where a subject belongs to one owner at all times."""

    @property
    def holders(self) -> np.ndarray:
        """Subjects whose owners hold the others by turns."""

    def profile_of(self, origin_ids: np.ndarray, ms: np.ndarray) -> np.ndarray: ...


class Only(NamedTuple):
    """Which rows are wanted. The others are dropped before anything else is done with them."""

    since: int = LEAST
    before: int = MOST
    """Those with `since <= ms < before`; what lies outside is not even read where a row group tells
    so."""
    named: Sequence[str] = ()
    """Columns of words: those that say one of the words."""
    without: Mapping[str, int] = {}
    """Columns of bits: those that have none of these."""


class Asked(NamedTuple):
    """What to give of each row beside its owner and its time."""

    columns: Sequence[str]
    words: Mapping[str, Sequence[str]]
    """Text columns, given as int32: which of these words it is, their number for any other."""
    until: int
    """Only rows with `seq` below this."""
    only: Only
    """Only those of them."""


class Stretch(NamedTuple):
    """Rows of whole owners, each owner's together: by `ms`, then by subject, then as they came."""

    slot: np.ndarray
    """int32, the owner of each row."""
    ms: np.ndarray
    """int64."""
    columns: Columns


def in_order(
    parts: Parts,
    asked: Asked,
    owners: Owners,
    seen: np.ndarray,
    footers: Mapping[Path, Footer],
    make: Callable[[Stretch], T],
) -> Iterator[T]:
    """What `make` makes of all rows of every owner together, by time; owners come in no order of
    theirs.

    Owners of one subject lie in order in every block, and blocks and fresh rows are merged. Those
    of several subjects (`seen`: which subjects there are), and of devices that are shared, are set
    aside on the way, sorted, and come at the end.
    """
    scattered = _scattered(owners, seen)
    aside: list[_Rows] = []
    sealed = [
        _Sealed(file, parts.projections.get(file), asked, footers[file]) for file in parts.files
    ]
    # Of rows at the same time those of the older block came first.
    runs = [*sorted(sealed, key=lambda run: run.first_seq), *_fresh(list(parts.fresh), asked)]

    def made(parts: list[list[_Rows]]) -> list[T]:
        stretch, apart = _merged(parts, owners, scattered)
        if len(apart.ms):
            aside.append(apart)
        return [make(stretch)] if len(stretch.ms) else []

    yield from itertools.chain.from_iterable(_portions(runs, made))
    if aside:
        yield from _gathered(_joined(aside), owners, make)


def _merged(
    runs: list[list[_Rows]], owners: Owners, scattered: np.ndarray
) -> tuple[Stretch, _Rows]:
    """The rows of several runs, in parts, as one run, and those that are set aside."""
    if not runs:
        return Stretch(NOTHING.origin, NOTHING.ms, {}), NOTHING
    rows = _joined([part for parts in runs for part in parts])
    ends = np.cumsum([sum(len(part.ms) for part in parts) for parts in runs])
    order, slot, ms, apart = merging.ordered(
        rows.origin, rows.ms, ends, owners.slot, owners.span, scattered
    )
    columns = rows.columns
    if len(order) < len(rows.ms) or len(ends) > 1:
        columns = {name: merging.taken(column, order) for name, column in columns.items()}
    return Stretch(slot, ms, columns), rows.at(apart)


class _Rows(NamedTuple):
    origin: np.ndarray
    ms: np.ndarray
    columns: Columns

    def at(self, rows: np.ndarray) -> _Rows:
        columns = {name: merging.taken(column, rows) for name, column in self.columns.items()}
        return _Rows(merging.taken(self.origin, rows), merging.taken(self.ms, rows), columns)

    def cut(self, start: int, stop: int | None) -> _Rows:
        columns = {name: column[start:stop] for name, column in self.columns.items()}
        return _Rows(self.origin[start:stop], self.ms[start:stop], columns)

    def of(self, asked: Asked, bits: Columns, inside: bool) -> _Rows:
        """Those that are wanted, for good; `bits` are columns that only tell which these are, and
        all lie `inside` of the period, or it is to be looked."""
        only = asked.only
        tests = [] if inside else [self.ms >= only.since, self.ms < only.before]
        tests += [self.columns[name] < len(asked.words[name]) for name in only.named]
        tests += [column & only.without[name] == 0 for name, column in bits.items()]
        if not tests:
            return self
        rows = merging.kept(functools.reduce(np.logical_and, tests))
        return self if len(rows) == len(self.ms) else self.at(rows)


NOTHING: Final = _Rows(np.empty(0, np.int32), np.empty(0, np.int64), {})


def _joined(parts: Sequence[_Rows]) -> _Rows:
    # Always copied: compiled passes are made for writable arrays.
    return _Rows(
        np.concatenate([part.origin for part in parts]),
        np.concatenate([part.ms for part in parts]),
        {name: np.concatenate([part.columns[name] for part in parts]) for name in parts[0].columns},
    )


class _Run:
    """Rows that ascend by subject, time and `seq`, taken from the start on."""

    def __init__(self, waiting: list[_Rows]) -> None:
        self._waiting = waiting

    def portions(self) -> list[tuple[int, int]]:
        """(last subject, rows) of each part of the run."""
        return [(int(part.origin[-1]), len(part.origin)) for part in self._waiting]

    def expect(self, bound: int, decoders: Executor) -> None:
        """Begin to read what `take` will give up to `bound`."""

    def take(self, bound: int) -> list[_Rows]:
        """The next rows, in parts: those of subjects up to `bound`."""
        taken, kept = [], []
        for part in self._waiting:
            at = int(np.searchsorted(part.origin, bound, "right"))
            taken += [part.cut(0, at)] if at else []
            kept += [part.cut(at, None)] if at < len(part.origin) else []
        self._waiting = kept
        return taken


class _Sealed(_Run):
    """A block: read as far as is asked for."""

    def __init__(self, file: Path, projection: Path | None, asked: Asked, footer: Footer) -> None:
        super().__init__([])
        self._asked = asked
        self._file = Groups(file, footer, asked.words, projection)
        self.first_seq = int(footer.range("seq").low.min(initial=MOST))
        self._whole = bool(footer.range("seq").high.max(initial=LEAST) < asked.until)
        ms, subjects, only = footer.range("ms"), footer.range("origin_id"), asked.only
        self._groups = np.flatnonzero((ms.high >= only.since) & (ms.low < only.before))
        """The row groups in which wanted rows may be."""
        self._inside = ((ms.low >= only.since) & (ms.high < only.before))[self._groups]
        """Where all lie in the period."""
        self._first = subjects.low[self._groups]
        self._last = subjects.high[self._groups]
        self._rows = footer.rows[self._groups]
        told = {name: footer.range(name) for name in only.without}
        self._bits = {
            name: ((low != 0) | (high != 0))[self._groups] for name, (low, high) in told.items()
        }
        """Where bits may be set at all, by column."""
        self._next = 0
        self._coming: deque[list[Future[_Rows]]] = deque()

    def portions(self) -> list[tuple[int, int]]:
        return list(zip(self._last.tolist(), self._rows.tolist(), strict=True))

    def expect(self, bound: int, decoders: Executor) -> None:
        start, self._next = self._next, int(np.searchsorted(self._first, bound, "right"))
        self._coming.append(
            [
                decoders.submit(self._read, slice(at, min(at + GROUPS, self._next)))
                for at in range(start, self._next, GROUPS)
            ]
        )

    def take(self, bound: int) -> list[_Rows]:
        read = [future.result() for future in self._coming.popleft()]
        self._waiting += [rows for rows in read if len(rows.ms)]
        return super().take(bound)

    def _read(self, part: slice) -> _Rows:
        bits = [name for name, there in self._bits.items() if there[part].any()]
        extra = () if self._whole else ("seq",)
        columns = list(dict.fromkeys(["origin_id", "ms", *extra, *bits, *self._asked.columns]))
        table = self._file.read(self._groups[part].tolist(), columns)
        if not self._whole:
            table = table.filter(pc.less(table.column("seq"), self._asked.until))
        return _rows(table, self._asked, bits, bool(self._inside[part].all()))


def _fresh(batches: Sequence[pa.RecordBatch], asked: Asked) -> list[_Run]:
    """The rows in memory as runs, one for each thread."""
    if not batches:
        return []
    bits = list(asked.only.without)
    names = list(dict.fromkeys(["origin_id", "ms", "seq", *bits, *asked.columns]))
    table = pa.Table.from_batches(batches).select(names)
    if pc.max(table.column("seq")).as_py() >= asked.until:
        table = table.filter(pc.less(table.column("seq"), asked.until))
    # Both passes keep the order of `seq`, in which rows come unless they were asked for.
    seq = table.column("seq").to_numpy()
    if (seq[1:] < seq[:-1]).any():
        table = table.take(np.argsort(seq))

    def sorted_(part: pa.Table) -> _Run:
        rows = _rows(part, asked, bits, inside=False)
        order = merging.together(rows.origin, int(rows.origin.max(initial=0)) + 1)
        merging.by_time(order, rows.origin, rows.ms, rows.origin)
        return _Run([rows.at(order)] if len(order) else [])

    many = -(-len(table) // DECODERS)
    with ThreadPoolExecutor(DECODERS, thread_name_prefix="fresh") as workers:
        return list(workers.map(sorted_, (table.slice(n * many, many) for n in range(DECODERS))))


def _rows(table: pa.Table, asked: Asked, bits: Sequence[str], inside: bool) -> _Rows:
    """The wanted rows; `bits` are the columns of which some may be set."""
    columns = {
        name: _coded(table.column(name), asked.words[name])
        if name in asked.words
        else _plain(table.column(name))
        for name in asked.columns
    }
    rows = _Rows(_plain(table.column("origin_id")), _plain(table.column("ms")), columns)
    return rows.of(asked, {name: _plain(table.column(name)) for name in bits}, inside)


def _plain(column: pa.ChunkedArray) -> np.ndarray:
    found: np.ndarray = column.to_numpy()
    return found


def _coded(texts: pa.ChunkedArray, words: Sequence[str]) -> np.ndarray:
    """int32: which of the words is each text? Their number for any other."""
    known, places = pa.array(words, pa.string()), np.empty(0, np.int32)
    codes, start, last = np.empty(len(texts), np.int32), 0, None
    for chunk in texts.chunks:
        found = chunk if pa.types.is_dictionary(chunk.type) else chunk.dictionary_encode()
        # Row groups beside each other mostly hold the same words.
        if last is None or not found.dictionary.equals(last):
            last = found.dictionary
            places = np.array(pc.fill_null(pc.index_in(last, known), len(known)), np.int32)
        end = start + len(chunk)
        if len(chunk):
            merging.put(codes[start:end], places, found.indices.to_numpy())
        start = end
    return codes


def _bounds(runs: Sequence[_Run]) -> list[int]:
    """After which subjects may the runs be cut, so that a portion has its number of rows?"""
    ends = sorted(end for run in runs for end in run.portions())
    bounds, rows = [], 0
    for last, count in ends:
        rows += count
        if rows >= PORTION:
            bounds.append(min(last, LAST))
            rows = 0
    return [*dict.fromkeys(bounds), *([] if bounds and bounds[-1] == LAST else [LAST])]


def _portions(runs: Sequence[_Run], made: Callable[[list[list[_Rows]]], T]) -> Iterator[T]:
    """What is made of the rows of all runs up to one subject after the other, ahead."""
    bounds = _bounds(runs)
    with (
        ThreadPoolExecutor(DECODERS, thread_name_prefix="decode") as decoders,
        ThreadPoolExecutor(1, thread_name_prefix="ordered") as worker,
    ):
        waiting: deque[Future[Future[T]]] = deque()

        def next_(bound: int, after: int | None) -> Future[T]:
            return decoders.submit(made, _taken(runs, bound, after, decoders))

        try:
            for run in runs:
                run.expect(bounds[0], decoders)
            for bound, after in itertools.zip_longest(bounds, bounds[1:]):
                waiting.append(worker.submit(next_, bound, after))
                if len(waiting) > AHEAD:
                    yield waiting.popleft().result().result()
            while waiting:
                yield waiting.popleft().result().result()
        finally:
            for future in waiting:
                future.cancel()


def _taken(
    runs: Sequence[_Run], bound: int, after: int | None, decoders: Executor
) -> list[list[_Rows]]:
    """The rows of each run up to this subject, in parts; those up to the one after begin to be
    read."""
    if after is not None:
        for run in runs:
            run.expect(after, decoders)
    return [parts for run in runs if (parts := run.take(bound))]


def _scattered(owners: Owners, seen: np.ndarray) -> np.ndarray:
    """bool by slot: whose rows stand in several places of a block, or change hands?"""
    size = int(owners.slot.max(initial=-1)) + 1
    return np.asarray(merging.scattered(owners.slot, owners.span, owners.holders, seen, size))


def _gathered(rows: _Rows, owners: Owners, make: Callable[[Stretch], T]) -> Iterator[T]:
    """What is made of rows that were set aside: of half the owners in each thread."""
    slot = owners.profile_of(rows.origin, rows.ms)

    def made(which: int) -> list[T]:
        mine = merging.kept(slot % DECODERS == which)
        return [make(one) for one in _stretches(rows.at(mine), merging.taken(slot, mine))]

    with ThreadPoolExecutor(DECODERS, thread_name_prefix="gathered") as workers:
        yield from itertools.chain.from_iterable(workers.map(made, range(DECODERS)))


def _stretches(rows: _Rows, slot: np.ndarray) -> Iterator[Stretch]:
    """Rows in no order by owner and time, in stretches of whole owners."""
    order = merging.together(slot, int(slot.max(initial=-1)) + 1)
    merging.by_time(order, slot, rows.ms, rows.origin)
    ends = np.flatnonzero(np.append(np.diff(slot[order]) != 0, True)) + 1
    start = 0
    while start < len(order):
        at = int(ends[min(int(np.searchsorted(ends, start + PORTION)), len(ends) - 1)])
        part = order[start:at]
        columns = {name: column[part] for name, column in rows.columns.items()}
        yield Stretch(slot[part], rows.ms[part], columns)
        start = at


class Subjects:
    """Which subjects have rows: learnt block by block, each is read once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._files: set[Path] = set()
        self._seen = np.zeros(0, bool)

    def of(self, parts: Parts, size: int) -> np.ndarray:
        """bool by subject, for at least `size` of them. It may name some whose rows are gone."""
        with self._lock:
            if size > len(self._seen):
                self._seen = np.append(self._seen, np.zeros(size - len(self._seen), bool))
            for file in parts.files:
                if file not in self._files:
                    for batch in pq.ParquetFile(file).iter_batches(PORTION, columns=["origin_id"]):
                        self._note(batch)
                    self._files.add(file)
            for batch in parts.fresh:
                self._note(batch)
            return self._seen.copy()

    def _note(self, batch: pa.RecordBatch) -> None:
        subjects = batch.column("origin_id").to_numpy()
        self._seen[subjects[subjects < len(self._seen)]] = True
