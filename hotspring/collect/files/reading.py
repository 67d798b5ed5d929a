"""What every reader of files gives: names of columns and batches of numbered rows."""

from __future__ import annotations

import contextlib
import queue
import re
import threading
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

import numpy as np
import pyarrow as pa

from hotspring.errors import ImportRefused

MOST_COLUMNS: Final = 1_000
Part = TypeVar("Part")
DATA: Final = re.compile(r"[-+]?[\d.,:/ -]+%?")


@dataclass(frozen=True)
class BadRow:
    """A row that no table row could be made of."""

    row: int
    reason: str
    text: str


@dataclass
class Reading:
    """A file being read. Batches have the columns `row` (the header is row 1), `c0`, `c1`, ..."""

    format: str
    columns: list[str]
    batches: Iterator[pa.RecordBatch]
    bad: list[BadRow]
    """Grows while batches are taken; who takes a batch empties it."""
    fraction: Callable[[], float]
    close: Callable[[], None]
    detail: str = ""
    sheets: list[str] = field(default_factory=list)
    """Of a workbook."""


def ahead(parts: Iterator[Part], depth: int = 1) -> Generator[Part]:
    """The same parts; the next ones are made in a thread while one is at work."""
    ready: queue.Queue[tuple[list[Part], BaseException | None]] = queue.Queue(depth)
    left = threading.Event()

    def read() -> None:
        try:
            for part in parts:
                ready.put(([part], None))
                if left.is_set():
                    return
            ready.put(([], None))
        except BaseException as error:
            ready.put(([], error))

    reader = threading.Thread(target=read, name="import-reader", daemon=True)
    reader.start()
    try:
        while True:
            given, error = ready.get()
            if error is not None:
                raise error
            if not given:
                return
            yield given[0]
    finally:
        left.set()
        while reader.is_alive():
            # One that waits for room gets it, and sees that nobody takes any more.
            with contextlib.suppress(queue.Empty):
                ready.get(timeout=0.01)
        reader.join()


def header(cells: Sequence[Any], file: str) -> list[str]:
    """Which names do the columns have? Empty and repeated ones get a number."""
    names = ["" if cell is None else re.sub(r"\s+", " ", str(cell)).strip() for cell in cells]
    if not any(names):
        raise ImportRefused(f"{file} has no header row with the names of the columns")
    if len(names) > MOST_COLUMNS:
        raise ImportRefused(f"{file} has {len(names)} columns; at most {MOST_COLUMNS} are read")
    given = [name for name in names if name]
    if sum(bool(DATA.fullmatch(name)) for name in given) * 2 >= len(given):
        raise ImportRefused(
            f"{file} has no header row: its first row looks like data ({', '.join(given[:4])})"
        )
    if len(names) == 1 and len(names[0]) > 200:
        raise ImportRefused(f"{file} is not a table: its first line is running text")
    return _distinct(names)


def numbered(batch: pa.RecordBatch, numbers: np.ndarray[Any, Any]) -> pa.RecordBatch:
    """The batch with its row numbers in front and its columns named by position."""
    names = ["row", *(f"c{i}" for i in range(batch.num_columns))]
    arrays = [pa.array(numbers, pa.int64()), *batch.columns]
    return pa.RecordBatch.from_arrays(arrays, names=names)


def _distinct(names: list[str]) -> list[str]:
    seen: Counter[str] = Counter()
    result = []
    for place, name in enumerate(names, 1):
        base = name or f"column {place}"
        seen[base] += 1
        result.append(base if seen[base] == 1 else f"{base} ({seen[base]})")
    return result
