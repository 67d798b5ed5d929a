"""The outlines that a map draws: shipped ones, and those that a deployer puts in their stead."""

from __future__ import annotations

import functools
import gzip
import hashlib
import html
import re
import zlib
from importlib import resources
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec

from hotspring.errors import NotFound
from hotspring.geo import tiles

FOLDER: Final = "outlines"
"""Where a pool keeps outlines of its own, unless a setting says another folder."""
SHIPPED: Final = ("world", "province", "city", "district")
"""Each a TopoJSON file; that of provinces holds the dash line as well."""
FORMS: Final = {
    ".topo.json": "topojson", ".topojson": "topojson", ".geojson": "geojson", ".json": "geojson",
    ".pmtiles": "pmtiles",
}  # fmt: skip
"""Endings of files that may be put into the folder, also with `.gz` behind (not of tiles)."""
MAGIC: Final = b"\x1f\x8b"
MARKUP: Final = re.compile(r"<[^>]*>")
LONGEST: Final = 300
"""Characters of a name or an attribution."""


class About(NamedTuple):
    """What a file of a deployer says of itself."""

    title: str = ""
    attribution: str = ""
    """Where it comes from, as its file says: plain text."""
    tiles: tiles.Archive | None = None
    fault: str = ""
    """Why it cannot be drawn; empty where it can."""


class Shape(NamedTuple):
    """One layer of outlines."""

    name: str
    form: str
    """`topojson`, `geojson` or `pmtiles`."""
    own: bool
    """Was it put there by the deployer?"""
    file: Path | None
    """None for what is shipped."""
    version: str
    """Another one for other content."""
    size: int
    """Bytes, as they travel."""
    about: About = About()


class Fault(NamedTuple):
    """A file of a deployer that cannot be drawn."""

    file: Path
    reason: str


class Shapes:
    """Finds outlines in a folder of the deployer, and behind it what is shipped."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def all(self) -> list[Shape]:
        """Every layer that can be drawn; a file named like a shipped one stands in its stead."""
        own = {shape.name: shape for shape in self._own() if not shape.about.fault}
        shipped = [own.pop(name) if name in own else _shipped(name) for name in SHIPPED]
        return [*shipped, *(own[name] for name in sorted(own))]

    def faults(self) -> list[Fault]:
        """The files that cannot be drawn, each with why; the map goes on without them."""
        return [
            Fault(shape.file, shape.about.fault)
            for shape in self._own()
            if shape.file is not None and shape.about.fault
        ]

    def find(self, name: str) -> Shape:
        """The layer of this name."""
        found = self.all()
        for shape in found:
            if shape.name == name:
                return shape
        names = ", ".join(shape.name for shape in found)
        raise NotFound(f"there are no outlines {name!r}; there are {names}")

    def _own(self) -> list[Shape]:
        found = []
        for file in sorted(self._folder.glob("*")):
            plain = file.name.removesuffix(".gz")
            end = next((end for end in FORMS if plain.endswith(end)), None)
            if end is None or not file.is_file():
                continue
            seen = file.stat()
            version = _version(f"{file.name} {seen.st_size} {seen.st_mtime_ns}".encode())
            name, form = plain.removesuffix(end), FORMS[end]
            about = _about(file, name, form, version)
            found.append(Shape(name, form, True, file, version, seen.st_size, about))
        return found


def folder_of(pool: Path, named: str) -> Path:
    """Where the outlines of a deployer lie: in the folder that a setting names, or the pool's."""
    return Path(named) if named else pool / FOLDER


def faults_of(pool: Path, named: str) -> list[str]:
    """What of a deployer's outlines the map does without, and why: a line for each file."""
    folder = folder_of(pool, named)
    if named and not folder.is_dir():
        return [f"outlines_folder {named} is no folder"]
    faults = Shapes(folder).faults()
    return [f"{fault.file} cannot be drawn: {fault.reason}" for fault in faults]


def packed(shape: Shape) -> bytes:
    """The content of a layer, compressed."""
    if shape.file is None:
        return _read(shape.name)
    body = shape.file.read_bytes()
    return body if body.startswith(MAGIC) else gzip.compress(body, 6, mtime=0)


@functools.cache
def _shipped(name: str) -> Shape:
    body = _read(name)
    return Shape(name, "topojson", False, None, _version(body), len(body))


def _read(name: str) -> bytes:
    file = resources.files("hotspring.geo").joinpath("data", f"{name}.topo.json.gz")
    return file.read_bytes()


def _version(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=8).hexdigest()


@functools.lru_cache(256)
def _about(file: Path, name: str, form: str, version: str) -> About:
    """What a file says of itself; read once of each version."""
    try:
        if form != "pmtiles":
            return _document(file)
        if name in SHIPPED:
            raise ValueError(f"outlines of {name} must be GeoJSON; call a layer of tiles otherwise")
        if file.name.endswith(".gz"):
            raise ValueError("an archive of tiles is read by pieces: unpack it")
        found = tiles.read(file)
    except (OSError, EOFError, zlib.error, ValueError, msgspec.MsgspecError) as error:
        return About(fault=str(error))
    return About(_plain(found.name), _plain(found.attribution), found)


def _document(file: Path) -> About:
    """What a GeoJSON or TopoJSON document says of itself, once it is found to hold shapes."""
    body = file.read_bytes()
    found = msgspec.json.decode(gzip.decompress(body) if body.startswith(MAGIC) else body)
    kind = found.get("type") if isinstance(found, dict) else None
    if kind == "Topology":
        whole = bool(found.get("objects")) and isinstance(found.get("arcs"), list)
        if not whole:
            raise ValueError("the Topology has no objects, or no arcs")
    elif kind == "FeatureCollection":
        features = found.get("features")
        if not isinstance(features, list) or not features:
            raise ValueError("the FeatureCollection has no features")
        for number, feature in enumerate(features, 1):
            _check(feature, number)
    else:
        raise ValueError("this is no FeatureCollection and no Topology")
    return About(_plain(found.get("name")), _plain(found.get("attribution")))


def _check(feature: Any, number: int) -> None:
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        raise ValueError(f"feature {number} is no Feature")
    part = (feature.get("geometry") or {}).get("coordinates")
    while isinstance(part, list) and part and isinstance(part[0], list):
        part = part[0]
    if not part:
        return
    numbers = isinstance(part, list) and all(isinstance(one, int | float) for one in part[:2])
    if not (numbers and len(part) > 1 and abs(part[0]) <= 180 and abs(part[1]) <= 90):
        raise ValueError(
            f"feature {number} is not in degrees of longitude and latitude; write it in WGS-84"
        )


def _plain(text: object) -> str:
    """A text without markup: archives often link to where they come from."""
    if not isinstance(text, str):
        return ""
    return " ".join(html.unescape(MARKUP.sub(" ", text)).split())[:LONGEST]
