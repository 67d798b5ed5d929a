"""Killed at any moment under load, the pool holds every acknowledged event exactly once."""

from __future__ import annotations

import random
import threading
import time
from pathlib import Path
from typing import Any

import httpx
import pyarrow as pa
import pytest

from hotspring.app import App
from hotspring.event import EVENT_SCHEMA
from hotspring.temperature import history
from tests.story.conftest import PATIENCE, Server

NAMES = ("Order Completed", "Product Viewed", "Product Added", "Signed In", "Order Refunded")
SENDERS = 3


def test_four_kills_lose_nothing_and_count_nothing_twice(tmp_path: Path) -> None:
    kills(tmp_path / "pool", rounds=4, seed=1)


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_thirty_kills_lose_nothing_and_count_nothing_twice(tmp_path: Path) -> None:
    kills(tmp_path / "pool", rounds=30, seed=2)


def kills(folder: Path, rounds: int, seed: int) -> None:
    dice = random.Random(seed)
    sent: set[str] = set()
    acknowledged: set[str] = set()
    server = Server(folder)
    key = server.source("shop")
    for number in range(rounds):
        stop = threading.Event()
        senders = [
            threading.Thread(
                target=send, args=(server.url, key, stop, sent, acknowledged, (number, n))
            )
            for n in range(SENDERS)
        ]
        for sender in senders:
            sender.start()
        # At any moment of the load, but not before there is one.
        wanted = len(acknowledged) + 200
        while len(acknowledged) < wanted:
            time.sleep(0.01)
        time.sleep(dice.uniform(0, 1.5))
        server.kill()
        stop.set()
        for sender in senders:
            sender.join()
        server.start()
    server.stop()
    check(folder, sent, acknowledged)


def check(folder: Path, sent: set[str], acknowledged: set[str]) -> None:
    app = App(folder)
    try:
        app.start()
        app.catch_up()
        rows = app.pipeline.ask("SELECT * FROM events", [])
        events = pa.Table.from_batches((b.cast(EVENT_SCHEMA) for b in rows), schema=EVENT_SCHEMA)
        there = events.column("message_id").to_pylist()
        assert len(there) == len(set(there)), "an event counts twice"
        assert acknowledged <= set(there), "an acknowledged event is missing"
        assert set(there) <= sent
        _compare(app, events)
    finally:
        app.close()


def _compare(app: App, events: pa.Table) -> None:
    """Every energy equals the law evaluated over the profile's rows."""
    state, now = app.pipeline.state, int(time.time() * 1000)
    batch = events.combine_chunks().to_batches()[0]
    owners = state.who.profile_of(
        batch.column("origin_id").to_numpy(), batch.column("ms").to_numpy()
    )
    for slot in state.who.slots().tolist():
        mine = batch.filter(pa.array(owners == slot))
        exact = history.reading(mine, state.rules, app.settings.zone, now)
        parts = history.contributions(mine, state.rules, app.settings.zone, now)
        scale = sum(abs(part.energy) for part in parts)
        assert abs(state.heat.energy(now, [slot])[0] - exact.energy) <= 1e-9 * scale + 1e-300


def send(
    url: str,
    key: str,
    stop: threading.Event,
    sent: set[str],
    acknowledged: set[str],
    name: tuple[int, int],
) -> None:
    """Post batches until told to stop; what was not answered is sent again, as clients do."""
    dice, count = random.Random(str(name)), 0
    with httpx.Client(base_url=url, auth=(key, ""), timeout=PATIENCE, trust_env=False) as client:
        while not stop.is_set():
            batch = [_event(dice, f"{name[0]}-{name[1]}-{count + n}") for n in range(50)]
            count += len(batch)
            ids = {event["messageId"] for event in batch}
            sent |= ids
            for _ in range(2):
                try:
                    answer = client.post("/v1/batch", json={"batch": batch})
                except httpx.TransportError:
                    continue
                if answer.status_code == 200 and not answer.json()["rejected"]:
                    acknowledged |= ids
                    break


def _event(dice: random.Random, message_id: str) -> dict[str, Any]:
    person = dice.randrange(200)
    event: dict[str, Any] = {
        "type": "track",
        "event": dice.choice(NAMES),
        "messageId": message_id,
        "anonymousId": f"a{person}",
        "timestamp": f"2026-01-{dice.randrange(1, 28):02d}T10:00:00Z",
        "properties": {"total": dice.randrange(1, 500), "currency": "CNY"},
    }
    if dice.random() < 0.3:
        event["userId"] = f"u{person}"
    return event
