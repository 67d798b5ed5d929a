"""Who may not list profiles learns nothing of them by asking for counts: they ask no analysis."""

from __future__ import annotations

import httpx

from tests.story.conftest import PATIENCE, Server


def test_a_viewer_is_told_of_no_analysis_in_any_form(server: Server) -> None:
    made = server.api.post("/api/tokens", json={"name": "screen", "role": "viewer"})
    assert made.status_code == 201, made.text
    headers = {"authorization": f"Bearer {made.json()['token']}"}
    items = server.get("analytics")["items"]
    names = [item["name"] for item in items]
    # An operator asks each first, so that answers and runs are there to be had.
    runs = []
    for item in items:
        told = server.api.post(
            f"/api/analytics/{item['name']}", params={"wait": 0}, json=item["example"]
        )
        assert told.status_code in (200, 202), told.text
        runs += [told.json()["id"]] if told.status_code == 202 else []
    report = {"name": "orders", "analysis": "traffic", "parameters": {}}
    saved = server.api.post("/api/reports", json=report).json()["id"]
    card = {"report": saved, "show": "figure", "name": "visitors"}
    board = server.api.post("/api/dashboards", json={"name": "wall", "cards": [card]}).json()["id"]

    with httpx.Client(
        base_url=server.url, headers=headers, timeout=PATIENCE, trust_env=False
    ) as viewer:
        assert viewer.get("/api/overview").status_code == 200
        for path in (
            "analytics", "alerts", "reports", f"reports/{saved}", "dashboards",
            f"dashboards/{board}", "live", "rfm", "concentration", "lifecycle", "segments",
            "costs", "links", "export/owners", *(f"analytics/runs/{run}" for run in runs),
        ):  # fmt: skip
            assert viewer.get(f"/api/{path}").status_code == 403, path
        for item in items:
            asked = f"/api/analytics/{item['name']}"
            for accept in ("application/json", "text/csv"):
                told = viewer.post(asked, json=item["example"], headers={"accept": accept})
                assert told.status_code == 403, (asked, accept)
            behind = {"parameters": item["example"], "cell": {}}
            assert viewer.post(f"{asked}/sql", json=item["example"]).status_code == 403
            assert viewer.post(f"{asked}/profiles", json=behind).status_code == 403
            kept = {**behind, "name": "a list"}
            assert viewer.post(f"{asked}/segment", json=kept).status_code == 403
    assert len(names) == len(set(names)) > 5
