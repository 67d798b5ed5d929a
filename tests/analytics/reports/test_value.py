"""Channel value over rows: costs beside what they brought, and how customers pay back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspring.analytics import report
from hotspring.costs import Cost
from tests.analytics.reports.given import DAY, HOUR, NOW, Given, Row, setting
from tests.analytics.reports.test_attribution import WORDS, order, table, touch

VALUE = report.analyses()["value"]
TODAY = NOW // DAY
"""The day of now in Shanghai too: it is afternoon there."""


def cost(word: str, first: int, last: int, amount: float) -> Cost:
    """For days counted back from today."""
    return Cost(first=TODAY - first, last=TODAY - last, amount=amount, currency="", utm_source=word)


def answered(rows: Sequence[Row], costs: Sequence[Cost], **more: Any) -> tuple[Any, Any, Any]:
    asked = report.read(VALUE.params, more)
    there = setting(asked)._replace(
        paying=(report.Step(event="Order Completed"),),
        refunds=(report.Step(event="Order Refunded"),), costs=tuple(costs),
    )  # fmt: skip
    found = VALUE.find(asked, Given(rows, (WORDS, ())), there)
    return found, there, VALUE.tell(asked, found, there)


SHOP = [
    # One comes by search, buys for 100 the next day, and for 50 more nine days after that.
    touch(1, 20 * DAY, 0), order(1, 19 * DAY, 100), order(1, 10 * DAY, 50),
    # One comes by search and buys for 60 the next day, four days ago.
    touch(2, 5 * DAY, 0), order(2, 4 * DAY, 60),
    # A customer of long ago comes by e-mail and buys for 90.
    order(3, 200 * DAY, 40), touch(3, 3 * DAY, 1), order(3, 2 * DAY, 90),
]  # fmt: skip
COSTS = [cost("search", 59, 0, 240), cost("email", 3, 3, 45), cost("", 1, 1, 7)]


def test_the_shop_worked_by_hand() -> None:
    """As the guide tells it."""
    found, there, result = answered(SHOP, COSTS, days=30, margin=0.5)
    groups = table(result, "groups")
    assert list(groups) == ["search", "email"]
    search, email = groups["search"], groups["email"]
    assert (search["cost"], search["conversions"], search["value"]) == pytest.approx((120, 2, 160))
    assert (search["new"], search["cac"]) == pytest.approx((2, 60))
    assert (search["roas"], search["roi"]) == pytest.approx((4 / 3, -1 / 3))
    assert (email["new"], email["cac"], email["payback"]) == (0, None, None)
    assert (email["roas"], email["roi"]) == pytest.approx((2, 0))
    together = 250 / 165
    assert search["coefficient"] == pytest.approx(4 / 3 / together)
    assert email["coefficient"] == pytest.approx(2 / together)
    # 40 of margin on the first day; 25 more of each who was seen for nine days, who is one.
    assert search["payback"] == 9
    (before,) = [row for row in result.tables[1].rows if row[0] != result.tables[1].rows[0][0]]
    assert before[1] == pytest.approx(120)
    assert (result.figures["untold"], result.sentence) == (7, "done")
    cell = {"table": "groups", "group": "search", "column": "touched"}
    assert VALUE.who is not None
    slots = VALUE.who(report.read(VALUE.params, {}), found, cell, there)
    assert slots is not None
    assert slots.tolist() == [1, 2]
    assert VALUE.who(None, found, {**cell, "column": "new"}, there) is None


@pytest.mark.parametrize(
    ("rows", "costs", "sentence"),
    [
        ([], [], "nothing"),
        (SHOP, [cost("", 1, 1, 5)], "untold"),
        (SHOP, [cost("radio", 1, 1, 5)], "unmatched"),
        (SHOP, [cost("search", 1, 1, 5)], "first"),
        (SHOP, [cost("search", 40, 1, 5)], "done"),
    ],
)
def test_it_says_what_there_is(rows: list[Row], costs: list[Cost], sentence: str) -> None:
    assert answered(rows, costs, days=30)[2].sentence == sentence


def test_what_cost_and_brought_nothing_is_told() -> None:
    groups = table(answered(SHOP, [cost("radio", 1, 1, 5)], days=30)[2], "groups")
    assert (groups["radio"]["roas"], groups["radio"]["cac"]) == (0, None)
    assert (groups["search"]["roas"], groups["search"]["value"]) == (None, 160)


# --- a slow reading of the same ---

Told = dict[str, dict[str, float]]


def parts(touches: list[int], model: str) -> list[tuple[int, float]]:
    if model == "first":
        return [(touches[0], 1.0)]
    if model == "last":
        return [(touches[-1], 1.0)]
    return [(code, 1 / len(touches)) for code in touches]


def nets(rows: list[Row]) -> list[tuple[int, float]]:
    """Conversions of one person by time, less their refunds."""
    bought: list[list[float]] = []
    for row in rows:
        if row.hits & 1:
            bought.append([row.ms, row.worth])
        elif row.hits & 2:
            rest = row.worth
            for one in reversed(bought):
                taken = min(rest, one[1])
                one[1] -= taken
                rest -= taken
    return [(int(ms), worth) for ms, worth in bought]


def slowly(rows: list[Row], bounds: list[tuple[int, int]], model: str) -> tuple[Told, Any]:
    """Of the first window what it came to; of all, by channel and day, what customers brought."""
    told: Told = defaultdict(lambda: defaultdict(float))
    customers: list[tuple[int, float, dict[int, float], int]] = []
    for slot in {row.slot for row in rows}:
        own = sorted((row for row in rows if row.slot == slot), key=lambda row: row.ms)
        bought = nets(own)
        for number, (ms, worth) in enumerate(bought):
            codes = [row.code for row in own if row.hits == 4 and ms - 7 * DAY <= row.ms <= ms]
            for at, (start, end) in enumerate(bounds):
                if not (codes and start <= ms < end):
                    continue
                for code, part in parts(codes, model):
                    if at == 0:
                        told[WORDS[code]]["conversions"] += part
                        told[WORDS[code]]["value"] += part * worth
                        told[WORDS[code]]["new"] += part * (number == 0)
                    if number == 0:
                        days = defaultdict(float)
                        for later, more in bought:
                            days[(later - ms) // DAY] += more
                        customers.append((code, part, days, (NOW - ms) // DAY))
    return told, customers


moments = st.integers(1, 60).map(lambda n: NOW - n * DAY // 2 + HOUR)
some = st.one_of(
    st.builds(lambda slot, ms, code: Row(slot, ms, 4, code), st.integers(0, 2), moments,
              st.integers(0, 2)),
    st.builds(lambda slot, ms, worth: Row(slot, ms, 5, -1, worth), st.integers(0, 2), moments,
              st.integers(1, 90)),
    st.builds(lambda slot, ms, worth: Row(slot, ms, 6, -1, worth), st.integers(0, 2), moments,
              st.integers(1, 90)),
)  # fmt: skip
MANY = st.lists(some, max_size=14, unique_by=lambda row: (row.slot, row.ms))


@given(rows=MANY, model=st.sampled_from(["first", "last", "linear"]), paid=st.floats(1, 500))
def test_it_is_what_a_slow_reading_says(rows: list[Row], model: str, paid: float) -> None:
    costs = [cost("search", 9, 0, paid), cost("email", 19, 0, 2 * paid)]
    _, there, result = answered(rows, costs, days=10, model=model)
    bounds = [one.bounds(there.days) for one in (there.period, there.period.before())]
    told, customers = slowly(rows, bounds, model)
    groups = table(result, "groups")
    assert set(groups) == {"search", "email", *told}
    for name, row in groups.items():
        for column in ("conversions", "value", "new"):
            assert row[column] == pytest.approx(told[name][column], abs=1e-9)
        assert row["cost"] == pytest.approx(paid if name != "social" else 0)
        assert row["payback"] == payback(
            [one for one in customers if WORDS[one[0]] == name], row["cac"]
        )


def payback(customers: list[Any], cac: float | None) -> int | None:
    if cac is None:
        return None
    whole, mean = sum(part for _, part, _, _ in customers), 0.0
    for day in range(40):
        seen = [one for one in customers if one[3] >= day]
        risk = sum(part for _, part, _, _ in seen)
        if risk <= 0 or risk < 0.1 * whole:
            return None
        mean += sum(part * days[day] for _, part, days, _ in seen) / risk
        if mean >= cac:
            return day
    return None


@given(rows=MANY, model=st.sampled_from(["markov", "shapley", "position", "time_decay"]))
def test_channels_together_come_to_all_that_is_owed(rows: list[Row], model: str) -> None:
    found, _, result = answered(rows, [cost("email", 5, 0, 10)], days=10, model=model)
    groups = table(result, "groups")
    assert sum(row["value"] for row in groups.values()) == pytest.approx(result.figures["every"])
    new = found.now.fresh.conversions.sum()
    assert sum(row["new"] for row in groups.values()) == pytest.approx(new)


def test_of_many_channels_the_rest_is_one_and_keeps_its_cost() -> None:
    words = [f"w{n:03}" for n in range(70)]
    rows = [row for n in range(70) for row in (touch(n, 2 * DAY, n), order(n, DAY, n + 1))]
    costs = [cost(word, 1, 1, 10) for word in [*words, "radio"]]
    for model, most in (("linear", 50), ("shapley", 12)):
        asked = report.read(VALUE.params, {"model": model})
        there = setting(asked)._replace(
            paying=(report.Step(event="o"),), refunds=(report.Step(event="r"),),
            costs=tuple(costs),
        )  # fmt: skip
        found = VALUE.find(asked, Given(rows, (words, ())), there)
        groups = table(VALUE.tell(asked, found, there), "groups")
        assert len(groups) == most + 1
        assert groups["…"]["cost"] == pytest.approx(10 * (71 - most))
        assert groups["…"]["conversions"] == pytest.approx(71 - most)
        assert groups["radio"]["roas"] == 0
