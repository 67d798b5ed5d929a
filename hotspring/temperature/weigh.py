"""What events weigh under a rule set: a pure function of the events' own fields."""

from __future__ import annotations

import zoneinfo
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from hotspring.event import Flag
from hotspring.temperature.conditions import PROPERTIES, Answers
from hotspring.temperature.days import days_of
from hotspring.temperature.rules import ANY, RuleSet

Rows = npt.NDArray[np.int32]


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

    def __init__(self, rules: RuleSet, zone: zoneinfo.ZoneInfo) -> None:
        self.rules = rules
        self._days = days_of(zone)
        self._points = np.array([rule.points for rule in rules.rules], np.float64)
        self._by_amount = np.array([bool(rule.amount) for rule in rules.rules], bool)
        fields = {rule.amount for rule in rules.rules if isinstance(rule.amount, str)}
        self._amount_fields = sorted(fields)
        where = [rule.amount for rule in rules.rules]
        self._amount_field = np.array(
            [self._amount_fields.index(f) if isinstance(f, str) else -1 for f in where], np.int16
        )
        self._capped = np.array([rule.cap is not None for rule in rules.rules], bool)
        self._conditional = [i for i, rule in enumerate(rules.rules) if rule.conditions]
        self._names, self._table = _table(rules)

    @property
    def columns(self) -> tuple[str, ...]:
        """Which columns of the events do subject, time and these rules need?"""
        asked = {c.field for rule in self.rules.rules for c in rule.conditions}
        inside = any(field.startswith(PROPERTIES) for field in (*asked, *self._amount_fields))
        needed = {"origin_id", "ms", "name", "flags", *asked}
        needed |= {"amount", "currency"} if self._by_amount.any() else set()
        needed |= {"properties"} if inside else set()
        return tuple(name for name in self.FIELDS if name in needed)

    def weigh(self, events: pa.RecordBatch) -> Weights:
        """What does each event of a batch bring? Reads only the events' own fields."""
        index, rule = self._matches(events)
        answers = Answers(events)
        index, rule = self._fulfilled(answers, index, rule)
        weight = self._points[rule]
        by_amount = self._by_amount[rule]
        if by_amount.any():
            amounts = self._amounts(events, answers, index[by_amount], rule[by_amount])
            weight[by_amount] *= amounts
            # Neither an unknown amount (not a number) nor one of zero brings anything.
            brings = np.abs(weight) > 0
            index, rule, weight = index[brings], rule[brings], weight[brings]
        day = np.zeros(len(index), np.int32)
        capped = self._capped[rule]
        if capped.any():
            day[capped] = self._days.of(events.column("ms").to_numpy()[index[capped]])
        return Weights(index, rule, weight, day)

    def _matches(self, events: pa.RecordBatch) -> tuple[Rows, npt.NDArray[np.int16]]:
        """Which rules name which events? Machine traffic and what is spent are named by none."""
        codes = pc.fill_null(pc.index_in(events.column("name"), self._names), len(self._names))
        name = codes.to_numpy(zero_copy_only=False)
        people = events.column("flags").to_numpy() & int(Flag.BOT | Flag.SPENT) == 0
        indices = []
        rules = []
        for column in self._table:
            rule = column[name]
            index = np.flatnonzero((rule >= 0) & people).astype(np.int32)
            indices.append(index)
            rules.append(rule[index])
        if not indices:
            return np.empty(0, np.int32), np.empty(0, np.int16)
        return np.concatenate(indices), np.concatenate(rules)

    def _fulfilled(
        self, answers: Answers, index: Rows, rule: npt.NDArray[np.int16]
    ) -> tuple[Rows, npt.NDArray[np.int16]]:
        """Which of the matches also fulfil all conditions of their rule?"""
        keep = np.ones(len(index), bool)
        for i in self._conditional:
            for condition in self.rules.rules[i].conditions:
                at = np.flatnonzero((rule == i) & keep)
                keep[at] = answers.hold(condition, index[at])
        return (index, rule) if keep.all() else (index[keep], rule[keep])

    def _amounts(
        self, events: pa.RecordBatch, answers: Answers, index: Rows, rule: npt.NDArray[np.int16]
    ) -> npt.NDArray[np.float64]:
        """`log1p(max(amount, 0))` in the pool's currency; not a number where it is not known."""
        taken = pa.array(index)
        amount: Any = events.column("amount").take(taken).to_numpy(zero_copy_only=False)
        if self._amount_fields:
            amount = amount.copy()
        for place, field in enumerate(self._amount_fields):
            at = np.flatnonzero(self._amount_field[rule] == place)
            amount[at] = answers.numbers(field, index[at])
        words = pc.dictionary_encode(events.column("currency").take(taken))
        rates = np.array([self.rules.rate(word) for word in words.dictionary.to_pylist()] or [1.0])
        money = amount.astype(np.float64) * rates[words.indices.to_numpy()]
        money[~np.isfinite(money)] = np.nan
        return np.asarray(np.log1p(np.maximum(money, 0.0)))


def _table(rules: RuleSet) -> tuple[pa.Array, list[npt.NDArray[np.int16]]]:
    """The names that rules know, and columns of rule positions by name (-1 for none).

    A name with several rules fills several columns; the last row is that of all other names.
    """
    named: dict[str, list[int]] = {n: [] for rule in rules.rules for n in rule.events if n != ANY}
    every = [i for i, rule in enumerate(rules.rules) if ANY in rule.events]
    for i, rule in enumerate(rules.rules):
        for name in dict.fromkeys(rule.events):
            if name != ANY:
                named[name].append(i)
    lists = [*(found + every for found in named.values()), every]
    width = max(len(found) for found in lists)
    columns = [np.full(len(lists), -1, np.int16) for _ in range(width)]
    for row, found in enumerate(lists):
        for column, position in zip(columns, found, strict=False):
            column[row] = position
    return pa.array(list(named), pa.string()), columns
