"""Tiers always part everybody, yardsticks are fixed, and one group claims each who is wanted."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspring.errors import RuleRefused
from hotspring.rules import Catalogue, read
from hotspring.scores import Measure
from hotspring.tiers import Group, Scheme, claims, classes, schemes
from hotspring.tiers.classes import Yardstick
from hotspring.tiers.scheme import Metric, Tier

HEAT = Metric(Measure({"temperature": {}}))
NUMBERS = st.lists(st.integers(-4, 4).map(float) | st.just(float("nan")), min_size=1, max_size=40)
SHARES = st.lists(st.floats(0.05, 0.95), min_size=1, max_size=4, unique=True).map(sorted)


def scheme(count: int, **said: Any) -> Scheme:
    names = tuple(Tier(f"t{at}") for at in range(count))
    return Scheme("tr_1", "x", "", names, metrics=(HEAT,), **said)


@settings(max_examples=50)
@given(NUMBERS, SHARES)
def test_everybody_is_in_one_tier_and_more_is_never_lower(values: Any, shares: Any) -> None:
    numbers = np.array(values)[:, None]
    fixed = scheme(len(shares) + 1, shares=tuple(shares)).fixed(numbers, 7)
    if len(fixed.cuts) != len(shares):
        assert np.isnan(numbers).all()
        return
    codes = fixed.codes(numbers)
    assert ((codes >= 0) & (codes <= len(shares))).all()
    assert (codes[np.isnan(numbers[:, 0])] == 0).all()
    known = ~np.isnan(numbers[:, 0])
    order = np.argsort(numbers[known, 0], kind="stable")
    assert (np.diff(codes[known][order]) >= 0).all()
    # Who has the same number is in the same tier.
    for value in set(numbers[known, 0].tolist()):
        assert len(set(codes[numbers[:, 0] == value].tolist())) == 1


@settings(max_examples=50)
@given(st.lists(st.lists(st.booleans(), min_size=3, max_size=3), min_size=1, max_size=20))
def test_by_rules_the_highest_that_is_true_counts(truths: Any) -> None:
    codes = classes.by_rules(np.array(truths))
    for code, mine in zip(codes.tolist(), truths, strict=True):
        assert code == max([at + 1 for at, one in enumerate(mine) if one], default=0)


@settings(max_examples=50)
@given(NUMBERS, NUMBERS)
def test_a_yardstick_ranks_whoever_comes_and_nobody_else_moves(own: Any, more: Any) -> None:
    yardstick = Yardstick.of(np.array(own))
    ranks = yardstick.rank(np.array(own + more))
    assert ((ranks >= 0) & (ranks <= 1)).all()
    assert (ranks[: len(own)] == yardstick.rank(np.array(own))).all()
    known = [one for one in own if one == one]
    for value, rank in zip(own, ranks.tolist(), strict=False):
        if value == value:
            less = sum(one < value for one in known) + sum(one == value for one in known) / 2
            assert rank == pytest.approx(less / len(known))


@pytest.mark.parametrize("seed", range(4))
def test_a_long_yardstick_is_near_the_ranks_of_all(seed: int) -> None:
    chance = np.random.default_rng(seed)
    numbers = np.round(chance.lognormal(3, seed, 3_000), 2)
    yardstick = Yardstick.of(np.append(numbers, [0.0] * 1_000 * seed))
    assert len(yardstick.values) <= 402
    distinct, many = np.unique(np.append(numbers, [0.0] * 1_000 * seed), return_counts=True)
    exact = (np.cumsum(many) - many / 2) / many.sum()
    assert (np.abs(yardstick.rank(distinct) - exact) <= 1 / 200 + 1e-9).all()


def test_a_composite_weighs_ranks_and_less_may_be_better() -> None:
    numbers = np.array([[1.0, 9.0], [2.0, 5.0], [3.0, 1.0]])
    parts = (Metric(HEAT.measure, 3.0), Metric(Measure({"trait": {"name": "age"}}), -1.0))
    said = Scheme("tr_1", "x", "", (Tier("a"), Tier("b")), "composite", parts, shares=(0.5,))
    fixed = said.fixed(numbers, 7)
    third = 100 / 3
    assert fixed.value(numbers) == pytest.approx([third / 2, 50, third * 2.5])
    assert fixed.codes(numbers).tolist() == [0, 0, 1]


@settings(max_examples=50)
@given(
    st.lists(st.tuples(st.integers(-1, 2), st.integers(-1, 2)), max_size=30),
)
def test_the_moves_hold_everybody_once(pairs: list[tuple[int, int]]) -> None:
    before, after = (np.array([one[at] for one in pairs], np.int8) for at in (0, 1))
    found = classes.moves(before, after, 3)
    counted = {(one.before, one.after): one.profiles for one in found}
    expected: dict[tuple[int, int], int] = {}
    for pair in pairs:
        if pair != (-1, -1):
            expected[pair] = expected.get(pair, 0) + 1
    assert counted == expected


@settings(max_examples=50)
@given(
    st.lists(st.lists(st.booleans(), min_size=4, max_size=4), max_size=20),
    st.lists(st.sampled_from([0.0, 1.0, 2.0]), min_size=4, max_size=4),
)
def test_one_group_claims_each_whom_any_wants(inside: Any, weights: Any) -> None:
    found = claims(np.array(inside, bool).reshape(len(inside), 4), weights).tolist()
    for claimed, mine in zip(found, inside, strict=True):
        wanting = [at for at, one in enumerate(mine) if one]
        if not wanting:
            assert claimed == -1
        else:
            heaviest = max(weights[at] for at in wanting)
            assert claimed == next(at for at in wanting if weights[at] == heaviest)


RULE = {"band": {"any_of": ["hot"]}}


@pytest.mark.parametrize(
    ("said", "faults"),
    [
        (scheme(2, cuts=(1.0,)), {}),
        (scheme(3, cuts=(2.0, 1.0)), {"/cuts": "wrong_value"}),
        (scheme(3, shares=(0.5,)), {"/shares": "wrong_value"}),
        (scheme(1), {"/tiers": "shape"}),
        (scheme(2, cuts=(1.0,), grace=-1), {"/grace": "wrong_value"}),
        (Scheme("x", "x", "", (Tier("a"), Tier("a", RULE)), "rules"),
         {"/tiers/1/name": "wrong_value"}),
        (Scheme("x", "x", "", (Tier("a", RULE), Tier("b")), "rules"),
         {"/tiers/0/rule": "shape", "/tiers/1/rule": "shape"}),
        (Scheme("x", "x", "", (Tier("a"), Tier("b", {"band": {"any_of": []}})), "rules"),
         {"/tiers/1/rule/band/any_of": "shape"}),
        (Scheme("x", "x", "", (Tier("a"), Tier("b")), "composite", (HEAT,), cuts=(1.0,)),
         {"/metrics": "shape"}),
        (Scheme("x", "x", "", (Tier("a"), Tier("b")), "metric",
                (Metric(Measure({"trait": {"name": "no"}})),), cuts=(1.0,)),
         {"/metrics/0/measure/trait/name": "unknown_name"}),
    ],
)  # fmt: skip
def test_faults_of_schemes_are_told_with_their_places(said: Scheme, faults: Any) -> None:
    if faults == {}:
        assert said.checked(lambda rule: read(rule, Catalogue())) is said
        return
    with pytest.raises(RuleRefused) as refused:
        said.checked(lambda rule: read(rule, Catalogue()))
    assert {one.place: one.code for one in refused.value.faults} == faults
    assert schemes().kept == {}


def test_a_group_is_a_rule_under_tiers_or_across_them() -> None:
    there = Catalogue()
    across = Group("gr_1", "x", "", RULE)
    assert across.checked(lambda rule: read(rule, there)).asks() == (RULE,)
    under = Group("gr_1", "x", "", RULE, "tr_1", ("a",), 3)
    assert under.whole == {"and": [{"tier": {"id": "tr_1", "any_of": ["a"]}}, RULE]}
    for bad, place in (
        (Group("g", "x"), "/rule"),
        (Group("g", "x", "", RULE, "tr_1"), "/tiers"),
        (Group("g", "x", "", RULE, weight=float("nan")), "/weight"),
        (under, "/and/0/tier/id"),
    ):
        with pytest.raises(RuleRefused) as refused:
            bad.checked(lambda rule: read(rule, there))
        assert place in [one.place for one in refused.value.faults]
