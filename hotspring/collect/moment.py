"""When an event happened: reading a client's time, correcting its clock."""

from __future__ import annotations

import datetime
import math
import re
from typing import Any, Final

import numba
import numpy as np

from hotspring.collect.address import byte_at
from hotspring.collect.verdict import Reason, Unfit

TOLERANCE_MS: Final = 60_000
"""A difference of clocks up to here is taken for the time the request was under way."""
HOUR_MS: Final = 3_600_000
CACHED: Final = 65_536

_EPOCH: Final = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
_MS: Final = datetime.timedelta(milliseconds=1)
_MINUTE: Final = re.compile(r"\d{4}-\d\d-\d\d[T ](?:[01]\d|2[0-3]):\d\d:", re.ASCII)
_LONGEST_TAIL: Final = len("58.123+08:00")
"""Longer ones, with microseconds, hardly ever come again."""
_minutes: dict[str, int] = {}
_tails: dict[str, int] = {}


def milliseconds(value: object) -> int:
    """Which moment does a client mean, in milliseconds since 1970 UTC?

    ISO 8601 with an offset, `Z` or none (then UTC) and any fraction of a second; numbers and
    digits alone are seconds, milliseconds, micro- or nanoseconds since 1970, told apart by their
    size. Raises `Unfit` with `bad_timestamp`.
    """
    if type(value) is str:
        # 2026-01-31T23:59:58.123+08:00 is cut after the minute: both halves repeat, so that
        # nearly every time of a busy door is the sum of two values already known.
        try:
            return _minutes[value[:17]] + _tails[value[17:]]
        except KeyError:
            return _text(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _number(value)
    raise Unfit(Reason.BAD_TIMESTAMP, f"a time is text or a number, not {type(value).__name__}")


@numba.njit(cache=True, nogil=True)
def _digits(text: Any, at: Any, count: Any) -> Any:
    """The number that `count` digits make; far below zero where one is none."""
    number: Any = 0
    for place in range(at, at + count):
        digit = np.int64(byte_at(text, place)) - 48
        number = number * 10 + (digit if 0 <= digit <= 9 else -1_000_000)
    return number


@numba.njit(cache=True, nogil=True)
def parsed(text: Any, start: Any, end: Any) -> Any:
    """The `milliseconds` of the bytes from start to end behind the address `text`, and whether this
    pass can tell.

    Knows the forms that client libraries write, from 1970 to 2199, with a fraction and with an
    offset, `Z` or neither.
    """
    if end - start < 19:
        return 0, False
    between = byte_at(text, start + 10)
    if (
        (between != 84 and between != 32)
        or byte_at(text, start + 4) != 45
        or byte_at(text, start + 7) != 45
        or byte_at(text, start + 13) != 58
        or byte_at(text, start + 16) != 58
    ):
        return 0, False
    year, month = _digits(text, start, 4), _digits(text, start + 5, 2)
    day, hour = _digits(text, start + 8, 2), _digits(text, start + 11, 2)
    minute, second = _digits(text, start + 14, 2), _digits(text, start + 17, 2)
    if not (1970 <= year < 2200 and 1 <= month <= 12 and day >= 1):
        return 0, False
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    length = 30 + (month + month // 8) % 2 if month != 2 else 28 + leap
    if day > length or not (0 <= hour < 24 and 0 <= minute < 60 and 0 <= second < 60):
        return 0, False
    # Days from the civil calendar, years beginning in March (Hinnant, 2013).
    years = year - (month <= 2)
    days = years * 365 + years // 4 - years // 100 + years // 400
    days += (153 * ((month + 9) % 12) + 2) // 5 + day - 1 - 719468
    ms = ((days * 24 + hour) * 60 + minute) * 60_000 + second * 1000
    at = start + 19
    if at < end and byte_at(text, at) == 46:
        at += 1
        unit = 100
        first = at
        while at < end and 48 <= byte_at(text, at) <= 57:
            ms += unit * (np.int64(byte_at(text, at)) - 48)
            unit //= 10
            at += 1
        if at == first or at - first > 9:
            return 0, False
    if at == end or (byte_at(text, at) == 90 and at + 1 == end):
        return ms, True
    sign = byte_at(text, at)
    if end - at != 6 or byte_at(text, at + 3) != 58 or (sign != 43 and sign != 45):
        return 0, False
    hours, minutes = _digits(text, at + 1, 2), _digits(text, at + 4, 2)
    if not (0 <= hours < 24 and 0 <= minutes < 60):
        return 0, False
    offset = (hours * 60 + minutes) * 60_000
    return (ms - offset if sign == 43 else ms + offset), True


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
    if text[4:5] != "-":
        digits = text.removeprefix("-").replace(".", "", 1)
        if digits.isascii() and digits.isdigit() and 9 <= len(digits) <= 20:
            return _number(float(text))
    ms = _iso(text)
    if len(value) <= 17 + _LONGEST_TAIL and _MINUTE.match(value):
        if len(_minutes) >= CACHED:
            _minutes.clear()
        if len(_tails) >= CACHED:
            _tails.clear()
        minute = _minutes[value[:17]] = _iso(value[:16])
        _tails[value[17:]] = ms - minute
    return ms


def _iso(text: str) -> int:
    try:
        moment = datetime.datetime.fromisoformat(text)
    except ValueError:
        raise Unfit(Reason.BAD_TIMESTAMP, "the time is not ISO 8601") from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=datetime.UTC)
    return (moment - _EPOCH) // _MS


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
