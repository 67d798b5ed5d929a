"""A journey map finds what a plain reading of each profile's events finds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspring.analytics import report
from hotspring.analytics.reports.journey_map import NEVER, STAGES
from tests.analytics.reports.given import DAY, HOUR, NOW, Given, Row, rows, setting

MAP = report.analyses()["journey_map"]
OWN = {name: [{"event": name}] for name in STAGES}
AWARE, INTERESTED, CONSIDERING, BUYING, SHARING = (1 << stage for stage in range(5))
CHANNELS = ("web", "app", "shop")
SOURCES = ("ad", "mail", "qr")
WORDS = (CHANNELS, SOURCES)


def answered(some: Sequence[Row], **more: Any) -> tuple[Any, Any, report.Result, report.Setting]:
    asked = report.read(MAP.params, {**OWN, **more})
    there = setting(asked)
    found = MAP.find(asked, Given(some, WORDS), there)
    return asked, found, MAP.tell(asked, found, there), there


def behind(asked: Any, found: Any, cell: dict[str, Any], there: report.Setting) -> list[int]:
    assert MAP.who is not None
    slots = MAP.who(asked, found, cell, there)
    assert slots is not None
    return [int(one) for one in slots]


def table(result: report.Result, name: str) -> list[dict[str, Any]]:
    (one,) = (one for one in result.tables if one.name == name)
    names = [column.name for column in one.columns]
    return [dict(zip(names, row, strict=True)) for row in one.rows]


def stages(some: Sequence[Row]) -> set[int]:
    return {stage for row in some for stage in range(5) if row.hits >> stage & 1}


def plain_journeys(
    some: list[Row], start: int, end: int, window: int
) -> dict[int, tuple[list[int | None], str | None]]:
    """Of each profile: when each stage was first reached, and by which channel it began."""
    found = {}
    for slot in {row.slot for row in some}:
        own = [row for row in some if row.slot == slot and row.hits]
        began = min((row.ms for row in own if start <= row.ms < end), default=None)
        if began is None:
            continue
        inside = [row for row in own if began <= row.ms <= began + window]
        times = [
            min((row.ms for row in inside if row.hits >> stage & 1), default=None)
            for stage in range(5)
        ]
        names = [CHANNELS[row.code] for row in inside if row.ms == began and row.code >= 0]
        found[slot] = (times, min(names, default=None))
    return found


def plain_touches(
    some: list[Row], start: int, end: int, window: int, follow: int
) -> dict[tuple[int, str], tuple[set[int], set[int]]]:
    """Of each profile and source: the stages until its first touch, and those that followed."""
    found = {}
    for slot in {row.slot for row in some}:
        own = [row for row in some if row.slot == slot]
        for code, name in enumerate(SOURCES):
            touched = [row.ms for row in own if row.other == code and start <= row.ms < end]
            if touched:
                at = min(touched)
                before = stages([row for row in own if at - window <= row.ms <= at])
                after = stages([row for row in own if at < row.ms <= at + follow])
                found[slot, name] = (before, after)
    return found


@given(rows(5), st.integers(1, 6), st.integers(1, 4))
def test_a_map_agrees_with_a_plain_reading(some: list[Row], window: int, follow: int) -> None:
    more = {"window": {"amount": window}, "follow": {"amount": follow}, "days": 9,
            "until": "2025-10-08"}  # fmt: skip
    asked, found, result, there = answered(some, **more)
    start, end = there.period.bounds(there.days)
    journeys = plain_journeys(some, start, end, window * DAY)
    told = {
        int(slot): ([None if one == NEVER else one for one in times], found.names[group])
        for slot, times, group in zip(
            found.slot, found.times.tolist(), found.group.tolist(), strict=True
        )
    }
    assert told == journeys
    touches = plain_touches(some, start, end, window * DAY, follow * DAY)
    one = found.touched
    masks = ({stage for stage in range(5) if mask >> stage & 1} for mask in one.before.tolist())
    later = ({stage for stage in range(5) if mask >> stage & 1} for mask in one.after.tolist())
    whose = zip(one.slot.tolist(), (one.names[at] for at in one.group), strict=True)
    assert dict(zip(whose, zip(masks, later, strict=True), strict=True)) == touches

    # The tables add up, and every number names as many profiles as it counts.
    rows_ = table(result, "stages")
    assert sum(row["lost"] or 0 for row in rows_) + rows_[-1]["reached"] == len(journeys)
    for name in ("stages", "groups", "touchpoints"):
        (shown,) = (one for one in result.tables if one.name == name)
        for row in table(result, name):
            keys = {column.name: row[column.name] for column in shown.columns if column.key}
            for column in shown.columns:
                if column.drill and row[column.name] is not None:
                    cell = {"table": name, "column": column.name, **keys}
                    assert len(behind(asked, found, cell, there)) == row[column.name]
    assert sum(row["more"] for row in table(result, "touchpoints")) == pytest.approx(0, abs=1e-4)


def seen(slot: int, days: float, hits: int, code: int = 0, other: int = -1) -> Row:
    return Row(slot, NOW - int(days * DAY), hits, code, other=other)


BY_HAND = [
    # By an advertisement on the web: looks, puts into the cart a day later, buys two hours after.
    seen(1, 10, AWARE | INTERESTED, other=0), seen(1, 9, CONSIDERING),
    seen(1, 9 - 2 / 24, BUYING),
    # By the same advertisement: looks, and is gone. A letter brings her back to look again.
    seen(2, 10, AWARE | INTERESTED, other=0), seen(2, 5, AWARE | INTERESTED, other=1),
    # In the app: buys without the cart within a day, and tells others after a letter.
    seen(3, 8, AWARE, 1), seen(3, 7.5, INTERESTED, 1), seen(3, 7, BUYING, 1),
    seen(3, 6, AWARE, 1, other=1), seen(3, 5, SHARING, 1),
    # In the app: opens it only.
    seen(4, 8, AWARE, 1),
]  # fmt: skip


def test_a_case_worked_by_hand() -> None:
    """As the guide tells it."""
    asked, found, result, there = answered(BY_HAND)
    assert result.figures == {
        "people": 4, "bought": 2, "rate": 0.5, "shared": 1, "median": DAY, "open": 4, "worst": 2,
    }  # fmt: skip
    told = {row["stage"]: row for row in table(result, "stages")}
    assert [row["reached"] for row in told.values()] == [4, 3, 1, 2, 1]
    assert [row["went_on"] for row in told.values()] == [3, 2, 1, 1, None]
    assert [row["lost"] for row in told.values()] == [1, 1, 0, 1, None]
    assert [row["skipped"] for row in told.values()] == [0, 0, 1, 0, 0]
    assert (told["considering"]["median"], told["interested"]["median"]) == (2 * HOUR, DAY // 2)
    groups = {(row["group"], row["stage"]): row["of_begun"] for row in table(result, "groups")}
    assert groups["web", "buying"] == groups["app", "buying"] == 0.5
    assert groups["app", "sharing"] == 0.5
    # At the stage of interest two had the advertisement and one the letter; one of three went on.
    # Who had bought and got the letter is alone at that stage, and went on.
    ad, mail = sorted(table(result, "touchpoints"), key=lambda row: row["group"])
    assert (ad["people"], ad["went_on"], ad["usual"], ad["bought"]) == (2, 1, 1 / 3, 1)
    assert (mail["people"], mail["went_on"], mail["bought"]) == (2, 1, 0)
    assert (ad["more"], mail["more"]) == (pytest.approx(1 / 3), pytest.approx(-1 / 3))
    cells = {("interested", "lost"): [2], ("aware", "lost"): [4], ("considering", "skipped"): [3]}
    for (stage, column), people in cells.items():
        cell = {"table": "stages", "column": column, "step": STAGES.index(stage) + 1}
        assert behind(asked, found, cell, there) == people


def test_stages_without_events_of_their_own_take_the_usual() -> None:
    asked = report.read(MAP.params, {})
    there = setting(asked)._replace(paying=(report.Step(event="Order Paid"),))
    names = [step.event for step in MAP.reads(asked, there).steps]
    assert {None, "Product Viewed", "Product Added", "Order Paid", "Product Shared"} <= {*names}
    own = report.read(MAP.params, {"sharing": [{"event": "Told a friend"}], "touch": "channel"})
    reads = MAP.reads(own, there)
    assert reads.steps[-1].event == "Told a friend"
    assert reads.by == ("channel",)


def test_without_anybody_and_without_dimensions_there_is_an_answer() -> None:
    _, _, result, _ = answered([], by="", touch="")
    assert result.sentence == "nobody"
    assert [one.name for one in result.tables] == ["stages"]
    _, _, alone, _ = answered([seen(1, 2, BUYING)], by="", touch="")
    assert (alone.sentence, alone.figures["worst"]) == ("kept", None)
    assert [row["skipped"] for row in table(alone, "stages")] == [1, 1, 1, 0, 0]
