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
from tests.geo.archive import MVT, PNG, archive, png, vector

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
    (tmp_path / "province.geojson").write_text(collection())
    (tmp_path / "metro.geojson.gz").write_bytes(gzip.compress(collection(name="Metro").encode()))
    words = {"name": "Streets", "attribution": '<a href="https://city.example">City &amp; Co</a>'}
    (tmp_path / "streets.pmtiles").write_bytes(archive(png(255, 0, 0), PNG, **words))
    (tmp_path / "README.md").write_text("not drawn")
    found = {shape.name: shape for shape in shapes.Shapes(tmp_path).all()}
    assert list(found) == ["world", "province", "city", "district", "metro", "streets"]
    assert (found["province"].form, found["province"].own) == ("geojson", True)
    assert gzip.decompress(shapes.packed(found["province"])).startswith(b'{"type"')
    assert shapes.packed(found["metro"]) == (tmp_path / "metro.geojson.gz").read_bytes()
    before = found["province"].version
    assert found["metro"].about.title == "Metro"
    streets = found["streets"].about
    assert (streets.title, streets.attribution) == ("Streets", "City & Co")
    assert streets.tiles == (
        "raster", 0, 0, (-180.0, -85.0, 180.0, 85.0), (), words["name"], words["attribution"]
    )  # fmt: skip
    (tmp_path / "province.geojson").write_text(collection(name="another"))
    assert shapes.Shapes(tmp_path).find("province").version != before


GOOD = archive(vector("water", "湖"), MVT, vector_layers=[{"id": "water"}])
WRONG = {
    "a.pmtiles": (b"GIF89a", "no PMTiles archive"),
    "b.pmtiles": (GOOD[:80], "ends within its header"),
    "c.pmtiles": (GOOD[:-9], "cut off; copy it again"),
    "d.pmtiles": (GOOD[:7] + b"\x02" + GOOD[8:], "PMTiles version 2; write it as version 3"),
    "e.pmtiles": (GOOD[:127] + b"\0" * 8 + GOOD[135:], "the archive is damaged"),
    "f.pmtiles": (GOOD[:97] + b"\x03" + GOOD[98:], "compressed by gzip, or not at all"),
    "g.pmtiles": (GOOD[:99] + b"\x09" + GOOD[100:], "tiles of type 9"),
    "h.pmtiles": (GOOD[:100] + b"\x05" + GOOD[101:], "zooms 5 to 0"),
    "i.pmtiles": (archive(vector("water", "湖"), MVT), "name their layers"),
    "j.pmtiles": (archive(b"", PNG, box=(170.0, 0.0, -170.0, 1.0)), "no box in degrees"),
    "province.pmtiles": (GOOD, "must be GeoJSON"),
    "k.geojson": (b"{", "truncated"),
    "l.geojson": (b"{}", "no FeatureCollection"),
    "m.geojson": (b'{"type":"FeatureCollection","features":[]}', "has no features"),
    "n.geojson": (b'{"type":"FeatureCollection","features":[1]}', "feature 1 is no Feature"),
    "o.geojson.gz": (b"\x1f\x8b\x08broken", ""),
    "p.topo.json": (b'{"type":"Topology"}', "has no objects"),
    "q.pmtiles.gz": (gzip.compress(GOOD), "unpack it"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_file_that_cannot_be_drawn_is_told_and_left_out(tmp_path: Path, name: str) -> None:
    body, why = WRONG[name]
    (tmp_path / name).write_bytes(body)
    (tmp_path / "good.pmtiles").write_bytes(GOOD)
    own = shapes.Shapes(tmp_path)
    (fault,) = own.faults()
    assert fault.file == tmp_path / name
    assert why in fault.reason
    assert fault.reason
    listed = {shape.name: shape for shape in own.all()}
    assert set(listed) == {*shapes.SHIPPED, "good"}
    assert not listed["province"].own
    (line,) = shapes.faults_of(tmp_path.parent, str(tmp_path))
    assert line == f"{tmp_path / name} cannot be drawn: {fault.reason}"


def test_a_document_in_metres_is_told(tmp_path: Path) -> None:
    far = {"type": "Polygon", "coordinates": [[[13_000_000, 3_000_000]]]}
    (tmp_path / "metro.geojson").write_text(collection(far))
    (fault,) = shapes.Shapes(tmp_path).faults()
    assert "write it in WGS-84" in fault.reason
    assert shapes.faults_of(tmp_path, str(tmp_path / "none"))[0].endswith("is no folder")
    assert shapes.faults_of(tmp_path / "pool", "") == []


def collection(geometry: dict[str, Any] | None = None, **more: Any) -> str:
    feature = {"type": "Feature", "properties": {}, "geometry": geometry}
    return json.dumps({"type": "FeatureCollection", "features": [feature], **more})


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
