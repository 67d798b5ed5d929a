"""Days of time zones: borders, clock changes, dates that never were."""

from __future__ import annotations

import datetime as dt
import zoneinfo

import numpy as np
import pytest

from hotspring.days import DAY_MS, days_of
from tests.temperature.reference import day_of, start_of

EPOCH = dt.date(1970, 1, 1)


def date(number: int) -> dt.date:
    return EPOCH + dt.timedelta(days=number)


@pytest.mark.parametrize(
    ("zone", "days"),
    [
        ("Asia/Shanghai", ["1988-04-17", "1988-09-11", "2024-02-29", "2024-12-31"]),
        ("America/New_York", ["2024-03-10", "2024-11-03", "2024-11-04"]),
        ("America/Sao_Paulo", ["2018-11-04", "2018-02-18"]),  # midnight jumped over, and twice
        ("America/Havana", ["2024-03-10", "2024-11-03"]),
        ("Pacific/Apia", ["2011-12-29", "2011-12-31"]),  # 30 December never was
        ("Asia/Kolkata", ["2024-06-01"]),
        ("America/Toronto", ["1919-03-31"]),  # the clocks went from 23:30 to 00:30
    ],
)
def test_a_day_begins_when_its_date_is_first_on_the_clocks(zone: str, days: list[str]) -> None:
    place = zoneinfo.ZoneInfo(zone)
    found = days_of(place)
    for text in days:
        day = dt.date.fromisoformat(text)
        start = start_of(day, place)
        number = (day - EPOCH).days
        assert found.start(np.array([number], np.int32))[0] == start
        before, at = found.of(np.array([start - 1, start])).tolist()
        assert at == number
        assert date(before) == day_of(start - 1, place)


def test_a_day_that_never_was_gets_nothing() -> None:
    found = days_of(zoneinfo.ZoneInfo("Pacific/Apia"))
    skipped = (dt.date(2011, 12, 30) - EPOCH).days
    start = int(found.start(np.array([skipped], np.int32))[0])
    around = np.arange(start - 2 * DAY_MS, start + 2 * DAY_MS, 60_000)
    assert skipped not in found.of(around)


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/New_York", "Australia/Lord_Howe"])
def test_any_moment_lies_on_the_date_of_its_clocks(zone: str) -> None:
    place = zoneinfo.ZoneInfo(zone)
    moments = np.random.default_rng(7).integers(0, 2_500_000_000_000, 2_000)
    days = days_of(place).of(moments)
    assert [date(day) for day in days.tolist()] == [day_of(ms, place) for ms in moments.tolist()]


def test_far_moments_count_to_the_outermost_days() -> None:
    found = days_of(zoneinfo.ZoneInfo("UTC"))
    first, last = found.of(np.array([-(2**62), 2**62])).tolist()
    assert date(first).year == 1900
    assert date(last).year == 2199
