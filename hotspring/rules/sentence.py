"""A rule as a sentence that people read, in Chinese and in English, from the same tree."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final, Literal

from hotspring.rules import words
from hotspring.rules.catalogue import PROPERTIES, Catalogue
from hotspring.rules.tree import (
    And,
    Band,
    Behaviour,
    Condition,
    Consent,
    District,
    Identifier,
    Lifecycle,
    Member,
    Moment,
    Near,
    NextBand,
    Not,
    Or,
    Rule,
    Score,
    Span,
    Step,
    Tag,
    Temperature,
    Tested,
    Tier,
    TradeArea,
    Trait,
    Window,
)
from hotspring.rules.tree import Sequence as Follows

_BETWEEN: Final = re.compile(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])")
Language = Literal["zh", "en"]


def sentence(rule: Rule, catalogue: Catalogue, language: Language, measured: bool = False) -> str:
    """What does a rule ask, in one sentence? Names of places are taken from the catalogue.

    With `measured` the rule is a leaf, and it is said what it would compare.
    """
    speaker = _Speaker(catalogue, language)
    said = " ".join((speaker.measure(rule) if measured else speaker.rule(rule)).split())
    # Between two Chinese characters stands no space.
    said = _BETWEEN.sub("", said)
    return said[:1].upper() + said[1:]


class _Speaker:
    def __init__(self, catalogue: Catalogue, language: Language) -> None:
        self._there = catalogue
        self._zh = language == "zh"
        self._words = words.ZH if self._zh else words.EN

    def rule(self, rule: Rule, inside: bool = False) -> str:
        match rule:
            case And() | Or() if len(rule.of) == 1:
                return self.rule(rule.of[0], inside)
            case And() | Or():
                between = self._words["and" if isinstance(rule, And) else "or"]
                said = between.join(self.rule(one, inside=True) for one in rule.of)
                return self._in_brackets(said) if inside else said
            case Not():
                return self._words["not"].format(self._in_brackets(self.rule(rule.of)))
        return self._leaf(rule)

    def measure(self, leaf: Any) -> str:
        """The number that a leaf compares."""
        word = self._words
        match leaf:
            case Behaviour():
                return self._comes_to(leaf, self._window(leaf.window))
            case Trait():
                return word["trait"].format(self._quoted(leaf.name))
            case Score():
                return word["score"].format(self._quoted(self._there.title(leaf.id)))
            case Temperature():
                return word["temperature"]
        raise TypeError(type(leaf).__name__)

    def _in_brackets(self, said: str) -> str:
        return f"（{said}）" if self._zh else f"({said})"

    def _leaf(self, leaf: Any) -> str:
        word, there = self._words, self._there
        match leaf:
            case Behaviour():
                return self._behaviour(leaf)
            case Follows():
                return self._sequence(leaf)
            case Trait() | Score():
                return self._test(self.measure(leaf), leaf)
            case Temperature():
                return self._test(self.measure(leaf), leaf, word["degrees"])
            case Tag() if leaf.any_of:
                name = self._quoted(there.title(leaf.id))
                return word["tag_of"].format(name, self._any(leaf.any_of))
            case Tag():
                return word["tag"].format(self._quoted(there.title(leaf.id)))
            case Band():
                return word["band"].format(self._or([word[state] for state in leaf.any_of]))
            case NextBand():
                to = self._or([word[band] for band in leaf.any_of])
                way = "next_band_of" if leaf.any_of else "next_band"
                return word[way].format(self._span(leaf.within), to)
            case Tier():
                return word["tier"].format(
                    self._quoted(there.title(leaf.id)), self._any(leaf.any_of)
                )
            case Lifecycle():
                return word["lifecycle"].format(self._or([word[stage] for stage in leaf.any_of]))
            case Member():
                name = there.title(leaf.id)
                return word["segment"].format(self._quoted(name))
            case Identifier():
                return word["identifier"].format(word.get(f"id_{leaf.kind}", leaf.kind))
            case Consent():
                way = "given" if leaf.given else "withdrawn"
                channel = leaf.channel or word["all_channels"]
                return word[way].format(self._quoted(leaf.purpose), channel)
            case District():
                known = there.districts if self._zh else there.districts_en
                names = [known.get(one, there.districts.get(one, one)) for one in leaf.any_of]
                return word["district"].format(self._or(names))
            case TradeArea():
                names = [self._quoted(there.areas.get(one, one)) for one in leaf.any_of]
                return word["area"].format(self._or(names))
            case Near():
                spot = there.outlets.get(leaf.outlet)
                name = self._quoted(spot.name if spot is not None else leaf.outlet)
                return word["near"].format(name, self._metres(leaf.metres))
        raise TypeError(type(leaf).__name__)

    # --- behaviour ---

    def _behaviour(self, leaf: Behaviour) -> str:
        when = self._window(leaf.window)
        if leaf.measure == "count":
            events = self._events(Step(event=leaf.event, where=leaf.where))
            return self._counted(leaf, when, events)
        subject = self._comes_to(leaf, when)
        unit = "" if not leaf.currency or leaf.measure == "distinct" else self._unit(leaf.currency)
        return self._test(subject, leaf, unit)

    def _comes_to(self, leaf: Behaviour, when: str) -> str:
        """What the events of a leaf come to."""
        word = self._words
        events = self._events(Step(event=leaf.event, where=leaf.where))
        if leaf.less is not None:
            events = word["less"].format(events, self._events(leaf.less))
        field = self._field(leaf.field) if leaf.field else ""
        return word[leaf.measure].format(field, events, when)

    def _counted(self, leaf: Behaviour, when: str, events: str) -> str:
        word = self._words
        if (leaf.op, leaf.value) == ("ge", 1):
            return word["did"].format(events, when)
        if (leaf.op, leaf.value) in (("eq", 0), ("le", 0), ("lt", 1)):
            return word["did_not"].format(events, when)
        told = self._amounts(leaf.value)
        times = word["once"] if told == "1" else word["times"].format(told)
        return word[f"did_{leaf.op}"].format(events, when, times)

    def _sequence(self, leaf: Follows) -> str:
        word = self._words
        first, then = self._events(leaf.first), self._events(leaf.then)
        when = self._window(leaf.window)
        way = "then" if leaf.followed else "never_then"
        within = word["within"].format(self._span(leaf.within)) if leaf.within else word["after"]
        return word[way].format(first, when, then, within)

    def _events(self, step: Step) -> str:
        name = self._words["any_event"] if step.event is None else self._quoted(step.event)
        if not step.where:
            return name
        asked = self._words["and"].join(self._condition(one) for one in step.where)
        return self._words["where"].format(name, asked)

    def _condition(self, condition: Condition) -> str:
        unit = self._unit(condition.currency) if condition.currency else ""
        return self._test(self._field(condition.field), condition, unit)

    def _field(self, field: str) -> str:
        known = self._words.get(f"field_{field}")
        return self._quoted(field.removeprefix(PROPERTIES)) if known is None else known

    # --- questions and values ---

    def _test(self, subject: str, test: Tested, unit: str = "") -> str:
        word, value = self._words, test.value
        if test.op == "exists":
            return word["exists" if value else "exists_not"].format(subject)
        if isinstance(value, Window):
            return word["during"].format(subject, self._window(value, "at_any_time"))
        if isinstance(value, tuple) and test.op == "between":
            low, high = (self._amounts(one) + unit for one in value)
            return word["between"].format(subject, low, high)
        if isinstance(value, tuple):
            told = self._or([self._value(one, unit) for one in value])
            return word[test.op].format(subject, told)
        return word[test.op].format(subject, self._value(value, unit))

    def _value(self, value: Any, unit: str) -> str:
        if isinstance(value, bool):
            return self._words["true" if value else "false"]
        return self._quoted(value) if isinstance(value, str) else self._amounts(value) + unit

    def _amounts(self, value: Any) -> str:
        if isinstance(value, tuple):
            return self._words["to"].format(*(self._amounts(one) for one in value))
        whole = float(value).is_integer()
        return f"{int(value):,}" if whole else f"{value:,.15g}"

    def _unit(self, currency: str) -> str:
        return self._words.get(f"money_{currency}", f" {currency}")

    def _metres(self, metres: float) -> str:
        far = metres >= 1_000
        told = self._amounts(metres / 1_000 if far else metres)
        return f"{told} {self._words['km' if far else 'm']}"

    def _quoted(self, name: str) -> str:
        return f"「{name}」" if self._zh else f"“{name}”"

    def _any(self, names: Sequence[str]) -> str:
        return self._or([self._quoted(name) for name in names])

    def _or(self, said: Sequence[str]) -> str:
        if len(said) < 2:
            return "".join(said)
        if self._zh:
            return "、".join(said[:-1]) + "或" + said[-1]
        return ", ".join(said[:-1]) + " or " + said[-1]

    # --- time ---

    def _span(self, span: Span) -> str:
        return self._length(span.amount, span.unit)

    def _length(self, amount: int, unit: str) -> str:
        many = "" if amount == 1 or self._zh else "s"
        return f"{amount:,} {self._words[unit]}{many}"

    def _moment(self, moment: Moment) -> str:
        if moment.at is not None:
            return moment.at.replace("T", " ")
        if moment.ahead:
            return self._words["ahead"].format(self._length(moment.ahead, moment.unit))
        if moment.ago:
            return self._words["ago"].format(self._length(moment.ago, moment.unit))
        return self._words["now"]

    def _window(self, window: Window, ever: str = "") -> str:
        """When; of a window without ends the word `ever`, where one is given."""
        word, since, until = self._words, window.since, window.until
        if since is None and until is None:
            return word[ever] if ever else ""
        if since is None:
            return word["before"].format(self._moment(until or Moment(ago=0)))
        if until is None and since.ago and not ever:
            return word["last_span"].format(self._length(since.ago, since.unit))
        if until is None:
            return word["since"].format(self._moment(since))
        return word["from_to"].format(self._moment(since), self._moment(until))
