"""Tags set from the outside, and a segment that names one, over a kill."""

from __future__ import annotations

from tests.story.conftest import Server
from tests.story.test_segments import bought


def test_who_is_tagged_enters_the_segment_and_stays_though_the_server_is_killed(
    own_server: Server,
) -> None:
    server = own_server
    key = server.source("shop")
    server.send(key, bought("ling", "m1"), bought("ming", "m2"))
    server.person("user_id:ming")
    made = server.command("tag", "save", "等级", "--values", "金,银", "--owner", "CRM")
    rule = {"tag": {"id": made["id"], "any_of": ["金"]}}
    kept = server.api.post("/api/segments", json={"name": "金卡", "rule": rule}).json()
    place = f"segments/{kept['id']}"
    server.until(place, lambda told: (told["count"], told["state"]) == (0, "current"))
    server.command("tag", "set", "等级", "user_id:ling", "user_id:ming", "--value", "银")
    gold = server.command("tag", "set", "等级", "user_id:ling", "--value", "金")
    server.until(place, lambda told: told["count"] == 1)
    server.kill()
    server.start()
    server.until(place, lambda told: (told["count"], told["state"]) == (1, "current"))
    (told,) = server.get("profiles/user_id:ling/tags")["items"]
    assert (told["name"], told["value"], told["by"]) == ("等级", "金", "local")
    server.command("tag", "undo", str(gold["entry"]))
    server.until(place, lambda told: told["count"] == 0)
    found = server.get(f"tags/{made['id']}")
    assert [(one["value"], one["count"]) for one in found["values"]] == [("金", 0), ("银", 2)]
