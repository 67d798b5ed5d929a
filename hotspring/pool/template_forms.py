"""Items of templates as what people keep: what they ask, in words, and what is wrong with them."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from hotspring.errors import RuleRefused
from hotspring.pool.numbers import Asked
from hotspring.pool.scores import sentences
from hotspring.rules import Catalogue, read, sentence, written
from hotspring.scores import Score
from hotspring.tags import Saved
from hotspring.templates import Filling, Item

RULE: Final = {
    "zh": "每次「{events}」{points:+g} 分，{days:g} 天减半",
    "en": "{points:+g} points for each “{events}”, half after {days:g} days",
}
HALF: Final = {"zh": "，{days:g} 天减半", "en": ", half after {days:g} days"}
MOST: Final = {"zh": "，最多 {cap:g} 分", "en": ", at most {cap:g} points"}
CAP: Final = {"zh": "，一天最多 {cap:g} 分", "en": ", at most {cap:g} a day"}
BETWEEN: Final = {"zh": "」或「", "en": "” or “"}
MOST_FAULTS: Final = 5


def asked(
    kind: str, said: dict[str, Any], made: str, there: Catalogue
) -> tuple[list[Asked], list[str]]:
    """What a segment, tag or score asks of profiles, and what is wrong with it here."""
    measures = [line.amount for line in Score.of(said, made).lines] if kind == "score" else []
    rules, problems = _raw(kind, said, made), list[str]()
    for one in rules:
        try:
            read(one, there, made)
        except RuleRefused as refused:
            problems += [fault.message for fault in refused.faults]
    asks = [
        Asked(read(rule, None), measures[at] if measures else None) for at, rule in enumerate(rules)
    ]
    return asks, list(dict.fromkeys(problems))[:MOST_FAULTS]


def parts(kind: str, said: dict[str, Any], there: Catalogue, language: Any) -> list[dict[str, str]]:
    """Each rule of a segment, tag or score in words, with the value or points that it gives."""
    rules = [read(one, None) for one in _raw(kind, said, "")]
    if kind != "score":
        labels = [""] if kind == "segment" else list(Saved.of(said, "").words())
        spoken = [sentence(rule, there, language) for rule in rules]
    else:
        lines = Score.of(said, "").lines
        labels = [f"{line.points:+g}" for line in lines]
        spoken = [
            text + _limits(line, language)
            for text, line in zip(sentences(lines, rules, there, language), lines, strict=True)
        ]
    return [{"label": a, "sentence": b} for a, b in zip(labels, spoken, strict=True)]


def _raw(kind: str, said: dict[str, Any], made: str) -> list[Any]:
    if kind == "segment":
        return [said["rule"]]
    return list((Saved if kind == "tag" else Score).of(said, made).asks())


def _limits(line: Any, language: Any) -> str:
    """How the amount of a line of a score fades, and the most that it gives."""
    half = None if line.amount is None else line.amount.half_life
    fades = "" if half is None else HALF[language].format(days=half)
    return fades + ("" if line.cap is None else MOST[language].format(cap=line.cap))


def given(kind: str, said: dict[str, Any]) -> Any:
    """What makes one of a kind what it is, without its texts: the same in every language."""
    if kind == "segment":
        return written(read(said["rule"], None))
    if kind == "tag":
        return [written(read(one["rule"], None)) for one in said["values"] if one["rule"]]
    # What is told of a line beside what people said of it is left out.
    fields = ("points", "rule", "amount", "cap")
    lines = [{name: line[name] for name in fields if name in line} for line in said["lines"]]
    score = Score.of({"name": "-", **said, "lines": lines}, "-")
    return [(one.points, written(read(one.asked, None)), one.amount, one.cap)
            for one in score.lines], score.floor, score.cap  # fmt: skip


def rule_of(
    filling: Filling, item: Item, there: Catalogue, force: dict[str, Any]
) -> tuple[dict[str, Any], dict[str, str], list[str], str]:
    """A rule of temperature: as it would stand in a set, in words, what is wrong, and whether it
    is among those in force."""
    language = filling.language
    halves = sorted({one["half_life_days"] for one in force["rules"]})
    rule = filling.rule(item, halves)
    kept = next((one for one in force["rules"] if one["id"] == rule.id), None)
    said: dict[str, Any] = msgspec.to_builtins(rule)
    text = RULE[language].format(
        events=BETWEEN[language].join(rule.events), points=rule.points, days=rule.half_life_days
    ) + ("" if rule.cap is None else CAP[language].format(cap=rule.cap))
    problems = [] if any(one in there.events for one in rule.events) else [
        f"there is no event {rule.events[0]!r}"
    ]  # fmt: skip
    state = "off" if kept is None else "on" if _same(kept, said) else "changed"
    return said, {"label": f"{rule.points:+g}", "sentence": text}, problems, state


def _same(kept: dict[str, Any], said: dict[str, Any]) -> bool:
    return {**kept, "title": None} == {**said, "title": None}
