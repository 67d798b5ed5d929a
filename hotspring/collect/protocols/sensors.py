"""The Sensors Analytics (神策) protocol: base64 of perhaps gzipped JSON, in queries and forms.

A record with a `distinct_id` and nothing that says what it is (no `login_id`, no `identities`, no
`$is_login_id`) is an event of that `anonymous_id`. Server libraries write accounts like that too.
Therefore a `track_signup`, which says that its `distinct_id` is an account, binds three: the
account, the `original_id`, and the `anonymous_id` of the account's own name. As a bind speaks of
the account alone, the last two do not become one device, and two accounts that signed up from one
browser stay two. It is evidence like any other, so records before and after it are the person's.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from hotspring.collect import sensors_names as names
from hotspring.collect.body import basic_user, checksum, form, mended, plain, unbased
from hotspring.collect.call import Call, Envelope, Told
from hotspring.collect.fragment import fragment
from hotspring.collect.protocol import Protocol
from hotspring.collect.quotes import cut
from hotspring.collect.verdict import Reason, Unfit, Unreadable
from hotspring.collect.words import Body, Words

MOST_EVENTS: Final = 50_000


class _Record(msgspec.Struct, gc=False):
    type: Any = None
    event: Any = None
    time: Any = None
    distinct_id: Any = None
    login_id: Any = None
    anonymous_id: Any = None
    original_id: Any = None
    identities: Any = None
    lib: Any = None
    properties: msgspec.Raw = msgspec.Raw(b"")
    track_id: Any = msgspec.field(name="_track_id", default=None)
    flush_time: Any = msgspec.field(name="_flush_time", default=None)


_read_record: Final = msgspec.json.Decoder(_Record).decode


def decode(
    path: str, query: bytes, headers: Mapping[str, str], sent: bytes, limit: int
) -> Envelope:
    """Which records does this request carry? Raises `Unreadable`."""
    told = form(query)
    data, fields = _data(plain(sent, limit), told)
    _check(data, fields)
    body = data if data[:1] in (b"{", b"[") else unbased(data, limit)
    body = mended(body)
    if body[:1] not in (b"{", b"["):
        raise Unreadable(400, "bad_json", "the data is not a JSON object or a list of them")
    texts = cut(body)
    if len(texts) > MOST_EVENTS:
        raise Unreadable(413, "too_many", f"one request carries at most {MOST_EVENTS} records")
    agent = headers.get("user-agent", "")
    calls = [_call(text, agent, limit) for text in texts]
    key = basic_user(headers) or _word(told.get("token")) or _word(told.get("writeKey"))
    return Envelope(
        calls, key, project=_word(told.get("project")), body=body, path=path, agent=agent
    )


def _data(body: bytes, query: dict[str, bytes]) -> tuple[bytes, dict[str, bytes]]:
    if body[:1] in (b"{", b"["):
        return body, {}
    fields = form(body) if body else query
    for name in ("data", "data_list"):
        if fields.get(name):
            return fields[name].strip(), fields
    raise Unreadable(400, "no_data", "the request carries neither data nor data_list")


def _check(data: bytes, fields: dict[str, bytes]) -> None:
    name, _, told = fields.get("ext", b"").partition(b"crc=")
    if name or not told:
        return
    if told.strip() != str(checksum(data.replace(b" ", b"+"))).encode():
        raise Unreadable(400, "bad_crc", "the data does not match its checksum")


def _call(text: bytes, agent: str, limit: int) -> Call | Unfit:
    if text[:1] != b"{":
        return Unfit(Reason.NOT_AN_OBJECT)
    try:
        record = _read_record(text)
    except RecursionError:
        return Unfit(Reason.TOO_DEEP)
    except msgspec.DecodeError as error:
        return Unfit(Reason.BAD_JSON, str(error))
    try:
        return _told(record, agent, limit)
    except Unfit as problem:
        problem.message_id = _message_id(record)
        return problem


def _told(record: _Record, agent: str, limit: int) -> Told:
    raw, properties = fragment(record.properties, Reason.BAD_PROPERTIES, limit)
    around = names.surroundings(properties, record.lib, agent)
    kind, event, operations = _meaning(record, properties)
    if operations is not None:
        raw = b"{}"
    elif not names.PERSONAL.isdisjoint(properties):
        kept = {name: value for name, value in properties.items() if name not in names.PERSONAL}
        raw = msgspec.json.encode(kept)
    return Told(
        type=kind,
        event=event,
        message_id=_message_id(record),
        timestamp=record.time,
        sent_at=record.flush_time,
        properties=msgspec.Raw(raw),
        claims=tuple(_claims(record, properties)),
        operations=operations,
        surroundings=around,
        datum=names.datum(properties),
    )


def _meaning(
    record: _Record, properties: dict[str, Any]
) -> tuple[str, object, dict[str, Any] | None]:
    kind = record.type
    if kind is None or kind == "":
        raise Unfit(Reason.MISSING_TYPE)
    if not isinstance(kind, str):
        raise Unfit(Reason.UNKNOWN_TYPE)
    if kind == "track":
        event = record.event
        return names.EVENTS.get(event, kind) if isinstance(event, str) else kind, event, None
    if kind == "track_signup":
        return "bind", None, None
    if kind in ("track_id_bind", "track_id_unbind"):
        return kind.removeprefix("track_id_"), None, None
    operation = names.OPERATIONS.get(kind)
    if operation == "delete":
        return "identify", None, {"delete": True}
    if operation == "unset":
        return "identify", None, {"unset": sorted(properties)}
    if operation is not None:
        return "identify", None, {operation: properties} if properties else {}
    if kind.startswith("item_"):
        raise Unfit(Reason.UNSUPPORTED_TYPE)
    raise Unfit(Reason.UNKNOWN_TYPE)


def _claims(record: _Record, properties: dict[str, Any]) -> list[tuple[str, object]]:
    told = record.identities if isinstance(record.identities, dict) else {}
    if record.type == "track_id_unbind" and told:
        # Those beside them say who was signed in, not what is to be parted.
        return _parted(told)
    claims: list[tuple[str, object]] = []
    if record.login_id is not None:
        claims.append(("user_id", record.login_id))
    if record.anonymous_id is not None:
        claims.append(("anonymous_id", record.anonymous_id))
    claims.extend(names.identities(told))
    if record.type == "track_signup":
        claims += [("user_id", record.distinct_id), ("anonymous_id", record.original_id)]
        # What later names this account without saying that it is one is an event of this.
        claims.append(("anonymous_id", record.distinct_id))
    elif not claims:
        signed_in = properties.get("$is_login_id") is True
        claims.append(("user_id" if signed_in else "anonymous_id", record.distinct_id))
    if properties.get("$device_id") is not None:
        claims.append(("device_id", properties["$device_id"]))
    return claims


def _parted(told: dict[str, Any]) -> list[tuple[str, object]]:
    claims = [list(names.identities({name: value})) for name, value in told.items()]
    if [] in claims:
        # Without the one that is not understood it would part another from everything.
        raise Unfit(Reason.NO_IDENTIFIER, "the unbind names an identity of an unknown kind")
    return [claim for one in claims for claim in one]


def _message_id(record: _Record) -> object:
    # The clients draw nine digits: alone they repeat within weeks, with the time they do not.
    track = record.track_id
    if isinstance(track, int | float | str) and not isinstance(track, bool):
        return f"{track}.{record.time}" if isinstance(record.time, int) else str(track)
    return None


def _word(value: bytes | None) -> str:
    return value.decode("utf-8", "replace") if value else ""


def _identify(body: Body, kind: str, value: str) -> None:
    own = {"user_id": "login_id", "anonymous_id": "anonymous_id"}.get(kind)
    if own:
        body[own] = value
        return
    told = body.get("identities")
    told = told if isinstance(told, dict) else {}
    others = {name: one for name, one in told.items() if names.IDENTITIES.get(name, name) != kind}
    body["identities"] = {**others, kind: value}


PROTOCOL: Final = Protocol(
    paths=frozenset({"/sa", "/sa.gif", "/debug"}),
    decode=decode,
    words=Words("/sa", "event", "time", "flush_time", "type", _identify),
    methods=frozenset({"GET", "POST"}),
    never_refuse=True,
)
