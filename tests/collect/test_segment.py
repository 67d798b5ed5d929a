"""What the Segment libraries send."""

from __future__ import annotations

import base64
import gzip
import json

import pytest

from hotspring.collect import Judge, SourceFacts, Unreadable
from hotspring.event import Event, Flag
from hotspring.settings import Settings
from tests.collect.clients import BROWSER, JUDGE, LIMIT, NOW, batch, one, reason, send, track

CALLS = {
    "track": ("t", "Shared"),
    "identify": ("i", "Identified"),
    "page": ("p", "Page Viewed"),
    "screen": ("s", "Screen Viewed"),
    "group": ("g", "Grouped"),
    "alias": ("a", "Aliased"),
}


@pytest.mark.parametrize("kind", CALLS)
def test_every_call_has_its_own_path_and_a_short_one(kind: str) -> None:
    short, name = CALLS[kind]
    body = json.dumps({"event": "Shared", "userId": "u", "previousId": "a", "writeKey": "k1"})
    for path in (f"/v1/{kind}", f"/v1/{short}"):
        events, refused = send(path, body.encode())
        assert refused == []
        assert [(event.type, event.name) for event in events] == [(kind, name)]
        envelope = JUDGE.protocols[path].decode(path, b"", {}, body.encode(), LIMIT)
        assert envelope.write_key == "k1"


@pytest.mark.parametrize("path", ["/v1/batch", "/v1/b", "/v1/import"])
def test_batches_come_as_objects_lists_and_gzip(path: str) -> None:
    body = batch(track(), track(messageId="m-2"))
    bare = json.dumps([track(), track(messageId="m-2")]).encode()
    for sent in (body, bare, gzip.compress(body), b"\xef\xbb\xbf" + body):
        events, refused = send(path, sent)
        assert ([event.message_id for event in events], refused) == (["m-1", "m-2"], [])
    assert send(path, b'{"batch":[]}') == ([], [])


def test_the_key_is_taken_from_basic_then_the_body_then_the_query() -> None:
    decode = JUDGE.protocols["/v1/batch"].decode
    basic = {"authorization": "Basic " + base64.b64encode(b"k-basic:").decode()}
    body = batch(track(), writeKey="k-body")
    query = b"x=1&writeKey=k-query"
    assert decode("/v1/batch", query, basic, body, LIMIT).write_key == "k-basic"
    assert decode("/v1/batch", query, {}, body, LIMIT).write_key == "k-body"
    assert decode("/v1/batch", query, {}, batch(track()), LIMIT).write_key == "k-query"
    assert decode("/v1/batch", b"", {}, batch(track()), LIMIT).write_key == ""
    broken = b'{"writeKey":"k-body","batch":[NaN]}'
    assert decode("/v1/batch", query, {}, broken, LIMIT).write_key == "k-body"


def test_the_python_library() -> None:
    call = {
        "integrations": {}, "anonymousId": None, "userId": "u-1", "type": "track",
        "properties": {"revenue": 12.5, "currency": "cny"}, "event": "Order Completed",
        "timestamp": "2026-11-22T16:28:19.123456+08:00", "messageId": "d7a2",
        "context": {"library": {"name": "analytics-python", "version": "2.4.0"}},
    }  # fmt: skip
    event = one(call, sentAt="2026-11-22T08:28:20.000001+00:00")
    assert event == Event(
        message_id="d7a2",
        type="track",
        name="Order Completed",
        ms=NOW - 877,
        ids=("user_id:u-1",),
        content=event.content,
        properties='{"revenue": 12.5, "currency": "cny"}',
        context='{"library":{"name":"analytics-python","version":"2.4.0"}}',
        channel="server",
        amount=12.5,
        currency="CNY",
    )


def test_the_node_library() -> None:
    call = track(
        _metadata={"nodeVersion": "20.1.0"},
        integrations={},
        context={"library": {"name": "@segment/analytics-node", "version": "3.1.0"}},
    )
    event = one(call, sentAt="2026-11-22T08:28:20.010Z")
    assert (event.channel, event.ms, event.flags) == ("server", NOW - 20_000, 0)


def test_the_browser_library() -> None:
    call = {
        "timestamp": "2026-11-22T08:28:19.900Z", "integrations": {"Segment.io": True},
        "userId": None, "anonymousId": "6b3c-1", "event": "Button Clicked", "type": "track",
        "properties": {}, "messageId": "ajs-next-1732-1",
        "context": {
            "page": {"path": "/", "url": "https://shop.example/", "referrer": ""},
            "userAgent": BROWSER, "locale": "zh-CN", "timezone": "Asia/Shanghai",
            "library": {"name": "analytics.js", "version": "npm:next-1.84.3"},
            "campaign": {"source": "wechat", "medium": "social"},
        },
        "sentAt": "2026-11-22T08:28:19.950Z", "writeKey": "k", "_metadata": {"bundled": []},
    }  # fmt: skip
    (event,), refused = send("/v1/t", json.dumps(call).encode(), source=SourceFacts("web", True))
    assert refused == []
    assert event.ids == ("anonymous_id:6b3c-1",)
    assert (event.channel, event.device, event.flags) == ("web", "desktop", Flag.PUBLIC)
    kept = json.loads(event.context)
    assert kept["campaign"] == {"source": "wechat", "medium": "social"}
    assert kept["browser"] == "Chrome"
    assert "userAgent" not in event.context


def test_identify_names_the_person_by_account_and_claims() -> None:
    traits = {"email": "Li@Example.com", "phone": "13800138000", "unionid": "U1", "openid": "o1",
              "appid": "wx9", "name": "李雷"}  # fmt: skip
    event = one(track(type="identify", anonymousId="a-1", traits=traits, properties=None))
    assert event.type == "identify"
    assert event.ids == (
        "user_id:u-1", "openid@wx9:o1", "anonymous_id:a-1", "unionid:U1",
        "email:li@example.com", "phone:+8613800138000",
    )  # fmt: skip
    assert json.loads(event.traits) == {"set": traits}


def test_properties_and_traits_of_other_calls_are_no_evidence() -> None:
    contact = {"email": "a@b.cn", "phone": "13800138000"}
    event = one(track(properties=contact, traits=contact, context={"traits": contact}))
    assert event.ids == ("user_id:u-1",)
    assert "a@b.cn" not in event.context


def test_an_identify_without_traits_is_a_sign_in() -> None:
    event = one(track(type="identify", anonymousId="a-1", traits={}))
    assert (event.ids, event.traits) == (("user_id:u-1", "anonymous_id:a-1"), "")


def test_alias_joins_what_was_before() -> None:
    event = one(track(type="alias", previousId="a-0", event=None))
    assert event.ids == ("user_id:u-1", "anonymous_id:a-0")


def test_group_is_a_trait_and_its_traits_are_properties() -> None:
    event = one(track(type="group", groupId="g-7", traits={"name": "VIP"}, properties=None))
    assert json.loads(event.traits) == {"set": {"group_id": "g-7"}}
    assert json.loads(event.properties) == {"name": "VIP"}


def test_the_name_of_a_page_becomes_a_property() -> None:
    for kind in ("page", "screen"):
        home = one(track(type=kind, name='Ho"me', properties={"url": "/"}))
        assert json.loads(home.properties) == {"name": 'Ho"me', "url": "/"}
        assert json.loads(one(track(type=kind, name="A", properties={})).properties) == {
            "name": "A"
        }
        own = one(track(type=kind, name="A", properties={"name": "B"}))
        assert json.loads(own.properties) == {"name": "B"}


def test_devices_and_other_ids_come_from_the_context() -> None:
    context = {
        "device": {"id": "dev-1", "name": "Li's phone", "type": "ios", "model": "iPhone15,2"},
        "externalIds": [
            {"id": "wm1", "type": "external_userid@corp1", "collection": "users"},
            {"id": "x", "type": "colour"}, {"id": "null", "type": "card"}, 5,
        ],
        "library": {"name": "analytics-ios"}, "ip": "198.51.100.4",
    }  # fmt: skip
    event = one(track(context=context))
    assert event.ids == ("user_id:u-1", "external_userid@corp1:wm1", "device_id:dev-1")
    assert (event.channel, event.device) == ("app", "mobile")
    assert "Li's" not in event.context
    assert "198.51" not in event.context


def test_a_shared_context_serves_calls_without_their_own() -> None:
    shared = {"library": {"name": "analytics-python"}}
    events, _ = send("/v1/batch", batch(track(), track(context={}), context=shared))
    assert [event.channel for event in events] == ["server", ""]


@pytest.mark.parametrize("name", ["Consent Given", "Consent Withdrawn"])
def test_consent_is_recorded_by_purpose_and_channel(name: str) -> None:
    properties = {"purpose": ["marketing", "profiling"], "channel": "sms", "proof": {"form": 3}}
    event = one(track(event=name, properties=properties))
    assert (event.type, event.name) == ("consent", name)
    given = name == "Consent Given"
    assert json.loads(event.properties)["decisions"] == [
        {"purpose": purpose, "channel": "sms", "given": given, "proof": '{"form":3}'}
        for purpose in ("marketing", "profiling")
    ]


def test_consent_by_category_comes_with_the_context() -> None:
    context = {"consent": {"categoryPreferences": {"Advertising": True, "Analytics": False, "": 1}}}
    event = one(track(event="Segment Consent Preference Updated", context=context))
    assert json.loads(event.properties)["decisions"] == [
        {"purpose": "Advertising", "given": True, "proof": ""},
        {"purpose": "Analytics", "given": False, "proof": ""},
    ]


@pytest.mark.parametrize(
    ("properties", "amount", "currency"),
    [
        ({"revenue": 10, "total": 12, "value": 14}, 10.0, ""),
        ({"revenue": None, "total": "12.50", "currency": "usd"}, 12.5, "USD"),
        ({"value": "¥1,299.00", "currency": "RMB?"}, 1299.0, ""),
        ({"revenue": True, "value": 3}, 3.0, ""),
        ({"revenue": "free"}, None, ""),
        ({"revenue": "nan"}, None, ""),
        ({"price": 5, "currency": "CNY"}, None, ""),
        ({"revenue": -5.5, "currency": " eur "}, -5.5, "EUR"),
        ({"revenue": 10**400}, None, ""),
    ],
)
def test_money_is_the_first_number_of_three(
    properties: dict[str, object], amount: float | None, currency: str
) -> None:
    event = one(track(properties=properties))
    assert (event.amount, event.currency) == (amount, currency)


def test_a_clock_that_is_off_is_corrected_by_the_time_of_sending() -> None:
    hour = 3_600_000
    late = one(track(timestamp=NOW - 2 * hour), sentAt=NOW - hour)
    assert (late.ms, late.flags) == (NOW - hour, Flag.SKEW_CORRECTED)
    own = one(track(timestamp=NOW - 2 * hour, sentAt=NOW - hour), sentAt=NOW)
    assert (own.ms, own.flags) == (NOW - hour, Flag.SKEW_CORRECTED)
    network = one(track(timestamp=NOW - hour), sentAt=NOW - 30_000)
    assert (network.ms, network.flags) == (NOW - hour, 0)
    never_set = one(track(timestamp="1970-01-01T00:00:05Z"), sentAt="1970-01-01T00:00:09Z")
    assert (never_set.ms, never_set.flags) == (NOW - 4000, Flag.SKEW_CORRECTED)


def test_small_leads_are_set_to_the_time_of_receipt() -> None:
    ahead = one(track(timestamp=NOW + 24 * 3_600_000))
    assert (ahead.ms, ahead.flags) == (NOW, Flag.CLAMPED)
    assert reason(track(timestamp=NOW + 24 * 3_600_000 + 1)) == "future_timestamp"


def test_the_original_time_and_then_that_of_receipt_stand_in() -> None:
    original = one(track(timestamp=None, originalTimestamp=NOW - 5000))
    assert original.ms == NOW - 5000
    assert one(track(timestamp=None)).ms == NOW
    assert one(track(timestamp="")).ms == NOW


def test_ids_are_made_for_events_without_one() -> None:
    first, again = one(track(messageId=None)), one(track(messageId=""))
    assert first.message_id == again.message_id != ""
    assert one(track(messageId=None, event="B")).message_id != first.message_id
    assert one(track(messageId=None, timestamp=NOW)).message_id != first.message_id
    untimed = [track(messageId=None, timestamp=None)] * 3
    events, _ = send("/v1/batch", batch(*untimed))
    assert len({event.message_id for event in events}) == 3
    assert one(track(messageId=17)).message_id == "17"


def test_content_is_the_event_without_what_its_transport_adds() -> None:
    first = one(track(), sentAt=NOW)
    again, _ = send(
        "/v1/batch",
        batch(track(_metadata={"n": 1}, integrations={"a": True}), sentAt=NOW + 1, writeKey="k"),
        received_ms=NOW + 9000,
    )
    assert again[0].content == first.content
    assert 0 <= first.content < 2**63
    changes = [{"event": "B"}, {"userId": "u-2"}, {"timestamp": NOW}, {"properties": {"a": 1}},
               {"type": "page"}, {"context": {"locale": "zh"}}]  # fmt: skip
    contents = {one(track(**change)).content for change in changes}
    assert len(contents | {first.content}) == len(changes) + 1


def test_damaged_text_costs_characters_only() -> None:
    body = batch(track(properties={"a": "X"}), track(messageId="m-2"))
    for damage in (b"\xff", rb"\ud83d"):
        events, refused = send("/v1/batch", body.replace(b"X", damage))
        assert refused == []
        assert json.loads(events[0].properties) == {"a": "\ufffd"}
        assert events[1] == one(track(messageId="m-2"))
    damaged = batch(track(userId="X", anonymousId="a-1")).replace(b"X", b"\xe4\xb8")
    events, refused = send("/v1/batch", damaged)
    assert events[0].ids == ("anonymous_id:a-1",)


def test_duplicate_names_are_read_as_the_last() -> None:
    body = b'{"batch":[{"type":"page","type":"track","event":"A","event":"B","userId":"u"}]}'
    assert send("/v1/batch", body)[0][0].name == "B"


@pytest.mark.parametrize(
    "body",
    [b"", b"hello", b"5", b'"x"', b"null", b"{", b'{"batch":[{"type":"track"}', b"\xff\xfe{\x00",
     b'{"batch":[]} trailing', gzip.compress(b"{}")[:-4]],
)  # fmt: skip
def test_a_body_that_cannot_be_read_is_400(body: bytes) -> None:
    with pytest.raises(Unreadable) as caught:
        send("/v1/batch", body)
    assert caught.value.status == 400
    assert caught.value.reason


def test_a_body_that_is_too_large_is_413() -> None:
    huge = gzip.compress(batch(track(properties={"a": "x" * (40 << 20)})))
    with pytest.raises(Unreadable) as caught:
        send("/v1/batch", huge)
    assert caught.value.status == 413
    with pytest.raises(Unreadable) as caught:
        send("/v1/batch", b"[" + b"{}," * 60_000 + b"{}]")
    assert caught.value.status == 413


def test_the_limits_come_from_the_settings() -> None:
    strict = Judge(Settings(future_hours=1, oldest_year=2026, max_event_kilobytes=1))
    calls = [
        track(timestamp=NOW + 2 * 3_600_000), track(timestamp="2025-12-31T00:00:00Z"),
        track(properties={"a": "x" * 2000}), track(),
    ]  # fmt: skip
    events, refused = send("/v1/batch", batch(*calls), judge=strict)
    assert len(events) == 1
    assert [one.reason for one in refused] == ["future_timestamp", "too_old", "too_large"]
