"""Clocks that are changed, half-lives of an hour and of ten years, one profile that never rests."""

from __future__ import annotations

import datetime as dt
import math
import zoneinfo
from pathlib import Path

import pytest

from hotspring.event import Event
from hotspring.settings import Settings
from tests.laws.folding import DAY, HOUR, Folding

TITLE = {"zh": "z", "en": "e"}
HALF = 30 * DAY


def rules(*some: dict[str, object]) -> dict[str, object]:
    many = [
        {"id": f"r{at}", "title": TITLE, "events": ["a"], "points": 2, **one}
        for at, one in enumerate(some)
    ]
    return {"title": TITLE, "e_half": 10, "currency": "CNY", "rates": {}, "rules": many}


def event(number: int, ms: int) -> Event:
    return Event(f"m{number}", "track", "a", ms, ("user_id:lin",), number)


def energy(pool: Folding, now: int) -> float:
    (found,) = pool.warmth(now).values()
    return found[1]


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Berlin", (2024, 3, 31), 23),
        ("Europe/Berlin", (2024, 10, 27), 25),
        ("America/New_York", (2024, 3, 10), 23),
        ("America/New_York", (2024, 11, 3), 25),
        ("Asia/Shanghai", (1986, 5, 4), 23),
        ("Asia/Shanghai", (1991, 9, 15), 25),
        ("Asia/Shanghai", (1992, 9, 15), 24),
        ("Australia/Lord_Howe", (2024, 4, 7), 24.5),
        ("Australia/Lord_Howe", (2024, 10, 6), 23.5),
    ],
)
def test_a_day_of_the_pool_lasts_as_long_as_its_clocks_say(
    tmp_path: Path, zone: str, day: tuple[int, int, int], hours: float
) -> None:
    place = zoneinfo.ZoneInfo(zone)
    starts = [
        int((dt.datetime(*day, tzinfo=place) + dt.timedelta(days=n)).timestamp() * 1000)
        for n in range(-1, 3)
    ]
    assert (starts[2] - starts[1]) / HOUR == hours
    with Folding(tmp_path / "pool", Settings(timezone=zone)) as pool:
        pool.command("rules", rules({"half_life_days": 30, "cap": 5}))
        # Three at each end of the day in question, one just outside of it on either side.
        moments = [starts[1] - 1, starts[2]]
        moments += [starts[1] + n for n in range(3)] + [starts[2] - 1 - n for n in range(3)]
        pool.deliver([event(n, ms) for n, ms in enumerate(moments)])
        now = starts[3]
        expected = math.fsum(
            most * 2 ** (-(now - start) / HALF)
            for most, start in zip((2.0, 5.0, 2.0), starts, strict=False)
        )
        assert energy(pool, now) == pytest.approx(expected, rel=1e-9)
        assert pool.app.pipeline.replace_by_rebuild()
        assert energy(pool, now) == pytest.approx(expected, rel=1e-9)


def test_an_hour_and_ten_years_stand_side_by_side(tmp_path: Path) -> None:
    start = 1_600_000_000_000
    with Folding(tmp_path / "pool") as pool:
        pool.command("rules", rules({"half_life_days": 1 / 24}, {"half_life_days": 3650}))
        moments = [start + n * 30 * DAY for n in range(60)]
        # Late ones come last: order does not matter.
        pool.deliver([event(n, ms) for n, ms in enumerate(moments) if n % 3])
        pool.deliver([event(n, ms) for n, ms in enumerate(moments) if n % 3 == 0])
        for now in (moments[-1], moments[-1] + HOUR, moments[-1] + 3650 * DAY):
            expected = math.fsum(
                2.0 * 2 ** (-(now - ms) / half) for half in (HOUR, 3650 * DAY) for ms in moments
            )
            assert energy(pool, now) == pytest.approx(expected, rel=1e-9)
        assert pool.app.pipeline.replace_by_rebuild()


def test_one_profile_with_very_many_events(tmp_path: Path) -> None:
    count, part = 60_000, 20_000
    start = 1_700_000_000_000
    with Folding(tmp_path / "pool") as pool:
        pool.command("rules", rules({"half_life_days": 30}, {"half_life_days": 30, "cap": 7}))
        for first in range(0, count, part):
            pool.deliver([event(n, start + n * 60_000) for n in range(first, first + part)])
        now = start + count * 60_000
        plain = math.fsum(2.0 * 2 ** (-(now - start - n * 60_000) / HALF) for n in range(count))
        zone = dt.timezone(dt.timedelta(hours=8))
        days: dict[int, float] = {}
        for n in range(count):
            date = dt.datetime.fromtimestamp((start + n * 60_000) / 1000, zone).date()
            midnight = int(dt.datetime(date.year, date.month, date.day, tzinfo=zone).timestamp())
            days[midnight * 1000] = days.get(midnight * 1000, 0.0) + 2.0
        capped = math.fsum(
            min(sum_, 7.0) * 2 ** (-(now - day) / HALF) for day, sum_ in days.items()
        )
        assert energy(pool, now) == pytest.approx(plain + capped, rel=1e-9)
        assert pool.app.pool.status()["events"] == count
        rows, following = pool.app.pool.timeline("user_id:lin", 50, None)
        assert len(rows) == 50
        assert following is not None
        assert sum(one["events"] for one in pool.app.pool.contributions("user_id:lin")) >= count
