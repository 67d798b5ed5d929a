"""Distributions count what a look at each person counts."""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from hotspring.analytics import report
from tests.analytics.reports.given import DAY, HOUR, NOW, Given, Row, rows, setting

DISTRIBUTION = report.analyses()["distribution"]


def asked(of: str, **more: Any) -> Any:
    return report.read(DISTRIBUTION.params, {"event": {"event": "a"}, "of": of, **more})


def told(some: list[Row], params: Any, words: list[str]) -> report.Result:
    where = setting(params)
    return DISTRIBUTION.tell(
        params, DISTRIBUTION.find(params, Given(some, [words, []]), where), where
    )


@given(rows(1))
def test_times_are_counted(some: list[Row]) -> None:
    found = told(some, asked("times"), [])
    times = Counter(row.slot for row in some)
    assert found.figures["people"] == len(times)
    assert sum(row[2] for row in found.tables[0].rows) == len(times)
    for low, high, many, _ in found.tables[0].rows:
        assert many == sum(
            low <= one < (math.inf if high is None else high) for one in times.values()
        )


@given(rows(2))
def test_gaps_are_those_of_a_walk(some: list[Row]) -> None:
    params = asked("gaps", then={"event": "b"})
    where = setting(params)
    found = DISTRIBUTION.find(params, Given(some), where)
    expected = []
    for slot in {row.slot for row in some}:
        moments: dict[int, int] = {}
        for row in some:
            if row.slot == slot:
                moments[row.ms] = moments.get(row.ms, 0) | row.hits
        since = None
        for ms, hits in sorted(moments.items()):
            if since is not None and hits & 2:
                expected.append((slot, ms - since))
                since = None
            if since is None and hits & 1:
                since = ms
    lengths = zip(found.slot.tolist(), found.values.tolist(), strict=True)
    assert sorted(lengths) == sorted(expected)


@given(rows(1), st.booleans())
def test_values_are_numbers_or_names(some: list[Row], numbers: bool) -> None:
    words = ["5", "7.5", "-20"] if numbers else ["5", "tea", "nan"]
    found = told(some, asked("values", field="properties.x"), words)
    codes = Counter(row.code for row in some)
    if numbers:
        values = [float(words[row.code]) for row in some if row.code >= 0]
        table = found.tables[0]
        assert table.name == "numbers"
        assert len(table.rows) <= 21
        for low, high, many, _ in table.rows:
            assert many == sum(low <= one < (math.inf if high is None else high) for one in values)
        assert sum(row[2] for row in table.rows) == len(values)
    else:
        names = {None if code < 0 else words[code]: many for code, many in codes.items()}
        if set(codes) - {-1, 0}:
            assert {row[0]: row[1] for row in found.tables[0].rows} == names


def test_a_case_worked_by_hand() -> None:
    some = [
        Row(slot, NOW - days * DAY, 3) for slot, days in ((1, 9), (1, 7), (1, 6), (2, 5), (2, 1))
    ]
    found = told(some, asked("gaps"), [])
    assert found.figures["median_gap"] == 2 * DAY
    assert found.figures["q90_gap"] == 4 * DAY
    assert [(row[0], row[2]) for row in found.tables[0].rows if row[2]] == [(DAY, 2), (3 * DAY, 1)]
    params = asked("times")
    where = setting(params)
    times = DISTRIBUTION.find(params, Given(some), where)
    cell = {"table": "times", "column": "many", "low": 3.0}
    assert DISTRIBUTION.who(params, times, cell, where).tolist() == [1]
    assert DISTRIBUTION.who(params, times, {**cell, "low": 7}, where) is None


def test_who_had_a_value_is_known_and_nobody_is_no_fault() -> None:
    params = asked("values", field="properties.x")
    where = setting(params)
    some = [Row(1, NOW - HOUR, 1, 0), Row(1, NOW, 1, 0), Row(2, NOW, 1, -1)]
    found = DISTRIBUTION.find(params, Given(some, [["tea"], []]), where)
    answer = DISTRIBUTION.tell(params, found, where)
    assert answer.tables[0].rows == [["tea", 2, 2 / 3, 1], [None, 1, 1 / 3, 1]]
    cell = {"table": "values", "column": "people", "value": "tea"}
    assert DISTRIBUTION.who(params, found, cell, where).tolist() == [1]
    assert DISTRIBUTION.who(params, found, {**cell, "value": "oil"}, where) is None
    for of in ("times", "values", "gaps"):
        assert told([], asked(of), []).sentence == "nobody"
