"""When an event happened: reading a client's time, correcting its clock."""

from __future__ import annotations

import datetime
import math
import re
from typing import Final

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
