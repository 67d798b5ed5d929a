"""A portable form tells the rows of the compiled pass, which agrees with the plain reference."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings

from hotspring.analytics import report
from hotspring.analytics.portable import forms
from tests.analytics.reports.given import NOW, Row, setting
from tests.analytics.reports.portable_cases import QUESTIONS, agree, asked


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_form_tells_the_rows_of_the_pass(name: str) -> None:
    @settings(max_examples=40)
    @given(QUESTIONS[name]())
    def law(question: Any) -> None:
        agree(*question)

    law()


def test_every_form_is_asked_here() -> None:
    assert forms().keys() == QUESTIONS.keys()
    assert forms().keys() < report.analyses().keys()


def test_what_a_form_does_not_understand_is_told() -> None:
    lacking = [
        ("funnel", {"steps": [{"event": "a"}], "attempts": "every"}, {"attempts"}),
        ("funnel", {"steps": [{"event": "a"}], "exclude": [{"event": "b"}]}, {"exclude"}),
        ("paths", {"within": "window"}, {"within"}),
        ("distribution", {"event": {"event": "a"}, "of": "values"}, {"of"}),
        ("distribution", {"event": {"event": "a"}}, set()),
    ]
    for name, params, places in lacking:
        assert set(forms()[name].lacks(asked(name, **params))) == places


@pytest.mark.parametrize("name", QUESTIONS)
def test_nobody_and_one_event(name: str) -> None:
    params = asked(name, **report.analyses()[name].example)
    where = setting(params)
    for some in ([], [Row(0, NOW, 1)]):
        agree(name, some, params, where)
