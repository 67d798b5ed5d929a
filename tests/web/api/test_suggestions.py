"""Suggested merges over HTTP: searched, listed, decided, audited."""

from __future__ import annotations

import csv
import io

from tests.web.api.conftest import Api


def test_a_search_is_a_job(api: Api) -> None:
    started = api.post("/api/suggestions/runs", params={"method": "rules"})
    assert started.status_code == 202
    assert api.post("/api/suggestions/runs", params={"method": "rules"}).status_code == 409
    run = started.json()["id"]
    assert api.get(f"/api/suggestions/runs/{run}").json()["state"] == "done"
    assert [one["id"] for one in api.get("/api/suggestions/runs").json()["items"]] == [run]
    assert api.post("/api/suggestions/runs", params={"method": "magic"}).status_code == 422
    assert api.get("/api/suggestions/runs/none").status_code == 404
    again = api.post("/api/suggestions/runs", params={"method": "rules"}).json()["id"]
    assert api.post(f"/api/suggestions/runs/{again}/cancel").json()["state"] == "cancelled"
    assert [e["subject"] for e in api.audit("suggestion.searched")] == [again, run]
    assert [e["subject"] for e in api.audit("suggestion.search_cancelled")] == [again]


def test_the_list_is_paged_and_decisions_are_audited(api: Api) -> None:
    first = api.get("/api/suggestions", "operator", params={"limit": 2}).json()
    rest = api.get("/api/suggestions", params={"limit": 2, "cursor": first["next"]}).json()
    assert [row["id"] for row in first["items"] + rest["items"]] == ["m_0", "m_1", "m_2"]
    assert rest["next"] is None
    assert len(api.get("/api/suggestions", params={"least": 0.8}).json()["items"]) == 2
    assert api.get("/api/suggestions", params={"status": "odd"}).status_code == 422
    joined = api.post("/api/suggestions/m_0/accept", "analyst").json()
    assert (joined["command"], joined["suggestion"]["status"]) == ("join_m_0", "joined")
    assert api.post("/api/suggestions/m_0/accept").status_code == 409
    assert api.post("/api/suggestions/m_1/refuse").status_code == 200
    assert api.post("/api/suggestions/none/refuse").status_code == 404
    assert [(e["actor"], e["subject"]) for e in api.audit("suggestion.accepted")] == [
        ("a-analyst", "m_0")
    ]
    assert [e["subject"] for e in api.audit("suggestion.refused")] == ["m_1"]


def test_accepting_by_score_counts_unless_told_otherwise(api: Api) -> None:
    path = "/api/suggestions/accept"
    assert api.post(path, params={"least": 0.75}).json() == {
        "least": 0.75, "count": 2, "dry_run": True, "joined": None,
    }  # fmt: skip
    assert api.audit("suggestion.accepted") == []
    done = api.post(path, params={"least": 0.75, "dry_run": "false"}).json()
    assert (done["count"], done["joined"]) == (2, 2)
    (told,) = api.audit("suggestion.accepted")
    assert told["detail"] == {"least": 0.75, "count": 2}
    assert api.post(path, params={"least": 0.2}).status_code == 422


def test_the_export_is_a_table(api: Api) -> None:
    text = api.get("/api/export/suggestions", "analyst").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["id"] for row in rows] == ["m_0", "m_1", "m_2"]
    assert rows[0]["evidence"] == "same phone number"
    assert (rows[0]["a"], rows[0]["b"]) == ("user_id:u0", "card:=c0")
    lines = api.get("/api/export/suggestions", params={"format": "jsonl"}).text.splitlines()
    assert len(lines) == 3
    assert len(api.audit("suggestion.exported")) == 2
