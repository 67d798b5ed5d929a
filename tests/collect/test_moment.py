"""When events happened."""

from __future__ import annotations

import datetime
import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hotspring.collect.moment import milliseconds, shift, start_of_year
from hotspring.collect.verdict import Reason, Unfit

MOMENTS = st.datetimes(
    datetime.datetime(1970, 1, 2),
    timezones=st.timezones() | st.just(datetime.UTC),
    allow_imaginary=False,
)
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


def exact(moment: datetime.datetime) -> int:
    return (moment - EPOCH) // datetime.timedelta(milliseconds=1)


@given(MOMENTS)
def test_iso_times_mean_the_same_moment_in_every_form(moment: datetime.datetime) -> None:
    ms = exact(moment)
    utc = moment.astimezone(datetime.UTC)
    short = utc.strftime("%Y-%m-%dT%H:%M:%S.").rjust(20, "0") + f"{utc.microsecond // 1000:03}Z"
    assert milliseconds(utc.isoformat()) == ms
    assert milliseconds(utc.replace(tzinfo=None).isoformat(" ")) == ms
    assert milliseconds(short) == milliseconds(short) == ms


TIMES = st.builds(
    "{}{}{}:{}{}{}".format,
    st.dates(datetime.date(2026, 11, 21), datetime.date(2026, 11, 23)).map(str)
    | st.sampled_from(["20261122", "2026-W47-7", "2026W477", "2026W47", " 2026-11-22"]),
    st.sampled_from(["T", " ", "x", "", "T09+"]),
    st.sampled_from(["00", "09", "24", "9", "0925"]),
    st.sampled_from(["59", "00", "60", "5"]),
    st.sampled_from(["", ":00", ":58", ":58.1", ":58.123", ":58.123456", ":60", ":"]),
    st.sampled_from(["", "Z", "+00:00", "-00:30", "+08:00", "+23:59", "+08:00:30", " ", "+"]),
)


@given(st.lists(TIMES, min_size=1, max_size=12))
@example(["2026W47T09+09:00:58", "2026-11-22T09:00:58"])
@example(["2026-11-22T09:00:58.123+08:00", "2026-11-22T23:59:58.123Z"])
def test_a_time_cut_after_the_minute_is_the_whole_time(texts: list[str]) -> None:
    for text in [*texts, *texts]:
        try:
            moment = datetime.datetime.fromisoformat(text.strip())
        except ValueError:
            with pytest.raises(Unfit):
                milliseconds(text)
        else:
            aware = moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)
            assert milliseconds(text) == exact(aware)


@given(st.integers(10**9, 4 * 10**9), st.integers(0, 999))
def test_numbers_are_told_apart_by_their_size(seconds: int, rest: int) -> None:
    ms = seconds * 1000 + rest
    assert milliseconds(seconds) == seconds * 1000
    assert milliseconds(ms) == milliseconds(str(ms)) == ms
    assert milliseconds(ms * 1000) == ms
    assert milliseconds(ms * 1_000_000) == pytest.approx(ms, abs=1)


@given(st.one_of(st.text(), st.integers(), st.floats(), st.booleans(), st.lists(st.integers())))
def test_anything_is_a_time_or_a_bad_timestamp(value: object) -> None:
    try:
        found: object = milliseconds(value)
    except Unfit as problem:
        found = problem.reason
    assert found is Reason.BAD_TIMESTAMP or type(found) is int


@pytest.mark.parametrize(
    ("value", "ms"),
    [
        ("2026-11-22T08:28:20.123456789Z", 1_795_336_100_123),
        ("2026-11-22T16:28:20.123+08:00", 1_795_336_100_123),
        ("2026-11-22 08:28:20", 1_795_336_100_000),
        (" 2026-11-22T08:28:20Z ", 1_795_336_100_000),
        ("20261122", 1_795_305_600_000),
        ("1795336100", 1_795_336_100_000),
        (1_795_336_100.5, 1_795_336_100_500),
        (0, 0),
    ],
)
def test_forms_that_clients_send(value: object, ms: int) -> None:
    assert milliseconds(value) == ms


@pytest.mark.parametrize(
    "value",
    ["yesterday", "2026-13-01", "22/11/2026", True, math.nan, math.inf, 1e30, 10**400, [], {}],
)
def test_no_time(value: object) -> None:
    with pytest.raises(Unfit) as caught:
        milliseconds(value)
    assert caught.value.reason is Reason.BAD_TIMESTAMP


def test_clocks_that_differ_by_more_than_a_minute_are_corrected() -> None:
    received = 1_795_336_100_000
    assert shift(received, "2026-11-22T08:28:20Z") == 0
    assert shift(received, received - 60_000) == 0
    assert shift(received, received - 60_001) == 60_001
    assert shift(received, received + 3_600_000) == -3_600_000
    for missing in (None, "", "soon", math.nan):
        assert shift(received, missing) == 0


def test_years_begin_in_january() -> None:
    assert start_of_year(2000) == 946_684_800_000
