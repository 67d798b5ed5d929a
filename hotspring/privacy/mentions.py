"""Does a text that nobody decoded speak of a person? Found by the identifiers it mentions."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

import msgspec

DISTINCT: Final = 6
"""Values from this length on are found anywhere in a text, shorter ones only where an id stands."""
ID_LIKE: Final = re.compile(r"(?:id|user|card|member|phone|mobile|mail|identit\w*)$", re.IGNORECASE)
"""Names of fields under which clients send identifiers."""
GAP: Final = r"[\s().-]{0,2}"
"""What people put between the digits of a number."""
NUMBER: Final = re.compile(r"(?<!\d)\+?\d{7,15}(?!\d)")
MAIL: Final = re.compile(r"[^\s\"'<>,;:()\[\]]+@[^\s\"'<>,;:()\[\]]+")
NATIONAL: Final = 11
"""Digits by which a telephone number is known without its country code."""


class Mentions:
    """Finds a person's identifiers in raw bodies, cells of files and free text."""

    def __init__(self, identifiers: Iterable[str], form: Callable[[str, object], object]) -> None:
        """`identifiers` as `kind:value`; `form` writes a value of a kind in its normal form."""
        self._texts = frozenset(identifiers)
        self._form = form
        self._kinds = sorted({text.partition(":")[0] for text in self._texts})
        patterns = {pattern for text in self._texts for pattern in _patterns(text)}
        self._loose = "|".join(sorted(patterns, key=lambda one: (-len(one), one)))
        whole = f"(?<![0-9A-Za-z])(?:{self._loose})(?![0-9A-Za-z])"
        self._free = re.compile(whole, re.IGNORECASE) if patterns else None

    @property
    def pattern(self) -> str:
        """A regular expression that finds all free mentions and a few more; empty where none."""
        return self._loose

    def free(self, text: str) -> bool:
        """Does a distinct value stand in this text, whole?"""
        return self._free is not None and self._free.search(text) is not None

    def without(self, text: str) -> str:
        """The text with every free mention taken out."""
        return text if self._free is None else self._free.sub("erased", text)

    def in_body(self, text: str) -> bool:
        """Does the body of an event, as it was sent, speak of the person?"""
        if self.free(text):
            return True
        return any(
            value in self._texts or (named_id(name) and self.is_value(value))
            for name, value in _read(text)
        )

    def in_row(self, row: Mapping[str, str | None], ids: Iterable[str]) -> bool:
        """Does a row of a file? `ids` are the columns that hold identifiers."""
        if any(value and self.free(value) for value in row.values()):
            return True
        return any(self.is_value(row[name]) for name in ids if row.get(name))

    def is_value(self, value: object) -> bool:
        """Is this the value of one of the identifiers, however it is written?"""
        return any(self._form(kind, value) in self._texts for kind in self._kinds)


def named_in(text: str, kinds: Iterable[str], form: Callable[[str, object], object]) -> set[str]:
    """Which identifiers could the body of an event name, as it was sent? In their normal form.

    Those under a field that is called like one, and telephone numbers and mail addresses anywhere.
    """
    found = {form(kind, value) for name, value in _read(text) if named_id(name) for kind in kinds}
    found |= {form("phone", value) for value in NUMBER.findall(text)}
    found |= {form("email", value) for value in MAIL.findall(text)}
    found |= {value for _, value in _read(text) if isinstance(value, str) and ":" in value}
    return {one for one in found if isinstance(one, str)}


def _read(text: str) -> list[tuple[str, Any]]:
    """Names and values in a JSON text; none where it cannot be read."""
    try:
        return list(_leaves(msgspec.json.decode(text), ""))
    except (msgspec.DecodeError, RecursionError):
        return []


def named_id(name: str) -> bool:
    """Does a field of this name hold an identifier?"""
    return ID_LIKE.search(name) is not None


def _leaves(value: Any, name: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner, name)
    elif isinstance(value, str | int) and not isinstance(value, bool):
        yield name, value


def _patterns(text: str) -> Iterator[str]:
    kind, _, value = text.partition(":")
    if kind == "phone":
        digits = value.removeprefix("+")
        yield GAP.join(digits)
        if len(digits) > NATIONAL:
            yield GAP.join(digits[-NATIONAL:])
    elif len(value) >= DISTINCT:
        yield re.escape(value)
        escaped = json.dumps(value)[1:-1]
        if escaped != value:
            yield re.escape(escaped)
