"""What a journal file whose structure is damaged still holds: its pages, read one by one.

SQLite finds records through pages that lead to other pages; where one of those is damaged, all
behind it is out of its reach. The records themselves are whole, and each carries a checksum over
its number: so every page is taken for what it may be, and what has a right checksum is a record.
Format of pages and cells: https://www.sqlite.org/fileformat2.html
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

PAGE: Final = 4096
LEAF: Final = 0x0D
FIRST_HEADER: Final = 100
MOST_LOCAL: Final = PAGE - 35
LEAST_LOCAL: Final = (PAGE - 12) * 32 // 255 - 23
LOG_HEADER: Final = 32
FRAME_HEADER: Final = 24
COLUMNS: Final = 7
INTEGERS: Final = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}

Row = tuple[int, int, int, int, int, int, bytes]
"""seq, kind, at_ms, events, size, crc, body."""


class Pages:
    """The pages of one file, those in its write-ahead log instead of older ones in the file."""

    def __init__(self, path: Path) -> None:
        self._bytes = path.read_bytes()
        log = path.with_name(f"{path.name}-wal")
        self._log = log.read_bytes() if log.exists() else b""
        salts = self._log[16:24]  # frames of an earlier round of the log carry other ones
        self._newer = {
            int.from_bytes(self._log[at : at + 4], "big"): at + FRAME_HEADER
            for at in range(LOG_HEADER, len(self._log) - PAGE, FRAME_HEADER + PAGE)
            if self._log[at + 8 : at + 16] == salts
        }
        self.count = max([len(self._bytes) // PAGE, *self._newer])

    def page(self, number: int) -> bytes:
        """Page `number`, from 1 on; empty where there is none."""
        at = self._newer.get(number)
        if at is not None:
            return self._log[at : at + PAGE]
        return self._bytes[(number - 1) * PAGE : number * PAGE]

    def rows(self) -> Iterator[Row]:
        """Everything that looks like a record, in no order; the checksum tells which is one."""
        for number in range(1, self.count + 1):
            page = self.page(number)
            header = FIRST_HEADER if number == 1 else 0
            if len(page) < PAGE or page[header] != LEAF:
                continue
            cells = int.from_bytes(page[header + 3 : header + 5], "big")
            for cell in range(min(cells, PAGE // 4)):
                place = header + 8 + 2 * cell
                # What is no record ends in the middle, or names a page that is not there.
                with contextlib.suppress(IndexError, ValueError):
                    yield self._row(page, int.from_bytes(page[place : place + 2], "big"))

    def _row(self, page: bytes, at: int) -> Row:
        size, at = _varint(page, at)
        seq, at = _varint(page, at)
        values = _values(self._payload(page, at, size))
        return (seq, *values[1:])  # type: ignore[return-value]

    def _payload(self, page: bytes, at: int, size: int) -> bytes:
        if size <= MOST_LOCAL:
            return page[at : at + size]
        local = LEAST_LOCAL + (size - LEAST_LOCAL) % (PAGE - 4)
        local = local if local <= MOST_LOCAL else LEAST_LOCAL
        parts = [page[at : at + local]]
        following = int.from_bytes(page[at + local : at + local + 4], "big")
        missing = size - local
        while missing > 0:
            more = self.page(following)
            if following == 0 or len(more) < PAGE:
                raise ValueError("it goes on nowhere")
            parts.append(more[4 : 4 + missing])
            following = int.from_bytes(more[:4], "big")
            missing -= PAGE - 4
        return b"".join(parts)


def _values(payload: bytes) -> list[int | bytes]:
    """The columns of a record."""
    end, at = _varint(payload, 0)
    types = []
    while at < end:
        kind, at = _varint(payload, at)
        types.append(kind)
    if len(types) != COLUMNS or at != end:
        raise ValueError("no record of the journal")
    values: list[int | bytes] = []
    for kind in types:
        size = INTEGERS.get(kind, 0) if kind < 12 else (kind - 12) // 2
        part = payload[at : at + size]
        if len(part) < size:
            raise ValueError("cut off")
        at += size
        if kind < 12:
            values.append(1 if kind == 9 else int.from_bytes(part, "big", signed=True))
        else:
            values.append(part)
    if not isinstance(values[-1], bytes):
        raise ValueError("no body")
    return values


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """The number that begins here, and where it ends: up to nine bytes, the high ones first."""
    value = 0
    for index in range(8):
        byte = data[at + index]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + index + 1
    return value << 8 | data[at + 8], at + 9
