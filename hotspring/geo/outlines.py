"""Outlines of districts, and the names of the cities and provinces above them, from TopoJSON."""

from __future__ import annotations

import gzip
import zlib
from importlib import resources
from itertools import chain
from pathlib import Path
from typing import Annotated, Any, Final

import msgspec
import numpy as np
import numpy.typing as npt

from hotspring.errors import SettingsError

SHIPPED: Final = "districts.topo.json.gz"
GZIP_MAGIC: Final = b"\x1f\x8b"
_UNREADABLE: Final = (
    OSError, EOFError, zlib.error, msgspec.MsgspecError, ValueError, IndexError, TypeError,
)  # fmt: skip

Floats = npt.NDArray[np.float64]


class Area(msgspec.Struct, frozen=True):
    """One district, city or province: its code, its names and the codes above it."""

    code: int
    name: str
    short: str
    """The name as it is said, without the word for its kind; empty where none is given."""
    level: str
    """`district`, `city` or `province`."""
    parents: tuple[int, ...]
    """The city, then the province; without those that bear its own code."""


class Outlines(msgspec.Struct, frozen=True):
    """Areas by code, and the outlines of the districts as edges.

    Edges run from low to high latitude, so that two districts see the same numbers in the border
    they share. Those of district `i` of `codes` are `starts[i]:starts[i + 1]`.
    """

    areas: dict[int, Area]
    codes: npt.NDArray[np.int32]
    centres: Floats
    """Longitude and latitude of each district's centre, one row per district."""
    edges: Floats
    """Columns lon, lat, lon, lat; the second latitude is not below the first."""
    starts: npt.NDArray[np.int64]


class _Transform(msgspec.Struct):
    scale: tuple[float, float]
    translate: tuple[float, float]


class _Properties(msgspec.Struct):
    name: str
    short: str = ""
    city: int = 0
    centre: tuple[float, float] | None = None


Code = Annotated[int, msgspec.Meta(ge=100_000, le=999_999)]


class _Geometry(msgspec.Struct):
    id: Code
    properties: _Properties
    type: str | None = None
    arcs: list[Any] = []


class _Collection(msgspec.Struct, frozen=True):
    geometries: list[_Geometry] = []


class _Objects(msgspec.Struct):
    districts: _Collection
    cities: _Collection = _Collection()
    provinces: _Collection = _Collection()


class _Topology(msgspec.Struct):
    objects: _Objects
    arcs: list[list[tuple[float, float]]]
    transform: _Transform | None = None


def read(file: Path | None) -> Outlines:
    """Which outlines does `file` hold; without one, which were shipped?

    Reads TopoJSON, gzipped or not, of the shape that PROVENANCE.md in the data folder describes.
    Raises `SettingsError` that says what is wrong with the file.
    """
    try:
        if file is None:
            body = resources.files("hotspring.geo").joinpath("data", SHIPPED).read_bytes()
        else:
            body = file.read_bytes()
        if body.startswith(GZIP_MAGIC):
            body = gzip.decompress(body)
        return _outlines(msgspec.json.decode(body, type=_Topology))
    except _UNREADABLE as error:
        raise SettingsError(f"outlines_file {file or SHIPPED} cannot be read: {error}") from error


def _outlines(topology: _Topology) -> Outlines:
    objects = topology.objects
    districts = objects.districts.geometries
    if not districts:
        raise ValueError("objects.districts has no geometries")
    rings, owners = _rings(districts, _lines(topology))
    edges, owner = _edges(rings, owners)
    if not (np.abs(edges) <= (180.0, 90.0, 180.0, 90.0)).all():
        raise ValueError("coordinates are not degrees of longitude and latitude")
    starts = np.searchsorted(owner, np.arange(len(districts) + 1))
    if not np.diff(starts).all():
        raise ValueError(f"{districts[int(np.diff(starts).argmin())].id} has no area")
    middles = np.add.reduceat(edges[:, :2] + edges[:, 2:], starts[:-1]) / 2
    middles /= np.diff(starts)[:, np.newaxis]
    centres = [
        tuple(middle) if given.properties.centre is None else given.properties.centre
        for given, middle in zip(districts, middles, strict=True)
    ]
    return Outlines(
        areas=_areas(objects),
        codes=np.array([g.id for g in districts], np.int32),
        centres=np.array(centres, np.float64),
        edges=edges,
        starts=starts,
    )


def _areas(objects: _Objects) -> dict[int, Area]:
    """Areas by code; where a city is its own district or province, the higher level stands."""
    found: dict[int, Area] = {}
    for level, collection in (
        ("district", objects.districts),
        ("city", objects.cities),
        ("province", objects.provinces),
    ):
        for geometry in collection.geometries:
            code, given = geometry.id, geometry.properties
            above = (given.city or code // 100 * 100, code // 10000 * 10000)
            parents = tuple(p for p in dict.fromkeys(above) if p != code)
            found[code] = Area(code, given.name, given.short, level, parents)
    return {
        code: msgspec.structs.replace(area, parents=tuple(p for p in area.parents if p in found))
        for code, area in found.items()
    }


def _lines(topology: _Topology) -> list[Floats]:
    """The arcs in degrees."""
    flat = np.fromiter(chain.from_iterable(chain.from_iterable(topology.arcs)), np.float64)
    points = flat.reshape(-1, 2)
    sizes = np.array([len(arc) for arc in topology.arcs])
    starts = np.cumsum(sizes) - sizes
    if topology.transform is not None:
        sums = points.cumsum(axis=0)
        sums -= np.repeat(sums[starts] - points[starts], sizes, axis=0)
        points = sums * topology.transform.scale + topology.transform.translate
    return np.split(points, starts[1:])


def _rings(districts: list[_Geometry], lines: list[Floats]) -> tuple[list[Floats], list[int]]:
    """The rings of all districts, and the place of the district each belongs to."""
    found: list[Floats] = []
    owners: list[int] = []
    for place, geometry in enumerate(districts):
        if geometry.type not in ("Polygon", "MultiPolygon"):
            raise ValueError(f"{geometry.id} is a {geometry.type}, not a Polygon or MultiPolygon")
        rings = geometry.arcs
        if geometry.type == "MultiPolygon":
            rings = list(chain.from_iterable(rings))
        if not rings:
            raise ValueError(f"{geometry.id} has no outline")
        for ring in rings:
            found.append(np.concatenate([lines[i] if i >= 0 else lines[~i][::-1] for i in ring]))
            owners.append(place)
    return found, owners


def _edges(rings: list[Floats], owners: list[int]) -> tuple[Floats, npt.NDArray[np.int64]]:
    """Edges from low to high latitude, and the place of the district each belongs to."""
    sizes = np.array([len(ring) for ring in rings])
    ends = np.cumsum(sizes)
    points = np.concatenate(rings)
    following = np.arange(1, len(points) + 1)
    following[ends - 1] = ends - sizes
    owner = np.repeat(owners, sizes)
    ahead = points[following]
    # Where two arcs meet, and where a ring closes, a point stands twice.
    real = (points != ahead).any(axis=1)
    a, b, owner = points[real], ahead[real], owner[real]
    upward = (a[:, 1] < b[:, 1]) | ((a[:, 1] == b[:, 1]) & (a[:, 0] < b[:, 0]))
    upward = upward[:, np.newaxis]
    return np.hstack([np.where(upward, a, b), np.where(upward, b, a)]), owner
