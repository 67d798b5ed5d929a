"""No body breaks the door, and a bad event never takes a good one with it."""

from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import quote

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspring.collect import Unreadable
from hotspring.collect.verdict import Reason
from hotspring.delivery import pack, unpack
from hotspring.event import Delivery, Event, Refused
from hotspring.settings import Settings
from tests.collect.clients import JUDGE, LIMIT, NOW, SourceFacts, record, track

MANY = settings(max_examples=120)
PATHS = st.sampled_from(sorted(JUDGE.protocols))
KINDS = [kind.name for kind in Settings().identifier_kinds]
ANYTHING = st.characters(exclude_categories=())
"""Halves of surrogate pairs too."""
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**25), 10**25)
    | st.floats()
    | st.text(ANYTHING, max_size=20)
    | st.sampled_from(["", "null", "track", "2026-11-22", "\x00", "a" * 300, "13800138000"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(ANYTHING, max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)
SEGMENT_FIELDS = st.dictionaries(
    st.sampled_from(
        ["type", "event", "name", "messageId", "userId", "anonymousId", "previousId", "groupId",
         "timestamp", "originalTimestamp", "sentAt", "properties", "traits", "context"]
    ),
    JSON,
    max_size=3,
)  # fmt: skip
SENSORS_FIELDS = st.dictionaries(
    st.sampled_from(
        ["type", "event", "time", "distinct_id", "login_id", "anonymous_id", "original_id",
         "identities", "lib", "properties", "_track_id", "_flush_time"]
    ),
    JSON,
    max_size=3,
)  # fmt: skip
BROKEN = st.sampled_from(
    ["NaN", "{'a':1}", "undefined", '{"a":1,}', '{"type":"track",,}', "[" * 2000 + "]" * 2000, "5",
     '{"event":"\\x"}', '{"event":"a\tb"}', '{"userId":01}', '{"userId":1e999}', '"x"', "null",
     "{}", '{"properties":{"a":1e400},"event":"A","type":"track","userId":"u"}',
     '{"event":"\\ud800"}']
)  # fmt: skip


def serve(path: str, query: bytes, body: bytes) -> tuple[list[Event], list[Refused]]:
    """What the door does with a request, and what must hold whatever it holds."""
    try:
        envelope = JUDGE.protocols[path].decode(path, query, {"user-agent": "x"}, body, LIMIT)
    except Unreadable as error:
        answer = error
    else:
        return judged(envelope)
    assert answer.status in (400, 413)
    assert answer.reason
    return [], []


def judged(envelope: Any) -> tuple[list[Event], list[Refused]]:
    """What the judge says, and what must hold of it."""
    events, refused = JUDGE.judge(envelope, SourceFacts("s"), NOW, "203.0.113.7")
    assert len(events) + len(refused) == len(envelope.calls)
    for event in events:
        hold(event)
    for one in refused:
        assert one.reason in set(Reason)
        assert len(one.body) <= 65_536
    # The journal keeps it as MessagePack: every text must be storable.
    delivery = Delivery("s", NOW, events, refused)
    assert unpack(pack(delivery)) == delivery
    return events, refused


def hold(event: Event) -> None:
    """What is true of every accepted event."""
    assert event.message_id
    assert event.name
    assert 946_684_800_000 <= event.ms <= NOW
    assert 0 <= event.content < 2**63
    assert event.ids == JUDGE.identifiers.ordered(event.ids) != ()
    assert all(text.partition(":")[0].partition("@")[0] in KINDS for text in event.ids)
    for text in (event.properties, event.traits or "{}", event.context):
        assert isinstance(msgspec.json.decode(text), dict)
        assert isinstance(json.loads(text), dict)


def mended(text: str) -> str:
    """The text with halves of surrogate pairs replaced."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


@MANY
@given(PATHS, st.binary(max_size=60), st.binary(max_size=300))
def test_any_bytes(path: str, query: bytes, body: bytes) -> None:
    serve(path, query, body)


@MANY
@given(PATHS, JSON)
def test_any_json(path: str, value: object) -> None:
    text = json.dumps(value).encode()
    serve(path, b"", text)
    serve(path, b"data=" + quote(base64.b64encode(text)).encode(), b"")


@MANY
@given(st.lists(SEGMENT_FIELDS, max_size=4), st.booleans())
def test_segment_calls_with_odd_fields(changes: list[dict[str, Any]], escaped: bool) -> None:
    calls = [track() | change for change in changes]
    text = json.dumps({"batch": calls}, ensure_ascii=escaped)
    serve("/v1/batch", b"", text.encode("utf-8", "surrogatepass"))


@MANY
@given(st.lists(SENSORS_FIELDS, max_size=4))
def test_sensors_records_with_odd_fields(changes: list[dict[str, Any]]) -> None:
    records = json.dumps([record() | change for change in changes]).encode()
    serve("/sa", b"", b"data_list=" + quote(base64.b64encode(records), safe="").encode())


@MANY
@given(st.data())
def test_valid_bodies_with_a_few_bytes_changed(data: st.DataObject) -> None:
    body = bytearray(json.dumps({"batch": [track(), track(messageId="m-2")]}).encode())
    for place in data.draw(st.lists(st.integers(0, len(body) - 1), max_size=4)):
        body[place] = data.draw(st.integers(0, 255))
    serve("/v1/batch", b"", bytes(body))


@MANY
@given(st.lists(BROKEN | SEGMENT_FIELDS, max_size=4), st.randoms())
def test_good_events_beside_bad_ones_are_all_accepted(bad: list[Any], order: Any) -> None:
    good = [track(messageId=f"good-{n}") for n in range(3)]
    texts = [one if isinstance(one, str) else json.dumps(one) for one in [*bad, *good]]
    order.shuffle(texts)
    body = f'{{"writeKey":"k","batch":[{",".join(texts)}],"sentAt":{NOW}}}'.encode()
    events, refused = serve("/v1/batch", b"", body)
    alone, _ = serve("/v1/batch", b"", json.dumps({"batch": good}).encode())
    assert set(map(str, alone)) <= set(map(str, events))
    assert len(events) + len(refused) == len(texts)
    listed, _ = serve("/v1/batch", b"", f"[{','.join(texts)}]".encode())
    assert set(map(str, alone)) <= set(map(str, listed))


@MANY
@given(st.lists(BROKEN, max_size=4), st.randoms())
def test_good_records_beside_bad_ones_are_all_accepted(bad: list[str], order: Any) -> None:
    texts = [*bad, *(json.dumps(record(_track_id=n)) for n in range(3))]
    order.shuffle(texts)
    data = base64.b64encode(f"[{','.join(texts)}]".encode())
    events, refused = serve("/sa", b"", b"data_list=" + quote(data, safe="").encode())
    assert {f"{n}.{NOW - 1000}" for n in range(3)} <= {event.message_id for event in events}
    assert len(events) + len(refused) == len(texts)


@MANY
@given(st.text(ANYTHING, max_size=40), st.sampled_from(["properties", "traits", "context"]))
def test_every_text_that_json_can_write_is_kept(text: str, field: str) -> None:
    call = track(type="identify", **{field: {"app": {"note": text}}})
    events, refused = serve("/v1/batch", b"", json.dumps([call]).encode())
    assert refused == []
    kept = json.loads(getattr(events[0], field))
    kept = kept["set"] if field == "traits" else kept
    assert kept["app"]["note"] == mended(text)
