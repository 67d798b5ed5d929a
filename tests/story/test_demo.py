"""`hotspring demo`: a brand that comes to life through the real door, and goes on after a stop."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx

from tests.story.conftest import COMMAND, ENVIRONMENT, PATIENCE


@contextmanager
def demo(folder: Path) -> Iterator[httpx.Client]:
    with (folder.parent / "demo.log").open("ab") as log:
        process = subprocess.Popen(
            [*COMMAND, "demo", "--data", str(folder), "--port", "0", "--days", "2"],
            env=ENVIRONMENT,
            stdout=log,
            stderr=log,
        )
    try:
        told = _once(lambda: json.loads((folder / "run/server.json").read_text()))
        headers = {"authorization": f"Bearer {told['token']}"}
        with httpx.Client(
            base_url=told["url"], headers=headers, timeout=PATIENCE, trust_env=False
        ) as api:
            yield api
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0


def _once(ask: Any) -> Any:
    """What `ask` gives, as soon as it gives something."""
    end = time.monotonic() + 2 * PATIENCE
    while time.monotonic() < end:
        with suppress(OSError, ValueError):
            told = ask()
            if told:
                return told
        time.sleep(0.1)
    raise AssertionError("nothing came of it")


def test_the_demo_lives_and_goes_on_after_a_stop(tmp_path: Path) -> None:
    folder = tmp_path / "brand"

    def status(api: httpx.Client) -> Any:
        told = api.get("/api/status").json()
        return told if told["lag_seconds"] == 0 else None

    def caught_up() -> Any:
        return json.loads((folder / "demo.json").read_text())["sent_until_ms"] / 1000 > (
            time.time() - 30
        )

    with demo(folder) as api:
        _once(caught_up)
        before = _once(lambda: status(api))
        assert before["profiles"] > 4_000
        assert before["events"] > 6_000
        one = api.get("/api/profiles/user_id:sim-000001").json()
        assert one["traits"]["simulated"]["value"] is True
        assert one["traits"]["name"]["source"] == "simulated"
        shops = api.get("/api/outlets").json()["items"]
        assert len(shops) > 100
        rows = api.get("/api/outlets/analysis").json()["items"]
        assert len({one["quadrant"] for one in rows}) == 4, "each suggestion is seen somewhere"
        assert [source["name"] for source in api.get("/api/sources").json()["items"]] == [
            "simulated"
        ]
    assert (folder / "demo.json").stat().st_mode & 0o077 == 0
    header, *people = (folder / "demo-truth.jsonl").read_text("utf-8").splitlines()
    assert json.loads(header)["people"] == len(people)

    with demo(folder) as api:
        _once(caught_up)
        after = _once(lambda: status(api))
        assert after["events"] >= before["events"]
        assert after["profiles"] >= before["profiles"]
        assert after["events"] < before["events"] + 2_000
