"""Which tags one profile has by rule, however many rules there are.

What the rules ask is kept until a tag, or anything that rules may name, is another. How often
somebody did something follows from the times of it, which are read once for all rules; the engine
is asked each other leaf once, whatever number of rules it stands in.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa

from hotspring.errors import RuleRefused
from hotspring.named import Book, Kept
from hotspring.pipeline import Pipeline
from hotspring.pool import leaves
from hotspring.pool.asking import Asking
from hotspring.rules import Catalogue, Question, read, written
from hotspring.tags import Saved

PORTION: Final = 250
"""Leaves that the engine is asked of at once."""


class Asked(NamedTuple):
    """What the rules of all tags ask."""

    tags: list[tuple[Kept[Saved], list[Question]]]
    """Those that can be asked, by name, with their rules."""
    counted: dict[Any, Any]
    """The leaves that follow from the times of one event, and how."""
    others: list[tuple[list[Any], Any]]
    """All other leaves in portions, with the question of each portion."""


class TagRules:
    """Asks all tags by rule of one profile. From any thread."""

    def __init__(self, pipeline: Pipeline, asking: Asking) -> None:
        self._pipeline = pipeline
        self._asking = asking
        self._lock = threading.Lock()
        self._known: tuple[tuple[int, Catalogue], Asked] | None = None

    def of(self, slot: int, book: Book[Saved], there: Catalogue, now: int) -> dict[str, str]:
        """Which tags does a profile have by rule, and with which values?"""
        asked = self._asked(book, there)
        known = self._counts(slot, asked.counted, there, now)
        for some, question in asked.others:
            truths = self._asking.truths(question, now, np.array([slot], np.int32))
            if not len(truths.slots):
                return {}
            known |= dict(zip(some, truths.rules[0].tolist(), strict=True))

        def of(leaf: Any) -> np.ndarray:
            return np.array([known[leaf]])

        found = dict[str, str]()
        for kept, rules in asked.tags:
            first = (word for word, rule in zip(kept.said.words(), rules, strict=True)
                     if rule.holds(of)[0])  # fmt: skip
            if (word := next(first, None)) is not None:
                found[kept.id] = word
        return found

    def _asked(self, book: Book[Saved], there: Catalogue) -> Asked:
        ground = (book.seq, there)
        with self._lock:
            if self._known is None or self._known[0] != ground:
                self._known = ground, _read(book.listed(), there)
            return self._known[1]

    def _counts(
        self, slot: int, counted: Mapping[Any, Any], there: Catalogue, now: int
    ) -> dict[Any, bool]:
        """What follows from the times at which a profile did things."""
        if not counted:
            return {}
        rows = self._done(slot)
        rows = rows.only(rows.ms <= now)
        times = {one.event: rows.ms[rows.of(one.event)] for one in counted.values()}
        return {
            leaf: one.truths[
                min(int((times[one.event] >= one.start(now, there.zone)).sum()), one.depth)
            ]
            for leaf, one in counted.items()
        }

    def _done(self, slot: int) -> leaves.Rows:
        """What a profile did."""
        seen, slots = self._asking.events_of(np.array([slot], np.int32), leaves.READ_OF_SOME)
        mine = slots == slot
        seen, slots = seen.filter(pa.array(mine)), slots[mine]
        if not seen.num_rows:
            return leaves.NOTHING
        with self._pipeline.lock:
            machines = self._pipeline.state.machines
        batches = [machines.seen(one) for one in seen.combine_chunks().to_batches()]
        return leaves.done(pa.Table.from_batches(batches), slots)


def _read(kept: Sequence[Kept[Saved]], there: Catalogue) -> Asked:
    tags = [(one, rules) for one in kept if (rules := _rules(one, there))]
    counted, others = dict[Any, Any](), dict[Any, None]()
    # The oldest first: a new tag leaves the portions before it as they were compiled.
    for _, rules in sorted(tags, key=lambda tag: (tag[0].created_ms, tag[0].id)):
        for rule in rules:
            for leaf, question in rule.parts().items():
                one = question.counted()
                if one is None:
                    others[leaf] = None
                else:
                    counted[leaf] = one
    return Asked(tags, counted, list(_portions(list(others), there)))


def _portions(found: list[Any], there: Catalogue) -> Iterator[tuple[list[Any], Any]]:
    for first in range(0, len(found), PORTION):
        some = found[first : first + PORTION]
        yield some, Question.several(some, there)


def _rules(kept: Kept[Saved], there: Catalogue) -> list[Question]:
    """Its rules as questions; none of a tag by hand, nor of one that cannot be asked."""
    try:
        return [Question(read(written(rule), there, kept.id), there, 0) for rule in kept.rules]
    except RuleRefused:
        return []
