"""Outlines: the shipped file, files of an operator, and the index that finds a point in them."""

from __future__ import annotations

import gzip
import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspring.errors import SettingsError
from hotspring.geo import Atlas

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "hotspring" / "geo" / "data" / "districts.topo.json.gz"


ATLAS = Atlas()


@pytest.fixture
def atlas() -> Atlas:
    return ATLAS


@pytest.fixture(scope="module")
def build() -> ModuleType:
    path = ROOT / "tools" / "build_districts.py"
    spec = importlib.util.spec_from_file_location("build_districts", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def square(code: int, west: float, south: float, size: float = 1.0, **more: Any) -> dict[str, Any]:
    """A district of four corners, whose ring is arc `code % 100`."""
    return {
        "type": "Polygon",
        "id": code,
        "properties": {"name": f"district {code}", **more},
        "arcs": [[code % 100]],
        "corners": [
            [west, south],
            [west, south + size],
            [west + size, south + size],
            [west + size, south],
            [west, south],
        ],
    }


def document(*districts: dict[str, Any], **objects: Any) -> bytes:
    ordered = sorted(districts, key=lambda d: int(d["id"]) % 100)
    return json.dumps(
        {
            "type": "Topology",
            "objects": {"districts": {"geometries": districts}, **objects},
            "arcs": [d["corners"] for d in ordered],
        }
    ).encode()


def test_the_shipped_file_is_what_the_script_writes(build: ModuleType, tmp_path: Path) -> None:
    assert json.loads(gzip.decompress(SHIPPED.read_bytes())) == build.topology()
    assert SHIPPED.stat().st_size < 2_000_000


def test_all_areas_are_there(atlas: Atlas) -> None:
    topology = json.loads(gzip.decompress(SHIPPED.read_bytes()))["objects"]
    levels = ("districts", "cities", "provinces")
    codes = {level: [area["id"] for area in topology[level]["geometries"]] for level in levels}
    assert {level: len(set(ids)) for level, ids in codes.items()} == {
        "districts": 2891,
        "cities": 375,
        "provinces": 34,
    }
    for code in set().union(*codes.values()):
        assert atlas.name(code)
        assert all(atlas.name(parent) for parent in atlas.parents(code))
        assert code % 10000 == 0 or atlas.parents(code)[-1] == code // 10000 * 10000


def test_every_centre_lies_in_its_area(atlas: Atlas) -> None:
    topology = json.loads(gzip.decompress(SHIPPED.read_bytes()))["objects"]
    for level in ("districts", "cities", "provinces"):
        for geometry in topology[level]["geometries"]:
            centre = atlas.centre(geometry["id"])
            assert centre is not None
            found = atlas.adcode_of(*centre)
            assert geometry["id"] in (found, *atlas.parents(found))


def test_the_index_agrees_with_a_plain_pass_over_the_source(
    atlas: Atlas, build: ModuleType
) -> None:
    """Even-odd over every ring of every district, near borders and anywhere."""
    shapes = build.outlines("tianditu/cn_district.bin")
    codes = [int(row["district_adcode"]) for row in build.rows("cn_district.csv")]
    rings = [(code, r) for code, s in zip(codes, shapes, strict=True) for p in s for r in p]
    boxes = np.array([[*r.min(axis=0), *r.max(axis=0)] for _, r in rings]) * build.STEP
    boxes += np.tile(build.ORIGIN, 2)
    random = np.random.default_rng(7)
    corners = np.concatenate([r for _, r in rings])
    near = random.choice(corners, 500) * build.STEP + build.ORIGIN
    near += random.normal(0, 0.003, near.shape)
    points = np.vstack([near, random.uniform((73, 3), (136, 54), (500, 2))])
    found = atlas.adcodes_of(points[:, 0], points[:, 1])
    assert (found > 0).sum() > 500
    for (lon, lat), code in zip(points, found, strict=True):
        crossed: dict[int, int] = {}
        reach = (boxes[:, 1] <= lat) & (lat <= boxes[:, 3]) & (lon <= boxes[:, 2])
        for place in np.flatnonzero(reach):
            owner, ring = rings[place]
            x, y = (ring * build.STEP + build.ORIGIN).T
            up = (y[:-1] > lat) != (y[1:] > lat)
            at = x[:-1][up] + (lat - y[:-1][up]) / (np.diff(y)[up]) * np.diff(x)[up]
            crossed[owner] = crossed.get(owner, 0) + int((at > lon).sum())
        assert [owner for owner, count in crossed.items() if count % 2] == ([code] if code else [])


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.floats(-200, 200), st.floats(-100, 100)), max_size=50))
def test_many_points_are_found_as_one(points: list[tuple[float, float]]) -> None:
    lons, lats = np.array(points, np.float64).reshape(-1, 2).T
    assert ATLAS.adcodes_of(lons, lats).tolist() == [ATLAS.adcode_of(*p) for p in points]


def test_not_a_number_is_nowhere(atlas: Atlas) -> None:
    strange = np.array([np.nan, np.inf, -np.inf, 116.4])
    assert atlas.adcodes_of(strange, strange[::-1].copy()).tolist() == [0, 0, 0, 0]


@pytest.mark.parametrize(
    ("lon", "lat", "code", "name"),
    [
        (116.3974, 39.9093, 110101, "东城区"),
        (121.4752, 31.2304, 310101, "黄浦区"),
        (113.3245, 23.1065, 440105, "海珠区"),
        (104.0530, 30.6680, 510105, "青羊区"),
        (87.6168, 43.7928, 650102, "天山区"),
        (114.1733, 22.2786, 810107, "湾仔区"),
        (113.5491, 22.1987, 820000, "澳门特别行政区"),
        (121.5645, 25.0339, 710009, "台北市"),
        (123.5, 28.5, 0, ""),
        (-0.1276, 51.5072, 0, ""),
        (139.6917, 35.6895, 0, ""),
    ],
    ids=["Tiananmen", "People's Square", "Canton Tower", "Chengdu", "Urumqi", "Wan Chai", "Macao",
         "Taipei 101", "East China Sea", "London", "Tokyo"],
)  # fmt: skip
def test_landmarks(atlas: Atlas, lon: float, lat: float, code: int, name: str) -> None:
    assert (atlas.adcode_of(lon, lat), atlas.name(code)) == (code, name)


def test_a_shared_border_belongs_to_exactly_one_side(tmp_path: Path) -> None:
    """Corners and edges of a chequer of squares, walked point by point."""
    file = tmp_path / "chequer.json"
    file.write_bytes(
        document(*(square(110100 + 3 * i + j, 100 + i, 30 + j) for i in range(3) for j in range(3)))
    )
    atlas = Atlas(outlines_file=str(file))
    for east in np.arange(12) / 4:
        for north in np.arange(12) / 4:
            found = atlas.adcode_of(100 + east, 30 + north)
            assert found == 110100 + 3 * int(east) + int(north)
    assert atlas.adcode_of(103.0, 31.5) == atlas.adcode_of(101.5, 33.0) == 0


def test_outlines_can_be_replaced(tmp_path: Path) -> None:
    inner = square(330102, 118.4, 30.4, 0.2, city=330900)
    ring = square(330101, 118, 30, centre=[118.1, 30.1])
    ring["arcs"] = [[1], [~2]]
    file = tmp_path / "own.json.gz"
    names = {"geometries": [{"type": None, "id": 330900, "properties": {"name": "某市"}}]}
    dummy = square(330100, 10, 10)
    file.write_bytes(gzip.compress(document(dummy, ring, inner, cities=names)))
    atlas = Atlas(outlines_file=str(file))
    assert atlas.adcode_of(118.3, 30.3) == 330101
    assert atlas.adcode_of(118.5, 30.5) == 330102
    assert atlas.parents(330102) == (330900,)
    assert atlas.centre(330101) == (118.1, 30.1)
    assert atlas.centre(330102) == pytest.approx((118.5, 30.5))
    assert atlas.adcode_of(116.3974, 39.9093) == 0


def test_where_outlines_overlap_the_first_holds_the_point(tmp_path: Path) -> None:
    file = tmp_path / "own.json"
    file.write_bytes(document(square(330100, 118, 30), square(330101, 118.55, 30)))
    atlas = Atlas(outlines_file=str(file))
    assert [atlas.adcode_of(lon, 30.5) for lon in (118.1, 118.6, 118.95, 119.2, 119.6)] == [
        330100, 330100, 330100, 330101, 0,
    ]  # fmt: skip


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"[]", b"\x1f\x8b broken", b"\xff\xfe", document(),
        document({**square(1, 1, 1)}),
        document({**square(330100, 1, 1), "type": "Point"}),
        document({**square(330100, 1, 1), "arcs": []}),
        document({**square(330100, 1, 1), "arcs": [[9]]}),
        document({**square(330100, 1, 1), "arcs": ["x"]}),
        document(square(330100, 4e6, 1)),
        document({**square(330100, 1, 1), "corners": [[1, 1], [1, 1]]}),
        gzip.compress(document(square(330100, 1, 1)))[:-20],
    ],
)  # fmt: skip
def test_a_broken_file_is_named(body: bytes, tmp_path: Path) -> None:
    file = tmp_path / "own.json"
    file.write_bytes(body)
    with pytest.raises(SettingsError, match=r"outlines_file .*own\.json cannot be read"):
        Atlas(outlines_file=str(file))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="outlines_file"):
        Atlas(outlines_file=str(tmp_path / "none.json"))
