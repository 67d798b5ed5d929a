"""A real server for the stories: `hotspring serve` as its own process on a free port."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

COMMAND = [sys.executable, "-c", "import sys; from hotspring.cli import main; sys.exit(main())"]
PATIENCE = 60.0
"""Seconds a busy machine may need for what takes a moment; nothing waits longer than it must."""
ENVIRONMENT = {k: v for k, v in os.environ.items() if not k.startswith("HOTSPRING")}


class Server:
    """A running `hotspring serve` and what a story asks of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.start()

    def start(self) -> None:
        with (self.folder.parent / "serve.log").open("ab") as log:
            self.process = subprocess.Popen(
                [*COMMAND, "serve", "--data", str(self.folder), "--port", "0"],
                env=ENVIRONMENT,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                start_new_session=True,
            )
        assert self.process.stdout is not None
        ready = self.process.stdout.readline()
        assert "ready on http://127.0.0.1:" in ready, ready
        told = json.loads((self.folder / "run/server.json").read_text())
        self.url = told["url"]
        headers = {"authorization": f"Bearer {told['token']}"}
        self.api = httpx.Client(
            base_url=self.url, headers=headers, timeout=PATIENCE, trust_env=False
        )

    def stop(self) -> None:
        """End it as an operator does."""
        self.api.close()
        self.process.send_signal(signal.SIGTERM)
        self.process.communicate(timeout=PATIENCE)
        assert self.process.returncode == 0

    def kill(self) -> None:
        """End all its processes at once, as a power cut would."""
        self.api.close()
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.communicate()

    def command(self, *words: str) -> Any:
        """What a command answers on this folder, as JSON."""
        done = subprocess.run(
            [*COMMAND, *words, "--data", str(self.folder), "--json"],
            env=ENVIRONMENT,
            capture_output=True,
            text=True,
            timeout=2 * PATIENCE,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def source(self, name: str, **more: Any) -> str:
        """A new source; its write key."""
        answer = self.api.post("/api/sources", json={"name": name, **more})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["write_key"])

    def get(self, path: str, **params: Any) -> Any:
        answer = self.api.get(f"/api/{path}", params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def send(self, key: str, *messages: dict[str, Any]) -> Any:
        """Sends Segment messages, again where the door asks for it; what it says."""
        end = time.monotonic() + PATIENCE
        while True:
            answer = httpx.post(
                f"{self.url}/v1/batch",
                auth=(key, ""),
                json={"batch": messages},
                timeout=PATIENCE,
                trust_env=False,
            )
            if answer.status_code != 429 or time.monotonic() > end:
                break
            time.sleep(float(answer.headers["retry-after"]))
        assert answer.status_code == 200, answer.text
        return answer.json()

    def person(self, key: str, holds: Callable[[Any], Any] = lambda found: True) -> Any:
        """The profile of an identifier, as soon as `holds` is true of it."""
        return self.until(f"profiles/{key}", holds)

    def until(self, path: str, holds: Callable[[Any], Any]) -> Any:
        """What is answered there, as soon as `holds` is true of it."""
        end = time.monotonic() + PATIENCE
        while True:
            answer = self.api.get(f"/api/{path}")
            told = answer.json()
            if answer.status_code == 200 and holds(told):
                return told
            assert time.monotonic() < end, f"{path} stays at {answer.status_code}: {told}"
            time.sleep(0.05)

    def values(self, key: str, kind: str) -> set[str]:
        """The values of one kind among a person's identifiers."""
        found = self.get(f"profiles/{key}")["identifiers"]
        return {one["value"] for one in found if one["kind"] == kind}


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = Server(tmp_path_factory.mktemp("story") / "pool")
    try:
        yield running
    finally:
        running.stop()


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Server]:
    """A server that a story may stop and start."""
    running = Server(tmp_path / "pool")
    try:
        yield running
    finally:
        if running.process.poll() is None:
            running.stop()
