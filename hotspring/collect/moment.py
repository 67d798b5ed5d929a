"""When an event happened: reading a client's time, correcting its clock."""

from __future__ import annotations

import datetime
import math
from typing import Final

from hotspring.collect.verdict import Reason, Unfit

TOLERANCE_MS: Final = 60_000
"""A difference of clocks up to here is taken for the time the request was under way."""
HOUR_MS: Final = 3_600_000
CACHED: Final = 65_536

_EPOCH: Final = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
_MS: Final = datetime.timedelta(milliseconds=1)
_minutes: dict[str, int] = {}
_tails: dict[str, int] = {}


def milliseconds(value: object) -> int:
    """Which moment does a client mean, in milliseconds since 1970 UTC?

    ISO 8601 with an offset, `Z` or none (then UTC) and any fraction of a second; numbers and
    digits alone are seconds, milliseconds, micro- or nanoseconds since 1970, told apart by their
    size. Raises `Unfit` with `bad_timestamp`.
    """
    if type(value) is str:
        # 2026-01-31T23:59:58.123Z is cut after the minute: both halves repeat, so that
        # nearly every time of a busy door is the sum of two values already known.
        minute, tail = _minutes.get(value[:17]), _tails.get(value[17:])
        return _text(value) if minute is None or tail is None else minute + tail
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _number(value)
    raise Unfit(Reason.BAD_TIMESTAMP, f"a time is text or a number, not {type(value).__name__}")


def shift(received_ms: int, sent_at: object) -> int:
    """By how many milliseconds must the times of a client move, which sent at `sent_at`?

    By the difference of the clocks where it exceeds a minute; a smaller one is the way through
    the network. A time of sending that is missing or cannot be read moves nothing.
    """
    if sent_at is None or sent_at == "":
        return 0
    try:
        offset = received_ms - milliseconds(sent_at)
    except Unfit:
        return 0
    return offset if abs(offset) > TOLERANCE_MS else 0


def start_of_year(year: int) -> int:
    """When did `year` begin, in milliseconds since 1970 UTC?"""
    return (datetime.datetime(year, 1, 1, tzinfo=datetime.UTC) - _EPOCH) // _MS


def _text(value: str) -> int:
    text = value.strip()
    digits = text.removeprefix("-").replace(".", "", 1)
    if digits.isascii() and digits.isdigit() and 9 <= len(digits) <= 20:
        return _number(float(text))
    try:
        moment = datetime.datetime.fromisoformat(text)
    except ValueError:
        raise Unfit(Reason.BAD_TIMESTAMP, "the time is not ISO 8601") from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=datetime.UTC)
    ms = (moment - _EPOCH) // _MS
    if len(value) == 24 and value[23] == "Z" and value[16] == ":" and value[19] == ".":
        _remember(value, ms)
    return ms


def _remember(value: str, ms: int) -> None:
    if len(_minutes) >= CACHED:
        _minutes.clear()
    if len(_tails) >= CACHED:
        _tails.clear()
    tail = ms % 60_000
    _minutes[value[:17]] = ms - tail
    _tails[value[17:]] = tail


def _number(value: float) -> int:
    if isinstance(value, int) and value.bit_length() > 80:
        raise Unfit(Reason.BAD_TIMESTAMP, "the number is too large for a time")
    if not math.isfinite(value):
        raise Unfit(Reason.BAD_TIMESTAMP, "the time is not a finite number")
    size = abs(value)
    if size < 1e11:
        return math.floor(value * 1000)
    if size < 1e14:
        return math.floor(value)
    if size < 1e17:
        return math.floor(value / 1e3)
    if size < 1e20:
        return math.floor(value / 1e6)
    raise Unfit(Reason.BAD_TIMESTAMP, "the number is too large for a time")
