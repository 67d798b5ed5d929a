"""A portrait of a segment says what a look at each member and each of the rest adds up to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hotspring.pool import portrait
from tests.laws.folding import DAY, NOW, Folding
from tests.pool.test_segments import event

BOUGHT = {"behaviour": {"event": "Order Completed"}}


@pytest.fixture
def pool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Folding]:
    for module in ("segments", "pool", "analytics", "lifecycle"):
        monkeypatch.setattr(f"hotspring.pool.{module}.clock", lambda: NOW)
    with Folding(tmp_path) as found:
        yield found


def crowd(people: int, buyers: int) -> list[Any]:
    random, found = np.random.default_rng(5), []
    for n in range(people):
        city = "上海" if n % 3 else "杭州"
        set_ = f'{{"set":{{"city":"{city}","age":{20 + n},"code":"c{n}"}}}}'
        found.append(event(f"u{n}", NOW - 90 * DAY + n, "Signed In", traits=set_))
        for k in range(int(random.integers(0, 6))):
            category = str(random.choice(["茶", "咖啡"]))
            found.append(event(
                f"u{n}", NOW - int(random.integers(1, 80 * 24)) * 3_600_000 - k, "Product Viewed",
                channel=str(random.choice(["app", "mini"])), properties={"category": category},
            ))  # fmt: skip
        if n < buyers:
            found.append(event(f"u{n}", NOW - (n + 1) * DAY, "Order Completed", amount=10.0 * n,
                               currency="CNY", channel="app"))  # fmt: skip
    return found


def kept(pool: Folding, rule: Any) -> str:
    saved = {"id": "sg_x", "name": "x", "kind": "dynamic", "rule": rule}
    pool.command("segment", saved)
    pool.app.pool.segments.membership.tick(NOW)
    pool.apply()
    return "sg_x"


def by(rows: list[dict[str, Any]]) -> dict[str, tuple[float, float]]:
    return {one["value"]: (one["members"], one["rest"]) for one in rows}


def test_a_portrait_is_what_personas_add_up_to(pool: Folding) -> None:
    pool.deliver(crowd(30, 12))
    found = pool.app.pool.segments.portrait(kept(pool, BOUGHT))
    assert (found["members"], found["rest"], found["small"]) == (12, 18, False)
    counts = {side: Counter[tuple[str, str]]() for side in ("members", "rest")}
    events, hours = Counter[str](), {side: np.zeros((7, 24)) for side in counts}
    for n in range(30):
        side, one = ("members" if n < 12 else "rest"), pool.app.pool.persona(f"user_id:u{n}")
        events[side] += one["events"]
        hours[side] += np.array(one["hours"])
        counts[side].update({("channel", row["value"]): row["events"] for row in one["channels"]})
        for content in one["content"]:
            told = {(content["kind"], row["value"]): row["events"] for row in content["values"]}
            counts[side].update(told)
    assert found["events"] == dict(events)
    content = {one["kind"]: one["values"] for one in found["content"]}
    for kind, rows in (("channel", found["channels"]), ("category", content["category"])):
        for value, shares in by(rows).items():
            expected = [counts[side][kind, value] / events[side] for side in counts]
            assert shares == pytest.approx(expected), value
    for side, week in hours.items():
        assert np.array(found["hours"][side]) == pytest.approx(week / week.sum(), abs=1e-6)
    assert found["worth"]["members"] == {
        "customers": 12, "revenue": 660.0, "orders": 1.0, "amount": 55.0, "median": 55.0
    }  # fmt: skip
    assert found["worth"]["rest"]["customers"] == 0
    assert by(found["stages"])["none"] == (0.0, 1.0), "who never ordered is in no stage"
    assert sum(row["members"] for row in found["classes"]) == pytest.approx(1)


def test_what_few_have_is_not_told(pool: Folding) -> None:
    pool.deliver(crowd(30, 12))
    pool.deliver([
        event(f"u{n}", NOW - DAY, "Product Viewed", channel="sms", properties={"brand": "rare"})
        for n in range(portrait.LEAST - 1)
    ])  # fmt: skip
    found = pool.app.pool.segments.portrait(kept(pool, BOUGHT))
    assert "sms" not in by(found["channels"])
    assert "brand" not in {one["kind"] for one in found["content"]}
    traits = {one["name"]: by(one["values"]) for one in found["traits"]}
    assert set(traits) == {"city"}, "nobody shares a code"
    assert traits["city"]["杭州"] == pytest.approx((4 / 12, 6 / 18))
    assert [one["name"] for one in found["numbers"]] == ["age"]
    everybody = {"members": 0.0, "rest": 0.0}
    assert [one["unsaid"] for one in (*found["traits"], *found["numbers"])] == [everybody] * 2
    assert found["unplaced"] == {"members": 1.0, "rest": 1.0}


def test_who_has_no_value_is_told_as_a_share_unless_they_are_few(pool: Folding) -> None:
    pool.deliver(crowd(30, 12))
    id_ = kept(pool, BOUGHT)

    def without(people: range) -> dict[str, Any]:
        pool.deliver([
            event(f"u{n}", NOW - DAY, "Signed In", traits='{"unset":["city"]}') for n in people
        ])  # fmt: skip
        (city,) = pool.app.pool.segments.portrait(id_)["traits"]
        return city

    assert without(range(portrait.LEAST - 1))["unsaid"] is None
    assert without(range(10, 15))["unsaid"] == pytest.approx(
        {"members": 6 / 12, "rest": 3 / 18}, abs=1e-6
    )


def test_of_fewer_than_five_nothing_is_told(pool: Folding) -> None:
    pool.deliver(crowd(30, portrait.LEAST - 1))
    found = pool.app.pool.segments.portrait(kept(pool, BOUGHT))
    assert (found["members"], found["small"]) == (portrait.LEAST - 1, True)
    assert "hours" not in found


def test_of_many_some_are_drawn_and_shares_stay_near(
    pool: Folding, monkeypatch: pytest.MonkeyPatch
) -> None:
    pool.deliver(crowd(60, 40))
    id_ = kept(pool, BOUGHT)
    whole = by(pool.app.pool.segments.portrait(id_)["channels"])
    monkeypatch.setattr(portrait, "MOST", 30)
    some = pool.app.pool.segments.portrait(id_)
    assert some["looked"] == {"members": 30, "rest": 20}
    assert by(some["channels"])["app"] == pytest.approx(whole["app"], abs=0.2)
