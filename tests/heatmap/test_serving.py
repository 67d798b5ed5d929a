"""Drawn areas, catchments and quadrants."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspring.errors import BadRequest
from hotspring.heatmap import polygons, serving

SQUARE = [[0, 0], [4, 0], [4, 4], [0, 4], [0, 0]]
HOLE = [[1, 1], [1, 3], [3, 3], [3, 1], [1, 1]]


# Closer than a micron the other library, which measures the distances here, divides by zero.
DEGREES = st.integers(-9 * 10**11, 9 * 10**11).map(lambda n: n / 10**11)


@given(
    corners=st.lists(st.tuples(DEGREES, DEGREES), min_size=3, max_size=9),
    seed=st.integers(0, 99),
)
@settings(max_examples=40, deadline=None)
def test_a_point_is_inside_as_another_library_says(corners, seed: int) -> None:
    around = sorted(corners, key=lambda c: np.arctan2(c[1], c[0]))
    ring = [list(c) for c in [*around, around[0]]]
    shape = shapely.Polygon(ring)
    points = np.random.default_rng(seed).uniform(-10, 10, (200, 2))
    if not shape.is_valid or shape.area < 1e-6:
        return
    clear = shapely.distance(shape.boundary, shapely.points(points)) > 1e-9
    edges = polygons.edges_of({"type": "Polygon", "coordinates": [ring]})
    found = polygons.inside(edges, points[:, 0], points[:, 1])
    expected = shapely.contains_xy(shape, points[:, 0], points[:, 1])
    assert (found == expected)[clear].all()


def test_holes_and_several_parts_count() -> None:
    away = [[[9, 9], [10, 9], [10, 10], [9, 10], [9, 9]]]
    edges = polygons.edges_of({"type": "MultiPolygon", "coordinates": [[SQUARE, HOLE], away]})
    lon, lat = np.array([0.5, 2.0, 9.5, 7.0]), np.array([0.5, 2.0, 9.5, 7.0])
    assert polygons.inside(edges, lon, lat).tolist() == [True, False, True, False]


@pytest.mark.parametrize(
    ("geometry", "said"),
    [
        ({"type": "Point", "coordinates": [1, 2]}, "Polygon"),
        ("square", "Polygon"),
        ({"type": "Polygon"}, "cannot be read"),
        ({"type": "Polygon", "coordinates": []}, "four points"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [0, 0]]]}, "four points"),
        ({"type": "Polygon", "coordinates": [SQUARE[:-1]]}, "ends where"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [400, 0], [4, 4], [0, 0]]]}, "degrees"),
        ({"type": "Polygon", "coordinates": [[["a", 0], [4, 0], [4, 4], [0, 0]]]}, "read"),
    ],
)
def test_what_is_no_area_is_told(geometry, said: str) -> None:
    with pytest.raises(BadRequest, match=said):
        polygons.edges_of(geometry)


def test_the_catchment_is_the_nearest_and_what_is_in_reach() -> None:
    lon, lat = np.array([120.0, 120.2]), np.array([30.0, 30.0])
    cells = np.array([120.01, 120.09, 120.19, 121.0]), np.full(4, 30.0)
    found = serving.catchment(lon, lat, np.array([1_500.0, 12_000.0]), *cells)
    assert found.nearest.tolist() == [0, 0, 1, 1]
    assert [one.tolist() for one in found.within] == [[0], [1, 2]]
    empty = serving.catchment(np.empty(0), np.empty(0), np.empty(0), *cells)
    assert empty.nearest.tolist() == [-1] * 4


def test_quadrants_follow_from_the_numbers_beside_them() -> None:
    rows = [
        serving.Served(1_000, 60.0, 9, 0.0),
        serving.Served(1_000, 60.0, 0, 0.0),
        serving.Served(1_000, -10.0, 9, 0.0),
        serving.Served(1_000, -10.0, 0, 0.0),
    ]
    told, lines = serving.quadrants(rows)
    assert [one["quadrant"] for one in told] == list(serving.QUADRANTS)
    assert (lines["mean"], lines["service"]) == (25.0, 4.5)
    for one in told:
        because = one["because"]
        hot = because["mean"] >= because["mean_line"]
        served = because["service"] >= because["service_line"]
        assert one["quadrant"] == f"{'hot' if hot else 'cold'}_{'served' if served else 'thin'}"


COUNTRY = st.builds(
    serving.Served,
    st.integers(5, 10**7), st.floats(-40, 100), st.integers(0, 50), st.just(0.0), st.just(False),
)  # fmt: skip
CITY = st.builds(
    serving.Served,
    st.integers(5, 10**5),
    st.floats(-40, 100),
    st.integers(0, 50),
    st.just(0.0),
    st.just(True),
)


@given(st.lists(CITY, min_size=1, max_size=5), st.lists(COUNTRY, max_size=3))
def test_what_is_not_compared_moves_no_line(cities, countries) -> None:
    told, lines = serving.quadrants([*cities, *countries])
    alone, same = serving.quadrants(cities)
    assert lines == same
    assert told[: len(cities)] == alone
    assert [one["compared"] for one in told] == [True] * len(cities) + [False] * len(countries)


@given(st.lists(COUNTRY, min_size=1, max_size=5))
def test_where_nothing_else_is_there_countries_are_compared(countries) -> None:
    alike = [one._replace(compared=True) for one in countries]
    assert serving.quadrants(countries) == serving.quadrants(alike)


def test_without_outlets_nobody_is_served() -> None:
    told, _ = serving.quadrants([serving.Served(10, 60.0, 0, 0.0)])
    assert told[0]["quadrant"] == "hot_thin"
    assert serving.quadrants([])[0] == []
