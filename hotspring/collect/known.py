"""Texts that clients repeat, by the bytes they come as, for a compiled pass to recognise."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numba
import numpy as np
from isal.isal_zlib import crc32

from hotspring.collect.address import byte_at, word_at

SLOTS: Final = 1 << 14
MOST_TEXTS: Final = SLOTS // 4
MOST_BYTES: Final = 4 << 20
PROBES: Final = 8
"""Whoever crafts texts that share a slot makes only their own texts unknown."""

START, END, GOOD = 0, 1, 2
FACTS: Final = 3
"""Of an entry: where its bytes stand in the arena, whether what they mean can be used, and then
whatever is remembered of them."""


class Tables(NamedTuple):
    """What `found` looks at. Entries that are there do not change."""

    slots: np.ndarray
    entries: np.ndarray
    arena: np.ndarray


class Known:
    """What is remembered of each text: texts and numbers that follow from it.

    Full, it forgets everything and begins again, with other tables: whoever still reads the old
    ones reads on. One thread at a time may teach it.
    """

    def __init__(self, texts: int, numbers: int) -> None:
        self._width = FACTS + 2 * texts + numbers
        self.forget()

    def forget(self) -> None:
        """Begin again."""
        # Memory that is not written yet costs nothing.
        self.tables = Tables(
            np.full(SLOTS, -1, np.int32),
            np.zeros((MOST_TEXTS, self._width), np.int64),
            np.zeros(MOST_BYTES, np.uint8),
        )
        self._count = self._bytes = 0

    def learn(self, raw: bytes, texts: Sequence[str], numbers: Sequence[int]) -> None:
        """From now on `raw` is known; no texts mean that it cannot be used."""
        told = [text.encode() for text in texts]
        size = len(raw) + sum(map(len, told))
        if self._count >= MOST_TEXTS or self._bytes + size > MOST_BYTES:
            self.forget()
        row = self.tables.entries[self._count]
        row[START], row[END] = self._keep(raw)
        row[GOOD] = bool(told)
        for place, text in enumerate(told):
            row[FACTS + 2 * place : FACTS + 2 * place + 2] = self._keep(text)
        if told:
            row[self._width - len(numbers) :] = numbers
        # Only now can it be found.
        slot = crc32(raw)
        for _ in range(PROBES):
            slot &= SLOTS - 1
            if self.tables.slots[slot] < 0:
                self.tables.slots[slot] = self._count
                break
            slot += 1
        self._count += 1

    def _keep(self, text: bytes) -> tuple[int, int]:
        start = self._bytes
        self._bytes += len(text)
        self.tables.arena[start : self._bytes] = np.frombuffer(text, np.uint8)
        return start, self._bytes


def _tables() -> np.ndarray:
    tables = np.zeros((8, 256), np.uint32)
    for byte in range(256):
        value = byte
        for _ in range(8):
            value = value >> 1 ^ (0xEDB88320 if value & 1 else 0)
        tables[0, byte] = value
    for row in range(1, 8):
        tables[row] = tables[row - 1] >> np.uint32(8) ^ tables[0, tables[row - 1] & 0xFF]
    return tables


_CRC: Final = _tables()


@numba.njit(cache=True, nogil=True)
def checksum(text: Any, start: Any, end: Any, before: Any) -> Any:
    """CRC-32 of the bytes from start to end behind the address `text`, after bytes whose CRC-32 was
    `before`, as zlib gives it.

    Eight bytes at a step (Kounavis and Berry, 2005).
    """
    crc = np.uint32(~np.uint32(before))
    at = start
    while at + 8 <= end:
        low = crc ^ word_at(text, at)
        high = word_at(text, at + 4)
        crc = np.uint32(
            _CRC[7, low & 0xFF]
            ^ _CRC[6, (low >> np.uint32(8)) & 0xFF]
            ^ _CRC[5, (low >> np.uint32(16)) & 0xFF]
            ^ _CRC[4, low >> np.uint32(24)]
            ^ _CRC[3, high & 0xFF]
            ^ _CRC[2, (high >> np.uint32(8)) & 0xFF]
            ^ _CRC[1, (high >> np.uint32(16)) & 0xFF]
            ^ _CRC[0, high >> np.uint32(24)]
        )
        at += 8
    while at < end:
        crc = np.uint32(_CRC[0, (crc ^ byte_at(text, at)) & 0xFF] ^ (crc >> np.uint32(8)))
        at += 1
    return np.uint32(~crc)


@numba.njit(cache=True, nogil=True)
def lower_checksum(text: Any, start: Any, end: Any) -> Any:
    """The CRC-32 of ASCII bytes, as if all their letters were small."""
    crc = np.uint32(0xFFFFFFFF)
    for at in range(start, end):
        byte = byte_at(text, at)
        small = byte | np.uint8(32) if 65 <= byte <= 90 else byte
        crc = np.uint32(_CRC[0, (crc ^ small) & 0xFF] ^ (crc >> np.uint32(8)))
    return np.uint32(~crc)


@numba.njit(cache=True, nogil=True)
def found(text: Any, start: Any, end: Any, slots: Any, entries: Any, arena: Any) -> Any:
    """The entry in a `Known` of the bytes from start to end behind the address `text`, or -1.

    `arena` is an address too.
    """
    slot = np.int64(checksum(text, start, end, np.uint32(0)))
    for _ in range(PROBES):
        slot &= SLOTS - 1
        entry = slots[slot]
        if entry < 0:
            return -1
        begin = entries[entry, START]
        if entries[entry, END] - begin == end - start:
            at = 0
            while at < end - start and byte_at(arena, begin + at) == byte_at(text, start + at):
                at += 1
            if at == end - start:
                return entry
        slot += 1
    return -1
