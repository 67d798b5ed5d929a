"""The door to tiers and groups: kept, asked, refused with places, and written down."""

from __future__ import annotations

from typing import Any

from tests.web.api.conftest import Api

WARMTH: dict[str, Any] = {
    "name": "Warmth",
    "tiers": [{"name": "Cool"}, {"name": "Warm"}],
    "metrics": [{"measure": {"of": {"temperature": {}}}}],
    "cuts": [50],
}


def test_schemes_are_kept_asked_and_deleted(api: Api) -> None:
    made = api.post("/api/tiers", json=WARMTH)
    assert made.status_code == 201, made.text
    place = f"/api/tiers/{made.json()['id']}"
    assert api.get(place).json()["cuts"] == [50]
    assert api.get(f"{place}/standing").json()["tiers"][0]["profiles"] == 1
    moved = api.get(f"{place}/movement?from=2026-01-01").json()
    assert moved["moves"] == [{"from": None, "to": "Cool", "profiles": 1}]
    assert len(api.get(f"{place}/members?tier=Cool").json()["items"]) == 1
    assert api.get(f"{place}/members?tier=Tin").status_code == 400
    assert "user_id:u" in api.get(f"{place}/export?tier=Cool").text
    assert api.get(f"{place}/export?tier=Cool&format=xlsx").content.startswith(b"PK")
    assert api.get(f"{place}/export?tier=Tin").status_code == 400
    assert api.get(f"{place}/export").status_code == 422
    assert [one["detail"]["tier"] for one in api.audit("tiers.exported")] == ["Cool", "Cool"]
    (mine,) = api.get("/api/profiles/user_id:u/1/tiers").json()["items"]
    assert (mine["tier"], mine["next"]["missing"]) == ("Cool", 1)
    changed = api.send("PUT", place, json={**WARMTH, "grace": 30}).json()
    assert (changed["version"], changed["grace"]) == (2, 30)
    assert api.send("POST", f"{place}/refresh").status_code == 200
    assert api.send("DELETE", place).status_code == 204
    actions = ("tiers.created", "tiers.changed", "tiers.deleted")
    assert [len(api.audit(one)) for one in actions] == [1, 2, 1]


def test_faults_of_schemes_are_told_with_their_places(api: Api) -> None:
    found = api.post("/api/tiers/preview", json={**WARMTH, "cuts": [], "name": None})
    assert found.status_code == 422
    bad = {one: WARMTH[one] for one in ("tiers", "metrics")}
    found = api.post("/api/tiers/preview", json=bad)
    assert [one["where"] for one in found.json()["errors"]] == ["/cuts"]
    tried = api.post("/api/tiers/preview", json={**bad, "cuts": [5]}).json()
    assert [one["share"] for one in tried["tiers"]] == [1, 0]


def test_groups_are_kept_and_claim(api: Api) -> None:
    rule = {"band": {"any_of": ["hot"]}}
    made = api.post("/api/groups", json={"name": "Hot", "rule": rule, "weight": 3}).json()
    place = f"/api/groups/{made['id']}"
    assert api.get("/api/groups/claims").json()["items"][0]["claimed"] == 1
    assert api.get("/api/profiles/user_id:u/1/groups").json()["claimed_by"] == made["id"]
    assert len(api.get(f"{place}/members?claimed=true").json()["items"]) == 1
    assert "user_id:u" in api.get(f"{place}/export?claimed=true").text
    assert [one["detail"]["claimed"] for one in api.audit("group.exported")] == [True]
    assert api.send("PUT", place, json={"name": "Hot", "rule": rule}).json()["weight"] == 0
    assert api.post("/api/groups", json={"name": "None"}).status_code == 422
    assert api.send("DELETE", place).status_code == 204
    assert [len(api.audit(f"group.{one}")) for one in ("created", "changed", "deleted")] == [1] * 3
