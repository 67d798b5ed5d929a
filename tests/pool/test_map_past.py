"""Past maps: what was shown then is told again, restated by what is known today."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspring.errors import Forbidden
from hotspring.pool import Asked
from tests.laws.folding import DAY, Folding
from tests.pool.test_heatmap import (
    BINJIANG,
    CROWD,
    HANGZHOU,
    SAO_PAULO,
    SHANGHAI,
    XIHU,
    told,
)  # fmt: skip

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


NAMES = ("Product Viewed", "Order Completed", "Signed In", "Complaint Filed", "Other")
EVENTS = st.lists(
    st.tuples(
        st.integers(0, 45),
        st.floats(0, 9, exclude_max=True),
        st.sampled_from(NAMES),
        st.sampled_from([XIHU, BINJIANG, SHANGHAI, SAO_PAULO, HANGZHOU, None]),
    ),
    max_size=60,
)


@given(events=EVENTS, back=st.floats(0.01, 8.5))
@settings(max_examples=10, deadline=None)
def test_a_moment_read_on_from_a_day_is_the_moment_read_from_the_beginning(
    pool: Folding, now: list[int], events, back: float
) -> None:
    now[0] = MIDNIGHT + DAY // 3
    past, at = pool.app.pool.heatmap.past, int(now[0] - back * DAY)
    for n, (person, ago, name, place) in enumerate(events):
        pool.deliver([told(person, place, int(now[0] - ago * DAY) - n, name=name)])
    past.forget()
    show(pool, at=MIDNIGHT)
    past._work.result()
    day = max(one for one in past._made.bases if one <= at)
    assert day > MIDNIGHT - 30 * DAY
    found = past._read_on(past._made.frames[day], past._made.bases[day], at)
    ((_, whole),) = past._drawn([at])
    assert np.abs(found.degrees.astype(int) - whole.degrees).max() <= 1, "hundredths are rounded"
    for name in ("state", "node", "cell", "zone", "strong"):
        assert np.array_equal(getattr(found, name), getattr(whole, name)), name
    placed = whole.cell >= 0
    assert np.array_equal(found.radius[placed], whole.radius[placed])


def test_what_is_told_of_the_past_says_when_it_was_read(pool: Folding, now: list[int]) -> None:
    now[0] += DAY // 2
    show(pool, at=MIDNIGHT)
    pool.app.pool.heatmap.past._work.result()
    now[0] += 60_000
    late = [told(70 + n, SHANGHAI, MIDNIGHT - 3 * DAY) for n in range(4)]
    pool.deliver([*late, *(told(80 + n, SHANGHAI, now[0] - 90_000) for n in range(3))])
    answer = show(pool, at=now[0] - 30_000)
    assert answer["restated_as_of"] == "2025-10-10T04:00:00.000Z"
    areas = {area["name"]: area["profiles"] for area in answer["areas"]}
    assert areas["上海市"] == 6 + 3, (
        "late events of days that are drawn count with the next drawing"
    )
    assert show(pool)["restated_as_of"] is None


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
