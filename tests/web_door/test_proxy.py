"""What is not ingest reaches the owner as it was sent, and comes back as it was answered."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import uvicorn

from hotspring.settings import Settings
from tests.web_door.conftest import standing


async def owner(scope: Any, receive: Any, send: Any) -> None:
    """Tells what it was asked; on /stream, two parts with time between them."""
    if scope["type"] != "http":
        return
    headers = [(b"content-type", b"text/event-stream"), (b"x-own", b"1"), (b"x-own", b"2")]
    if scope["path"] == "/stream":
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"data: 1\n\n", "more_body": True})
        assert (await receive())["type"] == "http.request"
        gone = (await receive())["type"] == "http.disconnect"
        owner_saw["gone"] = gone
        return
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    told = {
        "method": scope["method"],
        "path": scope["raw_path"].decode(),
        "query": scope["query_string"].decode(),
        "headers": {k.decode(): v.decode() for k, v in scope["headers"]},
        "body": body.decode(),
    }
    await send({"type": "http.response.start", "status": 418, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(told).encode()})


owner_saw: dict[str, bool] = {}


@contextlib.asynccontextmanager
async def owning(folder: Path) -> AsyncIterator[str]:
    path = str(folder / "api")
    config = uvicorn.Config(owner, uds=path, log_level="critical", lifespan="off")
    server = uvicorn.Server(config)
    task = asyncio.ensure_future(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    yield path
    server.should_exit = server.force_exit = True
    await task


def test_a_request_reaches_the_owner_as_it_was_sent(tmp_path: Path) -> None:
    async def story() -> None:
        async with owning(tmp_path) as path, standing(tmp_path, owner=path) as door:
            answer = await door.client.patch(
                "/api/a%2Fb?x=1&x=2",
                content="text",
                headers={"Authorization": "Bearer t", "X-Forwarded-For": "1.1.1.1", "TE": "x"},
            )
            assert answer.status_code == 418
            assert answer.headers.get_list("x-own") == ["1", "2"]
            told = answer.json()
            assert (told["method"], told["query"], told["body"]) == ("PATCH", "x=1&x=2", "text")
            assert told["path"] == "/api/a%2Fb"
            assert told["headers"]["authorization"] == "Bearer t"
            assert told["headers"]["host"] == "door"
            assert told["headers"]["x-forwarded-for"] == "203.0.113.7"
            assert told["headers"]["via"] == "1.1 proxy"
            assert "te" not in told["headers"]

    asyncio.run(story())


def test_a_body_without_a_length_is_streamed(tmp_path: Path) -> None:
    async def parts() -> AsyncIterator[bytes]:
        for at in range(3):
            yield b"part %d," % at

    async def story() -> None:
        async with owning(tmp_path) as path, standing(tmp_path, owner=path) as door:
            answer = await door.client.post("/api/import", content=parts())
            assert answer.json()["body"] == "part 0,part 1,part 2,"

    asyncio.run(story())


def test_the_address_a_trusted_proxy_saw_is_passed_on(tmp_path: Path) -> None:
    async def story() -> None:
        trusting = Settings(trust_forwarded_for=True)
        async with owning(tmp_path) as path, standing(tmp_path, trusting, owner=path) as door:
            answer = await door.client.get("/x", headers={"X-Forwarded-For": "9.9.9.9, 1.1.1.1"})
            assert answer.json()["headers"]["x-forwarded-for"] == "1.1.1.1"

    asyncio.run(story())


def test_how_the_client_came_is_believed_of_a_trusted_proxy_only(tmp_path: Path) -> None:
    async def story() -> None:
        for trusted in (True, False):
            folder = tmp_path / str(trusted)
            folder.mkdir()
            told = Settings(trust_forwarded_for=trusted)
            async with owning(folder) as path, standing(folder, told, owner=path) as door:
                for said, believed in (("http, https", "https"), ("gopher", "http")):
                    answer = await door.client.get("/x", headers={"X-Forwarded-Proto": said})
                    scheme = answer.json()["headers"]["x-forwarded-proto"]
                    assert scheme == (believed if trusted else "http")

    asyncio.run(story())


def test_parts_come_as_they_are_sent_and_the_owner_hears_when_the_client_leaves(
    tmp_path: Path,
) -> None:
    async def story() -> None:
        async with owning(tmp_path) as path, standing(tmp_path, owner=path) as door:
            sent: asyncio.Queue[Any] = asyncio.Queue()
            leave = asyncio.Event()
            asked = False

            async def receive() -> Any:
                nonlocal asked
                if not asked:
                    asked = True
                    return {"type": "http.request", "body": b"", "more_body": False}
                await leave.wait()
                return {"type": "http.disconnect"}

            scope = {
                "type": "http", "method": "GET", "path": "/stream", "headers": [],
                "query_string": b"", "client": None,
            }  # fmt: skip
            app = door.client._transport.app  # type: ignore[attr-defined]
            call = asyncio.ensure_future(app(scope, receive, sent.put))
            assert (await sent.get())["status"] == 200
            assert (await sent.get())["body"] == b"data: 1\n\n"
            leave.set()
            await call
            while "gone" not in owner_saw:
                await asyncio.sleep(0.01)
            assert owner_saw["gone"]

    asyncio.run(asyncio.wait_for(story(), 60))


def test_a_connection_that_the_owner_closed_is_not_used_again(tmp_path: Path) -> None:
    async def story() -> None:
        async with standing(tmp_path, owner=str(tmp_path / "api")) as door:
            for _ in range(2):
                async with owning(tmp_path):
                    for body in ("", "x" * 300_000):
                        answer = await door.client.post("/api/import", content=body)
                        assert answer.json()["body"] == body
            assert (await door.client.get("/api/status")).status_code == 503

    asyncio.run(asyncio.wait_for(story(), 60))


def test_an_owner_who_is_away_is_503(tmp_path: Path) -> None:
    async def story() -> None:
        async with standing(tmp_path, owner=str(tmp_path / "nobody")) as door:
            answer = await door.client.get("/api/status")
            assert answer.status_code == 503
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.headers["retry-after"] == "1"

    asyncio.run(story())
