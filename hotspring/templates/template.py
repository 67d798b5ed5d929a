"""What a template is: names that a business maps to its own, and items that use them."""

from __future__ import annotations

import functools
import hashlib
import importlib.resources
from collections.abc import Iterator, Mapping
from typing import Any, Final, Literal

import msgspec

Language = Literal["zh", "en"]
ItemKind = Literal["segment", "tag", "score", "rule"]
PREFIXES: Final[dict[str, str]] = {"segment": "sg", "tag": "tg", "score": "sc"}
WORD: Final = "$word"
"""In a rule below `any_word`: the word that is asked for."""
CURRENCY: Final = "$currency"
"""The pool's currency."""


class Said(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A text in both languages."""

    zh: str
    en: str

    def in_(self, language: Language) -> str:
        return self.zh if language == "zh" else self.en


class Slot(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A name of the template for which a business has its own."""

    kind: Literal["event", "property", "trait", "words"]
    title: Said
    usual: str | tuple[str, ...]
    """What it is called where nobody says otherwise; words are several."""
    others: tuple[str, ...] = ()
    """What others call it: looked for in this order."""
    of: tuple[str, ...] = ()
    """Of a property: the slots of the events that have it."""
    having: str = ""
    """Of an event: the slot of a property that it should have."""
    type: Literal["string", "number"] = "string"

    @property
    def names(self) -> tuple[str, ...]:
        """Everything that it may be called, the usual name first."""
        return (self.usual, *self.others) if isinstance(self.usual, str) else self.usual


class Item(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something that may be switched on."""

    id: str
    kind: ItemKind
    title: Said
    meaning: Said
    body: dict[str, Any]
    """What people would say of it, with `$NAME` for a slot, and texts in both languages."""

    def slots(self) -> tuple[str, ...]:
        """The slots that it uses, in the order of their first use."""
        return tuple(dict.fromkeys(_used(self.body)))


class Template(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One industry."""

    title: Said
    about: Said
    names: dict[str, Slot]
    items: tuple[Item, ...]
    id: str = ""
    """The name of its file."""

    def item(self, id_: str) -> Item | None:
        """The item with this id."""
        return next((one for one in self.items if one.id == id_), None)

    def made(self, item: Item) -> str:
        """The id that what an item makes has in every pool: switched on twice, it is there once."""
        if item.kind == "rule":
            return f"{self.id}_{item.id}"
        # 64 bits, as the ids that are drawn.
        digest = hashlib.sha256(f"{self.id}/{item.kind}/{item.id}".encode()).hexdigest()
        return f"{PREFIXES[item.kind]}_{digest[:16]}"


@functools.cache
def templates() -> Mapping[str, Template]:
    """Every template, by the name of its file."""
    folder = importlib.resources.files("hotspring.templates") / "industries"
    files = {one.name.removesuffix(".json"): one for one in folder.iterdir() if one.is_file()}
    return {
        name: msgspec.structs.replace(
            msgspec.json.decode(files[name].read_bytes(), type=Template), id=name
        )
        for name in sorted(files)
    }


def _used(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if "any_word" in value:
            yield value["any_word"]
        for inner in value.values():
            yield from _used(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _used(inner)
    elif isinstance(value, str) and value.startswith("$") and value not in (WORD, CURRENCY):
        yield value[1:]
