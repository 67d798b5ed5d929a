"""Guesses of columns, their correction, and what is said where they cannot be right."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspring.collect.files import open_file
from hotspring.collect.files.mapping import Columns, identifier_fields, parse, settle
from hotspring.collect.files.presets.events import EVENTS
from hotspring.collect.files.presets.orders import ORDERS
from hotspring.collect.files.presets.profiles import PROFILES
from hotspring.errors import ImportRefused
from hotspring.settings import Settings
from tests.collect_files.conftest import NOW, Given

FIELDS = (*identifier_fields(Settings()), *ORDERS.fields)


def test_chinese_headers_with_units_and_blanks() -> None:
    names = ["订单编号", "会员 ID", "手机号码", "下单时间（北京时间）", "金额(元)", "数量", "备注"]
    columns = settle(FIELDS, names, {})
    assert columns.taken == {
        "user_id": "会员 ID",
        "phone": "手机号码",
        "order_id": "订单编号",
        "time": "下单时间（北京时间）",
        "quantity": "数量",
        "amount": "金额(元)",
    }
    assert columns.rest == ("备注",)


def test_english_headers_in_any_spelling() -> None:
    columns = settle(FIELDS, ["Invoice No", "CUSTOMER-ID", "invoiceDate", "Unit_Price", "QTY"], {})
    assert columns.taken == {
        "user_id": "CUSTOMER-ID",
        "order_id": "Invoice No",
        "time": "invoiceDate",
        "price": "Unit_Price",
        "quantity": "QTY",
    }


def test_corrections_constants_and_fields_left_out() -> None:
    names = ["id", "when", "金额", "total"]
    given = parse("order_id=id, time=When,amount=,currency==EUR,user_id=id")
    columns = settle(FIELDS, names, given)
    assert columns.taken == {"order_id": "id", "time": "when", "user_id": "id", "total": "total"}
    assert columns.constants == {"currency": "EUR"}
    lines = {line.field: (line.column, line.how) for line in columns.table()}
    assert lines["time"] == ("when", "given")
    assert lines["total"] == ("total", "guessed")
    assert lines["currency"] == ("EUR", "constant")
    assert lines["amount"] == ("", "missing")
    assert "phone" not in lines


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("order=x", "there is no field 'order'; did you mean order_id"),
        ("zzz=x", "there is no field 'zzz'; there are user_id"),
        ("order_id=invoce", "there is no column 'invoce'; did you mean invoice"),
        ("order_id", "--map wants field=column, it got 'order_id'"),
        ("user_id==7", "user_id cannot be the same for all rows"),
        ("time@x=invoice", "there is no field 'time@x'"),
    ],
)
def test_a_wrong_correction_teaches(given: str, said: str) -> None:
    with pytest.raises(ImportRefused) as error:
        settle(FIELDS, ["invoice", "date"], parse(given))
    assert said in str(error.value)


def test_a_needed_column_that_is_not_there(given: Given) -> None:
    path = given([["a", "b"], ["1", "2"]])
    with pytest.raises(
        ImportRefused, match="no column was found for order_id, time; the file has a, b"
    ):
        open_file(path, "orders", Settings(), NOW)
    with pytest.raises(ImportRefused, match="there is no preset 'order'"):
        open_file(path, "order", Settings(), NOW)
    with pytest.raises(ImportRefused, match="time zone 'Mars' is not known"):
        open_file(path, "profiles", Settings(), NOW, tz="Mars")


@given(
    st.lists(st.text(min_size=1, max_size=8), unique=True, max_size=12),
    st.sampled_from([ORDERS, EVENTS, PROFILES]),
)
def test_no_column_serves_two_guesses(names: list[str], preset: object) -> None:
    assert isinstance(preset, type(ORDERS))
    columns = settle((*identifier_fields(Settings()), *preset.fields), names, {})
    taken = list(columns.taken.values())
    assert len(set(taken)) == len(taken)
    assert sorted([*taken, *columns.rest]) == sorted(names)


def test_each_field_finds_each_of_its_names() -> None:
    for preset in (ORDERS, EVENTS, PROFILES):
        fields = (*identifier_fields(Settings()), *preset.fields)
        for field in fields:
            for alias in (field.name, *field.aliases):
                columns = settle(fields, [alias], {})
                assert _owner(columns), f"{preset.name}: {alias} is found by no field"


def _owner(columns: Columns) -> str:
    return next(iter(columns.taken), "")


def test_the_preview_shows_rows_and_imports_nothing(given: Given, tmp_path: Path) -> None:
    path = given(
        [
            ["订单号", "会员ID", "时间", "金额"],
            *([str(n), "u", "2024-01-01", "1"] for n in range(9)),
        ]
    )
    opened = open_file(path, "orders", Settings(), NOW)
    assert opened.preview(2) == [
        {"订单号": "0", "会员ID": "u", "时间": "2024-01-01", "金额": "1"},
        {"订单号": "1", "会员ID": "u", "时间": "2024-01-01", "金额": "1"},
    ]
    assert opened.detail == "CSV, utf-8, delimiter ','"
    assert sum(len(portion.events) for portion in opened.portions()) == 9
