"""Reads from the tables what a calibration learns from: all profiles, or a fair sample of many."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

import numpy as np
import pyarrow as pa

from hotspring.calibration import COLUMNS, History, Question
from hotspring.pipeline import Pipeline, first_seq
from hotspring.temperature import RuleSet, Weigher

MOST_PROFILES: Final = 200_000
MOST_EVENTS: Final = 4_000_000
MOST_WITH_PROPERTIES: Final = 1_000_000
"""Events, where a rule in force asks for more of them than every calibration does."""
NOBODY: Final = np.uint64(2**64 - 1)


class Past:
    """The events of a pool up to a moment, as its identities see them today."""

    def __init__(self, pipeline: Pipeline, question: Question) -> None:
        with pipeline.lock:
            self.rules: RuleSet = pipeline.state.rules
            self._who = pipeline.state.who
            self._flags = pipeline.state.machines
            self._bound = first_seq(pipeline.position + 1)
            self._capacity = self._who.capacity
        self._pipeline = pipeline
        self._question = question
        asked = Weigher(self.rules, pipeline.settings.zone).columns
        self._more = tuple(n for n in asked if n not in (*COLUMNS, "origin_id"))

    def read(self, tell: Callable[[float], None]) -> History:
        """The history of the profiles that were there before the cut.

        Of very many, those whose first event has the smallest keys: the same in every rebuild.
        """
        key, count = self._keys(tell)
        tell(0.4)
        number = np.full(self._capacity, -1, np.int32)
        chosen = self._sample(key, count)
        number[chosen] = np.arange(len(chosen), dtype=np.int32)
        strong = self._strong()
        batches, profiles, known = [], [], []
        names = (*COLUMNS, *self._more)
        question = self._question
        condition = "AND (ms < ? OR (name = ? AND ms < ?))"
        parameters = [question.cut, question.goal, question.cut + question.horizon_ms]
        for batch, slots in self._events(condition, parameters, ("origin_id", "ids", *names)):
            rows = np.flatnonzero(number[slots] >= 0)
            lengths = batch.column("ids").value_lengths().to_numpy()
            ids = batch.column("ids").flatten().to_numpy(zero_copy_only=False)
            named = np.logical_or.reduceat(strong[ids], np.cumsum(lengths) - lengths)
            batches.append(batch.select(names).take(pa.array(rows)))
            profiles.append(number[slots[rows]])
            known.append(named[rows])
            tell(0.7)
        events = pa.Table.from_batches(batches).combine_chunks().to_batches()[0]
        return History(events, np.concatenate(profiles), np.concatenate(known), key[chosen])

    def _keys(self, tell: Callable[[float], None]) -> tuple[np.ndarray, np.ndarray]:
        """The smallest key of each slot's events before the cut, and how many there are."""
        key = np.full(self._capacity, NOBODY, np.uint64)
        count = np.zeros(self._capacity, np.int64)
        wanted = ("origin_id", "ms", "key", "flags")
        for batch, slots in self._events("AND ms < ?", [self._question.cut], wanted):
            np.minimum.at(key, slots, batch.column("key").to_numpy())
            count += np.bincount(slots, minlength=self._capacity)
            tell(0.2)
        return key, count

    def _sample(self, key: np.ndarray, count: np.ndarray) -> np.ndarray:
        there = np.flatnonzero(count)
        there = there[np.argsort(key[there], kind="stable")]
        most = MOST_WITH_PROPERTIES if self._more else MOST_EVENTS
        fits = int(np.searchsorted(np.cumsum(count[there]), most, side="right"))
        return there[: min(max(fits, 1), MOST_PROFILES)]

    def _events(
        self, condition: str, parameters: list[object], columns: tuple[str, ...]
    ) -> Iterator[tuple[pa.RecordBatch, np.ndarray]]:
        """Events and the slots they belong to; who came up meanwhile is left out."""
        given = [self._bound, *parameters]
        for batch in self._pipeline.warmth(self._flags, condition, given, columns):
            origins, ms = batch.column("origin_id").to_numpy(), batch.column("ms").to_numpy()
            with self._pipeline.lock:
                slots = self._who.profile_of(origins, ms)
            within = (slots >= 0) & (slots < self._capacity)
            if not within.all():
                batch, slots = batch.filter(pa.array(within)), slots[within]
            if len(slots):
                yield batch, slots

    def _strong(self) -> np.ndarray:
        """Which identifiers name a person, by number?"""
        kinds = [kind.name for kind in self._pipeline.settings.identifier_kinds if kind.strong]
        sql = "SELECT id, list_contains(?, kind) AS strong FROM identifiers"
        found = np.zeros(0, bool)
        for batch in self._pipeline.ask(sql, [kinds]):
            ids = batch.column("id").to_numpy()
            room = int(ids.max(initial=-1)) + 1
            found = np.append(found, np.zeros(max(room - len(found), 0), bool))
            found[ids] = batch.column("strong").to_numpy(zero_copy_only=False)
        return found
