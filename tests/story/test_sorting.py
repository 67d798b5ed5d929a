"""Scores, tiers and groups, told from the outside: over HTTP and by the command line."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

from tests.story.conftest import Server


def signed(who: str, message: str) -> dict[str, Any]:
    when = dt.datetime.now(dt.UTC).isoformat()
    return {"type": "track", "event": "Guest Book Signed", "messageId": message, "userId": who,
            "timestamp": when}  # fmt: skip


def test_points_tiers_and_claims_are_kept_by_files_and_told_of_everybody(
    server: Server, tmp_path: Path
) -> None:
    key = server.source("guest-book")
    for number, who in enumerate(("ling-s", "ling-s", "ming-s")):
        server.send(key, signed(who, f"s{number}"))
    server.person("user_id:ming-s")

    def file(name: str, body: Any) -> str:
        place = tmp_path / name
        place.write_text(json.dumps(body), "utf-8")
        return str(place)

    signs = {"of": {"behaviour": {"event": "Guest Book Signed"}}}
    lines = file("lines.json", {"lines": [{"points": 5, "amount": signs}], "cap": 8})
    assert server.command("score", "--file", lines)["most"] == 8
    score = server.command("score", "忠诚度", "--file", lines)
    explained = server.command("score", "忠诚度", "--profile", "user_id:ling-s")
    assert (explained["points"], explained["limited"]) == (8, -2)

    by_score = {"measure": {"of": {"score": {"id": score["id"]}}}}
    names = [{"name": "普通"}, {"name": "金卡"}]
    said = {"tiers": names, "metrics": [by_score], "cuts": [8], "grace": 7}
    scheme = server.command("tier", "等级", "--file", file("tiers.json", said))
    standing = server.get(f"tiers/{scheme['id']}/standing")["tiers"]
    assert standing[1]["profiles"] == 1
    mine = server.get("profiles/user_id:ming-s/tiers")["items"][0]
    assert (mine["tier"], mine["next"]["missing"]) == ("普通", 3)

    group = file("group.json", {"scheme": scheme["id"], "tiers": ["金卡"]})
    kept = server.command("group", "贵宾", "--file", group, "--weight", "5")
    (claim,) = server.command("group")["items"]
    assert (claim["weight"], claim["profiles"], claim["claimed"]) == (5, 1, 1)
    assert server.get("profiles/user_id:ling-s/groups")["claimed_by"] == kept["id"]
    files = [tmp_path / "gold.csv", tmp_path / "guests.csv"]
    server.command("tier", "等级", "--tier", "金卡", "--out", str(files[0]))
    server.command("group", "贵宾", "--claimed", "--out", str(files[1]))
    assert ["user_id:ling-s" in one.read_text("utf-8") for one in files] == [True, True]
    used = server.api.delete(f"/api/scores/{score['id']}")
    assert used.status_code == 409
    assert "等级" in used.json()["detail"]
    places = (f"groups/{kept['id']}", f"tiers/{scheme['id']}", f"scores/{score['id']}")
    assert [server.api.delete(f"/api/{place}").status_code for place in places] == [204] * 3
