"""A journey map in an open pool: who is one person has one journey."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hotspring.event import Event
from tests.laws.folding import DAY, NOW, Folding
from tests.pool.test_analyses import ask, stop_clocks, table
from tests.pool.test_segments import event


@pytest.fixture
def pool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Folding]:
    stop_clocks(monkeypatch)
    with Folding(tmp_path) as found:
        yield found


def did(who: str, days: float, name: str, **more: Any) -> Event:
    return event(who, NOW - int(days * DAY), name, **more)


def reached(pool: Folding) -> list[int]:
    return [row["reached"] for row in table(ask(pool, "journey_map"), "stages")]


def test_a_journey_begins_on_a_device_and_ends_in_a_purchase(pool: Folding) -> None:
    assert ask(pool, "journey_map")["sentence"] == "nobody"
    pool.deliver([
        did("", 5, "Product Viewed", ids=("anonymous_id:b",)),
        did("bob", 3, "Order Completed", amount=80, currency="CNY"),
    ])  # fmt: skip
    assert reached(pool) == [2, 1, 0, 1, 0]
    # Late: the device turns out to be his.
    pool.deliver([
        did("bob", 6, "Signed In", type="identify", ids=("user_id:bob", "anonymous_id:b")),
    ])  # fmt: skip
    assert reached(pool) == [1, 1, 0, 1, 0]
    answer = ask(pool, "journey_map", touch="name")
    ways = {row["group"]: row["bought"] for row in table(answer, "touchpoints")}
    assert ways == {"Signed In": 1, "Product Viewed": 1, "Order Completed": 0}
