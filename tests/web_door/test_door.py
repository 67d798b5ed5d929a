"""What the door answers, and that it answers only what is true."""

from __future__ import annotations

import asyncio
import base64
import gzip
import itertools
import json
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hotspring.errors import JournalUnavailable
from hotspring.journal import Record
from hotspring.settings import Settings
from hotspring.web.position import Position
from tests.web_door.conftest import KEY, NOW, Lines, Stand, standing, track

SEGMENT = [
    "track", "identify", "page", "screen", "group", "alias", "batch", "import",
    "t", "i", "p", "s", "g", "a", "b",
]  # fmt: skip


def sensors(record: dict[str, Any], name: str = "data") -> dict[str, str]:
    text = base64.b64encode(json.dumps(record).encode()).decode()
    return {name: text}


VIEW = {
    "type": "track",
    "event": "ViewProduct",
    "distinct_id": "c1",
    "time": NOW,
    "properties": {},
    "_track_id": 7,
}


def test_a_batch_is_answered_with_a_verdict_for_each_refused_event(tmp_path: Path) -> None:
    async def story() -> None:
        async with standing(tmp_path) as door:
            answer = await door.batch(track("a"), track("b", timestamp="yesterday"), track("c"))
            assert answer.status_code == 200
            assert answer.json() == {
                "success": True,
                "accepted": 2,
                "duplicates": 0,
                "rejected": [
                    {
                        "index": 1,
                        "messageId": "b",
                        "reason": "bad_timestamp",
                        "detail": answer.json()["rejected"][0]["detail"],
                    }
                ],
            }
            (delivery,) = door.kept()
            assert delivery.source == "shop"
            assert delivery.received_ms == NOW
            assert [event.message_id for event in delivery.events] == ["a", "c"]
            assert [one.index for one in delivery.refused] == [1]

    asyncio.run(story())


def test_repeats_and_conflicts_that_are_known_are_told_and_journalled(tmp_path: Path) -> None:
    async def story() -> None:
        async with standing(tmp_path) as door:
            await door.batch(track("a"), track("b"))
            again = (await door.batch(track("a"), track("c"))).json()
            assert (again["accepted"], again["duplicates"], again["rejected"]) == (1, 1, [])
            twice = (await door.batch(track("d"), track("d"))).json()
            assert (twice["accepted"], twice["duplicates"]) == (1, 1)
            other = await door.batch(
                track("x", timestamp="yesterday"), track("a", event="Other"), track("b")
            )
            told = other.json()
            assert (told["accepted"], told["duplicates"]) == (0, 1)
            assert [(one["index"], one["reason"]) for one in told["rejected"]] == [
                (0, "bad_timestamp"),
                (1, "conflict"),
            ]
            assert sum(len(delivery.events) for delivery in door.kept()) == 8

    asyncio.run(story())


@pytest.mark.parametrize("slash", ["", "/"])
@pytest.mark.parametrize("name", SEGMENT)
def test_every_segment_path_takes_events(tmp_path: Path, name: str, slash: str) -> None:
    body = track("m", traits={"name": "Li"}, previousId="p", groupId="g", name="Home")
    content = {"batch": [body]} if name in ("batch", "b", "import") else body

    async def story() -> None:
        async with standing(tmp_path) as door:
            answer = await door.client.post(f"/v1/{name}{slash}", json=content, auth=(KEY, ""))
            assert (answer.status_code, answer.json()["accepted"]) == (200, 1), answer.text

    asyncio.run(story())


def test_the_key_may_stand_in_the_body_or_the_query(tmp_path: Path) -> None:
    async def story() -> None:
        async with standing(tmp_path) as door:
            body = {"batch": [track("a")], "writeKey": KEY}
            assert (await door.client.post("/v1/b", json=body)).status_code == 200
            path = f"/v1/t?writeKey={KEY}"
            assert (await door.client.post(path, json=track("b"))).status_code == 200

    asyncio.run(story())


def test_labels_do_not_matter(tmp_path: Path) -> None:
    async def story() -> None:
        async with standing(tmp_path) as door:
            plain = json.dumps({"batch": [track("a")]}).encode()
            for at, (content, label) in enumerate(
                [
                    (plain, "text/plain"),
                    (gzip.compress(plain), "application/x-www-form-urlencoded"),
                    (gzip.compress(plain), "application/json"),
                ]
            ):
                answer = await door.client.post(
                    "/v1/batch", content=content, auth=(KEY, ""), headers={"Content-Type": label}
                )
                assert answer.status_code == 200, label
                assert answer.json()["accepted"] == (1 if at == 0 else 0)

    asyncio.run(story())


@pytest.mark.parametrize(
    ("content", "key", "status"),
    [
        (b"{", KEY, 400),
        (b"", KEY, 400),
        (b"\x1f\x8b not gzip", KEY, 400),
        (b"[1,2,3", KEY, 400),
        (b'{"batch":[]}', "wk_nobody", 401),
        (b'{"batch":[]}', "", 401),
        (b'{"batch":[]}', KEY, 200),
    ],
)
def test_statuses_of_whole_bodies(tmp_path: Path, content: bytes, key: str, status: int) -> None:
    async def story() -> None:
        async with standing(tmp_path) as door:
            answer = await door.client.post("/v1/batch", content=content, auth=(key, ""))
            assert answer.status_code == status
            if status != 200:
                assert answer.headers["content-type"] == "application/problem+json"
                assert answer.json()["status"] == status
            assert door.journal.head() == 0

    asyncio.run(story())


@pytest.mark.parametrize("packed", [False, True])
def test_a_body_that_is_too_large_is_413(tmp_path: Path, packed: bool) -> None:
    body = b'{"batch":[' + b" " * (2 << 20) + b"]}"

    async def story() -> None:
        async with standing(tmp_path, Settings(max_body_megabytes=1)) as door:
            content = gzip.compress(body) if packed else body
            answer = await door.client.post("/v1/batch", content=content, auth=(KEY, ""))
            assert answer.status_code == 413

            async def parts() -> Any:
                for _ in range(4):
                    yield body[: 1 << 19]

            answer = await door.client.post("/v1/batch", content=parts(), auth=(KEY, ""))
            assert answer.status_code == 413

    asyncio.run(story())


def test_a_large_body_is_read_whole(tmp_path: Path) -> None:
    async def story() -> None:
        async with standing(tmp_path) as door:
            answer = await door.batch(*(track(f"m{at}") for at in range(5000)))
            assert answer.json()["accepted"] == 5000

    asyncio.run(story())


def test_other_methods_are_405(tmp_path: Path) -> None:
    async def story() -> None:
        async with standing(tmp_path) as door:
            answer = await door.client.put("/v1/batch", content=b"{}")
            assert answer.status_code == 405
            assert "POST" in answer.headers["allow"]

    asyncio.run(story())


def test_pages_of_other_sites_may_send_and_read(tmp_path: Path) -> None:
    async def story() -> None:
        async with standing(tmp_path) as door:
            asked = {
                "Origin": "https://shop.example",
                "Access-Control-Request-Method": "POST",
                "Access-Control-Request-Headers": "authorization, anonymousid, sentat",
            }
            answer = await door.client.options("/v1/p/", headers=asked)
            assert answer.status_code == 204
            assert answer.headers["access-control-allow-origin"] == "https://shop.example"
            assert answer.headers["access-control-allow-headers"] == (
                "authorization, anonymousid, sentat"
            )
            for path in ("/v1/t", "/sa", "/sa.gif"):
                answer = await door.client.post(path, headers={"Origin": "https://shop.example"})
                assert answer.headers["access-control-allow-origin"] == "https://shop.example"
                assert answer.headers["vary"] == "Origin"

    asyncio.run(story())


def test_only_named_sites_where_the_settings_name_some(tmp_path: Path) -> None:
    async def story() -> None:
        only = Settings(cors_origins=("https://shop.example",))
        async with standing(tmp_path, only) as door:
            for origin, allowed in (
                ("https://shop.example", True),
                ("https://else.example", False),
            ):
                answer = await door.client.post("/v1/t", headers={"Origin": origin})
                assert ("access-control-allow-origin" in answer.headers) == allowed

    asyncio.run(story())


@pytest.mark.parametrize("prefix", ["/v1", ""])
def test_analytics_js_finds_its_settings(tmp_path: Path, prefix: str) -> None:
    async def story() -> None:
        async with standing(tmp_path) as door:
            answer = await door.client.get(f"{prefix}/projects/{KEY}/settings")
            assert answer.json()["integrations"]["Segment.io"] == {
                "apiKey": KEY,
                "apiHost": "door/v1",
                "protocol": "http",
            }
            answer = await door.client.get(f"{prefix}/projects/nobody/settings")
            assert answer.status_code == 404

    asyncio.run(story())


def test_sensors_clients_get_what_they_need(tmp_path: Path) -> None:
    async def story() -> None:
        async with standing(tmp_path) as door:
            image = await door.client.get("/sa.gif", params={**sensors(VIEW), "project": "shop"})
            assert (image.status_code, image.headers["content-type"]) == (200, "image/gif")
            assert image.content.startswith(b"GIF89a")
            answer = await door.client.post("/sa?project=shop", data=sensors(VIEW | {"time": 1}))
            assert (answer.status_code, len(answer.json()["rejected"])) == (200, 1)
            answer = await door.client.post("/sa?project=other", data=sensors(VIEW))
            assert answer.status_code == 401
            answer = await door.client.post(f"/debug?token={KEY}", data=sensors(VIEW))
            assert answer.status_code == 200
            assert [len(one.events) for one in door.kept()] == [1, 0, 1]

    asyncio.run(story())


def test_nothing_is_answered_before_it_is_durable(tmp_path: Path) -> None:
    turn, asked = threading.Event(), threading.Event()

    def write(records: Sequence[Record]) -> list[int]:
        asked.set()
        assert turn.wait(60)
        return list(range(1, len(records) + 1))

    async def story() -> None:
        async with standing(tmp_path, disk=Lines(write)) as door:
            answer = asyncio.create_task(door.batch(track("a")))
            await asyncio.to_thread(asked.wait, 60)
            await asyncio.sleep(0.05)
            assert not answer.done()
            turn.set()
            assert (await answer).status_code == 200

    asyncio.run(story())


@pytest.mark.parametrize("error", [JournalUnavailable("the disk is full"), OSError(5, "broken")])
def test_a_journal_that_cannot_write_is_503_and_nothing_is_remembered(
    tmp_path: Path, error: Exception
) -> None:
    broken = [True]

    def write(records: Sequence[Record]) -> list[int]:
        if broken[0]:
            raise error
        return list(range(1, len(records) + 1))

    async def story() -> None:
        async with standing(tmp_path, disk=Lines(write)) as door:
            answer = await door.batch(track("a"))
            assert answer.status_code == 503
            assert int(answer.headers["retry-after"]) > 0
            broken[0] = False
            assert (await door.batch(track("a"))).json()["accepted"] == 1

    asyncio.run(story())


def test_a_source_that_sends_too_fast_is_told_when_to_come_again(tmp_path: Path) -> None:
    async def story() -> None:
        async with standing(tmp_path, Settings(requests_per_second=3)) as door:
            statuses = [(await door.batch(track(str(at)))).status_code for at in range(5)]
            assert statuses == [200, 200, 200, 429, 429]
            answer = await door.batch(track("x"))
            assert answer.headers["retry-after"].isdigit()
            door.clock.now += int(answer.headers["retry-after"])
            assert (await door.batch(track("x"))).status_code == 200

    asyncio.run(story())


def test_requests_wait_while_the_pipeline_is_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def behind(door: Stand) -> None:
        await door.batch(track("a"))
        door.clock.now += 1.0
        door.gate.look()

    async def story() -> None:
        async with standing(tmp_path) as door:
            await behind(door)
            waiting = asyncio.create_task(door.batch(track("b")))
            await asyncio.sleep(0.05)
            assert not waiting.done()
            assert door.journal.head() == 1
            Position(tmp_path / "position").applied = 1
            door.gate.look()
            assert (await waiting).status_code == 200
        monkeypatch.setattr("hotspring.web.gate.PATIENCE", 0.01)
        async with standing(tmp_path / "other") as door:
            await behind(door)
            answer = await door.batch(track("b"))
            assert (answer.status_code, answer.headers["retry-after"]) == (429, "5")
            answer = await door.client.post("/sa?project=shop", data=sensors(VIEW))
            assert answer.status_code == 200

    (tmp_path / "other").mkdir()
    asyncio.run(story())


def test_a_client_that_goes_away_in_its_body_leaves_nothing(tmp_path: Path) -> None:
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        messages = [
            {"type": "http.request", "body": b'{"batch":', "more_body": True},
            {"type": "http.disconnect"},
        ]
        return messages[min(len(sent), 1)] if sent else sent.append(1) or messages[0]

    async def send(message: Any) -> None:
        sent.append(message)

    async def story() -> None:
        async with standing(tmp_path) as door:
            transport = door.client._transport
            assert isinstance(transport, httpx.ASGITransport)
            scope = {
                "type": "http", "method": "POST", "path": "/v1/batch", "headers": [],
                "query_string": b"", "client": None,
            }  # fmt: skip
            await transport.app(scope, receive, send)
            assert sent[1]["status"] == 400
            assert door.journal.head() == 0

    asyncio.run(story())


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)
fields = st.sampled_from(
    ["type", "event", "messageId", "userId", "anonymousId", "timestamp", "properties", "traits",
     "context", "sentAt", "batch", "writeKey", "data", "data_list", "time", "distinct_id"]
)  # fmt: skip
hostile = (
    st.binary(max_size=200)
    | st.builds(json.dumps, json_values).map(str.encode)
    | st.builds(json.dumps, st.dictionaries(fields, json_values, max_size=6)).map(str.encode)
    | st.lists(st.dictionaries(fields, json_values, max_size=6), max_size=4).map(
        lambda events: json.dumps({"batch": events}).encode()
    )
)


def test_no_body_breaks_the_door_or_costs_a_good_event(tmp_path: Path) -> None:
    with asyncio.Runner() as runner:
        stand = standing(tmp_path)
        door = runner.run(stand.__aenter__())
        sent = itertools.count()

        async def story(bodies: list[bytes], packed: bool) -> None:
            for body in bodies:
                content = gzip.compress(body) if packed else body
                for path in ("/v1/batch", "/v1/i", "/sa?project=shop", "/debug"):
                    answer = await door.client.post(path, content=content, auth=(KEY, ""))
                    assert answer.status_code in (200, 400, 401, 413)
                    assert answer.json().get("title") != "unreadable"
            good = [track(f"good-{next(sent)}"), {"x": 1}, track(f"good-{next(sent)}")]
            told = (await door.batch(*good)).json()
            assert (told["accepted"], len(told["rejected"])) == (2, 1)

        @settings(max_examples=150, deadline=None)
        @given(bodies=st.lists(hostile, max_size=5), packed=st.booleans())
        @example(bodies=[b"[" * 100_000, b'{"a":' * 100_000, b"\xff" * 100], packed=False)
        def law(bodies: list[bytes], packed: bool) -> None:
            runner.run(story(bodies, packed))

        law()
        runner.run(stand.__aexit__(None, None, None))
