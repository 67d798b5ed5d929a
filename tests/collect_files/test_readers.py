"""Every kind of file, encoding and dialect gives the same rows, or says why it cannot."""

from __future__ import annotations

import csv
import gzip
import io
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspring.collect.files.readers import read
from hotspring.errors import ImportRefused
from tests.collect_files.conftest import Given
from tests.collect_files.sheets import Day, ods, xlsx

ROWS = [["订单号", "客户", "note"], ["A1", "张三", "hello, world"], ["A2", "李四", 'say "hi"']]
CELLS = st.text(
    st.one_of(
        st.sampled_from(list("ab,;\t|\"'\n 12é中文，。")),
        st.characters(exclude_categories=["Cs", "Cc"], max_codepoint=0xFFFF),
    ),
    max_size=12,
)


def rows_of(path: Path, **terms: Any) -> list[list[Any]]:
    reading = read(path, **terms)
    rows = [list(row.values())[1:] for batch in reading.batches for row in batch.to_pylist()]
    reading.close()
    return [reading.columns, *rows]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "gbk", "utf-16-le", "utf-16-be"]
)
def test_chinese_in_every_encoding(given: Given, encoding: str) -> None:
    assert rows_of(given(ROWS, encoding=encoding)) == ROWS


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "\x01"])
def test_every_delimiter(given: Given, delimiter: str) -> None:
    assert rows_of(given(ROWS, delimiter=delimiter)) == ROWS


def test_western_code_page(given: Given) -> None:
    rows = [["name", "city"], ["José Muñoz", "Málaga"], ["price £3", "Zürich"]]
    assert rows_of(given(rows, encoding="cp1252")) == rows


def test_chinese_that_begins_late(given: Given) -> None:
    rows = [["id", "name"], *([str(n), "plain"] for n in range(130_000)), ["x", "最后一行的中文"]]
    assert rows_of(given(rows, encoding="gb18030"))[-1] == ["x", "最后一行的中文"]


def test_a_few_broken_bytes_do_not_change_the_encoding(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_bytes(b"a,b\n" + "中文,很好的\n".encode() * 50 + b"\xff,x\n")
    rows = rows_of(path)
    assert rows[1] == ["中文", "很好的"]
    assert rows[-1] == ["\ufffd", "x"]


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=6),
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "gb18030"]),
    end=st.sampled_from(["\n", "\r\n"]),
    packed=st.booleans(),
)
def test_any_table_comes_back_as_it_was_written(
    tmp_path: Path, rows: list[list[str]], delimiter: str, encoding: str, end: str, packed: bool
) -> None:
    text = io.StringIO()
    header = ["order id", "name", "note"]
    writer = csv.writer(text, delimiter=delimiter, lineterminator=end, quoting=csv.QUOTE_ALL)
    writer.writerows([header, *rows])
    data = text.getvalue().encode(encoding)
    path = tmp_path / "any.csv"
    path.write_bytes(gzip.compress(data) if packed else data)
    # The encoding of a few odd characters cannot be told from bytes: it is named.
    told = encoding if encoding == "gb18030" else None
    assert rows_of(path, encoding=told) == [header, *rows]


def test_row_numbers_are_those_of_a_spreadsheet(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text('a,b\n1,2\n\n3\n"4\n4",5\n6,7,8\n9,10\n')
    reading = read(path)
    numbers = [n for batch in reading.batches for n in batch.column("row").to_pylist()]
    assert [(b.row, b.reason) for b in reading.bad] == [
        (4, "wrong number of columns"),
        (6, "wrong number of columns"),
    ]
    assert numbers == [2, 3, 5, 7]


def test_a_workbook_with_dates_and_several_sheets(tmp_path: Path) -> None:
    rows = [
        ["订单号", "下单时间", "金额", None],
        ["A1", Day(43831.5), 12.5, None],
        ["A2", None, 30, 7],
    ]
    path = xlsx(tmp_path / "book.xlsx", {"空": [], "订单": rows, "other": [["x", "y"], [1, 2]]})
    expected = [
        ["订单号", "下单时间", "金额"],
        ["A1", "2020-01-01 12:00:00", "12.5"],
        ["A2", "", "30"],
    ]
    assert rows_of(path) == expected
    assert rows_of(path, sheet="other") == [["x", "y"], ["1", "2"]]
    assert rows_of(path, sheet=3) == [["x", "y"], ["1", "2"]]
    with pytest.raises(ImportRefused, match="there is no sheet 'nope'; there are 空, 订单, other"):
        read(path, sheet="nope")
    assert rows_of(ods(tmp_path / "book.ods", ROWS)) == ROWS


def test_json_lines_with_keys_that_come_later(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl.gz"
    lines = [{"a": 1, "b": {"c": "x"}}, {"a": 1.50, "d": [1, 2]}, {"a": None, "b": {"c": "中"}}]
    text = "\n".join(map(json.dumps, lines)) + '\nnot json\n[1]\n\n{"a": true}'
    path.write_bytes(gzip.compress(text.encode()))
    reading = read(path)
    assert reading.columns == ["a", "b.c", "d"]
    rows = [row for batch in reading.batches for row in batch.to_pylist()]
    assert [list(row.values()) for row in rows] == [
        [1, "1", "x", None],
        [2, "1.5", None, "[1, 2]"],
        [3, None, "中", None],
        [7, "true", None, None],
    ]
    assert [(b.row, b.reason) for b in reading.bad] == [
        (4, "not a JSON object"),
        (5, "not a JSON object"),
    ]


def test_parquet_streams_by_batches(tmp_path: Path) -> None:
    path = tmp_path / "rows.parquet"
    pyarrow.parquet.write_table(pa.table({"id": range(200_000)}), path, row_group_size=200_000)
    sizes = [batch.num_rows for batch in read(path).batches]
    assert sum(sizes) == 200_000
    assert max(sizes) <= 65_536


REFUSED = {
    "empty": (b"", "is empty"),
    "blank": (b" \n\n", "holds no text"),
    "no header": (b"1,2,3\n4,5,6\n", "has no header row: its first row looks like data"),
    "half a gzip": (gzip.compress(b"a,b\n" + bytes(range(97, 120)) * 9000)[:60], "gz data ends"),
    "xml": (b"<html><body>", "is a page or XML"),
    "an array": (b'[{"a": 1}]', "is one JSON array"),
    "a broken workbook": (b"PK\x03\x04 nothing more", "is not a workbook"),
    "a broken parquet": (b"PAR1 nothing more", "is a damaged Parquet file"),
    "binary": (bytes(range(256)) * 40, "is not a table"),
    "zstd": (b"\x28\xb5\x2f\xfd0000", "is packed in a way that is not read"),
    "packed twice": (gzip.compress(b"PAR1" + b"x" * 50), "unpack the gz first"),
    "running text": (b"word " * 100, "is running text"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_table_is_refused_with_a_reason(tmp_path: Path, case: str) -> None:
    data, reason = REFUSED[case]
    path = tmp_path / "file.csv"
    path.write_bytes(data)
    with pytest.raises(ImportRefused, match=reason):
        rows_of(path)


def test_a_quotation_mark_that_is_never_closed(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text('a,b,c\n1,2,3\n4,"5,6\n7,8,9\n')
    with pytest.raises(ImportRefused, match="never closed"):
        rows_of(path)
    path.write_text('a,b,c\n1,2,3\n4,5,"6\n7,8,9\n')
    with pytest.raises(ImportRefused, match="never closed"):
        rows_of(path)


def test_missing_files_folders_and_options(tmp_path: Path, given: Given) -> None:
    with pytest.raises(ImportRefused, match="is not there"):
        read(tmp_path / "none.csv")
    with pytest.raises(ImportRefused, match="is a folder"):
        read(tmp_path)
    with pytest.raises(ImportRefused, match="encoding 'klingon' is not known"):
        read(given(ROWS), encoding="klingon")
    with pytest.raises(ImportRefused, match="is not one plain character"):
        read(given(ROWS), delimiter="::")


def test_huge_cells(given: Given) -> None:
    assert len(rows_of(given([["a", "b"], ["x" * 2_000_000, "y"]]))[1][0]) == 2_000_000
    with pytest.raises(ImportRefused, match="larger than 8 MB"):
        rows_of(given([["a", "b"], ["x" * 20_000_000, "y"]]))


def test_names_that_repeat_or_lack(given: Given) -> None:
    rows = [["id", "id", "", "name"], ["1", "2", "3", "4"]]
    assert rows_of(given(rows))[0] == ["id", "id (2)", "column 3", "name"]
