"""Archives of map tiles: what one holds, read from its first bytes (PMTiles, version 3)."""

from __future__ import annotations

import gzip
import struct
import zlib
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple

import msgspec

MAGIC: Final = b"PMTiles"
VERSION: Final = 3
HEADER: Final = struct.Struct("<7sB11Q6B4iB2i")
"""https://github.com/protomaps/PMTiles/blob/main/spec/v3/spec.md, 127 bytes."""
NONE, GZIP = 1, 2
KINDS: Final = {1: "vector", 2: "raster", 3: "raster", 4: "raster", 5: "raster"}
"""Vector tiles, PNG, JPEG, WebP, AVIF."""
DEEPEST: Final = 30
MOST_BYTES: Final = 16 << 20
"""Of a directory or of the words about an archive."""
DEGREES: Final = 1e7


class Archive(NamedTuple):
    """What an archive holds."""

    kind: str
    """`vector` or `raster`."""
    least: int
    """The smallest zoom there are tiles of, and the largest."""
    most: int
    box: tuple[float, float, float, float]
    """West, south, east, north."""
    layers: tuple[str, ...]
    """Of vector tiles: the names of their layers."""
    name: str
    attribution: str
    """As they stand in the archive, perhaps with markup."""


def read(file: Path) -> Archive:
    """What does this archive hold? Raises `ValueError` that says what is wrong with it."""
    size = file.stat().st_size
    with file.open("rb") as opened:
        head = opened.read(HEADER.size)
        if not head.startswith(MAGIC):
            raise ValueError("this is no PMTiles archive")
        if len(head) < HEADER.size:
            raise ValueError("the archive ends within its header")
        numbers = HEADER.unpack(head)[1:]
        version, spans, (inner, outer, kind, least, most) = numbers[0], numbers[1:9], numbers[13:18]
        west, south, east, north = numbers[18:22]
        if version != VERSION:
            raise ValueError(f"this is PMTiles version {version}; write it as version {VERSION}")
        root, about, leaves, tiles = zip(spans[::2], spans[1::2], strict=True)
        if any(at + length > size for at, length in (root, about, leaves, tiles)):
            raise ValueError("the archive is cut off; copy it again")
        if inner not in (NONE, GZIP) or (kind == 1 and outer not in (NONE, GZIP)):
            raise ValueError("only archives that are compressed by gzip, or not at all, are read")
        if kind not in KINDS:
            raise ValueError(f"tiles of type {kind} cannot be drawn; write MVT, PNG, JPEG or WebP")
        if not least <= most <= DEEPEST:
            raise ValueError(f"zooms {least} to {most} cannot be")
        if not _part(opened, root, inner).strip(b"\0"):
            raise ValueError("the archive holds no tiles")
        told = _words(_part(opened, about, inner))
    box = west / DEGREES, south / DEGREES, east / DEGREES, north / DEGREES
    if not (-180 <= box[0] <= box[2] <= 180 and -90 <= box[1] <= box[3] <= 90):
        raise ValueError("the archive states no box in degrees")
    layers = tuple(_layers(told)) if KINDS[kind] == "vector" else ()
    if KINDS[kind] == "vector" and not layers:
        raise ValueError("vector tiles must name their layers (vector_layers in the metadata)")
    name, attribution = (str(told.get(key) or "") for key in ("name", "attribution"))
    return Archive(KINDS[kind], least, most, box, layers, name, attribution)


def _part(opened: BinaryIO, span: tuple[int, int], compression: int) -> bytes:
    at, length = span
    opened.seek(at)
    body = opened.read(min(length, MOST_BYTES))
    if compression == NONE or not body:
        return body
    try:
        return gzip.decompress(body)
    except (OSError, EOFError, zlib.error) as error:
        raise ValueError(f"the archive is damaged: {error}") from error


def _words(body: bytes) -> dict[str, Any]:
    try:
        told = msgspec.json.decode(body or b"{}")
    except msgspec.DecodeError as error:
        raise ValueError(f"the metadata of the archive is no JSON: {error}") from error
    return told if isinstance(told, dict) else {}


def _layers(told: dict[str, Any]) -> list[str]:
    found = told.get("vector_layers")
    rows = found if isinstance(found, list) else []
    return [str(row["id"]) for row in rows if isinstance(row, dict) and row.get("id")]
