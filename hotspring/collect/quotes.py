"""The text of each event of a body, to keep what is refused; a write key is never quoted."""

from __future__ import annotations

import re
from typing import Final

import msgspec

from hotspring.collect import split
from hotspring.collect.call import Envelope

_KEY: Final = re.compile(r'("(?:writeKey|write_key)"\s*:\s*)"(?:[^"\\]|\\.)*+"')
_SHORTEST_KEY: Final = 8


class _Batch(msgspec.Struct):
    batch: list[msgspec.Raw] | None = None


def quotes(envelope: Envelope) -> list[str]:
    """How did each event of this envelope read?"""
    return [_without_key(text, envelope.write_key) for text in cut(envelope.body)]


def cut(body: bytes) -> list[bytes]:
    """Which text is each event of `body`: an object, an array, or an object with a `batch`?"""
    try:
        if body[:1] == b"[":
            return [bytes(raw) for raw in msgspec.json.decode(body, type=list[msgspec.Raw])]
        batch = msgspec.json.decode(body, type=_Batch).batch
        return [body] if batch is None else [bytes(raw) for raw in batch]
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        if body[:1] == b"[":
            return split.elements(body)
        listed = split.members(body).get(b"batch", b"")
        return split.elements(listed) if listed[:1] == b"[" else [body]


def _without_key(text: bytes, key: str) -> str:
    quote = text.decode("utf-8", "replace")
    if len(key) >= _SHORTEST_KEY:
        quote = quote.replace(key, "")
    return _KEY.sub(r'\1""', quote)
