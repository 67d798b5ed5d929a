"""Rows for analyses without a pool, and events of a few people as hypothesis draws them."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np
from hypothesis import strategies as st

from hotspring.analytics import report

NOW = 1_760_000_000_000
HOUR = 3_600_000
DAY = 24 * HOUR
SHANGHAI = zoneinfo.ZoneInfo("Asia/Shanghai")
LONDON = zoneinfo.ZoneInfo("Europe/London")


class Row(NamedTuple):
    """One event."""

    slot: int
    ms: int
    hits: int
    code: int = 0
    worth: int = 0
    """Whole money."""
    other: int = 0
    """The code of the second dimension."""


class Given:
    """These rows as a source: by owner and time, in stretches that are cut between owners."""

    def __init__(self, rows: Sequence[Row], words: Sequence[Sequence[str]] = ((), ())) -> None:
        self._rows = sorted(rows, key=lambda row: (row.slot, row.ms))
        self._words = words

    def __iter__(self) -> Iterator[report.Rows]:
        slots = sorted({row.slot for row in self._rows})
        for some in (slots[::2], slots[1::2]):
            rows = [row for row in self._rows if row.slot in some]
            yield report.Rows(
                np.array([row.slot for row in rows], np.int32),
                np.array([row.ms for row in rows], np.int64),
                np.array([row.hits for row in rows], np.int64),
                (
                    np.array([row.code for row in rows], np.int32),
                    np.array([row.other for row in rows], np.int32),
                ),
                np.array([row.worth * 1e6 for row in rows], np.float64),
            )

    def each(self, work: Callable[[report.Rows], Any]) -> Iterator[Any]:
        with ThreadPoolExecutor(2) as workers:
            yield from workers.map(work, self)

    def words(self, dimension: int) -> Sequence[str]:
        return self._words[dimension]

    def firsts(self) -> Any:
        found = np.full(max((row.slot for row in self._rows), default=-1) + 1, 2**62, np.int64)
        for row in self._rows:
            found[row.slot] = min(found[row.slot], row.ms)
        return found


def setting(asked: Any, zone: zoneinfo.ZoneInfo = SHANGHAI, now: int = NOW) -> report.Setting:
    days = report.days_of(zone)
    return report.Setting(now, zone, report.period(asked, days, now))


def rows(steps: int, hours: int = 14 * 24, most: int = 24) -> st.SearchStrategy[list[Row]]:
    """Events of up to four people over some hours before now, many of them at one moment."""
    moment = st.integers(0, 2 * hours).map(lambda half: NOW - half * HOUR // 2)
    row = st.builds(
        Row, st.integers(0, 3), moment, st.integers(0, 2**steps - 1), st.integers(-1, 2),
        st.sampled_from([0, 0, 10, -3]), st.integers(-1, 2),
    )  # fmt: skip
    return st.lists(row, max_size=most)
