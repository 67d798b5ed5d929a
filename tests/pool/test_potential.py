"""Potential customers of a pool: who never did it, in order, with reasons that come to the points;
and a score that is learnt, kept and used."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from hotspring.app import App
from hotspring.delivery import pack
from hotspring.errors import BadRequest, NotFound, RuleRefused
from hotspring.event import Delivery, Event
from hotspring.journal import DELIVERY, Record
from tests.calibration.past import DAY, START
from tests.calibration.test_first_time import DAYS, HORIZON, PEOPLE, beginners
from tests.pool.test_scores import opened

WAIT = 120.0
LINES = [
    {"points": 2.5, "amount": {"of": {"behaviour": {"event": "Cart"}}}, "cap": 9, "title": "Cart"},
    {"points": 0.7, "amount": {"of": {"behaviour": {"event": "View"}}}, "title": "View"},
    {"points": -4, "rule": {"behaviour": {"event": "Complaint"}}, "title": "Complaint"},
]


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with opened(tmp_path_factory.mktemp("potential")) as found:
        events = [
            Event(f"m{at}", "track", row.name, row.ms, (f"user_id:u{row.profile}",), at,
                  amount=row.amount, currency="CNY" if row.amount else "")
            for at, row in enumerate(beginners(told=True))
        ]  # fmt: skip
        now = START + (DAYS + 1) * DAY
        for start in range(0, len(events), 2_000):
            part = events[start : start + 2_000]
            body = pack(Delivery("shop", now, part))
            found.journal.append([Record(DELIVERY, now, body, len(part))])
        end = time.monotonic() + WAIT
        while found.pipeline.position < found.journal.head() and time.monotonic() < end:
            time.sleep(0.02)
        yield found


def buyers() -> set[str]:
    return {f"u{row.profile}" for row in beginners(told=True) if row.name == "Order"}


def test_nobody_is_ranked_who_did_it_and_reasons_come_to_the_points(app: App) -> None:
    made = app.pool.scores.save("", {"name": "Own", "lines": LINES, "floor": 0}, "me", "en")
    rest = PEOPLE - len(buyers())
    bought = {app.pool.profile(f"user_id:{one}")["id"] for one in sorted(buyers())[:40]}
    seen: list[str] = []
    points: list[float] = []
    cursor = None
    while True:
        page = app.pool.potential.ranked("Order", made["id"], 100, cursor, "en")
        assert page["candidates"] == rest
        for one in page["items"]:
            seen.append(one["id"])
            points.append(one["points"])
            given = sum(reason["points"] for reason in one["reasons"]) + one["limited"]
            assert given == pytest.approx(one["points"], abs=1e-9)
            sizes = [abs(reason["points"]) for reason in one["reasons"]]
            assert sizes == sorted(sizes, reverse=True)
        cursor = page["next"]
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == rest
    assert not bought.intersection(seen)
    assert points == sorted(points, reverse=True)
    cut = page["cuts"][-1]
    assert cut["profiles"] == sum(one >= cut["points"] for one in points)
    never = {"behaviour": {"event": "Order", "op": "eq", "value": 0}}
    many = {"score": {"id": made["id"], "op": "ge", "value": cut["points"]}}
    found = app.pool.segments.preview({"and": [never, many]})
    assert found["count"] == cut["profiles"]
    rows = [row for part in app.pool.potential.export("Order", made["id"]) for row in part]
    assert [row["id"] for row in rows] == seen
    assert [float(row["value"]) for row in rows] == pytest.approx(points, rel=1e-4)
    with pytest.raises(RuleRefused):
        app.pool.potential.ranked("Nothing", made["id"], 5, None, "en")
    with pytest.raises(NotFound):
        app.pool.potential.ranked("Order", "sc_none", 5, None, "en")


def test_a_score_is_learnt_kept_and_ranks(app: App) -> None:
    potential = app.pool.potential
    with pytest.raises(BadRequest, match="nobody ever did 'Nothing'"):
        potential.learn("Nothing", HORIZON * DAY, "me", "en")
    run = potential.learn("Order", HORIZON * DAY, "me", "en")
    end = time.monotonic() + WAIT
    while run["state"] in ("queued", "running") and time.monotonic() < end:
        time.sleep(0.05)
        run = potential.run(run["id"])
    assert (run["state"], run["error"]) == ("done", "")
    assert run["auc"] > 0.6
    kept = app.pool.scores.one(run["score"], "en")
    assert kept["name"] == "Potential: Order"
    assert f"AUC {run['auc']:.2f}" in kept["description"]
    first = potential.ranked("Order", run["score"], 5, None, "en")
    app.pool.rebuild("me")
    again = potential.ranked("Order", run["score"], 5, None, "en")
    assert [one["id"] for one in again["items"]] == [one["id"] for one in first["items"]]
    assert potential.runs()[0]["id"] == run["id"]
