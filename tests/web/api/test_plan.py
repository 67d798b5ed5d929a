"""The tracking plan over the API."""

from __future__ import annotations

from tests.web.api.conftest import Api


def test_a_plan_is_put_compared_and_restored(api: Api) -> None:
    plan = api.get("/api/plan").json()
    assert (plan["version"], plan["others"]) == (1, "allow")
    assert plan["events"]["Order Completed"]["mode"] == "strict"
    assert plan["events"]["Order Completed"]["schema"] == {"required": ["price"]}
    made = api.send("PUT", "/api/plan", "analyst", json=plan)
    assert (made.status_code, made.json()["version"], made.json()["by"]) == (200, 2, "a-analyst")
    again = api.post("/api/plan/versions/1/restore", "analyst").json()
    assert again["version"] == 3
    assert [one["version"] for one in api.get("/api/plan/versions").json()["items"]] == [3, 2, 1]
    assert api.get("/api/plan/versions/0").json()["events"] == {}
    assert api.get("/api/plan/versions/9").status_code == 404
    bad = api.send("PUT", "/api/plan", json={"event": {}})
    assert (bad.status_code, bad.json()["detail"]) == (422, "the plan cannot be read")
    told = api.post("/api/plan/diff", json=plan).json()
    assert (told["from"], told["changes"][0]["change"]) == (3, "changed")
    assert api.get("/api/plan/versions/1/diff?from=2").json()["from"] == 2
    assert [(e["subject"], e["actor"]) for e in api.audit("plan.changed")] == [
        ("3", "a-analyst"),
        ("2", "a-analyst"),
    ]


def test_breaches_of_the_plan_are_counted(api: Api) -> None:
    (row,) = api.get("/api/plan/breaches?since=2026-01-01", "viewer").json()["items"]
    assert (row["source"], row["events"], row["mode"]) == ("web", 3, "lenient")
    assert api.get("/api/plan/breaches?since=2026-04-01").json()["items"] == []
    assert api.get("/api/plan/breaches?since=soon").status_code == 400


def test_a_plan_is_learnt_tried_and_read_without_being_put_in_force(api: Api) -> None:
    told = api.get("/api/plan/learn?new=true&since=2026-01-01", "analyst").json()
    assert told["plan"]["events"] == {"A": {"schema": {}}}
    assert told["events"][0]["breaking"] == 2
    tried = api.post("/api/plan/try", "analyst", json={"events": {}}).json()
    assert tried["events"][0]["details"] == ["/a: bad"]
    assert "plan" in api.post("/api/plan/import", "analyst", json={"A": {}}).json()
    assert api.get("/api/plan").json()["version"] == 1
    assert api.get("/api/plan/learn?since=soon").status_code == 400
