"""Trade areas and outlets of an open pool."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hotspring.errors import BadRequest, NotFound
from hotspring.geo import Atlas
from hotspring.pool import Asked, rows_of
from tests.laws.folding import DAY, Folding
from tests.pool.test_heatmap import CROWD, SHARED, told

HANGZHOU = [[119.9, 30.0], [120.5, 30.0], [120.5, 30.5], [119.9, 30.5], [119.9, 30.0]]
BOX = {"type": "Polygon", "coordinates": [HANGZHOU]}
WEST = {
    "type": "Polygon",
    "coordinates": [[[120.1, 30.2], [120.16, 30.2], [120.16, 30.3], [120.1, 30.2]]],
}
HEYTEA = SHARED / "heytea_outlets" / "heytea_outlets.csv"
ABROAD = ("新加坡", "香港特别行政區")


@pytest.fixture
def pool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Folding]:
    now = 1_760_000_000_000
    for module in ("heatmap", "territory"):
        monkeypatch.setattr(f"hotspring.pool.{module}.clock", lambda: now)
    monkeypatch.setattr("hotspring.pool.past_maps.PATIENCE", 60.0)
    with Folding(tmp_path) as pool:
        pool.deliver([told(n, place, now - DAY) for n, place in enumerate(CROWD)])
        yield pool


def show(pool: Folding, **asked: Any) -> list[dict[str, Any]]:
    return pool.app.pool.heatmap.show(Asked(**asked), True)["areas"]


def test_areas_are_drawn_overlap_and_have_a_report(pool: Folding) -> None:
    territory = pool.app.pool.heatmap.territory
    feature = {"type": "Feature", "properties": {"name": "west"}, "geometry": WEST}
    both = {"type": "FeatureCollection", "features": [feature, {**feature, "geometry": BOX}]}
    territory.add_areas(both, "", "tests")
    territory.add_areas(BOX, "Hangzhou", "tests")
    found = {area["name"]: area for area in territory.areas()}
    assert found["Hangzhou"]["profiles"] == 13, "who is known by the city only is not counted"
    assert found["Hangzhou"]["hot"] + found["Hangzhou"]["cold"] <= 13
    shown = {row["name"]: row["profiles"] for row in show(pool, level="area")}
    assert shown["Hangzhou"] == 13


def test_the_level_of_areas_tells_its_totals_and_keeps_to_the_box(pool: Folding) -> None:
    pool.app.pool.heatmap.territory.add_areas(BOX, "Hangzhou", "tests")
    heatmap = pool.app.pool.heatmap
    whole = heatmap.show(Asked(level="area"), True)
    assert (whole["profiles"], whole["coarse"], whole["unlocated"]) == (13, 2, 4)
    assert heatmap.show(Asked(level="area", box=(120.0, 30.0, 121.0, 31.0)), True) == whole
    assert heatmap.show(Asked(level="area", box=(100.0, 30.0, 101.0, 31.0)), True)["areas"] == []


def test_of_many_features_those_that_cannot_be_used_are_told(pool: Folding) -> None:
    territory = pool.app.pool.heatmap.territory
    line = {"type": "LineString", "coordinates": HANGZHOU}
    bad = {"type": "Feature", "properties": {"name": "road"}, "geometry": line}
    told_ = territory.add_areas(
        {"type": "FeatureCollection", "features": [bad, BOX, None]}, "file", "tests"
    )
    assert [one["name"] for one in told_["items"]] == ["file 2"]
    assert [(one["feature"], one["name"]) for one in told_["refused"]] == [(1, "road"), (3, "")]
    assert "Polygon" in told_["refused"][0]["reason"]
    with pytest.raises(BadRequest, match="none of which"):
        territory.add_areas({"type": "FeatureCollection", "features": [bad, bad]}, "", "tests")
    assert len(territory.areas()) == 1


def test_an_area_drawn_on_a_map_of_china_is_moved(pool: Folding) -> None:
    territory = pool.app.pool.heatmap.territory
    territory.add_areas(BOX, "one", "tests", "gcj02")
    (area,) = territory.areas()
    (lon, lat), *_ = area["geometry"]["coordinates"][0]
    assert 0.001 < abs(lon - HANGZHOU[0][0]) < 0.01
    assert 0.001 < abs(lat - HANGZHOU[0][1]) < 0.01
    with pytest.raises(BadRequest, match="datum"):
        territory.add_areas(BOX, "one", "tests", "moon")


def test_an_area_tells_how_it_changed(pool: Folding) -> None:
    territory = pool.app.pool.heatmap.territory
    territory.add_areas(BOX, "Hangzhou", "tests")
    (row,) = show(pool, level="area", since=1_760_000_000_000 - DAY // 2)
    assert row["change"] == pytest.approx(0.0, abs=2.0)
    (row,) = show(pool, level="area", since=1_760_000_000_000 - 3 * DAY)
    assert row["change"] is None, "before their first event nobody was there"


def test_an_area_of_few_people_is_withheld(pool: Folding) -> None:
    ningbo = [[121.0, 29.5], [122.0, 29.5], [122.0, 30.2], [121.0, 30.2], [121.0, 29.5]]
    territory = pool.app.pool.heatmap.territory
    territory.add_areas({"type": "Polygon", "coordinates": [ningbo]}, "Ningbo", "tests")
    (area,) = territory.areas()
    assert (area["profiles"], area["mean"], area["withheld"]) == (None, None, True)
    assert show(pool, level="area") == []


def test_what_is_deleted_can_be_brought_back(pool: Folding) -> None:
    territory = pool.app.pool.heatmap.territory
    (made,) = territory.add_areas(BOX, "one", "tests")["items"]
    territory.change_area(made["id"], "two", None)
    territory.delete("area", made["id"])
    assert territory.areas() == []
    with pytest.raises(NotFound):
        territory.delete("area", made["id"])
    assert territory.restore("area", made["id"])["name"] == "two"
    with pytest.raises(NotFound):
        territory.restore("outlet", made["id"])


def test_a_wrong_list_is_taken_back_whole(pool: Folding) -> None:
    territory = pool.app.pool.heatmap.territory
    rows = [{"name": str(n), "lon": 120 + n / 100, "lat": 30} for n in range(4)]
    ids = [one["id"] for one in territory.add_outlets(rows, "wgs84", "tests")["added"]]
    assert territory.delete_outlets(ids[:3]) == 3
    assert [one["name"] for one in territory.outlets()] == ["3"]
    assert territory.delete_outlets(ids) == 1
    assert territory.restore_outlets([*ids, "none"]) == 4
    assert len(territory.outlets()) == 4


def test_outlets_tell_whom_they_serve(pool: Folding) -> None:
    territory = pool.app.pool.heatmap.territory
    rows = [
        {"name": "West Lake", "lon": 120.13, "lat": 30.26, "radius": 500},
        {"name": "Binjiang", "lon": 120.21, "lat": 30.21, "kind": "store", "capacity": 40},
        {"name": "bad", "lon": "east", "lat": 30},
        {"name": "", "lon": 120, "lat": 30},
    ]
    told_ = territory.add_outlets(rows, "wgs84", "tests")
    assert [(one["row"], one["code"]) for one in told_["refused"]] == [(3, "lon"), (4, "name")]
    again = territory.add_outlets(rows[:1], "wgs84", "tests")
    assert [one["code"] for one in again["refused"]] == ["repeated"]
    found = {one["name"]: one for one in territory.outlets()}
    assert found["West Lake"]["within"]["profiles"] == 7
    assert found["Binjiang"]["within"]["profiles"] == 6
    nearest = [one["nearest"]["profiles"] for one in found.values()]
    assert sum(nearest) == 7 + 6 + 3 + 5 + 8
    (row,) = show(pool, level="district", outlet=found["West Lake"]["id"])
    assert (row["name"], row["profiles"]) == ("西湖区", 7)
    with pytest.raises(BadRequest):
        show(pool, outlet="none")


def test_the_datum_of_a_list_is_converted(pool: Folding) -> None:
    territory = pool.app.pool.heatmap.territory
    territory.add_outlets([{"name": "a", "lon": 120.13, "lat": 30.26}], "gcj02", "tests")
    (outlet,) = territory.outlets()
    assert abs(outlet["lon"] - 120.13) > 0.001
    territory.change_outlet(outlet["id"], {"capacity": 7}, "wgs84")
    (again,) = territory.outlets()
    assert (again["lon"], again["capacity"]) == (outlet["lon"], 7.0)


def test_users_areas_and_outlets_make_quadrants(pool: Folding) -> None:
    territory = pool.app.pool.heatmap.territory
    territory.add_outlets([{"name": "a", "lon": 121.47, "lat": 31.23}], "wgs84", "tests")
    found = territory.analysis("province", "en")
    rows = {row["name"]: row for row in found["items"]}
    assert rows["Shanghai"]["outlets"] == 1
    assert rows["Shanghai"]["quadrant"].endswith("_served")
    assert rows["Brazil"]["quadrant"].endswith("_thin")
    compared = {name for name, row in rows.items() if row["compared"]}
    assert compared == {"Zhejiang", "Shanghai"}
    own = [row for name, row in rows.items() if name in compared]
    people = sum(row["profiles"] for row in own)
    mean = sum(row["mean"] * row["profiles"] for row in own) / people
    assert found["lines"]["mean"] == pytest.approx(mean, abs=0.01)
    assert found["lines"]["service"] == pytest.approx(1_000 / people, abs=0.001)
    assert "cause" in found["caveat"]


def test_trade_areas_and_outlets_make_quadrants(pool: Folding) -> None:
    territory = pool.app.pool.heatmap.territory
    assert territory.analysis("area", "en")["items"] == [], "nobody drew one"
    around = {"west": (120.10, 120.16), "all": (120.0, 120.3), "sea": (122.4, 122.6)}
    for name, (west, east) in around.items():
        ring = [[west, 30.1], [east, 30.1], [east, 30.4], [west, 30.4], [west, 30.1]]
        territory.add_areas({"type": "Polygon", "coordinates": [ring]}, name, "tests")
    places = [(120.13, 30.26), (120.21, 30.21), (122.5, 30.2)]
    rows = [{"name": str(n), "lon": lon, "lat": lat} for n, (lon, lat) in enumerate(places)]
    territory.add_outlets(rows, "wgs84", "tests")
    found = territory.analysis("area", "en")
    told_ = {one["name"]: one for one in found["items"]}
    assert list(told_) == ["all", "west"], "most people first; where nobody is, nothing is told"
    assert (told_["west"]["outlets"], told_["all"]["outlets"]) == (1, 2)
    figures = {one["name"]: one for one in territory.areas()}
    for name, one in told_.items():
        assert (one["profiles"], one["mean"]) == (figures[name]["profiles"], figures[name]["mean"])
        assert one["compared"]
    people = sum(one["profiles"] for one in told_.values())
    assert found["lines"]["service"] == pytest.approx(3_000 / people, abs=0.001)


def test_lists_are_read_as_people_have_them() -> None:
    text = "门店名称,经度,纬度,服务半径\n\n西湖店,120.1,30.2,800\n\n"
    for body in (text.encode("gb18030"), text.encode("utf-8-sig")):
        columns, rows, lines, *_ = rows_of(body, "list.csv")
        assert rows == [{"name": "西湖店", "lon": "120.1", "lat": "30.2", "radius": "800"}]
        assert columns == {"name": "门店名称", "lon": "经度", "lat": "纬度", "radius": "服务半径"}
        assert lines == [3], "a blank row counts as a row of the file"
    with pytest.raises(BadRequest, match="lat"):
        rows_of(b"name,lon\na,1\n", "list.csv").require()
    with pytest.raises(BadRequest, match="workbook"):
        rows_of(b"not a workbook", "list.xlsx")


def test_columns_that_are_not_recognised_are_chosen_by_hand() -> None:
    body = "店铺,X,Y,,X,编号\n西湖店,120.1,30.2,直营,7,A1\n\n湖滨店,120.2,30.3\n".encode()
    told_ = rows_of(body, "list.csv")
    assert told_.headings == ["店铺", "X", "Y", "column 4", "column 5", "编号"]
    assert (told_.lacks, told_.rows, told_.lines) == (["name", "lon", "lat"], [], [])
    assert told_.sample == [
        ["西湖店", "120.1", "30.2", "直营", "7", "A1"], ["湖滨店", "120.2", "30.3", "", "", ""]
    ]  # fmt: skip
    with pytest.raises(BadRequest, match="lacks columns"):
        told_.require()
    chosen = {"name": "店铺", "lon": "X", "lat": "Y", "kind": "column 4", "own_id": ""}
    whole = rows_of(body, "list.csv", chosen)
    whole.require()
    first = {"name": "西湖店", "lon": "120.1", "lat": "30.2", "kind": "直营"}
    assert whole.rows == [first, {"name": "湖滨店", "lon": "120.2", "lat": "30.3"}]
    assert whole.lines == [2, 4]
    with pytest.raises(BadRequest, match="the list has no 'Z'; it has 店铺, X"):
        rows_of(body, "list.csv", {"lon": "Z"})
    with pytest.raises(BadRequest, match="no column is read as 'height'"):
        rows_of(body, "list.csv", {"height": "X"})


def test_what_is_chosen_for_one_field_is_not_guessed_for_another() -> None:
    body = b"store,name,lon,lat\nA1,Lake,1,2\n"
    assert rows_of(body, "list.csv").columns["name"] == "name"
    told_ = rows_of(body, "list.csv", {"own_id": "name"})
    assert (told_.columns["own_id"], told_.columns["name"]) == ("name", "store")


def test_an_outlet_is_known_by_its_own_id(pool: Folding) -> None:
    territory = pool.app.pool.heatmap.territory
    shop = {"name": "a", "lon": 121.47, "lat": 31.23, "own_id": " A1 "}
    territory.add_outlets([shop], "wgs84", "tests")
    told_ = territory.add_outlets(
        [{**shop, "name": "b", "lon": 121.0}, {**shop, "own_id": "A2"}, {**shop, "name": "c"}],
        "wgs84",
        "tests",
    )
    assert [one["code"] for one in told_["refused"]] == ["repeated"] * 3
    (kept,) = territory.outlets()
    assert kept["own_id"] == "A1"
    territory.change_outlet(kept["id"], {"own_id": "A2"}, "wgs84")
    assert [one["own_id"] for one in territory.outlets()] == ["A2"]


def test_the_shops_of_a_chain_land_in_their_own_cities(pool: Folding) -> None:
    if not HEYTEA.exists():
        pytest.skip("the folder of shared data is absent")
    territory = pool.app.pool.heatmap.territory
    _, rows, lines, *_ = rows_of(HEYTEA.read_bytes(), HEYTEA.name)
    tried = territory.add_outlets(rows, "gcj02", "tests", lines, try_only=True)
    assert (tried["added"], tried["usable"]) == ([], 484)
    assert {one["name"]: one["outlets"] for one in tried["cities"]}["深圳市"] == 87
    told_ = territory.add_outlets(rows, "gcj02", "tests")
    assert (len(told_["added"]), told_["refused"]) == (484, [])
    with HEYTEA.open(encoding="utf-8-sig") as file:
        cities = {row["name"].strip(): row["city"] for row in csv.DictReader(file)}
    atlas, right, mainland = Atlas(), 0, 0
    for outlet in territory.outlets():
        city = cities[outlet["name"]]
        if city in ABROAD:
            continue
        mainland += 1
        code = atlas.adcode_of(outlet["lon"], outlet["lat"])
        around = {atlas.name(one) for one in (code, *atlas.parents(code))}
        right += city in around
    assert right >= mainland - 2
    assert len(territory.analysis("city", "zh")["items"]) >= 2


def test_districts_are_named_by_the_digits_of_their_level(pool: Folding) -> None:
    names = pool.app.pool.heatmap.territory.districts()
    assert (names["44"], names["4403"], names["440305"]) == ("广东省", "深圳市", "南山区")
    assert {len(code) for code in names} == {2, 4, 6}
    assert all(code[:2] in names for code in names)
