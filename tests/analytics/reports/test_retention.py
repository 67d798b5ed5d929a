"""Retention counts those whom a look at each person's days counts."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspring.analytics import report
from tests.analytics.reports.given import (
    DAY,
    HOUR,
    LONDON,
    NOW,
    SHANGHAI,
    Given,
    Row,
    rows,
    setting,
)  # fmt: skip

RETENTION = report.analyses()["retention"]
SPRING = int(dt.datetime(2025, 4, 2, 12, tzinfo=LONDON).timestamp() * 1000)
"""Three days after the clocks of London went ahead."""


def asked(**more: Any) -> Any:
    given = {"first": {"event": "a"}, "back": {"event": "b"}, "days": 14, **more}
    return report.read(RETENTION.params, given)


def unit_of(ms: int, unit: str, zone: zoneinfo.ZoneInfo) -> int:
    """By the calendar."""
    day = dt.datetime.fromtimestamp(ms / 1000, zone).date()
    if unit == "day":
        return day.toordinal()
    if unit == "week":
        return (day - dt.timedelta(days=day.weekday())).toordinal() // 7
    return day.year * 12 + day.month


def looked(some: list[Row], params: Any, where: report.Setting) -> dict[Any, Any]:
    """(owner, unit) of every member: which periods after it they came back in, and the money."""
    start, end = where.period.bounds(where.days)
    found: dict[Any, Any] = {}
    for slot in {row.slot for row in some}:
        mine = sorted((row for row in some if row.slot == slot), key=lambda row: row.ms)
        begun = [row for row in mine if row.hits & 1]
        if params.cohorts == "first":
            begun = [row for row in begun if row.ms == begun[0].ms]
        for row in begun:
            if not start <= row.ms < end:
                continue
            key = slot, unit_of(row.ms, params.unit, where.zone)
            if key in found:
                continue
            came, money = set(), [0] * (params.periods + 1)
            for other in mine:
                later = unit_of(other.ms, params.unit, where.zone) - key[1]
                if other.hits & 2 and (later > 0 or (later == 0 and other.ms > row.ms)):
                    came.add(later)
                if 0 <= later <= params.periods and other.ms >= row.ms:
                    sign = bool(other.hits & 4) - (not other.hits & 4 and bool(other.hits & 8))
                    money[later] += sign * other.worth
            found[key] = came, money
    return found


@pytest.mark.parametrize("unit", ["day", "week", "month"])
@pytest.mark.parametrize("cohorts", ["first", "each"])
@pytest.mark.parametrize("count", ["within", "from_then", "bracket"])
def test_those_are_counted_whom_a_look_counts(unit: str, cohorts: str, count: str) -> None:
    @given(rows(4, 40 * 24, 20), st.sampled_from([SHANGHAI, LONDON]), st.booleans())
    def agree(some: list[Row], zone: zoneinfo.ZoneInfo, spring: bool) -> None:
        now = SPRING if spring else NOW
        some = [row._replace(ms=row.ms - NOW + now) for row in some]
        params = asked(
            unit=unit, cohorts=cohorts, count=count, periods=4, days=30, brackets=[0, 1, 3],
            revenue=True,
        )  # fmt: skip
        where = setting(params, zone, now)._replace(
            paying=(report.Step(event="p"),), refunds=(report.Step(event="r"),)
        )
        found = RETENTION.find(params, Given(some), where)
        told = RETENTION.tell(params, found, where)
        expected = looked(some, params, where)
        today = unit_of(now, unit, zone)
        first = where.period.first + dt.date(1970, 1, 1).toordinal()
        base = unit_of(
            int(dt.datetime.fromordinal(first).replace(hour=12, tzinfo=zone).timestamp() * 1000),
            unit, zone,
        )  # fmt: skip
        assert {
            (int(s), int(u) + base) for s, u in zip(found.slot, found.unit, strict=True)
        } == set(expected)
        brackets = {
            "within": [(n, n) for n in range(5)], "from_then": [(n, 10**6) for n in range(5)],
            "bracket": [(0, 0), (1, 2), (3, 4)],
        }[count]  # fmt: skip
        ends = {"from_then": {n: n for n in range(5)}}.get(count, dict(brackets))
        cells = {}
        for key, (came, _) in expected.items():
            for low, high in brackets:
                if key[1] + low <= today:
                    cell = cells.setdefault((key[1], low), [0, 0])
                    cell[0] += 1
                    cell[1] += any(low <= n <= high for n in came)
        table = told.tables[0].rows
        assert sorted([row[2], row[3]] for row in table) == sorted(cells.values())
        assert len(table) == len(cells)
        curve = {low: [0, 0] for low, _ in brackets}
        for (begun, low), (size, many) in cells.items():
            if begun + ends[low] < today:
                curve[low][0] += size
                curve[low][1] += many
        assert [[row[1], row[2]] for row in told.tables[1].rows] == list(curve.values())
        money: dict[tuple[int, int], int] = {}
        for (_, begun), (_, spent) in expected.items():
            for n, one in enumerate(spent):
                if begun + n <= today:
                    money[begun, n] = money.get((begun, n), 0) + one
        assert sorted((row[1], row[2]) for row in told.tables[-1].rows) == sorted(
            (n, one) for (_, n), one in money.items()
        )

    agree()


def at(slot: int, days: float, hits: int, code: int = 0) -> Row:
    return Row(slot, NOW - int(days * DAY), hits, code)


CASE = [
    at(1, 20, 1), at(1, 13, 2), at(1, 6, 2),
    at(2, 20, 1, 1), at(2, 20, 2), at(2, 19.9, 2),
    at(3, 13, 1, 1), at(3, 6, 3),
    at(4, 40, 1), at(4, 13, 1), at(4, 1, 2),
]  # fmt: skip
"""By hand, today a Thursday: two begin on Friday three weeks ago, of whom one comes back in both
weeks after and one within the first; one begins a week later and comes back the week after; one
began before the period."""


def test_a_case_worked_by_hand() -> None:
    params = asked(unit="week", days=21, by="channel", periods=3)
    where = setting(params)
    found = RETENTION.find(params, Given(CASE, [["app", "web"]]), where)
    told = RETENTION.tell(params, found, where)
    triangle, curve, groups = told.tables
    assert triangle.rows == [
        ["2025-09-15", 0, 2, 1, 0.5, True], ["2025-09-15", 1, 2, 1, 0.5, True],
        ["2025-09-15", 2, 2, 1, 0.5, True], ["2025-09-15", 3, 2, 0, 0.0, False],
        ["2025-09-22", 0, 1, 0, 0.0, True], ["2025-09-22", 1, 1, 1, 1.0, True],
        ["2025-09-22", 2, 1, 0, 0.0, False],
    ]  # fmt: skip
    assert curve.rows == [[0, 3, 1, 1 / 3], [1, 3, 2, 2 / 3], [2, 2, 1, 0.5], [3, 0, 0, None]]
    assert [row for row in groups.rows if row[1] == 1] == [
        ["web", 1, 2, 1, 0.5], ["app", 1, 1, 1, 1.0],
    ]  # fmt: skip
    assert told.figures == {"people": 3, "next_rate": 2 / 3, "last": 2, "last_rate": 0.5}
    cell = {"table": "triangle", "cohort": "2025-09-15", "period": 1, "column": "back"}
    assert RETENTION.who(params, found, cell, where).tolist() == [1]
    cell = {"table": "groups", "group": "web", "period": 1, "column": "people"}
    assert RETENTION.who(params, found, cell, where).tolist() == [2, 3]
    assert RETENTION.who(params, found, {"table": "money", "column": "money"}, where) is None
    same = msgspec.structs.replace(params, cohorts="each", back=None)
    assert RETENTION.reads(same, where).steps[1] == same.first


def test_nobody_and_a_single_event() -> None:
    params = asked()
    where = setting(params)
    for some, sentence in (([], "nobody"), ([Row(0, NOW - HOUR, 3)], "early")):
        told = RETENTION.tell(params, RETENTION.find(params, Given(some), where), where)
        assert told.sentence == sentence
