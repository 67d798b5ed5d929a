"""Tiers and groups of an open pool: kept, counted, moved between, missed, and claimed."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hotspring.app import App
from hotspring.delivery import pack
from hotspring.errors import BadRequest, Conflict, RuleRefused
from hotspring.event import Delivery, Event
from hotspring.journal import DELIVERY, Record
from hotspring.pool.standings import Standings
from tests.pool.test_scores import DAY, deliver, opened

SPENT = {"of": {"behaviour": {"event": "Order Completed", "window": {"from": {"ago": 90}}}}}
NAMES = [{"name": "Plain"}, {"name": "Silver"}, {"name": "Gold"}]
ORDERS = {"by": "metric", "tiers": NAMES, "metrics": [{"measure": SPENT}], "cuts": [1, 3]}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with opened(tmp_path_factory.mktemp("tiers")) as found:
        deliver(found, *[("ann", "Order Completed", day) for day in (1, 2, 3)])
        deliver(found, ("bob", "Order Completed", 5), ("cat", "Signed In", 40))
        deliver(found, ("eve", "Other", 1))
        deliver(found, *[("dan", "Order Completed", day) for day in (80, 100, 101, 102)])
        deliver(found, ("ann", "Signed In", 50))
        yield found


@contextlib.contextmanager
def kept(app: App, name: str, **said: Any) -> Iterator[dict[str, Any]]:
    made = app.pool.tiers.save("", {"name": name, **said}, "me", "en")
    try:
        yield made
    finally:
        app.pool.tiers.delete(made["id"], "me")


def counts(app: App, id_: str) -> dict[str, int]:
    told = app.pool.tiers.standing(id_, "en")
    assert sum(one["profiles"] for one in told["tiers"]) == told["profiles"]
    return {one["name"]: one["profiles"] for one in told["tiers"]}


def tier(app: App, who: str) -> dict[str, Any]:
    (found,) = app.pool.tiers.of_profile(f"user_id:{who}", "en")["items"]
    return dict(found)


def test_a_segment_is_compared_with_the_rest_by_tiers_too(app: App) -> None:
    segments, now = app.pool.segments, int(time.time() * 1000)
    buyers = [app.pool._profiles.slot(f"user_id:{who}", now) for who in ("ann", "dan")]
    with kept(app, "Orders", **ORDERS):
        there = segments._catalogue(now)
        told = segments._comparing.compare(np.array(buyers, np.int32), there, now)["shares"]
    sides = {
        one["value"]: (one["members"], one["rest"])
        for one in told
        if (one["of"], one["name"]) == ("tier", "Orders")
    }
    third = pytest.approx(1 / 3, abs=1e-6)
    assert sides == {"Gold": (0.5, 0), "Silver": (0.5, third), "Plain": (0, pytest.approx(2 / 3))}


def test_a_metric_parts_everybody_and_tells_what_is_missing(app: App) -> None:
    with kept(app, "Orders", **ORDERS) as made:
        assert counts(app, made["id"]) == {"Plain": 2, "Silver": 2, "Gold": 1}
        bob = tier(app, "bob")
        assert (bob["tier"], bob["value"]) == ("Silver", 1)
        assert (bob["next"]["tier"], bob["next"]["missing"]) == ("Gold", 2)
        assert tier(app, "ann")["next"] is None
        page, _ = app.pool.tiers.members(made["id"], "Gold", 10, None)
        assert [one["id"] for one in page] == [app.pool.profile("user_id:ann")["id"]]
        (portion,) = app.pool.tiers.export(made["id"], "Gold")
        named = {"kind": "user_id", "value": "ann"}
        assert [one["identifiers"] for one in portion] == [[named]]
        rule = {"tier": {"id": made["id"], "any_of": ["Silver", "Gold"]}}
        found = app.pool.segments.preview(rule)
        assert found["count"] == 3
        assert found["sentence"]["en"] == "Tier by “Orders” is “Silver” or “Gold”"
        with pytest.raises(BadRequest, match="no tier"):
            app.pool.tiers.members(made["id"], "Tin", 10, None)


def test_who_moved_is_told_of_any_two_moments(app: App) -> None:
    with kept(app, "Orders", **ORDERS) as made:
        now = time.time_ns() // 1_000_000
        told = app.pool.tiers.movement(made["id"], now - 30 * DAY, None)
        moves = {(one["from"], one["to"]): one["profiles"] for one in told["moves"]}
        # Then dan had four orders in the window, ann and cat none; bob and eve came later.
        assert moves == {
            ("Plain", "Gold"): 1, (None, "Silver"): 1, (None, "Plain"): 1,
            ("Plain", "Plain"): 1, ("Gold", "Silver"): 1,
        }  # fmt: skip
        with pytest.raises(BadRequest, match="before"):
            app.pool.tiers.movement(made["id"], now, now - DAY)


def test_quantiles_stay_until_they_are_refreshed(app: App) -> None:
    said = {**ORDERS, "shares": [0.2, 0.7], "cuts": []}
    with kept(app, "Shares", **said) as made:
        assert made["cuts"] == [1, 3]
        assert made["fixed_at"]
        deliver(app, *[("fay", "Order Completed", day) for day in range(1, 7)])
        renamed = {"name": "Parts", **said}
        again = app.pool.tiers.save(made["id"], renamed, "me", "en")
        assert (again["cuts"], again["fixed_at"]) == (made["cuts"], made["fixed_at"])
        assert counts(app, made["id"])["Gold"] == 2
        fresh = app.pool.tiers.refresh(made["id"], "me", "en")
        assert fresh["cuts"] == [1, 6]
        assert counts(app, made["id"])["Gold"] == 1
        tried = app.pool.tiers.preview(said, "en")
        assert [one["from"] for one in tried["tiers"]] == [None, 1, 6]


def test_a_composite_and_rules_part_everybody(app: App) -> None:
    often = {"of": {"behaviour": {"event": None}}}
    metrics = [{"measure": SPENT, "weight": 2}, {"measure": often}]
    with kept(app, "Both", by="composite", tiers=NAMES, metrics=metrics, cuts=[40, 80]) as made:
        counts(app, made["id"])
        assert 0 <= tier(app, "cat")["value"] < tier(app, "ann")["value"] <= 100
    bought, seen = ({"behaviour": {"event": one}} for one in ("Order Completed", "Signed In"))
    tiers = [NAMES[0], {**NAMES[1], "rule": bought}, {**NAMES[2], "rule": {"and": [bought, seen]}}]
    with kept(app, "Rules", by="rules", tiers=tiers) as made:
        assert tier(app, "ann")["tier"] == "Gold"
        missing = tier(app, "bob")["next"]
        assert [(one["sentence"], one["met"]) for one in missing["conditions"]] == [
            ("Did “Order Completed”", True), ("Did “Signed In”", False),
        ]  # fmt: skip
        assert tier(app, "cat")["tier"] == "Plain"
        assert sum(counts(app, made["id"]).values()) == app.pool.status()["profiles"]


def test_tiers_in_use_are_not_taken_away(app: App) -> None:
    with kept(app, "Orders", **ORDERS) as made:
        rule = {"tier": {"id": made["id"], "any_of": ["Gold"]}}
        segment = app.pool.segments.save("", "The best", "", rule, "me", "en")
        with pytest.raises(Conflict, match="'The best'"):
            app.pool.tiers.delete(made["id"], "me")
        other = {**ORDERS, "name": "Orders", "tiers": [*NAMES[:2], {"name": "Best"}]}
        with pytest.raises(Conflict, match="'The best' uses this"):
            app.pool.tiers.save(made["id"], other, "me", "en")
        other["tiers"] = [{"name": "None"}, *NAMES[1:]]
        assert app.pool.tiers.save(made["id"], other, "me", "en")["version"] == 2
        circle = {
            **ORDERS,
            "name": "Orders",
            "metrics": [],
            "cuts": [],
            "by": "rules",
            "tiers": [{"name": "Silver"}, {"name": "Gold", "rule": rule}],
        }
        with pytest.raises(RuleRefused) as refused:
            app.pool.tiers.save(made["id"], circle, "me", "en")
        assert [one.code for one in refused.value.faults] == ["cycle"]
        app.pool.segments.delete(segment["id"], "me")


def test_a_tier_may_be_told_by_a_score_or_by_warmth(app: App) -> None:
    lines = [{"points": 5, "rule": {"behaviour": {"event": "Order Completed"}}}]
    score = app.pool.scores.save("", {"name": "Buys", "lines": lines}, "me", "en")
    by_score = [{"measure": {"of": {"score": {"id": score["id"]}}}}]
    with kept(app, "Scored", tiers=NAMES[:2], metrics=by_score, cuts=[5]) as made:
        assert tier(app, "dan")["tier"] == "Silver"
        assert tier(app, "cat")["tier"] == "Plain"
        with pytest.raises(Conflict, match="'Scored'"):
            app.pool.scores.delete(score["id"], "me")
        assert counts(app, made["id"])["Silver"] >= 3
    app.pool.scores.delete(score["id"], "me")
    warm = [{"measure": {"of": {"temperature": {}}}}]
    with kept(app, "Warmth", tiers=NAMES[:2], metrics=warm, cuts=[0]) as made:
        assert tier(app, "ann")["tier"] == "Silver"
        assert counts(app, made["id"])["Plain"] >= 0


def test_groups_overlap_and_the_heaviest_claims(app: App) -> None:
    groups = app.pool.groups
    assert groups.claims()["items"] == []
    with kept(app, "Orders", **ORDERS) as scheme:
        bought = {"behaviour": {"event": "Order Completed"}}
        light = groups.save("", {"name": "Buyers", "rule": bought, "weight": 1}, "me", "en")
        heavy = groups.save(
            "",
            {"name": "Best", "scheme": scheme["id"], "tiers": ["Gold"], "weight": 5},
            "me", "en",
        )  # fmt: skip
        told = groups.claims()
        assert told["profiles"] == app.pool.status()["profiles"]
        found = {one["name"]: (one["profiles"], one["claimed"]) for one in told["items"]}
        best, buyers = found["Best"], found["Buyers"]
        assert best[0] == best[1] == told["several"] > 0
        assert buyers[1] == buyers[0] - best[0]
        assert told["claimed"] == buyers[0]
        ann = groups.of_profile("user_id:ann", "en")
        assert ann["claimed_by"] == heavy["id"]
        assert [one["name"] for one in ann["items"]] == ["Best", "Buyers"]
        assert groups.of_profile("user_id:cat", "en")["claimed_by"] is None
        page, _ = groups.members(light["id"], True, 10, None)
        assert len(page) == buyers[1]
        (portion,) = groups.export(light["id"], True)
        assert {one["id"] for one in portion} == {one["id"] for one in page}
        assert [one["name"] for one in groups.all("en")] == ["Best", "Buyers"]
        with pytest.raises(Conflict, match="'Best'"):
            app.pool.tiers.delete(scheme["id"], "me")
        for one in (light, heavy):
            groups.delete(one["id"], "me")


def test_tiers_stay_over_a_restart(tmp_path: Path) -> None:
    with opened(tmp_path) as app:
        deliver(app, *[("ann", "Order Completed", day) for day in (1, 2, 3)])
        deliver(app, ("bob", "Signed In", 5))
        made = app.pool.tiers.save("", {"name": "Orders", **ORDERS}, "me", "en")
        before = counts(app, made["id"])
    with opened(tmp_path) as app:
        assert app.pool.tiers.one(made["id"], "en") == made
        assert counts(app, made["id"]) == before == {"Plain": 1, "Silver": 0, "Gold": 1}


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody looks at tiers but the test."""
    monkeypatch.setattr(Standings, "start", lambda self: None)


def send(app: App, event: Event) -> None:
    """Something happened."""
    now = time.time_ns() // 1_000_000
    record = Record(DELIVERY, now, pack(Delivery("shop", now, [event])), 1)
    app.pool.wait(app.journal.append([record])[-1])


def told(app: App, who: str, at: int) -> str:
    """The tier that somebody holds at a moment."""
    (kept,) = app.pool.tiers.shelf.book().listed()
    found = app.pool.tiers.stand(kept, at)
    with app.pipeline.lock:
        slot = app.pool._profiles.slot(who if ":" in who else f"user_id:{who}", at)
    (code,) = found.codes[found.slots == slot].tolist()
    return str(kept.said.words()[code])


def looked(app: App, at: int) -> None:
    """Everybody is looked at, as of a moment, and what was found is in the table."""
    app.pool.standings.tick(at, 0)
    app.catch_up()


def test_who_falls_keeps_the_tier_for_the_days_of_grace(alone: None, tmp_path: Path) -> None:
    now = time.time_ns() // 1_000_000
    warm = {"by": "metric", "tiers": NAMES, "cuts": [1, 3], "metrics": [{"measure": SPENT}]}
    with opened(tmp_path) as app:
        deliver(app, *[("ann", "Order Completed", day) for day in (1, 2, 3)])
        deliver(app, ("bob", "Signed In", 5))
        made = app.pool.tiers.save("", {"name": "Orders", **warm, "grace": 30}, "me", "en")
        looked(app, now)
        assert told(app, "ann", now) == "Gold"
        # After ninety days her orders count no more.
        fallen = now + 100 * DAY
        assert told(app, "ann", fallen) == "Gold"
        looked(app, fallen)
        assert told(app, "ann", fallen + 29 * DAY) == "Gold"
        assert told(app, "ann", fallen + 30 * DAY) == "Plain"
        # Up at once.
        deliver(app, *[("bob", "Order Completed", day) for day in (1, 2, 3)])
        assert told(app, "bob", now) == "Gold"
    with opened(tmp_path) as app:
        assert told(app, "ann", fallen + 29 * DAY) == "Gold"
        assert told(app, "ann", fallen + 30 * DAY) == "Plain"
        moved = app.pool.tiers.shelf.book().one(made["id"])
        before = app.pool.standings.recorded(moved, fallen - DAY)
        assert sorted(before.codes.tolist()) == [0, 2]
        with pytest.raises(Conflict, match="since"):
            app.pool.standings.recorded(moved, now - DAY)
        # A change of the scheme takes effect at once.
        app.pool.tiers.save(made["id"], {"name": "Orders", **warm, "grace": 29}, "me", "en")
        assert told(app, "ann", fallen + DAY) == "Plain"


def test_tiers_by_warmth_move_as_they_were_written_down(alone: None, tmp_path: Path) -> None:
    now = time.time_ns() // 1_000_000
    said = {"tiers": NAMES[:2], "metrics": [{"measure": {"of": {"temperature": {}}}}], "cuts": [0]}
    with opened(tmp_path) as app:
        deliver(app, ("ann", "Order Completed", 1), ("bob", "Other", 1))
        made = app.pool.tiers.save("", {"name": "Warmth", **said}, "me", "en")
        with pytest.raises(Conflict, match="first time"):
            app.pool.tiers.movement(made["id"], now, None)
        looked(app, now)
        deliver(app, ("bob", "Order Completed", 0), ("cat", "Order Completed", 0))
        found = app.pool.tiers.movement(made["id"], now, None)
        assert {(one["from"], one["to"]): one["profiles"] for one in found["moves"]} == {
            ("Silver", "Silver"): 1, ("Plain", "Silver"): 1, (None, "Silver"): 1,
        }  # fmt: skip


def test_standings_follow_who_is_joined_and_parted(alone: None, tmp_path: Path) -> None:
    now = time.time_ns() // 1_000_000
    with opened(tmp_path) as app:
        phone = "phone:+8613800138000"
        deliver(app, *[("ann", "Order Completed", day) for day in (1, 2, 3)])
        send(app, Event("b1", "track", "Other", now - DAY, (phone,), now))
        made = app.pool.tiers.save("", {"name": "Orders", **ORDERS, "grace": 30}, "me", "en")
        looked(app, now)
        assert told(app, phone, now) == "Plain"
        send(app, Event("b2", "identify", "", now - 1, ("user_id:ann", phone), now))
        looked(app, now + DAY)
        assert told(app, phone, now + DAY) == "Gold"
        kept = app.pool.tiers.shelf.book().one(made["id"])
        assert app.pool.standings.recorded(kept, now + DAY).codes.tolist() == [2]
        (merge,) = app.pool.merges("user_id:ann")["merges"]
        app.pool.undo("user_id:ann", merge["id"], "me")
        looked(app, now + 2 * DAY)
        app.pool.rebuild("me")
        looked(app, now + 3 * DAY)
        assert told(app, "ann", now + 3 * DAY) == "Gold"
        assert told(app, phone, now + 3 * DAY) == "Plain"
