"""Which schemas a plan may hold, and that no one of them or of the events breaks the door."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspring.collect import Judge
from hotspring.errors import PlanError
from hotspring.event import Flag
from hotspring.plan import Checks, Plan
from tests.collect.clients import NOW, SETTINGS, batch, record, send, track

ORDER = {
    "type": "object",
    "required": ["product_id", "price"],
    "properties": {
        "product_id": {"type": "string", "pattern": "^p[0-9]+$"},
        "price": {"type": "number", "minimum": 0},
        "currency": {"enum": ["CNY", "USD"]},
        "at": {"type": "string", "format": "date-time"},
    },
}


def plan(schema: Any = ORDER, mode: str = "lenient", **more: Any) -> Plan:
    events = {"Product Viewed": {"schema": schema, "mode": mode}}
    return Plan.from_json(json.dumps({"events": events, **more}))


def judged_by(plan: Plan, version: int = 3) -> Judge:
    judge = Judge(SETTINGS)
    judge.follow(plan, version)
    return judge


@pytest.mark.parametrize(
    ("schema", "told"),
    [
        ({"$ref": "http://example.com/s.json"}, "nothing is fetched"),
        ({"properties": {"a": {"$ref": "file:s.json"}}}, "nothing is fetched"),
        ({"$ref": "#"}, "nothing is fetched"),
        ({"$ref": "#/$defs/gone", "$defs": {}}, "leads nowhere"),
        ({"$ref": "#/$defs/a", "$defs": {"a": {"not": {"$ref": "#/$defs/a"}}}}, "back to itself"),
        ({"$dynamicRef": "#a"}, "not supported"),
        ({"$schema": "https://example.com/mine"}, "no dialect"),
        ({"properties": {"a": {"type": "strin"}}}, "/properties/a/type"),
        ({"pattern": "(?=x)"}, "/pattern"),
        ({"minimum": "5"}, "/minimum"),
        ({"enum": ["x" * 70_000]}, "larger than 64 kB"),
        (json.loads('{"not":' * 40 + "{}" + "}" * 40), "32 levels"),
    ],
)
def test_a_schema_that_cannot_be_used_is_refused(schema: Any, told: str) -> None:
    with pytest.raises(PlanError, match="Product Viewed") as error:
        plan(schema)
    assert told in str(error.value)


def test_a_schema_may_not_grow_by_its_references() -> None:
    doubled = {f"d{n}": {"allOf": [{"$ref": f"#/$defs/d{n + 1}"}] * 9} for n in range(6)}
    with pytest.raises(PlanError, match="10000 parts"):
        plan({"$ref": "#/$defs/d0", "$defs": {**doubled, "d6": {}}})


def test_what_a_schema_may_say() -> None:
    money = {"type": "object", "properties": {"amount": {"type": "number"}}}
    held = Checks(
        plan(
            {
                "$schema": "http://json-schema.org/draft-07/schema#",
                "definitions": {"money": money},
                "properties": {"price": {"$ref": "#/definitions/money"}, "$ref": {"type": "null"}},
            }
        ),
        1,
    ).of("Product Viewed")
    assert held is not None
    assert held.holds({"price": {"amount": 1}, "$ref": None})
    assert not held.holds({"price": {"amount": "1"}})
    assert not held.holds({"$ref": 1})


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "cannot be read"),
        ("[]", "cannot be read"),
        ('{"event": {}}', "event"),
        ('{"events": {"A": {}}}', "schema"),
        ('{"events": {"A": {"schema": {}, "mode": "hard"}}}', "hard"),
        ('{"events": {" A": {"schema": {}}}}', "no event name"),
        ('{"others": "deny"}', "deny"),
        ('{"events": ' + "[" * 5000 + "]" * 5000 + "}", "cannot be read"),
        (" " * (1 << 20) + "{}", "larger than 1 MB"),
    ],
)
def test_a_plan_that_cannot_be_read_says_why(text: str, told: str) -> None:
    with pytest.raises(PlanError, match=told):
        Plan.from_json(text)


def test_a_plan_has_at_most_so_many_events() -> None:
    many = {f"E{n}": {"schema": {}} for n in range(2_001)}
    with pytest.raises(PlanError, match="at most 2000"):
        Plan.from_json(json.dumps({"events": many}))


def test_a_lenient_breach_is_kept_with_a_flag() -> None:
    judge = judged_by(plan())
    good, bad, other = (
        track(properties={"product_id": "p1", "price": 2}),
        track(properties={"product_id": "p1", "price": "2"}),
        track(event="Other", properties={}),
    )
    events, refused = send("/v1/batch", batch(good, bad, other), judge=judge)
    assert refused == []
    assert [event.flags & Flag.BREACH for event in events] == [0, Flag.BREACH, 0]


def test_a_strict_breach_is_refused_and_says_where_but_not_what() -> None:
    secret = {"product_id": "13800138000", "price": -7.25, "currency": "13900139000"}
    judge = judged_by(plan(mode="strict"))
    events, (refused,) = send("/v1/batch", batch(track(properties=secret)), judge=judge)
    assert events == []
    assert refused.reason == "plan_breach"
    assert refused.detail.startswith("plan 3: ")
    for part in ("/product_id", "/price", "/currency", "minimum of 0"):
        assert part in refused.detail
    for value in ("13800138000", "7.25", "13900139000"):
        assert value not in refused.detail
        assert value in refused.body


def test_a_plan_holds_for_every_protocol() -> None:
    judge = judged_by(plan(mode="strict"))
    form = json.dumps(record(event="Product Viewed", properties={"price": "2"})).encode()
    _, (refused,) = send("/sa", form, judge=judge)
    assert refused.reason == "plan_breach"


def test_events_that_are_not_planned_may_be_flagged_or_refused() -> None:
    typo = batch(track(event="product viewed"))
    own = batch({"type": "page", "userId": "u", "messageId": "m"}, track(event="Other"))
    assert send("/v1/batch", typo, judge=judged_by(plan(others="allow")))[0][0].flags == 0
    (flagged,), _ = send("/v1/batch", typo, judge=judged_by(plan(others="lenient")))
    assert flagged.flags & Flag.BREACH
    (page,), (refused,) = send("/v1/batch", own, judge=judged_by(plan(others="strict")))
    assert (page.name, page.flags & Flag.BREACH) == ("Page Viewed", 0)
    assert refused.detail == "plan 3: no event of this name is planned"


def test_a_plan_that_cannot_be_used_leaves_the_one_before_in_force() -> None:
    judge = judged_by(plan(mode="strict"))
    bad = Plan.from_json("{}")
    bad.events["A"] = plan().events["Product Viewed"].__class__(schema={"type": "strin"})
    with pytest.raises(PlanError):
        judge.follow(bad, 4)
    assert send("/v1/batch", batch(track(properties={})), judge=judge)[1]


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
WORDS = st.sampled_from(
    ["type", "properties", "required", "enum", "minimum", "pattern", "items", "format", "not",
     "anyOf", "$ref", "additionalProperties", "const", "maxLength", "product_id", "string"]
)  # fmt: skip
SCHEMAS = st.recursive(
    JSON | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=12,
)


@given(schema=st.dictionaries(WORDS, SCHEMAS, max_size=4), properties=JSON, strict=st.booleans())
@settings(max_examples=150, deadline=None)
def test_no_schema_and_no_event_break_the_door(schema: Any, properties: Any, strict: bool) -> None:
    try:
        made = plan(schema, "strict" if strict else "lenient")
    except PlanError:
        return
    body = batch(track(properties=properties), track(properties={"product_id": properties}))
    events, refused = send("/v1/batch", body, judge=judged_by(made), received_ms=NOW)
    assert len(events) + len(refused) == 2
    for one in refused:
        assert one.reason in ("plan_breach", "bad_properties", "too_deep", "bad_json")
