"""Paths are those that a walk through each person's events finds."""

from __future__ import annotations

import itertools
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspring.analytics import report
from tests.analytics.reports.given import HOUR, NOW, Given, Row, rows, setting

PATHS = report.analyses()["paths"]
WORDS = [["cart", "buy", "view"], []]
MINUTE = 60_000


def asked(**more: Any) -> Any:
    given = {"anchor": {"event": "a"}, "goal": {"event": "g"}, "depth": 3, **more}
    return report.read(PATHS.params, given)


def name(row: Row) -> str:
    return "—" if row.code < 0 else WORDS[0][row.code]


def parts(mine: list[Row], params: Any, start: int, end: int) -> list[tuple[list[Row], int | None]]:
    """The parts of a person's events, and where the anchor stands in each."""
    back = params.direction == "to"
    found: list[tuple[list[Row], int | None]] = []
    if params.within == "session":
        some: list[list[Row]] = []
        for row in mine:
            if not some or row.ms - some[-1][-1].ms > params.session_minutes * MINUTE:
                some.append([])
            some[-1].append(row)
        for part in some:
            anchors = [at for at, row in enumerate(part) if row.hits & 1]
            found.append((part, anchors[-1 if back else 0] if anchors else None))
        return found
    at = 0
    while at < len(mine):
        anchors = [
            n for n in range(at, len(mine)) if mine[n].hits & 1 and start <= mine[n].ms < end
        ]
        if not anchors:
            break
        anchor = anchors[0]
        if back:
            part = [
                row for row in mine[at : anchor + 1] if mine[anchor].ms - row.ms <= params.window.ms
            ]
            found.append((part, len(part) - 1))
            at = anchor + 1
        else:
            part = [row for row in mine[anchor:] if row.ms - mine[anchor].ms <= params.window.ms]
            found.append((part, 0))
            at = anchor + len(part)
    return found


def walked(part: list[Row], anchor: int, params: Any, usable: Any) -> tuple[tuple[str, ...], bool]:
    after = part[anchor + 1 :] if params.direction == "from" else part[:anchor][::-1]
    names = [name(part[anchor])]
    for row in after:
        again = params.collapse and name(row) == names[-1]
        if usable(row) and not again and len(names) < params.depth:
            names.append(name(row))
    goal = any(row.hits & 2 and row.ms > part[anchor].ms for row in part[anchor:])
    return tuple(names), goal


@pytest.mark.parametrize("direction", ["from", "to"])
@pytest.mark.parametrize("within", ["session", "window"])
def test_a_walk_finds_the_same_paths(direction: str, within: str) -> None:
    @given(rows(2, 30, 24), st.booleans(), st.sampled_from([[], ["view"]]), st.integers(1, 3))
    def agree(some: list[Row], collapse: bool, hide: list[str], hours: int) -> None:
        params = asked(
            direction=direction, within=within, collapse=collapse, hide=hide, days=2,
            session_minutes=60 * hours, window={"amount": hours, "unit": "hour"}, top=30,
        )  # fmt: skip
        where = setting(params)
        bounds = PATHS.reads(params, where)
        some = [row for row in some if bounds.since <= row.ms < bounds.until]
        found = PATHS.find(params, Given(some, WORDS), where)
        walks, pairs, goals = Counter[Any](), Counter[Any](), 0
        usable = lambda row: row.code >= 0 and name(row) not in hide  # noqa: E731
        start, end = where.period.bounds(where.days)
        for slot in {row.slot for row in some}:
            mine = sorted((row for row in some if row.slot == slot), key=lambda r: (r.ms, name(r)))
            for part, anchor in parts(mine, params, start, end):
                steps = [name(row) for row in part if usable(row)]
                pairs.update(
                    pair for pair in itertools.pairwise(steps)
                    if not (collapse and pair[0] == pair[1])
                )  # fmt: skip
                if anchor is not None:
                    names, goal = walked(part, anchor, params, usable)
                    walks[slot, names] += 1
                    goals += goal
        told = Counter[Any]()
        for slot, codes in zip(found.slot.tolist(), found.codes.tolist(), strict=True):
            told[slot, tuple(found.names[code] for code in codes if code >= 0)] += 1
        assert told == walks
        answer = PATHS.tell(params, found, where)
        tables = {one.name: one.rows for one in answer.tables}
        assert {(row[0], row[1]): row[2] for row in tables["pairs"]} == pairs
        assert answer.figures["paths"] == walks.total()
        if walks:
            assert answer.figures["goal_rate"] == goals / walks.total()
        links = Counter[Any]()
        for (_, names), many in walks.items():
            for level in range(1, params.depth):
                if len(names) >= level:
                    links[level, names[level - 1], (*names, None)[level]] += many
        assert {(row[0], row[1], row[2]): row[3] for row in tables["links"]} == links

    agree()


def test_ties_of_one_moment_have_an_order_of_their_own() -> None:
    some = [Row(0, NOW - HOUR, 1, 2), Row(0, NOW - HOUR, 0, 0), Row(0, NOW - HOUR, 0, 1)]
    params = asked()
    where = setting(params)
    found = [
        PATHS.find(params, Given(one, WORDS), where).pairs.tolist() for one in (some, some[::-1])
    ]
    assert found[0] == found[1]


def at(slot: int, minutes: int, code: int, hits: int = 1) -> Row:
    return Row(slot, NOW - minutes * MINUTE, hits, code)


CASE = [
    at(1, 90, 2), at(1, 89, 2), at(1, 80, 0), at(1, 70, 1, 3),
    at(2, 90, 2), at(2, 80, 0), at(2, 20, 2),
    at(3, 50, 2), at(3, 40, 1, 3),
]  # fmt: skip
"""By hand: one views twice, puts into the cart and buys; one views and puts into the cart, an hour
later views again; one views and buys."""


def test_a_case_worked_by_hand() -> None:
    params = asked(anchor=None, top=1)
    where = setting(params)
    found = PATHS.find(params, Given(CASE, WORDS), where)
    told = PATHS.tell(params, found, where)
    links, whole, pairs = told.tables
    assert links.rows == [
        [1, "view", "cart", 2, 0.5, 0.5], [1, "view", None, 1, 0.25, 0.0],
        [1, "view", "…", 1, 0.25, 1.0],
        [2, "cart", None, 1, 0.5, 0.0], [2, "cart", "buy", 1, 0.5, 1.0],
        [2, "…", None, 1, 1.0, 1.0],
    ]  # fmt: skip
    assert whole.rows[0] == ["view", 1, 0.25, 0.0]
    assert [row[0] for row in whole.rows] == [
        "view", "view → buy", "view → cart", "view → cart → buy",
    ]  # fmt: skip
    assert pairs.rows[0] == ["view", "cart", 2, 2 / 3]
    assert told.figures == {
        "paths": 4, "people": 3, "goal_rate": 0.5, "ended": 0.25, "next_share": 0.5,
    }  # fmt: skip
    cell = {"table": "links", "column": "paths", "level": 1, "source": "view"}
    assert PATHS.who(params, found, {**cell, "target": "cart"}, where).tolist() == [1, 2]
    assert PATHS.who(params, found, {**cell, "target": None}, where).tolist() == [2]
    assert PATHS.who(params, found, {**cell, "target": "other"}, where) is None


def test_nobody() -> None:
    params = asked()
    where = setting(params)
    told = PATHS.tell(params, PATHS.find(params, Given([], WORDS), where), where)
    assert told.sentence == "nobody"
    assert [one.rows for one in told.tables] == [[], [], []]
