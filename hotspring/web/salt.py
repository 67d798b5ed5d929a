"""The salt under which passers-by are counted: another one each day, the former ones gone."""

from __future__ import annotations

import asyncio
import secrets
import threading
import zoneinfo
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec
import numpy as np

from hotspring import durable
from hotspring.days import days_of

FILE: Final = "passers.salt"
BYTES: Final = 32
LOOK_SECONDS: Final = 60.0
"""So long may a salt outlive its day."""


class _Kept(msgspec.Struct, frozen=True):
    day: int
    salt: bytes


class Salt:
    """The salt of the day, in a file so that a restart counts nobody twice. From any thread."""

    def __init__(self, file: Path, zone: zoneinfo.ZoneInfo, clock_ms: Callable[[], int]) -> None:
        self._file = file
        self._days = days_of(zone)
        self._clock_ms = clock_ms
        self._lock = threading.Lock()
        self._kept = _read(file)

    def today(self) -> bytes:
        """The salt of this day of the pool's zone. That of a day before is forgotten."""
        day = int(self._days.of(np.array([self._clock_ms()], np.int64))[0])
        with self._lock:
            if self._kept is None or self._kept.day != day:
                # Another process of this pool may have come first.
                self._kept = _read(self._file)
            if self._kept is None or self._kept.day != day:
                self._kept = _Kept(day, secrets.token_bytes(BYTES))
                durable.put(self._file, msgspec.msgpack.encode(self._kept))
            return self._kept.salt

    async def keep(self) -> None:
        """Forget the salt of a day when it is over, even if nobody passes by."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            self.today()


def _read(file: Path) -> _Kept | None:
    try:
        return msgspec.msgpack.decode(file.read_bytes(), type=_Kept)
    except (FileNotFoundError, msgspec.DecodeError):
        return None
