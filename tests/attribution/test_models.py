"""Attribution: laws of every model, slow references, cases by hand, and published figures."""

from __future__ import annotations

import csv
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspring.attribution import Credit, Journeys, Markov, Shapley, Sharing
from tests.attribution.cases import (
    Told,
    journeys,
    removal_by_dense_chain,
    shapley_by_permutations,
    told,
)

FOLDER = Path(__file__).resolve().parents[3] / "shared/data/attribution_paths"
RULES = ("first", "last", "last_non_direct", "linear", "position")
MODELS = (*RULES, "markov", "markov 2", "markov 3", "shapley", "shapley rate")


def credit(model: str, found: Journeys) -> Credit:
    if model.startswith("markov"):
        return Markov.of(found, int(model[-1]) if model[-1].isdigit() else 1, 2).credit
    if model.startswith("shapley"):
        return Shapley.of(found, "rate" if model.endswith("rate") else "conversions").credit
    return Sharing(model=model).credit(found)  # type: ignore[arg-type]


def close(left: object, right: object) -> None:
    np.testing.assert_allclose(left, right, rtol=1e-9, atol=1e-9)  # type: ignore[call-overload]


# --- laws ---


@given(rows=told(), weights=st.lists(st.floats(-1, 5), min_size=30, max_size=30))
def test_credit_by_an_earlier_fit_adds_up(rows: list[Told], weights: list[float]) -> None:
    found = journeys(rows)
    weight = np.array(weights[: len(found.names)])
    shared = found.shared(Credit(weight, np.zeros(len(weight))))
    close(shared.conversions.sum(), found.conversions.sum())
    close(shared.value.sum(), found.value.sum())
    expected = np.zeros(len(weight))
    begin = 0
    for end, many in zip(found.ends, found.conversions, strict=True):
        there = sorted(set(found.touch[begin:end].tolist()))
        heavy = np.maximum(weight[there], 0)
        expected[there] += many * (
            heavy / heavy.sum() if heavy.sum() > 0 else np.ones(len(there)) / len(there)
        )
        begin = end
    close(shared.conversions, expected)


@given(rows=told())
def test_where_shapley_counts_conversions_a_later_one_is_shared_as_a_fit_would(
    rows: list[Told],
) -> None:
    found = journeys(rows)
    none = np.zeros(len(found.names))
    shared = found.shared(Credit(none, none))
    close(shared.conversions, Shapley.of(found).credit.conversions)
    close(shared.value, Shapley.of(found).credit.value)


@pytest.mark.parametrize("model", MODELS)
@given(rows=told(), random=st.randoms(use_true_random=False))
def test_credits_add_up_and_do_not_depend_on_order(
    model: str, rows: list[Told], random: Random
) -> None:
    found = journeys(rows)
    given = credit(model, found)
    close(given.conversions.sum(), sum(row.conversions for row in rows))
    shuffled = list(rows)
    random.shuffle(shuffled)
    again = credit(model, journeys(shuffled))
    close(again.conversions, given.conversions)
    close(again.value, given.value)
    if not model.endswith("rate"):
        close(given.value.sum(), sum(row.value for row in rows))
        assert given.conversions.min() >= 0


@pytest.mark.parametrize("model", MODELS)
@given(rows=told("abc"))
def test_channels_that_play_the_same_part_get_the_same(model: str, rows: list[Told]) -> None:
    swapped = str.maketrans("ab", "ba")
    both = rows + [row._replace(path=tuple("".join(row.path).translate(swapped))) for row in rows]
    found = journeys(both)
    names = found.names
    if "a" in names:
        table = found.table(credit(model, found))
        close(table["a"], table["b"])


@pytest.mark.parametrize("model", [one for one in MODELS if not one.endswith("rate")])
@given(rows=told("abcd"))
def test_a_channel_without_any_conversion_gets_nothing(model: str, rows: list[Told]) -> None:
    # A journey that comes to z ends there: no chain goes on to a conversion.
    lost = [Told((*row.path, "z"), 0, 0.0, 3) for row in rows]
    found = journeys(rows + lost)
    assert found.table(credit(model, found))["z"] == pytest.approx((0, 0), abs=1e-9)


@given(rows=told("abcd"))
def test_by_rate_a_channel_that_changes_no_rate_gets_nothing(rows: list[Told]) -> None:
    # Whatever happens with z as without: it adds to no coalition.
    found = journeys(rows + [row._replace(path=(*row.path, "z")) for row in rows])
    assert found.table(credit("shapley rate", found))["z"][0] == pytest.approx(0, abs=1e-9)


@given(rows=told("abcd"), order=st.integers(1, 3), least=st.sampled_from([0, 2, 5, 12]))
def test_a_chain_is_the_dense_one_without_each_channel(
    rows: list[Told], order: int, least: float
) -> None:
    found = Markov.of(journeys(rows), order, least)
    names = found.journeys.names
    close(found.removal, [removal_by_dense_chain(rows, order, least)[name] for name in names])
    many = sum(row.conversions for row in rows)
    every = sum(row.conversions + row.nulls for row in rows)
    close(found.rate, many / every if every else 0)


@given(rows=told(), least=st.integers(0, 9))
def test_a_chain_says_how_much_a_shorter_state_had_to_do_for(rows: list[Told], least: int) -> None:
    found = Markov.of(journeys(rows), 2, least)
    pairs = dict[tuple[str, ...], int]()
    for row in rows:
        for pair in zip(row.path, row.path[1:], strict=False):
            pairs[pair] = pairs.get(pair, 0) + row.conversions + row.nulls
    every = sum(len(row.path) * (row.conversions + row.nulls) for row in rows)
    thin = sum(many for many in pairs.values() if many < least)
    close(found.shorter, thin / every if every else 0)
    assert found.states[1] == sum(many >= max(least, 1) for many in pairs.values())


@pytest.mark.parametrize("worth", ["conversions", "rate"])
@given(rows=told())
def test_shapley_is_the_mean_of_all_orders_of_joining(worth: str, rows: list[Told]) -> None:
    found = journeys(rows)
    expected = shapley_by_permutations(rows, worth)
    given = Shapley.of(found, "rate" if worth == "rate" else "conversions").credit.conversions
    close(given, [expected[name] for name in found.names])


@given(rows=told())
def test_shapley_of_conversions_shares_evenly_among_the_different_channels(
    rows: list[Told],
) -> None:
    expected = dict.fromkeys(sorted({name for row in rows for name in row.path}), 0.0)
    for row in rows:
        for name in set(row.path):
            expected[name] += row.conversions / len(set(row.path))
    close(Shapley.of(journeys(rows)).credit.conversions, list(expected.values()))


@given(rows=told(), first=st.integers(0, 10), half_life=st.integers(1, 10**10))
def test_a_rule_shares_as_written(rows: list[Told], first: int, half_life: int) -> None:
    ages = [[(len(row.path) - at) ** 3 * 10**6 for at in range(len(row.path))] for row in rows]
    found = Journeys.of([r.path for r in rows], [r.conversions for r in rows], ages=ages)
    ends, share = first / 10, (10 - first) / 20
    decay = Sharing(model="time_decay", half_life_ms=half_life)
    position = Sharing(model="position", first=ends, last=share)
    expected = np.zeros((2, len(found.names)))
    for row, age in zip(rows, ages, strict=True):
        size = len(row.path)
        halved = [2.0 ** ((age[-1] - one) / half_life) for one in age]
        middle = [(1 - ends - share) / max(size - 2, 1)] * (size - 2)
        placed = {1: [1.0], 2: [ends / (ends + share), share / (ends + share)] if first else [0, 1]}
        for kind, parts in enumerate([halved, placed.get(size, [ends, *middle, share])]):
            for name, part in zip(row.path, parts, strict=True):
                expected[kind, found.names.index(name)] += row.conversions * part / sum(parts)
    close(decay.credit(found).conversions, expected[0])
    close(position.credit(found).conversions, expected[1])


@given(rows=told(), most=st.integers(1, 5))
def test_too_many_channels_are_taken_together(rows: list[Told], most: int) -> None:
    found = journeys(rows)
    grouped, names = found.grouped(most)
    assert len(grouped.names) == min(most, len(found.names))
    assert set(grouped.names) - {"…"} | set(names) == set(found.names)
    first = Sharing(model="first")
    apart, together = found.table(first.credit(found)), grouped.table(first.credit(grouped))
    close(together.get("…", (0, 0)), np.sum([apart[n] for n in names] or [(0, 0)], axis=0))


# --- cases ---


def test_the_chain_worked_by_hand() -> None:
    # From the start to a, from a 2 of 4 to b and 1 of 4 to a purchase, from b 1 of 2 to one.
    rows = [Told(("a", "b"), 1, 30, 1), Told(("a",), 1, 10, 1)]
    found = Markov.of(journeys(rows))
    assert found.rate == pytest.approx(2 / 4)
    assert found.removal == pytest.approx([1, 1 / 2])
    assert found.credit.conversions == pytest.approx([4 / 3, 2 / 3])
    assert found.value_removal == pytest.approx([1, 30 / 40])
    assert found.credit.value == pytest.approx([40 * 4 / 7, 40 * 3 / 7])


def test_what_came_before_counts_from_the_second_order_on() -> None:
    # b sells after a only, which a chain of order 1 cannot know.
    rows = [Told(("a", "b"), 10, 0, 0), Told(("c", "b"), 0, 0, 10)]
    assert Markov.of(journeys(rows), 1).removal == pytest.approx([0.5, 1, 0.5])
    found = Markov.of(journeys(rows), 2, 5)
    assert found.removal == pytest.approx([1, 1, 0])
    assert (found.states, found.shorter) == ((3, 2), 0)
    thin = Markov.of(journeys(rows), 2, 11)
    assert thin.removal == pytest.approx([0.5, 1, 0.5])
    assert (thin.states, thin.shorter) == ((3, 0), 0.5)


def test_shapley_worked_by_hand() -> None:
    # a alone sells to 10 of 100, b alone to none of 100, both to 30 of 100.
    rows = [Told(("a",), 10, 0, 90), Told(("b",), 0, 0, 100), Told(("b", "a"), 30, 0, 70)]
    assert Shapley.of(journeys(rows)).credit.conversions == pytest.approx([25, 15])
    # v(a) = 10 %, v(b) = 0, v(a, b) = 40 of 300; half of v(a) + v(ab) - v(b), times 300.
    by_rate = Shapley.of(journeys(rows), "rate").credit.conversions
    assert by_rate == pytest.approx([35, 5])


def test_of_many_channels_twelve_play() -> None:
    rows = [Told((f"c{n:02}",), n, n, 1) for n in range(20)]
    found = Shapley.of(journeys(rows))
    assert found.journeys.names == (*(f"c{n:02}" for n in range(9, 20)), "…")
    assert found.grouped == tuple(f"c{n:02}" for n in range(9))
    assert found.credit.conversions[-1] == sum(range(9))


def test_who_came_by_themselves_gets_all_only_where_nothing_else_was() -> None:
    rows = [Told(("ad", "direct", "direct"), 2, 8, 0), Told(("direct",), 1, 1, 0)]
    rule = Sharing(model="last_non_direct")
    assert rule.credit(journeys(rows)).conversions.tolist() == [2, 1]
    assert Sharing(model="last").credit(journeys(rows)).conversions.tolist() == [0, 3]


def test_nothing_gives_nothing() -> None:
    for found in (Journeys.of([], []), Journeys.of([()], [1])):
        for model in MODELS:
            assert credit(model, found).conversions.tolist() == []
    lost = journeys([Told(("a", "b"), 0, 0, 4)])
    for model in MODELS:
        assert credit(model, lost).conversions.tolist() == [0, 0]


@pytest.mark.parametrize(
    "rule",
    [
        Sharing(model="position", first=0.7, last=0.4),
        Sharing(model="position", first=-0.1, last=0.4),
        Sharing(model="time_decay"),
        Sharing(model="linear", half_life_ms=0),
    ],
)
def test_what_means_nothing_is_refused(rule: Sharing) -> None:
    found = journeys([Told(("a",), 1, 1, 0)])
    with pytest.raises(ValueError, match=r"shares|times|half-life"):
        rule.credit(found)


def test_a_chain_of_another_order_is_refused() -> None:
    with pytest.raises(ValueError, match="order 1 to 3"):
        Markov.of(journeys([Told(("a",), 1, 1, 0)]), 4)


def test_the_published_figures_of_the_first_order_are_met() -> None:
    if not FOLDER.exists():
        pytest.skip("the real data attribution_paths is not beside the project")
    with (FOLDER / "paths.csv").open() as opened:
        rows = [
            Told(
                tuple(row["path"].split(" > ")),
                int(row["total_conversions"]),
                float(row["total_conversion_value"]),
                int(float(row["total_null"])),
            )
            for row in csv.DictReader(opened)
        ]
    found = Markov.of(journeys(rows))
    with (FOLDER / "exact_markov_order1.csv").open() as opened:
        known = {row["channel"]: row for row in csv.DictReader(opened)}
    names = found.journeys.names
    expected = [float(known[name]["markov1_conversions"]) for name in names]
    removal = [float(known[name]["removal_effect"]) for name in names]
    np.testing.assert_allclose(found.credit.conversions, expected, rtol=1e-6)
    np.testing.assert_allclose(found.removal, removal, rtol=1e-6)
    for order in (2, 3):
        longer = Markov.of(journeys(rows), order)
        assert longer.credit.conversions.sum() == pytest.approx(sum(expected))
        assert longer.rate == pytest.approx(found.rate)
