"""The door to saved reports and dashboards: kept, refused, pinned, and what is written down."""

from __future__ import annotations

from typing import Any

from tests.web.api.conftest import Api

ASKED = {"analysis": "funnel", "parameters": {"days": 7}}
CARD = {"show": "figure", "name": "rate"}


def report(api: Api, name: str = "Checkout") -> dict[str, Any]:
    made = api.post("/api/reports", "operator", json={"name": name, **ASKED})
    assert made.status_code == 201, made.text
    told: dict[str, Any] = made.json()
    return told


def test_a_report_is_kept_renamed_and_deleted_unless_a_dashboard_shows_it(api: Api) -> None:
    made = report(api)
    assert (made["version"], made["parameters"], made["faults"]) == (1, {"days": 7}, [])
    place = f"/api/reports/{made['id']}"
    assert api.post("/api/reports", json={"name": "CHECKOUT", **ASKED}).status_code == 409
    assert (
        api.send("PUT", place, json={"name": "Basket", "version": 1, **ASKED}).json()["version"]
        == 2
    )
    cards = [{**CARD, "report": made["id"]}]
    board = api.post("/api/dashboards", json={"name": "Wall", "cards": cards}).json()
    assert api.get(place).json()["used_by"] == [
        {"kind": "dashboard", "id": board["id"], "name": "Wall"}
    ]
    refused = api.send("DELETE", place)
    assert refused.status_code == 409
    assert "'Wall'" in refused.json()["detail"]
    assert api.send("DELETE", f"/api/dashboards/{board['id']}").status_code == 204
    assert api.send("DELETE", place).status_code == 204
    assert api.get("/api/reports").json() == {"items": []}
    kinds = ("created", "changed", "deleted")
    assert [len(api.audit(f"report.{one}")) for one in kinds] == [1, 1, 1]
    assert [len(api.audit(f"dashboard.{one}")) for one in kinds] == [1, 0, 1]


def test_what_cannot_be_asked_is_not_saved(api: Api) -> None:
    wrong = {**ASKED, "parameters": {"wrong": 1}}
    refused = api.post("/api/reports", json={"name": "Wrong", **wrong})
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["where"] == "/wrong"
    nothing = {"name": "None", "analysis": "no_such", "parameters": {}}
    assert api.post("/api/reports", json=nothing).status_code == 404


def test_cards_are_pinned_moved_sized_and_given_a_target(api: Api) -> None:
    made = report(api)
    board = api.post("/api/dashboards", json={"name": "Wall"}).json()
    place = f"/api/dashboards/{board['id']}"
    card = {**CARD, "report": made["id"]}
    api.post(f"{place}/cards", json=card)
    told = api.post(f"{place}/cards", json={**card, "show": "table", "name": "steps"}).json()
    first, second = told["cards"]
    assert first["id"] != second["id"]
    assert (first["report_name"], first["width"], first["height"]) == ("Checkout", 2, 2)
    target = {"value": None, "change": 0.1, "less": False, "weeks": 0}
    cards = [{**second, "width": 4}, {**first, "target": target}]
    said = {"name": "Wall", "cards": cards, "minutes": 5, "version": told["version"]}
    moved = api.send("PUT", place, json=said).json()
    assert [one["id"] for one in moved["cards"]] == [second["id"], first["id"]]
    assert (moved["cards"][0]["width"], moved["cards"][1]["target"]) == (4, target)
    assert moved["minutes"] == 5
    wrong = (
        {"cards": [{**second, "target": target}]}, {"cards": [first, first]},
        {"cards": [{**first, "report": "rp_none"}]}, {"cards": [{**first, "width": 5}]},
    )  # fmt: skip
    said = {"name": "Wall", "version": moved["version"]}
    answers = [api.send("PUT", place, json={**said, **one}).status_code for one in wrong]
    assert answers == [400, 400, 404, 422]
    assert api.get(place).json()["version"] == moved["version"]


def test_what_somebody_pinned_meanwhile_is_not_lost_by_an_arrangement(api: Api) -> None:
    card = {**CARD, "report": report(api)["id"]}
    read = api.post("/api/dashboards", json={"name": "Wall", "cards": [card]}).json()
    place = f"/api/dashboards/{read['id']}"
    api.post(f"{place}/cards", json={**card, "show": "table", "name": "steps"})
    wide = [{**read["cards"][0], "width": 4}]
    said = {"name": "Wall", "cards": wide, "version": read["version"]}
    refused = api.send("PUT", place, json=said)
    assert (refused.status_code, refused.json()["code"]) == (409, "changed")
    assert "'Wall' was changed meanwhile by" in refused.json()["detail"]
    now = api.get(place).json()
    assert len(now["cards"]) == 2
    said = {**said, "cards": [*wide, now["cards"][1]], "version": now["version"]}
    assert [one["width"] for one in api.send("PUT", place, json=said).json()["cards"]] == [4, 2]
    # Nobody changes what they did not look at.
    del said["version"]
    assert api.send("PUT", place, json=said).status_code == 422


def test_somebody_takes_note_of_an_alert(api: Api) -> None:
    (one,) = api.get("/api/alerts", "operator").json()["items"]
    assert (one["figure"], one["seen_at"], one["dashboard_name"]) == ("rate", None, None)
    told = api.post("/api/alerts/1/seen", "operator").json()
    assert (told["seen_by"], len(api.audit("alert.seen"))) == ("a-operator", 1)
    assert api.post("/api/alerts/2/seen").status_code == 404
    assert api.get("/api/alerts", "viewer").status_code == 403
