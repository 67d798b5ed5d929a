"""The door to scores: kept, refused with places, explained, and what is written down of it."""

from __future__ import annotations

from tests.web.api.conftest import Api

LINE = {"points": 3, "rule": {"band": {"any_of": ["hot"]}}}


def test_scores_are_kept_changed_and_deleted_unless_they_are_used(api: Api) -> None:
    made = api.post("/api/scores?lang=en", json={"name": " Acti  vity ", "lines": [LINE]})
    assert made.status_code == 201
    told = made.json()
    assert (told["name"], told["version"], told["lines"][0]["points"]) == ("Acti vity", 1, 3)
    assert api.post("/api/scores", json={"name": "ACTI VITY", "lines": [LINE]}).status_code == 409
    place = f"/api/scores/{told['id']}"
    user = [{"points": 1, "amount": {"of": {"score": {"id": told["id"]}}}}]
    other = api.post("/api/scores", json={"name": "Other", "lines": user}).json()
    assert api.get(place).json()["used_by"] == [
        {"kind": "score", "id": other["id"], "name": "Other"}
    ]
    assert api.send("DELETE", place).status_code == 409
    changed = api.send("PUT", place, json={"name": "A", "floor": 0, "lines": [LINE, LINE]}).json()
    assert (changed["version"], changed["floor"], len(changed["lines"])) == (2, 0, 2)
    assert api.send("DELETE", f"/api/scores/{other['id']}").status_code == 204
    assert api.send("DELETE", place).status_code == 204
    assert api.get("/api/scores").json() == {"items": []}
    actions = ("score.created", "score.changed", "score.deleted")
    assert [len(api.audit(one)) for one in actions] == [2, 1, 2]


def test_faults_of_lines_are_told_with_their_places(api: Api) -> None:
    lines = [LINE, {"points": 0, "rule": {}}, {"points": 1, "amount": {"of": {"age": {}}}}]
    found = api.post("/api/scores/preview", json={"lines": lines})
    assert found.status_code == 422
    places = {one["where"] for one in found.json()["errors"]}
    assert places == {"/lines/1/points", "/lines/2/amount"}


def test_a_profile_is_explained_and_the_look_is_audited(api: Api) -> None:
    made = api.post("/api/scores", json={"name": "A", "lines": [LINE]}).json()
    tried = api.post("/api/scores/preview?parts=4", json={"lines": [LINE]}).json()
    assert [one["share"] for one in tried["cuts"]] == [0.25, 0.5, 0.75]
    told = api.get(f"/api/scores/{made['id']}/profiles/user_id:u/1").json()
    assert (told["points"], told["limited"]) == (3, 0)
    (mine,) = api.get("/api/profiles/user_id:u/1/scores").json()["items"]
    assert mine["id"] == made["id"]
    assert [one["detail"]["part"] for one in api.audit("profile.opened")] == ["scores", "score"]
