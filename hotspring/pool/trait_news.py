"""What traits say of people by what was just written of them, where that alone decides.

Of several writes of a trait the last in time counts. One that sets it later than all that was ever
written of a person says what it is; whatever else came, all that was written has to be read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hotspring.pipeline import Pipeline
from hotspring.pool.asking import PREFIX
from hotspring.pool.trait_columns import typed
from hotspring.rules import Catalogue, Question
from hotspring.store import Store

AHEAD: Final = "SELECT origin_id, ms FROM trait_writes WHERE ms > ?"


class Told(NamedTuple):
    """What was written about people."""

    slot: np.ndarray
    writes: pa.Table
    """`ms`, `key`, `op`, `name` and `value`, as in `TRAIT_WRITES`."""


class Said(NamedTuple):
    """A trait as it is now."""

    slots: np.ndarray
    """int32: of whom, each once."""
    texts: pa.Array
    """JSON of each."""


class TraitNews:
    """Tells apart what decides by itself. For one thread."""

    def __init__(self, pipeline: Pipeline, store: Store) -> None:
        self._pipeline = pipeline
        self._store = store
        self._last = np.empty(0, np.int64)
        """By slot: nothing was written later (ms)."""
        self._furthest = 0
        """Nor anything of anybody after this and after now."""

    @property
    def begun(self) -> bool:
        """Was it told what there is?"""
        return self._furthest > 0

    def begin(self, size: int, now: int) -> None:
        """All there is was written by now, but for what says otherwise."""
        self._last = np.full(size, now, np.int64)
        ahead = self._store.query(AHEAD, [now])
        origins, ms = (ahead.column(name).to_numpy() for name in ("origin_id", "ms"))
        with self._pipeline.lock:
            slots = self._pipeline.state.who.profile_of(origins.astype(np.int32), ms)
        there = (slots >= 0) & (slots < size)
        np.maximum.at(self._last, slots[there], ms[there])
        self._furthest = int(ms.max(initial=now))

    def reach(self, size: int) -> None:
        """Have room for so many slots."""
        more = size - len(self._last)
        if more > 0:
            self._last = np.append(self._last, np.full(more, self._furthest))

    def others(self, slots: np.ndarray, now: int) -> None:
        """Whatever is written of these now was written of others before, perhaps."""
        self._last[slots] = max(now, self._furthest)

    def heard(self, ms: np.ndarray) -> None:
        """Something was written of anybody at these times."""
        self._furthest = max(self._furthest, int(ms.max(initial=0)))

    def take(self, told: Told, names: Iterable[str]) -> tuple[dict[str, Said], np.ndarray]:
        """What these traits say by these writes, and of whom (int32) all has to be read."""
        slot, ms = told.slot, told.writes.column("ms").to_numpy()
        plain = pc.equal(told.writes.column("op"), "set").to_numpy(zero_copy_only=False)
        unsure = np.unique(slot[~plain | (ms <= self._last[slot])])
        np.maximum.at(self._last, slot, ms)
        sure = ~np.isin(slot, unsure)
        found = {}
        for name in names:
            mine = pc.equal(told.writes.column("name"), name).to_numpy(zero_copy_only=False)
            at = np.flatnonzero(mine & sure)
            if len(at):
                key = told.writes.column("key").to_numpy()[at]
                order = at[np.lexsort((key, ms[at], slot[at]))]
                last = order[np.append(slot[order][1:] != slot[order][:-1], True)]
                texts = told.writes.column("value").take(pa.array(last)).combine_chunks()
                found[name] = Said(slot[last].astype(np.int32), texts)
        return found, unsure.astype(np.int32)

    def truths(
        self, questions: Sequence[Question], texts: pa.Array, there: Catalogue, now: int
    ) -> np.ndarray:
        """bool[n, k]: what do leaves that ask for one and the same trait say of these values?"""
        several = Question.several([one.rule for one in questions], there)
        words = texts.dictionary_encode()
        (trait,) = several.at(now).needs.traits
        values = typed(words.dictionary.to_pylist(), trait.kind, there.zone)
        people = pa.table({"profile": np.arange(len(values), dtype=np.int32), trait.column: values})
        with self._store.reader("") as cursor:
            cursor.register(f"{PREFIX}profiles", people)
            rows = cursor.execute(several.sql(now, PREFIX)).to_arrow_table()
        rows = rows.sort_by("profile")
        marks = [column.to_numpy(zero_copy_only=False).astype(bool) for column in rows.columns[1:]]
        found: np.ndarray = np.stack(marks, axis=1)[words.indices.to_numpy()]
        return found


def by_trait(asked: dict[Any, Question]) -> dict[str, list[Any]]:
    """The leaves that ask for traits, by the name of the trait."""
    found = defaultdict(list)
    for leaf, question in asked.items():
        for one in question.needs.traits if question.wakes == "trait" else ():
            found[one.name].append(leaf)
    return dict(found)
