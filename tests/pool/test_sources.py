"""How sources do: who sends, who fell silent, who never sent."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hotspring.event import Event, Refused
from tests.laws.folding import HOUR, NOW, Folding


def event(name: str) -> Event:
    return Event(name, "track", "Product Viewed", NOW, ("user_id:u1",), 1)


def refused(name: str) -> Refused:
    return Refused(0, name, "bad_timestamp", "", "{}")


def activity(pool: Folding, now: int) -> dict[str, dict[str, Any]]:
    return {row["name"]: row for row in pool.app.pool.sources.all(now)}


def add(pool: Folding, name: str) -> None:
    pool.app.operations.add_source(
        name=name, key_hash=name, key_prefix="wk_", public=False, datum="wgs84", project="",
        created_ms=NOW,
    )  # fmt: skip


def test_what_came_is_told_by_source_and_hour(tmp_path: Path) -> None:
    with Folding(tmp_path / "pool") as pool:
        for name in ("shop", "still", "new", "wrong"):
            add(pool, name)
        pool.deliver([event("a"), event("b")], "shop", NOW - 1)
        pool.deliver([event("c")], "shop", NOW - HOUR - 1)
        pool.deliver([event("d")], "shop", NOW - 24 * HOUR - 1)
        pool.refuse([refused("e")], "shop", NOW - 2)
        pool.deliver([event("f")], "still", NOW - 24 * HOUR)
        pool.refuse([refused("g")], "wrong", NOW - 2)
        pool.deliver([event("h")], "import", NOW)
        found = activity(pool, NOW)
    assert list(found) == ["new", "shop", "still", "wrong", "import"]
    states = {name: row["state"] for name, row in found.items()}
    assert states == {
        "new": "new", "shop": "healthy", "still": "silent", "wrong": "failing", "import": "closed",
    }  # fmt: skip
    shop = found["shop"]
    assert (shop["events"], shop["accepted_today"], shop["refused_today"]) == (4, 3, 1)
    assert shop["hours"] == [0] * 22 + [1, 2]
    assert found["still"]["hours"] == [1] + [0] * 23
    assert found["wrong"]["last_at"] is None


def test_a_receipt_of_the_future_counts_in_the_present_hour(tmp_path: Path) -> None:
    with Folding(tmp_path / "pool") as pool:
        pool.deliver([event("a")], "shop", NOW + 30 * HOUR)
        assert activity(pool, NOW)["shop"]["hours"][-1] == 1
