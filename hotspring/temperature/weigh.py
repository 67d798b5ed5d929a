"""What events weigh under a rule set: a pure function of the events' own fields."""

from __future__ import annotations

import zoneinfo
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from hotspring.days import days_of
from hotspring.event import Flag
from hotspring.temperature import weighing
from hotspring.temperature.conditions import PROPERTIES, Answers
from hotspring.temperature.rules import ANY, RuleSet

Rows = npt.NDArray[np.int32]

IDLE: Final = int(Flag.BOT | Flag.SPENT)
"""Whatever is machine traffic, or spent, brings nothing."""
NO_MONEY: Final = (np.empty(0), np.empty(0, np.int32), np.empty(0), np.empty((0, 0)))


class Weights(NamedTuple):
    """What the events of one batch bring, one entry per event and rule that weighs it."""

    event: Rows
    """Row of the event in its batch."""
    rule: npt.NDArray[np.int16]
    """Position of the rule in the set."""
    weight: npt.NDArray[np.float64]
    """Signed, never zero."""
    day: npt.NDArray[np.int32]
    """Day of the pool's zone for capped rules, else 0."""

    def of(self, events: npt.NDArray[np.bool_]) -> Weights:
        """The weights of some events only: one boolean per event of the batch."""
        return self.at(events[self.event])

    def at(self, entries: Any) -> Weights:
        """Some entries only: a mask, a slice or positions."""
        return Weights(
            self.event[entries], self.rule[entries], self.weight[entries], self.day[entries]
        )


class Weigher:
    """A rule set made ready to weigh batches in one time zone."""

    FIELDS: Final = (
        "origin_id", "ms", "source", "name", "channel", "device", "flags", "amount", "currency",
        "properties",
    )  # fmt: skip
    """Whose an event is and when, and all that any rules may ask of it."""

    WORDS: Final = ("source", "name", "channel", "device", "currency")
    """Those of few values, which come quicker as words of a dictionary."""

    def __init__(self, rules: RuleSet, zone: zoneinfo.ZoneInfo) -> None:
        self.rules = rules
        self._days = days_of(zone)
        self._points = np.array([rule.points for rule in rules.rules], np.float64)
        amounts = [rule.amount for rule in rules.rules]
        self._fields = sorted({amount for amount in amounts if isinstance(amount, str)})
        self._by_amount = np.array([self._source(amount) for amount in amounts], np.int16)
        self._capped = np.array([rule.cap is not None for rule in rules.rules], bool)
        self._conditional = [i for i, rule in enumerate(rules.rules) if rule.conditions]
        self._condition = np.full(len(rules.rules), -1, np.int16)
        self._condition[self._conditional] = np.arange(len(self._conditional))
        self._names, self._first, self._listed = _lists(rules)

    def _source(self, amount: bool | str) -> int:
        """Where does a rule find its amount? -1: nowhere, 0: the event's own, else a property."""
        return 1 + self._fields.index(amount) if isinstance(amount, str) else int(amount) - 1

    @property
    def columns(self) -> tuple[str, ...]:
        """Which columns of the events do subject, time and these rules need?"""
        asked = {c.field for rule in self.rules.rules for c in rule.conditions}
        inside = any(field.startswith(PROPERTIES) for field in (*asked, *self._fields))
        needed = {"origin_id", "ms", "name", "flags", *asked}
        needed |= {"amount", "currency"} if (self._by_amount >= 0).any() else set()
        needed |= {"properties"} if inside else set()
        return tuple(name for name in self.FIELDS if name in needed)

    def weigh(self, events: pa.RecordBatch) -> Weights:
        """What does each event of a batch bring? Reads only the events' own fields.

        Machine traffic and what is spent bring nothing. Texts may come as words of a dictionary.
        """
        name = _codes(events.column("name"), self._names)
        answers = Answers(events)
        rules = self._points, self._by_amount, self._capped, self._condition
        # Copies, because the compiled pass is made for writable arrays.
        return Weights(
            *weighing.weigh(
                name, (self._first, self._listed), np.array(events.column("flags")), IDLE, rules,
                self._held(answers, name), self._money(events, answers, name),
                np.array(events.column("ms")), self._days.starts,
            )
        )  # fmt: skip

    def _named(self, name: Rows, rules: list[int]) -> Rows:
        """The events that some of these rules name."""
        among = np.zeros(len(self._first) - 1, bool)
        for row in range(len(among)):
            among[row] = np.isin(self._listed[self._first[row] : self._first[row + 1]], rules).any()
        return np.flatnonzero(among[name]).astype(np.int32)

    def _held(self, answers: Answers, name: Rows) -> npt.NDArray[np.bool_]:
        """By rule with conditions: which events fulfil them all? Only those it names are asked."""
        held = np.zeros((len(self._conditional), len(name)), bool)
        for row, i in zip(held, self._conditional, strict=True):
            asked = self._named(name, [i])
            for condition in self.rules.rules[i].conditions:
                asked = asked[answers.hold(condition, asked)]
            row[asked] = True
        return held

    def _money(self, events: pa.RecordBatch, answers: Answers, name: Rows) -> tuple[Any, ...]:
        """Amounts, codes of currencies, rates by code, and amounts found in properties."""
        if not (self._by_amount >= 0).any():
            return NO_MONEY
        words = pc.dictionary_encode(events.column("currency"))
        rates = np.array([self.rules.rate(word) for word in words.dictionary.to_pylist()] or [1.0])
        numbers = np.full((len(self._fields), len(name)), np.nan)
        for row, field in zip(numbers, self._fields, strict=True):
            asked = self._named(
                name, [i for i, r in enumerate(self.rules.rules) if r.amount == field]
            )
            row[asked] = answers.numbers(field, asked)
        amount = events.column("amount").to_numpy(zero_copy_only=False)
        return np.array(amount, np.float64), np.array(words.indices), rates, numbers


def _codes(words: pa.Array, known: pa.StringArray) -> Rows:
    """int32[n]: which of the known words is each? One more than the last for any other."""
    if isinstance(words, pa.DictionaryArray):
        codes = _codes(words.dictionary, known)
        return codes[words.indices.to_numpy()] if len(words) else np.empty(0, np.int32)
    found = pc.fill_null(pc.index_in(words, known), len(known))
    return np.array(found, np.int32)


def _lists(rules: RuleSet) -> tuple[pa.StringArray, npt.NDArray[np.int32], npt.NDArray[np.int16]]:
    """The names that rules know, and by name the positions of its rules: where they start, which.

    The last list is that of all other names.
    """
    named: dict[str, list[int]] = {n: [] for rule in rules.rules for n in rule.events if n != ANY}
    every = [i for i, rule in enumerate(rules.rules) if ANY in rule.events]
    for i, rule in enumerate(rules.rules):
        for name in dict.fromkeys(rule.events):
            if name != ANY:
                named[name].append(i)
    lists = [*(found + every for found in named.values()), every]
    first = np.cumsum([0, *map(len, lists)], dtype=np.int32)
    listed = np.array([position for found in lists for position in found], np.int16)
    return pa.array(list(named), pa.string()), first, listed
