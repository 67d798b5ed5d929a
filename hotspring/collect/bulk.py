"""The judge's short way: the plain events of a batch become columns in a few compiled passes.

It takes what it is sure of and leaves the rest; `Judge.event` says what is right, and a test holds
both to the same events.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

from hotspring.collect.context import Context
from hotspring.collect.identifiers import Shape
from hotspring.collect.known import FACTS, Known, Tables
from hotspring.collect.lay import CONTENT, CONTEXT_ENTRY, FLAGS, MS, NAME_ENTRY, gather, lay, weigh
from hotspring.collect.scan import CONTEXT as AROUND
from hotspring.collect.scan import MONEY, NAME, ODD
from hotspring.collect.sitting import Sitting
from hotspring.delivery import NUMBERS, PLACE_ORIGIN, TEXTS, Columns, spots
from hotspring.event import Event

NameOf = Callable[[bytes], "str | None"]
ContextOf = Callable[[bytes], "Context | None"]


class Facts(NamedTuple):
    """What is known of the events of a scan."""

    of: np.ndarray
    """int64[events, 5]: see `lay`."""
    names: Tables
    contexts: Tables

    def named(self, chosen: np.ndarray) -> Iterator[tuple[int, str]]:
        """The entries of the names of these events, and the names."""
        for entry in np.unique(self.of[chosen, NAME_ENTRY]).tolist():
            start, end = self.names.entries[entry, FACTS : FACTS + 2]
            yield entry, self.names.arena[start:end].tobytes().decode()


class Bulk:
    """Judges plain events by the settings of a pool, and remembers their names and contexts."""

    def __init__(
        self,
        shape: Shape,
        name: NameOf,
        context: ContextOf,
        oldest_ms: int,
        largest: int,
    ) -> None:
        self._shape = shape
        self._name = name
        self._context = context
        self._limits = (oldest_ms, largest)
        self._names = Known(1, 0)
        self._contexts = Known(3, 2)
        self._teaching = threading.Lock()
        words = ("track", self._shape.user, self._shape.anonymous)
        self._words = "".join((*words, "\0")).encode()
        self._words_array = np.frombuffer(self._words, np.uint8)
        self._word_ends = np.cumsum([0, *map(len, words)]).astype(np.int32)

    def judge(self, body: bytes, rows: np.ndarray, sitting: Sitting) -> Facts:
        """What is each event of a scan, as far as it is plain? Others get ODD."""
        text = np.frombuffer(body, np.uint8)
        terms = np.array(
            (sitting.received_ms, sitting.latest_ms, sitting.shift_ms, sitting.flags, *self._limits)
        )
        shape = self._shape
        facts = np.empty((len(rows), 5), np.int64)
        for _ in range(2):
            names, contexts = self._names.tables, self._contexts.tables
            unknown = weigh(
                text, rows, facts, terms, *names, *contexts,
                shape.junk_lengths, shape.junk, self._words_array, self._word_ends,
                shape.user_first,
            )  # fmt: skip
            if not unknown:
                break
            with self._teaching:
                self._learn(body, rows, facts)
        rows[(facts[:, NAME_ENTRY] < 0) | (facts[:, CONTEXT_ENTRY] < 0), ODD] = 1
        return Facts(facts, names, contexts)

    def columns(
        self, body: bytes, rows: np.ndarray, facts: Facts, others: dict[int, Event]
    ) -> Columns:
        """The columns of the plain events, and of `others` at their places."""
        pieces = np.zeros((len(TEXTS), len(rows), 3), np.int32)
        extra, others_ids, ids_of = self._others(others, pieces)
        kept = rows[:, ODD] == 0
        kept[list(others)] = True
        ids, counts = lay(
            rows, facts.of, kept, facts.names.entries, facts.contexts.entries, self._word_ends,
            self._shape.user_first, others_ids, ids_of, pieces,
        )  # fmt: skip
        arenas = (facts.names.arena, facts.contexts.arena)
        sources = (np.frombuffer(body, np.uint8), *arenas, np.frombuffer(extra, np.uint8))
        data, ends, lengths, same = gather(pieces, kept, ids, *sources)
        texts = {}
        whole = memoryview(data)
        for at, name in enumerate((*TEXTS, "ids")):
            some = whole[ends[at] : ends[at + 1]].tobytes()
            count = len(ids) if name == "ids" else len(counts)
            texts[name] = (some, b"" if same[at] else lengths[at, :count].tobytes())
        named = texts.pop("ids")
        numbers, spot = self._numbers(body, rows, facts.of, others)
        packed = {name: values[kept].tobytes() for name, values in numbers.items()}
        if any(spot.values()):
            texts[PLACE_ORIGIN], places = spots(
                [spot.get(at) for at in np.flatnonzero(kept).tolist()]
            )
            packed.update(places)
        return Columns(len(counts), texts, packed, named, counts.tobytes())

    def _others(
        self, others: dict[int, Event], pieces: np.ndarray
    ) -> tuple[bytes, np.ndarray, np.ndarray]:
        """All texts that do not stand in the body; where the ids of the others are, and whose."""
        texts = [self._words]
        end = len(self._words)
        ids: list[tuple[int, int]] = []
        ids_of = np.zeros((pieces.shape[1], 2), np.int32)
        for at, event in others.items():
            for column, name in enumerate(TEXTS):
                texts.append(getattr(event, name).encode())
                pieces[column, at] = (3, end, end + len(texts[-1]))
                end += len(texts[-1])
            ids_of[at] = (len(ids), len(ids) + len(event.ids))
            for one in event.ids:
                texts.append(one.encode())
                ids.append((end, end + len(texts[-1])))
                end += len(texts[-1])
        return b"".join(texts), np.array(ids, np.int32).reshape(-1, 2), ids_of

    @staticmethod
    def _numbers(
        body: bytes, rows: np.ndarray, facts: np.ndarray, others: dict[int, Event]
    ) -> tuple[dict[str, np.ndarray], dict[int, Any]]:
        amounts = np.full(len(rows), np.nan)
        # Of revenue, total and value the first that is there counts: it is written last.
        for field in (MONEY + 4, MONEY + 2, MONEY):
            for at in np.flatnonzero(rows[:, field + 1]).tolist():
                amounts[at] = float(body[rows[at, field] : rows[at, field + 1]])
        values = {"ms": facts[:, MS], "content": facts[:, CONTENT], "flags": facts[:, FLAGS]}
        numbers = {
            name: (amounts if name == "amount" else values[name]).astype(code)
            for name, code in NUMBERS.items()
        }
        for at, event in others.items():
            amount = np.nan if event.amount is None else event.amount
            numbers["ms"][at], numbers["content"][at] = event.ms, event.content
            numbers["flags"][at], numbers["amount"][at] = event.flags, amount
        return numbers, {at: event.place for at, event in others.items()}

    def _learn(self, body: bytes, rows: np.ndarray, facts: np.ndarray) -> None:
        for raw in _distinct(body, rows, NAME, facts[:, NAME_ENTRY]):
            name = self._name(raw)
            self._names.learn(raw, () if name is None else (name,), ())
        for raw in _distinct(body, rows, AROUND, facts[:, CONTEXT_ENTRY]):
            seen = self._context(raw)
            texts = () if seen is None else (seen.text, seen.channel, seen.device)
            self._contexts.learn(raw, texts, () if seen is None else (seen.mark, seen.flags))


def _distinct(body: bytes, rows: np.ndarray, field: int, entries: np.ndarray) -> set[bytes]:
    return {
        body[rows[at, field] : rows[at, field + 1]]
        for at in np.flatnonzero((entries == -1) & (rows[:, ODD] == 0))
    }
