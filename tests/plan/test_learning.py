"""What a proposal says of what came, and what it never tells."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspring.errors import PlanError
from hotspring.event import Event
from hotspring.plan import Checks, Plan, foreign, learnt
from hotspring.pool import plans
from tests.laws.folding import NOW, Folding
from tests.plan.test_schema import JSON


def schema(values: list[dict[str, Any]]) -> dict[str, Any]:
    plan = learnt([("A", value) for value in values], {"A": len(values)})
    return plan.events["A"].schema


def of_one(values: list[Any]) -> dict[str, Any]:
    return schema([{"p": value} for value in values])["properties"]["p"]


def test_types_follow_what_is_common() -> None:
    assert of_one([True] * 60) == {"type": "boolean"}
    assert of_one([1.5, 2] * 30) == {"type": "number", "minimum": 0, "maximum": 20}
    assert of_one([3] * 60) == {"type": "integer", "minimum": 0, "maximum": 30}
    assert of_one([3] * 10) == {"type": "number", "minimum": 0}
    assert of_one([-3.5] * 60) == {"type": "number"}
    assert of_one(["x" * n for n in range(60)]) == {"type": "string"}
    # One in two hundred is a mistake.
    assert of_one([f"s{n}" for n in range(199)] + [5]) == {"type": "string"}
    assert of_one([f"s{n}" for n in range(90)] + [None] * 10) == {"type": ["null", "string"]}


def test_few_values_are_listed_and_rare_ones_never() -> None:
    assert of_one(["CNY"] * 40 + ["USD"] * 20) == {"enum": ["CNY", "USD"]}
    assert of_one(["CNY"] * 60 + [None] * 9) == {"enum": ["CNY", None]}
    assert of_one(["CNY"] * 20) == {"type": "string"}
    told = of_one(["CNY"] * 600 + ["13800138000"] * 4)
    assert told == {"enum": ["CNY"]}
    assert of_one(["CNY"] * 60 + ["13800138000"] * 4) == {"type": "string"}
    many = [f"{n}" for n in range(13) for _ in range(9)]
    assert of_one(many) == {"type": "string"}


def test_what_is_nearly_always_there_is_required() -> None:
    values = [{"id": "a", **({"coupon": "c"} if n % 2 else {})} for n in range(200)]
    values[7] = {"coupon": "c"}
    found = schema(values)
    assert found["required"] == ["id"]
    assert set(found["properties"]) == {"id", "coupon"}


def test_objects_and_lists_are_looked_into() -> None:
    line = {"sku": "s1", "price": 9.5}
    found = schema([{"products": [line, line]}] * 60)
    items = found["properties"]["products"]["items"]
    assert items["required"] == ["price", "sku"]
    assert items["properties"]["price"] == {"type": "number", "minimum": 0, "maximum": 100}


@given(values=st.lists(st.dictionaries(st.text(max_size=4), JSON, max_size=3), max_size=80))
@settings(max_examples=80, deadline=None)
def test_a_proposal_can_be_put_in_force_and_most_of_what_came_fits(values: Any) -> None:
    plan = learnt([("A", value) for value in values], {"A": len(values)})
    assert Plan.from_json(plan.to_json()) == plan
    check = Checks(plan, 1).of("A")
    assert (check is None) is (not values)
    if check is not None:
        # Below a hundred events nothing is rare: all that came must fit.
        assert all(check.holds(value) for value in values)


@given(value=st.text(st.characters(categories=["L"]), min_size=12, max_size=64),
       times=st.integers(1, 4), rest=st.integers(0, 600))  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_a_value_of_few_people_is_never_told(value: str, times: int, rest: int) -> None:
    values = [{"p": value}] * times + [{"p": "often"}] * rest
    assert value not in json.dumps(schema(values), ensure_ascii=False)


@given(number=st.integers(10**6, 10**15) | st.floats(10, 1e300))
def test_no_number_is_told_as_it_was(number: float) -> None:
    found = of_one([number] * 60)
    assert found["maximum"] >= number
    assert json.dumps(number) not in json.dumps(found) or str(number).strip("0.").isdecimal()
    assert len(str(found["maximum"]).rstrip("0").strip(".")) <= 2 or found["maximum"] > 2**53


def event(number: int, name: str, properties: dict[str, Any], **more: Any) -> Event:
    text = json.dumps(properties)
    return Event(f"{name}{number}", "track", name, NOW, ("user_id:lin",), 1, text, **more)


def test_a_pool_proposes_tries_and_adds_to_its_plan(tmp_path: Path) -> None:
    with Folding(tmp_path / "pool") as pool:
        plans = pool.app.pool.plans
        assert plans.learn(0, False) == {"plan": {"events": {}, "others": "allow"}, "events": []}
        good = [event(n, "Order Completed", {"total": n, "currency": "CNY"}) for n in range(99)]
        pool.deliver([*good, event(99, "Order Completed", {"total": "5"})])
        pool.deliver([event(1, "Rare", {}), event(2, "Agreed", {"x": 1})], received=NOW + 9)
        told = plans.learn(0, False)
        order = told["plan"]["events"]["Order Completed"]
        assert order["mode"] == "lenient"
        assert order["note"] == "Learnt from 100 of 100 events."
        assert order["schema"]["required"] == ["currency", "total"]
        by_name = {row["event"]: row for row in told["events"]}
        assert by_name["Order Completed"] == {
            "event": "Order Completed", "events": 100, "looked_at": 100, "breaking": 1,
            "details": by_name["Order Completed"]["details"],
        }  # fmt: skip
        assert "currency" in by_name["Order Completed"]["details"][0]
        assert set(plans.learn(NOW + 9, False)["plan"]["events"]) == {"Rare", "Agreed"}

        mine = {"events": {"Agreed": {"schema": {"required": ["y"]}, "mode": "strict"}},
                "others": "strict"}  # fmt: skip
        pool.command("plan", mine)
        grown = plans.learn(0, True)["plan"]
        assert grown["events"]["Agreed"]["mode"] == "strict"
        assert grown["others"] == "strict"
        assert set(grown["events"]) == {"Agreed", "Order Completed", "Rare"}
        tried = plans.trial(mine, 0)
        rows = {row["event"]: (row["breaking"], row["details"]) for row in tried["events"]}
        assert rows["Agreed"][0] == 1
        assert rows["Order Completed"] == (100, ["plan 2: no event of this name is planned"])
        assert tried["difference"]["changes"] == []
        with pytest.raises(PlanError):
            plans.trial({"events": 5}, 0)


def test_many_events_are_looked_at_by_lot(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(plans, "SAMPLED", plans.SAMPLED.replace("4000", "50"))
    with Folding(tmp_path / "pool") as pool:
        pool.deliver([event(n, "A", {"n": n}) for n in range(400)])
        (row,) = pool.app.pool.plans.learn(0, False)["events"]
        assert row["events"] == 400
        assert 20 <= row["looked_at"] <= 100


SEGMENT = {
    "data": {
        "rules": [
            {
                "type": "TRACK", "key": "Order Completed", "version": 1,
                "jsonSchema": {
                    "$schema": "http://json-schema.org/draft-07/schema#",
                    "type": "object",
                    "properties": {
                        "context": {}, "traits": {},
                        "properties": {"type": "object", "required": ["total"],
                                       "properties": {"total": {"type": ["number", "null"]}}},
                    },
                },
            },
            {"type": "IDENTIFY", "jsonSchema": {"properties": {"traits": {"type": "object"}}}},
            {"type": "COMMON", "jsonSchema": {}},
        ]
    }
}  # fmt: skip
OLD_SEGMENT = {
    "name": "plans/1",
    "rules": {
        "events": [
            {"name": "Signed Up", "description": "At the end of the form.",
             "rules": {"properties": {"properties": {"required": ["plan"]}}}}
        ]
    },
}  # fmt: skip


def test_plans_of_other_tools_are_read() -> None:
    plan = foreign(SEGMENT)
    assert set(plan.events) == {"Order Completed", "Identified"}
    assert plan.events["Order Completed"].schema["required"] == ["total"]
    old = foreign(OLD_SEGMENT).events["Signed Up"]
    assert (old.schema, old.note) == ({"required": ["plan"]}, "At the end of the form.")
    bare = foreign({"A": {"required": ["x"]}, "B": {}})
    assert {name: one.schema for name, one in bare.events.items()} == {
        "A": {"required": ["x"]},
        "B": {},
    }
    own = {"events": {"A": {"schema": {}, "mode": "strict"}}, "others": "lenient", "version": 7}
    assert foreign(own).others == "lenient"


@given(document=JSON | st.dictionaries(st.sampled_from(["data", "rules", "events"]), JSON))
@settings(max_examples=80, deadline=None)
def test_whatever_is_read_is_a_plan_or_an_error(document: Any) -> None:
    with contextlib.suppress(PlanError):
        assert isinstance(foreign(document), Plan)
