"""What the simulated brand pays: usable as it stands, where a campaign runs, and for search."""

from __future__ import annotations

import datetime as dt
import zoneinfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspring.costs import read
from hotspring.demo import search
from hotspring.demo.brand import Brand
from hotspring.demo.people import People
from hotspring.demo.seasons import campaign_on
from hotspring.demo.spending import costs


def test_a_month_has_costs_that_can_be_used() -> None:
    first = dt.date(2026, 11, 1)
    told = costs(7, first, 31)
    assert told == costs(7, first, 31)
    assert told != costs(8, first, 31)
    rows = [read({name: str(value) for name, value in one.items()}, "CNY", lambda _: 1.0)
            for one in told]  # fmt: skip
    assert all(row.amount > 0 for row in rows)
    days = {row["from"] for row in told if row["utm_source"] != search.SOURCE}
    assert days == {
        day.isoformat() for number in range(31)
        if campaign_on(day := first + dt.timedelta(days=number))
    }  # fmt: skip
    paid = {row["from"]: row["amount"] for row in told if row["utm_source"] == search.SOURCE}
    assert paid == {
        day.isoformat(): amount for number in range(31)
        if (amount := search.paid(7, day := first + dt.timedelta(days=number))) > 0
    }  # fmt: skip
    # Every month has a campaign, so every demo has something to tell.
    assert all(costs(7, dt.date(2026, month, 1), 28) for month in range(1, 13))


@given(st.integers(0, 2**31), st.integers(0, 3_000))
def test_search_costs_the_same_for_the_same_seed_and_now_and_then_nothing(
    seed: int, number: int
) -> None:
    day = dt.date(2026, 1, 1) + dt.timedelta(days=number)
    amount = search.paid(seed, day)
    assert amount == search.paid(seed, day)
    assert 0 <= amount <= 1.4 * max(search.LEVELS)
    assert 0 <= search.pull(amount) < search.MOST
    assert search.pull(search.HALF) == pytest.approx(search.MOST / 2)


def test_who_comes_by_search_follows_what_is_paid_for_it() -> None:
    first = dt.date(2026, 3, 20)
    brand = Brand(3, first, zoneinfo.ZoneInfo("Asia/Shanghai"), People(3, founders=900))
    came, paid = [], []
    for day in range(40):
        whole = {
            (message.get("anonymousId"), message.get("userId"))
            for _, message in brand.day(day)
            if message["context"].get("campaign", {}).get("source") == search.SOURCE
        }
        came.append(len(whole))
        paid.append(search.paid(3, first + dt.timedelta(days=day)))
    assert all(many == 0 for many, amount in zip(came, paid, strict=True) if amount == 0)
    assert 0 in paid
    pulls = [search.pull(amount) for amount in paid]
    assert np.corrcoef(came, pulls)[0, 1] > 0.7
