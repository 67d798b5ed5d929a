"""Experiments over rows: who was given what, what they did, and what may be said of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspring.analytics import report
from hotspring.analytics.reports.experiment import MIXED, measured
from tests.analytics.reports.given import DAY, HOUR, NOW, Given, Row, rows, setting

EXPERIMENT = report.analyses()["experiment"]
WORDS = ("green", "control", "blue")
GREEN, CONTROL, BLUE = range(3)
SEEN, GOAL, REFUND = 1, 2, 4
SHOP = {"paying": (report.Step(event="Order Completed"),),
        "refunds": (report.Step(event="Order Refunded"),)}  # fmt: skip


def answered(some: Sequence[Row], **more: Any) -> tuple[Any, Any, report.Result]:
    asked = report.read(EXPERIMENT.params, more)
    there = setting(asked)._replace(**SHOP)
    found = EXPERIMENT.find(asked, Given(some, (WORDS, ())), there)
    return asked, found, EXPERIMENT.tell(asked, found, there)


def table(result: report.Result, name: str) -> dict[str, dict[str, Any]]:
    (one,) = (one for one in result.tables if one.name == name)
    keys = [column.name for column in one.columns]
    return {row[0]: dict(zip(keys[1:], row[1:], strict=True)) for row in one.rows}


def seen(slot: int, days: float, code: int) -> Row:
    return Row(slot, NOW - int(days * DAY), SEEN, code)


def bought(slot: int, days: float, worth: int) -> Row:
    return Row(slot, NOW - int(days * DAY), GOAL, -1, worth)


def crowd(size: int, variants: Sequence[int], buyers: Sequence[float]) -> list[Row]:
    """So many profiles of each variant, a part of whom buys for 10 a day later."""
    found = []
    for place, (code, part) in enumerate(zip(variants, buyers, strict=True)):
        for at in range(size):
            slot = place * size + at
            found.append(seen(slot, 20, code))
            found += [bought(slot, 19, 10)] if at < part * size else []
    return found


BY_HAND = [
    # Two see the control: one buys for 30 two days later and is paid 10 back.
    seen(1, 20, CONTROL), bought(1, 18, 30), Row(1, NOW - 17 * DAY, REFUND, -1, 10),
    seen(2, 20, CONTROL), bought(2, 1, 50),
    # Two see green, both buy, one of them had bought before; one sees both.
    bought(3, 25, 5), seen(3, 20, GREEN), bought(3, 20, 20),
    seen(4, 20, GREEN), bought(4, 10, 40), bought(4, 8, 20),
    seen(5, 20, GREEN), seen(5, 19, CONTROL), bought(5, 18, 90),
    # One saw green only yesterday.
    seen(6, 1, GREEN),
]  # fmt: skip


def test_a_case_worked_by_hand() -> None:
    """As the guide tells it."""
    asked, found, result = answered(BY_HAND)
    told = table(result, "variants")
    assert list(told) == ["control", "green"]
    assert [told[name]["people"] for name in told] == [2, 3]
    assert [told[name]["mean"] for name in told] == [0.5, pytest.approx(2 / 3)]
    assert (result.figures["profiles"], result.figures["mixed"], result.figures["open"]) == (
        5,
        1,
        1,
    )
    cell = {"table": "variants", "column": "people", "group": "green"}
    behind = EXPERIMENT.who(asked, found, cell, setting(asked))
    assert behind is not None
    assert behind.tolist() == [3, 4, 6]
    _, _, money = answered(BY_HAND, metric="revenue")
    assert [row["mean"] for row in table(money, "variants").values()] == [10, pytest.approx(80 / 3)]
    _, _, each = answered(BY_HAND, metric="average")
    assert [row["mean"] for row in table(each, "variants").values()] == [30, pytest.approx(80 / 3)]
    _, _, other = answered(BY_HAND, control="green")
    assert list(table(other, "variants")) == ["green", "control"]


def test_a_difference_is_told_and_an_uneven_split_before_it() -> None:
    _, _, result = answered(crowd(800, (CONTROL, GREEN, BLUE), (0.2, 0.4, 0.2)))
    assert (result.sentence, result.figures["sure"]) == ("changed", 1)
    told = table(result, "differences")
    assert told["green"]["difference"] == pytest.approx(0.2)
    assert told["green"]["always_low"] > 0 > told["blue"]["always_low"]
    assert told["green"]["low"] > told["green"]["always_low"]
    uneven = crowd(800, (CONTROL, GREEN), (0.2, 0.4))[:1_100]
    assert answered(uneven)[2].sentence == "uneven"
    counts = [row["people"] for row in table(answered(uneven)[2], "variants").values()]
    assert answered(uneven, shares=counts)[2].sentence == "changed"


def test_what_was_before_takes_variance_off() -> None:
    dice = np.random.default_rng(3)
    some = []
    for slot in range(600):
        usual = int(dice.integers(5, 200))
        some += [bought(slot, 25, usual), seen(slot, 20, slot % 2)]
        some.append(bought(slot, 15, usual + int(dice.integers(0, 10)) + 4 * (slot % 2 == GREEN)))
    width = {}
    for before in (True, False):
        told = table(answered(some, metric="revenue", before=before)[2], "differences")["green"]
        width[before] = told["high"] - told["low"]
        assert told["low"] < 4 < told["high"]
    assert width[True] < width[False] / 10


@pytest.mark.parametrize(
    ("some", "sentence"),
    [([], "nobody"), ([seen(1, 3, GREEN)], "one"), ([seen(1, 3, GREEN), seen(2, 3, BLUE)], "open")],
)
def test_few_profiles_are_told_of_without_a_verdict(some: list[Row], sentence: str) -> None:
    for metric in ("conversion", "revenue", "times", "average"):
        assert answered(some, metric=metric)[2].sentence == sentence


@given(rows(3), st.sampled_from([HOUR, DAY, 5 * DAY]))
def test_what_is_measured_agrees_with_a_plain_reading(some: list[Row], window: int) -> None:
    start, end = NOW - 10 * DAY, NOW - 2 * DAY
    found = {}
    for part in Given(some):
        how = (np.int64(GOAL), np.int64(REFUND), start, end, window)
        told = measured(part.slot, part.ms, part.hits, part.codes[0], part.worth, *how)
        for slot, first, code, sums in zip(*told, strict=True):
            found[int(slot)] = (int(first), int(code), [round(one / 1e6, 6) for one in sums])
    plain = {}
    for slot in {row.slot for row in some}:
        own = [row for row in some if row.slot == slot]
        views = [one for one in own if one.hits & SEEN and one.code >= 0 and start <= one.ms < end]
        if not views:
            continue
        first = min(one.ms for one in views)
        codes = {one.code for one in views}
        sums = [0.0] * 4
        for one in own:
            for side, inside in ((0, first <= one.ms < first + window),
                                 (2, first - window <= one.ms < first)):  # fmt: skip
                if inside and one.hits & GOAL:
                    sums[side] += 1e-6
                    sums[side + 1] += one.worth
                elif inside and one.hits & REFUND:
                    sums[side + 1] -= one.worth
        told = [round(one, 6) for one in sums]
        plain[slot] = (first, codes.pop() if len(codes) == 1 else MIXED, told)
    assert found == plain
