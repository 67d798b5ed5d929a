"""From an item of a template to what people would have saved, in their language and names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import msgspec

from hotspring.temperature import rules
from hotspring.templates.naming import Names
from hotspring.templates.template import CURRENCY, WORD, Item, Language, Said, Template

MOST_HALF_LIVES: Final = 4
"""Of one rule set."""
LANGUAGES: Final = {"zh", "en"}
OR: Final = {"zh": "」或「", "en": "” or “"}
"""Between two words that a sentence puts in quotation marks."""
PLAIN: Final = {"event", "where", "window"}
"""Of a behaviour that asks whether anything was done: so any of the words will do."""


class Filling(NamedTuple):
    """What names and texts are put in."""

    template: Template
    names: Names
    language: Language
    currency: str
    spoken: bool = False
    """To be read out: words that do the same are told in one breath."""

    def said(self, item: Item) -> dict[str, Any]:
        """What people would say of a segment, tag or score: name, description and the rest."""
        return {
            "name": item.title.in_(self.language),
            "description": item.meaning.in_(self.language),
            **({"kind": "rule"} if item.kind == "tag" else {}),
            **self._filled(item.body, ""),
        }

    def rule(self, item: Item, half_lives: Sequence[float]) -> rules.Rule:
        """A rule of temperature, cooling with one of these half-lives (days) where there are
        already as many as a set may have."""
        body = {**self._filled(item.body, ""), "id": self.template.made(item)}
        rule = msgspec.convert({**body, "title": msgspec.to_builtins(item.title)}, rules.Rule)
        wanted = rule.half_life_days
        if len(half_lives) < MOST_HALF_LIVES or wanted in half_lives:
            return rule
        # A rule with a cap cools by days.
        able = [one for one in half_lives if rule.cap is None or one >= 1] or [wanted]
        near = min(able, key=lambda one: max(one / wanted, wanted / one))
        return msgspec.structs.replace(rule, half_life_days=near)

    def _filled(self, value: Any, word: str) -> Any:
        if isinstance(value, dict):
            if set(value) == LANGUAGES:
                return msgspec.convert(value, Said).in_(self.language)
            if "any_word" in value:
                return self._any_word(value["any_word"], value["of"])
            return {key: self._filled(inner, word) for key, inner in value.items()}
        if isinstance(value, list):
            return [self._filled(inner, word) for inner in value]
        if not isinstance(value, str) or not value.startswith("$"):
            return value
        if value in (WORD, CURRENCY):
            return word if value == WORD else self.currency
        name = self.names[value[1:]]
        if self.template.names[value[1:]].kind == "property":
            return f"properties.{name}"
        return name if isinstance(name, str) else list(name)

    def _any_word(self, slot: str, rule: Any) -> Any:
        """A rule that is true for at least one of the words."""
        words = self.names[slot]
        if self.spoken and set(rule.get("behaviour", {})) <= PLAIN:
            return self._filled(rule, OR[self.language].join(words))
        each = [self._filled(rule, word) for word in words]
        return each[0] if len(each) == 1 else {"or": each}
