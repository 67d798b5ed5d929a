"""Tags as people keep them: a name, an owner, and values that rules or people give."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any, Final, Literal

import msgspec

from hotspring.errors import BadRequest
from hotspring.named import Book, Named
from hotspring.rules import read

MOST: Final = 5_000
"""Tags of one pool."""
MOST_VALUES: Final = 100
"""Values of one tag."""
LONGEST: Final = 100
"""Letters of a value, and of an owner."""


class Value(msgspec.Struct, frozen=True):
    """One of the values of a tag; the only one of a plain yes is empty."""

    value: str = ""
    rule: dict[str, Any] | None = None
    """Of whom the value holds, unless one before it does; None where people say so."""


class Saved(Named, frozen=True):
    """The body of a `tag` command: all that people say of a tag, new or changed."""

    owner: str = ""
    """Who answers for it, in people's own words."""
    kind: Literal["rule", "hand"] = "hand"
    values: tuple[Value, ...] = (Value(),)

    def asks(self) -> tuple[Any, ...]:
        """The rules of its values, in order."""
        return tuple(one.rule for one in self.values if one.rule is not None)

    def words(self) -> tuple[str, ...]:
        """Its values, in order."""
        return tuple(one.value for one in self.values)


def tags() -> Book[Saved]:
    """A book of tags, still empty."""
    return Book("tag", Saved, MOST, lambda rule: read(rule, None))


def checked(kind: str, values: Sequence[Value], owner: str) -> tuple[tuple[Value, ...], str]:
    """Values and owner as they may be kept; without values it is a plain yes. Raises
    `BadRequest`."""
    found = tuple(msgspec.structs.replace(one, value=plain(one.value)) for one in values)
    if not found and kind == "hand":
        found = (Value(),)
    words = [one.value for one in found]
    if not words:
        raise BadRequest("a tag by rule needs a rule")
    if len(words) > MOST_VALUES:
        raise BadRequest(f"a tag has at most {MOST_VALUES} values")
    if len(words) > 1 and "" in words:
        raise BadRequest("every value of a tag with several needs a word")
    twice = next((word for word in words if words.count(word) > 1), None)
    if twice is not None:
        raise BadRequest(f"the value {twice!r} is there twice")
    if any(len(word) > LONGEST for word in words):
        raise BadRequest(f"a value has at most {LONGEST} characters")
    for one in found:
        if (one.rule is None) == (kind == "rule"):
            said = "needs a rule for every value" if kind == "rule" else "by hand has no rules"
            raise BadRequest(f"a tag {said}")
    owner = plain(owner)
    if len(owner) > LONGEST:
        raise BadRequest(f"an owner has at most {LONGEST} characters")
    return found, owner


def plain(text: str) -> str:
    """A word as it is kept: composed, without space around it or more than one within."""
    return " ".join(unicodedata.normalize("NFC", text).split())
