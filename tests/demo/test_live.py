"""Sending the simulated present: each call once, when its moment has come."""

from __future__ import annotations

import datetime as dt
import zoneinfo

import httpx
import msgspec
import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from hotspring.collect import Judge, SourceFacts
from hotspring.demo.brand import Brand
from hotspring.demo.live import Live
from hotspring.demo.people import People
from hotspring.demo.sender import BATCH, Sender, Sent, body, stamp
from hotspring.errors import HotspringError
from hotspring.settings import Settings

ZONE = zoneinfo.ZoneInfo("Asia/Shanghai")
HOUR = 3_600_000


class Mute(Sender):
    """A sender that would fail if it were used."""

    def __init__(self) -> None:
        pass


def brand() -> Brand:
    return Brand(9, dt.date(2026, 3, 20), ZONE, People(9, founders=150, newcomers=5))


@limits(max_examples=10, deadline=None)
@given(st.lists(st.integers(1, 500_000), min_size=1, max_size=12))
def test_every_call_is_given_out_once_in_order(steps: list[int]) -> None:
    start = brand().start_ms(3) + 23 * HOUR + 50 * 60_000
    live, now, given_out = Live(brand(), Mute(), start), start, []
    for step in steps:
        calls = live.due(now + step)
        assert all(ms <= now + step for ms, _ in calls)
        given_out += calls
        now += step
    at_once = Live(brand(), Mute(), start)
    minutes = [start + 60_000 * i for i in range((now - start) // 60_000 + 1)]
    expected = [call for moment in [*minutes, now] for call in at_once.due(moment)]
    assert [m["messageId"] for _, m in given_out] == [m["messageId"] for _, m in expected]


def test_broken_clients_are_there_from_the_first_minute_on() -> None:
    start = brand().start_ms(3) + 4 * HOUR
    calls = [call for call in Live(brand(), Mute(), start).due(start + 60_000) if call[0] > start]
    judge = Judge(Settings())
    envelope = judge.protocols["/v1/batch"].decode("/v1/batch", b"", {}, body(calls), 50_000_000)
    _, refused = judge.judge(envelope, SourceFacts("simulated"), start + 60_000)
    assert len({one.reason for one in refused}) >= 4
    again = Live(brand(), Mute(), start + HOUR).due(start + HOUR + 60_000)
    assert not {m["messageId"] for _, m in calls} & {m["messageId"] for _, m in again}


def test_days_follow_one_another() -> None:
    start = brand().start_ms(2) + 22 * HOUR
    live = Live(brand(), Mute(), start)
    calls = [call for i in range(1, 16 * 6) for call in live.due(start + i * 10 * 60_000)]
    ours = {m["messageId"] for _, m in calls}
    third = {m["messageId"] for ms, m in brand().day(3) if ms <= start + 95 * 10 * 60_000}
    assert third
    assert third <= ours
    assert len(ours) == len(calls)


def test_what_a_sleeping_machine_missed_is_not_made_up_for() -> None:
    start = brand().start_ms(2) + 12 * HOUR
    live = Live(brand(), Mute(), start)
    calls = live.due(start + 6 * HOUR)
    crowd = [m for _, m in calls if "-crowd-" in m["messageId"]]
    assert 0 < len(crowd) < 6_000


def test_go_sends_and_tells_how_far_it_is() -> None:
    sent: list[int] = []

    def answer(request: httpx.Request) -> httpx.Response:
        calls = msgspec.json.decode(request.content)["batch"]
        sent.append(len(calls))
        told = {"success": True, "accepted": len(calls), "duplicates": 0, "rejected": []}
        return httpx.Response(200, json=told)

    start = brand().start_ms(2) + 12 * HOUR
    moments = iter(range(start, start + HOUR, 60_000))
    sender = Sender("http://door", "key", transport=httpx.MockTransport(answer))
    told = Live(brand(), sender, start).go(lambda: next(moments), lambda seconds: None)
    assert [next(told) for _ in range(5)] == [start + 60_000 * i for i in range(5)]
    assert sum(sent) > 20


def test_a_busy_door_is_asked_again_and_a_closed_one_is_told() -> None:
    answers = [503, 429, 200]
    pauses: list[float] = []

    def answer(request: httpx.Request) -> httpx.Response:
        assert request.headers["authorization"].startswith("Basic ")
        status = answers.pop(0)
        told = {"success": True, "accepted": 3, "duplicates": 1, "rejected": [{}]}
        return httpx.Response(status, json=told, headers={"retry-after": "2"})

    calls = [(1_780_000_000_000 + i, {"type": "page", "messageId": str(i)}) for i in range(5)]
    sender = Sender("http://door", "key", pauses.append, httpx.MockTransport(answer))
    assert sender.send(calls) == Sent(3, 1, 1)
    assert pauses == [2.0, 2.0]
    answers[:] = [401]
    with pytest.raises(HotspringError, match="401"):
        sender.send(calls)


def test_bodies_are_cut_into_batches_and_say_when_it_happened() -> None:
    sizes = []

    def answer(request: httpx.Request) -> httpx.Response:
        batch = msgspec.json.decode(request.content)["batch"]
        sizes.append(len(batch))
        assert all("sentAt" not in message for message in batch)
        told = {"success": True, "accepted": len(batch), "duplicates": 0, "rejected": []}
        return httpx.Response(200, json=told)

    calls = [(1_780_000_000_000, {"type": "page"})] * (2 * BATCH + 1)
    sender = Sender("http://door", "key", transport=httpx.MockTransport(answer))
    assert sender.send(calls).accepted == len(calls)
    assert sizes == [BATCH, BATCH, 1]
    assert msgspec.json.decode(body(calls[:1]))["batch"][0]["timestamp"] == (
        "2026-05-28T20:26:40.000Z"
    )


@given(st.integers(946_684_800_000, 4_102_444_800_000))
def test_a_stamp_is_the_moment_it_says(ms: int) -> None:
    moment = dt.datetime.fromisoformat(stamp(ms))
    assert (moment - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)) // dt.timedelta(milliseconds=1) == ms


def test_a_message_may_bring_its_own_time() -> None:
    told = msgspec.json.decode(body([(0, {"type": "track", "timestamp": "yesterday evening"})]))
    assert told["batch"][0]["timestamp"] == "yesterday evening"
