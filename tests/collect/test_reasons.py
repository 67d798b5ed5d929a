"""Every reason to refuse an event has a case, and says what it means."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from hotspring.collect import Judge
from hotspring.collect.verdict import Reason
from hotspring.event import Refused
from hotspring.plan import Plan
from tests.collect.clients import NOW, SETTINGS, batch, record, send, sensors, track

TRACK = '{"type":"track","event":"A","userId":"u",'
DEEP = "[" * 40 + "]" * 40


def segment(**fields: object) -> Callable[[], list[Refused]]:
    return lambda: send("/v1/batch", batch(track(**fields)))[1]


def text(call: str) -> Callable[[], list[Refused]]:
    return lambda: send("/v1/batch", f'{{"batch":[{call}]}}'.encode())[1]


def planned() -> list[Refused]:
    judge = Judge(SETTINGS)
    schema = {"required": ["product_id"]}
    plan = {"events": {"Product Viewed": {"schema": schema, "mode": "strict"}}}
    judge.follow(Plan.from_json(json.dumps(plan)), 1)
    return send("/v1/batch", batch(track(properties={})), judge=judge)[1]


def sensor(**fields: object) -> Callable[[], list[Refused]]:
    return lambda: sensors(record(**fields))[1]


CASES: list[tuple[Reason, Callable[[], list[Refused]]]] = [
    (Reason.BAD_JSON, text(TRACK + '"properties":{"a":NaN}}')),
    (Reason.BAD_JSON, text('{"type":"track","event":undefined,"userId":"u"}')),
    (Reason.BAD_JSON, text('{"type":"track","event":"A","userId":1e999}')),
    (Reason.NOT_AN_OBJECT, text("5")),
    (Reason.NOT_AN_OBJECT, text("null")),
    (Reason.NOT_AN_OBJECT, lambda: sensors("x")[1]),
    (Reason.TOO_LARGE, segment(properties={"a": "x" * 300_000})),
    (Reason.TOO_LARGE, segment(context={"page": {"url": "x" * 300_000}})),
    (Reason.TOO_LARGE, segment(type="identify", traits={"a": "x" * 300_000})),
    (Reason.TOO_DEEP, segment(properties={"a": json.loads(DEEP)})),
    (Reason.TOO_DEEP, segment(context={"page": json.loads(DEEP)})),
    (Reason.TOO_DEEP, segment(type="identify", traits={"a": json.loads(DEEP)})),
    (Reason.TOO_DEEP, text(TRACK + '"properties":' + "[" * 9999 + "]" * 9999 + "}")),
    (Reason.TOO_DEEP, sensor(properties={"a": json.loads(DEEP)})),
    (Reason.MISSING_TYPE, segment(type=None)),
    (Reason.MISSING_TYPE, segment(type="")),
    (Reason.MISSING_TYPE, sensor(type=None)),
    (Reason.UNKNOWN_TYPE, segment(type="purchase")),
    (Reason.UNKNOWN_TYPE, segment(type=["track"])),
    (Reason.UNKNOWN_TYPE, sensor(type="profile_rename")),
    (Reason.UNKNOWN_TYPE, sensor(type=7)),
    (Reason.UNSUPPORTED_TYPE, sensor(type="item_set", item_type="book", item_id="1")),
    (Reason.UNSUPPORTED_TYPE, sensor(type="item_delete", item_type="book", item_id="1")),
    (Reason.MISSING_EVENT_NAME, segment(event=None)),
    (Reason.MISSING_EVENT_NAME, segment(event="  ")),
    (Reason.MISSING_EVENT_NAME, sensor(event=None)),
    (Reason.BAD_EVENT_NAME, segment(event=5)),
    (Reason.BAD_EVENT_NAME, segment(event=["A"])),
    (Reason.BAD_EVENT_NAME, segment(event="a\u0000b")),
    (Reason.BAD_EVENT_NAME, segment(event="x" * 257)),
    (Reason.BAD_MESSAGE_ID, segment(messageId={"a": 1})),
    (Reason.BAD_MESSAGE_ID, segment(messageId="x" * 257)),
    (Reason.BAD_MESSAGE_ID, segment(messageId="a\nb")),
    (Reason.BAD_MESSAGE_ID, segment(messageId=True)),
    (Reason.NO_IDENTIFIER, segment(userId=None)),
    (Reason.NO_IDENTIFIER, segment(userId="undefined", anonymousId=0)),
    (Reason.NO_IDENTIFIER, sensor(distinct_id="null")),
    (Reason.BAD_TIMESTAMP, segment(timestamp="last week")),
    (Reason.BAD_TIMESTAMP, segment(timestamp={"at": 1})),
    (Reason.BAD_TIMESTAMP, segment(timestamp=True)),
    (Reason.BAD_TIMESTAMP, sensor(time="soon")),
    (Reason.FUTURE_TIMESTAMP, segment(timestamp=NOW + 24 * 3_600_000 + 1)),
    (Reason.TOO_OLD, segment(timestamp="1970-01-01T00:00:10Z")),
    (Reason.TOO_OLD, segment(timestamp="1989-12-31T23:59:59.999Z")),
    (Reason.BAD_PROPERTIES, segment(properties="a=1")),
    (Reason.BAD_PROPERTIES, segment(properties=[1])),
    (Reason.BAD_PROPERTIES, text(TRACK + '"properties":{"a":1e999}}')),
    (Reason.BAD_PROPERTIES, sensor(properties=5)),
    (Reason.BAD_TRAITS, segment(type="identify", traits=5)),
    (Reason.BAD_TRAITS, segment(type="group", groupId="g", traits="x")),
    (Reason.BAD_CONTEXT, segment(context="web")),
    (Reason.BAD_CONTEXT, text(TRACK + '"context":{"a":-1e999}}')),
    (Reason.BAD_CONSENT, segment(event="Consent Given", properties={"channel": "sms"})),
    (Reason.BAD_CONSENT, segment(event="Segment Consent Preference Updated")),
    (Reason.PLAN_BREACH, planned),
]  # fmt: skip


@pytest.mark.parametrize(("expected", "case"), CASES, ids=[str(reason) for reason, _ in CASES])
def test_a_bad_event_is_refused_with_its_reason(
    expected: Reason, case: Callable[[], list[Refused]]
) -> None:
    (refused,) = case()
    assert refused.reason == expected
    assert refused.detail
    assert refused.body


def test_every_reason_of_the_door_has_a_case() -> None:
    # Found after the judge: a conflict when the event meets the one accepted before, and who was
    # erased when the door looks at its tombstones.
    later = {Reason.CONFLICT, Reason.ERASED}
    assert {reason for reason, _ in CASES} == set(Reason) - later


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_says_what_it_means(reason: Reason) -> None:
    assert reason.description.endswith(".")
    assert len(reason.description) > 20
    assert str(reason) == reason.value == reason.name.lower()


def test_a_refused_event_is_quoted_as_it_came_but_never_its_key() -> None:
    calls = [track(), track(event=None, writeKey="secret-key"), track(), 7]
    events, refused = send("/v1/batch", batch(*calls, writeKey="secret-key"))
    assert len(events) == 2
    assert [one.index for one in refused] == [1, 3]
    quoted = json.loads(refused[0].body)
    assert quoted == {**track(event=None), "writeKey": ""}
    assert refused[0].message_id == "m-1"
    single = json.dumps({**track(event=None), "writeKey": "k"}).encode()
    _, (alone,) = send("/v1/track", single)
    assert json.loads(alone.body) == {**track(event=None), "writeKey": ""}


def test_long_events_are_shortened_in_quarantine() -> None:
    _, (refused,) = send("/v1/batch", batch(track(properties={"a": "x" * 300_000})))
    assert len(refused.body) == 65_536


def test_details_do_not_repeat_values() -> None:
    _, (refused,) = send("/v1/batch", batch(track(userId=None, anonymousId="x" * 300)))
    assert refused.detail == "anonymous_id: the value is longer than 256 characters"
    _, (refused,) = send("/v1/batch", batch(track(timestamp="secret")))
    assert "secret" not in refused.detail
