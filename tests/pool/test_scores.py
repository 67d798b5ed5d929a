"""Scores of an open pool: kept, computed, explained, named by rules, and current in segments."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hotspring.app import App
from hotspring.delivery import pack
from hotspring.errors import BadRequest, Conflict, NotFound, RuleRefused
from hotspring.event import Delivery, Event
from hotspring.journal import DELIVERY, Record
from hotspring.settings import Settings

DAY = 86_400_000
PATIENCE = 60.0
BOUGHT = {"behaviour": {"event": "Order Completed"}}
LINES = [
    {"points": 10, "rule": BOUGHT, "title": "Bought"},
    {"points": 2, "amount": {"of": {"behaviour": {"event": "Signed In"}}}, "cap": 5},
    {"points": -8, "rule": {"behaviour": {"event": "Complained"}}},
    {"points": 4, "amount": {"of": {"behaviour": {"event": "Shared"}}, "half_life": 10}},
]


@contextlib.contextmanager
def opened(folder: Path) -> Iterator[App]:
    app = App(folder / "pool", Settings())
    app.start()
    try:
        yield app
    finally:
        app.close()


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with opened(tmp_path_factory.mktemp("scores")) as found:
        deliver(found, ("ann", "Order Completed", 1), *[("ann", "Signed In", n) for n in (2, 3, 4)])
        deliver(found, ("bob", "Signed In", 1), ("bob", "Complained", 2))
        deliver(found, ("cat", "Shared", 10), ("cat", "Shared", 20), ("dan", "Other", 1))
        yield found


def deliver(app: App, *happened: tuple[str, str, float]) -> None:
    """What people did so many days ago."""
    now = time.time_ns() // 1_000_000
    events = [
        Event(f"{who}-{name}-{ago}", "track", name, now - round(ago * DAY) - 1,
              (f"user_id:{who}",), now)
        for who, name, ago in happened
    ]  # fmt: skip
    record = Record(DELIVERY, now, pack(Delivery("shop", now, events)), len(events))
    app.pool.wait(app.journal.append([record])[-1])


def save(app: App, name: str, id_: str = "", **said: Any) -> dict[str, Any]:
    return app.pool.scores.save(id_, {"lines": LINES, **said, "name": name}, "me", "en")


def points(app: App, id_: str, who: str) -> float | None:
    found: float | None = app.pool.scores.explain(id_, f"user_id:{who}", "en")["points"]
    return found


@pytest.fixture
def score(app: App) -> Iterator[dict[str, Any]]:
    made = save(app, "Activity")
    yield made
    app.pool.scores.delete(made["id"], "me")


def test_lines_give_and_take_points_that_fade_and_are_capped(app: App, score: Any) -> None:
    assert points(app, score["id"], "ann") == 15
    assert points(app, score["id"], "bob") == -6
    # Half of 4 after ten days and a quarter after twenty.
    assert points(app, score["id"], "cat") == pytest.approx(3, abs=0.001)
    assert points(app, score["id"], "dan") == 0
    told = app.pool.scores.explain(score["id"], "user_id:ann", "en")
    assert [one["points"] for one in told["lines"]] == [10, 5, 0, 0]
    assert [one["title"] for one in told["lines"]][:2] == ["Bought", "Times of “Signed In”"]
    (mine,) = app.pool.scores.of_profile("user_id:bob", "zh")["items"]
    assert (mine["name"], mine["points"], mine["limited"]) == ("Activity", -6, 0)


def test_the_spread_tells_bars_cuts_and_the_best(app: App, score: Any) -> None:
    told = app.pool.scores.distribution(score["id"], [0.5], "en")
    assert (told["profiles"], told["least"], told["most"]) == (4, -6, 15)
    assert sum(one["profiles"] for one in told["bars"]) == 4
    assert told["cuts"] == [{"share": 0.5, "value": pytest.approx(3, abs=0.001)}]
    assert [one["profiles"] for one in told["lines"]] == [1, 2, 1, 1]
    assert told["top"][0]["id"] == app.pool.profile("user_id:ann")["id"]
    limits = {"lines": LINES, "floor": 0, "cap": 12}
    tried = app.pool.scores.preview(limits, [0.5], "en")
    assert (tried["least"], tried["most"]) == (0, 12)


def test_who_meets_no_rule_has_no_points_and_is_counted(app: App) -> None:
    tried = app.pool.scores.preview({"lines": LINES[:1]}, [0.5], "en")
    assert (tried["profiles"], tried["least"]) == (app.pool.status()["profiles"], 0)


def test_rules_name_scores_and_scores_name_each_other(app: App, score: Any) -> None:
    lines = [
        {"points": 0.5, "amount": {"of": {"score": {"id": score["id"]}}}},
        {"points": 1, "rule": {"score": {"id": score["id"], "op": "ge", "value": 10}}},
    ]
    half = save(app, "Half", lines=lines)
    assert points(app, half["id"], "ann") == 8.5
    assert points(app, half["id"], "bob") == -3
    assert half["lines"][1]["sentence"] == "Score “Activity” is at least 10"
    rule = {"score": {"id": half["id"], "op": "lt", "value": 0}}
    assert app.pool.segments.preview(rule)["count"] == 1
    circle = [{"points": 1, "rule": rule}]
    with pytest.raises(RuleRefused) as refused:
        save(app, "Activity", score["id"], lines=circle)
    (fault,) = refused.value.faults
    assert (fault.place, fault.code) == ("/lines/0/rule/score/id", "cycle")
    with pytest.raises(Conflict, match="'Half'"):
        app.pool.scores.delete(score["id"], "me")
    segment = app.pool.segments.save("", "Negative", "", rule, "me", "en")
    with pytest.raises(Conflict, match="'Negative'"):
        app.pool.scores.delete(half["id"], "me")
    app.pool.segments.delete(segment["id"], "me")
    assert app.pool.scores.delete(half["id"], "me") == "Half"


def test_a_segment_by_score_follows_what_happens_and_what_is_changed(app: App, score: Any) -> None:
    rule = {"score": {"id": score["id"], "op": "ge", "value": 10}}
    made = app.pool.segments.save("", "Active", "", rule, "me", "en")

    def counted(count: int) -> None:
        end = time.monotonic() + PATIENCE
        while app.pool.segments.one(made["id"], "en")["count"] != count:
            assert time.monotonic() < end
            time.sleep(0.02)

    counted(1)
    deliver(app, ("eve", "Order Completed", 1))
    counted(2)
    save(app, "Activity", score["id"], lines=[{**LINES[0], "points": 9}, *LINES[1:]])
    counted(1)
    app.pool.segments.delete(made["id"], "me")


def test_names_versions_and_faults(app: App, score: Any) -> None:
    with pytest.raises(Conflict, match="already"):
        save(app, "ACTIVITY")
    changed = save(app, "Activity 2", score["id"], floor=-5)
    assert (changed["version"], changed["floor"], changed["lines"][0]["title"]) == (2, -5, "Bought")
    with pytest.raises(RuleRefused):
        save(app, "Nothing", lines=[])
    with pytest.raises(BadRequest, match="lines"):
        save(app, "Odd", lines=[{"points": "many"}])
    with pytest.raises(NotFound):
        app.pool.scores.one("sc_0", "en")
    assert [one["name"] for one in app.pool.scores.all("en")] == ["Activity 2"]


def test_scores_stay_over_a_restart(tmp_path: Path) -> None:
    with opened(tmp_path) as app:
        deliver(app, ("ann", "Order Completed", 1), ("ann", "Signed In", 1), ("ann", "Shared", 1),
                ("bob", "Complained", 1))  # fmt: skip
        made = save(app, "Activity")
        before = points(app, made["id"], "bob")
    with opened(tmp_path) as app:
        again = app.pool.scores.one(made["id"], "en")
        assert again == made
        assert points(app, made["id"], "bob") == before == -8
