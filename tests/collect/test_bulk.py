"""The short way through the door gives the events that the long way gives."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hotspring.collect import Judge, SourceFacts, Unreadable
from hotspring.collect.protocols import segment
from hotspring.delivery import pack, packed, unpack
from hotspring.event import Delivery, Flag
from hotspring.geo import Atlas
from hotspring.plan.plan import Plan, Planned
from hotspring.settings import Settings

NOW = 1_795_336_100_000
SHOP = SourceFacts("shop", public=True)
JUDGE = Judge(Settings(max_event_kilobytes=2), Atlas())
FILLING = {
    "type": "track",
    "messageId": "m-{}",
    "event": "Product Viewed",
    "anonymousId": "visitor-0001",
    "timestamp": "2026-11-22T08:00:00.125Z",
    "properties": {"product_id": "sku-1", "price": 1.5, "name": "filling of a body"},
    "context": {"library": {"name": "analytics.js"}, "locale": "zh-CN"},
}

TEXTS = st.one_of(
    st.sampled_from(
        [
            "", " ", "a", "null", "NULL ", "Undefined", "0", "anonymous", " x", "x ", "热泉",
            "\u3000茶", "a\x7fb", "é", "a\u0085", "\ud800", "\ufffd", "x" * 256, "x" * 257,
            "00000000-0000-0000-0000-000000000000", "tab\tbed", 'quo"ted', "back\\slash",
            "\u2028", "😀",
        ]
    ),
    st.text(max_size=12),
)  # fmt: skip
NUMBERS = st.one_of(
    st.integers(-(10**20), 10**20),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from([0, -0.0, 1e300, 5e-324, 10**18, 10**17, 2**63, 2**64]),
)
SIMPLE = st.one_of(st.none(), st.booleans(), NUMBERS, TEXTS)
VALUES = st.recursive(
    SIMPLE,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXTS, inner, max_size=3)),
    max_leaves=8,
)
MOMENTS = st.one_of(
    st.datetimes().map(lambda at: at.isoformat()),
    st.datetimes().map(lambda at: at.isoformat(timespec="milliseconds") + "Z"),
    st.builds(
        lambda head, tail: head + tail,
        st.sampled_from(["2026-11-22T08:00:00", "2026-02-29 23:59:59", "2024-02-29T00:00:00"]),
        st.sampled_from(
            [
                "Z", "z", "", ".1", ".123456789", ".1234567890", ".", "+08:00", "-08:30", "+24:00",
                "+0800", "+08", "Z ", ".5+00:60", "-00:00", ".999999Z", ",5Z", "+08:00:01",
            ]
        ),
    ),
    st.sampled_from(
        [
            "2026-11-22T08:00", "2026-11-22", "20261122T080000Z", "1970-01-01T00:00:00Z",
            "2026-11-22T24:00:00Z", "2026-11-22T08:60:00Z", "2026-11-22T08:00:60Z",
            "2026-13-01T00:00:00Z", "2026-00-10T00:00:00Z", "2026-04-31T00:00:00Z",
            "2199-12-31T23:59:59Z", "2200-01-01T00:00:00Z", "2026-11-22T19:00:00+08:00",
            "0001-01-01T00:00:00Z", "2026-11-22t08:00:00Z", "yesterday", "1795336100", "",
        ]
    ),
    NUMBERS,
    st.none(),
)  # fmt: skip
PROPERTIES = st.one_of(
    st.dictionaries(
        st.one_of(
            st.sampled_from(
                ["revenue", "total", "value", "currency", "adcode", "city", "province", "purpose"]
            ),
            TEXTS,
        ),
        st.one_of(VALUES, st.sampled_from(["CNY", "usd", "¥12.50", "110000", "北京市", 12.5])),
        max_size=5,
    ),
    VALUES,
)
CONTEXTS = st.one_of(
    st.sampled_from(
        [
            {}, None, {"library": {"name": "analytics.js"}}, {"device": {"id": "d-1"}},
            {"location": {"latitude": 31.2, "longitude": 121.5}}, {"ip": "8.8.8.8"},
            {"userAgent": "Googlebot/2.1"}, {"page": {"path": "/茶"}}, {"consent": {}},
            {"externalIds": [{"type": "phone", "id": "13800138000"}]}, [1], "text",
        ]
    ),
    st.dictionaries(TEXTS, VALUES, max_size=3),
)  # fmt: skip
FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "type": st.sampled_from(["identify", "page", "", None, 1]),
    "messageId": st.one_of(TEXTS, NUMBERS, st.none()),
    "event": st.one_of(
        TEXTS, st.sampled_from(["Order Completed", "Consent Given", None, " trimmed "])
    ),
    "userId": st.one_of(TEXTS, NUMBERS, st.none()),
    "anonymousId": st.one_of(TEXTS, st.none(), st.booleans()),
    "timestamp": MOMENTS,
    "originalTimestamp": MOMENTS,
    "sentAt": st.one_of(st.none(), st.just("2026-11-22T07:00:00Z")),
    "properties": PROPERTIES,
    "traits": VALUES,
    "context": CONTEXTS,
    "integrations": VALUES,
}
# One or two fields at a time: with more, nearly every event is odd for some other reason.
CALLS = st.lists(st.sampled_from(sorted(FIELDS)), min_size=1, max_size=2, unique=True).flatmap(
    lambda names: st.fixed_dictionaries({name: FIELDS[name] for name in names})
)


SHORT: list[Any] = ["text", "", 1, 0, 1.5, True, False, None, [], {}, [1], {"a": 1}, " x ", "null"]


def long_way(body: bytes) -> Delivery | str:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(segment, "FEW", 1 << 40)
        try:
            envelope = segment.decode("/v1/batch", b"", {}, body, 1 << 24)
        except Unreadable as error:
            return error.reason
    assert envelope.plain is None
    return unpack(pack(Delivery("shop", NOW, *JUDGE.judge(envelope, SHOP, NOW))))


def short_way(body: bytes) -> Delivery | str:
    try:
        envelope = segment.decode("/v1/batch", b"", {}, body, 1 << 24)
    except Unreadable as error:
        return error.reason
    return unpack(packed("shop", NOW, *JUDGE.columns(envelope, SHOP, NOW)))


def filled(texts: list[str]) -> bytes:
    plain = [json.dumps(FILLING).replace("{}", str(at)) for at in range(max(4, len(texts)))]
    mixed = [text for pair in zip(texts, plain, strict=False) for text in pair]
    events = ",".join([*mixed, *plain[len(texts) :]])
    around = '"writeKey": "k", "sentAt": "2026-11-22T09:00:00Z"'
    return f'{{{around}, "batch": [{events}]}}'.encode("utf-8", "surrogatepass")


@settings(max_examples=150, deadline=None)
@given(st.lists(CALLS.map(lambda call: {**FILLING, **call}), max_size=8), st.booleans())
@example([{**FILLING, "properties": {"a": "\ud83d\ude00"}}], True)
@example([{**FILLING, field: value} for field in FIELDS for value in SHORT], True)
@example([{**FILLING, "messageId": "m-1"}, {**FILLING, "messageId": "m-1"}], False)
def test_both_ways_lead_to_the_same_events(calls: list[dict[str, Any]], ascii: bool) -> None:
    body = filled([json.dumps(call, ensure_ascii=ascii) for call in calls])
    assert short_way(body) == long_way(body)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_damage_is_judged_the_same_both_ways(data: st.DataObject) -> None:
    body = bytearray(filled([json.dumps(FILLING)]))
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(body) - 1))
        body[at : at + data.draw(st.integers(0, 3))] = data.draw(
            st.sampled_from([b"", b'"', b"\\", b"{", b"}", b"[", b"]", b",", b":", b"\xff", b"\0",
                             b"\xe4\xbd", b"\\u00e9", b"\\ud800", b"\\ud83d\\ude00", b"0", b"1e9",
                             b" ", b"\n", b"-", b"null", b"\xed\xa0\x80", b"\xf0\x9f\x98\x80"])
        )  # fmt: skip
    assert short_way(bytes(body)) == long_way(bytes(body))


def test_a_plain_batch_takes_the_short_way() -> None:
    envelope = segment.decode("/v1/batch", b"", {}, filled([]), 1 << 24)
    assert envelope.plain is not None
    assert not envelope.plain.odd
    assert envelope.write_key == "k"
    columns, refused = JUDGE.columns(envelope, SHOP, NOW)
    assert (columns.events, refused) == (4, [])
    assert not envelope.plain.rows[:, 2].any(), "the general reader was asked"


def test_more_contexts_than_are_remembered_are_read_as_well() -> None:
    for first in range(0, 6000, 1500):
        calls = [
            {**FILLING, "messageId": f"n-{at}", "context": {"page": {"path": f"/{at}" * 150}}}
            for at in range(first, first + 1500)
        ]
        body = filled([json.dumps(call) for call in calls])
        assert short_way(body) == long_way(body)


def test_a_tracking_plan_holds_on_both_ways_and_from_one_batch_to_the_next() -> None:
    body = filled([])
    judge = Judge(Settings())

    def kept() -> list[int]:
        envelope = segment.decode("/v1/batch", b"", {}, body, 1 << 24)
        delivery = unpack(packed("s", 1, *judge.columns(envelope, SHOP, NOW)))
        return [one.flags & Flag.BREACH for one in delivery.events]

    assert kept() == [0] * 4
    schema = {"properties": {"price": {"type": "string"}}}
    judge.follow(Plan(events={"Product Viewed": Planned(schema)}), 1)
    assert kept() == [Flag.BREACH] * 4
    judge.follow(Plan(), 2)
    assert kept() == [0] * 4


PLANS = [
    Plan(events={"Product Viewed": Planned({"required": ["product_id"]}, mode)}, others=others)
    for mode in ("strict", "lenient")
    for others in ("allow", "lenient", "strict")
]


@given(
    st.lists(CALLS.map(lambda call: {**FILLING, **call}), max_size=8),
    st.sampled_from(PLANS),
)
@settings(max_examples=60, deadline=None)
def test_both_ways_hold_events_to_the_same_plan(calls: list[dict[str, Any]], plan: Plan) -> None:
    JUDGE.follow(plan, 1)
    try:
        body = filled([json.dumps(call) for call in calls])
        assert short_way(body) == long_way(body)
    finally:
        JUDGE.follow(Plan(), 2)
