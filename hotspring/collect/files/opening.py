"""What lies in a file: its wrapping, its encoding and its kind, told by its bytes."""

from __future__ import annotations

import codecs
import enum
import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, cast

from isal import igzip, isal_zlib

from hotspring.errors import ImportRefused

CHUNK: Final = 1 << 20
HEAD: Final = 1 << 16
GZIP: Final = b"\x1f\x8b"
BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
CONTROLS: Final = tuple(bytes([n]) for n in (0, *range(2, 9), *range(14, 32)))
"""Bytes that no text holds; the first control character serves some systems as a delimiter."""
PAIR: Final = re.compile(rb"[\x81-\xfe][\x40-\x7e\x80-\xfe]")
HANZI: Final = re.compile(rb"[\xb0-\xf7][\xa1-\xfe]")
BROKEN: Final[tuple[type[Exception], ...]] = (
    EOFError,
    zlib.error,
    cast("type[Exception]", isal_zlib.error),
    OSError,
)


class Kind(enum.Enum):
    """Which reader a file needs."""

    PARQUET = "Parquet"
    WORKBOOK = "Excel"
    LINES = "JSON Lines"
    DELIMITED = "CSV"


@dataclass(frozen=True)
class Nature:
    """What a file is: how to open it and what its first characters are."""

    path: Path
    kind: Kind
    size: int
    packed: bool = False
    encoding: str = "utf-8"
    head: str = ""


def inspect(path: Path, encoding: str | None = None) -> Nature:
    """What is this file? Text is read through once, so that nothing starts on a broken file."""
    if not path.is_file():
        what = "is a folder; name one file in it" if path.is_dir() else "is not there"
        raise ImportRefused(f"{path.name} {what}")
    size = path.stat().st_size
    if size == 0:
        raise ImportRefused(f"{path.name} is empty")
    with path.open("rb") as file:
        start = file.read(8)
    if start.startswith(b"PAR1"):
        return Nature(path, Kind.PARQUET, size)
    if start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return Nature(path, Kind.WORKBOOK, size)
    if start.startswith((b"\x28\xb5\x2f\xfd", b"BZh", b"7z\xbc\xaf", b"\xfd7zXZ", b"Rar!")):
        raise ImportRefused(
            f"{path.name} is packed in a way that is not read; unpack it, or use gz"
        )
    packed = start.startswith(GZIP)
    name = encoding or _encoding(path, packed)
    try:
        codecs.lookup(name)
    except LookupError as error:
        raise ImportRefused(f"encoding {name!r} is not known") from error
    nature = Nature(path, Kind.DELIMITED, size, packed, name)
    with TextStream(nature) as stream:
        head = stream.read(HEAD).decode("utf-8", "ignore")
    if not head.strip():
        raise ImportRefused(f"{path.name} holds no text")
    kind = Kind.LINES if head.lstrip().startswith("{") else Kind.DELIMITED
    if head.lstrip().startswith("["):
        raise ImportRefused(f"{path.name} is one JSON array; write one object on each line instead")
    if head.lstrip().startswith("<"):
        raise ImportRefused(f"{path.name} is a page or XML, not a table; save it as CSV or Excel")
    return Nature(path, kind, size, packed, name, head)


class TextStream(io.RawIOBase):
    """The text of a file as UTF-8 bytes, whatever wrapping and encoding it came in."""

    def __init__(self, nature: Nature) -> None:
        self._nature = nature
        self._file = nature.path.open("rb")
        self._bytes = _unpacked(self._file, nature.packed)
        self._decoder = codecs.getincrementaldecoder(nature.encoding)("replace")
        self._left = b""
        self._begun = False
        self._ended = False
        self.quotes = 0
        """Quotation marks read so far: an odd number at the end means one was never closed."""

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        """The next `size` bytes, fewer only at the end."""
        parts, have = [self._left], len(self._left)
        while not self._ended and (size < 0 or have < size):
            part = self._next()
            parts.append(part)
            have += len(part)
        data = b"".join(parts)
        cut = len(data) if size < 0 else size
        self._left = data[cut:]
        return data[:cut]

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def fraction(self) -> float:
        """How much of the file was read, from 0 to 1."""
        return 1.0 if self._file.closed else min(1.0, self._file.tell() / self._nature.size)

    def close(self) -> None:
        if not self.closed:
            self._file.close()
        super().close()

    def _next(self) -> bytes:
        chunk = _pull(self._bytes, self._nature.path)
        self._ended = not chunk
        text = self._decoder.decode(chunk, self._ended)
        if not self._begun and text:
            self._begun = True
            text = text.removeprefix("\ufeff")
        data = text.encode("utf-8", "replace")
        self.quotes += data.count(b'"')
        return data


def _unpacked(file: IO[bytes], packed: bool) -> IO[bytes]:
    return cast("IO[bytes]", igzip.IGzipFile(fileobj=file)) if packed else file  # type: ignore[no-untyped-call]


def _pull(stream: IO[bytes], path: Path) -> bytes:
    try:
        return stream.read(CHUNK)
    except BROKEN as error:
        raise ImportRefused(f"{path.name} is damaged: the gz data ends or breaks early") from error


def _chunks(path: Path, packed: bool) -> Iterator[bytes]:
    with path.open("rb") as file:
        stream = _unpacked(file, packed)
        while chunk := _pull(stream, path):
            yield chunk


def _encoding(path: Path, packed: bool) -> str:
    """Which encoding is it? The whole text is read: Chinese may begin on the last line."""
    found = ""
    decoder = codecs.getincrementaldecoder("utf-8")()
    for number, chunk in enumerate(_chunks(path, packed)):
        if number == 0:
            if any(chunk.startswith(mark) for mark in (b"PAR1", b"PK\x03\x04")):
                raise ImportRefused(f"{path.name}: unpack the gz first, its content is no text")
            found = _marked(chunk, path)
        if not found:
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError:
                found = _judged(chunk)
    return found or "utf-8"


def _marked(chunk: bytes, path: Path) -> str:
    for mark, name in BOMS:
        if chunk.startswith(mark):
            return "" if name == "utf-8" else name
    sample = chunk[:HEAD]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if max(even, odd) * 4 > len(sample) // 2:
        return "utf-16-le" if odd > even else "utf-16-be"
    if sum(map(sample.count, CONTROLS)) > len(sample) // 100:
        raise ImportRefused(f"{path.name} is not a table: it holds binary data of no known kind")
    return ""


def _judged(chunk: bytes) -> str:
    """UTF-8 with a few broken bytes, GB18030, or a western code page?"""
    text = chunk.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    whole = sum(1 for c in text if c > "\x7f") - broken
    if broken * 10 <= whole:
        return "utf-8"
    pairs, hanzi = len(PAIR.findall(chunk)), len(HANZI.findall(chunk))
    damaged = chunk.decode("gb18030", "replace").count("\ufffd")
    # Western letters with accents rarely stand side by side; in GB 2312 both bytes are high.
    return "gb18030" if hanzi * 2 >= pairs and damaged * 20 <= hanzi else "cp1252"
