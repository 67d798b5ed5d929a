"""Rules as data: what is refused and how it is said, what comes with Hotspring."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest

from hotspring.errors import RulesError
from hotspring.temperature import RuleSet, rules

ASKED = {
    "purchase": "Order Completed",
    "cart": "Product Added",
    "favourite": "Product Added to Wishlist",
    "view": "Product Viewed",
}


def a_set(*changes: dict[str, Any], **whole: Any) -> str:
    rule = {
        "id": "bought",
        "title": {"zh": "买", "en": "Bought"},
        "events": ["Order Completed"],
        "points": 4,
        "half_life_days": 60,
    }
    many = [{**rule, **change} for change in changes]
    body = {"title": {"zh": "试", "en": "Trial"}, "e_half": 10, "currency": "CNY", "rates": {}}
    return json.dumps({**body, "rules": many, **whole})


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (a_set({"points": 0}), "rule bought: points must be a number other than 0"),
        (a_set({"points": "4"}), "rule bought: Expected `float`"),
        (a_set({"evnts": []}), "rule bought: Object contains unknown field `evnts`"),
        (a_set({"events": []}), "rule bought: name at least one event"),
        (a_set({"events": ["*", "Order Completed"]}), "rule bought: name at least one event"),
        (a_set({"half_life_days": 0.04}), "at least 1 hour"),
        (a_set({"half_life_days": 0.5, "cap": 3}), "at least 1 day, because the rule has a cap"),
        (a_set({"cap": 0}), "rule bought: cap must be above 0"),
        (a_set({}, {}), "rule bought: every rule needs its own id"),
        (a_set({"id": ""}), "rule (without id)"),
        (
            a_set(*({"id": str(d), "half_life_days": d} for d in (1, 2, 3, 4, 5))),
            "rule 5: its half-life of 5 days is the fifth; a set has at most 4, take one of 1, 2",
        ),
        (a_set({}, e_half=0), "e_half must be above 0"),
        (a_set({}, currency=""), "currency must name"),
        (a_set({}, rates={"USD": -1}), "rates: the rate of 'USD'"),
        (a_set({}, extra=1), "unknown field `extra`"),
        (a_set(*({"id": str(i)} for i in range(1001))), "at most 1000 rules"),
        ("[]", "the rules cannot be read"),
        ("{", "the rules are no JSON"),
        (b"\xff", "the rules are no JSON"),
    ],
)
def test_what_is_wrong_is_said_by_rule(text: str | bytes, told: str) -> None:
    with pytest.raises(RulesError) as error:
        RuleSet.from_json(text)
    assert told in str(error.value)


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        ({"field": "traits.age", "op": "eq", "value": 3}, "cannot read 'traits.age'"),
        ({"field": "amount", "op": "gt", "value": 3}, "cannot read 'amount'"),
        ({"field": "properties.", "op": "eq", "value": 3}, "cannot read 'properties.'"),
        ({"field": "properties.a..b", "op": "eq", "value": 3}, "cannot read"),
        ({"field": "channel", "op": "in", "value": "web"}, "needs a list of values"),
        ({"field": "channel", "op": "eq", "value": ["web"]}, "needs one value"),
        ({"field": "properties.n", "op": "gt", "value": "3"}, "needs a number"),
        ({"field": "properties.n", "op": "le", "value": True}, "needs a number"),
        ({"field": "properties.n", "op": "exists", "value": 1}, "needs true or false"),
        ({"field": "channel", "op": "like", "value": "x"}, "Invalid enum value 'like'"),
    ],
)
def test_a_condition_must_be_well_put(condition: dict[str, Any], told: str) -> None:
    with pytest.raises(RulesError, match="rule bought") as error:
        RuleSet.from_json(a_set({"conditions": [condition]}))
    assert told in str(error.value)


@pytest.mark.parametrize("name", ["content", "ecommerce", "membership"])
def test_shipped_sets_are_whole(name: str) -> None:
    shipped = rules.sets()[name]
    assert RuleSet.from_json(shipped.to_json()) == shipped
    assert len(shipped.half_lives_ms) <= 4
    assert all(rule.title.zh and rule.title.en for rule in shipped.rules)
    named = {event for rule in shipped.rules for event in rule.events}
    assert {
        "Promotion Clicked", "Product Shared", "Invite Accepted", "Signed In", "Message Opened",
        "Message Clicked", "Order Refunded", "Complaint Filed", "Unsubscribed", "Page Viewed",
    } <= named  # fmt: skip
    minus = {event for rule in shipped.rules if rule.points < 0 for event in rule.events}
    assert {"Order Refunded", "Complaint Filed", "Unsubscribed"} <= minus


def test_a_purchase_weighs_more_than_a_cart_than_a_favourite_than_a_view() -> None:
    points = {
        name: max(r.points for r in rules.sets()["ecommerce"].rules if event in r.events)
        for name, event in ASKED.items()
    }
    assert points["purchase"] > points["cart"] > points["favourite"] > points["view"] > 0


def test_rates_turn_with_the_currency_of_the_pool() -> None:
    yuan = RuleSet.from_json(a_set({}, rates={"USD": 7.2, "EUR": 7.8}))
    dollar = yuan.in_currency("USD")
    assert dollar.currency == "USD"
    assert dollar.rate("") == dollar.rate("USD") == 1
    assert dollar.rate("EUR") == pytest.approx(7.8 / 7.2)
    assert dollar.rate("CNY") == pytest.approx(1 / 7.2)
    assert math.isnan(dollar.rate("GBP"))
    assert yuan.in_currency("CNY") == yuan
    assert yuan.in_currency("GBP").rates == {}
    dollar.check()


def test_an_hour_and_ten_years_are_fine() -> None:
    RuleSet.from_json(a_set({"half_life_days": 1 / 24}, {"id": "b", "half_life_days": 3650}))
