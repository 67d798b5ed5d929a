"""The account of an import: columns, refused rows on paper, progress and stopping."""

from __future__ import annotations

import csv
import json
import threading
from pathlib import Path

import pytest

from hotspring.collect.files import open_file
from hotspring.collect.files.report import outliers
from hotspring.errors import ImportRefused
from hotspring.settings import Settings
from tests.collect_files.conftest import NOW, Given, take

HEADER = ["order", "user", "phone", "date", "qty", "price", "note"]


def test_the_quality_of_each_column(given: Given) -> None:
    rows = [
        HEADER,
        *([str(n), "u1", "", "2024-01-02", "1", str(8 + n % 5), "x"] for n in range(40)),
    ]
    rows += [
        ["a", "u1", "nobody", "2024-01-02", "1", "99999", ""],
        ["b", "u1", "13800138000", "2090-01-02", "-1", "x", ""],
        ["c", "null", "", "1890-01-02", "", "3", ""],
    ]
    report = take(given(rows), "orders").report
    told = {quality.column: quality for quality in report.columns}
    assert (told["user"].missing, told["user"].invalid) == (1, 0)
    assert (told["phone"].missing, told["phone"].invalid) == (41, 1)
    assert (told["date"].future, told["date"].out_of_range, told["date"].invalid) == (1, 1, 0)
    assert (told["qty"].missing, told["qty"].out_of_range, told["qty"].least) == (1, 1, -1.0)
    price = told["price"]
    assert (price.invalid, price.outliers, price.least, price.most) == (1, 2, 3.0, 99999.0)
    assert (told["note"].field, told["note"].missing) == ("", 3)
    assert report.rows == 43 == sum(report.used_rows.values()) + sum(report.rejected.values())
    assert json.loads(json.dumps(report.document()))["columns"][0]["column"] == "order"


def test_outliers_are_far_from_the_median_on_a_log_scale() -> None:
    assert outliers([(0, 100), (10, 1), (13, 2), (-13, 3)]) == 5
    assert outliers([(0, 3), (900, 1)]) == 0


def test_refused_rows_open_in_a_spreadsheet_and_start_no_formula(
    given: Given, tmp_path: Path
) -> None:
    evil = ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "-12.50", "+8613800138000", '中"文,']
    rows = [["order", "date", "=evil"], *([cell, "", cell] for cell in evil), ["1", "2", "3", "=4"]]
    path = tmp_path / "rejects.csv"
    taken = take(given(rows), "orders", rejects_file=path)
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        told = list(csv.reader(file))
    assert told[0] == ["row", "reason", "order", "date", "'=evil"]
    assert [row[0] for row in told[1:]] == [str(n) for n in range(2, 10)]
    cells = [row[2] for row in told[1:8]]
    assert cells[:4] == [f"'{cell}" for cell in evil[:4]]
    assert cells[4:] == evil[4:]
    assert told[8][1:3] == ["wrong number of columns", "1,2,3,=4"]
    assert [reject.cells[0] for reject in taken.rejects][:7] == evil


def test_a_file_whose_rows_all_miss_the_header_is_refused(given: Given) -> None:
    with pytest.raises(ImportRefused, match="no row of the file has as many columns"):
        take(given([["order", "user", "date"], ["1"], ["1", "2"]]), "orders")
    with pytest.raises(ImportRefused, match="no row of the file has any cell"):
        take(given([["order", "user", "date"]]), "orders")


def test_progress_grows_to_the_end(given: Given) -> None:
    path = given([HEADER, *([str(n), "u", "", "2024-01-02", "1", "8", "x"] for n in range(900))])
    opened = open_file(path, "orders", Settings(), NOW)
    seen = [opened.fraction for _ in opened.portions(100)]
    assert seen == sorted(seen)
    assert len(seen) >= 10
    assert opened.fraction == 1.0
    with pytest.raises(ImportRefused, match="already read"):
        next(opened.portions())


def test_stopping_removes_what_was_written(given: Given, tmp_path: Path) -> None:
    path = given([HEADER, *([str(n), "u", "", "2024-01-02", "1", "8", "x"] for n in range(500))])
    folder = tmp_path / "spill"
    folder.mkdir()
    opened = open_file(path, "orders", Settings(), NOW, folder=folder)
    portions = opened.portions(100)
    while not next(portions).events:
        assert len(list(folder.iterdir())) == 1
    portions.close()
    assert list(folder.iterdir()) == []


def test_cancelling_from_another_thread(given: Given) -> None:
    path = given([HEADER, *([str(n), "u", "", "2024-01-02", "1", "8", "x"] for n in range(500))])
    opened = open_file(path, "orders", Settings(), NOW)
    portions = opened.portions(10)
    next(portions)
    thread = threading.Thread(target=opened.cancel)
    thread.start()
    thread.join()
    with pytest.raises(ImportRefused, match="was cancelled"):
        list(portions)
