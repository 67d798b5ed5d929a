"""Analyses of an open pool: who an event is of, what does not count, answers, runs and lists."""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspring.analytics import report
from hotspring.delivery import pack
from hotspring.errors import NotFound, ParametersRefused
from hotspring.event import Delivery, Event, Flag
from hotspring.journal import DELIVERY, Record
from tests.laws.folding import DAY, HOUR, NOW, Folding, events
from tests.pool.test_scores import opened
from tests.pool.test_segments import event

PATIENCE = 60.0

SHOP = [{"event": "Product Viewed"}, {"event": "Order Completed"}]


def stop_clocks(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("segments", "pool", "analytics", "lifecycle", "analyses"):
        monkeypatch.setattr(f"hotspring.pool.{module}.clock", lambda: NOW)


@pytest.fixture
def pool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Folding]:
    stop_clocks(monkeypatch)
    with Folding(tmp_path) as found:
        yield found


def ask(pool: Folding, name: str, **given: Any) -> dict[str, Any]:
    return pool.app.pool.analytics.analyses.ask(name, given, 60.0, "tests")


def figures(pool: Folding, **given: Any) -> tuple[Any, Any]:
    found = ask(pool, "funnel", **{"steps": SHOP, **given})["figures"]
    return found["started"], found["finished"]


def table(answer: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """Rows of a table, by column."""
    (found,) = (one for one in answer["tables"] if one["name"] == name)
    names = [column["name"] for column in found["columns"]]
    return [dict(zip(names, row, strict=True)) for row in found["rows"]]


def viewed(who: str, days: float, **more: Any) -> Event:
    return event(who, NOW - int(days * DAY), "Product Viewed", **more)


def bought(who: str, days: float, **more: Any) -> Event:
    return event(who, NOW - int(days * DAY), "Order Completed", **more)


def test_an_empty_pool_has_answers(pool: Folding) -> None:
    assert figures(pool) == (0, 0)
    assert ask(pool, "funnel", steps=SHOP, by="page")["tables"][1]["rows"] == []
    one = ask(pool, "funnel", steps=[{"event": None}])
    assert one["sentence"] == "nobody"


def test_owners_and_machines_are_those_of_the_pool(pool: Folding) -> None:
    pool.deliver([
        viewed("ann", 3), bought("ann", 2),
        viewed("", 3, ids=("anonymous_id:b",)), bought("bob", 2),
        viewed("bot", 3, flags=int(Flag.BOT)), bought("bot", 2),
    ])  # fmt: skip
    assert figures(pool) == (2, 1)
    assert figures(pool, people="known") == (1, 1)
    # Late: what happened before comes last, and ties a device to somebody.
    pool.deliver([event("bob", NOW - 4 * DAY, "Signed In", type="identify",
                        ids=("user_id:bob", "anonymous_id:b"))])  # fmt: skip
    assert figures(pool) == (2, 2)
    pool.deliver([viewed("bob", 2.5), viewed("bob", 2.5)])
    assert figures(pool) == (2, 2)
    pool.command("separate", {"id": "s1", "a": ["user_id:bob"], "b": ["anonymous_id:b"]})
    assert figures(pool) == (3, 2)
    pool.command("retract", {"command": "s1"})
    assert figures(pool) == (2, 2)
    pool.command("flag", {"id": "f1", "identifiers": ["user_id:ann"], "events": [], "reason": "x"})
    assert figures(pool) == (1, 1)
    human = {"id": "f2", "identifiers": ["user_id:bot"], "events": [], "reason": "y",
             "verdict": "human"}  # fmt: skip
    pool.command("flag", human)
    assert figures(pool) == (2, 2)


@settings(max_examples=15)
@given(events(24), st.integers(0, 2), st.booleans())
def test_both_ways_to_read_rows_give_the_same(
    some: list[Event], sealed: int, flagged: bool
) -> None:
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as folder:
        stop_clocks(patch)
        with Folding(Path(folder)) as pool:
            pool.deliver(some[: len(some) // 2])
            if flagged:
                pool.command("flag", {"id": "f", "identifiers": ["user_id:u1"], "events": [],
                                      "reason": "x"})  # fmt: skip
            pool.deliver(some[len(some) // 2 :])
            steps = [{"event": "Product Viewed"}, {"event": None}, {"event": "Signed In"}][sealed:]
            # Conditions that all events meet need the engine.
            true = [{"field": "amount", "currency": "CNY", "op": "not_in", "value": [-1.5]}]
            asked = {"by": "channel", "attempts": "every", "window": {"amount": 2}}
            known = {one.name for one in some}
            steps = [one for one in steps if one["event"] is None or one["event"] in known]
            if not steps:
                return
            plain = ask(pool, "funnel", steps=steps, **asked)
            engine = ask(pool, "funnel", steps=[{**one, "where": true} for one in steps], **asked)
            assert plain["figures"] == engine["figures"]
            assert plain["tables"] == engine["tables"]
            never = [{"field": "amount", "currency": "CNY", "op": "eq", "value": -1.5}]
            plain = ask(pool, "traffic", by="source", days=10)
            engine = ask(pool, "traffic", by="source", days=10, quiet=[
                {"event": None, "where": never}
            ])  # fmt: skip
            assert plain["figures"] == engine["figures"]
            assert plain["tables"] == engine["tables"]
            plain = ask(pool, "paths", days=10)
            engine = ask(pool, "paths", days=10, goal={"event": None, "where": never})
            assert table(plain, "pairs") == table(engine, "pairs")


def test_pages_and_orders_are_those_of_the_pool(pool: Folding) -> None:
    pool.deliver([
        event("ann", NOW - HOUR, "Home", type="page"),
        event("ann", NOW - HOUR + 9_000, "Home", type="screen"),
        bought("ann", 0.01, amount=50.0, currency="USD"),
        event("ann", NOW - 1, "Order Refunded", amount=10.0, currency="CNY"),
        event("bob", NOW - HOUR, "Home", type="page", flags=int(Flag.BOT)),
    ])  # fmt: skip
    for by in ("channel", "utm_source"):
        found = ask(pool, "traffic", by=by)["figures"]
        assert (found["visitors"], found["views"], found["orders"]) == (1, 2, 1), by
        assert found["revenue"] == 350.0
    cohort = ask(pool, "retention", first={"event": "Order Completed"}, revenue=True)
    assert table(cohort, "money")[0]["money"] == 350.0
    yuan = pool.app.pool.analytics.rfm({})
    assert yuan["revenue"] == 350.0


def test_conditions_and_dimensions_are_read(pool: Folding) -> None:
    web = '{"campaign":{"source":"baidu"},"page":{"path":"/tea","referrer":"https://m.a.cn/x?y"}}'
    pool.deliver([
        viewed("ann", 3, properties={"price": 9, "kind": "tea"}, context=web, channel="web"),
        bought("ann", 2, amount=5.0, currency="CNY"),
        viewed("bob", 3, properties={"price": 3, "kind": "oil"}), bought("bob", 2),
    ])  # fmt: skip
    dear = [{"field": "properties.price", "op": "gt", "value": 5}]
    steps = [{"event": "Product Viewed", "where": dear}, {"event": "Order Completed"}]
    assert figures(pool, steps=steps) == (1, 1)
    for by, names in (
        ("utm_source", ["baidu", None]), ("page", ["/tea", None]), ("referrer", ["m.a.cn", None]),
        ("properties.kind", ["oil", "tea"]), ("channel", ["app", "web"]), ("source", ["shop"]),
        ("name", ["Product Viewed"]), ("band", ["cool"]),
    ):  # fmt: skip
        rows = table(ask(pool, "funnel", steps=SHOP, by=by), "groups")
        groups = [row["group"] for row in rows if row["step"] == 1]
        assert sorted(groups, key=str) == sorted(names, key=str), by
    assert figures(pool, channels=["web"]) == (1, 0)
    assert figures(pool, sources=["other"]) == (0, 0)
    assert figures(pool, steps=steps, sources=["shop"]) == (1, 1)
    known = {"behaviour": {"event": "Order Completed", "field": "amount", "measure": "sum",
                           "currency": "CNY", "op": "ge", "value": 5}}  # fmt: skip
    assert figures(pool, rule=known) == (1, 1)


def test_days_are_those_of_the_zone(pool: Folding) -> None:
    # 2025-10-09 16:53 in Shanghai; the day before began 40.9 hours ago.
    pool.deliver([event("ann", NOW - 41 * HOUR, "Product Viewed"),
                  event("bob", NOW - 40 * HOUR, "Product Viewed")])  # fmt: skip
    one = [{"event": "Product Viewed"}]
    assert figures(pool, steps=one, **{"from": "2025-10-08"})[0] == 1
    assert figures(pool, steps=one, until="2025-10-07")[0] == 1
    assert ask(pool, "funnel", steps=one, days=2)["from"] == "2025-10-08"


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ({}, "/"),
        ({"steps": []}, "/steps"),
        ({"steps": SHOP, "window": {"amount": 0}}, "/window/amount"),
        ({"steps": SHOP, "other": 1}, "/"),
        ({"steps": SHOP, "from": "2025-10-10"}, "/from"),
        ({"steps": SHOP, "until": "tomorrow"}, "/until"),
        ({"steps": [{"event": "Nothing"}]}, "/steps/0/event"),
        ({"steps": SHOP, "exclude": [{"event": "Nothing"}]}, "/exclude/0/event"),
        ({"steps": [{"event": "Product Viewed", "where": [{"field": "name", "op": "gt",
                                                             "value": 1}]}]},
         "/steps/0/where/0/op"),
        ({"steps": SHOP, "rule": {"tag": {"id": "tg"}}}, "/rule/tag/id"),
        ({"steps": SHOP, "by": "weather"}, "/by"),
    ],
)  # fmt: skip
def test_faults_are_told_with_their_place(pool: Folding, given: dict[str, Any], place: str) -> None:
    pool.deliver([viewed("ann", 1), bought("ann", 0.5)])
    with pytest.raises(ParametersRefused) as refused:
        ask(pool, "funnel", **given)
    assert refused.value.faults[0].place == place


def test_answers_are_remembered_until_something_is_applied(pool: Folding) -> None:
    pool.deliver([viewed("ann", 1)])
    first = ask(pool, "funnel", steps=SHOP[:1])
    assert ask(pool, "funnel", steps=SHOP[:1]) is first
    pool.deliver([viewed("bob", 1)])
    again = ask(pool, "funnel", steps=SHOP[:1])
    assert again["version"] > first["version"]
    assert again["figures"]["started"] == 2


def test_the_people_behind_a_number_are_listed_and_kept(pool: Folding) -> None:
    pool.deliver([
        viewed("ann", 3), bought("ann", 2), viewed("bob", 3),
        viewed("", 3, ids=("anonymous_id:x",)),
    ])  # fmt: skip
    analyses = pool.app.pool.analytics.analyses
    given = {"steps": SHOP}
    pool.app.pool.segments.vocabulary()
    cell = {"table": "steps", "step": 1, "column": "dropped"}
    rows, _ = analyses.profiles("funnel", given, cell, 10, None)
    assert [one["identifiers"][0]["value"] for one in rows] == ["bob"]
    with pytest.raises(NotFound):
        analyses.profiles("funnel", given, {"table": "steps", "step": 2, "column": "dropped"}, 9,
                          None)  # fmt: skip
    with pytest.raises(NotFound):
        analyses.profiles("weather", given, cell, 9, None)


def test_the_people_behind_a_number_become_a_segment(tmp_path: Path) -> None:
    with opened(tmp_path) as app:
        now = time.time_ns() // 1_000_000
        some = [event(who, now - DAY, "Product Viewed") for who in ("ann", "bob")]
        some.append(event("ann", now - HOUR, "Order Completed"))
        body = pack(Delivery("shop", now, some))
        app.journal.append([Record(DELIVERY, now, body, len(some))])
        end = time.monotonic() + PATIENCE
        while app.pipeline.position < app.journal.head() and time.monotonic() < end:
            time.sleep(0.02)
        analyses = app.pool.analytics.analyses
        cell = {"table": "steps", "step": 1, "column": "dropped"}
        kept = analyses.segment("funnel", {"steps": SHOP}, cell, ("Lost", ""), "me", "en")
        assert kept["kind"] == "static"
        while app.pool.segments.one(kept["id"], "en")["count"] is None and time.monotonic() < end:
            time.sleep(0.02)
        rows, _ = app.pool.segments.members(kept["id"], 9, None)
        assert [one["id"] for one in rows] == [app.pool.profile("user_id:bob")["id"]]


def test_a_run_that_takes_long_is_told_and_ends_when_nobody_wants_it(
    pool: Folding, monkeypatch: pytest.MonkeyPatch
) -> None:
    pool.deliver([viewed("ann", 1)])
    analyses = pool.app.pool.analytics.analyses
    going, funnel = threading.Event(), report.analyses()["funnel"]

    def slow(asked: Any, source: Any, setting: Any) -> Any:
        going.set()
        while True:
            source._tell(0.5)
            time.sleep(0.01)

    monkeypatch.setitem(report.analyses(), "funnel", msgspec.structs.replace(funnel, find=slow))
    told = analyses.ask("funnel", {"steps": SHOP[:1]}, 0.0, "ann")
    assert told["answer"] is None
    again = analyses.ask("funnel", {"steps": SHOP[:1]}, 0.0, "bob")
    assert (again["id"], again["by"]) == (told["id"], "ann")
    assert going.wait(PATIENCE)
    analyses.cancel(told["id"])
    end = time.monotonic() + PATIENCE
    while analyses.run(told["id"])["state"] != "cancelled" and time.monotonic() < end:
        time.sleep(0.01)
    assert analyses.run(told["id"])["state"] == "cancelled"
    monkeypatch.undo()
    stop_clocks(monkeypatch)
    assert figures(pool, steps=SHOP[:1]) == (1, 1)


def test_every_word_of_every_analysis_is_there(pool: Folding) -> None:
    listed = pool.app.pool.analytics.analyses.all()["items"]
    assert listed
    for one in listed:
        answer = ask(pool, one["name"], **one["example"])
        words = one["words"]
        assert set(answer["figures"]) == set(words["figures"]), one["name"]
        assert answer["sentence"] in words["sentences"]
        for found in answer["tables"]:
            assert found["name"] in words["tables"]
            assert {column["name"] for column in found["columns"]} <= set(words["columns"])
            assert all(len(row) == len(found["columns"]) for row in found["rows"])
        columns = {
            found["name"]: {column["name"] for column in found["columns"]}
            for found in answer["tables"]
        }
        for chart in answer["charts"]:
            named = {chart["x"], *chart["y"], *filter(None, [chart["by"]])}
            assert named <= columns[chart["table"]]
        for name, field in one["parameters"]["$defs"].items():
            for told in field.get("properties", {}).values():
                assert told.get("title"), name
                assert told["x-zh"]["title"], name
                said = told.get("x-words", {})
                assert set(said) == set(told.get("enum", ())), (one["name"], name, told["title"])
