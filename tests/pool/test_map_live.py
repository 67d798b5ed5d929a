"""The live map: what is told twice a second adds up to what is counted anew."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspring.errors import TooManyTries
from hotspring.pool import Asked
from hotspring.pool.moments import iso
from tests.laws.folding import Folding
from tests.pool.test_heatmap import BINJIANG, CROWD, SAO_PAULO, SHANGHAI, XIHU, told

START = 1_760_000_000_000


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    moment = [START]
    for module in ("heatmap", "live", "published"):
        monkeypatch.setattr(f"hotspring.pool.{module}.clock", lambda: moment[0])
    monkeypatch.setattr("hotspring.pool.live.TICK", 3_600.0)
    return moment


@pytest.fixture
def pool(tmp_path: Path, now: list[int]) -> Iterator[Folding]:
    with Folding(tmp_path) as pool:
        pool.deliver([told(n, place, now[0] - 60_000) for n, place in enumerate(CROWD)])
        yield pool
        pool.app.pool.heatmap.close()


class Watching:
    """Keeps a map up with what it is told, as a page does."""

    def __init__(self, pool: Folding, level: str, resolution: int = 2) -> None:
        self.areas: dict[str, dict[str, Any]] = {}
        self.frames: list[dict[str, Any]] = []
        self.live = pool.app.pool.heatmap.live
        self.watcher = self.live.watch(level, resolution, "zh", self.hear)

    def hear(self, sent: bytes | None) -> None:
        if sent is None:
            return
        body = json.loads(sent.decode().split("data: ")[1])
        self.frames.append(body)
        self.areas.update({area["id"]: area for area in body["areas"]})
        for id_ in body.get("gone", ()):
            self.areas.pop(id_, None)

    def figures(self) -> dict[str, tuple[int, ...]]:
        return figures(list(self.areas.values()))


def figures(areas: list[dict[str, Any]]) -> dict[str, tuple[int, ...]]:
    names = ("profiles", "hot", "warm", "cool", "never_warm", "cooled")
    return {area["id"]: tuple(area[name] for name in names) for area in areas}


def shown(pool: Folding, level: str, resolution: int = 2) -> dict[str, tuple[int, ...]]:
    asked = Asked(level=level, resolution=resolution if level == "cell" else None)
    return figures(pool.app.pool.heatmap.show(asked, True)["areas"])


STEPS = st.lists(
    st.tuples(st.integers(0, 40), st.sampled_from([XIHU, BINJIANG, SHANGHAI, SAO_PAULO, None])),
    max_size=12,
)


@given(steps=STEPS)
@settings(max_examples=6, deadline=None)
def test_what_is_told_adds_up(pool: Folding, now: list[int], steps) -> None:
    watching = [Watching(pool, "province"), Watching(pool, "city"), Watching(pool, "cell")]
    for n, (person, place) in enumerate(steps):
        now[0] += 1_000
        pool.deliver([told(person, place, now[0] - 500 + n)])
        if n % 3 == 2:
            pool.app.pool.heatmap.live.tick(now[0])
    pool.app.pool.heatmap.live.tick(now[0])
    for one, level in zip(watching, ("province", "city", "cell"), strict=True):
        assert one.figures() == shown(pool, level)
        one.live.leave(one.watcher)


def test_only_what_changed_is_told(pool: Folding, now: list[int]) -> None:
    one = Watching(pool, "city")
    assert set(one.areas) == {"310000", "BR"}
    pool.app.pool.heatmap.live.tick(now[0])
    assert len(one.frames) == 1
    pool.deliver([told(50, SHANGHAI, now[0])])
    pool.app.pool.heatmap.live.tick(now[0])
    assert [area["id"] for area in one.frames[-1]["areas"]] == ["310000"]
    assert one.frames[-1]["areas"][0]["profiles"] == 6


def test_who_watches_after_a_rest_is_told_the_time_of_now(pool: Folding, now: list[int]) -> None:
    one = Watching(pool, "city")
    one.live.leave(one.watcher)
    one.live.rest()
    now[0] += 600_000
    other = Watching(pool, "city")
    assert other.frames[0]["as_of"] == iso(now[0])
    other.live.leave(other.watcher)


def test_an_area_that_falls_below_the_floor_is_gone(pool: Folding, now: list[int]) -> None:
    one = Watching(pool, "province")
    print_ = f"{pool.app.pipeline.state.who.print_of('user_id:u18'):016x}"
    pool.command("erase", {"id": "e1", "tombstones": [print_], "profile": [print_]})
    pool.app.pool.heatmap.live.tick(now[0])
    assert "310000" in one.frames[-1]["gone"]


def test_other_questions_in_between_lose_nothing(pool: Folding, now: list[int]) -> None:
    one = Watching(pool, "province")
    for n in range(5):
        pool.deliver([told(60 + n, XIHU, now[0])])
        shown(pool, "province")
    pool.app.pool.heatmap.live.tick(now[0])
    assert one.figures() == shown(pool, "province")


def test_too_many_watchers_are_told_so(pool: Folding, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hotspring.pool.watched.MOST", 1)
    first = Watching(pool, "province")
    with pytest.raises(TooManyTries):
        Watching(pool, "province")
    first.live.leave(first.watcher)
    Watching(pool, "province")
