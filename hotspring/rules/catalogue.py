"""What a pool has that rules may name."""

from __future__ import annotations

import zoneinfo
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from hotspring.named import Book
from hotspring.rules.nested import Thing, needed
from hotspring.rules.tree import Kind

FIELDS: Final[dict[str, Kind]] = {
    "name": "string",
    "channel": "string",
    "device": "string",
    "source": "string",
    "amount": "number",
}
"""What every event has beside its properties."""
PROPERTIES: Final = "properties."


class Spot(msgspec.Struct, frozen=True):
    """An outlet: its name and where it is, WGS-84 degrees."""

    name: str
    lon: float
    lat: float


class Catalogue(msgspec.Struct, frozen=True):
    """Names, with what must be known of each to read a rule, to say it and to answer it.

    What a pool does not have is empty here, and a rule that names it is refused as any other
    unknown name.
    """

    timezone: str = "UTC"
    traits: Mapping[str, Kind] = {}
    events: Mapping[str, Mapping[str, Kind]] = {}
    """Properties by event; dots lead into nested objects."""
    identifiers: frozenset[str] = frozenset()
    """Kinds, without scope."""
    purposes: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()
    """Channels of consent."""
    lifecycle: bool = False
    """Are there stages of a life cycle?"""
    things: Mapping[str, Thing] = {}
    """What people named and keep, by id."""
    districts: Mapping[str, str] = {}
    """Names by code of two, four or six digits."""
    districts_en: Mapping[str, str] = {}
    """Their English names."""
    areas: Mapping[str, str] = {}
    """Names of trade areas by id."""
    outlets: Mapping[str, Spot] = {}
    rates: Mapping[str, float] = {}
    """What one of each currency is worth, in one and the same; "" is an amount that names none."""

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.timezone)

    def adding(self, book: Book[Any]) -> Catalogue:
        """The catalogue with everything of a book in it."""
        things = {
            one.id: Thing(
                book.word, one.name, one.rules, one.said.names(), one.said.words(), one.since
            )
            for one in book.kept.values()
        }
        return msgspec.structs.replace(self, things={**self.things, **things})

    def titles(self, kind: str) -> dict[str, str]:
        """The names of all things of a kind, by id."""
        return {id_: one.name for id_, one in self.things.items() if one.kind == kind}

    def title(self, id_: str) -> str:
        """The name of a thing, its id where there is none."""
        return self.things[id_].name if id_ in self.things else id_

    def values(self, id_: str) -> tuple[str, ...] | None:
        """The words that a thing gives people; None where it is unknown."""
        return tuple(filter(None, self.things[id_].words)) if id_ in self.things else None

    def named_by(self, id_: str) -> list[str]:
        """The ids of the things that need this one themselves."""
        return [one for one, thing in self.things.items() if id_ in needed(thing)]

    def users(self) -> dict[str, list[str]]:
        """By id, the ids of the things that need each themselves: `named_by` of all at once."""
        found: dict[str, list[str]] = {}
        for one, thing in self.things.items():
            for id_ in needed(thing):
                found.setdefault(id_, []).append(one)
        return found

    def kinds(self, event: str | None, field: str) -> set[Kind]:
        """Which kinds may this field of an event, or of any, have? Empty where it is unknown."""
        if field in FIELDS:
            return {FIELDS[field]}
        events = self.events.values() if event is None else [self.events.get(event, {})]
        path = field.removeprefix(PROPERTIES)
        if path == field:
            return set()
        return {properties[path] for properties in events if path in properties}
