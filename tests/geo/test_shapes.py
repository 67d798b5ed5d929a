"""The outlines that a map draws: what is shipped fits together, what is put there goes first."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hotspring.errors import NotFound
from hotspring.geo import Areas, Atlas, cells, shapes

ATLAS = Atlas()
AREAS = Areas(ATLAS)
MOST = {"province": 60_000, "city": 250_000, "district": 750_000, "world": 30_000}


def document(name: str) -> dict[str, Any]:
    shape = shapes.Shapes(Path("none")).find(name)
    return json.loads(gzip.decompress(shapes.packed(shape)))


def ring(topology: dict[str, Any], arcs: list[int]) -> np.ndarray:
    step = topology["transform"]["scale"][0]
    lines = topology["arcs"]
    walked = [np.cumsum(lines[a if a >= 0 else ~a], axis=0)[:: 1 if a >= 0 else -1] for a in arcs]
    return np.concatenate(walked) * step


@pytest.mark.parametrize("name", Areas.LEVELS)
def test_every_area_of_china_is_drawn(name: str) -> None:
    topology = document(name)
    drawn = {one["id"]: one for one in topology["objects"][name]["geometries"]}
    assert set(drawn) == {id_ for id_ in AREAS.levels[name].ids if id_.isdigit()}
    for one in drawn.values():
        assert one["arcs"], one["properties"]["name"]
        assert one["properties"]["name_en"].isascii()


@pytest.mark.parametrize("name", Areas.LEVELS)
def test_rings_are_closed(name: str) -> None:
    topology = document(name)
    step = topology["transform"]["scale"][0]
    for one in topology["objects"][name]["geometries"][:40]:
        for polygon in one["arcs"]:
            for arcs in polygon:
                points = ring(topology, arcs)
                assert np.abs(points[0] - points[-1]).max() < step / 2


def test_the_dash_line_lies_in_the_south_china_sea() -> None:
    topology = document("province")
    strokes = topology["objects"]["dashes"]["arcs"]
    points = np.concatenate([ring(topology, arcs) for arcs in strokes])
    assert len(strokes) == 9
    assert (points >= (105, 3)).all()
    assert (points <= (126, 26)).all()


def test_the_land_of_the_world_goes_over_no_edge_of_the_map() -> None:
    found = document("world")
    scale, origin = found["transform"]["scale"], found["transform"]["translate"]
    for arc in found["arcs"]:
        line = np.cumsum(np.array(arc), axis=0) * scale + origin
        assert np.array_equal(line[0], line[-1])
        assert np.abs(line[:, 0]).max() <= 180.01
        # Only along the edge at the south pole does a side go from one end to the other.
        far = np.abs(np.diff(line[:, 0])) > 90
        assert (line[1:, 1][far] < -89).all()


def test_the_land_of_the_world_has_no_borders() -> None:
    assert list(document("world")["objects"]) == ["land"]


@pytest.mark.parametrize("name", MOST)
def test_they_travel_light(name: str) -> None:
    assert shapes.Shapes(Path("none")).find(name).size <= MOST[name]


def test_a_file_in_the_folder_goes_first_or_is_added(tmp_path: Path) -> None:
    (tmp_path / "province.geojson").write_text('{"type":"FeatureCollection","features":[]}')
    (tmp_path / "metro.geojson.gz").write_bytes(gzip.compress(b"{}"))
    (tmp_path / "streets.pmtiles").write_bytes(b"PMTiles")
    (tmp_path / "README.md").write_text("not drawn")
    found = {shape.name: shape for shape in shapes.Shapes(tmp_path).all()}
    assert list(found) == ["world", "province", "city", "district", "metro", "streets"]
    assert (found["province"].form, found["province"].own) == ("geojson", True)
    assert gzip.decompress(shapes.packed(found["province"])).startswith(b'{"type"')
    assert shapes.packed(found["metro"]) == (tmp_path / "metro.geojson.gz").read_bytes()
    before = found["province"].version
    (tmp_path / "province.geojson").write_text('{"type":"FeatureCollection","features":[1]}')
    assert shapes.Shapes(tmp_path).find("province").version != before


def test_what_is_not_there_is_told() -> None:
    with pytest.raises(NotFound, match="world, province, city, district"):
        shapes.Shapes(Path("none")).find("villages")


def test_cells_have_an_outline_around_their_middle() -> None:
    cell = cells.cells_of(np.array([120.15]), np.array([30.27]))
    (ring,) = cells.outlines(cells.names(cells.ancestors(cell, 7)))
    points = np.array(ring)
    assert len(points) == 7
    assert (points[0] == points[-1]).all()
    assert np.abs(points.mean(axis=0) - (120.15, 30.27)).max() < 0.03
    assert cells.outlines([]) == []
