"""From a rule to one Ibis expression: facts are read where they stand, rows in one pass a relation.

Every relation of many rows is read once, however many leaves ask of it: rows that no leaf wants are
left out, the others grouped by profile, and each leaf has conditional aggregates of its own. Its
verdict follows from them, never null, and the verdicts are joined by and, or and not.
"""

from __future__ import annotations

import functools
import math
import operator
from collections.abc import Callable, Mapping
from typing import Any, Final

from hotspring.rules.behaviour import Behaviours
from hotspring.rules.moments import EVER, Stretch
from hotspring.rules.passes import Expr, Pass, Rows, Table
from hotspring.rules.question import Amount, Question
from hotspring.rules.questions import asked, double
from hotspring.rules.tree import (
    BANDS,
    STAGES,
    STATES,
    And,
    Band,
    Behaviour,
    Consent,
    District,
    Identifier,
    Leaf,
    Lifecycle,
    Member,
    Near,
    NextBand,
    Not,
    Or,
    Rule,
    Score,
    Sequence,
    Tag,
    Temperature,
    Tier,
    TradeArea,
    Trait,
)

RADIUS: Final = 6_371_008.8
"""Of the earth in metres, in the mean."""
ALWAYS: Final = Stretch(-EVER, EVER)
NAMES: Final = {
    "events": "name",
    "tags": "tag",
    "identifiers": "kind",
    "consents": "purpose",
    "memberships": "segment",
    "areas": "area",
}
"""The column of each relation that holds its names."""

Verdict = Callable[[Table], Expr]
"""Of the profiles with the aggregates beside them: of whom is it true?"""


def compiled(question: Question, relations: Mapping[str, Table]) -> Table:
    """The profiles of whom a rule is true, in a column `profile`.

    `relations` are Ibis tables that hold what the question needs, by name.
    """
    compiler = _Compiler(question)
    verdict = compiler.rule(question.rule)
    people = relations["profiles"]
    for one in compiler.passes.values():
        there = one.table(relations[one.relation])
        same = people["profile"] == there[f"{one.relation}_profile"]
        # Where the rule cannot hold for who has no rows, they need not be kept through the join.
        without = _without(question.rule, one.relation)
        people = people.join(there, same, how="inner" if without is False else "left")
    return people.filter(verdict(people)).select("profile")


def told_apart(
    question: Question,
    rules: tuple[Rule, ...],
    relations: Mapping[str, Table],
    amounts: tuple[Amount, ...] = (),
    everybody: bool = False,
) -> Table:
    """Of profiles, which of these rules are true, and what do these amounts come to?

    Columns `profile`, `rule_0` and `amount_0` onwards, amounts null where there is none. The
    question is of all of them, so that its relations hold what any of them needs. Unless
    `everybody` is asked for, some are not told of: they meet no rule.
    """
    compiler = _Compiler(question)
    verdicts = [compiler.rule(rule) for rule in rules]
    numbers = [compiler.amount(one) for one in amounts]
    people = relations["profiles"]
    for one in compiler.passes.values():
        there = one.table(relations[one.relation], later=True)
        same = people["profile"] == there[f"{one.relation}_profile"]
        needed = not everybody and all(_without(rule, one.relation) is False for rule in rules)
        people = people.join(there, same, how="inner" if needed else "left")
    found = {f"rule_{at}": verdict(people) for at, verdict in enumerate(verdicts)}
    found |= {f"amount_{at}": number(people) for at, number in enumerate(numbers)}
    return people.select("profile", **found)


class _Compiler:
    def __init__(self, question: Question) -> None:
        self.passes = {
            name: Pass(name, NAMES[name]) for name in question.needs.relations if name in NAMES
        }
        self._question = question
        needs = question.needs
        self._traits = {one.name: one.column for one in needs.traits}
        self._scores = {one.name: one.column for one in needs.scores}
        self._tiers = {one.name: one.column for one in needs.tiers}

    def rule(self, rule: Rule) -> Verdict:
        match rule:
            case And() | Or():
                join = operator.and_ if isinstance(rule, And) else operator.or_
                parts = [self.rule(one) for one in rule.of]
                return lambda t: functools.reduce(join, [part(t) for part in parts])
            case Not():
                inner = self.rule(rule.of)
                return lambda t: ~inner(t)
            case Behaviour() | Sequence():
                return Behaviours(self.passes["events"], self._question).verdict(rule)
            case Tag() | Identifier() | Member() | TradeArea() | Consent():
                return self._row(rule)
        return self._fact(rule)

    def amount(self, amount: Amount) -> Verdict:
        """The number that a leaf compares."""
        leaf = amount.leaf
        match leaf:
            case Behaviour():
                events = Behaviours(self.passes["events"], self._question)
                return events.amount(leaf, amount.half_life)
            case Trait():
                return lambda t: t[self._traits[leaf.name]].cast("float64")
            case Score():
                return lambda t: t[self._scores[leaf.id]]
            case Temperature():
                return lambda t: t["temperature"]
        raise TypeError(type(leaf).__name__)

    def _fact(self, leaf: Leaf) -> Verdict:
        """What is said of a profile where it stands."""
        question = self._question
        match leaf:
            case Trait():
                return lambda t: asked(t[self._traits[leaf.name]], leaf, question)
            case Score():
                return lambda t: asked(t[self._scores[leaf.id]], leaf, question)
            case Temperature():
                return lambda t: asked(t["temperature"], leaf, question)
            case Tier():
                return lambda t: _among(t[self._tiers[leaf.id]], leaf.any_of)
            case Lifecycle():
                return lambda t: _among(t["lifecycle"], [STAGES.index(one) for one in leaf.any_of])
            case Band():
                codes = {
                    STATES.index(state)
                    for one in leaf.any_of
                    for state in (STATES[3:] if one == "cold" else (one,))
                }
                return lambda t: _among(t["band"], sorted(codes))
            case NextBand():
                until = question.now + leaf.within.ms
                bands = [BANDS.index(one) for one in leaf.any_of or BANDS]
                return lambda t: (
                    (t["next_band_ms"] <= until).fill_null(False) & _among(t["next_band"], bands)
                )
            case District():
                return lambda t: _inside(t["adcode"], leaf.any_of)
            case Near():
                return lambda t: _near(t, leaf, question)
        raise TypeError(type(leaf).__name__)

    def _row(self, leaf: Tag | Identifier | Member | TradeArea | Consent) -> Verdict:
        """Whether there is a row of a name."""
        names: tuple[str, ...]
        match leaf:
            case Consent():
                return self._consent(leaf)
            case Tag():
                relation, names = "tags", (leaf.id,)
            case Identifier():
                relation, names = "identifiers", (leaf.kind,)
            case Member():
                relation, names = "memberships", (leaf.id,)
            case TradeArea():
                relation, names = "areas", leaf.any_of
        values = leaf.any_of if isinstance(leaf, Tag) else ()

        def hold(t: Table) -> Expr:
            named = t[NAMES[relation]].isin(names)
            return named & t["value"].isin(values) if values else named

        rows = Rows((relation, names, values), frozenset(names), ALWAYS, hold)
        return self._there(relation, rows)

    def _consent(self, leaf: Consent) -> Verdict:
        """What was decided for the channel, else what was decided for all."""

        def decided(channel: str, given: bool | None) -> Verdict:
            def hold(t: Table) -> Expr:
                found = (t["purpose"] == leaf.purpose) & (t["channel"] == channel)
                return found if given is None else found & (t["given"] == given)

            key = (leaf.purpose, channel, given)
            names = frozenset({leaf.purpose})
            return self._there("consents", Rows(key, names, ALWAYS, hold))

        own = decided(leaf.channel, leaf.given)
        if not leaf.channel:
            return own
        said, broad = decided(leaf.channel, None), decided("", leaf.given)
        return lambda t: own(t) | (~said(t) & broad(t))

    def _there(self, relation: str, rows: Rows) -> Verdict:
        name = self.passes[relation].column(rows, "count", lambda t, where: t.count(where=where))
        return lambda t: (t[name] > 0).fill_null(False)


def _among(value: Expr, wanted: Any) -> Expr:
    return value.isin(list(wanted)).fill_null(False)


def _inside(adcode: Expr, districts: tuple[str, ...]) -> Expr:
    """Codes of six digits that begin with one of these."""
    parts = []
    for code in districts:
        step = 10 ** (6 - len(code))
        start = int(code) * step
        parts.append((adcode >= start) & (adcode < start + step))
    return functools.reduce(operator.or_, parts).fill_null(False)


def _near(t: Table, leaf: Near, question: Question) -> Expr:
    """By the haversine of the angle: no more than that of the distance."""
    spot = question.catalogue.outlets[leaf.outlet]
    radian = double(math.pi / 180)
    half = double(math.pi / 360)
    north = ((t["lat"] - double(spot.lat)) * half).sin()
    east = ((t["lon"] - double(spot.lon)) * half).sin()
    wide = (t["lat"] * radian).cos() * double(math.cos(math.radians(spot.lat)))
    most = math.sin(leaf.metres / (2 * RADIUS)) ** 2
    return (north * north + wide * east * east <= double(most)).fill_null(False)


def _without(rule: Rule, relation: str) -> bool | None:
    """What is the rule for a profile without rows in a relation? None where it depends."""
    match rule:
        case And() | Or():
            parts = [_without(one, relation) for one in rule.of]
            decides = isinstance(rule, Or)
            if decides in parts:
                return decides
            return None if None in parts else not decides
        case Not():
            inner = _without(rule.of, relation)
            return None if inner is None else not inner
        case Behaviour():
            return Behaviours.of_nothing(rule) if relation == "events" else None
        case Sequence():
            return False if relation == "events" else None
        case Tag():
            return False if relation == "tags" else None
        case Identifier():
            return False if relation == "identifiers" else None
        case Member():
            return False if relation == "memberships" else None
        case TradeArea():
            return False if relation == "areas" else None
        case Consent():
            return False if relation == "consents" else None
    return None
