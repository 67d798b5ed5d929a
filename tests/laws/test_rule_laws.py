"""What must always hold when rules change: temperatures made ready beside are the same."""

from __future__ import annotations

import msgspec
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from hotspring.event import Event
from hotspring.temperature import RuleSet, rules
from tests.laws.folding import NOW, Folding, events, in_parts, same_warmth

FEW = settings(max_examples=25, deadline=None, phases=[Phase.explicit, Phase.generate])
MEANWHILE = st.lists(st.sampled_from(["catch up", "part", "undo", "flag", "unflag"]), max_size=6)


def other_rules() -> RuleSet:
    """Rules with caps, conditions and amounts, of which none weighs as before."""
    body = msgspec.to_builtins(rules.sets()["ecommerce"])
    for rule in body["rules"]:
        rule["points"] *= -2 if rule["id"] == "product_viewed" else 3
        rule["half_life_days"] = {60: 90, 14: 7, 3: 1}.get(rule["half_life_days"], 30)
    body["e_half"] = 11
    body["rules"][0]["conditions"] = [{"field": "source", "op": "eq", "value": "shop"}]
    return RuleSet.from_json(msgspec.json.encode(body))


@given(
    rows=events(most=24),
    cuts=st.lists(st.integers(0, 30), max_size=5),
    meanwhile=MEANWHILE,
    sealed=st.booleans(),
)
@FEW
def test_a_heat_prepared_beside_equals_the_plain_way(
    folders, rows: list[Event], cuts, meanwhile, sealed
) -> None:
    wanted = other_rules()
    with Folding(folders()) as plain, Folding(folders()) as ready:
        parts = iter(in_parts(rows, cuts))
        first = next(parts, [])
        for pool in (plain, ready):
            pool.deliver(first)
        if sealed:
            ready.app.seal()
        pipeline = ready.app.pipeline
        prepared = pipeline.prepare(wanted)
        assert pipeline.catch_up(prepared)
        for number, step in enumerate(meanwhile):
            if step == "catch up":
                assert pipeline.catch_up(prepared)
            elif step == "part":
                part = next(parts, [])
                plain.deliver(part)
                ready.deliver(part)
            elif step == "undo":
                undone = _some_merge(ready)
                if undone:
                    plain.command("separate", {"id": f"u{number}", **undone})
                    ready.command("separate", {"id": f"u{number}", **undone})
            else:
                said = {"id": "f", "identifiers": ["anonymous_id:a0", "user_id:u1"]}
                plain.command(step, said)
                ready.command(step, said)
        for pool in (plain, ready):
            pool.command("rules", wanted)
        assert pipeline.state.heat is prepared.heat
        assert pipeline.state.prepared == []
        for part in parts:
            plain.deliver(part)
            ready.deliver(part)
        assert same_warmth(plain.warmth(), ready.warmth())
        assert pipeline.replace_by_rebuild()


def _some_merge(pool: Folding) -> dict[str, list[str]] | None:
    for key in sorted(min(members) for members in pool.partition()):
        for merge in pool.app.pool.merges(key)["merges"]:
            return pool.app.pool.separation(key, merge["id"])
    return None


def test_what_was_told_to_stop_is_not_taken(folders) -> None:
    bought = [Event("m", "track", "Order Completed", NOW, ("user_id:u",), 1)]
    with Folding(folders()) as pool:
        pool.deliver(bought)
        pipeline, wanted = pool.app.pipeline, other_rules()
        prepared = pipeline.prepare(wanted)
        assert not pipeline.catch_up(prepared, lambda rows: False)
        assert pipeline.state.prepared == []
        pool.command("rules", wanted)
        assert pipeline.state.heat is not prepared.heat
        assert pipeline.replace_by_rebuild()


def test_a_rebuild_leaves_what_was_prepared_without_use(folders) -> None:
    with Folding(folders()) as pool:
        pipeline = pool.app.pipeline
        prepared = pipeline.prepare(other_rules())
        assert pipeline.catch_up(prepared)
        assert pipeline.replace_by_rebuild()
        assert not pipeline.catch_up(prepared)
        assert not pipeline.take_up(prepared)
