"""What events weigh: names, conditions, amounts, currencies, days."""

from __future__ import annotations

import json
import math
import zoneinfo
from typing import Any

import numpy as np
import pytest

from hotspring.event import Flag
from hotspring.temperature import RuleSet, Weigher, rules
from tests.temperature.reference import Deed, batch, day_of

SHANGHAI = zoneinfo.ZoneInfo("Asia/Shanghai")
NOON = 1_760_000_000_000


def weigher(*some: dict[str, Any], zone: zoneinfo.ZoneInfo = SHANGHAI, **whole: Any) -> Weigher:
    many = [
        {"id": str(i), "title": {"zh": "z", "en": "e"}, "events": ["a"], "points": 2,
         "half_life_days": 30, **one}
        for i, one in enumerate(some)
    ]  # fmt: skip
    body = {"title": {"zh": "z", "en": "e"}, "e_half": 10, "currency": "CNY", "rates": {}}
    return Weigher(RuleSet.from_json(json.dumps({**body, "rules": many, **whole})), zone)


def brought(found: Weigher, *deeds: Deed) -> list[tuple[int, int, float]]:
    weights = found.weigh(batch(deeds))
    rows = zip(weights.event, weights.rule, weights.weight, strict=True)
    return sorted((int(e), int(r), float(w)) for e, r, w in rows)


def test_every_rule_that_names_an_event_weighs_it() -> None:
    found = weigher({}, {"events": ["b", "a"], "points": -1}, {"events": ["*"], "points": 0.5})
    assert brought(found, Deed("a", NOON), Deed("b", NOON), Deed("c", NOON)) == [
        (0, 0, 2.0), (0, 1, -1.0), (0, 2, 0.5), (1, 1, -1.0), (1, 2, 0.5), (2, 2, 0.5),
    ]  # fmt: skip


def test_an_event_named_twice_by_a_rule_counts_once() -> None:
    assert brought(weigher({"events": ["a", "a"]}), Deed("a", NOON)) == [(0, 0, 2.0)]


def test_machines_bring_no_heat() -> None:
    assert brought(weigher({}), Deed("a", NOON, flags=Flag.BOT | Flag.PUBLIC)) == []
    assert brought(weigher({}), Deed("a", NOON, flags=Flag.PUBLIC)) == [(0, 0, 2.0)]


def test_no_rules_and_no_events_are_fine() -> None:
    assert brought(weigher(), Deed("a", NOON)) == []
    assert (
        brought(weigher({"conditions": [{"field": "channel", "op": "eq", "value": "web"}]})) == []
    )
    assert brought(weigher({"amount": True})) == []


@pytest.mark.parametrize(
    ("amount", "currency", "money"),
    [
        (99.0, "", 99), (99.0, "CNY", 99), (10.0, "USD", 72), (10.0, "XXX", 0), (None, "", 0),
        (0.0, "", 0), (-5.0, "", 0), (math.nan, "", 0), (math.inf, "", 0), (10.0, "usd", 0),
    ],
)  # fmt: skip
def test_a_weight_by_amount_is_its_logarithm(amount: Any, currency: str, money: float) -> None:
    found = weigher({"amount": True}, rates={"USD": 7.2})
    weights = brought(found, Deed("a", NOON, amount, currency))
    assert weights == ([(0, 0, pytest.approx(2 * math.log1p(money)))] if money else [])


CASES = [
    ("name", "contains", "View", "Product Viewed", True),
    ("channel", "eq", "web", "web", True),
    ("channel", "ne", "web", "web", False),
    ("device", "in", ["mobile", "tablet"], "tablet", True),
    ("device", "not_in", ["mobile", "tablet"], "tablet", False),
    ("source", "exists", True, "shop", True),
]


@pytest.mark.parametrize(("field", "op", "value", "found", "holds"), CASES)
def test_conditions_on_columns(field: str, op: str, value: Any, found: str, holds: bool) -> None:
    rule = {"events": ["*"], "conditions": [{"field": field, "op": op, "value": value}]}
    deed = Deed("a", NOON)._replace(**{field: found})
    other = Deed("a", NOON)._replace(**{field: "something else"})
    assert bool(brought(weigher(rule), deed)) is holds
    if op != "exists":
        assert bool(brought(weigher(rule), other)) is not holds


@pytest.mark.parametrize(
    ("op", "value", "given", "holds"),
    [
        ("eq", 5, 5.0, True), ("eq", 5, "5", False), ("eq", "5", 5, False), ("eq", True, 1, False),
        ("eq", 1, True, False), ("eq", True, True, True), ("eq", 5, None, False),
        ("ne", 5, 6, True), ("ne", 5, "5", True), ("ne", 5, None, True), ("ne", 5, 5, False),
        ("in", [1, "x"], "x", True), ("in", [1, "x"], "y", False), ("in", [], "y", False),
        ("not_in", [1], 2, True), ("not_in", [1], 1, False), ("not_in", [1], None, True),
        ("gt", 3, 3, False), ("gt", 3, 3.5, True), ("ge", 3, 3, True), ("lt", 3, 2, True),
        ("le", 3, 4, False), ("gt", 3, "4", False), ("gt", 0, True, False), ("lt", 3, None, False),
        ("exists", True, 0, True), ("exists", True, None, False), ("exists", False, None, True),
        ("contains", "ab", "xaby", True), ("contains", "ab", "xay", False),
        ("contains", "ab", ["ab"], True), ("contains", "ab", ["xab"], False),
        ("contains", 2, [1, 2], True), ("contains", 1, [True], False), ("contains", 1, 1, False),
        ("contains", 1, "1", False),
    ],
)  # fmt: skip
def test_conditions_on_properties_never_mix_kinds(
    op: str, value: Any, given: Any, holds: bool
) -> None:
    found = weigher({"conditions": [{"field": "properties.x.y", "op": op, "value": value}]})
    deed = Deed("a", NOON, properties=json.dumps({"x": {"y": given}}))
    assert bool(brought(found, deed)) is holds


@pytest.mark.parametrize("properties", ["{}", '{"x": 3}', '{"x": {}}', "[]", "not json"])
def test_a_property_that_is_not_there_is_missing(properties: str) -> None:
    deed = Deed("a", NOON, properties=properties)
    there = {"conditions": [{"field": "properties.x.y", "op": "exists"}]}
    gone = {"conditions": [{"field": "properties.x.y", "op": "exists", "value": False}]}
    assert brought(weigher(there, gone), deed) == [(0, 1, 2.0)]


def test_all_conditions_of_a_rule_must_hold() -> None:
    both = [
        {"field": "channel", "op": "eq", "value": "web"},
        {"field": "properties.n", "op": "gt", "value": 1},
    ]
    found = weigher({"conditions": both}, {"points": 1})
    deeds = [
        Deed("a", NOON, properties='{"n": 2}', channel=channel) for channel in ("web", "app")
    ] + [Deed("a", NOON, properties='{"n": 1}')]
    assert brought(found, *deeds) == [(0, 0, 2.0), (0, 1, 1.0), (1, 1, 1.0), (2, 1, 1.0)]


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/New_York"])
def test_capped_weights_carry_the_day_of_the_pool(zone: str) -> None:
    place = zoneinfo.ZoneInfo(zone)
    found = weigher({"cap": 3}, zone=place)
    events = batch([Deed("a", NOON + h * 3_600_000) for h in range(48)])
    days = found.weigh(events).day
    expected = [day_of(ms, place).toordinal() - 719_163 for ms in events.column("ms").to_pylist()]
    assert days.tolist() == expected


def test_of_keeps_some_events() -> None:
    weights = weigher({}, {"points": 1}).weigh(batch([Deed("a", NOON)] * 3))
    kept = weights.of(np.array([True, False, True]))
    assert kept.event.tolist() == [0, 0, 2, 2]
    assert sorted(kept.weight.tolist()) == [1, 1, 2, 2]


def test_a_slice_of_a_batch_weighs_as_the_batch_does() -> None:
    shipped = Weigher(rules.sets()["ecommerce"], SHANGHAI)
    deeds = [Deed("Order Completed", NOON + i, amount=float(i)) for i in range(10)]
    whole = shipped.weigh(batch(deeds[4:]))
    part = shipped.weigh(batch(deeds).slice(4))
    assert all((a == b).all() for a, b in zip(whole, part, strict=True))
