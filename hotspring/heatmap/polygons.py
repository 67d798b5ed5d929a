"""Which points lie in a drawn area: GeoJSON polygons, rings counted through (even-odd)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numba
import numpy as np
import numpy.typing as npt

from hotspring.errors import Unusable
from hotspring.heatmap.frame import FINER, NOWHERE, OUTSIDE, STATES, Groups, Tally
from hotspring.heatmap.ground import Ground

Floats = npt.NDArray[np.float64]

MOST_POINTS: Final = 20_000


def edges_of(geometry: Any) -> Floats:
    """The sides of a Polygon or MultiPolygon in degrees: lon, lat, lon, lat.

    Raises `Unusable` that says what is wrong with it.
    """
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in ("Polygon", "MultiPolygon"):
        raise Unusable("kind", "an area is a GeoJSON Polygon or MultiPolygon")
    try:
        parts = geometry["coordinates"] if kind == "MultiPolygon" else [geometry["coordinates"]]
        rings = [np.array([p[:2] for p in ring], np.float64) for part in parts for ring in part]
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise Unusable("unreadable", "the coordinates of the area cannot be read") from error
    if not rings or any(ring.ndim != 2 or ring.shape[1] != 2 or len(ring) < 4 for ring in rings):
        raise Unusable(
            "corners", "every ring of an area has at least four points, the last one the first"
        )
    if sum(map(len, rings)) > MOST_POINTS:
        raise Unusable("points", f"an area has at most {MOST_POINTS} points; simplify it")
    if any((ring[0] != ring[-1]).any() for ring in rings):
        raise Unusable("open", "every ring of an area ends where it begins")
    points = np.concatenate(rings)
    if not np.isfinite(points).all() or (np.abs(points) > (180.0, 90.0)).any():
        raise Unusable("degrees", "coordinates are degrees of longitude and latitude")
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


class Drawn:
    """Which cells some areas hold, that may overlap: cells by the set of areas that they are in.

    So everybody is counted once for their set, whatever the number of areas.
    """

    def __init__(self, edges: Sequence[Floats]) -> None:
        """The areas, each by the sides that `edges_of` tells."""
        self._edges = edges
        self._of = np.empty(0, np.int32)
        self._sets: list[tuple[int, ...]] = [()]
        self._next: dict[tuple[int, int], int] = {}
        """The set that a set and one more area make."""

    def groups(self, ground: Ground, most: int) -> Groups:
        """The sets of areas as groups, of whose place is known to within the radius coded `most`.

        Call it while no cells are numbered; only the cells that are new to it are looked at.
        """
        known = len(self._of)
        of = np.zeros(ground.count - known, np.int32)
        if len(of):
            lon, lat = ground.lon[known : ground.count], ground.lat[known : ground.count]
            for area, edges in enumerate(self._edges):
                self._join(of, np.flatnonzero(inside(edges, lon, lat)), area)
            self._of = np.append(self._of, of)
        zones = np.full(int(ground.zone.max(initial=0)) + 1, OUTSIDE, np.int32)
        zones[ground.zone[: ground.count][self._of > 0]] = FINER
        zones[0] = NOWHERE
        cells = np.where(self._of > 0, self._of - 1, OUTSIDE).astype(np.int32)
        count = len(self._sets) - 1
        return Groups("zone", zones, cells, range(count), np.zeros(count, np.int32), most)

    def add_up(self, tally: Tally) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Profiles by area and state, and sums of hundredths of degrees, from a count by set."""
        size = len(self._edges)
        counts, sums = np.zeros((size, len(STATES)), np.int64), np.zeros(size, np.int64)
        for areas, count, total in zip(self._sets[1:], tally.counts, tally.sums, strict=True):
            counts[list(areas)] += count
            sums[list(areas)] += total
        return counts, sums

    def _join(self, of: npt.NDArray[np.int32], here: npt.NDArray[Any], area: int) -> None:
        """Let these cells be in one area more."""
        before, place = np.unique(of[here], return_inverse=True)
        after = np.empty(len(before), np.int32)
        for at, one in enumerate(before.tolist()):
            if (one, area) not in self._next:
                self._next[one, area] = len(self._sets)
                self._sets.append((*self._sets[one], area))
            after[at] = self._next[one, area]
        of[here] = after[place]


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
