"""The split of a budget over rows: what touches of a day brought, curves, and refusals."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspring.analytics import report
from hotspring.costs import Cost
from hotspring.errors import ParametersRefused
from tests.analytics.reports.given import DAY, HOUR, NOW, Given, Row, setting
from tests.analytics.reports.test_attribution import WORDS, order, table, touch
from tests.analytics.reports.test_value import TODAY, cost, nets

BUDGET = report.analyses()["budget"]
SEARCH, EMAIL = [0, 100, 200, 300] * 3, [0] * 3 + [100] * 3 + [200] * 3 + [300] * 3
BROUGHT = {0: 0, 100: 200, 200: 300, 300: 350}
"""By what search costs on a day: half of 400 for each 100. E-mail brings half as much."""


def answered(rows: Sequence[Row], costs: Sequence[Cost], **more: Any) -> tuple[Any, Any]:
    asked = report.read(BUDGET.params, {"days": 14, "lookback": 1, **more})
    there = setting(asked)._replace(
        paying=(report.Step(event="Order Completed"),),
        refunds=(report.Step(event="Order Refunded"),), costs=tuple(costs),
    )  # fmt: skip
    found = BUDGET.find(asked, Given(rows, (WORDS, ())), there)
    return found, BUDGET.tell(asked, found, there)


def shop(half: float = 1.0) -> tuple[list[Row], list[Cost]]:
    """Twelve days: on each, one comes by search and one by e-mail, and both buy within the hour."""
    rows, costs = [], []
    for at, (search, email) in enumerate(zip(SEARCH, EMAIL, strict=True)):
        back = 13 - at
        costs += [cost("search", back, back, search), cost("email", back, back, email)]
        for code, worth in ((0, BROUGHT[search]), (1, BROUGHT[email] * half)):
            slot = 2 * at + code
            rows += [touch(slot, back * DAY, code), order(slot, back * DAY - HOUR, int(worth))]
    return rows, [*costs, cost("radio", 13, 0, 14 * 50)]


def test_the_budget_worked_by_hand() -> None:
    """As the guide tells it."""
    found, result = answered(*shop(0.5), budget=3_150)
    channels = table(result, "channels")
    assert list(channels) == ["email", "search", "radio"]
    radio, search, email = channels["radio"], channels["search"], channels["email"]
    assert (radio["reason"], radio["now"], radio["proposed"]) == ("untouched", 350, 350)
    assert (search["now"], email["now"]) == pytest.approx((900, 900))
    assert (search["proposed"], email["proposed"]) == pytest.approx((1_750, 1_050), rel=1e-4)
    assert search["brings_now"] == pytest.approx(2_800 * (1 - 2 ** (-9 / 7)), rel=1e-4)
    assert search["brings_then"] == pytest.approx(2_305.03, rel=1e-4)
    assert email["brings_then"] == pytest.approx(905.03, rel=1e-4)
    assert (search["marginal_then"], email["marginal_then"]) == pytest.approx(
        (0.49, 0.49), abs=1e-3
    )
    # 4 · ln 2 a yuan at first, and half as much for each 700 of a week.
    assert search["enough"] == pytest.approx(700 * np.log2(4 * np.log(2)), rel=1e-4)
    assert email["enough"] == pytest.approx(search["enough"] - 700, rel=1e-3)
    assert (result.sentence, result.figures["told"], result.figures["kept"]) == ("done", 2, 350)
    gain = result.figures["gain"]
    assert gain == pytest.approx(search["gain"] + email["gain"])
    assert result.figures["gain_low"] == pytest.approx(gain, rel=1e-3)
    assert found.spending.stretches.length == 1
    history = table(result, "history")
    assert (history["search"]["paid"], history["search"]["greatest"]) == (9, 2_100)
    assert len(result.tables[1].rows) == 2 * (31 + 12)


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({}, "done"),
        ({"aim": "conversions"}, "refused"),
        ({"budget": 350}, "done"),
        ({"budget": 349}, "short"),
        ({"budget": 3_150, "bounds": [{"channel": "search", "least": 2_900}]}, "short"),
        ({"budget": 30_000}, "left"),
        ({"bounds": [{"channel": "search", "least": 900, "most": 900}]}, "same"),
        ({"by": "channel"}, "untold"),
        ({"unit": "week"}, "refused"),
    ],
)
def test_it_says_what_can_be_done(more: dict[str, Any], sentence: str) -> None:
    found, result = answered(*shop(0.5), **more)
    assert result.sentence == sentence
    assert found.budget == more.get("budget", found.budget)
    for row in table(result, "channels").values():
        if row["reason"] != "told":
            assert row["proposed"] == row["now"]
    assert set(result.figures) == set(BUDGET.words.figures)


def test_without_costs_there_is_nothing_to_split() -> None:
    assert answered(shop()[0], [])[1].sentence == "nothing"
    assert answered([], [cost("", 1, 1, 5)])[1].sentence == "untold"
    assert answered([], shop()[1])[1].sentence == "refused"


def test_bounds_are_kept_and_nothing_goes_far_beyond_what_was_tried() -> None:
    bounds = [{"channel": "email", "least": 1_500, "most": 1_600}, {"channel": "nobody"}]
    email = table(answered(*shop(0.5), budget=3_150, bounds=bounds)[1], "channels")["email"]
    assert (email["proposed"], email["edge"]) == (1_500, False)
    rich = table(answered(*shop(0.5), budget=30_000)[1], "channels")
    for name in ("search", "email"):
        assert (rich[name]["proposed"], rich[name]["edge"]) == (pytest.approx(3_150), True)
    with pytest.raises(ParametersRefused) as refused:
        report.read(BUDGET.params, {"bounds": [{"channel": "email", "least": 2, "most": 1}]})
    assert refused.value.faults[0].place == "/bounds/0"


def test_conversions_are_split_as_revenue_is() -> None:
    """As many orders as money before, one yuan each."""
    rows, costs = shop()
    slots, many = iter(range(100, 10_000)), [order(9, 20 * DAY, 1)]
    for one in rows[1::2]:
        before = rows[rows.index(one) - 1]
        for _ in range(one.worth // 10):
            slot = next(slots)
            many += [before._replace(slot=slot), one._replace(slot=slot, worth=1)]
    result = answered(many, costs, aim="conversions", budget=3_150)[1]
    channels = table(result, "channels")
    assert result.sentence == "done_many"
    assert channels["search"]["proposed"] == pytest.approx(1_400, rel=1e-4)
    assert result.figures["brings_then_many"] == pytest.approx(2 * 280 * 0.75, rel=1e-4)
    assert (channels["search"]["enough"], result.figures["gain"]) == (None, None)


def noise(seed: int) -> tuple[list[Row], list[Cost]]:
    """Half a year of days with little to learn: many orders by luck, few by spending."""
    rng, rows, costs = np.random.default_rng(seed), list[Row](), list[Cost]()
    for back in range(2, 100):
        for code, word in enumerate(("search", "email")):
            paid = float(rng.uniform(0, 300))
            costs.append(cost(word, back, back, paid))
            worth = int(300 * (1 - 2 ** (-paid / 60)) + rng.uniform(0, 500))
            slot = 2 * back + code
            rows += [touch(slot, back * DAY, code), order(slot, back * DAY - HOUR, worth)]
    return rows, costs


def test_a_gain_that_luck_explains_is_called_unsure() -> None:
    bounds = [{"channel": "email", "least": 1_500}]
    result = answered(*noise(5), days=100, unit="day", bounds=bounds)[1]
    assert result.figures["told"] == 2
    assert result.figures["gain_low"] < result.figures["gain"] < result.figures["gain_high"]
    again = answered(*noise(5), days=100, unit="day", bounds=bounds)[1]
    assert (again.figures, again.tables) == (result.figures, result.tables)


def test_weeks_are_compared_where_they_are_enough() -> None:
    found, result = answered(*noise(5), days=100)
    assert (found.spending.stretches.length, found.spending.stretches.many) == (7, 13)
    first = result.tables[3].rows[0]
    assert dt.date.fromisoformat(first[0]).weekday() == 0
    assert sum(row[2] for row in result.tables[3].rows) <= sum(one.amount for one in noise(5)[1])
    assert answered(*noise(5), days=60)[0].spending.stretches.length == 1


def test_days_of_which_costs_or_events_are_not_known_are_left_out() -> None:
    rows, costs = shop()
    found = answered(rows, costs, days=300)[0]
    assert (found.spending.stretches.first, found.spending.stretches.many) == (TODAY - 13, 12)
    # Costs are known of ten days more: nobody counted then what they brought.
    more = answered(rows, [*costs, cost("search", 23, 14, 900)], days=300)[0]
    assert more.spending.stretches == found.spending.stretches
    # Costs are known of four days less: those of the others may still come.
    less = answered(rows, [one for one in costs if one.last < TODAY - 5], days=300)[0]
    assert (less.spending.stretches.many, less.spending.now["email"]) == (8, 7 * 700 / 8)


def test_of_one_channel_there_is_nothing_to_split() -> None:
    rows, costs = shop()
    result = answered(rows, [one for one in costs if one.utm_source != "email"])[1]
    assert (result.sentence, result.figures["gain"]) == ("one", pytest.approx(0, abs=1e-6))
    costs = [one for one in costs if one.utm_source != "email"]
    more = answered(rows, costs, budget=2_000)[1]
    assert (more.sentence, table(more, "channels")["search"]["proposed"]) == (
        "done",
        pytest.approx(1_650),
    )


# --- a slow reading of what touches brought ---


def slowly(rows: list[Row], model: str, lookback: int, days: int) -> dict[tuple[str, int], float]:
    """By channel and day of the touch what is owed to it."""
    told: dict[tuple[str, int], float] = defaultdict(float)
    for slot in {row.slot for row in rows}:
        own = sorted((row for row in rows if row.slot == slot), key=lambda row: row.ms)
        for ms, worth in nets(own):
            touches = [one for one in own if one.code >= 0 and ms - lookback * DAY <= one.ms <= ms]
            if not touches:
                continue
            shares = dict(enumerate(1 / len(touches) for _ in touches))
            if model != "linear":
                chosen = 0 if model == "first" else len(touches) - 1
                shares = {chosen: 1.0}
            for at, share in shares.items():
                day = (touches[at].ms + 8 * HOUR) // DAY
                if TODAY - days < day < TODAY - lookback:
                    told[WORDS[touches[at].code], day] += share * worth
    return told


moments = st.integers(1, 60).map(lambda n: NOW - n * DAY // 2 + HOUR)
some = st.one_of(
    st.builds(lambda slot, ms, code: Row(slot, ms, 4, code), st.integers(0, 2), moments,
              st.integers(0, 2)),
    st.builds(lambda slot, ms, hits, worth: Row(slot, ms, hits, -1, worth), st.integers(0, 2),
              moments, st.sampled_from([5, 6]), st.integers(1, 90)),
)  # fmt: skip
MANY = st.lists(some, max_size=14, unique_by=lambda row: (row.slot, row.ms))


@given(rows=MANY, model=st.sampled_from(["first", "last", "linear"]), lookback=st.integers(1, 9))
def test_what_touches_brought_is_told_of_the_day_they_were_paid_for(
    rows: list[Row], model: str, lookback: int
) -> None:
    costs = [cost(word, 25, 0, 10) for word in WORDS]
    # Somebody was here before all of them.
    rows = [*rows, order(9, 25 * DAY, 1)]
    _, result = answered(rows, costs, days=20, lookback=lookback, model=model, unit="day")
    expected = slowly(rows, model, lookback, 20)
    seen = result.tables[3].rows
    assert len(seen) == 3 * (20 - lookback - 1)
    epoch = dt.date(1970, 1, 1)
    for day, name, paid, brought in seen:
        number = (dt.date.fromisoformat(day) - epoch).days
        assert paid == pytest.approx(10 / 26)
        assert brought == pytest.approx(expected[name, number], abs=1e-9)


@given(rows=MANY, model=st.sampled_from(["markov", "shapley", "position", "time_decay"]))
def test_all_that_is_owed_to_channels_is_spread_over_time(rows: list[Row], model: str) -> None:
    """Where every touch lies in the period, whatever the model credits channels with."""
    early = [row._replace(ms=row.ms - 10 * DAY) for row in rows]
    costs = [cost(word, 59, 0, 10) for word in WORDS]
    _, result = answered(early, costs, days=60, lookback=7, model=model, unit="day")
    asked = {"days": 60, "lookback": 7, "model": model}
    value = report.analyses()["value"]
    params = report.read(value.params, asked)
    there = setting(params)._replace(
        paying=(report.Step(event="a"),), refunds=(report.Step(event="b"),), costs=tuple(costs)
    )
    owed = value.tell(params, value.find(params, Given(early, (WORDS, ())), there), there)
    sums: dict[str, float] = defaultdict(float)
    for _, name, _, brought in result.tables[3].rows:
        sums[name] += brought
    for name, row in table(owed, "groups").items():
        assert sums[name] == pytest.approx(row["value"], abs=1e-6)
