"""Costs: read from what people write, and spread over the days that they pay for."""

from __future__ import annotations

import datetime as dt
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspring.costs import WORDS, Cost, read, spent
from hotspring.errors import Unusable

EPOCH = dt.date(1970, 1, 1)
DAYS = st.integers(20_000, 20_060)
COSTS = st.builds(
    lambda a, b, amount, word: Cost(
        first=min(a, b), last=max(a, b), amount=amount, currency="", utm_source=word
    ),
    DAYS, DAYS, st.floats(0, 1e6), st.sampled_from(["", "red", "blue"]),
)  # fmt: skip


def rate(currency: str) -> float:
    return {"CNY": 1.0, "USD": 7.0}.get(currency, math.nan)


@given(st.lists(COSTS, max_size=8), st.lists(DAYS, min_size=2, max_size=6, unique=True))
def test_each_day_gets_its_even_part(costs: list[Cost], days: list[int]) -> None:
    edges = sorted(days)
    found = spent(costs, "utm_source", edges)
    for word in ("", "red", "blue"):
        for at in range(len(edges) - 1):
            slowly = sum(
                one.amount / (one.last - one.first + 1)
                for one in costs
                for day in range(one.first, one.last + 1)
                if one.utm_source == word and edges[at] <= day < edges[at + 1]
            )
            told = found[word][at] if word in found else 0.0
            assert told == pytest.approx(slowly, rel=1e-9, abs=1e-6)


@given(st.lists(COSTS, max_size=8))
def test_all_days_together_come_to_what_was_paid(costs: list[Cost]) -> None:
    found = spent(costs, "utm_source", range(20_000, 20_062))
    assert sum(parts.sum() for parts in found.values()) == pytest.approx(
        sum(one.amount for one in costs), rel=1e-9, abs=1e-6
    )
    everything = spent(costs, "referrer", [20_000, 20_061])
    assert set(everything) <= {""}


@pytest.mark.parametrize(
    "text",
    ["2026-01-31", "2026/1/31", "2026.01.31", "20260131", "2026年1月31日", "2026-01-31 00:00:00"],
)
def test_days_are_read_as_people_write_them(text: str) -> None:
    one = read({"from": text, "amount": "1,280.50", "channel": "web"}, "CNY", rate)
    assert EPOCH + dt.timedelta(days=one.first) == dt.date(2026, 1, 31)
    assert (one.last, one.amount, one.currency) == (one.first, 1280.5, "CNY")


GOOD = {"from": "2026-01-31", "amount": "10", "utm_source": "red"}


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({"from": ""}, "day"),
        ({"from": "2026-02-30"}, "day"),
        ({"from": "2026-01-31 10:00:00"}, "day"),
        ({"from": "31/01/2026"}, "day"),
        ({"until": "2026-01-30"}, "window"),
        ({"until": "2046-01-30"}, "window"),
        ({"amount": ""}, "amount"),
        ({"amount": "-1"}, "amount"),
        ({"amount": "1,28"}, "amount"),
        ({"amount": "nan"}, "amount"),
        ({"amount": "9" * 13}, "amount"),
        ({"currency": "XAU"}, "currency"),
        ({"utm_source": " "}, "channel"),
        ({"utm_source": "x" * 401}, "channel"),
    ],
)
def test_what_cannot_be_used_says_why(row: dict[str, str], code: str) -> None:
    assert read(GOOD, "CNY", rate).amount == 10
    with pytest.raises(Unusable) as refused:
        read({**GOOD, **row}, "CNY", rate)
    assert refused.value.code == code


@given(st.dictionaries(st.sampled_from(["from", "until", "amount", *WORDS]), st.text()))
def test_any_row_is_read_or_refused(row: dict[str, str]) -> None:
    try:
        one = read(row, "CNY", rate)
    except Unusable:
        return
    assert one.first <= one.last
    assert 0 <= one.amount < math.inf
