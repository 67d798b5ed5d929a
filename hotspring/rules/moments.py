"""From moments of a rule to milliseconds."""

from __future__ import annotations

import datetime
import zoneinfo
from typing import Final, NamedTuple

from hotspring.rules.tree import UNITS, Moment, Window

EVER: Final = 2**62
NOW: Final = 2**61
"""Stands for the moment of asking in text that is made once. No other time is near it."""
NEAR: Final = 2**44


class Stretch(NamedTuple):
    """`start <= ms < end`."""

    start: int
    end: int


def instant(text: str, zone: zoneinfo.ZoneInfo) -> int:
    """Milliseconds since 1970 UTC of a date, or date and time, of ISO 8601.

    Raises `ValueError` where it is none. A date is its first moment.
    """
    found = datetime.datetime.fromisoformat(text)
    local = found if found.tzinfo is not None else found.replace(tzinfo=zone)
    return round(local.timestamp() * 1000)


def milliseconds(moment: Moment, now: int, zone: zoneinfo.ZoneInfo) -> int:
    """When is this moment, seen at `now`?"""
    if moment.at is not None:
        return instant(moment.at, zone)
    return now + ((moment.ahead or 0) - (moment.ago or 0)) * UNITS[moment.unit]


def stretch(window: Window, now: int, zone: zoneinfo.ZoneInfo) -> Stretch:
    """Which times does a window hold, seen at `now`?"""
    start = -EVER if window.since is None else milliseconds(window.since, now, zone)
    end = EVER if window.until is None else milliseconds(window.until, now, zone)
    return Stretch(start, end)


def past(window: Window, now: int, zone: zoneinfo.ZoneInfo) -> Stretch:
    """Which times up to `now`, included, does a window hold?"""
    start, end = stretch(window, now, zone)
    return Stretch(start, min(end, now + 1))
