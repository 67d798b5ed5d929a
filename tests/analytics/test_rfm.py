"""Customers are parted by thresholds: everyone is in one class, and ties stay together."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspring.analytics import Rfm, Thresholds
from hotspring.orders import Customers, Terms

DAY = 86_400_000
AT = 1_760_000_000_000
TERMS = Terms(("Order Completed",), ("Order Refunded",), "amount", "CNY", AT, 365, now=True)
GRADE = st.integers(1, 3)
SOME = st.lists(
    st.tuples(st.integers(0, 40 * DAY), GRADE, st.integers(-300, 3_000).map(lambda n: n / 4)),
    max_size=60,
)
SORTS = st.one_of(
    st.just(Thresholds()),
    st.sampled_from((0.2, 0.5, 0.8)).map(lambda low: Thresholds(by="quantile", share=low)),
    st.builds(
        lambda days, many, much: Thresholds(by="hand", days=days, orders=many, amount=much),
        st.integers(0, 40), GRADE, st.integers(0, 700).map(float),
    ),
    st.just(Thresholds(recency=(1, 5, 10, 30), frequency=(2, 3, 4, 5))),
)  # fmt: skip


def people(rows: list[tuple[int, int, float]]) -> Customers:
    ages, orders, amounts = zip(*rows, strict=True) if rows else ((), (), ())
    return Customers(
        np.arange(len(rows), dtype=np.int32),
        AT - np.array(ages, np.int64),
        np.array(orders, np.int64),
        np.array(amounts, np.float64),
    )


@settings(max_examples=150)
@given(SOME, SORTS)
def test_everyone_is_in_one_class_and_one_cell(
    rows: list[tuple[int, int, float]], by: Thresholds
) -> None:
    customers = people(rows)
    found = Rfm.of(customers, TERMS, by)
    labels = found.labels(slice(None))
    assert len(labels) == len(rows)
    for parts, which in ((found.classes, 0), (found.grid, 1)):
        assert {one.name: one.customers for one in parts if one.customers} == Counter(
            label[which] for label in labels
        )
        assert sum(one.revenue for one in parts) == pytest.approx(sum(row[2] for row in rows))
        assert sum(one.orders for one in parts) == sum(row[1] for row in rows)
    same = {}
    for row, label in zip(rows, labels, strict=True):
        figures = (-(-row[0] // DAY), *row[1:])
        assert same.setdefault(figures, label) == label, "who has the same figures is together"
        high = (
            figures[0] <= found.cuts.days,
            row[1] >= found.cuts.orders,
            row[2] >= found.cuts.amount,
        )
        assert label[0] == NAMES[high]
        recency, frequency = map(int, label[1].split("-"))
        assert recency == 1 + sum(figures[0] <= end for end in found.cuts.recency)
        assert frequency == 1 + sum(row[1] >= least for least in found.cuts.frequency)


NAMES = {
    (True, True, True): "important_value", (True, False, True): "important_develop",
    (False, True, True): "important_keep", (False, False, True): "important_win_back",
    (True, True, False): "general_value", (True, False, False): "general_develop",
    (False, True, False): "general_keep", (False, False, False): "general_win_back",
}  # fmt: skip


def test_thresholds_are_the_mean_a_quantile_or_what_is_said() -> None:
    customers = people(
        [(DAY, 1, 10.0), (2 * DAY, 1, 20.0), (3 * DAY, 2, 30.0), (11 * DAY, 8, 41.0)]
    )
    mean = Rfm.of(customers, TERMS, Thresholds()).cuts
    assert (mean.days, mean.orders, mean.amount) == (4, 3, 25.25)
    half = Rfm.of(customers, TERMS, Thresholds(by="quantile", share=0.5)).cuts
    assert (half.days, half.orders, half.amount) == (2, 2, 20.01)
    assert half.recency == (1, 2, 3, 11), "the first, second, third and fourth of four"
    hand = Thresholds(by="hand", days=9, orders=2.5, amount=7)
    found = Rfm.of(customers, TERMS, hand).cuts
    assert (found.days, found.orders, found.amount) == (9, 2.5, 7)


def test_where_all_figures_are_the_same_all_are_together() -> None:
    found = Rfm.of(people([(DAY, 1, 5.0)] * 7), TERMS, Thresholds(by="quantile"))
    assert [one.customers for one in found.classes if one.customers] == [7]
    assert [(one.name, one.customers) for one in found.grid if one.customers] == [("5-1", 7)]
    unlikely = [one for one in found.grid if one.name.startswith("4-")]
    assert all(one.rule is None for one in unlikely), "nobody can be in a grade without width"


def test_people_move_and_the_yardstick_does_not() -> None:
    now = people([(DAY, 5, 100.0), (DAY, 1, 10.0), (30 * DAY, 5, 100.0)])
    then = Customers(
        np.array([2, 7], np.int32), np.array([AT - 31 * DAY] * 2),
        np.array([5, 1]), np.array([100.0, 1.0]),
    )  # fmt: skip
    by = Thresholds(by="hand", days=10, orders=3, amount=50)
    moves: list[Any] = Rfm.of(now, TERMS, by, (then, AT - 29 * DAY)).moves
    assert sorted(moves) == [
        ("general_develop", "none", 1),
        ("important_value", "important_keep", 1),
        ("none", "general_develop", 1),
        ("none", "important_value", 1),
    ]


def test_a_past_reading_asks_with_dates_and_many_names_with_a_list() -> None:
    terms = Terms(("a", "b"), (), "properties.n", "", AT, None, now=False)
    rule = Rfm.of(people([(DAY, 1, 5.0)]), terms, Thresholds()).classes[0].rule
    assert rule is not None
    last, often, much = (one["behaviour"] for one in rule["and"])
    assert last["value"] == {"from": {"at": "2025-10-08T08:53:20.000Z"}}
    assert often["window"] == {"to": {"at": "2025-10-09T08:53:20.000Z"}}
    assert often["event"] is None
    assert often["where"] == [{"field": "name", "op": "in", "value": ["a", "b"]}]
    assert "currency" not in much
    assert "less" not in much
