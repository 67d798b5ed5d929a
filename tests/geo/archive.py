"""Small archives of map tiles, written by hand as the specification says (PMTiles, version 3)."""

from __future__ import annotations

import gzip
import json
import struct
import zlib
from typing import Any

HEADER = struct.Struct("<7sB11Q6B4iB2i")
WORLD = (-180.0, -85.0, 180.0, 85.0)
MVT, PNG = 1, 2
EXTENT = 4096


def varint(number: int) -> bytes:
    found = bytearray()
    while number > 0x7F:
        found.append(number & 0x7F | 0x80)
        number >>= 7
    found.append(number)
    return bytes(found)


def archive(
    tile: bytes, kind: int, *, packed: bool = True, box: tuple[float, ...] = WORLD, **about: Any
) -> bytes:
    """An archive whose only tile is that of the whole world."""
    pack = gzip.compress if packed else bytes
    # One entry: its id 0, one tile, its length, and where it begins (0 is written as 1).
    root = pack(b"".join(map(varint, (1, 0, 1, len(tile), 1))))
    words = pack(json.dumps(about).encode())
    at = HEADER.size
    spans = (
        at, len(root), at + len(root), len(words), at + len(root) + len(words), 0,
        at + len(root) + len(words), len(tile),
    )  # fmt: skip
    inner = 2 if packed else 1
    west, south, east, north = (round(one * 1e7) for one in box)
    head = HEADER.pack(
        b"PMTiles", 3, *spans, 1, 1, 1, 1, inner, 1, kind, 0, 0, west, south, east, north, 0, 0, 0
    )
    return head + root + words + tile


def png(red: int, green: int, blue: int, side: int = 256) -> bytes:
    """A picture of one colour."""

    def chunk(name: bytes, body: bytes) -> bytes:
        sum_ = struct.pack(">I", zlib.crc32(name + body))
        return struct.pack(">I", len(body)) + name + body + sum_

    head = struct.pack(">2I5B", side, side, 8, 2, 0, 0, 0)
    rows = (b"\0" + bytes((red, green, blue)) * side) * side
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )  # fmt: skip


def field(number: int, body: bytes) -> bytes:
    return varint(number << 3 | 2) + varint(len(body)) + body


def vector(layer: str, name: str) -> bytes:
    """A vector tile: a polygon over the whole tile, and a point in its middle that has a name."""

    def zigzag(*numbers: int) -> list[int]:
        return [number << 1 ^ number >> 31 for number in numbers]

    move, line, close = 1 << 3 | 1, 3 << 3 | 2, 1 << 3 | 7
    side = EXTENT
    ring = [move, *zigzag(0, 0), line, *zigzag(side, 0, 0, side, -side, 0), close]
    point = [move, *zigzag(side // 2, side // 2)]

    def feature(kind: int, geometry: list[int]) -> bytes:
        tags = field(2, varint(0) + varint(0))
        return field(2, tags + bytes((3 << 3, kind)) + field(4, b"".join(map(varint, geometry))))

    body = bytes((15 << 3, 2)) + field(1, layer.encode()) + feature(3, ring) + feature(1, point)
    body += field(3, b"name") + field(4, field(1, name.encode()))
    body += bytes((5 << 3,)) + varint(side)
    return field(3, body)
