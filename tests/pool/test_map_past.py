"""Past maps: what was shown then is told again, restated by what is known today."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from hotspring.errors import Forbidden
from hotspring.pool import Asked
from tests.laws.folding import DAY, Folding
from tests.pool.test_heatmap import CROWD, SHANGHAI, XIHU, told

MIDNIGHT = int(dt.datetime(2025, 10, 10, tzinfo=ZoneInfo("Asia/Shanghai")).timestamp() * 1000)


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    moment = [MIDNIGHT]
    for module in ("heatmap", "live", "published"):
        monkeypatch.setattr(f"hotspring.pool.{module}.clock", lambda: moment[0])
    monkeypatch.setattr("hotspring.pool.past_maps.PATIENCE", 60.0)
    return moment


@pytest.fixture
def pool(tmp_path: Path, now: list[int]) -> Iterator[Folding]:
    with Folding(tmp_path) as pool:
        early = [told(n, place, now[0] - 9 * DAY) for n, place in enumerate(CROWD)]
        pool.deliver([*early, told(0, SHANGHAI, now[0] - 1_000)])
        yield pool
        pool.app.pool.heatmap.close()


def show(pool: Folding, profiles: bool = True, **asked: Any) -> dict[str, Any]:
    return pool.app.pool.heatmap.show(Asked(**asked), profiles)


@pytest.mark.parametrize("after", [0, 3_600_000], ids=["a stored day", "another moment"])
@pytest.mark.parametrize("level", ["province", "district", "cell"])
def test_the_past_is_told_as_it_was(pool: Folding, now: list[int], level: str, after: int) -> None:
    moment = now[0] = now[0] + after
    then = show(pool, level=level)
    now[0] += DAY
    pool.deliver([told(n, XIHU, now[0] - 5_000) for n in range(30)])
    again = show(pool, level=level, at=moment)
    assert again["areas"] == then["areas"]
    assert (again["unlocated"], again["restated"]) == (then["unlocated"], True)
    assert show(pool, level=level)["areas"] != then["areas"]


def test_what_came_late_counts_in_the_past(pool: Folding, now: list[int]) -> None:
    moment, now[0] = now[0], now[0] + DAY
    pool.deliver([told(70 + n, SHANGHAI, moment - 60_000) for n in range(4)])
    areas = {area["name"]: area["profiles"] for area in show(pool, at=moment)["areas"]}
    assert areas["上海市"] == 6 + 4


def test_two_moments_are_compared(pool: Folding, now: list[int]) -> None:
    moment, now[0] = now[0], now[0] + DAY
    pool.deliver([told(n, XIHU, now[0] - 5_000, name="Order Completed") for n in range(7)])
    rows = {area["name"]: area for area in show(pool, since=moment)["areas"]}
    then = {area["name"]: area for area in show(pool, at=moment)["areas"]}
    now_mean, was = rows["浙江省"]["mean"], then["浙江省"]["mean"]
    assert rows["浙江省"]["change"] == pytest.approx(now_mean - was, abs=0.02)
    assert rows["浙江省"]["change"] > 1
    assert rows["巴西"]["change"] < 0, "it cooled"


def test_the_days_are_those_of_the_pool(pool: Folding, now: list[int]) -> None:
    days = pool.app.pool.heatmap.days()["days"]
    assert len(days) == 30
    assert days[-1] == "2025-10-09T16:00:00.000Z"


def test_an_erasure_takes_the_files_along(pool: Folding, tmp_path: Path, now: list[int]) -> None:
    assert show(pool, at=now[0] - DAY)["profiles"] == 31
    assert list((tmp_path / "map" / "days").glob("*/*/state.npy"))
    print_ = f"{pool.app.pipeline.state.who.print_of('user_id:u20'):016x}"
    pool.command("erase", {"id": "e1", "tombstones": [print_], "profile": [print_]})
    pool.app.erase()
    assert not (tmp_path / "map" / "days").exists()
    assert show(pool, at=now[0] - DAY)["profiles"] == 30


def test_a_role_that_lists_no_profiles_sees_no_moments(pool: Folding, now: list[int]) -> None:
    with pytest.raises(Forbidden):
        show(pool, profiles=False, at=now[0] - DAY)
