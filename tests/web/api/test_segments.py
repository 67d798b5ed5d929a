"""The door to segments: previews, their faults, and what is written down of them."""

from __future__ import annotations

import io

import pyarrow.parquet as pq
import pytest
from python_calamine import CalamineWorkbook

from hotspring.web.api import books
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
    rule = {"or": [{"tag": {"id": "vip"}}, {"band": {"any_of": []}}, {"x": 1}]}
    found = api.post("/api/segments/preview", json={"rule": rule})
    assert found.status_code == 422
    told = {(one["where"], one["code"]) for one in found.json()["errors"]}
    assert told == {
        ("/or/0/tag/id", "unknown_name"),
        ("/or/1/band/any_of", "shape"),
        ("/or/2", "unknown_leaf"),
    }
    assert "/or/0/tag/id" in found.json()["detail"]


def test_the_vocabulary_is_told(api: Api) -> None:
    assert api.get("/api/segments/vocabulary").json()["traits"] == {"age": "number"}


def test_segments_are_kept_renamed_and_deleted_unless_they_are_used(api: Api) -> None:
    hot = {"band": {"any_of": ["hot"]}}
    made = api.post("/api/segments?lang=en", json={"name": " Hot  ones ", "rule": hot})
    assert made.status_code == 201
    told = made.json()
    assert (told["name"], told["sentence"], told["version"]) == ("Hot ones", "Is hot", 1)
    place = f"/api/segments/{told['id']}"
    again = api.post("/api/segments", json={"name": "HOT ONES", "rule": hot})
    assert again.status_code == 409
    user = {"not": {"segment": {"id": told["id"]}}}
    other = api.post("/api/segments?lang=en", json={"name": "Others", "rule": user}).json()
    assert other["sentence"] == "Not (is in the segment “Hot ones”)"
    renamed = api.send("PUT", place, json={"name": "The hot", "description": "so far", "rule": hot})
    assert renamed.json()["used_by"] == [{"kind": "segment", "id": other["id"], "name": "Others"}]
    found = api.get(f"/api/segments/{other['id']}?lang=en").json()
    assert found["sentence"] == "Not (is in the segment “The hot”)"
    circle = api.send(
        "PUT", place, json={"name": "The hot", "rule": {"segment": {"id": other["id"]}}}
    )
    assert circle.status_code == 422
    assert circle.json()["errors"][0]["where"] == "/segment/id"
    assert api.send("DELETE", place).status_code == 409
    assert api.send("DELETE", f"/api/segments/{other['id']}").status_code == 204
    assert api.send("DELETE", place).status_code == 204
    assert api.get(place).status_code == 404
    assert api.get("/api/segments").json() == {"items": []}
    assert [entry["detail"]["name"] for entry in api.audit("segment.deleted")] == [
        "The hot", "Others",
    ]  # fmt: skip


def test_segments_are_laid_over_each_other_and_compared_with_the_rest(api: Api) -> None:
    rules = [{"band": {"any_of": [band]}} for band in ("hot", "warm")]
    ids = [
        api.post("/api/segments", json={"name": f"n{n}", "rule": rule}).json()["id"]
        for n, rule in enumerate(rules)
    ]
    told = api.post("/api/segments/overlap", json={"ids": ids}).json()
    assert told["parts"] == [{"ids": ids, "count": 1}]
    assert api.post("/api/segments/overlap", json={"ids": ids[:1]}).status_code == 422
    assert api.post("/api/segments/overlap", json={"ids": [*ids, "sg_no"]}).status_code == 404
    told = api.get(f"/api/segments/{ids[0]}/compare").json()
    assert told["numbers"][0]["rest"] == {"count": 0, "mean": None, "median": None}
    assert told["shares"][0]["value"] == "hot"
    assert api.get("/api/segments/sg_no/compare").status_code == 404


def test_members_are_listed_and_exported_in_every_form(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = api.post("/api/segments", json={"name": "Hot", "rule": {"band": {"any_of": ["hot"]}}})
    place = f"/api/segments/{made.json()['id']}"
    told = api.get(f"{place}/members").json()
    assert (told["items"][0]["band"], told["next"]) == ("hot", None)
    assert api.audit("profile.searched")[0]["detail"]["by"] == "segment"
    lines = api.get(f"{place}/export").text.splitlines()
    assert len(lines) == 3
    sheet = CalamineWorkbook.from_filelike(
        io.BytesIO(api.get(f"{place}/export?format=xlsx").content)
    ).get_sheet_by_index(0)
    head, one, other = sheet.to_python()
    assert one == other
    row = dict(zip(head, one, strict=True))
    assert (row["temperature"], row["known"], row["identifiers"]) == (95.0, True, "user_id:=1+1")
    assert row["traits"] == '{"city":"杭州<&>\\u0001"}'
    table = pq.read_table(io.BytesIO(api.get(f"{place}/export?format=parquet").content))
    assert table.num_rows == 2
    assert table.column("temperature").to_pylist() == [95.0, 95.0]
    assert {entry["detail"]["format"] for entry in api.audit("segment.exported")} == {
        "csv", "xlsx", "parquet",
    }  # fmt: skip
    monkeypatch.setattr(books, "MOST_LINES", 2)
    assert api.get(f"{place}/export?format=xlsx").status_code == 400


def test_lists_are_sent_and_copied_and_their_log_is_read(api: Api) -> None:
    sent = api.post("/api/segments/upload?name=Friends", content=b"a\nb\n")
    assert sent.status_code == 201
    told = sent.json()
    assert (told["kind"], told["rule"], told["found"]) == ("static", None, 2)
    assert api.post("/api/segments/upload?name=friends", content=b"a").status_code == 409
    place = f"/api/segments/{told['id']}"
    copied = api.post(f"{place}/snapshot", json={"name": "Copy"})
    assert (copied.status_code, copied.json()["name"]) == (201, "Copy")
    assert api.audit("segment.created")[0]["detail"]["copy_of"] == told["id"]
    assert api.get(f"{place}/history").json()["items"][0]["entered"] == 1
    assert api.get(f"{place}/changes").json()["items"][0]["change"] == "entered"
    sizes = api.get("/api/segments/sizes?days=2").json()["items"]
    assert {"id": told["id"], "counts": [None, 1]} in sizes
    assert api.get("/api/segments/sizes?days=1").status_code == 422
    assert api.get("/api/segments/sg_none/history").status_code == 404
