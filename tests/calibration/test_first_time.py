"""Who does something for the first time: what tells it is learnt, tested, and refused where it
tells nothing."""

from __future__ import annotations

import numpy as np
import pytest

from hotspring.calibration import Question
from hotspring.calibration.first_time import Potential, points
from hotspring.calibration.history import frame
from hotspring.errors import HistoryTooThin
from hotspring.temperature import rules
from tests.calibration.past import DAY, START, Row, history

FORCE = rules.RuleSet(rules.Title("试", "test"), 1.0, "CNY", {}, ())
PEOPLE, DAYS, HORIZON = 700, 120, 30
ASKED = Question("Order", HORIZON * DAY, START + (DAYS - HORIZON) * DAY)


def beginners(told: bool) -> list[Row]:
    """Who puts things into the cart soon orders for the first time, and who complains does not;
    or all of that says nothing."""
    random = np.random.default_rng(4)
    rows = list[Row]()
    for person in range(PEOPLE):
        rows.append(Row(person, START + int(random.integers(0, 5 * DAY)), "View"))
        for month in range(DAYS // HORIZON):
            start = START + month * HORIZON * DAY
            keen, cross = random.random() < 0.35, random.random() < 0.2
            rows += _times(random, person, start, "Cart", 4 if keen else 0)
            rows += _times(random, person, start, "Complaint", 2 if cross else 0)
            rows += _times(random, person, start, "View", random.integers(0, 4))
            chance = 0.7 if keen and not cross else 0.04
            if random.random() < (chance if told else 0.25):
                after = start + (HORIZON + int(random.integers(1, HORIZON))) * DAY
                rows.append(Row(person, after, "Order", 20.0))
    return rows


def _times(random: np.random.Generator, person: int, start: int, name: str, n: int) -> list[Row]:
    return [Row(person, start + int(random.integers(0, HORIZON * DAY)), name) for _ in range(n)]


def test_what_tells_of_a_first_time_is_learnt_and_measured_later() -> None:
    past = history(beginners(told=True), PEOPLE)
    shares: list[float] = []
    found = Potential.learn(past, ASKED, FORCE, shares.append)
    assert (found.cut, found.learnt_at) == (ASKED.cut, ASKED.cut - HORIZON * DAY)
    assert found.auc > 0.7
    assert found.lift > 1.5
    assert found.test.profiles < PEOPLE
    by = {line.event: line for line in found.lines}
    assert by["Cart"].points > 0
    assert "Order" not in by
    assert all(line.cap >= abs(line.points) * 0.99 for line in found.lines)
    assert shares == sorted(shares)
    there = frame(past, "Order", ASKED.cut, ASKED.horizon_ms)
    assert points(past, found.lines, there, FORCE).max() > 50


def test_what_tells_nothing_is_refused() -> None:
    past = history(beginners(told=False), PEOPLE)
    with pytest.raises(HistoryTooThin, match="no better than chance"):
        Potential.learn(past, ASKED, FORCE, lambda share: None)


def test_too_few_beginners_are_refused() -> None:
    rows = [row for row in beginners(told=True) if row.profile < 60]
    with pytest.raises(HistoryTooThin, match="only"):
        Potential.learn(history(rows, 60), ASKED, FORCE, lambda share: None)


def test_money_tells_where_times_do_not() -> None:
    """All come as often; who leaves much lately subscribes soon."""
    random, rows = np.random.default_rng(5), list[Row]()
    for person in range(400):
        for month in range(DAYS // HORIZON):
            start = START + month * HORIZON * DAY
            keen = random.random() < 0.35
            rows += [
                one._replace(
                    amount=float(random.uniform(80, 120) if keen else random.uniform(1, 9))
                )
                for one in _times(random, person, start, "Visit", 2)
            ]
            if random.random() < (0.6 if keen else 0.04):
                after = start + (HORIZON + int(random.integers(1, HORIZON))) * DAY
                rows.append(Row(person, after, "Order"))
    found = Potential.learn(history(rows, 400), ASKED, FORCE, lambda share: None)
    assert found.auc > 0.7
    told = {(line.event, line.measure, line.within_days) for line in found.lines}
    assert ("Visit", "sum", 30) in told
    assert all(line.half_life_days == 0 for line in found.lines if line.measure != "times")
