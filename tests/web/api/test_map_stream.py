"""The live map ends for who may not see it any more."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from hotspring.privacy import Permission
from hotspring.web.api import desk as module
from hotspring.web.api import map_stream
from tests.web.api.conftest import LOCAL, Api


def test_a_stream_ends_with_the_right_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(map_stream, "BEAT_SECONDS", 0.01)
    answers = [True, True, False]
    left: list[object] = []
    live = SimpleNamespace(leave=left.append)
    desk: Any = SimpleNamespace(pool=SimpleNamespace(heatmap=SimpleNamespace(live=live)))

    async def watched() -> list[bytes]:
        frames = map_stream._Frames(asyncio.get_running_loop())
        parts = map_stream._parts(desk, "w", frames, lambda: answers.pop(0))
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
