"""The door to segments: previews, their faults, and what is written down of them."""

from __future__ import annotations

from tests.web.api.conftest import Api


def test_a_rule_is_previewed_and_the_search_is_audited(api: Api) -> None:
    rule = {"band": {"any_of": ["hot"]}}
    found = api.post("/api/segments/preview", json={"rule": rule})
    assert found.status_code == 200
    told = found.json()
    assert (told["count"], told["rule"]) == (1, rule)
    assert told["sentence"] == {"zh": "处于热", "en": "Is hot"}
    (entry,) = api.audit("profile.searched")
    assert entry["detail"]["by"] == "rule"
    assert "hot" not in entry["subject"]


def test_a_bad_rule_is_refused_with_all_its_places(api: Api) -> None:
    rule = {"or": [{"tag": {"name": "vip"}}, {"band": {"any_of": []}}, {"x": 1}]}
    found = api.post("/api/segments/preview", json={"rule": rule})
    assert found.status_code == 422
    told = {(one["where"], one["code"]) for one in found.json()["errors"]}
    assert told == {
        ("/or/0/tag/name", "unknown_name"),
        ("/or/1/band/any_of", "shape"),
        ("/or/2", "unknown_leaf"),
    }
    assert "/or/0/tag/name" in found.json()["detail"]


def test_the_vocabulary_is_told(api: Api) -> None:
    assert api.get("/api/segments/vocabulary").json()["traits"] == {"age": "number"}
