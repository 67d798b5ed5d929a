"""A rule that is well made is read and written back; every other one is refused with its places."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import assume, given, settings

from hotspring.errors import RuleRefused
from hotspring.rules import LEAVES, Catalogue, Question, read, sentence, written
from hotspring.rules.nested import Thing
from tests.rules.some import CATALOGUE, rules


def faults(given: Any, own: str = "", catalogue: Catalogue = CATALOGUE) -> dict[str, str]:
    with pytest.raises(RuleRefused) as refused:
        read(given, catalogue, own)
    return {fault.place: fault.code for fault in refused.value.faults}


@settings(max_examples=100, deadline=None)
@given(rules())
def test_a_rule_written_and_read_is_the_same_rule(rule: Any) -> None:
    once = read(rule, CATALOGUE)
    again = read(json.loads(json.dumps(written(once))), CATALOGUE)
    assert again == once
    assert hash(again) == hash(once)


@settings(max_examples=100, deadline=None)
@given(rules())
def test_no_rule_is_taken_by_a_pool_that_has_nothing_of_it(rule: Any) -> None:
    text = json.dumps(rule)
    bare = ("band", "temperature", "next_band")
    if any(f'"{key}"' in text for key in LEAVES if key not in bare):
        # Of any event one may ask what every event has.
        assume('"event": null' not in text)
        with pytest.raises(RuleRefused):
            read(rule, Catalogue())


def behaviour(**changes: Any) -> dict[str, Any]:
    return {"behaviour": {"event": "a", **changes}}


BAD: list[tuple[Any, dict[str, str]]] = [
    (None, {"/": "shape"}),
    ([], {"/": "shape"}),
    ({}, {"/": "shape"}),
    ({"and": [], "or": []}, {"/": "shape"}),
    ({"and": []}, {"/and": "shape"}),
    ({"not": [{"band": {"any_of": ["hot"]}}]}, {"/not": "shape"}),
    ({"and": [{"band": {"any_of": ["hot"]}}, {"eval": "1"}]}, {"/and/1": "unknown_leaf"}),
    ({"band": {"any_of": ["boiling"]}}, {"/band/any_of/0": "wrong_type"}),
    ({"band": {"any_of": []}}, {"/band/any_of": "shape"}),
    ({"band": ["hot"]}, {"/band": "shape"}),
    ({"trait": {"op": "eq", "value": 1}}, {"/trait/name": "missing"}),
    ({"trait": {"name": "shoe", "op": "eq", "value": 1}}, {"/trait/name": "unknown_name"}),
    ({"trait": {"name": "age", "op": "like", "value": 1}}, {"/trait/op": "wrong_type"}),
    ({"trait": {"name": "age", "op": "contains", "value": 1}}, {"/trait/op": "wrong_type"}),
    ({"trait": {"name": "age", "op": "eq", "value": "1"}}, {"/trait/value": "wrong_type"}),
    ({"trait": {"name": "age", "op": "eq", "value": True}}, {"/trait/value": "wrong_type"}),
    ({"trait": {"name": "age", "op": "ge", "value": 1e300}}, {"/trait/value": "wrong_type"}),
    ({"trait": {"name": "age", "op": "in", "value": 1}}, {"/trait/value": "wrong_type"}),
    ({"trait": {"name": "age", "op": "in", "value": [1, "2"]}}, {"/trait/value/1": "wrong_type"}),
    ({"trait": {"name": "age", "op": "between", "value": [3, 2]}}, {"/trait/value": "wrong_value"}),
    ({"trait": {"name": "born", "op": "during", "value": 3}}, {"/trait/value": "wrong_type"}),
    ({"behaviour": {"event": "a", "less": {"event": "b"}}}, {"/behaviour/less": "unknown_field"}),
    ({"behaviour": {"event": "a", "measure": "sum", "field": "properties.n", "op": "ge", "value": 1,
                    "less": {"event": "c"}}}, {"/behaviour/less/event": "wrong_type"}),
    ({"behaviour": {"event": "a", "measure": "sum", "field": "amount", "currency": "CNY",
                    "less": {"event": "x"}}}, {"/behaviour/less/event": "unknown_name"}),
    ({"trait": {"name": "vip", "op": "eq", "value": True, "x": 1}}, {"/trait/x": "unknown_field"}),
    ({"trait": {"name": "city", "op": "eq", "value": "x" * 501}}, {"/trait/value": "wrong_type"}),
    ({"temperature": {"op": "ge"}}, {"/temperature/value": "wrong_type"}),
    ({"tag": {"id": "colour", "any_of": ["green"]}}, {"/tag/any_of/0": "unknown_name"}),
    ({"score": {"id": "x", "op": "ge", "value": 1}}, {"/score/id": "unknown_name"}),
    ({"tier": {"id": "worth", "any_of": ["tin"]}}, {"/tier/any_of/0": "unknown_name"}),
    ({"segment": {"id": "all"}}, {"/segment/id": "unknown_name"}),
    ({"identifier": {"kind": "fax"}}, {"/identifier/kind": "unknown_name"}),
    ({"consent": {"purpose": "x", "channel": "y"}},
     {"/consent/purpose": "unknown_name", "/consent/channel": "unknown_name"}),
    ({"district": {"any_of": ["44", "4"]}}, {"/district/any_of/1": "unknown_name"}),
    ({"trade_area": {"any_of": ["x"]}}, {"/trade_area/any_of/0": "unknown_name"}),
    ({"near": {"outlet": "x", "metres": -1}},
     {"/near/outlet": "unknown_name", "/near/metres": "wrong_value"}),
    ({"next_band": {"within": {"amount": 0}}}, {"/next_band/within/amount": "wrong_value"}),
    ({"next_band": {"within": {"amount": 1, "unit": "month"}}},
     {"/next_band/within/unit": "wrong_type"}),
    (behaviour(event="z"), {"/behaviour/event": "unknown_name"}),
    (behaviour(window={"from": {"ago": 30}, "to": {"ago": 60}}), {"/behaviour/window": "window"}),
    (behaviour(window={"from": {"ago": 0}}), {"/behaviour/window": "window"}),
    (behaviour(window={"from": {"at": "2025-02-01"}, "to": {"at": "2025-02-01"}}),
     {"/behaviour/window": "window"}),
    (behaviour(window={"to": {"ahead": 1}}), {"/behaviour/window/to/ahead": "window"}),
    (behaviour(window={"from": {"ago": -1}}), {"/behaviour/window/from/ago": "wrong_value"}),
    (behaviour(window={"from": {"ago": 99999}}), {"/behaviour/window/from/ago": "wrong_value"}),
    (behaviour(window={"from": {}}), {"/behaviour/window/from": "shape"}),
    (behaviour(window={"from": {"at": "soon"}}), {"/behaviour/window/from/at": "wrong_value"}),
    (behaviour(window={"since": {"ago": 1}}), {"/behaviour/window/since": "unknown_field"}),
    (behaviour(field="properties.n"), {"/behaviour/field": "unknown_field"}),
    (behaviour(measure="sum"), {"/behaviour/field": "unknown_name"}),
    (behaviour(measure="sum", field="properties.t"), {"/behaviour/field": "wrong_type"}),
    (behaviour(measure="sum", field="amount"), {"/behaviour/currency": "missing"}),
    (behaviour(measure="sum", field="amount", currency="XAU"),
     {"/behaviour/currency": "unknown_name"}),
    (behaviour(measure="sum", field="properties.n", currency="CNY"),
     {"/behaviour/currency": "unknown_field"}),
    (behaviour(measure="first", op="ge", value=1), {"/behaviour/op": "wrong_type"}),
    (behaviour(op="during", value={}), {"/behaviour/op": "wrong_type"}),
    (behaviour(value="x"), {"/behaviour/value": "wrong_type"}),
    (behaviour(where=[{"field": "properties.n", "op": "ge", "value": 1},
                      {"field": "properties.q", "op": "eq", "value": 1}]),
     {"/behaviour/where/1/field": "unknown_name"}),
    (behaviour(where=[{"field": "properties.n", "op": "eq", "value": "1"}]),
     {"/behaviour/where/0/value": "wrong_type"}),
    (behaviour(where=[{"field": "channel", "op": "eq", "value": "web"}] * 21),
     {"/behaviour/where": "too_large"}),
    ({"sequence": {"first": {"event": "a"}, "then": {"event": "z"}, "within": {"amount": -1}}},
     {"/sequence/then/event": "unknown_name", "/sequence/within/amount": "wrong_value"}),
    ({"sequence": {"first": {"event": "a"}}}, {"/sequence/then": "missing"}),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "told"), BAD, ids=lambda one: json.dumps(one)[:60])
def test_a_bad_rule_is_refused_with_the_place_of_each_fault(
    rule: Any, told: dict[str, str]
) -> None:
    assert faults(rule) == told
    deeper = {"or": [{"band": {"any_of": ["hot"]}}, {"not": rule}]}
    assert faults(deeper) == {f"/or/1/not{p if p != '/' else ''}": code for p, code in told.items()}


def test_all_faults_are_told_at_once() -> None:
    rule = {"and": [behaviour(event="z", window={"from": {"ago": 1}, "to": {"ago": 2}}),
                    {"trait": {"name": "shoe", "op": "eq", "value": 1}}, {"sum": 1}]}  # fmt: skip
    assert faults(rule) == {
        "/and/0/behaviour/event": "unknown_name",
        "/and/0/behaviour/window": "window",
        "/and/1/trait/name": "unknown_name",
        "/and/2": "unknown_leaf",
    }


def test_a_rule_that_is_too_deep_or_too_large_is_refused() -> None:
    deep: Any = {"band": {"any_of": ["hot"]}}
    for _ in range(5_000):
        deep = {"not": deep}
    assert list(faults(deep).values()) == ["too_deep"]
    assert faults({"and": [{"band": {"any_of": ["hot"]}}] * 201}) == {"/": "too_large"}
    assert len(faults({"and": [{"x": 1}] * 1_000})) == 50


def test_a_segment_must_not_lead_back_to_itself() -> None:
    def of(name: str, segment: str) -> Thing:
        return Thing("segment", name, (read({"segment": {"id": segment}}, None),))

    there = Catalogue(
        things={"x": of("Buyers", "y"), "y": of("y", "z"), "z": Thing("segment", "z")}
    )
    rule = {"not": {"segment": {"id": "x"}}}
    for own in ("x", "y", "z"):
        assert faults(rule, own, there) == {"/not/segment/id": "cycle"}
    assert sentence(read(rule, there, "w"), there, "en") == "Not (is in the segment “Buyers”)"
    assert there.named_by("z") == ["y"]


def test_segments_that_name_segments_are_bounded_together() -> None:
    """Thirty of them, each of which names the one before ten times, would be 10^30 leaves."""
    hot = read({"band": {"any_of": ["hot"]}}, None)
    things = {"s0": Thing("segment", "s0", (hot,))}
    for n in range(1, 30):
        ten = {"or": [{"segment": {"id": f"s{n - 1}"}}] * 10}
        things[f"s{n}"] = Thing("segment", f"s{n}", (read(ten, None),))
    there = Catalogue(things=things)
    read({"segment": {"id": "s3"}}, there)
    assert faults({"segment": {"id": "s29"}}, "", there) == {"/": "too_large"}
    whole = Question(read({"segment": {"id": "s1"}}, there), there, 0).rule
    assert written(whole) == {"or": [written(hot)] * 10}


def test_of_any_event_a_field_must_be_of_one_kind() -> None:
    there = Catalogue(events={"a": {"p": "string"}, "b": {"p": "number"}})
    rule = {"behaviour": {"event": None, "where": [
        {"field": "properties.p", "op": "eq", "value": "x"}]}}  # fmt: skip
    assert faults(rule, catalogue=there) == {"/behaviour/where/0/field": "wrong_type"}
