"""Passers-by: counted by a hash of the day, and by nothing that they or their page say."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspring.collect import Judge, SourceFacts
from hotspring.event import Event, Flag, Refused
from tests.collect.clients import BROWSER, LIMIT, NOW, SETTINGS, batch, track

SALT = b"s" * 32
ADDRESS = "203.0.113.7"


def passing(**fields: Any) -> dict[str, Any]:
    context = {"passerBy": True, "userAgent": BROWSER, **fields.pop("context", {})}
    return track(**{"userId": None, **fields}, context=context)


def judged(
    *calls: Any, salt: bytes = SALT, address: str = ADDRESS, source: str = "shop"
) -> tuple[list[Event], list[Refused]]:
    judge = Judge(SETTINGS, None, lambda: salt)
    envelope = judge.protocols["/v1/batch"].decode("/v1/batch", b"", {}, batch(*calls), LIMIT)
    columns = judge.columns(envelope, SourceFacts(source, public=True), NOW, address)
    assert columns[0].events + len(columns[1]) == len(calls)
    return judge.judge(envelope, SourceFacts(source, public=True), NOW, address)


def name(**how: Any) -> str:
    ((event,), refused) = judged(passing(), **how)
    assert not refused
    assert event.flags & Flag.PASSER_BY
    assert len(event.ids) == 1
    return event.ids[0]


def test_a_passer_by_is_the_same_for_a_day_on_one_device_at_one_source() -> None:
    known = name()
    assert known.startswith("passer_by:")
    assert name() == known
    others = {name(salt=b"t" * 32), name(address="203.0.113.8"), name(source="blog")}
    assert len({known, *others}) == 4
    ((event,), _) = judged(passing(context={"userAgent": "Mozilla/5.0 (iPhone) Safari"}))
    assert event.ids[0] not in {known, *others}


VALUES = st.one_of(st.none(), st.text(max_size=8), st.integers(0, 99))


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "userId": VALUES,
            "anonymousId": VALUES,
            "traits": st.just({"phone": "13800138000"}),
        },
    ),
    st.fixed_dictionaries(
        {},
        optional={
            "externalIds": st.just([{"type": "phone", "id": "13800138000"}]),
            "device": st.just({"id": "d-1"}),
            "ip": st.just("198.51.100.1"),
            "location": st.just({"latitude": 30.27, "longitude": 120.15}),
        },
    ),
    st.sampled_from(["track", "page", "screen"]),
)
def test_nothing_that_is_said_names_a_passer_by(
    fields: dict[str, Any], around: dict[str, Any], kind: str
) -> None:
    call = passing(context=around) | fields | {"type": kind}
    (event,), refused = judged(call)
    assert not refused
    assert event.ids == (name(),)
    assert (event.traits, event.place) == ("", None)
    kept = json.dumps([event.context, event.properties])
    assert not any(word in kept for word in ("13800138000", "d-1", "198.51", "30.27"))


@pytest.mark.parametrize("kind", ["identify", "group", "alias"])
def test_who_passes_by_says_not_who_they_are(kind: str) -> None:
    events, (refused,) = judged(passing(type=kind, userId="u-1", previousId="a"))
    assert (events, refused.reason) == ([], "no_identifier")


def test_who_passes_by_decides_nothing() -> None:
    call = passing(event="Consent Given", properties={"purpose": "marketing"})
    events, (refused,) = judged(call)
    assert (events, refused.reason) == ([], "no_identifier")
    _, (unknown,) = judged(passing(), address="")
    assert unknown.reason == "no_identifier"


def test_what_is_sent_again_from_elsewhere_is_the_same_event() -> None:
    contents = {
        judged(passing(), **how)[0][0].content
        for how in ({}, {"address": "203.0.113.9"}, {"salt": b"u" * 32})
    }
    assert len(contents) == 1


def test_nobody_can_send_such_an_identifier() -> None:
    call = track(context={"externalIds": [{"type": "passer_by", "id": "0" * 32}]})
    ((event,), _) = judged(call)
    assert event.ids == ("user_id:u-1",)


def test_a_long_batch_of_passers_by_is_judged_like_a_short_one() -> None:
    calls = [passing(messageId=f"m-{n}", properties={"n": n}) for n in range(20)]
    for call in calls:
        call |= {"anonymousId": call.pop("userId") or "visitor-0001"}
    judge = Judge(SETTINGS, None, lambda: SALT)
    envelope = judge.protocols["/v1/batch"].decode("/v1/batch", b"", {}, batch(*calls), LIMIT)
    assert envelope.plain is not None
    columns, refused = judge.columns(envelope, SourceFacts("shop"), NOW, ADDRESS)
    assert (columns.events, refused) == (20, [])
    assert columns.ids[0].decode().count(name()) in (1, 20)
