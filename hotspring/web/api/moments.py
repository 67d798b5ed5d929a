"""Moments in requests: ISO 8601, or milliseconds."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from typing import Final

from hotspring.errors import BadRequest

EPOCH: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
LAST_MS: Final = 253_402_300_799_999
"""The end of the year 9999."""


def to_ms(text: str, zone: zoneinfo.ZoneInfo | dt.timezone = dt.UTC) -> int:
    """Which moment (ms since 1970 UTC) is meant? A time without an offset is one of `zone`."""
    if text.lstrip("-").isdecimal():
        ms = int(text) if len(text) < 20 else LAST_MS + 1
    else:
        try:
            # A plus sign that was not encoded arrives as a blank.
            moment = dt.datetime.fromisoformat(text.strip().replace(" ", "+"))
            if moment.tzinfo is None:
                moment = moment.replace(tzinfo=zone)
            ms = (moment - EPOCH) // dt.timedelta(milliseconds=1)
        except (ValueError, OverflowError) as error:
            raise BadRequest(
                "write a moment as 2026-03-01T08:00:00Z, 2026-03-01 or in milliseconds since 1970"
            ) from error
    if not 0 <= ms <= LAST_MS:
        raise BadRequest("a moment lies between the years 1970 and 9999")
    return ms
