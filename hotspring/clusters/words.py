"""Groups in words: what a trait is called, and what sets a group apart, in both languages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Literal

from hotspring.clusters.book import Fact

Language = Literal["zh", "en"]

LABELS: Final[dict[Language, dict[str, str]]] = {
    "zh": {
        "temperature": "温度", "band": "温层", "lifecycle": "生命周期",
        "recency": "距上次下单天数（最多 365）", "frequency": "订单数",
        "monetary": "订单金额", "any": "任意事件",
    },
    "en": {
        "temperature": "temperature", "band": "band", "lifecycle": "stage of life",
        "recency": "days since the last order (at most 365)", "frequency": "orders",
        "monetary": "money of orders", "any": "any event",
    },
}  # fmt: skip
MEASURES: Final[dict[Language, dict[str, str]]] = {
    "zh": {
        "count": "{event}的次数", "sum": "{event}的 {field} 合计", "mean": "{event}的 {field} 平均",
        "max": "{event}的 {field} 最大", "min": "{event}的 {field} 最小",
        "distinct": "{event}的 {field} 种数",
    },
    "en": {
        "count": "number of {event}", "sum": "sum of {field} of {event}",
        "mean": "mean {field} of {event}", "max": "greatest {field} of {event}",
        "min": "least {field} of {event}", "distinct": "different {field} of {event}",
    },
}  # fmt: skip
WORDS: Final[dict[str, tuple[str, str]]] = {
    "hot": ("热", "hot"), "warm": ("常温", "warm"), "cool": ("低温", "cool"),
    "cold": ("冷", "cold"),
    "new": ("新", "new"), "active": ("活跃", "active"), "loyal": ("忠诚", "loyal"),
    "sleeping": ("沉睡", "sleeping"), "lost": ("流失", "lost"), "returned": ("回流", "returned"),
}  # fmt: skip
NAMED: Final = 2
"""Facts that a name is made of."""


def label(of: Mapping[str, Any], title: Callable[[str], str], language: Language) -> str:
    """What a trait is called; `title` gives the name of what has an id."""
    ((kind, body),) = of.items()
    words = LABELS[language]
    if kind == "trait":
        return str(body["name"])
    if kind == "rfm":
        return words[body["figure"]]
    if kind != "behaviour":
        return title(body["id"]) if "id" in body else words[kind]
    quoted = f"“{body['event']}”" if body.get("event") else words["any"]
    field = str(body.get("field", "")).removeprefix("properties.")
    text = MEASURES[language][body.get("measure", "count")].format(event=quoted, field=field)
    ago = body.get("window", {}).get("from", {}).get("ago")
    if ago is None:
        return text
    unit = body["window"]["from"].get("unit", "day")
    if unit != "day":
        return text
    return f"近 {ago} 天{text}" if language == "zh" else f"{text} in {ago} days"


def word(of: Mapping[str, Any], value: str, language: Language) -> str:
    """A value of a trait as it is said."""
    if next(iter(of)) in ("band", "lifecycle") and value in WORDS:
        return WORDS[value][language == "en"]
    truth = {"true": ("是", "yes"), "false": ("否", "no"), "": ("有", "yes")}
    return truth[value][language == "en"] if value in truth else value


def said(fact: Fact, of: Mapping[str, Any], called: str, language: Language) -> str:
    """What sets a group apart, with the figures of it and of all others."""
    zh = language == "zh"
    if fact.word is not None:
        mine, theirs = f"{fact.members:.0%}", f"{fact.rest:.0%}"
        value = word(of, fact.word, language)
        if zh:
            return f"{called}为{value}的占 {mine}，其余 {theirs}"
        return f"{called} is {value}: {mine}, of the others {theirs}"
    mine, theirs = figure(fact.members), figure(fact.rest)
    if "temperature" in of:
        mine, theirs = (f"{one:.1f} °C".replace("-", "−") for one in (fact.members, fact.rest))
    elif fact.rest > 0 and fact.members > 0:
        times = fact.members / fact.rest
        if times < 1:
            much = f"{times:.0%}" if times >= 0.01 else f"{times:.1%}"
            if zh:
                return f"{called} {mine}，是其余（{theirs}）的 {much}"
            return f"{called} {mine}, {much} of that of the others ({theirs})"
        if zh:
            return f"{called} {mine}，是其余（{theirs}）的 {times:.1f} 倍"
        return f"{called} {mine}, {times:.1f} times that of the others ({theirs})"
    return f"{called} {mine}，其余 {theirs}" if zh else f"{called} {mine}, the others {theirs}"


def name(
    facts: Sequence[Fact], of: Sequence[Mapping[str, Any]], labels: Sequence[str],
    language: Language,
) -> str:  # fmt: skip
    """What to call a group that is set apart so: its first two traits, each once."""
    zh = language == "zh"
    told, seen = list[str](), set[int]()
    for fact in facts:
        # What a group does not have tells less than what it has.
        if fact.input in seen or (fact.word is not None and fact.effect < 0):
            continue
        seen.add(fact.input)
        called = labels[fact.input]
        if fact.word is not None:
            value = word(of[fact.input], fact.word, language)
            told.append(f"{called}：{value}" if zh else f"{called} {value}")
        elif zh:
            told.append(f"{called}{'高' if fact.effect > 0 else '低'}")
        else:
            told.append(f"{'high' if fact.effect > 0 else 'low'} {called}")
        if len(told) == NAMED:
            break
    plain = "普通" if zh else "ordinary"
    return ("、" if zh else ", ").join(told)[:90] or plain


def figure(value: float) -> str:
    """A number as people read it: three digits that count, or whole."""
    size = abs(value)
    if size >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if size >= 10 else f"{value:.3g}"
