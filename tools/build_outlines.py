"""Write the outlines that the map draws, from those that tell in which district a point lies.

    python tools/build_outlines.py [WORLD_ATLAS]

Borders are simplified one by one, between the points where three areas meet, so that neighbours go
on sharing them and no gaps open. `province.topo.json.gz` (with the dash line), `city.topo.json.gz`
and `district.topo.json.gz` carry code, names and centre of each area. With the folder of the npm
package world-atlas 2.0.2, `world.topo.json.gz` is its land (Natural Earth, 1:110m, no borders).
"""

from __future__ import annotations

import gzip
import json
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely
import shapely.affinity

from hotspring.geo import Areas, Atlas

DATA: Final = Path(__file__).parent.parent / "hotspring" / "geo" / "data"
TOLERANCE: Final = {"province": 0.015, "city": 0.005, "district": 0.003}
"""Degrees by which a border may move."""
STEP: Final = {"province": 2e-3, "city": 5e-4, "district": 5e-4}
"""Degrees of the grid that coordinates are written on."""


def read() -> tuple[dict[str, Any], list[np.ndarray]]:
    """The document of districts, and its arcs in degrees."""
    topology = json.loads(gzip.decompress((DATA / "districts.topo.json.gz").read_bytes()))
    scale, origin = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = [np.cumsum(np.array(arc), axis=0) * scale + origin for arc in topology["arcs"]]
    return topology, arcs


def border(rings: list[list[int]]) -> list[int]:
    """The arcs around some districts: those that only one of them has."""
    used = [arc for ring in rings for arc in ring]
    known = set(used)
    return [arc for arc in used if ~arc not in known]


def stitched(arcs: list[int], ends: Any) -> list[list[int]]:
    """Rings made of these arcs: each goes on where one before it ended."""
    starting: dict[tuple[int, int], list[int]] = defaultdict(list)
    for arc in arcs:
        starting[ends(arc)[0]].append(arc)
    rings = []
    for first in arcs:
        if first not in starting[ends(first)[0]]:
            continue
        ring, here = [], ends(first)[0]
        arc = first
        while True:
            starting[ends(arc)[0]].remove(arc)
            ring.append(arc)
            at = ends(arc)[1]
            if at == here or not starting[at]:
                break
            arc = starting[at][0]
        rings.append(ring)
    return rings


def polygons(rings: list[list[int]], points: Any) -> list[list[list[int]]]:
    """Rings put together: an outer one, then the holes in it."""
    shapes = [(ring, shapely.Polygon(points(ring))) for ring in rings if len(points(ring)) >= 4]
    shapes.sort(key=lambda one: -one[1].area)
    outer: list[tuple[list[list[int]], Any]] = []
    for ring, shape in shapes:
        inside = next((p for p, s in outer if s.contains(shape.representative_point())), None)
        if inside is not None:
            inside.append(ring)
        else:
            outer.append(([ring], shape))
    return [parts for parts, _ in outer]


def square(line: np.ndarray) -> np.ndarray:
    """A box around a line, at least one step of the grid wide."""
    west, south = line.min(axis=0)
    east, north = np.maximum(line.max(axis=0), [west + 1, south + 1])
    corners = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    return np.array(corners)


def level(name: str, areas: Areas, atlas: Atlas) -> dict[str, Any]:
    """The TopoJSON document of one level."""
    topology, lines = read()
    drawn = areas.levels[name]
    step, tolerance = STEP[name], TOLERANCE[name]
    grid = [np.rint(line / step).astype(np.int64) for line in lines]
    simple: dict[int, np.ndarray] = {}

    def ends(arc: int) -> tuple[tuple[int, int], tuple[int, int]]:
        line = grid_full[arc if arc >= 0 else ~arc]
        a, b = tuple(line[0].tolist()), tuple(line[-1].tolist())
        return (a, b) if arc >= 0 else (b, a)

    grid_full = [np.rint(line / 2e-6).astype(np.int64) for line in lines]

    def of(arc: int) -> np.ndarray:
        number = arc if arc >= 0 else ~arc
        if number not in simple:
            line = shapely.LineString(lines[number]).simplify(tolerance, preserve_topology=False)
            kept = np.rint(np.array(line.coords) / step).astype(np.int64)
            stays = np.append(True, (np.diff(kept, axis=0) != 0).any(axis=1))
            kept = kept[stays] if stays.sum() > 1 else grid[number][[0, -1]]
            # No island is lost: the smallest are drawn as a square.
            closed = (lines[number][0] == lines[number][-1]).all()
            simple[number] = square(grid[number]) if closed and len(kept) < 4 else kept
        return simple[number] if arc >= 0 else simple[number][::-1]

    def points(ring: list[int]) -> np.ndarray:
        found = np.concatenate([of(arc) for arc in ring])
        found = found[np.append(True, (np.diff(found, axis=0) != 0).any(axis=1))]
        return found * step

    members: dict[int, list[list[int]]] = defaultdict(list)
    for geometry in topology["objects"]["districts"]["geometries"]:
        group = drawn.ids.index(str(ancestor(geometry["id"], name, atlas)))
        many = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
        members[group] += [ring for polygon in many for ring in polygon]
    geometries, numbers, arcs = [], {}, []

    def numbered(arc: int) -> int:
        key = arc if arc >= 0 else ~arc
        if key not in numbers:
            numbers[key] = len(arcs)
            line = of(key)
            arcs.append([line[0].tolist(), *np.diff(line, axis=0).tolist()])
        return numbers[key] if arc >= 0 else ~numbers[key]

    for group, rings in sorted(members.items()):
        parts = polygons(stitched(border(rings), ends), points)
        centre = atlas.centre(int(drawn.ids[group]))
        assert centre is not None
        geometries.append(
            {
                "type": "MultiPolygon",
                "id": drawn.ids[group],
                "properties": {
                    "name": drawn.zh[group],
                    "name_en": drawn.en[group],
                    "centre": [round(centre[0], 3), round(centre[1], 3)],
                },
                "arcs": [[[numbered(arc) for arc in ring] for ring in part] for part in parts],
            }
        )
    objects: dict[str, Any] = {name: {"type": "GeometryCollection", "geometries": geometries}}
    if name == Areas.LEVELS[0]:
        strokes = topology["objects"]["dashes"]["arcs"]
        numbered_strokes = [[numbered(arc) for arc in stroke] for stroke in strokes]
        objects["dashes"] = {"type": "MultiLineString", "arcs": numbered_strokes}
    return {
        "type": "Topology",
        "transform": {"scale": [step, step], "translate": [0, 0]},
        "objects": objects,
        "arcs": arcs,
    }


def ancestor(code: int, name: str, atlas: Atlas) -> int:
    """The area of a level that a district is in."""
    parents = atlas.parents(code)
    if name == "district" or not parents:
        return code
    if name == "province":
        return parents[-1]
    return code if atlas.areas()[code].level == "city" else parents[0]


def write(name: str, document: Any) -> None:
    body = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    packed = gzip.compress(body, 9, mtime=0)
    (DATA / f"{name}.topo.json.gz").write_bytes(packed)
    print(name, len(packed))


def flat(document: dict[str, Any]) -> dict[str, Any]:
    """Land on the globe as land on a plane: cut where it goes over the 180th meridian or a pole."""
    scale, origin = document["transform"]["scale"], document["transform"]["translate"]
    arcs = [np.cumsum(np.array(arc), axis=0) * scale + origin for arc in document["arcs"]]
    window = shapely.box(-180, -90, 180, 90)
    pieces: list[Any] = []
    for one in document["objects"]["land"]["geometries"]:
        for rings in one["arcs"]:
            land = shapely.Polygon(*unrolled([ring_of(ring, arcs) for ring in rings]))
            for turn in (-360, 0, 360):
                moved = shapely.affinity.translate(land, turn)
                pieces.extend(shapely.get_parts(shapely.intersection(moved, window)))
    # What only touches the window leaves a line there.
    pieces = [piece for piece in pieces if piece.geom_type == "Polygon" and piece.area]
    lines = [ring for piece in pieces for ring in (piece.exterior, *piece.interiors)]
    grid = [
        np.round((shapely.get_coordinates(line) - origin) / scale).astype(int) for line in lines
    ]
    numbers = iter(range(len(lines)))
    shape = [[[next(numbers)] for _ in range(1 + len(piece.interiors))] for piece in pieces]
    return {
        **document,
        "arcs": [np.vstack((line[:1], np.diff(line, axis=0))).tolist() for line in grid],
        "objects": {
            "land": {
                "type": "GeometryCollection",
                "geometries": [{"type": "MultiPolygon", "arcs": shape}],
            }
        },
    }


def ring_of(numbers: list[int], arcs: list[np.ndarray]) -> np.ndarray:
    """The points of a ring of arcs; ~n is arc n from its end."""
    parts = [arcs[n] if n >= 0 else arcs[~n][::-1] for n in numbers]
    return np.vstack([parts[0], *(part[1:] for part in parts[1:])])


def unrolled(rings: list[np.ndarray]) -> tuple[np.ndarray, list[np.ndarray]]:
    """An outer ring and its holes with longitudes that never jump; around a pole, closed there."""
    found = []
    for ring in rings:
        ring = np.column_stack((np.unwrap(ring[:, 0], period=360), ring[:, 1]))
        if abs(ring[-1, 0] - ring[0, 0]) > 1:
            pole = 90.0 if ring[:, 1].mean() > 0 else -90.0
            ring = np.vstack((ring, [(ring[-1, 0], pole), (ring[0, 0], pole), ring[0]]))
        found.append(ring)
    return found[0], found[1:]


def main() -> None:
    atlas = Atlas()
    areas = Areas(atlas)
    for name in Areas.LEVELS:
        write(name, level(name, areas, atlas))
    if len(sys.argv) > 1:
        write("world", flat(json.loads((Path(sys.argv[1]) / "land-110m.json").read_text())))


if __name__ == "__main__":
    main()
