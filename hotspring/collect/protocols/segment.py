"""The Segment protocol: single calls, batches and imports, as JSON under whatever label."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec
import numpy as np

from hotspring.collect import split
from hotspring.collect.body import basic_user, form, mended, plain
from hotspring.collect.call import Call, Envelope, Plain, read_call
from hotspring.collect.protocol import Protocol
from hotspring.collect.scan import COUNT, END, ODD, SENT_AT, START, WRITE_KEY, scan
from hotspring.collect.verdict import Reason, Unfit, Unreadable
from hotspring.collect.words import Body, Words, replaced

MOST_EVENTS: Final = 50_000
CALLS: Final = {
    "track": "track", "t": "track", "identify": "identify", "i": "identify", "page": "page",
    "p": "page", "screen": "screen", "s": "screen", "group": "group", "g": "group",
    "alias": "alias", "a": "alias",
}  # fmt: skip
"""The last part of a path, and the type of call that comes there."""
FEW: Final = 4
WORTH_A_SCAN: Final = 1_000
"""A body of fewer events or bytes is read as quickly without a scan."""
BATCHES: Final = ("batch", "b", "import")


class _Body(Call, kw_only=True):
    batch: list[Call] | msgspec.UnsetType = msgspec.UNSET
    write_key: Any = None


_read_body: Final = msgspec.json.Decoder(_Body).decode
_read_calls: Final = msgspec.json.Decoder(list[Call]).decode


def decode(
    path: str, query: bytes, headers: Mapping[str, str], sent: bytes, limit: int
) -> Envelope:
    """Which calls does this request carry? Raises `Unreadable`."""
    body = plain(sent, limit)
    kind = CALLS.get(path.rpartition("/")[2])
    envelope = _scanned(body) if kind is None else None
    if envelope is None:
        try:
            envelope = _strict(body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            envelope = _tolerant(mended(body))
    if len(envelope.calls) > MOST_EVENTS:
        raise Unreadable(413, "too_many", f"one request carries at most {MOST_EVENTS} events")
    if kind is not None:
        for call in envelope.calls:
            if isinstance(call, Call):
                call.type = kind
    key = basic_user(headers) or envelope.write_key or _query_key(query)
    return msgspec.structs.replace(envelope, write_key=key, path=path)


def _scanned(body: bytes) -> Envelope | None:
    """Read a plain batch, quickly; None where it is not one, or is but a few events."""
    if len(body) < WORTH_A_SCAN:
        return None
    rows, around = scan(body, MOST_EVENTS)
    if around[COUNT] < FEW:
        return None
    odd = np.flatnonzero(rows[:, ODD]).tolist()
    if len(odd) * 2 > len(rows):
        return None
    try:
        calls = {at: read_call(body[rows[at, START] : rows[at, END]]) for at in odd}
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    key, sent_at = (
        _scalar(body[around[field] : around[field + 1]]) for field in (WRITE_KEY, SENT_AT)
    )
    return Envelope([], _word(key), sent_at=sent_at, body=body, plain=Plain(rows, calls))


def _strict(body: bytes) -> Envelope:
    if body[:1] == b"[":
        return Envelope(list(_read_calls(body)), body=body)
    read = _read_body(body)
    key = _word(read.write_key)
    if read.batch is msgspec.UNSET:
        return Envelope([read], key, sent_at=read.sent_at, body=body)
    calls: list[Call | Unfit] = list(read.batch)
    shared = read.context
    if bytes(shared):
        for call in read.batch:
            if not bytes(call.context):
                call.context = shared
    return Envelope(calls, key, sent_at=read.sent_at, body=body)


def _tolerant(body: bytes) -> Envelope:
    """Read a body that is not valid as a whole, one event at a time."""
    try:
        return _strict(body)
    except (msgspec.DecodeError, RecursionError):
        pass
    if body[:1] == b"[":
        return Envelope([_one(text) for text in split.elements(body)], body=body)
    if body[:1] != b"{":
        raise Unreadable(400, "bad_json", "the body is not JSON")
    fields = split.members(body)
    batch = fields.get(b"batch", b"")
    texts = split.elements(batch) if batch[:1] == b"[" else [body]
    key, sent_at = _scalar(fields.get(b"writeKey")), _scalar(fields.get(b"sentAt"))
    return Envelope([_one(text) for text in texts], _word(key), sent_at=sent_at, body=body)


def _one(text: bytes) -> Call | Unfit:
    if text[:1] != b"{":
        return Unfit(Reason.NOT_AN_OBJECT)
    try:
        return read_call(text)
    except RecursionError:
        return Unfit(Reason.TOO_DEEP)
    except msgspec.DecodeError as error:
        return Unfit(Reason.BAD_JSON, str(error))


def _scalar(text: bytes | None) -> object:
    try:
        return msgspec.json.decode(text) if text else None
    except (msgspec.DecodeError, RecursionError):
        return None


def _word(value: object) -> str:
    return value if isinstance(value, str) else ""


def _query_key(query: bytes) -> str:
    return form(query).get("writeKey", b"").decode("utf-8", "replace")


def _identify(body: Body, kind: str, value: str) -> None:
    own = {"user_id": "userId", "anonymous_id": "anonymousId"}.get(kind)
    if own:
        body[own] = value
        return
    context = body.get("context")
    context = dict(context) if isinstance(context, dict) else {}
    body["context"] = {**context, "externalIds": replaced(context.get("externalIds"), kind, value)}


PROTOCOL: Final = Protocol(
    paths=frozenset(f"/v1/{name}" for name in (*CALLS, *BATCHES)),
    decode=decode,
    words=Words("/v1/batch", "event", "timestamp", "sentAt", "type", _identify),
)
