"""The door to the analyses: what there is, answers and runs, files, and who is behind a number."""

from __future__ import annotations

from tests.web.api.conftest import Api

CELL = {"table": "steps", "column": "dropped", "step": 1}


def test_every_analysis_tells_its_parameters_in_both_languages(api: Api) -> None:
    told = api.get("/api/analytics").json()
    funnel = next(one for one in told["items"] if one["name"] == "funnel")
    assert funnel["words"]["title"] == {"en": "Funnel", "zh": "漏斗"}
    steps = funnel["parameters"]["$defs"]["Funnel"]["properties"]["steps"]
    assert (steps["format"], steps["x-zh"]["title"], steps["maxItems"]) == ("steps", "步骤", 12)
    assert "utm_source" in told["dimensions"]


def test_a_quick_answer_comes_at_once_and_a_slow_one_as_a_run(api: Api) -> None:
    found = api.post("/api/analytics/funnel", json={})
    assert (found.status_code, found.json()["figures"]["started"]) == (200, 9)
    slow = api.post("/api/analytics/funnel?wait=0", json={"slow": True})
    assert (slow.status_code, slow.json()["state"]) == (202, "running")
    run = api.get(f"/api/analytics/runs/{slow.json()['id']}").json()
    assert run["answer"]["from"] == "2026-01-01"
    assert api.post("/api/analytics/runs/r0/cancel").json()["state"] == "cancelled"
    assert api.get("/api/analytics/runs/other").status_code == 404
    assert api.post("/api/analytics/weather", json={}).status_code == 404


def test_faults_are_told_with_their_place(api: Api) -> None:
    refused = api.post("/api/analytics/funnel", json={"wrong": 1})
    assert refused.status_code == 422
    told = refused.json()
    assert told["code"] == "parameters_invalid"
    assert told["errors"] == [
        {"where": "/wrong", "code": "unknown_field", "detail": "there is no such"}
    ]


def test_a_table_is_taken_away_as_a_file(api: Api) -> None:
    csv = {"Accept": "text/csv"}
    found = api.post("/api/analytics/funnel", json={}, headers=csv)
    assert found.headers["content-type"].startswith("text/csv")
    assert found.text.removeprefix("\ufeff").splitlines() == ["step,event", "1,'=evil"]
    other = api.post("/api/analytics/funnel?table=other", json={}, headers=csv)
    assert other.status_code == 400


def test_who_is_behind_a_number_is_audited_and_may_become_a_segment(api: Api) -> None:
    asked = {"parameters": {}, "cell": CELL}
    found = api.post("/api/analytics/funnel/profiles", json=asked)
    assert len(found.json()["items"]) == 1
    (entry,) = api.audit("profile.searched")
    assert entry["detail"]["by"] == "analysis"
    kept = api.post("/api/analytics/funnel/segment", json={**asked, "name": "Dropped"})
    assert (kept.status_code, kept.json()["name"]) == (201, "Dropped")
    assert api.audit("segment.created")[0]["detail"]["name"] == "Dropped"
