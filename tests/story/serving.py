"""A real `hotspring serve` in processes of its own, for stories."""

from __future__ import annotations

import base64
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import httpx

COMMAND = (sys.executable, "-c", "from hotspring.cli import main; main()")
READY_SECONDS = 60


def command(*arguments: str, folder: Path) -> Any:
    """What does a command answer with `--json`?"""
    done = subprocess.run(
        [*COMMAND, *arguments, "--data", str(folder), "--json"],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    if done.returncode:
        raise AssertionError(f"{' '.join(arguments)}: {done.stderr}")
    return json.loads(done.stdout)


class Serving:
    """One server on one folder; may be killed and started again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.key = command("source", "create", "shop", folder=folder)["write_key"]
        token = command("token", "create", "tests", "--role", "admin", folder=folder)["token"]
        self.api = httpx.Client(
            base_url=self.url, headers={"Authorization": f"Bearer {token}"}, timeout=30
        )
        self.start()

    def start(self) -> None:
        log = (self.folder / "server.log").open("ab")
        with log:
            self.process = subprocess.Popen(
                [*COMMAND, "serve", "--data", str(self.folder), "--port", str(self.port)],
                stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        end = time.monotonic() + READY_SECONDS
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise AssertionError((self.folder / "server.log").read_text())
            try:
                if self.api.get("/health/ready").status_code == 200:
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.05)
        raise AssertionError("the server did not become ready")

    def kill(self) -> None:
        """End all its processes at once, as a power cut would."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> int:
        """Ask it to end; its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=20)

    def send(self, events: Sequence[dict[str, Any]], path: str = "/v1/batch") -> httpx.Response:
        """Post Segment calls as one batch."""
        key = base64.b64encode(f"{self.key}:".encode()).decode()
        return httpx.post(
            self.url + path,
            json={"batch": list(events)}, headers={"Authorization": f"Basic {key}"}, timeout=30,
        )  # fmt: skip

    def get(self, path: str, **parameters: Any) -> Any:
        answer = self.api.get(path, params=parameters)
        answer.raise_for_status()
        return answer.json()

    def applied(self) -> dict[str, Any]:
        """The status once nothing waits any more."""
        end = time.monotonic() + 30
        while time.monotonic() < end:
            status = self.get("/api/status")
            if status["lag_seconds"] == 0:
                return dict(status)
            time.sleep(0.05)
        raise AssertionError("the pipeline does not catch up")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.api.close()
        if self.process.poll() is None:
            self.stop()


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
