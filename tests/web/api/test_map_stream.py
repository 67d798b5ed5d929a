"""The live map ends for who may not see it any more."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from hotspring.privacy import Permission
from hotspring.web.api import desk as module
from hotspring.web.api import streaming
from tests.web.api.conftest import LOCAL, Api


def test_a_stream_ends_with_the_right_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streaming, "BEAT_SECONDS", 0.01)
    answers = [True, True, False]
    left: list[object] = []
    live = SimpleNamespace(leave=left.append)

    async def watched() -> list[bytes]:
        frames = streaming._Frames(asyncio.get_running_loop())
        parts = streaming._parts(live, "w", frames, lambda: answers.pop(0))
        return [part async for part in parts]

    got = asyncio.run(asyncio.wait_for(watched(), 60))
    assert got[0] == b"retry: 2000\n\n"
    assert len(got) >= 3
    assert answers == []
    assert left == ["w"]


def test_who_is_signed_out_or_taken_back_may_be_told_no_more(api: Api) -> None:
    dependency = module.still(Permission.READ_PROFILES).dependency
    desk: Any = api.app.state.desk
    request: Any = SimpleNamespace(method="GET", headers={})
    ann = api.welcome("ann", "operator")
    cookie = ann["Cookie"].partition("=")[2]
    signed = dependency(request, desk, None, cookie)
    assert signed()
    api.send("PATCH", "/api/users/ann", LOCAL, json={"role": "viewer"})
    assert not signed()
    bearer = SimpleNamespace(credentials=api.tokens["operator"])
    token = dependency(request, desk, bearer, None)
    assert token()
    api.send("DELETE", "/api/tokens/a-operator", LOCAL)
    assert not token()
    viewer = SimpleNamespace(credentials=api.tokens["viewer"])
    assert not dependency(request, desk, viewer, None)()


def test_the_last_minutes_are_told_once_and_as_a_stream(api: Api) -> None:
    assert api.get("/api/live?lang=en", "operator").json()["pages"][0]["name"] == "/tea"
    assert api.get("/api/live", "viewer").status_code == 403
    answer = api.get("/api/live/stream?lang=en", "operator")
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.text == 'retry: 2000\n\nevent: minutes\ndata: {"minutes":[]}\n\n'
    assert api.pool.happening.left == ["en"]
