"""Past maps: what was shown then is told again, restated by what is known today."""

from __future__ import annotations

import datetime as dt
import importlib
import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspring.backup.make import LEFT_OUT
from hotspring.errors import Forbidden, NotReady
from hotspring.event import Flag
from hotspring.heatmap import frame
from hotspring.pipeline.retain import Retention
from hotspring.pool import Asked
from hotspring.pool.past import KEPT
from hotspring.pool.past_maps import PastMaps
from hotspring.settings import Settings
from hotspring.temperature import Heat, Weigher
from hotspring.whereabouts import COLUMNS, Whereabouts
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

LAST = 2**62
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
PLACES = [XIHU, BINJIANG, SHANGHAI, SAO_PAULO, HANGZHOU, None]
EVENTS = st.lists(
    st.tuples(
        st.integers(0, 5),
        st.sampled_from(["", "", "anonymous_id:d0", "anonymous_id:d1"]),
        # Few people and days, so that some of them reach what a rule brings in a day at most.
        st.floats(0, 5),
        st.sampled_from(NAMES),
        st.sampled_from(PLACES),
        st.sampled_from([0, 0, 0, int(Flag.BOT)]),
    ),
    max_size=40,
)
LATER = st.lists(
    st.tuples(
        st.integers(40, 50), st.floats(0, 8), st.sampled_from(NAMES), st.sampled_from(PLACES)
    ),
    max_size=8,
)


def plainly(pool: Folding, at: int) -> tuple[frame.Frame, np.ndarray]:
    """Everybody at a moment by the law and nothing else, and who is anybody."""
    pipeline, board = pool.app.pipeline, pool.app.pool.heatmap.board
    state, zone = pipeline.state, pipeline.settings.zone
    size = state.who.capacity
    heat, weigher, where = Heat(state.rules, zone, size), Weigher(state.rules, zone), Whereabouts()
    where.ensure(size)
    columns = tuple(dict.fromkeys([*weigher.columns, *COLUMNS]))
    for batch in pipeline.warmth(state.machines, "AND ms <= ?", [LAST, at], columns):
        ms = np.array(batch.column("ms"))
        slots = state.who.profile_of(np.array(batch.column("origin_id")), ms)
        heat.add(slots, ms, weigher.weigh(batch))
        where.take(batch, slots)
    for batch in pipeline.ask(KEPT, [at]):
        ms = np.array(batch.column("ms"))
        slots = state.who.profile_of(np.array(batch.column("origin_id")), ms)
        heat.add_kept(slots, state.machines.seen(batch), np.ones(len(slots), bool))
    known, drawn = where.known(), frame.blank(size)
    heat.view(at, drawn.degrees, drawn.state)
    drawn.state[~known.people] = frame.NOBODY
    drawn.node[:], drawn.cell[:] = frame.found(known, board.areas, board.ground)
    drawn.zone[drawn.cell >= 0] = board.ground.zone[drawn.cell[drawn.cell >= 0]]
    drawn.radius[:] = frame.radius_code(known.precision)
    drawn.strong[:] = state.who.known
    return drawn, known.people


def same(found: frame.Frame, whole: frame.Frame, people: np.ndarray) -> None:
    assert np.abs(found.degrees.astype(int) - whole.degrees)[people].max(initial=0) <= 1, "rounded"
    for name in ("state", "node", "cell", "zone", "radius"):
        assert np.array_equal(getattr(found, name), getattr(whole, name)), name
    assert np.array_equal(found.strong[people], whole.strong[people])


def drawn_anew(pool: Folding, now: list[int]) -> PastMaps:
    past = pool.app.pool.heatmap.past
    past.forget()
    past.at(MIDNIGHT - 1, now[0])
    past._work.result()
    return past


@given(events=EVENTS, later=LATER, back=st.floats(0.01, 10), stored=st.integers(0, 9))
@settings(max_examples=12, deadline=None)
def test_every_moment_is_told_as_the_law_tells_it(
    pool: Folding, now: list[int], monkeypatch: pytest.MonkeyPatch, events, later, back, stored
) -> None:
    monkeypatch.setattr("hotspring.pool.past_frames.ROWS", 25)
    now[0] = drawing = MIDNIGHT + DAY // 4
    for n, (person, device, ago, name, place, flags) in enumerate(events):
        event = told(person, place, int(drawing - ago * DAY) - n, name=name, flags=flags)
        ids = (device, *event.ids) if device and name == "Signed In" else (device or event.ids[0],)
        pool.deliver([msgspec.structs.replace(event, ids=ids)])
    pool.command("flag", {"id": "f1", "identifiers": ["user_id:u3"], "reason": "test"})
    past = drawn_anew(pool, now)
    before = int(drawing - back * DAY)
    for at in (before, MIDNIGHT - 1 - stored * DAY):
        same(past.at(at, now[0]).frame, *plainly(pool, at))
    now[0] += DAY // 8
    for n, (person, hours, name, place) in enumerate(later):
        pool.deliver([told(person, place, int(now[0] - hours * 3_600_000) - n, name=name)])
    at = now[0] - DAY // 16
    same(past.at(at, now[0]).frame, *plainly(pool, at))


def test_there_are_moments_to_read_on_from(
    pool: Folding, now: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hotspring.pool.past_frames.ROWS", 20)
    for days in range(40, 0, -4):
        pool.deliver([told(n, XIHU, now[0] - days * DAY, name="Signed In") for n in range(5)])
    past = drawn_anew(pool, now)
    assert len(past._made.bases) > 4
    assert min(past._made.bases) < MIDNIGHT - 30 * DAY, "before all days that are kept"
    for back in (50, 39.5, 33, 20.2, 0.3):
        at = int(now[0] - back * DAY)
        same(past.at(at, now[0]).frame, *plainly(pool, at))


@pytest.mark.parametrize("changed", [False, True], ids=["its rules stand", "its rules are gone"])
def test_heat_of_events_that_are_gone_is_in_the_past(
    tmp_path: Path, now: list[int], changed: bool
) -> None:
    chosen = Settings(retention_days={"default": 3})
    with Folding(tmp_path, chosen) as pool:
        names = ("Product Viewed", "Order Completed", "Product Viewed")
        for days in (20, 15, 1):
            at = now[0] - days * DAY
            rows = [told(n, XIHU, at + n, name=names[n % 3]) for n in range(9)]
            pool.deliver(rows, received=at)
        pool.app.save()
        gone, _ = Retention(pool.app.pipeline, pool.app._store, chosen).work(now[0])
        assert gone
        if changed:
            body = msgspec.to_builtins(pool.app.pipeline.state.rules)
            for rule in body["rules"]:
                rule["half_life_days"] = 45.0
            pool.command("rules", body)
        past = drawn_anew(pool, now)
        # Heat whose rule is gone is taken as it stood when it was weighed.
        at, told_at = (now[0] - 1, now[0]) if changed else (now[0] - DAY // 2,) * 2
        plain, people = plainly(pool, told_at)
        assert (plain.degrees[people] > 9_000).any()
        same(past.at(at, now[0]).frame, plain, people)
        pool.app.pool.heatmap.close()


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


def test_days_of_which_much_came_late_are_drawn_anew(pool: Folding, now: list[int]) -> None:
    """Whoever imports the orders of last month wants to see them on the map of last month."""
    now[0] += DAY // 2
    past = drawn_anew(pool, now)
    pool.deliver([told(70 + n, SHANGHAI, MIDNIGHT - 3 * DAY) for n in range(6)])

    def there() -> int:
        show(pool, at=MIDNIGHT)
        past._work.result()
        areas = show(pool, at=MIDNIGHT)["areas"]
        return next(area["profiles"] for area in areas if area["name"] == "上海市")

    assert there() == 6, "not at every look"
    past._look_at = 0.0
    assert there() == 6 + 6
    made = past._made
    pool.deliver([told(80 + n, SHANGHAI, now[0] - 60_000) for n in range(6)])
    past._look_at = 0.0
    there()
    assert past._made is made, "what happens today changes no day of before"


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
    assert list((tmp_path / "past" / "maps").glob("*/*/state.npy"))
    assert "past" in LEFT_OUT, "no backup takes them"
    print_ = f"{pool.app.pipeline.state.who.print_of('user_id:u20'):016x}"
    pool.command("erase", {"id": "e1", "tombstones": [print_], "profile": [print_]})
    pool.app.erase()
    assert not (tmp_path / "past" / "maps").exists()
    assert show(pool, at=now[0] - DAY)["profiles"] == 30


@pytest.mark.parametrize("step", ["chronicle.Chronicle.read", "past_frames.Walk.draw"])
def test_an_erasure_while_the_days_are_drawn_leaves_nothing(
    pool: Folding, tmp_path: Path, now: list[int], monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    print_ = f"{pool.app.pipeline.state.who.print_of('user_id:u20'):016x}"
    where, kind, name = step.split(".")
    owner = getattr(importlib.import_module(f"hotspring.pool.{where}"), kind)
    real, done = getattr(owner, name), list[bool]()

    def erased_first(*given: Any) -> Any:
        if not done:
            done.append(True)
            pool.command("erase", {"id": "e1", "tombstones": [print_], "profile": [print_]})
            pool.app.erase()
        return real(*given)

    with monkeypatch.context() as patch:
        patch.setattr(owner, name, erased_first)
        past = pool.app.pool.heatmap.past
        with pytest.raises(NotReady):
            past.at(now[0] - DAY - 1, now[0])
        past._work.result()
    days = tmp_path / "past" / "maps"
    assert not [file for file in days.rglob("*") if file.is_file()]
    assert show(pool, at=now[0] - DAY)["profiles"] == 30


def test_the_progress_moves_while_events_are_read_and_days_are_drawn(
    pool: Folding, now: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    past = pool.app.pool.heatmap.past
    pool.deliver([told(n, XIHU, now[0] - n * DAY) for n in range(1, 9)])
    told_of = [past.progress()]

    def watched(real: Callable[..., Any]) -> Callable[..., Any]:
        def step(*given: Any) -> Any:
            told_of.append(past.progress())
            return real(*given)

        return step

    for where, kind, name in (
        ("chronicle", "Chronicle", "_placed"),
        ("past_frames", "Walk", "draw"),
    ):
        owner = getattr(importlib.import_module(f"hotspring.pool.{where}"), kind)
        monkeypatch.setattr(owner, name, watched(getattr(owner, name)))
    show(pool, at=now[0] - DAY)
    past._work.result()
    told_of.append(past.progress())
    assert (told_of[0], told_of[-1]) == (0, 1)
    assert len(told_of) > 30
    assert all(a < b for a, b in itertools.pairwise(told_of)), told_of


def test_a_role_that_lists_no_profiles_sees_no_moments(pool: Folding, now: list[int]) -> None:
    with pytest.raises(Forbidden):
        show(pool, profiles=False, at=now[0] - DAY)
