"""The door to tags: what is kept, set on people, taken back, and written down of it."""

from __future__ import annotations

from tests.web.api.conftest import Api


def test_tags_are_kept_changed_and_deleted(api: Api) -> None:
    made = api.post("/api/tags", json={"name": " Our  friends ", "description": "of the house"})
    assert made.status_code == 201, made.text
    told = made.json()
    assert (told["name"], told["kind"], told["owner"]) == ("Our friends", "hand", "a-admin")
    place = f"/api/tags/{told['id']}"
    assert api.post("/api/tags", json={"name": "OUR FRIENDS"}).status_code == 409
    rule = {"band": {"any_of": []}}
    bad = api.post("/api/tags", json={"name": "x", "kind": "rule", "values": [{"rule": rule}]})
    assert bad.status_code == 422
    changed = api.send("PUT", place, json={"name": "Friends", "owner": "CRM"})
    assert (changed.json()["version"], changed.json()["owner"]) == (2, "CRM")
    assert [one["name"] for one in api.get("/api/tags").json()["items"]] == ["Friends"]
    assert api.get(place).json()["values"][0]["count"] == 1
    assert api.send("DELETE", place).status_code == 204
    assert api.get(place).status_code == 404
    actions = [api.audit(f"tag.{one}")[0]["detail"]["name"] for one in ("created", "deleted")]
    assert actions == ["Our friends", "Friends"]


def test_setting_a_tag_is_audited_and_can_be_taken_back(api: Api) -> None:
    id_ = api.post("/api/tags", json={"name": "VIP"}).json()["id"]
    found = api.post(f"/api/tags/{id_}/profiles", json={"profiles": ["user_id:u-1"]})
    assert found.json() == {"entry": 1, "found": 1, "unknown": []}
    two = {"profiles": ["user_id:u-1", "user_id:u-2?"], "on": False}
    assert api.post(f"/api/tags/{id_}/profiles", json=two).json()["unknown"] == ["user_id:u-2?"]
    one, many = sorted(api.audit("tag.set"), key=lambda entry: entry["subject"] == id_)
    assert "u-1" not in str(one)
    assert many["detail"]["found"] == 1
    assert api.post("/api/tags/undo", json={"entry": 1}).status_code == 204
    assert api.post("/api/tags/undo", json={"entry": 1}).status_code == 409
    assert api.post("/api/tags/undo", json={"entry": 9}).status_code == 404
    (told,) = api.get("/api/profiles/user_id:u-1/tags").json()["items"]
    assert (told["name"], told["kind"]) == ("VIP", "hand")
    assert len(api.audit("tag.undone")) == 1


def test_files_go_in_and_out(api: Api) -> None:
    told = api.post("/api/tags/upload?name=Level", content=b"u-1,gold\nu-2,silver\n").json()
    assert [one["value"] for one in told["values"]] == ["gold", "silver"]
    assert (told["found"], told["refusals"]) == (2, 1)
    place = f"/api/tags/{told['id']}"
    assert len(api.get(f"{place}/members?value=gold").json()["items"]) == 1
    head, line = api.get(f"{place}/export").text.splitlines()
    assert head.startswith("\ufeffid,temperature")
    assert head.endswith(",value")
    assert line.endswith(",gold")
    assert len(api.audit("tag.exported")) == 1


def test_traits_of_any_name_are_told(api: Api) -> None:
    assert [one["name"] for one in api.get("/api/traits").json()["items"]] == ["a/b"]
    assert api.get("/api/traits/a/b").json()["values"] == [{"value": "x", "count": 3}]
    assert api.get("/api/traits/c").status_code == 404
