"""Times in the forms that people and systems write."""

from __future__ import annotations

import datetime as dt
import zoneinfo

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspring.collect.files.reading import Reading
from hotspring.collect.files.stage import Stage
from hotspring.collect.files.times import parse

SHANGHAI = zoneinfo.ZoneInfo("Asia/Shanghai")
NEW_YORK = zoneinfo.ZoneInfo("America/New_York")
MOMENT = 1_704_161_100_000  # 2024-01-02 10:05 in Shanghai
FORMS = [
    "2024-01-02 10:05",
    "2024-01-02T10:05:00",
    "2024/1/2 10:05",
    "2024.1.2 10:05:00",
    "2024-01-02T02:05:00Z",
    "2024-01-02T10:05:00+08:00",
    "2024-01-02T10:05:00.000+0800",
    "2024-01-01 21:05:00 -05:00",
    "2024年1月2日 10:05",
    "2024年01月02日10时05分",
    "2024年1月2日 10点5分0秒",
    "2024年1月2日 上午10:05",
    "2024-01-02 星期二 10:05",
    "２０２４－０１－０２ １０：０５",
    "1/2/2024 10:05",
    "1/2/24 10:05 AM",
    "02.01.2024 10:05",
    "2 Jan 2024 10:05:00",
    "January 2, 2024, 10:05",
    "Tue, 02 Jan 2024 02:05:00 GMT",
    "202401021005",
    "20240102100500",
    "1704161100",
    "1704161100.0",
    "1704161100000",
    "1704161100000000",
    "1704161100000000000",
    "45293.4201388889",
]


@pytest.mark.parametrize("text", FORMS)
def test_the_same_moment_in_many_forms(text: str) -> None:
    assert parse(text, SHANGHAI) == MOMENT


@pytest.mark.parametrize(
    ("text", "hour"),
    [("2024-01-02 12:30 AM", 0), ("2024-01-02 12:30 PM", 12), ("2024年1月2日 下午3:30", 15)],
)
def test_halves_of_the_day(text: str, hour: int) -> None:
    day = MOMENT - (10 * 60 + 5) * 60_000
    assert parse(text, SHANGHAI) == day + (hour * 60 + 30) * 60_000


@pytest.mark.parametrize(
    "text",
    ["", "soon", "2024-13-02", "2024-02-30", "31/31/2024", "2024-01-02 25:00", "2024-01-02 10:61",
     "10:05", "99999999", "-5", "12", "2024-01-02 10:05 Mars", "٢٠٢٤-٠١", "1" * 5000],
)  # fmt: skip
def test_what_is_no_time(text: str) -> None:
    assert parse(text, SHANGHAI) is None


def test_days_first_where_the_column_says_so() -> None:
    assert parse("02/01/2024 10:05", SHANGHAI, day_first=True) == MOMENT
    assert parse("13/01/2024", SHANGHAI) == parse("2024-01-13", SHANGHAI)


def test_a_skipped_hour_moves_on_and_a_double_one_is_the_second() -> None:
    assert parse("2024-03-10 02:30", NEW_YORK) == parse("2024-03-10 03:30", NEW_YORK)
    assert parse("2024-11-03 01:30", NEW_YORK) == parse("2024-11-03T01:30:00-05:00", NEW_YORK)


@given(st.text(max_size=40))
def test_any_text_is_a_time_or_none(text: str) -> None:
    found = parse(text, NEW_YORK)
    assert found is None or isinstance(found, int)


@settings(deadline=None, max_examples=25)
@given(
    st.lists(
        st.datetimes(dt.datetime(1995, 1, 1), dt.datetime(2035, 1, 1)), min_size=1, max_size=8
    ),
    st.sampled_from(["%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S.%f", "%Y/%m/%d %H:%M"]),
)
def test_the_fast_and_the_patient_reader_agree(moments: list[dt.datetime], form: str) -> None:
    texts = [moment.strftime(form) for moment in moments]
    stage = _stage(texts)
    fast = stage.con.execute(f"select {stage.ms('t')} from cells order by row").fetchall()
    stage.close()
    assert [row[0] for row in fast] == [parse(text, NEW_YORK) for text in texts]


def test_the_table_reads_all_forms_as_the_parser_does() -> None:
    stage = _stage(FORMS)
    found = stage.con.execute(f"select {stage.ms('t')} from cells order by row").fetchall()
    stage.close()
    assert [row[0] for row in found] == [parse(text, NEW_YORK) for text in FORMS]


def _stage(texts: list[str]) -> Stage:
    columns = {"row": range(2, len(texts) + 2), "c0": texts}
    batch = pa.RecordBatch.from_pydict(columns)
    stage = Stage(None, NEW_YORK, "100MB")
    list(stage.load(Reading("CSV", ["t"], iter([batch]), [], lambda: 1.0, lambda: None)))
    return stage
