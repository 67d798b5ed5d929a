"""The door to costs: imported with a verdict for each row, taken back, exported."""

from __future__ import annotations

from tests.web.api.conftest import Api

LIST = "from,amount,utm_source,currency\n2026-01-31,10,red,\n2026-01-31,5,blue,USD\nx,1,red,\n"


def test_costs_are_imported_listed_and_taken_back(api: Api) -> None:
    place = "/api/costs/import?name=january.csv"
    tried = api.post(f"{place}&dry_run=true", "operator", content=LIST).json()
    assert (tried["usable"], tried["id"]) == (2, "")
    made = api.post(place, "operator", content=LIST)
    assert made.status_code == 201
    told = made.json()
    assert (told["usable"], told["amount"], told["currency"]) == (2, 45.0, "CNY")
    assert told["refused"] == [{"row": 4, "code": "day", "reason": "write a day as 2026-01-31"}]
    (one,) = api.get("/api/costs/lists", "operator").json()["items"]
    assert (one["rows"], one["amounts"]) == (2, {"CNY": 10.0, "USD": 5.0})
    items = api.get("/api/costs?limit=1", "operator").json()
    assert (len(items["items"]), items["items"][0]["from"]) == (1, "2026-01-31")
    assert items["next"]
    file = api.get("/api/costs/export?format=csv", "operator")
    assert file.text.count("2026-01-31,2026-01-31,,") == 2
    assert api.send("DELETE", f"/api/costs/lists/{one['id']}").json() == {"changed": 2}
    assert api.get("/api/costs", "operator").json()["items"] == []
    assert api.post(f"/api/costs/lists/{one['id']}/restore").json() == {"changed": 2}
    kinds = ("imported", "deleted", "restored", "exported")
    assert [len(api.audit(f"cost.{kind}")) for kind in kinds] == [1, 1, 1, 1]


def test_costs_are_written_by_hand(api: Api) -> None:
    one = {"from": "2026-01-01", "until": "2026-01-31", "amount": 310, "channel": "web"}
    told = api.post("/api/costs", json={"costs": [one, {**one, "amount": -1}]}).json()
    assert (told["usable"], told["id"]) == (1, "")
    assert told["refused"][0]["code"] == "amount"
    (kept,) = api.get("/api/costs").json()["items"]
    assert (kept["until"], kept["import_id"]) == ("2026-01-31", "")
    assert api.send("DELETE", f"/api/costs/{kept['id']}").status_code == 204
    assert api.send("DELETE", f"/api/costs/{kept['id']}").status_code == 404
    assert api.post(f"/api/costs/{kept['id']}/restore").json() == {"changed": 1}
    assert api.post("/api/costs/import?map=x", content=LIST).status_code == 400
