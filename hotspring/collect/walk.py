"""Walking over JSON in compiled passes: where strings, numbers and whole values end.

Texts are addresses with a size. What is damaged ends at -1; what is *odd* may be valid JSON, but
is left to the general reader.
"""

from __future__ import annotations

from typing import Any, Final

import numba
import numpy as np

from hotspring.collect.address import byte_at, mark_at

DEEPEST: Final = 16
"""Levels of nesting within one value; what is deeper is left to the general reader."""
DIGITS: Final = 18
PLAIN, FOREIGN, ESCAPED, HALF = 0, 1, 2, 4
"""Of a string: printable ASCII alone; other characters; escapes; escapes of surrogates."""
TRUE, FALSE, NULL = (np.frombuffer(word, np.uint8) for word in (b"true", b"false", b"null"))
_compiled: Final = numba.njit(cache=True, nogil=True)


@_compiled
def marks_of(text: Any) -> Any:
    """int32[n]: of each place, the next byte from there on that does not stand for itself in a
    string; n where there is none."""
    marks = np.empty(len(text), np.int32)
    following = len(text)
    for at in range(len(text) - 1, -1, -1):
        byte = text[at]
        special = (
            (np.uint8(byte - np.uint8(32)) > np.uint8(94))
            | (byte == np.uint8(34))
            | (byte == np.uint8(92))
        )
        following = at if special else following
        marks[at] = following
    return marks


@_compiled
def space(text: Any, size: Any, at: Any) -> Any:
    while at < size and (
        byte_at(text, at) == 32
        or byte_at(text, at) == 10
        or byte_at(text, at) == 13
        or byte_at(text, at) == 9
    ):
        at += 1
    return at


@_compiled
def same_word(text: Any, size: Any, start: Any, end: Any, word: Any) -> Any:
    if end - start != len(word):
        return False
    at = 0
    while at < len(word) and byte_at(text, start + at) == word[at]:
        at += 1
    return at == len(word)


@_compiled
def _character(text: Any, size: Any, at: Any) -> Any:
    """Where the UTF-8 character that begins here ends; -1 where it is none."""
    lead = byte_at(text, at)
    low, high, more = 0x80, 0xBF, 1
    if lead < 0xC2 or lead > 0xF4:
        return -1
    if lead >= 0xF0:
        more = 3
        if lead == 0xF0:
            low = 0x90
        elif lead == 0xF4:
            high = 0x8F
    elif lead >= 0xE0:
        more = 2
        if lead == 0xE0:
            low = 0xA0
        elif lead == 0xED:
            high = 0x9F
    if at + more >= size:
        return -1
    for i in range(1, more + 1):
        if byte_at(text, at + i) < low or byte_at(text, at + i) > high:
            return -1
        low, high = 0x80, 0xBF
    return at + more + 1


@_compiled
def _hexadecimal(byte: Any) -> Any:
    if 48 <= byte <= 57:
        return byte - 48
    byte |= 32
    if 97 <= byte <= 102:
        return byte - 87
    return -1


@_compiled
def string(text: Any, size: Any, marks: Any, at: Any) -> Any:
    """The place of the closing quote (-1: none, or damaged), and of what kind the string is."""
    kind = PLAIN
    while at < size:
        at = mark_at(marks, at)
        if at >= size:
            return -1, kind
        byte = byte_at(text, at)
        if byte == 34:
            return at, kind
        if byte >= 128:
            kind |= FOREIGN
            at = _character(text, size, at)
            if at < 0:
                return -1, kind
        elif byte == 127:
            kind |= FOREIGN
            at += 1
        elif byte < 32 or at + 1 >= size:
            return -1, kind
        else:
            kind |= ESCAPED
            mark = byte_at(text, at + 1)
            if mark == 117:
                if at + 5 >= size:
                    return -1, kind
                code = 0
                for i in range(2, 6):
                    digit = _hexadecimal(byte_at(text, at + i))
                    if digit < 0:
                        return -1, kind
                    code = code * 16 + digit
                if 0xD800 <= code <= 0xDFFF:
                    kind |= HALF
                at += 6
            elif (
                mark == 34 or mark == 92 or mark == 47 or mark == 98
                or mark == 102 or mark == 110 or mark == 114 or mark == 116
            ):  # fmt: skip
                at += 2
            else:
                return -1, kind
    return -1, kind


@_compiled
def _number(text: Any, size: Any, at: Any) -> Any:
    """Where the number ends (-1: it is none), and whether it is an odd one: long, or with an e."""
    begin = at
    if byte_at(text, at) == 45:
        at += 1
    first = at
    while at < size and 48 <= byte_at(text, at) <= 57:
        at += 1
    whole = at - first
    if whole == 0 or (whole > 1 and byte_at(text, first) == 48):
        return -1, False
    if at < size and byte_at(text, at) == 46:
        first = at + 1
        at = first
        while at < size and 48 <= byte_at(text, at) <= 57:
            at += 1
        if at == first:
            return -1, False
    odd = at - begin > DIGITS
    if at < size and (byte_at(text, at) | 32) == 101:
        odd = True
        at += 1
        if at < size and (byte_at(text, at) == 43 or byte_at(text, at) == 45):
            at += 1
        first = at
        while at < size and 48 <= byte_at(text, at) <= 57:
            at += 1
        if at == first:
            return -1, False
    return at, odd


@_compiled
def _scalar(text: Any, size: Any, marks: Any, at: Any) -> Any:
    """Where the value that begins here and is no list and no object ends, and whether it is odd."""
    byte = byte_at(text, at)
    if byte == 34:
        end, kind = string(text, size, marks, at + 1)
        return (end + 1 if end >= 0 else -1), (kind & HALF) != 0
    if byte == 45 or 48 <= byte <= 57:
        return _number(text, size, at)
    if byte == 116 and same_word(text, size, at, min(at + 4, size), TRUE):
        return at + 4, False
    if byte == 110 and same_word(text, size, at, min(at + 4, size), NULL):
        return at + 4, False
    if byte == 102 and same_word(text, size, at, min(at + 5, size), FALSE):
        return at + 5, False
    return -1, False


@_compiled
def key(text: Any, size: Any, marks: Any, at: Any) -> Any:
    """The place of a name's closing quote, its kind, and where its value begins; -1 if damaged."""
    at = space(text, size, at)
    if at >= size or byte_at(text, at) != 34:
        return -1, PLAIN, -1
    end, kind = string(text, size, marks, at + 1)
    if end < 0:
        return -1, kind, -1
    at = space(text, size, end + 1)
    if at >= size or byte_at(text, at) != 58:
        return -1, kind, -1
    at = space(text, size, at + 1)
    return end, kind, (at if at < size else -1)


@_compiled
def value(text: Any, size: Any, marks: Any, at: Any) -> Any:
    """Where the value that begins here ends (-1: it is damaged), and whether it is odd."""
    odd = False
    depth = 0
    objects = 0
    while True:
        at = space(text, size, at)
        if at >= size:
            return -1, odd
        byte = byte_at(text, at)
        if byte == 123 or byte == 91:
            inner = space(text, size, at + 1)
            if inner >= size:
                return -1, odd
            if byte_at(text, inner) == byte + 2:
                at = inner + 1
            else:
                depth += 1
                if depth > DEEPEST:
                    return -1, odd
                objects = objects << 1 | (1 if byte == 123 else 0)
                at = inner
                if byte == 123:
                    _, kind, at = key(text, size, marks, at)
                    if at < 0:
                        return -1, odd
                    odd |= (kind & HALF) != 0
                continue
        else:
            at, strange = _scalar(text, size, marks, at)
            if at < 0:
                return -1, odd
            odd |= strange
        while True:
            if depth == 0:
                return at, odd
            at = space(text, size, at)
            if at >= size:
                return -1, odd
            byte = byte_at(text, at)
            if byte == 44:
                at += 1
                if objects & 1:
                    _, kind, at = key(text, size, marks, at)
                    if at < 0:
                        return -1, odd
                    odd |= (kind & HALF) != 0
                break
            if byte != (125 if objects & 1 else 93):
                return -1, odd
            objects >>= 1
            depth -= 1
            at += 1
