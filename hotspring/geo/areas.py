"""The areas of the map as a tree: provinces with cities and districts, and countries."""

from __future__ import annotations

import gzip
from importlib import resources
from typing import Any, Final, NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt

from hotspring.geo import cells
from hotspring.geo.atlas import Atlas
from hotspring.geo.outlines import Area
from hotspring.geo.towns import read_towns

Codes = npt.NDArray[np.int32]
Nodes = npt.NDArray[np.int16]
Floats = npt.NDArray[np.float64]
Box = tuple[float, float, float, float]

LEVELS: Final = ("province", "city", "district")
"""From coarse to fine. Abroad there is one area for each country, at every level."""
OURS: Final = {"TW": 710000, "HK": 810000, "MO": 820000}
"""Countries under which the towns of these provinces are listed."""
WAY: Final = 5
"""Resolution of the cells whose country is looked up once: some 10 km."""


class Names(msgspec.Struct, frozen=True):
    """English names of areas by code; Chinese and English ones of countries."""

    areas: dict[str, str]
    countries: dict[str, tuple[str, str]]


class Level(NamedTuple):
    """The areas of one level."""

    ids: list[str]
    zh: list[str]
    en: list[str]
    of: npt.NDArray[np.int32]
    """Which of them each node is in, -1 where the node is known less exactly."""
    above: npt.NDArray[np.int32]
    """Which area of the level above each is in; of the first level, all in 0."""
    boxes: Floats
    """West, south, east, north of each."""


class Areas:
    """Every area that a place may be known by has a number: a node of the tree."""

    LEVELS: Final = LEVELS

    def __init__(self, atlas: Atlas) -> None:
        self._names = msgspec.json.decode(gzip.decompress(_read("names.json.gz")), type=Names)
        areas = atlas.areas()
        self._codes = np.array(sorted(areas), np.int32)
        self._countries = sorted(self._names.countries)
        self.count = len(self._codes) + len(self._countries)
        """How many nodes there are."""
        places = {code: place for place, code in enumerate(self._codes.tolist())}
        above = [areas[code].parents[:1] for code in places]
        self.parent = np.full(self.count, -1, np.int32)
        """The area each node is next part of, -1 for provinces and countries."""
        self.parent[: len(above)] = [places[one[0]] if one else -1 for one in above]
        self._tree: Any = None
        self.levels = self._levelled(areas, atlas.boxes())

    def nodes_of(self, adcodes: Codes, lon: Floats, lat: Floats) -> Nodes:
        """Which node is each place in? By its code, else by the country of the nearest town."""
        at = np.searchsorted(self._codes, adcodes).clip(max=len(self._codes) - 1)
        known = self._codes[at] == adcodes
        found = np.where(known, at, -1)
        abroad = np.flatnonzero(~known)
        if len(abroad):
            found[abroad] = self._abroad(lon[abroad], lat[abroad])
        return found.astype(np.int16)

    def _abroad(self, lon: Floats, lat: Floats) -> npt.NDArray[np.int64]:
        # Points of one small cell share their country: towns are looked up once for each.
        ways, which = np.unique(cells.ancestors(cells.cells_of(lon, lat), WAY), return_inverse=True)
        if self._tree is None:
            # Who only asks for districts, as the door does, need not load it.
            from scipy.spatial import cKDTree

            towns = read_towns()
            # The tree last: another thread that sees it finds the rest as well.
            self._town_nodes = self._nodes_of_countries(towns.country)
            self._tree = cKDTree(_on_sphere(towns.lon, towns.lat))
        nearest = self._tree.query(_on_sphere(*cells.centres(ways)))[1]
        return np.asarray(self._town_nodes[nearest][which])

    def _nodes_of_countries(self, codes: npt.NDArray[np.bytes_]) -> npt.NDArray[np.int64]:
        unique, which = np.unique(codes, return_inverse=True)
        nodes = []
        for code in (one.decode() for one in unique.tolist()):
            if code in OURS:
                nodes.append(int(np.searchsorted(self._codes, OURS[code])))
            elif code in self._names.countries:
                nodes.append(len(self._codes) + self._countries.index(code))
            else:
                nodes.append(-1)
        return np.array(nodes, np.int64)[which]

    def _levelled(self, areas: dict[int, Area], boxes: dict[int, Box]) -> dict[str, Level]:
        below = _parts(areas)
        ways = [_ways(areas[code], below) for code in self._codes.tolist()]
        levels: dict[str, Level] = {}
        above: dict[str, int] = {}
        for place, name in enumerate(LEVELS):
            codes = sorted({way[place] for way in ways if way[place]})
            ids = [*map(str, codes), *self._countries]
            number = {id_: n for n, id_ in enumerate(ids)}
            of = [number.get(str(way[place]), -1) for way in ways]
            of += [number[code] for code in self._countries]
            parents = [0] * len(ids)
            if place:
                parents = [above[str(_ways(areas[c], below)[place - 1])] for c in codes]
                parents += [above[code] for code in self._countries]
            world, abroad = (-180.0, -90.0, 180.0, 90.0), self._names.countries
            levels[name] = Level(
                ids,
                [areas[c].name for c in codes] + [abroad[c][0] for c in self._countries],
                [self._names.areas.get(str(c), areas[c].name) for c in codes]
                + [abroad[c][1] for c in self._countries],
                np.array(of, np.int32),
                np.array(parents, np.int32),
                np.array([boxes.get(c, world) for c in codes] + [world] * len(self._countries)),
            )
            above = number
        return levels


class _Parts(NamedTuple):
    cities: frozenset[int]
    """Provinces that have cities."""
    districts: frozenset[int]
    """Cities that have districts."""


def _ways(area: Area, below: _Parts) -> tuple[int, int, int]:
    """Province, city and district of an area; 0 where it is not known that exactly.

    A municipality is its own city; what has no districts is its own district.
    """
    if area.level == "province":
        parted = area.code in below.cities or area.code in below.districts
        return area.code, 0 if area.code in below.cities else area.code, 0 if parted else area.code
    if area.level == "city":
        return area.parents[-1], area.code, 0 if area.code in below.districts else area.code
    return area.parents[-1], area.parents[0], area.code


def _parts(areas: dict[int, Area]) -> _Parts:
    cities = {area.parents[-1] for area in areas.values() if area.level == "city"}
    districts = {area.parents[0] for area in areas.values() if area.level == "district"}
    return _Parts(frozenset(cities), frozenset(districts))


def _on_sphere(lon: Any, lat: Any) -> Floats:
    x, y = np.radians(lon), np.radians(lat)
    return np.stack([np.cos(y) * np.cos(x), np.cos(y) * np.sin(x), np.sin(y)], axis=1)


def _read(name: str) -> bytes:
    return resources.files("hotspring.geo").joinpath("data", name).read_bytes()
