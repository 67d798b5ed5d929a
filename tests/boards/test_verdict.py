"""Whether a figure is as it should be: by hand, and for any figures."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hotspring.boards import Target, verdict

MONDAYS = [100.0, 104.0, 96.0, 102.0, 98.0, 101.0, 99.0, 5_000.0]
ANSWER = {
    "from": "2026-03-02", "until": "2026-03-08", "as_of": "2026-03-08T16:30:00.000Z",
    "timezone": "Asia/Shanghai",
}  # fmt: skip
FIGURES = st.floats(-1e6, 1e6)


def test_the_mondays_of_the_guide() -> None:
    found = verdict.usual(85.0, MONDAYS)
    assert found is not None
    assert (found.low, found.high) == (100.5 - 3.5 * 2 / 0.6745, 100.5 + 3.5 * 2 / 0.6745)
    assert not found.met
    assert verdict.usual(91.0, [*MONDAYS, None]).met  # type: ignore[union-attr]
    assert verdict.usual(85.0, MONDAYS[:3]) is None
    assert verdict.usual(None, MONDAYS) is None


def test_the_period_before_is_as_long_and_ends_where_this_one_begins() -> None:
    asked = verdict.before({"days": 7}, ANSWER)
    assert asked == {"days": 7, "from": "2026-02-23", "until": "2026-03-01"}


def test_the_last_day_that_is_over_is_held_to_such_days() -> None:
    # In Shanghai it is the 9th already: the 8th, a Sunday, is over.
    days = verdict.weekdays({}, ANSWER, 2)
    assert [one["from"] for one in days] == ["2026-03-08", "2026-03-01", "2026-02-22"]
    early = {**ANSWER, "as_of": "2026-03-08T15:30:00.000Z"}
    assert verdict.weekdays({}, early, 0) == [{"from": "2026-03-07", "until": "2026-03-07"}]


@given(FIGURES, FIGURES, st.floats(-1, 1), st.booleans())
def test_a_target_is_met_from_its_side(
    value: float, goal: float, change: float, less: bool
) -> None:
    fixed = verdict.reached(value, Target(value=goal, less=less), None)
    assert fixed is not None
    assert fixed.met == (value <= goal if less else value >= goal)
    earlier = verdict.reached(value, Target(change=change, less=less), goal)
    assert earlier is not None
    wanted = goal * (1 + change)
    assert earlier.met == (value <= wanted if less else value >= wanted)
    assert verdict.reached(value, Target(change=change), None) is None
    assert verdict.reached(None, Target(value=goal), None) is None


@given(FIGURES, st.lists(FIGURES, min_size=4, max_size=9))
def test_what_is_usual_holds_the_median_and_never_less_than_a_tenth_about_it(
    value: float, past: list[float]
) -> None:
    found = verdict.usual(value, past)
    assert found is not None
    low, high = found.low, found.high
    assert low is not None
    assert high is not None
    assert low <= sorted(past)[len(past) // 2] or low <= sorted(past)[(len(past) - 1) // 2]
    assert low <= high
    assert min(past) < 0 or low >= 0
