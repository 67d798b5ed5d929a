"""Times as people and systems write them, to milliseconds since 1970 UTC."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
import zoneinfo
from typing import Final

EPOCH: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
EXCEL: Final = dt.datetime(1899, 12, 30)
YEAR_FIRST: Final = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ T]+(.*))?")
YEAR_LAST: Final = re.compile(r"(\d{1,2})([-/.])(\d{1,2})[-/.](\d{4}|\d{2})(?:,?[ T]+(.*))?")
DAY_NAMED: Final = re.compile(
    r"(\d{1,2})[ -]([a-z]{3,9})\.?,?[ -](\d{4})(?:,?[ T]+(.*))?", re.IGNORECASE
)
MONTH_NAMED: Final = re.compile(
    r"([a-z]{3,9})\.? (\d{1,2}),? (\d{4})(?:,?[ T]+(.*))?", re.IGNORECASE
)
CLOCK: Final = re.compile(
    r"(AM|PM)?\s*(\d{1,2}):(\d{1,2})?(?::(\d{1,2})(?:[.,](\d{1,9}))?)?:?\s*(AM|PM)?"
    r"\s*(Z|(?:UTC|GMT)?(?:[+-]\d{2}:?(?:\d{2})?)?)",
    re.IGNORECASE,
)
WEEKDAY: Final = re.compile(r"^(mon|tue|wed|thu|fri|sat|sun)[a-z]*,? +", re.IGNORECASE)
MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
SIGNS: Final = (
    ("年", "-"), ("月", "-"), ("日", " "), ("号", " "),
    ("时", ":"), ("点", ":"), ("分", ":"), ("秒", ""),
    ("上午", "AM "), ("凌晨", "AM "), ("早上", "AM "),
    ("下午", "PM "), ("晚上", "PM "), ("中午", "PM "),
)  # fmt: skip


def local_ms(moment: dt.datetime, zone: zoneinfo.ZoneInfo) -> int:
    """Which instant is this wall clock time?

    A time that a change of clocks skips moves forward by the gap; one that happens twice is the
    second, so that no instant is earlier than it may have been.
    """
    both = (moment.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    return max(_ms(each) for each in both)


def parse(text: str, zone: zoneinfo.ZoneInfo, day_first: bool = False) -> int | None:
    """Which instant does `text` write? None where it writes none.

    >>> parse("2024年1月2日 10:05", zoneinfo.ZoneInfo("Asia/Shanghai"))
    1704161100000
    """
    text = unicodedata.normalize("NFKC", text).strip()
    if not text or len(text) > 64 or not text.isprintable():
        return None
    number = _number(text, zone)
    if number is not None:
        return number
    for sign, plain in SIGNS:
        text = text.replace(sign, plain)
    text = WEEKDAY.sub("", text.strip())
    text = re.sub(r" *(星期|周)[一二三四五六日天] *", " ", text).strip()
    date = _date(text, day_first)
    if date is None:
        return None
    year, month, day, clock = date
    try:
        return _at(dt.datetime(year, month, day), clock or "", zone)
    except (ValueError, OverflowError):
        return None


def serial_ms(days: float, zone: zoneinfo.ZoneInfo) -> int:
    """Which instant is day number `days` of a spreadsheet? Rounded to the second."""
    return local_ms(EXCEL + dt.timedelta(seconds=round(days * 86_400)), zone)


def _ms(moment: dt.datetime) -> int:
    return (moment - EPOCH) // dt.timedelta(milliseconds=1)


def _number(text: str, zone: zoneinfo.ZoneInfo) -> int | None:
    if re.fullmatch(r"\d{5}(\.\d+)?", text) and 20_000 <= float(text) < 80_000:
        return serial_ms(float(text), zone)
    if re.fullmatch(r"\d{10}(\.\d+)?", text):
        whole, _, part = text.partition(".")
        return int(whole) * 1000 + int((part + "000")[:3])
    if not (text.isascii() and text.isdigit()):
        return None
    if len(text) in (13, 16, 19):
        return int(text[:13])
    form = {8: "%Y%m%d", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"}.get(len(text))
    if form is None:
        return None
    try:
        return local_ms(dt.datetime.strptime(text, form), zone)
    except (ValueError, OverflowError):
        return None


def _date(text: str, day_first: bool) -> tuple[int, int, int, str | None] | None:
    if found := YEAR_FIRST.fullmatch(text):
        return int(found[1]), int(found[2]), int(found[3]), found[4]
    if found := YEAR_LAST.fullmatch(text):
        first, second = int(found[1]), int(found[3])
        # Dots part days from months where the day is written first; 13 and more is no month.
        if (day_first or found[2] == "." or first > 12) and second <= 12:
            first, second = second, first
        year = int(found[4]) + (2000 if len(found[4]) == 2 else 0)
        return year, first, second, found[5]
    if found := DAY_NAMED.fullmatch(text):
        day, month, year_text, clock = found.groups()
    elif found := MONTH_NAMED.fullmatch(text):
        month, day, year_text, clock = found.groups()
    else:
        return None
    if month[:3].lower() not in MONTHS:
        return None
    return int(year_text), MONTHS.index(month[:3].lower()) + 1, int(day), clock


def _at(day: dt.datetime, clock: str, zone: zoneinfo.ZoneInfo) -> int | None:
    if not clock.strip():
        return local_ms(day, zone)
    found = CLOCK.fullmatch(clock.strip())
    if found is None:
        return None
    before, hour, minute, second, part, after, offset = found.groups()
    half = (before or after or "").upper()
    hours = int(hour)
    if half:
        if hours > 23:
            return None
        hours = hours % 12 + (12 if half == "PM" else 0) if hours <= 12 else hours
    if hours > 24 or int(minute or 0) > 59 or int(second or 0) > 59:
        return None
    micro = int(((part or "") + "000000")[:6])
    moment = day + dt.timedelta(
        hours=hours, minutes=int(minute or 0), seconds=int(second or 0), microseconds=micro
    )
    if not offset:
        return local_ms(moment, zone)
    digits = re.sub(r"[^\d+-]", "", offset)
    if not digits:
        return _ms(moment.replace(tzinfo=dt.UTC))
    minutes = int(digits[1:3]) * 60 + int(digits[3:5] or 0)
    sign = -1 if digits[0] == "-" else 1
    return _ms(moment.replace(tzinfo=dt.timezone(sign * dt.timedelta(minutes=minutes))))
