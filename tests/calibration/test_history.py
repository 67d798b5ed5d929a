"""Who is looked at, what counts as reaching the goal, and what events leave behind."""

from __future__ import annotations

import zoneinfo

import msgspec
import numpy as np
import pytest

from hotspring.calibration.calibrate import energies
from hotspring.calibration.history import frame
from hotspring.calibration.learnt import kept_rules
from hotspring.calibration.traces import cooled, kinds
from hotspring.temperature import RuleSet, rules
from tests.calibration.past import DAY, START, Row, history

ZONE = zoneinfo.ZoneInfo("Asia/Shanghai")
FORCE = rules.sets()["ecommerce"]
CUT = START + 100 * DAY
BOT = 1


def test_the_goal_counts_from_the_cut_until_the_horizon_ends() -> None:
    before = [Row(n, START, "View") for n in range(6)]
    after = [
        Row(0, CUT - 1, "Order"),
        Row(1, CUT, "Order"),
        Row(2, CUT + 30 * DAY - 1, "Order"),
        Row(3, CUT + 30 * DAY, "Order"),
        Row(4, CUT, "Order", flags=BOT),
        Row(5, CUT, "View"),
    ]
    there = frame(history(before + after, 6), "Order", CUT, 30 * DAY)
    reached = dict(zip(there.profiles.tolist(), there.reached.tolist(), strict=True))
    assert reached == {0: False, 1: True, 2: True, 3: False, 4: False, 5: False}


def test_looked_at_is_who_was_known_and_active_before_the_cut() -> None:
    rows = [
        Row(0, START, "View"),
        Row(1, CUT, "View"),
        Row(2, START, "View", known=False),
        Row(3, START, "View", known=False),
        Row(3, START, "Identified", type="identify"),
        Row(4, START, "Identified", type="identify"),
        Row(5, START, "View", flags=BOT),
        Row(6, START, "View", known=False),
        Row(6, CUT, "Order"),
    ]
    there = frame(history(rows, 7), "Order", CUT, 30 * DAY)
    assert sorted(there.profiles.tolist()) == [0, 3]


def test_kinds_take_sign_title_and_limit_from_the_rules_in_force() -> None:
    rows = [
        row
        for n in range(30)
        for row in (
            Row(n, START, "Order Completed", 10.0 + n),
            Row(n, START + DAY, "Order Refunded", 5.0),
            Row(n, START, "Product Added"),
            Row(n, START, "Opened"),
            *(Row(n, START + k * DAY + j, "Tapped") for k in range(5) for j in range(4)),
            Row(0, START, "Rare"),
        )
    ]
    past = history(rows, 30)
    found = kinds(past, frame(past, "Order Completed", CUT, DAY), FORCE, "Order Completed")
    told = {(kind.event, kind.amount): kind for kind in found}
    assert set(told) == {
        ("Order Completed", False), ("Order Completed", True), ("Order Refunded", False),
        ("Order Refunded", True), ("Product Added", False), ("Opened", False), ("Tapped", False),
    }  # fmt: skip
    assert found[0].event == "Order Completed"
    assert {event for (event, _), kind in told.items() if kind.sign < 0} == {"Order Refunded"}
    assert told["Product Added", False].most == 3
    assert told["Product Added", False].title.zh == "加入购物车"
    assert told["Order Completed", False].most is None
    assert told["Opened", False].most is None
    assert told["Tapped", False].most == 4
    assert told["Order Completed", True].typical == pytest.approx(np.log1p(24.5))


def test_traces_add_up_to_the_energy_of_the_law() -> None:
    random = np.random.default_rng(3)
    rows = [
        Row(int(random.integers(40)), START + int(random.integers(90 * DAY)), name, 20.0)
        for name in random.choice(["Order Completed", "Product Added", "Order Refunded"], 600)
    ]
    past = history(rows, 40)
    there = frame(past, "Order Completed", CUT, DAY)
    found = kinds(past, there, FORCE, "Order Completed")
    grid = cooled(past, found, FORCE, ZONE, there, (7.0, 60.0))
    points = random.uniform(0.5, 3.0, len(found))
    made = tuple(
        rules.Rule(
            f"r{i}", kind.title, (kind.event,), kind.sign * float(points[i]), (7.0, 60.0)[i % 2],
            kind.amount, None if kind.most is None else kind.most * float(points[i]),
        )
        for i, kind in enumerate(found)
    )  # fmt: skip
    chosen = msgspec.structs.replace(FORCE, rules=made)
    chosen.check()
    mine = sum(grid[(7.0, 60.0)[i % 2]][:, i] * points[i] for i in range(len(found)))
    np.testing.assert_allclose(mine, energies(past, chosen, ZONE, there), rtol=1e-9, atol=1e-9)


def test_rules_for_rare_events_are_kept_and_mean_the_same_in_degrees() -> None:
    made = [
        rules.Rule(f"m{days:g}", rules.Title("a", "a"), ("Order Completed",), 1.0, days)
        for days in (7.0, 90.0, 180.0)
    ]
    force = msgspec.structs.replace(FORCE, e_half=40.0)
    kept = list(kept_rules(force, {"Order Completed", "Product Viewed"}, made))
    by_id = {rule.id: rule for rule in kept}
    assert "purchase" not in by_id
    assert by_id["product_viewed"].events == ("Product Clicked",)
    assert by_id["complaint"].points == pytest.approx(
        next(rule.points for rule in force.rules if rule.id == "complaint") / 2
    )
    RuleSet(force.title, 20.0, "CNY", {}, (*made, *kept)).check()
    every = msgspec.structs.replace(force.rules[0], id="every", events=("*",))
    assert not list(kept_rules(msgspec.structs.replace(force, rules=(every,)), set(), made))
