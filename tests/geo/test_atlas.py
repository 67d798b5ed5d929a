"""Where an event happened: what decides, what is refused, and how exactly it is known."""

from __future__ import annotations

import csv
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspring.errors import SettingsError
from hotspring.event import Place
from hotspring.geo import Atlas, from_wgs84, to_wgs84

HEYTEA = Path(__file__).parents[3] / "shared" / "data" / "heytea_outlets" / "heytea_outlets.csv"
ABROAD = ("新加坡", "香港特别行政區")
"""Outside the mainland, where the datum of the list is not known."""
TIANANMEN = {"longitude": 116.3974, "latitude": 39.9093}
ATLAS = Atlas()

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)
LOCATION = st.dictionaries(
    st.sampled_from(["latitude", "longitude", "accuracy", "adcode", "city", "region", "province"]),
    JSON,
)


def test_nothing_given_is_no_place() -> None:
    assert ATLAS.locate() is None
    assert ATLAS.locate({}, "", "", "", "", "wgs84") is None


def test_coordinates_come_first() -> None:
    place = ATLAS.locate(TIANANMEN, "310101", "杭州", "浙江", "1.2.3.4")
    assert place == Place(116.3974, 39.9093, "gps", 50.0, 110101)


@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
def test_the_datum_of_the_source_is_converted(datum: str) -> None:
    lon, lat = from_wgs84(116.3974, 39.9093, datum)
    place = ATLAS.locate({"longitude": lon, "latitude": lat}, datum=datum)
    assert place is not None
    assert (place.lon, place.lat) == pytest.approx((116.3974, 39.9093), abs=1e-9)


def test_an_unknown_datum_is_named() -> None:
    with pytest.raises(SettingsError, match="datum 'wgs'"):
        ATLAS.locate(TIANANMEN, datum="wgs")


def test_numbers_may_be_text_and_accuracy_is_kept() -> None:
    place = ATLAS.locate({"longitude": " 116.3974", "latitude": "39.9093", "accuracy": "12.5"})
    assert place == Place(116.3974, 39.9093, "gps", 12.5, 110101)


@pytest.mark.parametrize("accuracy", [None, "", "far", -3, 0, math.nan, math.inf, 1e300, [5], True])
def test_an_accuracy_that_says_nothing_is_replaced(accuracy: Any) -> None:
    place = ATLAS.locate({**TIANANMEN, "accuracy": accuracy})
    assert place is not None
    assert place.precision == 50.0


def test_a_place_abroad_has_no_district() -> None:
    place = ATLAS.locate({"longitude": -0.1276, "latitude": 51.5072})
    assert place == Place(-0.1276, 51.5072, "gps", 50.0, 0)


@pytest.mark.parametrize(
    ("lon", "lat"),
    [(0, 0), (math.nan, 39), (116, math.nan), (math.inf, 1), (181, 1), (1, -91), (None, 39),
     ("", ""), (True, 39), ([116], 39), ({}, 39), ("x", "y"), (10**400, 1)],
)  # fmt: skip
def test_impossible_coordinates_are_absent(lon: Any, lat: Any) -> None:
    location = {"longitude": lon, "latitude": lat}
    assert ATLAS.locate(location) is None
    place = ATLAS.locate(location, city="杭州")
    assert place is not None
    assert (place.origin, place.adcode) == ("city", 330100)


def test_an_adcode_goes_before_names() -> None:
    place = ATLAS.locate(None, "330106", "北京", "北京")
    assert place is not None
    assert (place.origin, place.adcode) == ("adcode", 330106)
    assert ATLAS.adcode_of(place.lon, place.lat) == 330106
    assert 5_000 < place.precision < 40_000


@pytest.mark.parametrize(
    ("given_code", "code"),
    [
        (110101, 110101),
        ("110101", 110101),
        (" 110101 ", 110101),
        ("110101001", 110101),
        (110101001005, 110101),
        ("330103", 330100),
        ("110100", 110000),
        ("990101", None),
        ("", None),
        (0, None),
        (True, None),
        (11, None),
        (-110101, None),
        (110101.0, None),
        ("11010", None),
        ("1101011", None),
        ("110101x", None),
        ("１１０１０１", None),
        pytest.param(10**5000, None, id="huge"),
        (["110101"], None),
    ],
)
def test_adcodes_as_clients_write_them(given_code: Any, code: int | None) -> None:
    place = ATLAS.locate(adcode=given_code)
    assert (place and place.adcode) == code


def test_a_location_may_bring_codes_and_names() -> None:
    by_code = ATLAS.locate({"adcode": "330106", "city": "北京"})
    by_name = ATLAS.locate({"city": "朝阳区", "region": "北京市", "country": "中国"})
    assert by_code is not None
    assert by_name is not None
    assert (by_code.adcode, by_name.adcode) == (330106, 110105)


def test_the_precision_reaches_the_whole_area() -> None:
    """Points of a city lie within its precision; a district is known more exactly."""
    city, district = ATLAS.locate(city="杭州"), ATLAS.locate(adcode=330106)
    assert city is not None
    assert district is not None
    random = np.random.default_rng(3)
    lons, lats = random.uniform(118, 121, 20_000), random.uniform(29, 31, 20_000)
    inside = ATLAS.adcodes_of(lons, lats) // 100 == 3301
    east = (lons - city.lon) * np.cos(np.radians(lats))
    metres = 111_195 * np.hypot(east, lats - city.lat)[inside]
    assert inside.sum() > 500
    assert 0.8 * city.precision < metres.max() <= city.precision * 1.001
    assert district.precision < city.precision


def test_relations_of_areas() -> None:
    assert ATLAS.parents(330106) == (330100, 330000)
    assert ATLAS.parents(330100) == (330000,)
    assert ATLAS.parents(110101) == (110000,)
    assert ATLAS.parents(441900) == (440000,)
    assert ATLAS.parents(429004) == (420000,)
    assert ATLAS.parents(820000) == ATLAS.parents(330000) == ATLAS.parents(999999) == ()
    assert [ATLAS.name(code) for code in (330106, 330100, 330000, 999999)] == [
        "西湖区",
        "杭州市",
        "浙江省",
        "",
    ]
    assert ATLAS.centre(999999) is None


@settings(deadline=None)
@given(st.one_of(LOCATION, JSON), JSON, JSON, JSON, st.sampled_from(["wgs84", "gcj02", "bd09"]))
def test_whatever_clients_send_is_no_error(
    location: Any, adcode: Any, city: Any, province: Any, datum: str
) -> None:
    place = ATLAS.locate(location, adcode, city, province, None, datum)
    if place is not None:
        assert -181 < place.lon < 181
        assert -91 < place.lat < 91
        assert place.precision > 0
        assert place.adcode >= 0


@pytest.mark.skipif(
    not HEYTEA.exists(), reason="the data set of shops is not beside the repository"
)
def test_shops_of_a_chain_lie_in_their_own_cities() -> None:
    """All but one of 478: an airport on the line between Beijing and Langfang."""
    with HEYTEA.open(encoding="utf-8") as file:
        shops = [row for row in csv.DictReader(file) if row["city"] not in ABROAD]
    lons = np.array([float(row["lon"]) for row in shops])
    lats = np.array([float(row["lat"]) for row in shops])
    found = ATLAS.adcodes_of(*to_wgs84(lons, lats, "gcj02")).tolist()
    cities = [{ATLAS.name(area) for area in (code, *ATLAS.parents(code))} for code in found]
    astray = [row["name"] for row, c in zip(shops, cities, strict=True) if row["city"] not in c]
    assert len(shops) == 478
    assert astray == ["北京大兴国际机场店"]


def test_a_town_abroad_is_found_by_its_name() -> None:
    for city, country in (("sao paulo", ""), ("São Paulo", "BR"), ("Sao-Paulo", "巴西")):
        place = ATLAS.locate(city=city, country=country)
        assert place is not None
        assert (round(place.lon), round(place.lat)) == (-47, -24)
        assert (place.origin, place.adcode) == ("city", 0)
    assert ATLAS.locate(city="sao paulo", country="FR") is None
    assert ATLAS.locate(city="no such town") is None
    assert ATLAS.locate(city="杭州", country="BR").adcode == 330100
