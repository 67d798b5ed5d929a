"""Chinese map datums: GCJ-02 and BD-09 are WGS-84 shifted by a few hundred metres, inside a box.

The shift is published code of many projects (as in eviltransform and coordtransform), here with
an inverse that is iterated until it is exact instead of the usual single step of some metres.
"""

from __future__ import annotations

import math
from typing import Any, Final, TypeVar

import numba
import numpy as np
import numpy.typing as npt

from hotspring.errors import SettingsError

DATUMS: Final = ("wgs84", "gcj02", "bd09")
"""Names of the datums a source may declare."""

WEST: Final = 72.004
EAST: Final = 137.8347
SOUTH: Final = 0.8293
NORTH: Final = 55.8271
AXIS: Final = 6378245.0
FLATNESS: Final = 0.00669342162296594323
"""Krasovsky 1940: half the long axis in metres, and the squared eccentricity."""
BAIDU: Final = math.pi * 3000.0 / 180.0
ROUNDS: Final = 9
"""Each round of the inverse shrinks the error at least twenty-fold: well below a micrometre."""

Degrees = TypeVar("Degrees", float, npt.NDArray[np.float64])


def to_wgs84(lon: Degrees, lat: Degrees, datum: str) -> tuple[Degrees, Degrees]:
    """Where in WGS-84 is this point of `datum`, given as two numbers or two arrays, in degrees?

    Outside the box in which the Chinese datums are shifted it stays where it is. Raises
    `SettingsError` for an unknown datum.
    """
    return _convert(lon, lat, datum, _point_to, _all_to)


def from_wgs84(lon: Degrees, lat: Degrees, datum: str) -> tuple[Degrees, Degrees]:
    """Where in `datum` is this point of WGS-84: the inverse of `to_wgs84`."""
    return _convert(lon, lat, datum, _point_from, _all_from)


def _convert(lon: Any, lat: Any, datum: str, point: Any, every: Any) -> tuple[Any, Any]:
    if datum not in DATUMS:
        raise SettingsError(f"datum {datum!r} is not known; write one of {', '.join(DATUMS)}")
    if datum == "wgs84":
        return lon, lat
    if isinstance(lon, np.ndarray):
        lons, lats = np.ascontiguousarray(lon, np.float64), np.ascontiguousarray(lat, np.float64)
        return every(lons, lats, datum == "bd09")  # type: ignore[no-any-return]
    return point(float(lon), float(lat), datum == "bd09")  # type: ignore[no-any-return]


@numba.njit(cache=True)
def _inside(lon: float, lat: float) -> bool:
    return WEST <= lon <= EAST and SOUTH <= lat <= NORTH


@numba.njit(cache=True)
def _shifted(lon: float, lat: float, baidu: bool) -> tuple[float, float]:
    x, y = lon - 105.0, lat - 35.0
    waves = (20.0 * math.sin(6.0 * x * math.pi) + 20.0 * math.sin(2.0 * x * math.pi)) * 2.0 / 3.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x))
    north += waves
    north += (20.0 * math.sin(y * math.pi) + 40.0 * math.sin(y / 3.0 * math.pi)) * 2.0 / 3.0
    north += 160.0 * math.sin(y / 12.0 * math.pi) * 2.0 / 3.0
    north += 320.0 * math.sin(y * math.pi / 30.0) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x))
    east += waves
    east += (20.0 * math.sin(x * math.pi) + 40.0 * math.sin(x / 3.0 * math.pi)) * 2.0 / 3.0
    east += 150.0 * math.sin(x / 12.0 * math.pi) * 2.0 / 3.0
    east += 300.0 * math.sin(x / 30.0 * math.pi) * 2.0 / 3.0
    angle = lat / 180.0 * math.pi
    bulge = 1.0 - FLATNESS * math.sin(angle) ** 2
    root = math.sqrt(bulge)
    lat += north * 180.0 / (AXIS * (1.0 - FLATNESS) / (bulge * root) * math.pi)
    lon += east * 180.0 / (AXIS / root * math.cos(angle) * math.pi)
    if not baidu:
        return lon, lat
    reach = math.sqrt(lon * lon + lat * lat) + 0.00002 * math.sin(lat * BAIDU)
    turn = math.atan2(lat, lon) + 0.000003 * math.cos(lon * BAIDU)
    return reach * math.cos(turn) + 0.0065, reach * math.sin(turn) + 0.006


@numba.njit(cache=True)
def _point_from(lon: float, lat: float, baidu: bool) -> tuple[float, float]:
    if not _inside(lon, lat):
        return lon, lat
    return _shifted(lon, lat, baidu)


@numba.njit(cache=True)
def _point_to(lon: float, lat: float, baidu: bool) -> tuple[float, float]:
    if not _inside(lon, lat):
        return lon, lat
    x, y = lon, lat
    for _ in range(ROUNDS):
        east, north = _shifted(x, y, baidu)
        x, y = x + (lon - east), y + (lat - north)
    return x, y


@numba.njit(cache=True, nogil=True)
def _all_from(
    lons: npt.NDArray[np.float64], lats: npt.NDArray[np.float64], baidu: bool
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    x, y = np.empty_like(lons), np.empty_like(lats)
    for i in range(len(lons)):
        x[i], y[i] = _point_from(lons[i], lats[i], baidu)
    return x, y


@numba.njit(cache=True, nogil=True)
def _all_to(
    lons: npt.NDArray[np.float64], lats: npt.NDArray[np.float64], baidu: bool
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    x, y = np.empty_like(lons), np.empty_like(lats)
    for i in range(len(lons)):
        x[i], y[i] = _point_to(lons[i], lats[i], baidu)
    return x, y
