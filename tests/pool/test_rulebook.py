"""Stories of rules: tried on the whole pool and on one profile, accepted, compared, restored."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hotspring.app import App
from hotspring.delivery import pack
from hotspring.errors import BadRequest, Conflict, NotFound, RulesError
from hotspring.event import Delivery, Event
from hotspring.journal import DELIVERY, Record
from hotspring.pool import Pool, previews
from hotspring.settings import Settings

DAY = 86_400_000


def told(n: int, name: str, user: str, **more: Any) -> Event:
    now = time.time_ns() // 1_000_000
    return Event(f"m{n}", "track", name, now - DAY, (f"user_id:{user}",), n, **more)


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    app = App(tmp_path / "pool", Settings())
    app.start()
    try:
        yield app
    finally:
        app.close()


@pytest.fixture
def pool(app: App) -> Pool:
    """Ten buyers, ten lookers; one buys in gold, one plays a game of ours."""
    rows = [
        *(told(n, "Order Completed", f"buyer{n}", amount=5_000.0) for n in range(10)),
        *(told(100 + n, "Product Viewed", f"looker{n}") for n in range(10)),
        told(200, "Order Completed", "golden", amount=5.0, currency="XAU"),
        told(201, "Game Won", "player", properties='{"level":{"stars":3},"mode":"duel"}'),
        told(202, "Game Won", "beginner", properties='{"level":{"stars":"3"},"mode":"solo"}'),
    ]
    deliver(app, rows)
    return app.pool


def deliver(app: App, rows: list[Event]) -> None:
    now = time.time_ns() // 1_000_000
    body = pack(Delivery("shop", now, rows))
    app.pool.wait(app.journal.append([Record(DELIVERY, now, body, len(rows))])[0])


def ended(pool: Pool, job: dict[str, Any]) -> dict[str, Any]:
    end = time.monotonic() + 60
    while job["state"] in previews.RUNNING:
        assert time.monotonic() < end
        time.sleep(0.005)
        job = pool.rulebook.one_preview(job["id"])
    return job


def changed(pool: Pool, **fields: Any) -> dict[str, Any]:
    return {**pool.rulebook.now()["body"], **fields}


GAME = {
    "id": "game", "title": {"zh": "游戏", "en": "Game"}, "events": ["Game Won"], "points": 10,
    "half_life_days": 60, "amount": "properties.level.stars",
    "conditions": [{"field": "properties.mode", "op": "eq", "value": "duel"}],
}  # fmt: skip


def test_a_preview_says_who_would_move_and_changes_nothing(pool: Pool) -> None:
    before = pool.temperature()
    job = ended(pool, pool.rulebook.preview(changed(pool, e_half=4.0), None, None, "ann"))
    assert (job["state"], job["progress"], job["events"]) == ("done", 1.0, 23)
    found = job["result"]
    assert found["before"]["bands"] == before["bands"]
    assert sum(found["after"]["bands"].values()) == found["total"] == 23
    by_way = {(move["from"], move["to"]): move for move in found["moves"]}
    up = by_way["warm", "hot"]
    assert up["profiles"] == found["matrix"]["warm"]["hot"] == 10
    assert found["moved"] == sum(move["profiles"] for move in found["moves"])
    example = up["examples"][0]
    assert example["before"] <= 80 < example["after"]
    assert pool.profile(example["profile"])["temperature"] == pytest.approx(example["before"], 1e-3)
    assert found["differences"] == [
        {"rule": "", "change": "changed", "fields": {"e_half": (20.0, 4.0)}}
    ]
    assert found["unpriced"] == [{"currency": "XAU", "events": 1, "rate": None}]
    assert (pool.temperature()["bands"], pool.rulebook.number()) == (before["bands"], 1)


def test_an_accepted_preview_is_what_it_said(app: App, pool: Pool) -> None:
    job = ended(pool, pool.rulebook.preview(changed(pool, e_half=4.0), None, None, "ann"))
    deliver(app, [told(300, "Order Completed", "late", amount=5_000.0)])
    prepared = app.pipeline.state.prepared[0]
    assert pool.rulebook.accept(job["id"], "ann")["version"] == 2
    assert app.pipeline.state.heat is prepared.heat
    bands = pool.temperature()["bands"]
    assert bands["hot"] == job["result"]["after"]["bands"]["hot"] + 1
    assert app.pipeline.replace_by_rebuild()
    versions = pool.rulebook.versions()
    assert [(v["version"], v["by"]) for v in versions] == [(2, "ann"), (1, "hotspring")]


def test_rules_that_are_put_are_made_ready_beside(
    app: App, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []
    use = type(app.pipeline.state).use

    def watched(state: Any, wanted: Any) -> None:
        seen.append([(one.rules == wanted, one.bound) for one in state.prepared])
        use(state, wanted)

    monkeypatch.setattr(type(app.pipeline.state), "use", watched)
    assert pool.rulebook.put(changed(pool, e_half=5.0), "ann")["body"]["e_half"] == 5.0
    assert seen == [[(True, app.pipeline.state.bound - (1 << 20))]]
    with pytest.raises(RulesError, match="e_half must be above 0"):
        pool.rulebook.put(changed(pool, e_half=-1), "ann")


def test_a_preview_is_cancelled(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    catch_up = type(pool.rulebook._pipeline).catch_up

    def slow(pipeline: Any, prepared: Any, going: Any = lambda rows: True) -> bool:
        while going(1):
            time.sleep(0.002)
        return catch_up(pipeline, prepared, going)

    monkeypatch.setattr(type(pool.rulebook._pipeline), "catch_up", slow)
    job = pool.rulebook.preview(changed(pool, e_half=4.0), None, None, "ann")
    with pytest.raises(Conflict, match="is running; cancel it or wait"):
        pool.rulebook.preview(None, 1, None, "bob")
    pool.rulebook.cancel_preview(job["id"])
    job = ended(pool, job)
    assert (job["state"], job["result"]) == ("cancelled", None)
    with pytest.raises(Conflict, match="only one that is done"):
        pool.rulebook.accept(job["id"], "ann")
    with pytest.raises(Conflict, match="cancelled already"):
        pool.rulebook.cancel_preview(job["id"])


def test_versions_are_compared_and_restored(pool: Pool) -> None:
    body = changed(pool)
    rules = [
        {**rule, "points": 9.0} if rule["id"] == "purchase" else rule for rule in body["rules"]
    ]
    pool.rulebook.put({**body, "rules": [*rules[:-1], GAME]}, "ann")
    found = {
        (d["rule"], d["change"]): d["fields"] for d in pool.rulebook.compare(1, 2)["differences"]
    }
    assert set(found) == {("purchase", "changed"), ("unsubscribe", "removed"), ("game", "added")}
    assert found["purchase", "changed"] == {"points": (8.0, 9.0)}
    assert pool.rulebook.compare(2, 2)["differences"] == []
    assert pool.rulebook.restore(1, "bob")["version"] == 3
    assert pool.rulebook.compare(1, 3)["differences"] == []
    with pytest.raises(NotFound, match="no version 9 of the rules; the last is 3"):
        pool.rulebook.restore(9, "bob")


def test_two_versions_are_compared_by_their_profiles(app: App, pool: Pool) -> None:
    pool.rulebook.put(changed(pool, e_half=4.0), "ann")
    pool.rulebook.put(changed(pool, e_half=400.0), "ann")
    found = ended(pool, pool.rulebook.preview(None, 2, 1, "ann"))["result"]
    first = found["moves"][0]
    assert (first["from"], first["to"], first["profiles"]) == ("warm", "hot", 10)
    assert found["differences"][0]["fields"] == {"e_half": (20.0, 4.0)}
    assert app.pipeline.state.prepared == []


def test_own_events_and_properties_warm(pool: Pool) -> None:
    body = changed(pool)
    pool.rulebook.put({**body, "rules": [*body["rules"], GAME]}, "ann")
    assert pool.profile("user_id:player")["temperature"] > 20
    assert pool.profile("user_id:beginner")["never_warm"]
    wrong = {**GAME, "amount": "level.stars"}
    with pytest.raises(RulesError, match=r"rule game: amount must be true, false or properties"):
        pool.rulebook.put({**body, "rules": [wrong]}, "ann")


def test_a_currency_without_a_rate_is_counted_and_given_one(pool: Pool) -> None:
    assert pool.rulebook.currencies() == [{"currency": "XAU", "events": 1, "rate": None}]
    before = pool.profile("user_id:golden")["temperature"]
    rates = {**pool.rulebook.now()["body"]["rates"], "XAU": 3_000.0}
    pool.rulebook.put(changed(pool, rates=rates), "ann")
    assert pool.rulebook.currencies() == [{"currency": "XAU", "events": 1, "rate": 3_000.0}]
    assert pool.profile("user_id:golden")["temperature"] > before + 20


def test_rules_are_tested_on_one_profile(pool: Pool) -> None:
    found = pool.rulebook.test("user_id:buyer1", changed(pool, e_half=4.0), None)
    assert found["profile"] == pool.profile("user_id:buyer1")["id"]
    assert found["live"]["temperature"] == pytest.approx(
        pool.profile("user_id:buyer1")["temperature"], abs=1e-2
    )
    assert (found["live"]["band"], found["tried"]["band"]) == ("warm", "hot")
    assert [part["rule"] for part in found["tried"]["contributions"]] == [
        "purchase_amount",
        "purchase",
    ]
    with pytest.raises(NotFound):
        pool.rulebook.test("user_id:nobody", None, 1)
    with pytest.raises(BadRequest, match="either `rules`"):
        pool.rulebook.test("user_id:buyer1", None, None)


def test_what_came_is_held_against_the_rules(pool: Pool) -> None:
    found = {row["name"]: row for row in pool.rulebook.events()}
    assert {name: row["events"] for name, row in found.items()} == {
        "Order Completed": 11, "Product Viewed": 10, "Game Won": 2,
    }  # fmt: skip
    assert found["Order Completed"]["rules"] == ["purchase", "purchase_amount"]
    assert found["Game Won"]["rules"] == []
