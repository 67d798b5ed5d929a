"""Moments: what time it is, and how it is written, in ISO 8601 in UTC, to the millisecond."""

from __future__ import annotations

import datetime as dt
import time
from typing import overload

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
LAST_MS = 253_402_300_799_999
"""The end of the year 9999: what lies beyond is written as never."""


def clock() -> int:
    """What time is it, in ms since 1970 UTC?"""
    return time.time_ns() // 1_000_000


@overload
def iso(ms: int) -> str: ...
@overload
def iso(ms: None) -> None: ...
def iso(ms: int | None) -> str | None:
    """How is this moment (ms since 1970 UTC) written? None stays None."""
    if ms is None:
        return None
    moment = EPOCH + dt.timedelta(milliseconds=min(max(ms, -62_135_596_800_000), LAST_MS))
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
