"""What the simulated brand pays: usable as it stands, and only where a campaign runs."""

from __future__ import annotations

import datetime as dt

from hotspring.costs import read
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
    days = {row["from"] for row in told}
    assert days == {
        day.isoformat() for number in range(31)
        if campaign_on(day := first + dt.timedelta(days=number))
    }  # fmt: skip
    # Every month has a campaign, so every demo has something to tell.
    assert all(costs(7, dt.date(2026, month, 1), 28) for month in range(1, 13))
