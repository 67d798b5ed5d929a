"""Templates as data: every item, in every language, is what people could have saved."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspring.errors import BadRequest
from hotspring.pool.template_forms import asked, parts
from hotspring.rules import Catalogue
from hotspring.temperature import rules
from hotspring.templates import Filling, Template, chosen, has, templates

EMPTY = Catalogue()


def having(template: Template) -> Catalogue:
    """A pool that has everything by its usual name."""
    events: dict[str, dict[str, str]] = {}
    for slot in template.names.values():
        if slot.kind == "event":
            events.setdefault(slot.names[0], {})
    for slot in template.names.values():
        for event in slot.of:
            events[template.names[event].names[0]][slot.names[0]] = slot.type
    traits = {one.names[0]: "string" for one in template.names.values() if one.kind == "trait"}
    return Catalogue(traits=traits, events=events)  # type: ignore[arg-type]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("template", templates().values(), ids=list(templates()))
def test_every_item_is_what_people_could_save(template: Template, language: str) -> None:
    both = ((EMPTY, False), (having(template), True))
    for (catalogue, ready), item in itertools.product(both, template.items):
        names = chosen(template, catalogue, {})
        filling = Filling(template, names, language, "CNY")  # type: ignore[arg-type]
        if item.kind == "rule":
            rule = filling.rule(item, (3.0, 14.0, 60.0, 180.0))
            rule.check()
            assert rule.half_life_days in (3.0, 14.0, 60.0, 180.0)
            continue
        said = filling.said(item)
        _, problems = asked(item.kind, said, template.made(item), catalogue)
        assert (problems == []) is ready
        told = parts(item.kind, filling._replace(spoken=True).said(item), catalogue, language)
        assert all(part["sentence"] for part in told)
        assert "$" not in str(said)


def test_ids_and_names_are_given_once() -> None:
    made = [one.made(item) for one in templates().values() for item in one.items]
    assert len(set(made)) == len(made)
    for language in ("zh", "en"):
        for kind in ("segment", "tag", "score"):
            named = [
                getattr(item.title, language)
                for one in templates().values() for item in one.items if item.kind == kind
            ]  # fmt: skip
            assert len(set(named)) == len(named), "two of a kind cannot have one name"


@pytest.mark.parametrize("template", templates().values(), ids=list(templates()))
def test_every_name_is_used_and_every_use_is_named(template: Template) -> None:
    used = set(itertools.chain.from_iterable(item.slots() for item in template.items))
    assert used == set(template.names)
    for slot in template.names.values():
        assert (slot.kind == "property") == bool(slot.of)
        assert len(set(slot.names)) == len(slot.names)


def test_names_are_found_in_what_the_pool_has() -> None:
    retail = templates()["retail"]
    there = Catalogue(
        events={
            "order_paid": {},
            "Product Added": {"品类": "string"},
            "Product Viewed": {"品类": "string"},
        }
    )
    names = chosen(retail, there, {"baby": ["宝宝 ", "宝宝"]})
    assert names["order"] == "order_paid"
    assert names["goods"] == "Product Added", "orders here have no category"
    assert names["category"] == "品类"
    assert names["baby"] == ("宝宝",)
    assert has(retail.names["category"], "品类", ["Product Added"], there)
    assert not has(retail.names["category"], "品类", ["order_paid"], there)
    (buyers,) = (one for one in retail.items if one.id == "baby_buyers")
    rule = Filling(retail, names, "zh", "CNY").said(buyers)["rule"]
    assert rule == {
        "behaviour": {
            "event": "Product Added",
            "where": [{"field": "properties.品类", "op": "contains", "value": "宝宝"}],
            "window": {"from": {"ago": 90}},
        }
    }


@pytest.mark.parametrize(
    "said", [{"nothing": "x"}, {"order": ""}, {"order": 7}, {"baby": "x"}, {"baby": []},
             {"baby": [" "]}, {"baby": ["x"] * 31}, {"category": ["x"]}],
)  # fmt: skip
def test_what_is_no_name_is_refused(said: dict[str, object]) -> None:
    with pytest.raises(BadRequest):
        chosen(templates()["retail"], EMPTY, said)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(0.05, 1_000), min_size=4, max_size=4, unique=True))
def test_a_set_with_all_the_half_lives_it_may_have_can_take_any_rule(days: list[float]) -> None:
    for template in templates().values():
        filling = Filling(template, chosen(template, EMPTY, {}), "en", "CNY")
        found = [filling.rule(one, days) for one in template.items if one.kind == "rule"]
        for rule in found:
            rule.check()
            assert rule.half_life_days in days or (rule.cap is not None and max(days) < 1)
    assert rules.MOST_HALF_LIVES == 4
