"""What a served pool says of itself."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx
import pytest

from hotspring.app import open_pool
from hotspring.cli.running import api_of
from hotspring.settings import Settings
from tests.cli.conftest import Run


def test_a_pool_that_applies_nothing_is_alive_and_not_ready(tmp_path: Path) -> None:
    app = open_pool(tmp_path / "pool", Settings())
    transport = httpx.ASGITransport(api_of(app, "hs_local"))

    async def asked(path: str) -> httpx.Response:
        async with httpx.AsyncClient(transport=transport, base_url="http://pool") as client:
            return await client.get(path)

    assert asyncio.run(asked("/health/ready")).status_code == 200
    app._runner.failure = RuntimeError()
    stopped = asyncio.run(asked("/health/ready"))
    assert (stopped.status_code, stopped.headers["retry-after"]) == (503, "5")
    assert asyncio.run(asked("/health/live")).status_code == 200
    app.abandon()


def test_a_demo_leaves_a_real_pool_alone(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_pool(tmp_path / "pool", Settings()).abandon()
    monkeypatch.setenv("HOTSPRING_DATA", str(tmp_path / "pool"))
    ended = run("demo", "--port", "0", "--json")
    assert (ended.code, ended.out) == (1, "")
    assert "name a new folder" in ended.err
