"""What a served pool says of itself."""

from __future__ import annotations

import asyncio
import json
import socket
import time
from pathlib import Path

import httpx
import pytest

from hotspring.app import open_pool
from hotspring.cli import client
from hotspring.cli.running import api_of
from hotspring.errors import FolderError
from hotspring.settings import Settings
from hotspring.web import serve
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


def test_settings_are_shown_with_their_origin(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOTSPRING_DATA", str(tmp_path / "pool"))
    monkeypatch.setenv("HOTSPRING_CURRENCY", "EUR")

    def said(*words: object) -> dict[str, tuple[object, str]]:
        told = run("config", "--json", *words)
        assert told.code == 0, told.err
        return {one["name"]: (one["value"], one["origin"]) for one in told.json}

    assert said()["currency"] == ("EUR", "environment HOTSPRING_CURRENCY")
    assert run("source", "create", "web").code == 0
    file = tmp_path / "pool" / "hotspring.toml"
    file.write_text("\njournal_days = 3\n")
    assert said()["journal_days"] == (3, f"file {file}:2")
    assert said("--set", "journal_days=4")["journal_days"] == (4, "flag")
    shown = run("config").out
    assert "9 kinds" in shown
    assert "environment HOTSPRING_CURRENCY" in shown


def test_a_file_of_settings_is_checked(tmp_path: Path, run: Run) -> None:
    file = tmp_path / "x.toml"
    file.write_text('currency = "EUR"\njurnal_days = 3\n')
    wrong = run("config", "--check", file)
    assert (wrong.code, wrong.out) == (1, "")
    assert "x.toml:2: there is no setting 'jurnal_days'; did you mean journal_days?" in wrong.err
    file.write_text('currency = "EUR"\n')
    assert run("config", "--check", file, "--json").json == [
        {"name": "currency", "value": "EUR", "origin": f"file {file}:1"}
    ]
    assert "can be used" in run("config", "--check", file).out
    own = tmp_path / "own"
    file.write_text(f'outlines_folder = "{own}"\n')
    assert "is no folder" in " ".join(run("config", "--check", file).err.split())
    own.mkdir()
    assert run("config", "--check", file).code == 0
    (own / "streets.pmtiles").write_bytes(b"PMTiles")
    wrong = run("config", "--check", file)
    assert (wrong.code, wrong.out) == (1, "")
    assert "the archive ends within its header" in " ".join(wrong.err.split())
    shown = run("config", "--data", tmp_path / "none", "--set", f"outlines_folder={own}")
    assert shown.code == 0
    assert "the archive ends within its header" in " ".join(shown.err.split())


def test_a_server_tells_its_settings_and_who_said_them(tmp_path: Path) -> None:
    app = open_pool(tmp_path / "pool", Settings(journal_days=3))
    api = api_of(app, "hs_local", {"journal_days": "flag"})
    transport = httpx.ASGITransport(api)

    async def asked() -> httpx.Response:
        headers = {"Authorization": "Bearer hs_local"}
        async with httpx.AsyncClient(transport=transport, base_url="http://pool") as client:
            return await client.get("/api/config", headers=headers)

    items = {one["name"]: one for one in asyncio.run(asked()).json()["items"]}
    assert items["journal_days"] == {"name": "journal_days", "value": 3, "origin": "flag"}
    assert items["currency"]["origin"] == "default"
    app.abandon()


def test_a_start_that_takes_long_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def slow(folder: Path, settings: Settings) -> None:
        deadline = time.monotonic() + 60
        while not (said := capfd.readouterr().err):
            assert time.monotonic() < deadline
            time.sleep(0.01)
        assert "is starting" in said
        raise FolderError("far enough")

    monkeypatch.setattr(serve, "PATIENCE", 0.05)
    monkeypatch.setattr(serve, "open_pool", slow)
    with pytest.raises(FolderError, match="far enough"):
        serve.run(tmp_path / "pool", "127.0.0.1", 0, Settings(), api_of)


def test_a_folder_whose_owner_does_not_answer_may_be_starting(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_pool(tmp_path / "pool", Settings())
    monkeypatch.setattr(client, "WAIT_SECONDS", 0.1)
    ended = run("status", "--data", tmp_path / "pool")
    app.abandon()
    assert ended.code == 1
    assert "is starting, try again in a minute" in ended.err


def test_a_server_that_is_busy_is_no_server_that_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "BUSY_SECONDS", 0.1)
    (tmp_path / "run").mkdir()
    with socket.create_server(("127.0.0.1", 0)) as busy:
        url = f"http://127.0.0.1:{busy.getsockname()[1]}"
        (tmp_path / "run/server.json").write_text(json.dumps({"url": url, "token": "hs_local"}))
        found = client._running(tmp_path)
        assert found is not None
        assert found.url == url
    assert client._running(tmp_path) is None
