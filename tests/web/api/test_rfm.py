"""The door to RFM: what is asked is read, and a file of customers is audited."""

from __future__ import annotations

from tests.web.api.conftest import Api


def test_what_is_asked_is_read(api: Api) -> None:
    found = api.get(
        "/api/rfm?orders=a,%20b,a&refunds=&days=0&at=2026-02-01&by=hand&high_days=30"
        "&high_orders=2&high_amount=99.5&recency=7,30,90,180&since=2026-01-01"
    )
    assert found.status_code == 200
    asked = api.pool.analytics.asked
    assert (asked["counted"]["orders"], asked["counted"]["refunds"]) == (["a", "b"], [])
    assert asked["counted"]["days"] is None
    assert asked["since"] < asked["counted"]["at"]
    assert asked["thresholds"]["recency"] == [7, 30, 90, 180]
    told = found.json()
    assert told["from"]
    assert told["moves"][0]["from"] == "none"
    assert [one["name"] for one in told["classes"] if one["customers"]] == ["important_value"]
    assert api.get("/api/rfm").status_code == 200
    assert api.pool.analytics.asked["counted"]["refunds"] is None
    assert api.get("/api/rfm?recency=7,x").status_code == 400
    assert api.get("/api/rfm?share=1").status_code == 422


def test_customers_are_taken_away_as_a_file(api: Api) -> None:
    found = api.get("/api/export/rfm")
    assert found.text.splitlines()[1].startswith("p_1,")
    (entry,) = api.audit("profile.exported")
    assert entry["detail"]["analysis"] == "rfm"


def test_concentration_is_asked_of_all_or_of_a_rule(api: Api) -> None:
    found = api.get("/api/concentration?days=30&everybody=true")
    assert found.json()["gini"] == 0.25
    assert api.pool.analytics.asked["everybody"] is True
    rule = {"band": {"any_of": ["hot"]}}
    assert api.post("/api/concentration?days=30", json={"rule": rule}).status_code == 200
    assert api.pool.analytics.asked["rule"] == rule
    (entry,) = api.audit("profile.searched")
    assert entry["detail"]["found"] == 9


def test_the_life_cycle_is_asked_for(api: Api) -> None:
    found = api.get("/api/lifecycle?by=visits&sleeping=40&back=30&orders=a")
    assert found.json()["stages"] == [{"name": "loyal", "profiles": 9, "share": 1.0}]
    asked, by, pace, back = api.pool.lifecycle.asked
    assert (asked["orders"], by, back) == (["a"], "visits", 30)
    assert pace == {"sleeping": 40}
    assert api.get("/api/lifecycle?sleeping=0").status_code == 422
