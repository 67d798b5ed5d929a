"""The text of each event of a body, to keep what is refused; a write key is never quoted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

import msgspec

from hotspring.collect import split
from hotspring.collect.call import Call, Envelope, Told
from hotspring.collect.verdict import Unfit

_KEY: Final = re.compile(r'("(?:writeKey|write_key)"\s*:\s*)"(?:[^"\\]|\\.)*+"')
_SHORTEST_KEY: Final = 8
LONGEST_CONTEXT: Final = 16_384
LONGEST_WORD: Final = 1_024


class _Batch(msgspec.Struct):
    batch: list[msgspec.Raw] | None = None


_read_list: Final = msgspec.json.Decoder(list[msgspec.Raw]).decode
_read_batch: Final = msgspec.json.Decoder(_Batch).decode


def quotes(envelope: Envelope, places: Iterable[int]) -> list[str]:
    """How did the events at these places of the envelope read?"""
    plain = envelope.plain
    if plain is not None:
        return [_without_key(plain.text(envelope.body, at), envelope.write_key) for at in places]
    texts = _texts(envelope.body)
    return [_without_key(bytes(texts[place]), envelope.write_key) for place in places]


def request_of(envelope: Envelope, call: Call | Unfit, public: bool) -> str:
    """What did the request say beside this event, which its own text may leave out?"""
    told: dict[str, Any] = {"path": envelope.path, "agent": envelope.agent[:LONGEST_WORD]}
    if public:
        told["public"] = True
    sent_at = envelope.sent_at
    if isinstance(sent_at, str | float) or (isinstance(sent_at, int) and abs(sent_at) < 2**63):
        told["sentAt"] = sent_at[:LONGEST_WORD] if isinstance(sent_at, str) else sent_at
    if isinstance(call, Call) and not isinstance(call, Told):
        if isinstance(call.type, str):
            told["type"] = call.type[:LONGEST_WORD]
        if 0 < len(bytes(call.context)) <= LONGEST_CONTEXT:
            told["context"] = call.context
    text = msgspec.json.encode({name: value for name, value in told.items() if value})
    return text.decode("utf-8", "replace")


def cut(body: bytes) -> list[bytes]:
    """Which text is each event of `body`: an object, an array, or an object with a `batch`?"""
    return [bytes(text) for text in _texts(body)]


def _texts(body: bytes) -> Sequence[bytes | msgspec.Raw]:
    try:
        if body[:1] == b"[":
            return _read_list(body)
        batch = _read_batch(body).batch
        return [body] if batch is None else batch
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
