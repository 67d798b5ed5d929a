"""A second judgement: what was refused is read again, by the same protocol and the same rules."""

from __future__ import annotations

from collections.abc import Container, Iterable
from typing import Any, Final

import msgspec
from isal.isal_zlib import crc32

from hotspring.collect.call import Call, Envelope, Told
from hotspring.collect.context import Context
from hotspring.collect.protocol import Protocol
from hotspring.collect.protocols.segment import CALLS
from hotspring.collect.verdict import Unfit, Unreadable
from hotspring.collect.words import Body, Words
from hotspring.event import Flag

SENSORS: Final = "/sa"
SEGMENT: Final = "/v1/batch"
SENSORS_MARKS: Final = frozenset({"distinct_id", "identities", "lib", "_track_id"})
"""Members that tell a record of the Sensors protocol where the path was not kept."""

PARTS: Final = ("properties", "traits", "context")
"""What of a decoded event is an object as text."""


class Request(msgspec.Struct, frozen=True, rename="camel"):
    """What a request said beside a refused event."""

    path: str = ""
    agent: str = ""
    type: str = ""
    context: Any = None
    sent_at: Any = None
    public: bool | None = None


def _identified(body: Body, kind: str, value: str) -> None:
    ids = body.get("ids")
    others = [one for one in _claims(ids) if one[0] != kind]
    body["ids"] = [f"{kind}:{value}", *(f"{name}:{one}" for name, one in others)]


RECORDED: Final = Words("", event="name", time="ms", sent="", type="type", identify=_identified)
"""The words of an event that was accepted once, as it is told where it contradicts another."""


def read(text: str, recorded: bool) -> Body:
    """What does the text of a refused event say? Raises `msgspec.DecodeError`.

    One that was `recorded`, because it was decoded and contradicted another, has its parts as texts
    inside the text.
    """
    body: Body = msgspec.json.decode(text, type=dict[str, Any])
    if not recorded:
        return body
    for name in PARTS:
        part = body.get(name)
        body[name] = msgspec.json.decode(part) if isinstance(part, str) and part else {}
    return body


def carried(
    body: Body,
    quoted: str,
    request: Request,
    protocol: Protocol,
    message_id: str,
    otherwise: str,
) -> Envelope:
    """The request that carries this one event. Raises `Unreadable` where there is none.

    What stands in `quoted`, the event as it came, and was not changed is written as it was there: a
    repeat is told by how it is written. `message_id` is the id to keep, `otherwise` that of an
    event with neither id nor time.
    """
    words = protocol.words
    if words.path == SEGMENT:
        body = _completed(body, request)
    text = b"[" + msgspec.json.encode(_written(body, _members(quoted))) + b"]"
    headers = {"user-agent": request.agent} if request.agent else {}
    envelope = protocol.decode(words.path, b"", headers, text, len(text))
    if len(envelope.calls) != 1:
        raise Unreadable(400, "bad_json", "this is not one event")
    _keep_id(envelope.calls[0], message_id, otherwise)
    return msgspec.structs.replace(envelope, path=request.path or words.path, agent=request.agent)


def recorded(body: Body, quoted: str, message_id: str) -> Envelope:
    """The request that carries this one event, which was decoded once and contradicted another."""
    texts = {name: _text(raw) for name, raw in _members(quoted).items() if name in PARTS}
    told = {name: msgspec.Raw(text.encode()) for name, text in texts.items() if text}
    parts = {name: bytes(raw) for name, raw in _written(_parts(body), told).items()}
    kept, flags = parts["context"], body.get("flags")
    call = Told(
        type="track" if body.get("type") == "consent" else body.get("type"),
        event=body.get("name"),
        message_id=message_id,
        timestamp=body.get("ms"),
        properties=msgspec.Raw(parts["properties"]),
        claims=tuple(_claims(body.get("ids"))),
        operations=body.get("traits") or None,
        surroundings=Context(
            text=kept.decode(),
            mark=crc32(kept),
            channel=str(body.get("channel") or ""),
            device=str(body.get("device") or ""),
            flags=flags & Flag.BOT.value if isinstance(flags, int) else 0,
        ),
    )
    return Envelope([call], body=b"[" + msgspec.json.encode(body) + b"]")


def request(text: str | None) -> Request:
    """What is known of the request? Nothing of those that were refused before this was kept."""
    try:
        return msgspec.json.decode(text, type=Request) if text else Request()
    except msgspec.DecodeError:
        return Request()


def path_of(body: Body, request: Request, known: Container[str]) -> str:
    """Which path serves this event? Guessed from its members where it was not kept."""
    if request.path in known:
        return request.path
    return SEGMENT if SENSORS_MARKS.isdisjoint(body) else SENSORS


def _completed(body: Body, request: Request) -> Body:
    told = {
        "type": CALLS.get(request.path.rpartition("/")[2]) or request.type,
        "context": request.context,
        "sentAt": request.sent_at,
    }
    return {**{name: value for name, value in told.items() if value}, **body}


def _members(quoted: str) -> dict[str, msgspec.Raw]:
    try:
        return msgspec.json.decode(quoted, type=dict[str, msgspec.Raw])
    except (msgspec.DecodeError, RecursionError):
        return {}


def _parts(body: Body) -> Body:
    return {name: body.get(name) or {} for name in PARTS}


def _written(body: Body, quoted: dict[str, msgspec.Raw]) -> dict[str, msgspec.Raw]:
    """Each member as text, in the very words of `quoted` where it says the same."""
    texts = {}
    for name, value in body.items():
        raw, text = quoted.get(name), msgspec.json.encode(value)
        same = raw is not None and msgspec.json.encode(msgspec.json.decode(raw)) == text
        texts[name] = raw if same and raw is not None else msgspec.Raw(text)
    return texts


def _keep_id(call: Call | Unfit, message_id: str, otherwise: str) -> None:
    if isinstance(call, Unfit):
        return
    if message_id:
        call.message_id = message_id
    elif call.message_id is None and not (call.timestamp or call.original_timestamp):
        call.message_id = otherwise


def _text(raw: msgspec.Raw) -> str:
    text = msgspec.json.decode(raw)
    return text if isinstance(text, str) else ""


def _claims(ids: object) -> Iterable[tuple[str, object]]:
    for one in ids if isinstance(ids, list) else []:
        kind, mark, value = str(one).partition(":")
        if mark:
            yield kind, value
