"""Quarantine over the API."""

from __future__ import annotations

import json

from tests.web.api.conftest import Api


def test_refused_events_are_mended_and_replayed(api: Api) -> None:
    fix = {"do": "time", "to": "received"}
    tried = api.post("/api/quarantine/replay", "analyst", json={"fixes": [fix]})
    assert (tried.status_code, tried.json()["dry_run"]) == (200, True)
    assert tried.json()["verdicts"] == {"refused": 2, "accepted": 1}
    assert len(api.get("/api/quarantine").json()["items"]) == 3
    body = {"fixes": [fix], "dry_run": False, "select": {"source": "web", "since": "2026-01-01"}}
    done = api.post("/api/quarantine/replay", "analyst", json=body).json()
    assert done["verdicts"]["accepted"] == 1
    assert api.pool.refusals.asked[-1]["since_ms"] == 1_767_196_800_000
    assert len(api.get("/api/quarantine").json()["items"]) == 2
    assert [e["id"] for e in api.get("/api/quarantine?status=replayed").json()["items"]] == ["2"]
    (line,) = api.audit("quarantine.replayed")
    assert line["detail"]["verdicts"] == {"accepted": 1, "refused": 2}
    assert (line["actor"], line["subject"]) == ("a-analyst", "web")
    assert line["detail"]["fixes"] == ["time"]
    bad = api.post("/api/quarantine/replay", json={"fixes": [{"do": "eval"}]})
    assert bad.status_code == 400


def test_refused_events_are_dropped_with_a_reason(api: Api) -> None:
    for body in ({"why": "x"}, {"select": {"source": "web"}}, {"select": {}, "why": ""}):
        assert api.post("/api/quarantine/drop", json=body).status_code == 422
    assert api.post("/api/quarantine/drop", json={"select": {}, "why": "x"}).status_code == 400
    body = {"select": {"ids": ["1", "3"]}, "why": "a test"}
    tried = api.post("/api/quarantine/drop", json={**body, "dry_run": True}).json()
    assert (tried["dropped"], api.audit("quarantine.dropped")) == (2, [])
    assert api.post("/api/quarantine/drop", json=body).json()["dropped"] == 2
    assert api.audit("quarantine.dropped")[0]["detail"] == {"ids": 2, "entries": 2}
    gone = api.post("/api/quarantine/drop", json={"select": {"ids": ["9"]}, "why": "a test"})
    assert gone.status_code == 404


def test_refused_events_are_exported(api: Api) -> None:
    lines = api.get("/api/quarantine/export?format=jsonl", "analyst").text.splitlines()
    assert [json.loads(line)["id"] for line in lines] == ["1", "2", "3"]
    sheet = api.get("/api/quarantine/export?status=any&source=web")
    assert sheet.text.startswith("\ufeffid,received_at,source,event")
    # No cell of a stranger runs as a formula.
    assert ",'=A," in sheet.text
    assert api.get("/api/quarantine/export?source=none").text.count("\n") == 1
    assert len(api.audit("quarantine.exported")) == 3
