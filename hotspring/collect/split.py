"""Cutting a body into its events without understanding them, so that a bad one stays alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from hotspring.collect.verdict import Unreadable

MOST_MARKS: Final = 2_000_000
"""More brackets, commas and quotes than this are not cut, as that would take seconds."""

_TOKEN: Final = re.compile(rb'"(?:[^"\\]|\\.)*+"|[\[\]{},:"]', re.DOTALL)


def members(body: bytes) -> dict[bytes, bytes]:
    """Which text stands under each name of the object `body`? Of equal names the last counts."""
    return {name.strip(b'"'): value for name, value in _children(body)}


def elements(body: bytes) -> list[bytes]:
    """Which text is each element of the array `body`?"""
    return [value for _, value in _children(body)]


def _children(body: bytes) -> Iterator[tuple[bytes, bytes]]:
    if body[:1] not in (b"[", b"{"):
        raise Unreadable(400, "bad_json", "the body is neither a JSON object nor a list")
    if sum(map(body.count, (b"[", b"{", b",", b'"'))) > MOST_MARKS:
        raise Unreadable(400, "bad_json", "the body is not JSON and too long to mend")
    named = body[:1] == b"{"
    depth, start, name = 0, 1, b""
    for match in _TOKEN.finditer(body):
        mark = match[0]
        if mark == b'"':
            break
        if mark in b"[{":
            depth += 1
        elif mark in b"]}":
            depth -= 1
            if depth == 0:
                if body[match.end() :].strip():
                    break
                if body[start : match.start()].strip():
                    yield name, body[start : match.start()].strip()
                return
        elif depth == 1 and mark == b":" and named and not name:
            name = body[start : match.start()].strip()
            start = match.end()
        elif depth == 1 and mark == b",":
            yield name, body[start : match.start()].strip()
            start, name = match.end(), b""
    raise Unreadable(400, "bad_json", "the body is not JSON, or it ends too early")
