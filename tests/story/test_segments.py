"""Segments that stay current, told from the outside."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.story.conftest import Server


def bought(who: str, message: str) -> dict[str, Any]:
    when = dt.datetime.now(dt.UTC).isoformat()
    return {"type": "track", "event": "Order Completed", "messageId": message, "userId": who,
            "timestamp": when, "properties": {"total": 50, "currency": "CNY"}}  # fmt: skip


def entered(server: Server, place: str, count: int) -> list[str]:
    """Who entered, the newest first, as soon as so many did; each of them once."""
    found = server.until(f"{place}/changes", lambda told: len(told["items"]) >= count)["items"]
    assert {one["change"] for one in found} == {"entered"}
    people = [one["profile"] for one in found]
    assert len(people) == len(set(people)) == count
    return people


def test_who_buys_enters_at_once_and_only_once_though_the_server_is_killed(
    own_server: Server,
) -> None:
    server = own_server
    key = server.source("shop")
    server.send(key, bought("ling", "m1"))
    server.person("user_id:ling")
    rule = {"behaviour": {"event": "Order Completed", "window": {"from": {"ago": 30}}}}
    made = server.api.post("/api/segments", json={"name": "买过的人", "rule": rule})
    assert made.status_code == 201, made.text
    place = f"segments/{made.json()['id']}"
    server.until(place, lambda told: (told["count"], told["state"]) == (1, "current"))
    assert server.get(f"{place}/changes")["items"] == [], "nobody enters by being counted first"

    server.send(key, bought("ming", "m2"))
    server.until(place, lambda told: told["count"] == 2)
    ming = server.person("user_id:ming")["id"]
    assert entered(server, place, 1) == [ming]

    server.send(key, bought("hong", "m3"))
    server.kill()
    server.start()
    server.until(place, lambda told: (told["count"], told["state"]) == (3, "current"))
    hong = server.person("user_id:hong")["id"]
    assert entered(server, place, 2) == [hong, ming]
    assert {one["id"] for one in server.get(f"{place}/members")["items"]} >= {hong, ming}
    assert server.command("segment", "买过的人")["count"] == 3
