"""The outlines that a map draws: shipped ones, and those that a deployer puts in their stead."""

from __future__ import annotations

import functools
import gzip
import hashlib
from importlib import resources
from pathlib import Path
from typing import Final, NamedTuple

from hotspring.errors import NotFound

SHIPPED: Final = ("world", "province", "city", "district")
"""Each a TopoJSON file; that of provinces holds the dash line as well."""
FORMS: Final = {
    ".topo.json": "topojson", ".topojson": "topojson", ".geojson": "geojson", ".json": "geojson",
    ".pmtiles": "pmtiles",
}  # fmt: skip
"""Endings of files that may be put into the folder, also with `.gz` behind (not of tiles)."""
MAGIC: Final = b"\x1f\x8b"


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


class Shapes:
    """Finds outlines in a folder of the deployer, and behind it what is shipped."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def all(self) -> list[Shape]:
        """Every layer there is; a file named like one that is shipped stands in its stead."""
        own = {shape.name: shape for shape in self._own()}
        shipped = [own.pop(name) if name in own else _shipped(name) for name in SHIPPED]
        return [*shipped, *(own[name] for name in sorted(own))]

    def find(self, name: str) -> Shape:
        """The layer of this name."""
        for shape in self.all():
            if shape.name == name:
                return shape
        names = ", ".join(shape.name for shape in self.all())
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
            name = plain.removesuffix(end)
            found.append(Shape(name, FORMS[end], True, file, version, seen.st_size))
        return found


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
