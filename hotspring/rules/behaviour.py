"""What events come to, as conditional aggregates by profile."""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable
from typing import Any, Final

import ibis
import msgspec

from hotspring.rules.catalogue import PROPERTIES
from hotspring.rules.counting import meets
from hotspring.rules.moments import EVER, Stretch, past
from hotspring.rules.passes import Aggregate, Expr, Pass, Rows, Table
from hotspring.rules.question import Question
from hotspring.rules.questions import asked, double
from hotspring.rules.tree import Behaviour, Sequence, Span, Step

MILLIONTHS: Final = 1e6
"""Sums are taken of whole millionths: the same in any order, on any engine."""
LARGEST: Final = 1e12
"""Greater numbers are not added."""

Verdict = Callable[[Table], Expr]


class Behaviours:
    """Registers what leaves want of events in one pass, and tells what follows from it."""

    def __init__(self, events: Pass, question: Question) -> None:
        self._pass = events
        self._question = question
        self._columns = {(one.name, one.kind): one.column for one in question.needs.properties}

    def verdict(self, leaf: Behaviour | Sequence) -> Verdict:
        if isinstance(leaf, Sequence):
            return self._followed(leaf)
        number = self._measured(leaf)
        return lambda t: self._asked(number(t), leaf)

    def amount(self, leaf: Behaviour, half_life: int | None) -> Verdict:
        """What a behaviour comes to, whatever it is compared with; null where that is unknown.

        With a half-life (ms) a count or sum is of what is left of each event now.
        """
        return self._measured(leaf, half_life)

    def rows(self, leaf: Behaviour) -> Verdict:
        """Of each row: is it one of the events of a leaf?"""
        times = past(leaf.window, self._question.now, self._question.catalogue.zone)
        return self._rows(Step(event=leaf.event, where=leaf.where), times).hold

    @staticmethod
    def of_nothing(leaf: Behaviour) -> bool:
        """Is a behaviour true of who did nothing?"""
        return leaf.measure in ("count", "sum", "distinct") and meets(0, leaf)

    # --- one kind of events ---

    def _measured(self, leaf: Behaviour, half_life: int | None = None) -> Verdict:
        """The number or time that a leaf compares."""
        times = past(leaf.window, self._question.now, self._question.catalogue.zone)
        rows = self._rows(Step(event=leaf.event, where=leaf.where), times)
        if half_life is not None:
            return self._faded(rows, leaf, times, half_life)
        if leaf.measure == "sum":
            return self._summed(rows, leaf, times)
        if leaf.measure == "mean":
            return self._mean(rows, leaf)
        name = self._column(rows, leaf, leaf.measure)
        if leaf.measure in ("count", "distinct"):
            return lambda t: t[name].fill_null(0).cast("float64")
        return lambda t: t[name]

    def _summed(self, rows: Rows, leaf: Behaviour, times: Stretch) -> Verdict:
        name = self._column(rows, leaf, "sum")
        if leaf.less is None:
            return lambda t: _total(t[name]).fill_null(double(0))
        other = msgspec.structs.replace(leaf, event=leaf.less.event)
        off = self._column(self._rows(leaf.less, times), other, "sum")
        return lambda t: _total(_whole(t[name]) - _whole(t[off]))

    def _mean(self, rows: Rows, leaf: Behaviour) -> Verdict:
        total, number = (self._column(rows, leaf, what) for what in ("sum", "number"))
        return lambda t: _total(t[total]) / t[number].cast("float64")

    def _faded(self, rows: Rows, leaf: Behaviour, times: Stretch, half_life: int) -> Verdict:
        """A count or sum in which each event counts half after a half-life, as it cools."""
        name = self._pass.column(rows, self._key(leaf, half_life), self._left(leaf, half_life))
        if leaf.less is None:
            return lambda t: _total(t[name]).fill_null(double(0))
        other = msgspec.structs.replace(leaf, event=leaf.less.event)
        others, key = self._rows(leaf.less, times), self._key(other, half_life)
        off = self._pass.column(others, key, self._left(other, half_life))
        return lambda t: _total(_whole(t[name]) - _whole(t[off]))

    @staticmethod
    def _key(leaf: Behaviour, half_life: int) -> tuple[Any, ...]:
        return ("faded", leaf.measure, leaf.field, leaf.currency, half_life)

    def _left(self, leaf: Behaviour, half_life: int) -> Aggregate:
        now = self._question.now

        def make(t: Table, where: Expr) -> Expr:
            age = (ibis.literal(now) - t["ms"]).cast("float64") / double(half_life)
            value = double(1)
            if leaf.measure == "sum":
                value = self._field(t, leaf.event, leaf.field, leaf.currency)
            return _millionths(value * double(0.5) ** age).sum(where=where)

        return make

    def _asked(self, value: Expr, leaf: Behaviour) -> Expr:
        """No value meets no question, not even one for what it is not."""
        return value.notnull() & asked(value, leaf, self._question)

    def _column(self, rows: Rows, leaf: Behaviour, what: str) -> str:
        key = (what, leaf.field, leaf.currency)
        return self._pass.column(rows, key, self._aggregate(leaf, what))

    def _aggregate(self, leaf: Behaviour, what: str) -> Aggregate:
        def make(t: Table, where: Expr) -> Expr:
            if what == "count":
                return t.count(where=where)
            if what in ("first", "last"):
                return t["ms"].min(where=where) if what == "first" else t["ms"].max(where=where)
            value = self._field(t, leaf.event, leaf.field, leaf.currency)
            if what == "distinct":
                return value.nunique(where=where)
            if what in ("sum", "number"):
                whole = _millionths(value)
                return whole.sum(where=where) if what == "sum" else whole.count(where=where)
            return value.max(where=where) if what == "max" else value.min(where=where)

        return make

    # --- one after another ---

    def _followed(self, leaf: Sequence) -> Verdict:
        now, zone = self._question.now, self._question.catalogue.zone
        times = past(leaf.window, now, zone)
        first = self._pass.want(self._rows(leaf.first, times))
        then = self._pass.want(self._rows(leaf.then, Stretch(times.start, now + 1)))
        if leaf.within is not None:
            soon = self._soon(leaf.within, first, then, leaf.followed)
            name = self._pass.column(first, leaf, soon)
            return lambda t: (t[name] == 1).fill_null(False)
        if leaf.followed:
            early = self._pass.column(first, "first", lambda t, where: t["ms"].min(where=where))
            late = self._pass.column(then, "last", lambda t, where: t["ms"].max(where=where))
            return lambda t: (t[early] < t[late]).fill_null(False)
        last = self._pass.column(first, "last", lambda t, where: t["ms"].max(where=where))
        late = self._pass.column(then, "last", lambda t, where: t["ms"].max(where=where))
        return lambda t: t[last].notnull() & ~(t[last] < t[late]).fill_null(False)

    def _soon(self, within: Span, first: Rows, then: Rows, followed: bool) -> Aggregate:
        """1 where the nearest event of the other kind is as near as asked."""
        now = self._question.now

        def before(t: Table) -> Expr:
            ms = first.hold(t).ifelse(t["ms"], ibis.null("int64"))
            return ms.max().over(_window(preceding=(None, 1)))

        def after(t: Table) -> Expr:
            ms = then.hold(t).ifelse(t["ms"], ibis.null("int64"))
            return ms.min().over(_window(following=(1, None)))

        if followed:
            line = self._pass.line(("before", first.key), before)
        else:
            line = self._pass.line(("after", then.key), after)

        def make(t: Table, where: Expr) -> Expr:
            if followed:
                met = then.hold(t) & (t["ms"] - t[line] <= within.ms)
            else:
                over = first.hold(t) & (t["ms"] + within.ms < now)
                met = over & ~(t[line] - t["ms"] <= within.ms).fill_null(False)
            return met.fill_null(False).cast("int8").max()

        return make

    # --- rows and fields ---

    def _rows(self, step: Step, times: Stretch) -> Rows:
        def hold(t: Table) -> Expr:
            conditions = [t["ms"] < times.end]
            if times.start > -EVER:
                conditions.append(t["ms"] >= times.start)
            if step.event is not None:
                conditions.insert(0, t["name"] == step.event)
            for one in step.where:
                value = self._field(t, step.event, one.field, one.currency)
                conditions.append(asked(value, one, self._question))
            return functools.reduce(operator.and_, conditions)

        names = None if step.event is None else frozenset({step.event})
        return Rows((step, times), names, times, hold)

    def _field(self, t: Table, event: str | None, field: str, currency: str) -> Expr:
        if field == "amount":
            return self._money(t, currency)
        if not field.startswith(PROPERTIES):
            return t[field]
        kind = next(iter(self._question.catalogue.kinds(event, field)))
        return t[self._columns[field.removeprefix(PROPERTIES), kind]]

    def _money(self, t: Table, currency: str) -> Expr:
        """The amount in a currency; null where its own has no rate."""
        rates = self._question.catalogue.rates
        worth = [
            (t["currency"] == other, double(rate / rates[currency]))
            for other, rate in sorted(rates.items())
        ]
        return t["amount"] * ibis.cases(*worth, else_=ibis.null("float64"))


def _window(**ends: Any) -> Any:
    return ibis.range_window(group_by="profile", order_by="ms", **ends)


def _millionths(value: Expr) -> Expr:
    whole = (value * double(MILLIONTHS) + double(0.5)).floor()
    near = (value >= double(-LARGEST)) & (value <= double(LARGEST))
    return near.ifelse(whole, ibis.null("float64")).cast("int64").cast("decimal(38, 0)")


def _whole(value: Expr) -> Expr:
    return value.fill_null(ibis.literal(0).cast("decimal(38, 0)"))


def _total(value: Expr) -> Expr:
    return value.cast("float64") / double(MILLIONTHS)
