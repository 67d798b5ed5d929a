"""The salt under which passers-by are counted: another one each day, the former ones gone."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import threading
import zoneinfo
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec
import numpy as np
import structlog

from hotspring import durable
from hotspring.days import days_of

_log = structlog.get_logger("hotspring.door")

FILE: Final = "passers.salt"
BYTES: Final = 32
LOOK_SECONDS: Final = 60.0
"""So long may a salt outlive its day."""


class _Kept(msgspec.Struct, frozen=True):
    day: int
    salt: bytes


class Salt:
    """The salt of the day, in a file so that a restart counts nobody twice. From any thread.

    Where the file cannot be written (a full disk) the salt lives in memory until it can.
    """

    def __init__(self, file: Path, zone: zoneinfo.ZoneInfo, clock_ms: Callable[[], int]) -> None:
        self._file = file
        self._days = days_of(zone)
        self._clock_ms = clock_ms
        self._lock = threading.Lock()
        self._kept = _read(file)
        self._saved = True

    def today(self) -> bytes:
        """The salt of this day of the pool's zone. That of a day before is forgotten."""
        with self._lock:
            day = self._day()
            if self._kept is None or self._kept.day != day:
                self._begin(day)
            assert self._kept is not None
            return self._kept.salt

    async def keep(self) -> None:
        """Forget the salt of a day when it is over, even if nobody passes by."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            self.look()

    def look(self) -> None:
        """Begin the day if nobody did, and write down what could not be written before."""
        self.today()
        with self._lock:
            if not self._saved:
                self._begin(self._day())

    def _day(self) -> int:
        return int(self._days.of(np.array([self._clock_ms()], np.int64))[0])

    def _begin(self, day: int) -> None:
        # Another process of this pool may have come first.
        found, mine = _read(self._file), self._kept
        self._saved = found is not None and found.day == day
        if self._saved:
            self._kept = found
            return
        if mine is None or mine.day != day:
            mine = self._kept = _Kept(day, secrets.token_bytes(BYTES))
        try:
            durable.put(self._file, msgspec.msgpack.encode(mine))
            self._saved = True
        except OSError as error:
            _log.warning("the salt of the day is not kept over a restart", error=str(error))
            with contextlib.suppress(OSError):
                self._file.unlink(missing_ok=True)  # that of a day before


def _read(file: Path) -> _Kept | None:
    try:
        return msgspec.msgpack.decode(file.read_bytes(), type=_Kept)
    except (OSError, msgspec.DecodeError):
        return None
