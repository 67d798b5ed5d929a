"""Datums: exact both ways, the same for one point and many, untouched outside China."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspring.errors import SettingsError
from hotspring.geo import DATUMS, from_wgs84, to_wgs84

LONS = st.floats(73.0, 137.0)
LATS = st.floats(2.0, 55.0)
SHIFTED = st.sampled_from([datum for datum in DATUMS if datum != "wgs84"])


@settings(deadline=None)
@given(LONS, LATS, SHIFTED)
def test_there_and_back_is_the_same_point(lon: float, lat: float, datum: str) -> None:
    assert to_wgs84(*from_wgs84(lon, lat, datum), datum) == pytest.approx((lon, lat), abs=1e-9)
    assert from_wgs84(*to_wgs84(lon, lat, datum), datum) == pytest.approx((lon, lat), abs=1e-9)


@settings(deadline=None)
@given(st.lists(st.tuples(LONS, LATS), max_size=20), st.sampled_from(DATUMS))
def test_many_points_are_converted_as_one(points: list[tuple[float, float]], datum: str) -> None:
    lons, lats = np.array(points, np.float64).reshape(-1, 2).T
    for convert in (to_wgs84, from_wgs84):
        together = np.stack(convert(lons, lats, datum), axis=1)
        alone = [convert(lon, lat, datum) for lon, lat in points]
        assert np.array_equal(together, np.array(alone, np.float64).reshape(-1, 2))


@settings(deadline=None)
@given(st.floats(-180.0, 180.0), st.floats(-90.0, 90.0), st.sampled_from(DATUMS))
def test_outside_china_nothing_moves(lon: float, lat: float, datum: str) -> None:
    if 72.004 <= lon <= 137.8347 and 0.8293 <= lat <= 55.8271:
        lon -= 100.0
    assert to_wgs84(lon, lat, datum) == (lon, lat)
    assert from_wgs84(lon, lat, datum) == (lon, lat)


@settings(deadline=None)
@given(LONS, LATS, SHIFTED)
def test_the_shift_is_at_most_two_kilometres(lon: float, lat: float, datum: str) -> None:
    east, north = from_wgs84(lon, lat, datum)
    metres = 111_320 * math.hypot((east - lon) * math.cos(math.radians(lat)), north - lat)
    assert 0 < metres < 2_000


def test_the_published_example_is_met() -> None:
    """Figures of the README of coordtransform."""
    gcj = from_wgs84(116.404, 39.915, "gcj02")
    assert gcj == pytest.approx((116.41024449916938, 39.91640428150164), abs=1e-12)
    plain = to_wgs84(116.404, 39.915, "gcj02")
    assert from_wgs84(*plain, "bd09") == pytest.approx(
        (116.41036949371029, 39.92133699351021), abs=1e-9
    )


def test_wgs84_is_left_alone() -> None:
    assert to_wgs84(116.404, 39.915, "wgs84") == (116.404, 39.915)


def test_an_unknown_datum_is_named() -> None:
    with pytest.raises(SettingsError, match="'mars'"):
        to_wgs84(116.404, 39.915, "mars")
