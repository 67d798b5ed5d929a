"""Which points lie in a drawn area: GeoJSON polygons, rings counted through (even-odd)."""

from __future__ import annotations

from typing import Any, Final

import numba
import numpy as np
import numpy.typing as npt

from hotspring.errors import BadRequest

Floats = npt.NDArray[np.float64]

MOST_POINTS: Final = 20_000


def edges_of(geometry: Any) -> Floats:
    """The sides of a Polygon or MultiPolygon in degrees: lon, lat, lon, lat.

    Raises `BadRequest` that says what is wrong with it.
    """
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in ("Polygon", "MultiPolygon"):
        raise BadRequest("an area is a GeoJSON Polygon or MultiPolygon")
    try:
        parts = geometry["coordinates"] if kind == "MultiPolygon" else [geometry["coordinates"]]
        rings = [np.array([p[:2] for p in ring], np.float64) for part in parts for ring in part]
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise BadRequest("the coordinates of the area cannot be read") from error
    if not rings or any(ring.ndim != 2 or ring.shape[1] != 2 or len(ring) < 4 for ring in rings):
        raise BadRequest("every ring of an area has at least four points, the last one the first")
    if sum(map(len, rings)) > MOST_POINTS:
        raise BadRequest(f"an area has at most {MOST_POINTS} points; simplify it")
    if any((ring[0] != ring[-1]).any() for ring in rings):
        raise BadRequest("every ring of an area ends where it begins")
    points = np.concatenate(rings)
    if not np.isfinite(points).all() or (np.abs(points) > (180.0, 90.0)).any():
        raise BadRequest("coordinates are degrees of longitude and latitude")
    return np.concatenate([np.hstack([ring[:-1], ring[1:]]) for ring in rings])


def inside(edges: Floats, lon: Any, lat: Any) -> npt.NDArray[np.bool_]:
    """Which points lie in the area with these sides?"""
    west, east = edges[:, [0, 2]].min(), edges[:, [0, 2]].max()
    south, north = edges[:, [1, 3]].min(), edges[:, [1, 3]].max()
    found = np.asarray((lon >= west) & (lon <= east) & (lat >= south) & (lat <= north))
    near = np.flatnonzero(found)
    found[near] = _inside(
        edges, np.asarray(lon[near], np.float64), np.asarray(lat[near], np.float64)
    )
    return found


@numba.njit(cache=True, nogil=True)
def _inside(edges: Any, lon: Any, lat: Any) -> Any:
    out = np.zeros(len(lon), np.bool_)
    for i in range(len(lon)):
        odd = False
        for e in range(len(edges)):
            x1, y1, x2, y2 = edges[e]
            if (y1 > lat[i]) != (y2 > lat[i]) and lon[i] < (x2 - x1) * (lat[i] - y1) / (
                y2 - y1
            ) + x1:
                odd = not odd
        out[i] = odd
    return out
