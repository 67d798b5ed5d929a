"""Heat against service: where people are warm, and how many outlets serve them there."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numba
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

RADIUS: Final = 6_371_008.8
"""Of the earth, in metres."""
QUADRANTS: Final = ("hot_served", "hot_thin", "cold_served", "cold_thin")
ADVICE: Final = {
    "hot_served": (
        "较热且服务充足：提高质量，留意闲置的能力",
        "warmer and well served: raise quality, watch for wasted capacity",
    ),
    "hot_thin": ("较热而服务不足：扩展服务", "warmer and thinly served: extend service"),
    "cold_served": (
        "较冷而服务充足：用营销升温，或调走部分能力",
        "colder and well served: market to warm up, or move capacity",
    ),
    "cold_thin": (
        "较冷且服务不足：服务与营销一起加强，或暂且搁置",
        "colder and thinly served: strengthen service and market together, or leave for now",
    ),
}
CAVEAT: Final = (
    "网点可能是跟着热度开的，而不是热度的原因。",
    "Outlets may follow the heat rather than cause it.",
)


class Catchment(NamedTuple):
    """Whom outlets serve: for each cell the nearest outlet, for each outlet the cells in reach."""

    nearest: npt.NDArray[np.int64]
    within: list[Ints]


def catchment(lon: Floats, lat: Floats, reach: Floats, cell_lon: Any, cell_lat: Any) -> Catchment:
    """The catchment of outlets with these places and radii (metres) among these cells."""
    # Loaded when it is first asked for: the door needs none of it.
    from scipy.spatial import cKDTree

    outlets, places = _on_sphere(lon, lat), _on_sphere(cell_lon, cell_lat)
    if not len(outlets) or not len(places):
        return Catchment(np.full(len(places), -1), [np.empty(0, np.int64) for _ in outlets])
    nearest = cKDTree(outlets).query(places)[1]
    # The straight way through the earth that belongs to a way over it.
    chord = 2 * np.sin(np.minimum(reach / RADIUS, np.pi) / 2)
    found = cKDTree(places).query_ball_point(outlets, chord)
    return Catchment(nearest, [np.array(sorted(one), np.int64) for one in found])


def within(lon: float, lat: float, reach: float, cell_lon: Any, cell_lat: Any) -> Any:
    """Which of these cells are within so many metres of one outlet?"""
    chord = 2 * np.sin(min(reach / RADIUS, np.pi) / 2)
    return _within(float(lon), float(lat), chord**2, reach / RADIUS, cell_lon, cell_lat)


@numba.njit(cache=True, nogil=True)
def _within(lon: Any, lat: Any, chord: Any, angle: Any, cell_lon: Any, cell_lat: Any) -> Any:
    out = np.zeros(len(cell_lon), np.bool_)
    x, y = np.radians(lon), np.radians(lat)
    for i in range(len(cell_lon)):
        north = np.radians(np.float64(cell_lat[i]))
        # The difference of latitudes alone rules out most of them; rounded outwards.
        if abs(north - y) > 1.001 * angle + 1e-9:
            continue
        east = np.radians(np.float64(cell_lon[i]))
        half = (
            np.sin((north - y) / 2) ** 2 + np.cos(y) * np.cos(north) * np.sin((east - x) / 2) ** 2
        )
        out[i] = 4 * half <= chord
    return out


class Served(NamedTuple):
    """What is known of one area."""

    profiles: int
    mean: float
    outlets: int
    capacity: float
    compared: bool = True
    """Does it take part in the lines? A whole country among cities is none of their kind."""


def quadrants(rows: list[Served]) -> tuple[list[dict[str, Any]], dict[str, float]]:
    """In which quadrant is each area, by which numbers, and where do the lines run?

    The lines are the whole of the rows that are compared, or of all where none is: the mean
    temperature of their profiles, and their outlets (capacity, where every outlet says its own)
    per thousand profiles. Every row is held against them.
    """
    basis = [row for row in rows if row.compared] or rows
    people = sum(row.profiles for row in basis)
    by_capacity = any(row.outlets for row in rows) and all(
        row.capacity > 0 for row in rows if row.outlets
    )
    total = sum(row.capacity if by_capacity else row.outlets for row in basis)
    mean_line = sum(row.mean * row.profiles for row in basis) / max(people, 1)
    service_line = 1000 * total / max(people, 1)
    told = []
    for row in rows:
        outlets = 1000 * row.outlets / max(row.profiles, 1)
        capacity = 1000 * row.capacity / max(row.profiles, 1)
        service = capacity if by_capacity else outlets
        hot, served = row.mean >= mean_line, service >= service_line and service > 0
        name = QUADRANTS[(0 if hot else 2) + (0 if served else 1)]
        told.append(
            {
                "outlets": row.outlets,
                "capacity": row.capacity,
                "outlets_per_thousand": round(outlets, 3),
                "capacity_per_thousand": round(capacity, 3),
                "quadrant": name,
                "compared": row.compared or len(basis) == len(rows),
                "because": {
                    "mean": row.mean, "mean_line": round(mean_line, 2),
                    "service": round(service, 3), "service_line": round(service_line, 3),
                },
            }
        )  # fmt: skip
    lines = {"mean": round(mean_line, 2), "service": round(service_line, 3)}
    return told, {**lines, "by_capacity": float(by_capacity)}


def _on_sphere(lon: Any, lat: Any) -> Floats:
    x, y = np.radians(np.asarray(lon, np.float64)), np.radians(np.asarray(lat, np.float64))
    return np.stack([np.cos(y) * np.cos(x), np.cos(y) * np.sin(x), np.sin(y)], axis=1)
