"""Traffic adds up what a look at each session, day and person adds up."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections import Counter
from typing import Any

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
from tests.analytics.reports.test_retention import SPRING, unit_of

TRAFFIC = report.analyses()["traffic"]
MINUTE = 60_000
WORDS = [["app", "web", "other"], []]
VIEW, QUIET, PAID, REFUND = 1, 2, 4, 8
LEAVING = (report.Step(event="Page Left"),)


def asked(**more: Any) -> Any:
    given = {"views": [{"event": "v"}], "quiet": [{"event": "q"}], **more}
    return report.read(TRAFFIC.params, given)


def there(params: Any, zone: zoneinfo.ZoneInfo = SHANGHAI, now: int = NOW) -> report.Setting:
    return setting(params, zone, now)._replace(
        paying=(report.Step(event="p"),), refunds=(report.Step(event="r"),)
    )


def told(some: list[Row], params: Any, where: report.Setting) -> dict[str, list[list[Any]]]:
    since = TRAFFIC.reads(params, where).since
    kept = [row for row in some if row.ms >= since]
    found = TRAFFIC.find(params, Given(kept, WORDS), where)
    answer = TRAFFIC.tell(params, found, where)
    return {one.name: one.rows for one in answer.tables} | {"figures": [[answer.figures]]}


def sessions(some: list[Row], minutes: int, edge: int) -> list[list[Row]]:
    """Of everybody: what is apart by no more than so many minutes; none goes over the edge."""
    found: list[list[Row]] = []
    for row in sorted(some, key=lambda row: (row.slot, row.ms)):
        last = found[-1][-1] if found else None
        apart = last is None or last.slot != row.slot or row.ms - last.ms > minutes * MINUTE
        if apart or (last is not None and last.ms < edge <= row.ms):
            found.append([])
        found[-1].append(row)
    return found


def metrics(events: list[Row], visits: list[list[Row]], new: int) -> list[Any]:
    """By plain counting."""
    acts = [sum(not row.hits & QUIET for row in one) for one in visits]
    paid = Counter(row.slot for row in events if row.hits & PAID)
    worth = sum(row.worth for row in events if row.hits & PAID)
    worth -= sum(row.worth for row in events if row.hits & REFUND and not row.hits & PAID)
    views, orders = sum(row.hits & VIEW for row in events), sum(paid.values())
    many = len(visits)
    return [
        len({row.slot for row in events}), new, many, views, len(events),
        sum(one <= 1 for one in acts) / many if many else None,
        int(sum(one[-1].ms - one[0].ms for one in visits) / many) if many else None,
        round(views / many, 2) if many else None, orders, len(paid), worth,
        round(worth / orders, 2) if orders else None,
        sum(one > 1 for one in paid.values()) / len(paid) if paid else None,
    ]  # fmt: skip


@pytest.mark.parametrize("unit", ["day", "week"])
@pytest.mark.parametrize("scope", ["session", "event"])
def test_what_is_told_adds_up(unit: str, scope: str) -> None:
    close = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 90)), max_size=12)

    @given(rows(4, 30 * 24, 14), close, st.sampled_from([SHANGHAI, LONDON]), st.booleans())
    def agree(some: list[Row], more: Any, zone: zoneinfo.ZoneInfo, spring: bool) -> None:
        now = SPRING if spring else NOW
        some = [row._replace(ms=row.ms - NOW + now) for row in some]
        # Some more, minutes after others.
        for at, minutes in more:
            if some:
                row = some[at % len(some)]
                later = min(row.ms + minutes * MINUTE, now)
                some.append(row._replace(ms=later, code=(row.code + 2) % 4 - 1))
        # Of events of one moment the order is not known: their group must not hang on it.
        groups = {(row.slot, row.ms): row.code for row in some}
        some = [row._replace(code=groups[row.slot, row.ms]) for row in some]
        params = asked(days=9, by="channel", scope=scope, interval=unit)
        where = there(params, zone, now)
        found = told(some, params, where)
        start, end = where.period.bounds(where.days)
        before, _ = where.period.before().bounds(where.days)
        since = TRAFFIC.reads(params, where).since
        kept = [row for row in some if row.ms >= since]
        first = {row.slot: min(r.ms for r in kept if r.slot == row.slot) for row in kept}
        visits = sessions(kept, 30, before)
        for place, (low, high) in enumerate(((start, end), (before, start))):
            events = [row for row in kept if low <= row.ms < high]
            own = [one for one in visits if low <= one[0].ms < high]
            new = sum(low <= first[slot] < high for slot in {row.slot for row in events})
            assert found["totals"][place][1:] == metrics(events, own, new)
        events = [row for row in kept if row.ms >= start]
        own = [one for one in visits if one[0].ms >= start]
        begun = {id(row): one[0].code for one in visits for row in one}
        for code, name in enumerate([None, *WORDS[0]], -1):
            mine = [
                row for row in events
                if (row.code if scope == "event" else begun[id(row)]) == code
            ]  # fmt: skip
            began = [one for one in own if one[0].code == code]
            new = sum(first[slot] >= start for slot in {row.slot for row in mine})
            shown = [row[1:] for row in found["groups"] if row[0] == name]
            assert shown == ([metrics(mine, began, new)] if mine else [])
        for row in found["trend"]:
            key = unit_of(_noon(row[0], zone), unit, zone)
            mine = [one for one in events if unit_of(one.ms, unit, zone) == key]
            began = [one for one in own if unit_of(one[0].ms, unit, zone) == key]
            new = sum(unit_of(first[slot], unit, zone) == key for slot in {r.slot for r in mine})
            assert row[1:] == metrics(mine, began, new)
        days = {(row.slot, unit_of(row.ms, "day", zone)) for row in kept}
        for day, *active in found["active"]:
            at = unit_of(_noon(day, zone), "day", zone)
            assert active == [
                len({slot for slot, one in days if at - window < one <= at})
                for window in (1, 7, 30)
            ]  # fmt: skip
        clock = Counter(
            (one.isoweekday(), one.hour)
            for one in (dt.datetime.fromtimestamp(row.ms / 1000, zone) for row in events)
        )
        assert {(row[0], row[1]): row[2] for row in found["hours"] if row[2]} == clock

    agree()


def _noon(day: str, zone: zoneinfo.ZoneInfo) -> int:
    moment = dt.datetime.fromisoformat(day).replace(hour=12, tzinfo=zone)
    return int(moment.timestamp() * 1000)


def at(slot: int, minutes: float, hits: int = VIEW, worth: int = 0, code: int = 0) -> Row:
    return Row(slot, NOW - int(minutes * MINUTE), hits, code, worth)


CASE = [
    at(1, 100), at(1, 75), at(1, 60, PAID, 90), at(1, 10, PAID, 30),
    at(2, 50, code=1), at(2, 49, QUIET, code=1),
    at(3, 40 * 24 * 60), at(3, 30),
]  # fmt: skip
"""By hand, within two hours: one looks twice and buys, and fifty minutes later buys again; one
looks once and scrolls; one who was here 40 days ago looks once."""


def test_a_case_worked_by_hand() -> None:
    params = asked(days=1)
    where = there(params)
    found = TRAFFIC.find(params, Given(CASE, WORDS), where)
    figures = TRAFFIC.tell(params, found, where).figures
    assert figures == {
        "visitors": 3, "new": 2, "returning": 1, "sessions": 4, "views": 4, "events": 7,
        "bounce_rate": 0.75, "dwell": int((40 + 1) * MINUTE / 4), "depth": 1.0, "orders": 2,
        "buyers": 1, "revenue": 120.0, "average_order": 60.0, "repurchase": 1.0, "dau": 3.0,
        "wau": 3, "mau": 3, "stickiness": 1.0, "change": None,
    }  # fmt: skip
    rows_ = {one.name: one.rows for one in TRAFFIC.tell(params, found, where).tables}
    assert [row for row in rows_["frequency"] if row[1]] == [[1, 2], [2, 1]]
    assert [row for row in rows_["gaps"] if row[1]] == [["31+", 1]]


def test_that_a_page_was_left_is_no_act_unless_others_are_named() -> None:
    where = there(asked())
    some = [at(0, 0), at(0, 2, QUIET)]

    def bounced(**more: Any) -> Any:
        params = report.read(TRAFFIC.params, {"views": [{"event": "v"}], **more})
        assert TRAFFIC.reads(params, where).steps[1] == (params.quiet or LEAVING)[0]
        return told(some, params, where)["figures"][0][0]["bounce_rate"]

    assert bounced() == bounced(quiet=[{"event": "q"}]) == 1


def test_nobody_and_a_single_event() -> None:
    params = asked()
    where = there(params)
    now, before = Row(0, NOW - HOUR, 1), Row(0, NOW - 40 * DAY, 1)
    for some, sentence in (([], "nobody"), ([now], "first"), ([now, before], "changed")):
        answer = TRAFFIC.tell(params, TRAFFIC.find(params, Given(some, WORDS), where), where)
        assert answer.sentence == sentence
