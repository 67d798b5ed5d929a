"""Rows as a file: what stands in it, and what a spreadsheet makes of it."""

from __future__ import annotations

import asyncio
import csv
import io
import json
from typing import Any

import pytest
from fastapi.responses import StreamingResponse

from hotspring.web.api.sheets import sheet

ROWS: list[list[dict[str, Any]]] = [
    [{"id": 1, "name": "=1+1", "more": None}, {"id": -2.5, "name": '茶,"叶"', "more": True}],
    [],
    [{"id": 3, "name": "@x", "more": "\tx"}],
]


def text_of(answer: StreamingResponse) -> str:
    async def read() -> bytes:
        return b"".join([bytes(part) async for part in answer.body_iterator])

    return asyncio.run(read()).decode()


def test_a_spreadsheet_gets_columns_and_no_formula() -> None:
    answer = sheet(ROWS, "csv", "people", ("id", "name", "more"))
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="people.csv"'
    text = text_of(answer)
    assert text.startswith("\ufeff")
    assert list(csv.reader(io.StringIO(text[1:], newline=""))) == [
        ["id", "name", "more"],
        ["1", "'=1+1", ""],
        ["-2.5", '茶,"叶"', "True"],
        ["3", "'@x", "'\tx"],
    ]


def test_a_program_gets_the_rows_as_they_are() -> None:
    answer = sheet(ROWS, "jsonl", "people", ("id",), lambda row: {})
    assert answer.headers["content-disposition"] == 'attachment; filename="people.jsonl"'
    lines = text_of(answer).splitlines()
    assert [json.loads(line) for line in lines] == [*ROWS[0], *ROWS[2]]


def test_cells_are_made_of_rows_and_none_is_forgotten() -> None:
    told = text_of(sheet(ROWS, "csv", "x", ("n",), lambda row: {"n": row["id"] * 2}))
    assert told == "\ufeffn\r\n2\r\n-5.0\r\n6\r\n"
    assert text_of(sheet([], "csv", "x", ("n",))) == "\ufeffn\r\n"
    with pytest.raises(KeyError):
        text_of(sheet(ROWS, "csv", "x", ("no such",)))
