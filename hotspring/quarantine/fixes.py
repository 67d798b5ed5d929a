"""What people may do to a refused event: a small list of typed fixes, no code."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final, Literal, Protocol

import msgspec

from hotspring.errors import BadRequest, HotspringError

MOST_FIXES: Final = 50
LONGEST: Final = 65_536
"""Bytes of all fixes together."""
TRUE: Final = ("true", "yes", "y", "1", "是")
FALSE: Final = ("false", "no", "n", "0", "否")

Body = dict[str, Any]


class Unmendable(HotspringError):
    """A fix does not fit this event."""


class Words(Protocol):
    """Where the protocol of an event keeps things."""

    @property
    def event(self) -> str: ...
    @property
    def time(self) -> str: ...
    @property
    def sent(self) -> str: ...
    @property
    def type(self) -> str: ...
    @property
    def properties(self) -> str: ...
    def identify(self, body: Body, kind: str, value: str, /) -> None: ...


class _Fix(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="do"):
    @property
    def summary(self) -> str:
        """What it does, in words that hold nothing about a person."""
        words = (getattr(self, name) for name in self._told)
        return " ".join(str(word) for word in (self.__struct_config__.tag, *words) if word)

    _told: ClassVar[tuple[str, ...]] = ()


class RenameEvent(_Fix, frozen=True, tag="rename_event"):
    """Give the event another name."""

    to: str
    _told: ClassVar[tuple[str, ...]] = ("to",)

    def apply(self, body: Body, words: Words, received_ms: int) -> None:
        body[words.event] = self.to


class Rename(_Fix, frozen=True, tag="rename"):
    """Give a property another name; where the event has none of this name nothing changes."""

    property: str
    to: str
    _told: ClassVar[tuple[str, ...]] = ("property", "to")

    def apply(self, body: Body, words: Words, received_ms: int) -> None:
        properties = _properties(body, words)
        if self.property in properties:
            properties[self.to] = properties.pop(self.property)


class Cast(_Fix, frozen=True, tag="cast"):
    """Write a property as another type; where the event has none of this name nothing changes."""

    property: str
    to: Literal["number", "integer", "text", "boolean"]
    _told: ClassVar[tuple[str, ...]] = ("property", "to")

    def apply(self, body: Body, words: Words, received_ms: int) -> None:
        properties = _properties(body, words)
        value = properties.get(self.property)
        if value is not None:
            properties[self.property] = _cast(self.property, value, self.to)


class Drop(_Fix, frozen=True, tag="drop"):
    """Leave a property out."""

    property: str
    _told: ClassVar[tuple[str, ...]] = ("property",)

    def apply(self, body: Body, words: Words, received_ms: int) -> None:
        _properties(body, words).pop(self.property, None)


class Set(_Fix, frozen=True, tag="set"):
    """Give a property this value; with `missing` only where it has none."""

    property: str
    value: Any
    missing: bool = False
    _told: ClassVar[tuple[str, ...]] = ("property",)

    def apply(self, body: Body, words: Words, received_ms: int) -> None:
        properties = _properties(body, words)
        if not self.missing or properties.get(self.property) is None:
            properties[self.property] = self.value


class Time(_Fix, frozen=True, tag="time"):
    """Set the time: to a moment, or to `received`, when the event came."""

    to: str
    _told: ClassVar[tuple[str, ...]] = ("to",)

    def __post_init__(self) -> None:
        if self.to != "received":
            try:
                dt.datetime.fromisoformat(self.to)
            except ValueError:
                raise ValueError("`to` is `received` or a moment as 2026-03-01T08:00Z") from None

    def apply(self, body: Body, words: Words, received_ms: int) -> None:
        # A time that people set is not moved by the clock of the client.
        if words.sent:
            body[words.sent] = None
        body[words.time] = received_ms if self.to == "received" else self.to


class Type(_Fix, frozen=True, tag="type"):
    """Say which type of call it is, in the words of its protocol."""

    to: str
    _told: ClassVar[tuple[str, ...]] = ("to",)

    def apply(self, body: Body, words: Words, received_ms: int) -> None:
        body[words.type] = self.to


class Identify(_Fix, frozen=True, tag="identify"):
    """Put an identifier into the event: a value, or what stands in a property."""

    kind: str
    value: str = ""
    property: str = ""
    _told: ClassVar[tuple[str, ...]] = ("kind", "property")

    def __post_init__(self) -> None:
        if bool(self.value) == bool(self.property):
            raise ValueError("`identify` takes `value` or `property`, one of both")

    def apply(self, body: Body, words: Words, received_ms: int) -> None:
        value = _properties(body, words).get(self.property) if self.property else self.value
        if isinstance(value, int | float) and not isinstance(value, bool):
            value = _text(value)
        if isinstance(value, str) and value:
            words.identify(body, self.kind, value)


class NewId(_Fix, frozen=True, tag="new_id"):
    """Take the event in beside the one that has its message id, under an id of its own."""

    def apply(self, body: Body, words: Words, received_ms: int) -> None:
        """The id is not part of what is mended here."""


class Patch(_Fix, frozen=True, tag="patch"):
    """Change any members of the event as it came, by a JSON merge patch (RFC 7396)."""

    patch: dict[str, Any]

    def apply(self, body: Body, words: Words, received_ms: int) -> None:
        body.update(_patched(body, self.patch))
        for name, value in self.patch.items():
            if value is None:
                body.pop(name, None)


class Replace(_Fix, frozen=True, tag="replace"):
    """Write a whole event in place of the one that came."""

    body: dict[str, Any]

    def apply(self, body: Body, words: Words, received_ms: int) -> None:
        body.clear()
        body.update(self.body)


Fix = (
    RenameEvent | Rename | Cast | Drop | Set | Time | Type | Identify | NewId | Patch | Replace
)  # fmt: skip


def fixes_of(given: Sequence[Mapping[str, Any]]) -> list[Fix]:
    """Which fixes are written here? Raises `BadRequest` that names the one that is wrong."""
    if len(given) > MOST_FIXES:
        raise BadRequest(f"at most {MOST_FIXES} fixes at once")
    if len(msgspec.json.encode(given)) > LONGEST:
        raise BadRequest(f"the fixes are larger than {LONGEST >> 10} kB")
    try:
        return msgspec.convert(given, list[Fix])
    except msgspec.ValidationError as error:
        raise BadRequest(f"the fixes cannot be read: {error}") from error


def mended(body: Body, fixes: Sequence[Fix], words: Words, received_ms: int) -> Body:
    """How does the event read with these fixes? Raises `Unmendable`; `body` stays as it is."""
    fresh: Body = msgspec.json.decode(msgspec.json.encode(body))
    for fix in fixes:
        fix.apply(fresh, words, received_ms)
    return fresh


def _properties(body: Body, words: Words) -> Body:
    found = body.get(words.properties)
    if found is None:
        found = body[words.properties] = {}
    if not isinstance(found, dict):
        raise Unmendable("its properties are no object; patch them first")
    return found


def _cast(name: str, value: Any, to: str) -> Any:
    if to == "text":
        return value if isinstance(value, str) else _text(value)
    if to == "boolean":
        word = _text(value).strip().lower() if not isinstance(value, str) else value.strip().lower()
        if word in TRUE or word in FALSE:
            return word in TRUE
        raise Unmendable(f"{name} is neither yes nor no")
    try:
        text = value.strip().replace(",", "") if isinstance(value, str) else value
        number = float(text)
    except (TypeError, ValueError, OverflowError):
        raise Unmendable(f"{name} is no number") from None
    if not math.isfinite(number):
        raise Unmendable(f"{name} is no finite number")
    if to == "integer":
        if not number.is_integer():
            raise Unmendable(f"{name} is no whole number")
        return int(number)
    return int(number) if number.is_integer() and abs(number) < 2**53 else number


def _text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        value = int(value)
    return msgspec.json.encode(value).decode()


def _patched(value: Any, patch: Any) -> Any:
    if not isinstance(patch, dict):
        return patch
    kept = dict(value) if isinstance(value, dict) else {}
    for name, change in patch.items():
        if change is None:
            kept.pop(name, None)
        else:
            kept[name] = _patched(kept.get(name), change)
    return kept
