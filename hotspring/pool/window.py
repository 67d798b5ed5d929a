"""The events of the last minutes in memory: heard from the pipeline, once read from the store."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from hotspring.engine import engine
from hotspring.pipeline import Pipeline, first_seq
from hotspring.pool.dimensions import sql
from hotspring.store import Store

MINUTE_MS: Final = 60_000
MINUTES: Final = 30
"""The minute that runs, and those before it."""
MOST_ROWS: Final = 1_000_000
"""Events that are kept; where more came, the window is shorter and says so."""
HEARD: Final = (
    "origin_id", "key", "ms", "flags", "type", "name", "channel", "amount", "currency",
    "properties", "context",
)  # fmt: skip
HOST: Final = (
    "nullif(regexp_extract(json_extract_string(context, '/page/url'), '^[a-z]+://([^/:?#]+)', 1), "
    "'')"
)
TEXTS: Final = {
    "name": "name",
    "currency": "currency",
    "channel": sql("channel"),
    # A screen of an app has no address.
    "page": f"CASE WHEN type = 'page' THEN {sql('page')} "
    f"WHEN type = 'screen' THEN coalesce({sql('page')}, {sql('name')}) END",
    # From one page of a site to the next nobody comes from anywhere.
    "source": f"coalesce({sql('utm_source')}, {sql('search_engine')}, "
    f"CASE WHEN {sql('referrer')} IS DISTINCT FROM {HOST} THEN {sql('referrer')} END)",
}
"""What is told of an event, as SQL over the table of events; null where nothing is."""
NUMBERS: Final = ("origin_id", "key", "ms", "flags", "amount")
READ: Final = ", ".join([*NUMBERS, *(f"{text} AS {name}_" for name, text in TEXTS.items())])


class Coded(NamedTuple):
    """Texts of events."""

    codes: npt.NDArray[np.int32]
    """Which of the words; -1 where there is none."""
    words: list[str]


class Rows(NamedTuple):
    """Some events, a row for each."""

    numbers: dict[str, npt.NDArray[Any]]
    """Those of `NUMBERS`; an amount that is not told is NaN."""
    texts: dict[str, Coded]
    """Those of `TEXTS`."""

    def __len__(self) -> int:
        return len(self.numbers["ms"])

    def at(self, rows: npt.NDArray[Any]) -> Rows:
        """Some of them only, with the words that they have."""
        texts = dict[str, Coded]()
        for name, (codes, words) in self.texts.items():
            codes = codes[rows]
            if len(words) > 2 * len(codes) + 1_000:
                used, places = np.unique(codes, return_inverse=True)
                words = [words[one] for one in used.tolist() if one >= 0]
                codes = (places - (used[:1] < 0).sum()).astype(np.int32)
            texts[name] = Coded(codes, words)
        return Rows({name: column[rows] for name, column in self.numbers.items()}, texts)

    def with_(self, other: Rows) -> Rows:
        """These, and those."""
        numbers = {
            name: np.append(column, other.numbers[name]) for name, column in self.numbers.items()
        }
        return Rows(
            numbers, {name: _joined(one, other.texts[name]) for name, one in self.texts.items()}
        )

    @classmethod
    def of(cls, table: pa.Table) -> Rows:
        """The rows of an answer to `READ`."""
        numbers = {name: table[name].to_numpy(zero_copy_only=False) for name in NUMBERS}
        return cls(numbers, {name: _coded(table[f"{name}_"]) for name in TEXTS})


class Window:
    """Keeps the events that happened in the last minutes, by when they happened.

    One caller at a time. While it is followed it hears each batch of the pipeline; what came
    before, or may have changed since, it reads from the store.
    """

    def __init__(self, pipeline: Pipeline, store: Store) -> None:
        self._pipeline = pipeline
        self._store = store
        self._ear = pipeline.listen(HEARD, passers=True)
        self._engine: Any = None
        self.rows: Rows | None = None
        """None as long as nobody follows."""
        self.position = 0
        """What was applied up to this journal position is in it."""
        self.since = 0
        """Events before that moment (ms) are not all there."""

    def follow(self, now: int) -> Rows:
        """The events of the window that ends at `now` (ms), as the pipeline stands."""
        first = begin(now)
        with self._pipeline.lock:
            known = self.rows is not None and self._ear.wanted
            self._ear.wanted = True
            heard = self._ear.take()
            self.position = self._pipeline.position
        if not known or heard.everyone or self.rows is None:
            self.since = 0
            self.rows = self._filled(first, first_seq(self.position + 1))
        else:
            self.rows = self._kept(self.rows, max(first, self.since))
            events = [news.events for news in heard.news]
            if sum(batch.num_rows for batch in events):
                fresh = self._kept(Rows.of(self._read(events)), max(first, self.since))
                self.rows = self.rows.with_(fresh)
        self._bound()
        return self.rows

    def rest(self) -> None:
        """Nobody follows any more: what it holds goes."""
        self._ear.wanted = False
        with self._pipeline.lock:
            self._ear.take()
        self.rows = self._engine = None

    def _filled(self, first: int, until: int) -> Rows:
        asked = f"SELECT {READ} FROM events WHERE ms >= ? AND seq < ?"
        return Rows.of(self._store.query(asked, [first, until]))

    def _read(self, events: Iterable[pa.RecordBatch]) -> pa.Table:
        """The same of batches in memory."""
        if self._engine is None:
            self._engine = engine(threads=1)
        self._engine.register("events", pa.Table.from_batches(events))
        try:
            return self._engine.execute(f"SELECT {READ} FROM events").to_arrow_table()
        finally:
            self._engine.unregister("events")

    def _kept(self, rows: Rows, first: int) -> Rows:
        inside = rows.numbers["ms"] >= first
        return rows if inside.all() else rows.at(np.flatnonzero(inside))

    def _bound(self) -> None:
        """Where there are too many, leave whole minutes out, the oldest first."""
        if self.rows is None or len(self.rows) <= MOST_ROWS:
            return
        ms = self.rows.numbers["ms"]
        oldest = int(np.partition(ms, len(ms) - MOST_ROWS)[len(ms) - MOST_ROWS])
        self.since = (oldest // MINUTE_MS + 1) * MINUTE_MS
        self.rows = self._kept(self.rows, self.since)


def begin(now: int) -> int:
    """When does the window that ends at `now` begin? With a whole minute, ms."""
    return (now // MINUTE_MS - MINUTES + 1) * MINUTE_MS


def _coded(texts: pa.ChunkedArray) -> Coded:
    found = texts.combine_chunks().dictionary_encode()
    codes = pc.fill_null(found.indices, -1).to_numpy(zero_copy_only=False)
    return Coded(codes.astype(np.int32), found.dictionary.to_pylist())


def _joined(one: Coded, other: Coded) -> Coded:
    places = {word: at for at, word in enumerate(one.words)}
    new = np.array([places.setdefault(word, len(places)) for word in other.words] + [-1], np.int32)
    return Coded(np.append(one.codes, new[other.codes]).astype(np.int32), list(places))
