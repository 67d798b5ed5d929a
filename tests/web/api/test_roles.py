"""Every endpoint, every role: who may not is told so, and nothing happens."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hotspring.privacy import Role
from hotspring.settings import Settings
from tests.web.api.conftest import LOCAL, Api, opened

ORDER = ["viewer", "operator", "analyst", "admin"]
LEAST = {
    "GET /api/status": "viewer",
    "GET /api/temperature": "viewer",
    "GET /api/map": "viewer",
    "GET /api/traits": "operator",
    "GET /api/traits/{name}": "operator",
    "GET /api/tags": "operator",
    "POST /api/tags": "operator",
    "POST /api/tags/upload": "operator",
    "POST /api/tags/undo": "operator",
    "GET /api/tags/{id}": "operator",
    "PUT /api/tags/{id}": "operator",
    "DELETE /api/tags/{id}": "operator",
    "POST /api/tags/{id}/profiles": "operator",
    "GET /api/tags/{id}/members": "operator",
    "GET /api/tags/{id}/export": "analyst",
    "GET /api/profiles/{key}/tags": "operator",
    "POST /api/segments/preview": "operator",
    "GET /api/segments/vocabulary": "operator",
    "GET /api/segments": "operator",
    "POST /api/segments": "operator",
    "GET /api/segments/{id}": "operator",
    "PUT /api/segments/{id}": "operator",
    "DELETE /api/segments/{id}": "operator",
    "GET /api/segments/{id}/members": "operator",
    "POST /api/segments/upload": "operator",
    "POST /api/segments/{id}/snapshot": "operator",
    "GET /api/segments/{id}/history": "operator",
    "GET /api/segments/sizes": "operator",
    "GET /api/segments/{id}/changes": "operator",
    "GET /api/segments/{id}/export": "analyst",
    "GET /api/segments/{id}/portrait": "operator",
    "GET /api/segments/{id}/compare": "operator",
    "POST /api/segments/overlap": "operator",
    "GET /api/templates": "operator",
    "GET /api/templates/{id}": "operator",
    "POST /api/templates/{id}/preview": "operator",
    "POST /api/templates/{id}/apply": "operator",
    "POST /api/templates/{id}/remove": "operator",
    "GET /api/scores": "operator",
    "POST /api/scores": "operator",
    "POST /api/scores/preview": "operator",
    "GET /api/scores/{id}": "operator",
    "PUT /api/scores/{id}": "operator",
    "DELETE /api/scores/{id}": "operator",
    "GET /api/scores/{id}/distribution": "operator",
    "GET /api/scores/{id}/profiles/{key}": "operator",
    "GET /api/profiles/{key}/scores": "operator",
    "GET /api/tiers": "operator",
    "POST /api/tiers": "operator",
    "POST /api/tiers/preview": "operator",
    "GET /api/tiers/{id}": "operator",
    "PUT /api/tiers/{id}": "operator",
    "DELETE /api/tiers/{id}": "operator",
    "POST /api/tiers/{id}/refresh": "operator",
    "GET /api/tiers/{id}/standing": "operator",
    "GET /api/tiers/{id}/movement": "operator",
    "GET /api/tiers/{id}/export": "analyst",
    "GET /api/tiers/{id}/members": "operator",
    "GET /api/profiles/{key}/tiers": "operator",
    "GET /api/clusters": "operator",
    "POST /api/clusters": "operator",
    "GET /api/clusters/{id}": "operator",
    "PUT /api/clusters/{id}": "operator",
    "DELETE /api/clusters/{id}": "operator",
    "POST /api/clusters/{id}/refresh": "operator",
    "POST /api/clusters/{id}/cancel": "operator",
    "POST /api/clusters/{id}/tag": "operator",
    "GET /api/potential": "operator",
    "GET /api/potential/runs": "operator",
    "POST /api/potential/runs": "operator",
    "GET /api/potential/runs/{run_id}": "operator",
    "POST /api/potential/runs/{run_id}/cancel": "operator",
    "GET /api/export/potential": "analyst",
    "GET /api/groups": "operator",
    "POST /api/groups": "operator",
    "GET /api/groups/claims": "operator",
    "GET /api/groups/{id}": "operator",
    "PUT /api/groups/{id}": "operator",
    "DELETE /api/groups/{id}": "operator",
    "GET /api/groups/{id}/export": "analyst",
    "GET /api/groups/{id}/members": "operator",
    "GET /api/profiles/{key}/groups": "operator",
    "GET /api/analytics": "operator",
    "POST /api/analytics/{name}": "operator",
    "GET /api/analytics/runs/{run_id}": "operator",
    "POST /api/analytics/runs/{run_id}/cancel": "operator",
    "POST /api/analytics/{name}/sql": "operator",
    "POST /api/analytics/{name}/profiles": "operator",
    "POST /api/analytics/{name}/segment": "operator",
    "GET /api/costs": "operator",
    "POST /api/costs": "operator",
    "POST /api/costs/import": "operator",
    "GET /api/costs/lists": "operator",
    "DELETE /api/costs/lists/{id}": "operator",
    "POST /api/costs/lists/{id}/restore": "operator",
    "GET /api/costs/export": "operator",
    "DELETE /api/costs/{id}": "operator",
    "POST /api/costs/{id}/restore": "operator",
    "GET /api/links": "operator",
    "POST /api/links": "operator",
    "GET /api/links/{id}": "operator",
    "PUT /api/links/{id}": "operator",
    "DELETE /api/links/{id}": "operator",
    "GET /api/links/{id}/qr": "operator",
    "GET /api/reports": "operator",
    "POST /api/reports": "operator",
    "GET /api/reports/{id}": "operator",
    "PUT /api/reports/{id}": "operator",
    "DELETE /api/reports/{id}": "operator",
    "GET /api/dashboards": "operator",
    "POST /api/dashboards": "operator",
    "GET /api/dashboards/{id}": "operator",
    "PUT /api/dashboards/{id}": "operator",
    "DELETE /api/dashboards/{id}": "operator",
    "POST /api/dashboards/{id}/cards": "operator",
    "GET /api/rfm": "operator",
    "GET /api/rfm/members": "operator",
    "GET /api/profiles/{key}/persona": "operator",
    "GET /api/export/rfm": "analyst",
    "GET /api/concentration": "operator",
    "GET /api/lifecycle": "operator",
    "GET /api/lifecycle/history": "operator",
    "GET /api/lifecycle/frequency": "operator",
    "GET /api/lifecycle/pace": "operator",
    "PUT /api/lifecycle/pace": "operator",
    "POST /api/lifecycle/pace/undo": "operator",
    "POST /api/concentration": "operator",
    "GET /api/areas": "operator",
    "GET /api/districts": "operator",
    "POST /api/areas": "analyst",
    "PATCH /api/areas/{id}": "analyst",
    "DELETE /api/areas/{id}": "analyst",
    "POST /api/areas/{id}/restore": "analyst",
    "GET /api/outlets": "operator",
    "POST /api/outlets": "analyst",
    "POST /api/outlets/import": "analyst",
    "POST /api/outlets/delete": "analyst",
    "POST /api/outlets/restore": "analyst",
    "GET /api/outlets/analysis": "operator",
    "PATCH /api/outlets/{id}": "analyst",
    "DELETE /api/outlets/{id}": "analyst",
    "POST /api/outlets/{id}/restore": "analyst",
    "GET /api/map/days": "operator",
    "GET /api/map/stream": "operator",
    "GET /api/live": "operator",
    "GET /api/alerts": "operator",
    "POST /api/alerts/{id}/seen": "operator",
    "GET /api/live/stream": "operator",
    "GET /api/overview": "viewer",
    "GET /api/map/outlines": "viewer",
    "GET /api/map/outlines/{name}": "viewer",
    "GET /api/temperature/rules": "viewer",
    "GET /api/temperature/rules/versions": "viewer",
    "PUT /api/temperature/rules": "analyst",
    "GET /api/plan": "viewer",
    "PUT /api/plan": "analyst",
    "GET /api/plan/versions": "viewer",
    "GET /api/plan/versions/{version}": "viewer",
    "POST /api/plan/versions/{version}/restore": "analyst",
    "GET /api/plan/versions/{version}/diff": "viewer",
    "POST /api/plan/diff": "viewer",
    "GET /api/plan/breaches": "viewer",
    "GET /api/plan/learn": "analyst",
    "POST /api/plan/try": "analyst",
    "POST /api/plan/import": "analyst",
    "GET /api/temperature/rules/versions/{number}": "viewer",
    "GET /api/temperature/rules/versions/{number}/compare/{other}": "viewer",
    "POST /api/temperature/rules/versions/{number}/restore": "analyst",
    "GET /api/temperature/rules/currencies": "viewer",
    "GET /api/temperature/rules/events": "analyst",
    "POST /api/temperature/rules/test": "operator",
    "GET /api/temperature/rules/previews": "operator",
    "POST /api/temperature/rules/previews": "analyst",
    "GET /api/temperature/rules/previews/{preview_id}": "operator",
    "POST /api/temperature/rules/previews/{preview_id}/cancel": "analyst",
    "POST /api/temperature/rules/previews/{preview_id}/accept": "analyst",
    "GET /api/calibrations": "viewer",
    "POST /api/calibrations": "analyst",
    "GET /api/calibrations/{job_id}": "viewer",
    "GET /api/calibrations/{job_id}/report": "viewer",
    "POST /api/calibrations/{job_id}/cancel": "analyst",
    "POST /api/calibrations/{job_id}/accept": "analyst",
    "POST /api/rebuild": "admin",
    "GET /api/doctor": "admin",
    "GET /api/config": "admin",
    "GET /api/backups": "admin",
    "GET /api/backups/shelf": "admin",
    "POST /api/backups": "admin",
    "GET /api/backups/{job_id}": "admin",
    "POST /api/backups/{job_id}/cancel": "admin",
    "GET /api/announcements": "operator",
    "GET /api/profiles": "operator",
    "GET /api/profiles/{key}": "operator",
    "GET /api/profiles/{key}/timeline": "operator",
    "GET /api/profiles/{key}/temperature": "operator",
    "GET /api/profiles/{key}/contributions": "operator",
    "GET /api/profiles/{key}/merges": "operator",
    "GET /api/profiles/{key}/consent": "operator",
    "POST /api/profiles/{key}/merges/{merge_id}/undo": "analyst",
    "POST /api/commands/{command_id}/retract": "analyst",
    "GET /api/bots": "operator",
    "GET /api/bots/suspects": "operator",
    "POST /api/bots/suspects/flag": "analyst",
    "POST /api/bots/flag": "analyst",
    "POST /api/bots/unflag": "analyst",
    "GET /api/suggestions": "operator",
    "GET /api/suggestions/runs": "operator",
    "GET /api/suggestions/runs/{run_id}": "operator",
    "POST /api/suggestions/runs": "analyst",
    "POST /api/suggestions/runs/{run_id}/cancel": "analyst",
    "POST /api/suggestions/accept": "analyst",
    "POST /api/suggestions/{suggestion}/accept": "analyst",
    "POST /api/suggestions/{suggestion}/refuse": "analyst",
    "GET /api/export/suggestions": "analyst",
    "GET /api/quarantine": "analyst",
    "GET /api/events/live": "analyst",
    "GET /api/quarantine/export": "analyst",
    "POST /api/quarantine/replay": "analyst",
    "POST /api/quarantine/drop": "analyst",
    "GET /api/imports": "operator",
    "GET /api/imports/{job_id}": "operator",
    "POST /api/imports": "analyst",
    "POST /api/imports/files": "analyst",
    "POST /api/imports/files/{file_id}/look": "analyst",
    "POST /api/imports/files/{file_id}/run": "analyst",
    "DELETE /api/imports/files/{file_id}": "analyst",
    "POST /api/imports/{job_id}/cancel": "analyst",
    "GET /api/imports/{job_id}/rejects": "analyst",
    "POST /api/erasures/plan": "admin",
    "POST /api/erasures": "admin",
    "GET /api/erasures": "admin",
    "GET /api/erasures/{erasure_id}": "admin",
    "POST /api/readmissions": "admin",
    "GET /api/export/profiles": "analyst",
    "GET /api/export/deidentified": "analyst",
    "GET /api/export/owners": "analyst",
    "GET /api/profiles/{key}/export": "analyst",
    "GET /api/sources": "admin",
    "GET /api/sources/activity": "viewer",
    "POST /api/sources": "admin",
    "DELETE /api/sources/{name}": "admin",
    "GET /api/tokens": "admin",
    "POST /api/tokens": "admin",
    "DELETE /api/tokens/{name}": "admin",
    "GET /api/audit": "admin",
    "GET /api/export/audit": "admin",
    "GET /api/users": "admin",
    "POST /api/users": "admin",
    "PATCH /api/users/{name}": "admin",
    "POST /api/users/{name}/link": "admin",
    "DELETE /api/users/{name}": "admin",
}
OPEN = {
    "GET /health/live",
    "GET /health/ready",
    "GET /metrics",
    "POST /api/session",
    "POST /api/session/invitation",
    "POST /api/session/welcome",
    "DELETE /api/session",
}
OWN = {
    "GET /api/session",
    "PUT /api/session/password",
    "PUT /api/session/language",
    "POST /api/session/second-factor",
    "PUT /api/session/second-factor",
    "DELETE /api/session/second-factor",
    "GET /api/session/others",
    "DELETE /api/session/others",
    "DELETE /api/session/others/{session_id}",
}
"""For who is signed in, whatever the role; a token is nobody's own."""
FILLED = {
    "id": "a1",
    "key": "user_id:u/1",
    "merge_id": "m1",
    "command_id": "u_m1_1",
    "job_id": "i0",
    "erasure_id": "e_1",
    "number": "1",
    "other": "1",
    "preview_id": "r0",
    "run_id": "r0",
    "suggestion": "m_1",
    "name": "x",
    "version": "1",
    "session_id": "1",
    "file_id": "f0",
}


def filled(path: str) -> str:
    return re.sub(r"{(\w+)}", lambda match: FILLED[match[1]], path)


def test_the_matrix_names_every_endpoint(shared: Api) -> None:
    told = {
        f"{method.upper()} {path}"
        for path, item in shared.app.openapi()["paths"].items()
        for method in item
    }
    assert told == set(LEAST) | OPEN | OWN


@pytest.mark.parametrize("endpoint", LEAST)
def test_only_roles_from_the_least_one_on_may(shared: Api, endpoint: str) -> None:
    method, path = endpoint.split()
    for role in ORDER:
        allowed = ORDER.index(role) >= ORDER.index(LEAST[endpoint])
        answer = shared.send(method, filled(path), role)
        assert (answer.status_code == 403) is not allowed, (role, answer.text)
        assert answer.status_code != 401
        if not allowed:
            assert answer.headers["content-type"] == "application/problem+json"
            assert "may not" in answer.json()["detail"]


@pytest.mark.parametrize("endpoint", LEAST)
def test_nobody_gets_in_without_a_token(shared: Api, endpoint: str) -> None:
    method, path = endpoint.split()
    for token in (None, "", "hs_wrong", "wk_wrong"):
        answer = shared.send(method, filled(path), token)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"].startswith("Bearer")
        assert answer.json()["status"] == 401


@pytest.fixture(scope="module")
def browsers(shared: Api) -> dict[str, dict[str, str]]:
    """A browser for each role, in which a member of that role is signed in."""
    return {role: shared.welcome(f"m-{role}", role) for role in ORDER}


@pytest.mark.parametrize("endpoint", LEAST)
def test_a_session_opens_what_a_token_of_its_role_opens(
    shared: Api, browsers: dict[str, dict[str, str]], endpoint: str
) -> None:
    method, path = endpoint.split()
    for role in ORDER:
        allowed = ORDER.index(role) >= ORDER.index(LEAST[endpoint])
        answer = shared.send(method, filled(path), None, headers=browsers[role])
        assert (answer.status_code == 403) is not allowed, (role, answer.text)
        assert answer.status_code != 401
        if not allowed:
            assert "may not" in answer.json()["detail"]


@pytest.mark.parametrize("endpoint", [*LEAST, *sorted(OWN)])
def test_what_changes_something_needs_the_word_of_the_session(
    shared: Api, browsers: dict[str, dict[str, str]], endpoint: str
) -> None:
    method, path = endpoint.split()
    if method == "GET":
        return
    cookie = {"Cookie": browsers["admin"]["Cookie"]}
    for word in ({}, {"X-CSRF-Token": browsers["viewer"]["X-CSRF-Token"]}, {"X-CSRF-Token": "é"}):
        told = [(name.encode(), text.encode()) for name, text in (cookie | word).items()]
        answer = shared.send(method, filled(path), None, headers=dict(told))
        assert answer.status_code == 403
        assert "X-CSRF-Token" in answer.json()["detail"]
    for page in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"},
                 {"Sec-Fetch-Site": "same-site"}, {"Origin": "null"}):  # fmt: skip
        answer = shared.send(method, filled(path), None, headers=browsers["admin"] | page)
        assert answer.status_code == 403
        assert "another site" in answer.json()["detail"]


@pytest.mark.parametrize("endpoint", sorted(OWN))
def test_ones_own_is_for_who_is_signed_in(shared: Api, endpoint: str) -> None:
    method, path = endpoint.split()
    for told in ({}, {"Authorization": f"Bearer {LOCAL}"}, {"Cookie": "hotspring_session=x"}):
        assert shared.send(method, filled(path), None, headers=told).status_code == 401


def test_the_roles_are_those_of_the_matrix() -> None:
    assert list(Role) == ORDER


@pytest.mark.parametrize("path", ["/health/live", "/health/ready"])
def test_health_asks_for_no_token(shared: Api, path: str) -> None:
    assert shared.get(path, None).status_code == 200


def test_a_write_key_reads_nothing(api: Api) -> None:
    key = api.post("/api/sources", json={"name": "web"}).json()["write_key"]
    assert api.get("/api/status", key).status_code == 401


def test_a_token_that_was_taken_back_or_ended_is_refused(api: Api) -> None:
    made = api.post("/api/tokens", json={"name": "short", "role": "viewer", "days": 1}).json()
    assert api.get("/api/status", made["token"]).status_code == 200
    api.now[0] += 86_400_000
    assert api.get("/api/status", made["token"]).status_code == 401
    assert api.send("DELETE", "/api/tokens/a-viewer").status_code == 204
    assert api.get("/api/status", "viewer").status_code == 401
    assert api.send("DELETE", "/api/tokens/a-viewer").status_code == 404


def test_the_owner_of_the_machine_is_an_admin_named_local(api: Api) -> None:
    assert api.get("/api/doctor", LOCAL).status_code == 200
    assert api.audit("token.created")[0]["actor"] == "local"
    assert api.post("/api/tokens", json={"name": "local", "role": "admin"}).status_code == 400


def test_metrics_are_open_to_this_machine_only(shared: Api) -> None:
    assert shared.get("/metrics", None).status_code == 200
    assert shared.get("/metrics", None, address="203.0.113.9").status_code == 401
    assert shared.get("/metrics", None, headers={"X-Real-IP": "203.0.113.9"}).status_code == 401
    assert shared.get("/metrics", None, headers={"Host": "shop.example"}).status_code == 401
    assert shared.get("/metrics", "viewer", address="203.0.113.9").status_code == 200
    assert shared.get("/metrics", None, headers={"Via": "1.1 proxy"}).status_code == 401
    assert shared.get("/metrics", "hs_wrong").status_code == 401


@pytest.mark.parametrize(("policy", "here", "elsewhere"), [("token", 401, 401), ("open", 200, 200)])
def test_who_reads_metrics_is_a_setting(
    tmp_path: Path, policy: str, here: int, elsewhere: int
) -> None:
    with opened(tmp_path, Settings(metrics=policy)) as api:
        assert api.get("/metrics", None).status_code == here
        assert api.get("/metrics", None, address="203.0.113.9").status_code == elsewhere
        assert api.get("/metrics", "viewer").status_code == 200
