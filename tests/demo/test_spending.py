"""What the simulated brand pays: usable as it stands, where a campaign runs, and to be found."""

from __future__ import annotations

import datetime as dt
import zoneinfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspring.costs import read
from hotspring.demo.adverts import ADVERTS, LEVELS, Advert
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
    adverts = {advert.source: advert for advert in ADVERTS}
    days = {row["from"] for row in told if row["utm_source"] not in adverts}
    assert days == {
        day.isoformat() for number in range(31)
        if campaign_on(day := first + dt.timedelta(days=number))
    }  # fmt: skip
    for source, advert in adverts.items():
        paid = {row["from"]: row["amount"] for row in told if row["utm_source"] == source}
        assert paid == {
            day.isoformat(): amount for number in range(31)
            if (amount := advert.paid(7, day := first + dt.timedelta(days=number))) > 0
        }  # fmt: skip
    # Every month has a campaign, so every demo has something to tell.
    assert all(costs(7, dt.date(2026, month, 1), 28) for month in range(1, 13))


@given(st.integers(0, 2**31), st.integers(0, 3_000), st.sampled_from(ADVERTS))
def test_adverts_cost_the_same_for_the_same_seed_and_now_and_then_nothing(
    seed: int, number: int, advert: Advert
) -> None:
    day = dt.date(2026, 1, 1) + dt.timedelta(days=number)
    amount = advert.paid(seed, day)
    assert amount == advert.paid(seed, day)
    assert 0 <= amount <= 1.4 * max(LEVELS)
    assert 0 <= advert.pull(amount) < advert.most
    assert advert.pull(advert.half) == pytest.approx(advert.most / 2)


def test_who_comes_by_an_advert_follows_what_is_paid_for_it() -> None:
    first = dt.date(2026, 3, 20)
    brand = Brand(3, first, zoneinfo.ZoneInfo("Asia/Shanghai"), People(3, founders=900))
    history = [brand.day(day) for day in range(40)]
    for advert in ADVERTS:
        came = [
            len({
                (message.get("anonymousId"), message.get("userId"))
                for _, message in calls
                if message["context"].get("campaign", {}).get("source") == advert.source
            })
            for calls in history
        ]  # fmt: skip
        paid = [advert.paid(3, first + dt.timedelta(days=day)) for day in range(40)]
        assert all(many == 0 for many, amount in zip(came, paid, strict=True) if amount == 0)
        assert 0 in paid
        pulled = [advert.pull(amount) for amount in paid]
        assert np.corrcoef(came, pulled)[0, 1] > 0.6
