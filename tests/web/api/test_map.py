"""The map over HTTP: who sees what, what is written down, how it travels."""

from __future__ import annotations

import pytest

from tests.geo.archive import MVT, archive, vector
from tests.web.api.conftest import LOCAL, Api


def test_a_viewer_asks_as_one_who_may_not_list_profiles(api: Api) -> None:
    for role, profiles in (("viewer", False), ("operator", True), ("admin", True)):
        answer = api.get("/api/map?level=city", role)
        assert answer.status_code == 200
        assert answer.json()["published"] is not profiles
    refused = api.get("/api/map?band=hot", "viewer")
    assert refused.status_code == 403
    assert "role" in refused.json()["detail"]


def test_what_is_asked_reaches_the_pool(api: Api) -> None:
    answer = api.get(
        "/api/map?level=cell&bbox=120,30,121,31&resolution=7&channel=app&trait=tier:gold"
        "&first_from=2026-01-01&precision=500&who=all&lang=en",
        "operator",
    )
    assert answer.status_code == 200
    asked, _ = api.pool.heatmap.asked[-1]
    assert asked.box == (120.0, 30.0, 121.0, 31.0)
    assert (asked.trait, asked.channel, asked.who) == (("tier", "gold"), "app", "all")
    assert asked.first_from == 1_767_196_800_000, "midnight in the zone of the pool"


def test_a_look_with_filters_is_written_down_once(api: Api) -> None:
    for _ in range(3):
        api.get("/api/map?level=city&trait=email:a@example.com", "operator")
    api.get("/api/map?level=city", "operator")
    (entry,) = api.audit("map.viewed")
    assert entry["actor"] == "a-operator"
    assert "example.com" not in str(entry)
    api.now[0] += 600_000
    api.get("/api/map?level=city&trait=email:a@example.com", "operator")
    assert len(api.audit("map.viewed")) == 2


def test_it_travels_compressed_and_is_not_sent_twice(api: Api) -> None:
    answer = api.get("/api/map", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    again = api.get(
        "/api/map", headers={"Accept-Encoding": "gzip", "If-None-Match": answer.headers["etag"]}
    )
    assert again.status_code == 304
    plain = api.get("/api/map", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.json() == answer.json()


@pytest.mark.parametrize("query", ["bbox=1,2,3", "bbox=a,b,c,d", "trait=x", "first_to=yesterday"])
def test_what_cannot_be_read_is_told(api: Api, query: str) -> None:
    assert api.get(f"/api/map?{query}", LOCAL).status_code == 400


def test_outlines_are_kept_for_ever_by_their_version(api: Api) -> None:
    listed = {one["name"]: one for one in api.get("/api/map/outlines", "viewer").json()["items"]}
    assert list(listed) == ["world", "province", "city", "district"]
    answer = api.get(listed["province"]["url"], "viewer", headers={"Accept-Encoding": "gzip"})
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-encoding"] == "gzip"
    assert len(answer.json()["objects"]["province"]["geometries"]) == 34
    plain = api.get("/api/map/outlines/province", headers={"Accept-Encoding": "identity"})
    assert plain.headers["cache-control"] == "private, no-cache"
    assert plain.json() == answer.json()
    tag = {"If-None-Match": plain.headers["etag"]}
    assert api.get("/api/map/outlines/province", headers=tag).status_code == 304
    assert api.get("/api/map/outlines/moon").status_code == 404


def test_tiles_of_a_deployer_are_read_by_ranges(api: Api) -> None:
    folder = api.folder / "outlines"
    folder.mkdir()
    (folder / "broken.pmtiles").write_bytes(b"PMTiles")
    whole = archive(vector("water", "湖"), MVT, attribution="City", vector_layers=[{"id": "water"}])
    (folder / "streets.pmtiles").write_bytes(whole)
    listed = api.get("/api/map/outlines", "viewer").json()["items"]
    assert [one["name"] for one in listed] == ["world", "province", "city", "district", "streets"]
    streets = listed[-1]
    assert (streets["format"], streets["own"], streets["attribution"]) == ("pmtiles", True, "City")
    assert streets["tiles"] == {
        "kind": "vector", "least_zoom": 0, "most_zoom": 0, "box": [-180, -85, 180, 85],
        "layers": ["water"],
    }  # fmt: skip
    ranged = {"Range": "bytes=0-6"}
    found = api.get(streets["url"], "viewer", headers=ranged)
    assert (found.status_code, found.content) == (206, b"PMTiles")
    assert found.headers["content-range"] == f"bytes 0-6/{len(whole)}"
    assert "private" in found.headers["cache-control"]
    assert api.get(streets["url"], None, headers=ranged).status_code == 401
    assert api.get("/api/map/outlines/broken").status_code == 404


def test_the_stream_begins_with_all_areas_and_ends_with_the_server(api: Api) -> None:
    answer = api.get("/api/map/stream?level=city", "operator")
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.text == 'retry: 2000\n\nevent: whole\ndata: {"areas":[]}\n\n'
    assert api.pool.heatmap.left == ["city"]


def test_who_reads_too_slowly_is_let_go(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hotspring.web.api.streaming.WAITING", 3)
    answer = api.get("/api/map/stream?level=cell&resolution=7", "operator")
    assert answer.text.count("event:") < 8
    assert api.pool.heatmap.left == ["cell"]


def test_a_list_of_outlets_is_read_in_its_datum(api: Api) -> None:
    body = b"name,lon,lat\nShop,120.1,30.2\n"
    answer = api.post("/api/outlets/import?datum=gcj02&name=a.csv", "analyst", content=body)
    assert answer.status_code == 201, answer.text
    assert api.pool.heatmap.asked[-1] == (
        [{"name": "Shop", "lon": "120.1", "lat": "30.2"}],
        "gcj02",
    )
    assert api.post("/api/outlets/import", "analyst", content=body).status_code == 422
    assert api.audit("map.added")[0]["subject"] == "outlet"


def test_a_list_is_tried_before_it_counts_and_taken_back_whole(api: Api) -> None:
    body = b"name,lon,lat\nShop,120.1,30.2\n"
    tried = api.post("/api/outlets/import?datum=gcj02&dry_run=true", "analyst", content=body)
    assert tried.json()["columns"] == {"name": "name", "lon": "lon", "lat": "lat"}
    assert not api.audit("map.added")
    strange = "店铺,X,Y\nShop,120.1,30.2\n".encode()
    path = "/api/outlets/import?datum=gcj02"
    tried = api.post(f"{path}&dry_run=true", "analyst", content=strange).json()
    assert (tried["lacks"], tried["headings"]) == (["name", "lon", "lat"], ["店铺", "X", "Y"])
    assert tried["sample"] == [["Shop", "120.1", "30.2"]]
    refused = api.post(path, "analyst", content=strange)
    assert (refused.status_code, refused.json()["code"]) == (400, "columns")
    chosen = f"{path}&map=name=店铺&map=lon=X&map=lat=Y"
    assert api.post(chosen, "analyst", content=strange).status_code == 201
    assert api.pool.heatmap.asked[-1][0] == [{"name": "Shop", "lon": "120.1", "lat": "30.2"}]
    assert api.post(f"{path}&map=lon", "analyst", content=strange).status_code == 400
    answer = api.post("/api/outlets/delete", "analyst", json={"ids": ["a", "b"]})
    assert answer.json() == {"changed": 2}
    assert api.post("/api/outlets/restore", "analyst", json={"ids": ["a"]}).json()["changed"] == 1
    assert api.audit("map.deleted")
    assert api.audit("map.restored")


def test_the_analysis_is_a_file_that_runs_nothing(api: Api) -> None:
    answer = api.get("/api/outlets/analysis?format=csv", "operator")
    assert answer.content.startswith(b"\xef\xbb\xbfid,name")
    assert ",'=杭州," in answer.text
    assert api.audit("map.exported")


def test_the_map_is_exported_as_a_file(api: Api) -> None:
    answer = api.get("/api/map?format=csv&level=city", "operator")
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.text.splitlines()[1].startswith("330100,杭州市,7,1,4,1,1,0,1,55.5")
    features = api.get("/api/map?format=geojson", "viewer").json()["features"]
    assert features[0]["properties"]["mean"] == 55.5
    assert len(api.audit("map.exported")) == 2
