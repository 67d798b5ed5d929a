"""How an identifier is written: one text per identifier, whatever a client sent."""

from __future__ import annotations

import enum
import functools
import math
import unicodedata
from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

import numpy as np
import phonenumbers
from isal.isal_zlib import crc32

from hotspring.settings import Settings

LONGEST: Final = 256
LONGEST_SCOPE: Final = 64
REPLACEMENT: Final = "�"
CACHED: Final = 65_536

Form = Callable[[str], "str | Problem"]


class Problem(enum.Enum):
    """Why a value cannot serve as an identifier; the event lives on with its others."""

    UNKNOWN_KIND = "this kind of identifier is not declared in the settings"
    BAD_SCOPE = "the scope is not a short word, or the kind takes none"
    EMPTY = "the value is empty"
    NOT_TEXT = "the value is neither text nor a whole number"
    JUNK = "the value is a placeholder that many people share"
    TOO_LONG = "the value is longer than 256 characters"
    BAD_CHARACTERS = "the value holds control characters or damaged text"
    BAD_PHONE = "the value is not a telephone number"
    BAD_EMAIL = "the value is not a mail address"


class Shape(NamedTuple):
    """What a compiled pass must know to write plain identifiers."""

    user: str
    """Stands before the value of `userId`."""
    anonymous: str
    user_first: bool
    junk_lengths: np.ndarray
    """bool[257]: is there a placeholder of so many characters?"""
    junk: np.ndarray
    """uint32: the checksums of all placeholders."""


class Identifiers:
    """Which text stands for an identifier? Prepared once from the settings, then called."""

    def __init__(self, settings: Settings) -> None:
        self._ranks = {k.name: rank for rank, k in enumerate(settings.identifier_kinds)}
        self._junk = frozenset(value.casefold() for value in settings.junk_identifiers)
        self._junk_lengths = frozenset(map(len, self._junk))
        region = settings.phone_region
        forms: dict[str, Form] = {
            "text": _text,
            "email": functools.lru_cache(CACHED)(_email),
            "phone": functools.lru_cache(CACHED)(functools.partial(_phone, region=region)),
        }
        self._ready: dict[str, tuple[str, Form]] = {
            kind.name: (kind.name + ":", forms[kind.form]) for kind in settings.identifier_kinds
        }
        self._user = self._ready.get("user_id", ("", _undeclared))
        self._anonymous = self._ready.get("anonymous_id", ("", _undeclared))
        self._user_first = self._ranks.get("user_id", 0) < self._ranks.get("anonymous_id", 1)
        self._scopable = frozenset(k.name for k in settings.identifier_kinds if k.scoped)

    def __call__(self, kind: str, value: object) -> str | Problem:
        """Which text is `value` as an identifier of `kind` (`openid@APP` for a scoped kind)?"""
        ready = self._ready.get(kind) or self._scoped(kind)
        return ready if isinstance(ready, Problem) else self._write(ready, value)

    def _write(self, ready: tuple[str, Form], value: object) -> str | Problem:
        prefix, form = ready
        if type(value) is not str:
            written = _written(value)
            if isinstance(written, Problem):
                return written
            value = written
        value = value.strip()
        length = len(value)
        if length in self._junk_lengths and value.casefold() in self._junk:
            return Problem.JUNK
        if length > LONGEST:
            return Problem.TOO_LONG
        if form is _text and length and value.isascii() and value.isprintable():
            return prefix + value
        formed = form(value)
        return formed if isinstance(formed, Problem) else prefix + formed

    def pair(self, user: object, anonymous: object) -> tuple[str, ...]:
        """What do the two fields that nearly every event has name, in order?

        The same as each called alone, then `ordered`; empty where either cannot be used.
        """
        write = self._write
        if user is None:
            only = write(self._anonymous, anonymous)
            return (only,) if type(only) is str else ()
        first = write(self._user, user)
        if type(first) is not str:
            return ()
        if anonymous is None:
            return (first,)
        second = write(self._anonymous, anonymous)
        if type(second) is not str:
            return ()
        return (first, second) if self._user_first else (second, first)

    def shape(self) -> Shape | None:
        """How are plain user and anonymous ids written? None where the settings make them else."""
        if self._user[1] is not _text or self._anonymous[1] is not _text:
            return None
        lengths = np.zeros(LONGEST + 1, np.bool_)
        lengths[[size for size in self._junk_lengths if size <= LONGEST]] = True
        junk = np.array([crc32(text.encode()) for text in self._junk], np.uint32)
        return Shape(self._user[0], self._anonymous[0], self._user_first, lengths, junk)

    def ordered(self, texts: Iterable[str]) -> tuple[str, ...]:
        """In which order stand the identifiers of an event? The first is its subject.

        By the order of the kinds in the settings; those of one kind stay as they came; repeats go.
        """
        unique = tuple(dict.fromkeys(texts))
        return unique if len(unique) < 2 else tuple(sorted(unique, key=self._rank))

    def _rank(self, text: str) -> int:
        return self._ranks[text.partition(":")[0].partition("@")[0]]

    def _scoped(self, kind: str) -> tuple[str, Form] | Problem:
        name, _, scope = kind.partition("@")
        declared = self._ready.get(name)
        if declared is None:
            return Problem.UNKNOWN_KIND
        scope = scope.strip()
        if name not in self._scopable or not 0 < len(scope) <= LONGEST_SCOPE:
            return Problem.BAD_SCOPE
        if not scope.isprintable() or any(c in scope for c in ":@ " + REPLACEMENT):
            return Problem.BAD_SCOPE
        return f"{name}@{scope}:", declared[1]


def _written(value: object) -> str | Problem:
    if value is None:
        return Problem.EMPTY
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float):
        return Problem.NOT_TEXT
    if isinstance(value, int):
        # Python refuses to write integers of thousands of digits; none of them names a person.
        return str(value) if value.bit_length() < 512 else Problem.TOO_LONG
    if not math.isfinite(value) or value != int(value) or abs(value) > 2**53:
        return Problem.NOT_TEXT
    return str(int(value))


def _undeclared(value: str) -> Problem:
    return Problem.UNKNOWN_KIND


def _text(value: str) -> str | Problem:
    value = unicodedata.normalize("NFC", value).strip("\ufeff\u200b").strip()
    if not value:
        return Problem.EMPTY
    if any(unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"} or c == REPLACEMENT for c in value):
        return Problem.BAD_CHARACTERS
    return value if len(value) <= LONGEST else Problem.TOO_LONG


def _email(value: str) -> str | Problem:
    value = unicodedata.normalize("NFKC", value).strip().casefold()
    if not value:
        return Problem.EMPTY
    if len(value) > 254:
        return Problem.TOO_LONG
    local, _, domain = value.rpartition("@")
    labels = domain.split(".")
    if not local or len(local) > 64 or len(labels) < 2 or not all(labels):
        return Problem.BAD_EMAIL
    if not value.isprintable() or any(c in value for c in ' ,;<>()[]"\\' + REPLACEMENT):
        return Problem.BAD_EMAIL
    return Problem.BAD_EMAIL if "@" in local else value


def _phone(value: str, region: str) -> str | Problem:
    value = value.strip()
    if not value:
        return Problem.EMPTY
    mainland = len(value) == 11 and value.isascii() and value.isdigit()
    if region == "CN" and mainland and value[0] == "1" and value[1] in "3456789":
        return "+86" + value
    if len(value) > 40 or any(c.isalpha() or c in "*#" for c in value):
        return Problem.BAD_PHONE
    try:
        number = phonenumbers.parse(value, region)
    except phonenumbers.NumberParseException:
        return Problem.BAD_PHONE
    if not phonenumbers.is_possible_number(number):
        return Problem.BAD_PHONE
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
