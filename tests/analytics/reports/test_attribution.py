"""Attribution over rows: what the events of people come to, and who is behind a number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspring.analytics import report
from tests.analytics.reports.given import DAY, HOUR, NOW, Given, Row, setting

ATTRIBUTION = report.analyses()["attribution"]
MINUTE = HOUR // 60
WORDS = ("search", "email", "social")
RULES = ("first", "last", "last_non_direct", "linear", "time_decay", "position")
GOAL, REFUND, TOUCH = 1, 2, 4
"""Bits of rows where orders have one name, refunds one, and no visit is direct."""


def answered(rows: Sequence[Row], now: int = NOW, **more: Any) -> tuple[Any, Any, Any]:
    asked = report.read(ATTRIBUTION.params, more)
    there = setting(asked, now=now)._replace(
        paying=(report.Step(event="Order Completed"),),
        refunds=(report.Step(event="Order Refunded"),),
    )
    found = ATTRIBUTION.find(asked, Given(rows, (WORDS, ())), there)
    return asked, found, ATTRIBUTION.tell(asked, found, there)


def table(result: report.Result, name: str) -> dict[str, dict[str, Any]]:
    (one,) = (one for one in result.tables if one.name == name)
    keys = [column.name for column in one.columns]
    return {row[0]: dict(zip(keys[1:], row[1:], strict=True)) for row in one.rows}


def touch(slot: int, ago: int, code: int) -> Row:
    return Row(slot, NOW - ago, TOUCH, code)


def order(slot: int, ago: int, worth: int) -> Row:
    return Row(slot, NOW - ago, GOAL | TOUCH, -1, worth)


def refund(slot: int, ago: int, worth: int) -> Row:
    return Row(slot, NOW - ago, REFUND | TOUCH, -1, worth)


SHOP = [
    # One comes by search, then by e-mail, and buys for 90.
    touch(1, 3 * DAY, 0), touch(1, 2 * DAY, 1), order(1, DAY, 90),
    # One comes by e-mail and buys for 40, of which 10 are paid back.
    touch(2, 2 * DAY, 1), order(2, DAY, 40), refund(2, HOUR, 10),
    # One comes by search and does not buy; one buys without any touch.
    touch(3, 2 * DAY, 0), order(4, DAY, 25),
]  # fmt: skip


def test_the_shop_worked_by_hand() -> None:
    """As the guide tells it."""
    _, _, result = answered(SHOP)
    told = {name: result.figures[name] for name in ("conversions", "attributed", "alone", "value")}
    assert told == {"conversions": 3, "attributed": 2, "alone": 1, "value": 145}
    conversions, value = table(result, "conversions"), table(result, "value")
    assert list(conversions) == ["email", "search"]
    assert [conversions["search"][model] for model in RULES] == pytest.approx(
        [1, 0, 0, 0.5, 1 / (1 + 2 ** (1 / 7)), 0.5]
    )
    assert [value["email"][model] for model in ("first", "last", "linear")] == [30, 120, 75]
    # From the start 2 in 3 come to search, of whom one in two goes on to e-mail, which sells.
    assert table(result, "reach")["email"]["removal"] == pytest.approx(1)
    assert table(result, "reach")["search"]["removal"] == pytest.approx(1 / 2)
    assert conversions["email"]["markov"] == pytest.approx(2 * 1 / 1.5)
    assert conversions["email"]["shapley"] == pytest.approx(1.5)
    assert result.sentence == "done"


def test_who_is_behind_a_number() -> None:
    asked, found, result = answered(SHOP)
    there = setting(asked)
    reach = table(result, "reach")
    for name, people, buyers in (("search", [1, 3], [1]), ("email", [1, 2], [1, 2])):
        assert (reach[name]["people"], reach[name]["buyers"]) == (len(people), len(buyers))
        for column, expected in (("people", people), ("buyers", buyers)):
            cell = {"table": "reach", "group": name, "column": column}
            assert ATTRIBUTION.who is not None
            slots = ATTRIBUTION.who(asked, found, cell, there)
            assert slots is not None
            assert slots.tolist() == expected
    for cell in (
        {"table": "reach", "group": "nowhere", "column": "people"},
        {"table": "reach", "group": "email", "column": "touched"},
        {"table": "conversions", "group": "email", "column": "first"},
        {},
    ):
        assert ATTRIBUTION.who(asked, found, cell, there) is None


def test_a_lifetime_stands_at_the_first_conversion_of_the_period() -> None:
    paid = GOAL | 2
    rows = [
        Row(1, NOW - 90 * DAY, paid | 8, -1, 500), touch(1, 3 * DAY, 0)._replace(hits=8),
        Row(1, NOW - 2 * DAY, paid | 8, -1, 60), Row(1, NOW - DAY, paid | 8, -1, 70),
        Row(1, NOW - HOUR, 4 | 8, -1, 30),
    ]  # fmt: skip
    asked, _, result = answered(rows, value="lifetime")
    assert ATTRIBUTION.reads(asked, setting(asked)).since == 0
    assert (result.figures["conversions"], result.figures["value"]) == (1, 600)


def test_a_visit_without_a_source_may_be_a_touch() -> None:
    rows = [
        Row(1, NOW - 3 * DAY, 8, 0), Row(1, NOW - 2 * DAY, 4 | 8, -1),
        Row(1, NOW - DAY, GOAL | 8, -1, 10),
    ]  # fmt: skip
    _, _, result = answered(rows, direct={"event": "Page Viewed"})
    found = table(result, "conversions")
    assert (found["direct"]["last"], found["search"]["last_non_direct"]) == (1, 1)


def test_of_many_touchpoints_the_rest_is_one() -> None:
    words = [f"w{n:03}" for n in range(70)]
    rows = [row for n in range(70) for row in (touch(n, 2 * DAY, n), order(n, DAY, n + 1))]
    asked = report.read(ATTRIBUTION.params, {})
    there = setting(asked)._replace(
        paying=(report.Step(event="o"),), refunds=(report.Step(event="r"),)
    )
    found = ATTRIBUTION.find(asked, Given(rows, (words, ())), there)
    told = table(ATTRIBUTION.tell(asked, found, there), "conversions")
    assert len(told) == 50
    assert (told["…"]["first"], told["…"]["markov"]) == (21, pytest.approx(21))
    played = {name for name, row in told.items() if row["shapley"] is not None}
    assert len(played) == 12
    assert sum(told[name]["shapley"] for name in played) == pytest.approx(70)


def test_a_conversion_since_the_hour_began_is_credited_by_the_last_fit() -> None:
    """As the guide tells it."""
    rows = [*SHOP, touch(5, 2 * DAY, 0), touch(5, DAY, 1), order(5, MINUTE, 60)]
    hour = NOW - NOW % HOUR
    _, _, result = answered(rows)
    assert (result.figures["fitted"], result.figures["later"]) == (hour, 1)
    conversions = table(result, "conversions")
    fitted = table(answered(rows[:-1], refit="always")[2], "conversions")
    shares = {"email": fitted["email"]["markov"] / 2, "search": fitted["search"]["markov"] / 2}
    for name, share in shares.items():
        assert conversions[name]["markov"] == pytest.approx(fitted[name]["markov"] + share)
    # Then three in four began with search, two in three of them went on to e-mail: without e-mail
    # all was lost, without search two thirds.
    assert shares["email"] == pytest.approx(1 / (1 + 2 / 3))
    assert conversions["email"]["shapley"] == pytest.approx(1.5 + 1 / 2)
    assert conversions["email"]["last"] == 3


def test_an_hour_later_the_next_fit_has_learnt_from_it() -> None:
    rows = [*SHOP, touch(5, 2 * DAY, 0), order(5, MINUTE, 60)]
    before, after = answered(rows)[2], answered(rows, now=NOW + HOUR)[2]
    assert before.figures["later"] == 1
    assert after.figures["fitted"] == before.figures["fitted"] + HOUR
    assert after.figures["later"] == 0
    told, always = (table(one, "conversions") for one in (after, answered(rows, refit="always")[2]))
    assert told == {name: pytest.approx(row) for name, row in always.items()}
    assert told["email"]["markov"] != pytest.approx(table(before, "conversions")["email"]["markov"])


def test_a_day_begins_in_the_zone_of_the_pool() -> None:
    _, _, result = answered(SHOP, refit="day")
    midnight = NOW - (NOW + 8 * HOUR) % DAY
    assert (result.figures["fitted"], result.figures["later"]) == (midnight, 0)


def test_before_anything_was_learnt_a_conversion_is_shared_evenly() -> None:
    rows = [touch(1, DAY, 0), touch(1, HOUR, 1), order(1, MINUTE, 80)]
    _, _, result = answered(rows, **{"from": "2025-10-09", "until": "2025-10-09", "refit": "day"})
    assert (result.figures["rate"], result.figures["later"]) == (None, 1)
    for name in ("search", "email"):
        for model in ("markov", "shapley"):
            assert table(result, "conversions")[name][model] == 0.5
            assert table(result, "value")[name][model] == 40


moment = st.one_of(
    st.integers(0, 40).map(lambda n: n * DAY // 2), st.integers(0, 30).map(lambda n: n * 5 * MINUTE)
)
some = st.one_of(
    st.builds(touch, st.integers(0, 2), moment, st.integers(0, 2)),
    st.builds(order, st.integers(0, 2), moment, st.integers(1, 90)),
    st.builds(refund, st.integers(0, 2), moment, st.integers(1, 90)),
)


@given(
    rows=st.lists(some, max_size=20),
    order=st.integers(1, 3),
    refit=st.sampled_from(["hour", "day", "always"]),
    worth=st.sampled_from(["conversions", "rate"]),
    once=st.booleans(),
    random=st.randoms(),
)
def test_every_model_tells_of_the_same_conversions(
    rows: list[Row], order: int, refit: str, worth: str, once: bool, random: Any
) -> None:
    more = {"order": order, "refit": refit, "worth": worth, "once": once}
    _, _, result = answered(rows, **more)
    conversions, value = table(result, "conversions"), table(result, "value")
    for model in (*RULES, "markov", "shapley"):
        many = sum(row[model] for row in conversions.values())
        assert many == pytest.approx(result.figures["attributed"])
        much = sum(row[model] for row in value.values())
        assert much == pytest.approx(result.figures["attributed_value"])
    random.shuffle(rows)
    again = answered(rows, **more)[2]
    for told, was in (("conversions", conversions), ("value", value)):
        assert table(again, told) == {name: pytest.approx(row) for name, row in was.items()}


deed = st.one_of(
    st.builds(touch, st.just(1), st.integers(1, 3), st.integers(0, 2)),
    st.builds(order, st.just(1), st.integers(1, 3), st.integers(1, 90)),
    st.builds(refund, st.just(1), st.integers(1, 3), st.integers(1, 90)),
)


@given(rows=st.lists(deed, max_size=9), once=st.booleans(), random=st.randoms())
def test_what_is_at_one_millisecond_has_no_order(rows: list[Row], once: bool, random: Any) -> None:
    was = answered(rows, once=once)[2]
    random.shuffle(rows)
    now = answered(rows, once=once)[2]
    assert now.figures == pytest.approx(was.figures)
    for told in ("conversions", "value", "reach"):
        assert table(now, told) == {
            name: pytest.approx(row) for name, row in table(was, told).items()
        }


def test_a_refund_at_the_moment_of_its_order_is_taken_off_it() -> None:
    rows = [touch(1, DAY, 0), refund(1, HOUR, 10), order(1, HOUR, 40), order(1, 2 * DAY, 30)]
    assert answered(rows)[2].figures["value"] == 60
    assert table(answered(rows)[2], "value")["search"]["last"] == 30


def test_no_events_give_no_conversion() -> None:
    _, _, result = answered([])
    assert (result.sentence, result.figures["rate"]) == ("nothing", None)
    assert [one.rows for one in result.tables] == [[], [], []]
