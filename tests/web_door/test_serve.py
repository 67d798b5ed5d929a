"""The two processes of a server: how they start, end and fail together."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from hotspring.delivery import unpack
from hotspring.journal import DELIVERY, Journal
from tests.story.conftest import PATIENCE
from tests.web_door.conftest import track

CLI = (sys.executable, "-c", "from hotspring.cli import main; main()")


def command(*words: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*CLI, *map(str, words)], capture_output=True, text=True, timeout=2 * PATIENCE
    )


@contextlib.contextmanager
def serving(folder: Path) -> Iterator[tuple[subprocess.Popen[str], httpx.Client]]:
    process = subprocess.Popen(
        [*CLI, "serve", "--data", str(folder), "--port", "0"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        url = process.stdout.readline().split()[-1]
        with httpx.Client(base_url=url, timeout=PATIENCE, trust_env=False) as client:
            told = json.loads((folder / "run/server.json").read_text())
            local = {"authorization": f"Bearer {told['token']}"}
            made = client.post("/api/sources", json={"name": "shop"}, headers=local)
            client.auth = (made.json()["write_key"], "")
            yield process, client
    finally:
        process.kill()
        process.communicate()


def no_key(request: httpx.Request) -> httpx.Request:
    """The client's write key is none of the business of those who ask for metrics."""
    return request


def said(client: httpx.Client, line: str) -> bool:
    """Does /metrics come to say this? The door tells what it counts once a second."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if line in client.get("/metrics", auth=no_key).text:
            return True
        time.sleep(0.1)
    return False


def door_of(process: subprocess.Popen[str]) -> int:
    found = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True)
    pairs = [line.split() for line in found.stdout.splitlines()]
    (door,) = [int(pid) for pid, parent in pairs if int(parent) == process.pid]
    return door


def ended(pid: int) -> bool:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.02)
    return False


def test_a_server_starts_takes_events_and_ends_in_order(tmp_path: Path) -> None:
    with serving(tmp_path) as (process, client):
        assert client.get("/health/ready").status_code == 200
        found = tmp_path / "run" / "server.json"
        assert found.stat().st_mode & 0o777 == 0o600
        assert json.loads(found.read_text())["pid"] == process.pid

        second = command("serve", "--data", tmp_path, "--port", "0")
        assert second.returncode != 0
        assert str(process.pid) in second.stderr + second.stdout

        for at in range(20):
            answer = client.post("/v1/batch", json={"batch": [track(f"m{at}")]})
            assert answer.json()["accepted"] == 1
        assert client.post("/v1/batch", json={"batch": [{}]}).status_code == 200
        assert said(client, 'hotspring_door_refused_events_total{reason="missing_type"} 1.0')
        metrics = client.get("/metrics", auth=no_key).text
        assert 'hotspring_door_events_total{verdict="accepted"} 20.0' in metrics
        assert "hotspring_door_request_seconds_count 21.0" in metrics
        assert "hotspring_journal_records_total 21.0" in metrics
        assert len(re.findall(r"process_resident_bytes{.*} \d", metrics)) == 2
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0
        assert not found.exists()
    with Journal(tmp_path) as journal:
        deliveries = [unpack(entry.body) for entry in journal.read(0) if entry.kind == DELIVERY]
    assert [one.events[0].message_id for one in deliveries if one.events] == [
        f"m{at}" for at in range(20)
    ]
    status = json.loads(command("status", "--data", tmp_path, "--json").stdout)
    assert status["events"] == 20


@pytest.mark.parametrize("victim", ["door", "owner"])
def test_neither_process_outlives_the_other(tmp_path: Path, victim: str) -> None:
    with serving(tmp_path) as (process, client):
        assert client.post("/v1/batch", json={"batch": [track("m")]}).status_code == 200
        door = door_of(process)
        if victim == "door":
            os.kill(door, signal.SIGKILL)
            assert process.wait(PATIENCE) != 0
        else:
            process.kill()
            process.wait(PATIENCE)
            assert ended(door)
