"""Scores, tiers and groups, told from the outside: over HTTP and by the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.story.conftest import Server
from tests.story.test_segments import bought


def test_points_tiers_and_claims_are_kept_by_files_and_told_of_everybody(
    own_server: Server, tmp_path: Path
) -> None:
    server = own_server
    key = server.source("shop")
    for number, who in enumerate(("ling", "ling", "ming")):
        server.send(key, bought(who, f"m{number}"))
    server.person("user_id:ming")

    def file(name: str, body: Any) -> str:
        place = tmp_path / name
        place.write_text(json.dumps(body), "utf-8")
        return str(place)

    orders = {"of": {"behaviour": {"event": "Order Completed"}}}
    lines = file("lines.json", {"lines": [{"points": 5, "amount": orders}], "cap": 8})
    tried = server.command("score", "--file", lines)
    assert (tried["least"], tried["most"]) == (5, 8)
    score = server.command("score", "忠诚度", "--file", lines)
    explained = server.command("score", "忠诚度", "--profile", "user_id:ling")
    assert (explained["points"], explained["limited"]) == (8, -2)

    by_score = {"measure": {"of": {"score": {"id": score["id"]}}}}
    names = [{"name": "普通"}, {"name": "金卡"}]
    scheme = server.command(
        "tier", "等级", "--file",
        file("tiers.json", {"tiers": names, "metrics": [by_score], "cuts": [8], "grace": 7}),
    )  # fmt: skip
    standing = server.command("tier", "等级")["tiers"]
    assert [(one["name"], one["profiles"]) for one in standing] == [("普通", 1), ("金卡", 1)]
    (mine,) = server.command("tier", "--profile", "user_id:ming")["items"]
    assert (mine["tier"], mine["next"]["missing"]) == ("普通", 3)

    group = file("group.json", {"scheme": scheme["id"], "tiers": ["金卡"]})
    server.command("group", "贵宾", "--file", group, "--weight", "5")
    (claim,) = server.command("group")["items"]
    assert (claim["weight"], claim["profiles"], claim["claimed"]) == (5, 1, 1)
    assert server.command("group", "--profile", "user_id:ling")["claimed_by"] == claim["id"]
    used = server.api.delete(f"/api/scores/{score['id']}")
    assert used.status_code == 409
    assert "等级" in used.json()["detail"]
    for what, name in (("group", "贵宾"), ("tier", "等级"), ("score", "忠诚度")):
        server.command(what, name, "--delete")
    assert server.get("scores")["items"] == []
