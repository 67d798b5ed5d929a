"""Hexagons of the H3 grid: which holds a point, which holds it one size up, how they are named.

A cell at a coarse resolution is here the ancestor of the finest cell of a point, so that the cells
of one resolution add up to those of the next; its drawn border differs from that by a sliver.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

Cells = npt.NDArray[np.uint64]
Floats = npt.NDArray[np.float64]
Box = tuple[float, float, float, float]
"""West, south, east, north, in degrees."""

FINEST: Final = 10
"""The resolution in which points are kept: edges of some 76 metres."""
EDGES: Final = (
    1_281_256.0, 483_057.0, 182_513.0, 68_979.0, 26_072.0, 9_854.0, 3_725.0, 1_406.0, 531.0, 201.0,
    76.0,
)  # fmt: skip
"""Mean length of an edge in metres, by resolution (h3geo.org, table of cell statistics)."""
AREAS: Final = (
    4_357_449.0, 609_788.0, 86_801.8, 12_393.4, 1_770.35, 252.904, 36.1291, 5.16129, 0.737328,
    0.105333, 0.0150475,
)  # fmt: skip
"""Mean area in square kilometres, by resolution."""
RADIUS: Final = 6_371.0
"""Of the earth, in kilometres."""
ROUND: Final = 111.195
"""Kilometres of a degree of latitude."""


def cells_of(lon: Floats, lat: Floats) -> Cells:
    """Which cell of the finest resolution holds each WGS-84 point?"""
    if not len(lon):
        return np.empty(0, np.uint64)
    return np.array(_vector().coordinates_to_cells(lat, lon, FINEST), np.uint64)


def ancestors(cells: Cells, resolution: int) -> Cells:
    """Which cell of this resolution is each of these (of a finer one) a part of?"""
    unused = np.uint64((1 << (3 * (15 - resolution))) - 1)
    cleared = cells & ~np.uint64(0xF << 52)
    return np.asarray(cleared | np.uint64(resolution << 52) | unused)


def names(cells: Cells) -> list[str]:
    """How are cells written: 15 hexadecimal digits, as H3 libraries read them?"""
    return [f"{cell:x}" for cell in cells.tolist()]


def centres(cells: Cells) -> tuple[Floats, Floats]:
    """Longitude and latitude of the middle of each cell."""
    if not len(cells):
        return np.empty(0), np.empty(0)
    found = _vector().cells_to_coordinates(cells)
    return np.array(found["lng"], np.float64), np.array(found["lat"], np.float64)


def outlines(written: list[str]) -> list[list[list[float]]]:
    """The ring around each of these cells, as GeoJSON has it: degrees, ending where it begins."""
    if not written:
        return []
    found = []
    packed = _vector().cells_to_wkb_polygons(np.array([int(one, 16) for one in written], np.uint64))
    for body in packed.to_pylist():
        # One byte of order, type and number of rings, then the number of points.
        count = int.from_bytes(body[9:13], "little")
        points = np.frombuffer(body, "<f8", 2 * count, 13).reshape(-1, 2)
        found.append(points.round(6).tolist())
    return found


def finest_within(box: Box, most: int) -> int:
    """Which is the finest resolution of which no more than about `most` cells lie in a box?"""
    west, south, east, north = box
    band = np.sin(np.radians(north)) - np.sin(np.radians(south))
    area = max(RADIUS**2 * np.radians(east - west) * band, 1e-9)
    fits = [r for r in range(FINEST + 1) if area / AREAS[r] <= most]
    return fits[-1] if fits else 0


def _vector() -> Any:
    # The door, which only asks for districts, need not load it.
    from h3ronpy import vector

    return vector
