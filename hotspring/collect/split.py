"""Cutting a body into its events without understanding them, so that a bad one stays alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numba
import numpy as np

from hotspring.collect.verdict import Unreadable

QUOTE: Final = ord('"')
BACKSLASH: Final = ord("\\")
COMMA: Final = ord(",")
COLON: Final = ord(":")
BRACKETS: Final = (ord("["), ord("{"), ord("]"), ord("}"))


def members(body: bytes) -> dict[bytes, bytes]:
    """Which text stands under each name of the object `body`? Of equal names the last counts."""
    found: dict[bytes, bytes] = {}
    name: bytes | None = None
    start = 1
    for place in _marks(body):
        if body[place] != COLON:
            if name is not None:
                found[name] = body[start:place].strip()
            name, start = None, place + 1
        elif name is None:
            name, start = body[start:place].strip()[1:-1], place + 1
    return found


def elements(body: bytes) -> list[bytes]:
    """Which text is each element of the array `body`?"""
    found: list[bytes] = []
    start = 1
    for place in _marks(body):
        if body[place] != COLON:
            found.append(body[start:place].strip())
            start = place + 1
    return found if len(found) > 1 or found[0] else []


def _marks(body: bytes) -> Iterator[int]:
    """Where `body` has its own commas, colons and closing bracket, and not those of its parts."""
    if body[:1] not in (b"[", b"{"):
        raise Unreadable(400, "bad_json", "the body is neither a JSON object nor a list")
    marks = _scan(np.frombuffer(body, np.uint8))
    if not len(marks) or body[int(marks[-1]) + 1 :].strip():
        raise Unreadable(400, "bad_json", "the body is not JSON, or it ends too early")
    return map(int, marks)


# Compiled at import and not at the first bad body, which would wait for it.
@numba.njit(
    numba.int64[::1](numba.types.Array(numba.uint8, 1, "C", readonly=True)), cache=True, nogil=True
)
def _scan(text: Any) -> Any:
    """Places of the marks at depth one, the closing bracket last; none if it never closes."""
    marks = np.empty(16, np.int64)
    count, depth, quoted, place = 0, 0, False, 0
    while place < len(text):
        mark = text[place]
        if quoted:
            if mark == BACKSLASH:
                place += 1
            elif mark == QUOTE:
                quoted = False
        elif mark == QUOTE:
            quoted = True
        elif mark == BRACKETS[0] or mark == BRACKETS[1]:
            depth += 1
        elif mark == BRACKETS[2] or mark == BRACKETS[3]:
            depth -= 1
        if depth == 0 or (depth == 1 and not quoted and mark in (COMMA, COLON)):
            if count == len(marks):
                longer = np.empty(2 * count, np.int64)
                longer[:count] = marks
                marks = longer
            marks[count] = place
            count += 1
            if depth == 0:
                return marks[:count]
        place += 1
    return marks[:0]
