"""Cells and areas count everybody in them, however the counting goes about it."""

from __future__ import annotations

import collections

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspring.geo import cells
from hotspring.heatmap import Ground, frame, polygons, serving, view
from hotspring.whereabouts import Known

POINTS = st.lists(
    st.one_of(
        st.tuples(st.floats(-180, 180), st.floats(-90, 90)),
        st.tuples(st.floats(120.0, 120.3), st.floats(30.0, 30.3)),
        st.tuples(st.sampled_from([-180.0, 179.999, 0.0]), st.sampled_from([-89.9, 0.0, 89.9])),
    ),
    min_size=1,
    max_size=40,
)
BOXES = st.one_of(
    st.none(),
    st.tuples(st.floats(-180, 170), st.floats(-90, 80), st.floats(0.1, 10), st.floats(0.1, 10)),
    st.just((119.9, 29.9, 0.5, 0.5)),
)


def crowd(points: list[tuple[float, float]], ground: Ground) -> tuple[frame.Frame, Known]:
    lon, lat = np.array(points).T
    size = len(points)
    moment = frame.blank(size + 1)  # the last one has no place
    moment.state[:] = [slot % 5 for slot in range(size + 1)]
    moment.degrees[:] = [100 * slot for slot in range(size + 1)]
    moment.cell[:size] = ground.numbers(cells.cells_of(lon, lat))
    moment.zone[:size] = ground.zone[moment.cell[:size]]
    none = np.zeros(size + 1, np.int32)
    known = Known(
        none.astype(np.int64), none, none, none.astype(np.float32), none, none.astype(np.int8),
        none.astype(np.int64), none.astype(np.int16), none,
    )  # fmt: skip
    return moment, known


@given(points=POINTS, resolution=st.integers(0, 10), box=BOXES)
@settings(max_examples=80, deadline=None)
def test_a_cell_counts_everybody_in_it_and_a_box_shows_all_its_cells(
    points, resolution: int, box
) -> None:
    ground = Ground()
    moment, known = crowd(points, ground)
    lon, lat = np.array(points).T
    asked = None if box is None else (box[0], box[1], box[0] + box[2], box[1] + box[3])
    groups = view.cells_in(ground, resolution, asked)
    tally = view.counted(moment, known, groups, frame.Chosen())
    inside = np.ones(len(points), bool)
    if asked is not None:
        inside = (lon >= asked[0]) & (lon <= asked[2]) & (lat >= asked[1]) & (lat <= asked[3])
    ids = cells.names(cells.ancestors(cells.cells_of(lon, lat), groups.resolution))
    expected = collections.Counter(ids)
    warmth = collections.Counter[str]()
    for slot, id_ in enumerate(ids):
        warmth[id_] += 100 * slot
    found = dict(zip(cells.names(groups.ids), tally.profiles.tolist(), strict=True))
    assert {id_: expected[id_] for id_ in found} == found
    assert {id_ for id_, here in zip(ids, inside, strict=True) if here} <= set(found)
    assert dict(zip(found, tally.sums.tolist(), strict=True)) == {i: warmth[i] for i in found}
    assert (tally.unlocated, tally.outside) == (1, len(points) - sum(found.values()))
    assert groups.find(moment).tolist()[-1] == frame.NOWHERE
    assert np.bincount(
        groups.find(moment)[groups.find(moment) >= 0], minlength=len(found)
    ).tolist() == list(found.values())


@given(points=POINTS, marked=st.sets(st.integers(0, 39)))
@settings(max_examples=30, deadline=None)
def test_who_is_in_marked_cells(points, marked: set[int]) -> None:
    ground = Ground()
    moment, _ = crowd(points, ground)
    inside = np.array([cell in marked for cell in range(ground.count)])
    found = frame.within(moment, ground, inside)
    assert found.tolist() == [cell in marked for cell in moment.cell.tolist()]


@pytest.mark.parametrize("resolution", [2, 8])
def test_who_comes_while_it_is_counted_is_outside(resolution: int) -> None:
    """The frame is live: it may know cells that the groups do not."""
    ground = Ground()
    crowd([(120.1, 30.1)], ground)
    groups = view.cells_in(ground, resolution, None if resolution == 2 else (120, 30, 121, 31))
    moment, known = crowd([(120.1, 30.1), (-46.6, -23.5), (120.9, 30.9)], ground)
    tally = view.counted(moment, known, groups, frame.Chosen())
    assert (tally.profiles.tolist(), tally.outside, tally.unlocated) == ([1], 2, 1)
    marked = np.ones(1, bool)
    assert frame.within(moment, ground, marked).tolist() == [True, False, False, False]


SQUARES = st.lists(
    st.tuples(st.floats(119.9, 120.2), st.floats(29.9, 30.2), st.floats(0.02, 0.3)), max_size=4
)


def square(west: float, south: float, size: float) -> polygons.Floats:
    x, y = west + size, south + size
    ring = [[west, south], [x, south], [x, y], [west, y], [west, south]]
    return polygons.edges_of({"type": "Polygon", "coordinates": [ring]})


@given(points=POINTS, more=POINTS, squares=SQUARES)
@settings(max_examples=40, deadline=None)
def test_drawn_areas_count_everybody_in_them_overlapping_or_not(points, more, squares) -> None:
    edges = [square(*one) for one in squares]
    drawn, ground = polygons.Drawn(edges), Ground()
    for people in (points, points + more):  # who comes later may come to new cells
        moment, known = crowd(people, ground)
        groups = drawn.groups(ground, 255)
        tally = view.counted(moment, known, groups, frame.Chosen())
        counts, sums = drawn.add_up(tally)
        for area, sides in enumerate(edges):
            inside = polygons.inside(sides, ground.lon, ground.lat)
            here = np.flatnonzero(inside[moment.cell[:-1]])
            assert counts[area].sum() == len(here)
            assert sums[area] == moment.degrees[here].sum(dtype=np.int64)
        assert tally.unlocated == 1


@given(points=POINTS, lon=st.floats(-180, 180), lat=st.floats(-90, 90), reach=st.floats(10, 2e7))
@settings(max_examples=60, deadline=None)
def test_who_is_in_reach_of_one_outlet_is_in_its_catchment(points, lon, lat, reach) -> None:
    where = tuple(np.array(column, np.float32) for column in zip(*points, strict=True))
    caught = serving.catchment(*(np.array([one]) for one in (lon, lat, reach)), *where)
    found = serving.within(lon, lat, reach, *where)
    differ = np.setxor1d(np.flatnonzero(found), caught.within[0])
    # Rounding may part them on the very edge.
    for cell in differ:
        one = tuple(column[cell : cell + 1] for column in where)
        assert not serving.within(lon, lat, reach * 0.999999 - 0.01, *one)[0]
        assert serving.within(lon, lat, reach * 1.000001 + 0.01, *one)[0]
