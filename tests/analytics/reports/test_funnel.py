"""A funnel finds what a look at every way through the events finds."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspring.analytics import report
from tests.analytics.reports.given import DAY, HOUR, NOW, Given, Row, rows, setting

FUNNEL = report.analyses()["funnel"]
NEVER = -(2**62)


def asked(count: int, out: int = 0, **more: Any) -> Any:
    steps = [{"event": f"s{n}"} for n in range(count)]
    exclude = [{"event": f"x{n}"} for n in range(out)]
    return report.read(FUNNEL.params, {"steps": steps, "exclude": exclude, **more})


def moments(mine: Sequence[Row]) -> list[tuple[int, int]]:
    """What was done at each moment, in order."""
    found: dict[int, int] = {}
    for row in mine:
        found[row.ms] = found.get(row.ms, 0) | row.hits
    return sorted(found.items())


def ways(mine: Sequence[Row], params: Any, until: int) -> Iterator[tuple[int, ...]]:
    """Every way through the steps, as far as it goes, by brute force."""
    count, window = len(params.steps), params.window.amount * DAY
    there = moments(mine)
    out = ~((1 << count) - 1)
    for length in range(1, count + 1):
        for way in itertools.combinations(range(len(there)), length):
            times = tuple(there[at][0] for at in way)
            if times[0] >= until or times[-1] - times[0] > window:
                continue
            if not all(there[at][1] >> step & 1 for step, at in enumerate(way)):
                continue
            if params.order == "strict" and any(b - a > 1 for a, b in itertools.pairwise(way)):
                continue
            between = (there[at][1] for at in range(way[0], way[-1]) if at not in way)
            if not any(hits & out for hits in between):
                yield times


def best(mine: Sequence[Row], params: Any, until: int) -> tuple[int, ...] | None:
    """The way that leads furthest; of several the first there, then the latest to begin."""
    found = sorted(ways(mine, params, until), key=lambda way: (-len(way), way[-1], -way[0], way))
    return found[0] if found else None


def attempts(mine: Sequence[Row], params: Any, until: int) -> list[tuple[int, ...]]:
    """Attempts one after the other."""
    count, window, found = len(params.steps), params.window.amount * DAY, []
    out = ~((1 << count) - 1)
    there, at = moments(mine), 0
    while at < len(there):
        ms, hits = there[at]
        at += 1
        if not hits & 1 or ms >= until:
            continue
        times = [ms]
        while len(times) < count and at < len(there):
            later, hits = there[at]
            if later - times[0] > window:
                break
            if hits >> len(times) & 1:
                times.append(later)
            elif params.order == "strict" or hits & out:
                break
            at += 1
        found.append(tuple(times))
    return found


@pytest.mark.parametrize("order", ["loose", "strict"])
@pytest.mark.parametrize("how", ["best", "first", "every"])
def test_a_funnel_finds_what_a_look_at_every_way_finds(order: str, how: str) -> None:
    @given(rows(4, 5 * 24, 12), st.integers(1, 3), st.integers(0, 1), st.integers(1, 4))
    def agree(some: list[Row], count: int, out: int, window: int) -> None:
        some = [row._replace(hits=row.hits & (2 ** (count + out) - 1)) for row in some]
        params = asked(
            count, out, window={"amount": window}, order=order, attempts=how, until="2025-10-08"
        )
        where = setting(params)
        _, until = where.period.bounds(where.days)
        found = FUNNEL.find(params, Given(some), where)
        told = sorted(
            (int(slot), tuple(one for one in times if one != NEVER))
            for slot, times in zip(found.slot, found.times.tolist(), strict=True)
        )
        expected = []
        for slot in {row.slot for row in some}:
            mine = [row for row in some if row.slot == slot]
            if how == "best":
                way = best(mine, params, until)
                expected += [(slot, way)] if way else []
            else:
                tried = attempts(mine, params, until)
                expected += [(slot, one) for one in (tried[:1] if how == "first" else tried)]
        assert told == sorted(expected)

    agree()


def view(slot: int, days: float, hits: int, code: int = 0) -> Row:
    return Row(slot, NOW - int(days * DAY), hits, code)


CASE = [
    view(1, 9, 1), view(1, 8, 2), view(1, 7.5, 4),
    view(2, 9, 1, 1), view(2, 8.75, 2, 1),
    view(3, 9, 1, 1), view(3, 1.5, 2, 1),
    view(4, 8, 2), view(4, 7, 4),
    view(5, 1, 1, -1),
]  # fmt: skip
"""Worked by hand: one goes all the way in a day and a half, one puts into the cart only, one comes
too late for that, one never looked, one looked yesterday."""


def test_a_case_worked_by_hand() -> None:
    params = asked(3, by="channel")
    where = setting(params)
    found = FUNNEL.find(params, Given(CASE, [["app", "web"]]), where)
    told = FUNNEL.tell(params, found, where)
    assert told.figures == {
        "started": 4, "finished": 1, "rate": 0.25, "open": 1, "median": int(1.5 * DAY),
        "worst_step": 1,
    }  # fmt: skip
    steps, groups, trend = told.tables
    day, quarter = DAY, 6 * HOUR
    assert steps.rows == [
        [1, "s0", 4, 1.0, None, 2, None, None, None, None],
        [2, "s1", 2, 0.5, 0.5, 1, quarter, quarter, day, day],
        [3, "s2", 1, 0.25, 0.5, None, 12 * HOUR, 12 * HOUR, 12 * HOUR, 12 * HOUR],
    ]
    assert [(row[0], row[2], row[3]) for row in groups.rows] == [
        (1, "web", 2), (2, "web", 1), (3, "web", 0),
        (1, "app", 1), (2, "app", 1), (3, "app", 1),
        (1, None, 1), (2, None, 0), (3, None, 0),
    ]  # fmt: skip
    assert [row for row in trend.rows if row[1]] == [
        ["2025-09-30", 3, 1, 1 / 3], ["2025-10-08", 1, 0, 0.0],
    ]  # fmt: skip
    cells = {
        (1, "reached"): [1, 2, 3, 5], (1, "dropped"): [3, 5], (2, "dropped"): [2],
        (3, "reached"): [1],
    }  # fmt: skip
    for (step, column), people in cells.items():
        cell = {"table": "steps", "step": step, "column": column}
        assert FUNNEL.who(params, found, cell, where).tolist() == people
    group = {"table": "groups", "step": 1, "group": None, "column": "reached"}
    assert FUNNEL.who(params, found, group, where).tolist() == [5]
    trend_cell = {"table": "trend", "day": "2025-09-30", "column": "finished"}
    assert FUNNEL.who(params, found, trend_cell, where).tolist() == [1]
    assert FUNNEL.who(params, found, {"table": "steps", "step": 9}, where) is None
