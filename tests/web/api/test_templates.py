"""The door to templates: tried, switched on and off, and what is written down of it."""

from __future__ import annotations

from tests.web.api.conftest import Api


def test_a_template_is_tried_switched_on_and_taken_off(api: Api) -> None:
    (told,) = api.get("/api/templates?lang=en").json()["items"]
    assert (told["id"], told["name"], told["on"]) == ("retail", "en", 0)
    place = f"/api/templates/{told['id']}"
    assert api.get(place).json()["items"][0]["count"] is None
    tried = api.post(f"{place}/preview", json={"names": {"order": "order_paid"}}).json()
    assert (tried["names"][0]["name"], tried["items"][0]["count"]) == ("order_paid", 3)
    done = api.post(f"{place}/apply", json={}).json()["items"]
    outcomes = {one["id"]: one["outcome"] for one in done}
    assert outcomes == {
        "buyers": "created", "taste": "created", "buying": "created", "visit": "proposed"
    }  # fmt: skip
    again = {"items": ["taste"], "replace": True}
    assert api.post(f"{place}/apply", json=again).json()["items"][0]["outcome"] == "replaced"
    gone = api.post(f"{place}/remove", json={"items": ["buying"]}).json()["items"]
    assert [one["outcome"] for one in gone] == ["deleted"]
    actions = {"segment.created": 1, "tag.created": 1, "score.created": 1, "tag.changed": 1,
               "score.deleted": 1, "rules.changed": 0}  # fmt: skip
    assert {one: len(api.audit(one)) for one in actions} == actions
    assert api.get("/api/templates/bakery").status_code == 404
    assert api.post(f"{place}/apply", json={"names": {"order": 7}}).status_code == 422


def test_who_may_not_change_rules_proposes_none(api: Api) -> None:
    items = {"items": ["visit", "taste"]}
    done = api.post("/api/templates/retail/apply", json=items, role="operator").json()["items"]
    assert [one["outcome"] for one in done] == ["not_allowed", "created"]
