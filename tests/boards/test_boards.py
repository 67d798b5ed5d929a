"""What stands of reports and dashboards is what people said last, and what it may be."""

from __future__ import annotations

import math
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspring.boards import Card, Dashboard, Report, Target, dashboards, reports
from hotspring.errors import BadRequest

NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
TARGETS = st.builds(Target, st.none() | NUMBERS, NUMBERS, st.booleans(), st.integers(0, 26))
CARDS = st.builds(
    Card,
    id=st.text(max_size=4), report=st.sampled_from(["rp_1", "rp_2"]), show=st.just("figure"),
    name=st.text(max_size=9), title=st.text(max_size=9), width=st.integers(1, 4),
    height=st.integers(1, 4), target=st.none() | TARGETS,
)  # fmt: skip
BOARDS = st.lists(CARDS, max_size=5, unique_by=lambda card: card.id)


@given(BOARDS, st.integers(0, 1_440))
def test_a_dashboard_is_kept_as_it_was_said(cards: list[Card], minutes: int) -> None:
    said = {"name": "Wall", "cards": msgspec.to_builtins(cards), "minutes": minutes}
    one = Dashboard.of(said, "db_1").checked()
    book = dashboards()
    book.take(1, "dashboard", 0, "me", msgspec.json.encode(one).decode())
    assert book.one("db_1").said == one
    assert list(one.cards) == cards
    assert one.names() == {card.report for card in cards}


@pytest.mark.parametrize(
    "card",
    [
        {"width": 0}, {"width": 5}, {"height": 9}, {"show": "poem"}, {"target": {"value": "x"}},
        {"show": "table", "target": {}}, {"alert": True}, {"target": {"weeks": 27}},
        {"target": {"change": math.inf}}, {"title": "x" * 101},
    ],
)  # fmt: skip
def test_a_card_of_another_form_is_refused(card: dict[str, Any]) -> None:
    whole = {"id": "a", "report": "rp_1", "show": "figure", "name": "rate", **card}
    with pytest.raises(BadRequest):
        Dashboard.of({"name": "Wall", "cards": [whole]}, "db_1").checked()


def test_a_dashboard_has_so_many_cards_and_each_its_own_id() -> None:
    card = Card(id="a", report="rp_1", show="figure", name="rate")
    with pytest.raises(BadRequest, match="one id"):
        Dashboard(id="d", name="Wall", cards=(card, card)).checked()
    many = tuple(msgspec.structs.replace(card, id=str(at)) for at in range(51))
    with pytest.raises(BadRequest, match="at most 50"):
        Dashboard(id="d", name="Wall", cards=many).checked()


def test_a_report_needs_what_its_rule_and_its_dimensions_name() -> None:
    asked = {"rule": {"segment": {"id": "sg_1"}}, "by": "tier:ts_1", "node": "segment:sg_2",
             "field": "properties.price"}  # fmt: skip
    one = Report(id="rp_1", name="Mine", analysis="funnel", parameters=asked)
    assert one.names() == {"ts_1", "sg_2"}
    book = reports()
    book.take(1, "report", 0, "me", msgspec.json.encode(one).decode())
    (rule,) = book.one("rp_1").rules
    assert rule.id == "sg_1"
