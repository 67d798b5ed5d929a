"""Lines add and subtract points, in any order, and the explanation is the score."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspring.errors import RuleRefused
from hotspring.rules import Catalogue, read
from hotspring.scores import Measure, Points, Score, measured, scores, spread
from hotspring.scores.points import PARTS
from hotspring.scores.score import Line

NUMBERS = st.floats(-1e6, 1e6) | st.just(float("nan"))
VISITS = Measure({"temperature": {}})
LINES = st.lists(
    st.tuples(
        st.floats(-1e3, 1e3).filter(lambda x: abs(x) > 1e-3),
        st.none() | st.floats(0.01, 1e3),
        st.lists(NUMBERS, min_size=3, max_size=3),
    ),
    min_size=1, max_size=6,
)  # fmt: skip
LIMIT = st.none() | st.floats(-100, 100)


def made(lines: Any, floor: float | None, cap: float | None) -> tuple[Score, np.ndarray]:
    given = tuple(Line(points, amount=VISITS, cap=most) for points, most, _ in lines)
    values = np.array([column for _, _, column in lines]).T
    return Score("sc_1", "x", "", given, floor, cap), values


@given(LINES, LIMIT, LIMIT, st.randoms())
def test_the_explanation_sums_to_the_score_whatever_the_order(
    lines: Any, floor: Any, cap: Any, chance: Any
) -> None:
    score, values = made(lines, floor, cap)
    points = Points.of(score, values)
    assert (points.lines.sum(axis=1) + points.limited == points.total).all()
    assert points.lines.dtype == np.int64
    for at, (_, most, _) in enumerate(lines):
        assert most is None or (np.abs(points.lines[:, at]) <= round(most * PARTS)).all()
    if cap is not None:
        assert (points.total <= round(cap * PARTS)).all()
    if floor is not None and cap is None:
        assert (points.total >= round(floor * PARTS)).all()
    mixed = list(lines)
    chance.shuffle(mixed)
    assert (Points.of(*made(mixed, floor, cap)).total == points.total).all()


@given(st.lists(st.integers(-3, 3).map(float), min_size=1, max_size=40), st.data())
def test_cuts_never_part_equals_and_leave_no_more_below_than_they_must(
    values: list[float], data: Any
) -> None:
    share = data.draw(st.floats(0.05, 0.95))
    (cut,) = spread.cuts(np.array(values), [share])
    below = sum(one < cut for one in values)
    assert below >= share * len(values) - 1e-6
    high = max(one for one in values if one < cut)
    assert sum(one < high for one in values) < share * len(values) + 1e-6


@given(st.lists(NUMBERS, max_size=80))
def test_the_bars_hold_every_number_once(values: list[float]) -> None:
    found = spread.Spread.of(np.array(values, np.float64))
    known = [one for one in values if one == one]
    assert sum(bar.profiles for bar in found.bars) == found.profiles == len(known)
    if known:
        assert found.bars[0].low == found.least == min(known)
        assert found.bars[-1].high == found.most == max(known)


@pytest.mark.parametrize(
    ("lines", "faults"),
    [
        ([], {"/lines": "shape"}),
        ([Line(1)], {"/lines/0": "shape"}),
        ([Line(0, rule={"band": {"any_of": ["hot"]}})], {"/lines/0/points": "wrong_value"}),
        ([Line(1, rule={"band": {"any_of": []}}), Line(2, rule={"x": 1})],
         {"/lines/0/rule/band/any_of": "shape", "/lines/1/rule": "unknown_leaf"}),
        ([Line(1, amount=Measure({"band": {"any_of": ["hot"]}}))], {"/lines/0/amount": "shape"}),
        ([Line(1, amount=Measure({"trait": {"name": "city"}}))],
         {"/lines/0/amount/trait": "wrong_type"}),
        ([Line(1, amount=Measure({"behaviour": {"event": "a", "measure": "first"}}))],
         {"/lines/0/amount/behaviour": "wrong_type"}),
        ([Line(1, amount=Measure({"behaviour": {"event": "a", "op": "ge"}}))],
         {"/lines/0/amount/behaviour/op": "unknown_field"}),
        ([Line(1, amount=Measure({"temperature": {}}, half_life=3))],
         {"/lines/0/amount": "wrong_type"}),
        ([Line(1, rule={"band": {"any_of": ["hot"]}}, cap=2)], {"/lines/0/cap": "wrong_value"}),
        ([Line(1, amount=Measure({"score": {"id": "sc_1"}}))],
         {"/lines/0/amount/score/id": "cycle"}),
    ],
)  # fmt: skip
def test_faults_of_lines_are_told_with_their_places(lines: Any, faults: Any) -> None:
    there = Catalogue(traits={"city": "string"}, events={"a": {}})
    with pytest.raises(RuleRefused) as refused:
        Score("sc_1", "x", "", tuple(lines)).checked(lambda rule: read(rule, there, "sc_1"))
    assert {one.place: one.code for one in refused.value.faults} == faults


def test_a_score_reads_what_it_needs_of_its_lines() -> None:
    lines = (Line(2, amount=Measure({"behaviour": {"event": "a"}}, half_life=30)),
             Line(-5, rule={"band": {"any_of": ["cold"]}}))  # fmt: skip
    said = Score("sc_1", "x", "", lines)
    there = Catalogue(events={"a": {}})
    assert said.checked(lambda rule: read(rule, there)) is said
    assert measured(lines[0].amount, lambda rule: read(rule, there), "") is not None  # type: ignore[arg-type]
    book = scores()
    import msgspec

    book.take(1, "score", 0, "me", msgspec.json.encode(said).decode())
    kept = book.one("sc_1")
    assert kept.said == said
    assert len(kept.rules) == 2
