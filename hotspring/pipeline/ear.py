"""Whom the pipeline touched since somebody last asked, however long ago that was."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa

from hotspring.pipeline.state import Touched
from hotspring.pipeline.warming import NOBODY

MOST_ROWS: Final = 2_000_000
"""Events that are kept for one who does not take them; then it may have been everybody."""
READ: Final = ("origin_id", "key", "ms", "flags", "name")
"""Columns of events that are kept where nobody asks for others."""


class News(NamedTuple):
    """What one batch brought."""

    events: pa.RecordBatch
    """With the columns that the ear keeps, at least."""
    traits: pa.RecordBatch
    """What was written about people; their subjects at least."""
    consents: pa.RecordBatch
    """What people decided; their subjects at least."""
    every: pa.RecordBatch | None = None
    """The events with those of passers-by, where they are told."""


class Heard(NamedTuple):
    """All since the last time."""

    warmed: np.ndarray
    """int32: slots with new events, each once."""
    other: np.ndarray
    """int32: slots of which anything else may be different, each once."""
    everyone: bool
    """May anybody have changed, in ways that no slot tells?"""
    news: list[News]
    """What came, in order; nothing unless it is wanted, nor of everyone."""


class Slots:
    """Some slots, as a byte for each there is: to add a few takes no longer where many are in."""

    def __init__(self) -> None:
        self._there = np.zeros(0, np.bool_)
        self._any = False

    def add(self, slots: np.ndarray) -> None:
        """Have these in it, too."""
        if not len(slots):
            return
        size = int(slots.max()) + 1
        if size > len(self._there):
            there = np.zeros(max(size, 2 * len(self._there)), np.bool_)
            there[: len(self._there)] = self._there
            self._there = there
        self._there[slots] = self._any = True

    def take(self) -> np.ndarray:
        """int32, ascending: what is in it; then nothing is."""
        if not self._any:
            return NOBODY
        found = np.flatnonzero(self._there).astype(np.int32)
        self._there[found] = self._any = False
        return found


class Ear:
    """Hears slots, for one who takes them. Whoever calls it holds the lock of the pipeline."""

    def __init__(self, columns: Sequence[str] = READ, passers: bool = False) -> None:
        """Keeps these columns of events, those of passers-by too where they are asked for."""
        self._columns = list(columns)
        self._passers = passers
        self.everyone = False
        """May anybody have changed, in ways that no slot tells?"""
        self.wanted = False
        """Is what came to be kept, beside whom it touched?"""
        self._warmed, self._other = Slots(), Slots()
        self._news: list[News] = []
        self._rows = 0

    def hear(self, touched: Touched | None, news: News | None = None) -> None:
        """Remember these slots; None where it may be all."""
        if touched is None:
            self.everyone = True
            return
        self._warmed.add(touched.warmed)
        for slots in (touched.changed, touched.gone, touched.regrouped):
            self._other.add(slots)
        if news is not None and self.wanted and not self.everyone:
            every = news.every if self._passers and news.every is not None else news.events
            events = every.select(self._columns)
            self._news.append(News(events, news.traits, news.consents))
            self._rows += events.num_rows
            if self._rows > MOST_ROWS:
                self.everyone, self._news = True, []

    def take(self) -> Heard:
        """All since the last time."""
        found = Heard(self._warmed.take(), self._other.take(), self.everyone, self._news)
        self._news = []
        self.everyone, self._rows = False, 0
        return found
