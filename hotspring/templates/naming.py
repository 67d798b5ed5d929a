"""How a business calls what a template names: said by people, else found in what the pool has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from hotspring.errors import BadRequest
from hotspring.rules import Catalogue
from hotspring.templates.template import Slot, Template

MOST_WORDS: Final = 30
LONGEST: Final = 200
Names = Mapping[str, str | tuple[str, ...]]
"""By slot: a name, or of words several."""


def chosen(template: Template, there: Catalogue, said: Mapping[str, Any]) -> Names:
    """The name of every slot: as said, else the first of its names that the pool has, else the
    usual one.

    An event that should have a property is rather one that has it. Raises `BadRequest`.
    """
    unknown = next((name for name in said if name not in template.names), None)
    if unknown is not None:
        known = ", ".join(template.names)
        raise BadRequest(f"this template has no name {unknown!r}; it has {known}")
    found = {name: _checked(name, template.names[name], value) for name, value in said.items()}
    for name, slot in template.names.items():
        if name not in found and slot.kind == "event":
            found[name] = _event(template, slot, there, found)
    for name, slot in template.names.items():
        if name not in found:
            found[name] = _other(slot, there, found)
    return {name: found[name] for name in template.names}


def has(slot: Slot, name: str | tuple[str, ...], events: list[str], there: Catalogue) -> bool:
    """Does the pool have what a slot is called, a property in all of these events?"""
    match slot.kind:
        case "event":
            return name in there.events
        case "trait":
            return name in there.traits
        case "property":
            return bool(events) and all(name in there.events.get(one, {}) for one in events)
    return True


def _checked(name: str, slot: Slot, value: Any) -> str | tuple[str, ...]:
    if slot.kind != "words":
        if isinstance(value, str) and 0 < len(value.strip()) <= LONGEST:
            return value.strip().removeprefix("properties.") or value
        raise BadRequest(f"{name}: write a name of 1 to {LONGEST} characters")
    few = isinstance(value, list | tuple) and 0 < len(value) <= MOST_WORDS
    if not few or not all(
        isinstance(one, str) and 0 < len(one.strip()) <= LONGEST for one in value
    ):
        raise BadRequest(f"{name}: write a list of 1 to {MOST_WORDS} words")
    return tuple(dict.fromkeys(one.strip() for one in value))


def _event(template: Template, slot: Slot, there: Catalogue, said: Names) -> str:
    here = [one for one in slot.names if one in there.events]
    if slot.having:
        inner = said.get(slot.having)
        wanted = {inner} if inner else set(template.names[slot.having].names)
        having = [one for one in here if wanted & set(there.events[one])]
        here = having or here
    return here[0] if here else slot.names[0]


def _other(slot: Slot, there: Catalogue, said: Names) -> str | tuple[str, ...]:
    if slot.kind == "words":
        return slot.names
    if slot.kind == "trait":
        return next((one for one in slot.names if one in there.traits), slot.names[0])
    having = [set(there.events.get(str(said[one]), {})) for one in slot.of]
    common = next((one for one in slot.names if all(one in fields for fields in having)), None)
    some = next((one for one in slot.names if any(one in fields for fields in having)), None)
    return common or some or slot.names[0]
