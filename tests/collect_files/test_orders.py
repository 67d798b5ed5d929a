"""Order lines and whole orders: what stands, what it is worth, what it becomes."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hotspring.collect.files import REASONS
from hotspring.collect.files.order_events import _written
from hotspring.collect.files.preset import event
from hotspring.event import Event
from hotspring.settings import Settings
from tests.collect_files.conftest import NOW, Given, take

HEADER = ["订单号", "会员ID", "手机号", "下单时间", "商品编码", "商品名称", "数量", "单价", "城市"]
GOOD = ["A1", "u1", "", "2024-01-02 10:05", "p1", "热水袋", "2", "9.90", "成都"]


def line(**changes: str) -> list[str]:
    values = dict(zip(HEADER, GOOD, strict=True))
    return list((values | changes).values())


def test_a_chinese_order_file_in_gb18030(given: Given) -> None:
    rows = [HEADER, line(), line(商品编码="p2", 商品名称="毛巾", 数量="1", 单价="￥1,005.5")]
    taken = take(given(rows, encoding="gb18030"), "orders")
    (event,) = taken.events
    assert (event.name, event.ids, event.ms) == ("Order Completed", ("user_id:u1",), 1704161100000)
    assert (event.amount, event.currency, event.channel) == (1025.3, "CNY", "import")
    assert taken.properties() == {
        "order_id": "A1",
        "city": "成都",
        "currency": "CNY",
        "total": 1025.3,
        "revenue": 1025.3,
        "products": [
            {"product_id": "p1", "name": "热水袋", "quantity": 2, "price": 9.9},
            {"product_id": "p2", "name": "毛巾", "quantity": 1, "price": 1005.5},
        ],
    }


LINES = {
    "no identifier": {"会员ID": "", "手机号": "null"},
    "bad identifier": {"会员ID": "", "手机号": "not a number"},
    "no order number": {"订单号": " "},
    "no timestamp": {"下单时间": ""},
    "bad timestamp": {"下单时间": "yesterday"},
    "timestamp too old": {"下单时间": "0001-01-01 00:00:00"},
    "future timestamp": {"下单时间": "2099-01-01"},
    "bad quantity": {"数量": "two"},
    "no quantity": {"数量": ""},
    "bad price": {"单价": "inf"},
    "no price": {"单价": "NaN"},
    "zero price": {"单价": "0.00"},
    "zero quantity": {"数量": "0"},
    "negative price": {"单价": "-3"},
    "negative quantity": {"数量": "-3"},
    "amount out of range": {"数量": "99999999999999", "单价": "99999999999999"},
}


@pytest.mark.parametrize("reason", LINES)
def test_a_line_that_cannot_stand(given: Given, reason: str) -> None:
    taken = take(given([HEADER, line(订单号="A2"), line(**LINES[reason])]), "orders")
    assert taken.reasons == {3: reason}
    assert taken.report.rejected == {reason: 1}
    assert reason in REASONS
    assert [event.message_id for event in taken.events] == ["orders:completed:A2"]


PEOPLE = ["订单号", "会员ID", "时间"]
ORDERS = {
    "two customers": ([*PEOPLE, "金额"], ["u1", "9"], ["u2", "9"]),
    "two currencies": ([*PEOPLE, "金额", "币种"], ["u1", "9", "CNY"], ["u1", "9", "USD"]),
    "two totals": ([*PEOPLE, "订单金额"], ["u1", "9"], ["u1", "8"]),
    "bad currency": ([*PEOPLE, "金额", "币种"], ["u1", "9", '"}'], ["u1", "9", "gold"]),
    "bad amount": ([*PEOPLE, "金额"], ["u1", "x"], ["u1", "y"]),
    "bad payment": ([*PEOPLE, "支付金额"], ["u1", "x"], ["u1", "y"]),
    "bad total": ([*PEOPLE, "总额"], ["u1", "x"], ["u1", "y"]),
    "bad paid": ([*PEOPLE, "实付金额"], ["u1", "x"], ["u1", "y"]),
    "bad refund": ([*PEOPLE, "退款金额"], ["u1", "x"], ["u1", "y"]),
    "no amount": ([*PEOPLE, "总额"], ["u1", ""], ["u1", ""]),
    "negative amount": ([*PEOPLE, "总额"], ["u1", "-1"], ["u1", "-1"]),
    "unpaid": ([*PEOPLE, "总额", "状态"], ["u1", "5", "待付款"], ["u1", "5", "待付款"]),
}  # fmt: skip


@pytest.mark.parametrize("reason", ORDERS)
def test_an_order_that_cannot_stand(given: Given, reason: str) -> None:
    header, *lines = ORDERS[reason]
    rows = [header, *(["A1", cells[0], "2024-01-02", *cells[1:]] for cells in lines)]
    taken = take(given(rows), "orders")
    assert taken.reasons == {2: reason, 3: reason}
    assert taken.events == []


def test_every_reason_of_a_refusal_is_explained() -> None:
    assert set(LINES) | set(ORDERS) <= set(REASONS)


def test_taking_back_by_invoice_number_and_by_status(given: Given) -> None:
    header = ["invoice", "customer", "date", "sku", "qty", "price", "status"]
    rows = [
        header,
        ["C9", "u1", "2024-01-03", "p1", "-2", "4.5", ""],
        ["77", "u1", "2024-01-04", "p2", "-1", "3", "refunded"],
        ["C2024", "u1", "2024-01-05", "p3", "1", "8", ""],
    ]
    taken = take(given(rows), "orders")
    told = {event.message_id: (event.name, event.amount) for event in taken.events}
    assert told == {
        "orders:refunded:C9": ("Order Refunded", 9.0),
        "orders:refunded:77": ("Order Refunded", 3.0),
        "orders:completed:C2024": ("Order Completed", 8.0),
    }
    place = taken.events.index(taken.named("Order Completed")[0])
    assert taken.properties(place)["products"] == [{"product_id": "p3", "quantity": 1, "price": 8}]
    assert taken.report.document()["money"] == {"CNY": {"revenue": "8.00", "refunds": "12.00"}}


def test_one_row_for_each_order_with_refunds_and_cancellations(given: Given) -> None:
    header = [
        "order_id",
        "user_id",
        "created_at",
        "total",
        "paid_at",
        "refund",
        "refunded_at",
        "status",
        "source note",
    ]
    rows = [
        header,
        ["1", "u1", "2024-01-01", "10", "2024-01-01", "", "", "done", "x"],
        ["2", "u2", "2024-01-01", "20", "2024-01-01", "5", "2024-01-09", "done", "7"],
        ["3", "u3", "2024-01-01", "30", "", "", "", "cancelled", ""],
        ["4", "u4", "2024-01-01", "40", "2024-01-01", "", "", "cancelled", ""],
        ["5", "u5", "2024-01-01", "50", "", "", "", "done", ""],
        ["6", "u6", "2024-01-01", "60", "2024-01-01", "", "", "已退款", ""],
    ]  # fmt: skip
    taken = take(given(rows), "orders", tz="UTC")
    told = {event.message_id.removeprefix("orders:"): event for event in taken.events}
    assert set(told) == {
        "completed:1", "completed:2", "refunded:2", "cancelled:3", "completed:4", "cancelled:4",
        "completed:6", "refunded:6",
    }  # fmt: skip
    assert taken.reasons == {6: "unpaid"}
    assert told["refunded:2"].amount == 5.0
    assert told["refunded:2"].ms - told["completed:2"].ms == 8 * 86_400_000
    assert told["refunded:6"].amount == 60.0
    assert '"source note":"x"' in told["completed:1"].properties


def test_the_currency_of_all_rows_can_be_given(given: Given) -> None:
    rows = [["order", "user", "date", "金额"], ["1", "u", "2024-01-01", "5"]]
    (event,) = take(given(rows), "orders", mapping="currency==usd").events
    assert event.currency == "USD"


def test_decimal_commas_and_units(given: Given) -> None:
    rows = [
        ["order", "user", "date", "amount"],
        ["1", "u", "2024-01-01", "1.234,50 €"],
        ["2", "u", "2024-01-01", "7,5"],
    ]
    taken = take(given(rows, delimiter=";"), "orders")
    assert [event.amount for event in taken.events] == [1234.5, 7.5]


def test_the_same_file_gives_the_same_events_on_any_day_and_under_any_name(given: Given) -> None:
    rows = [HEADER, line(), line(商品编码="p2"), line(订单号="A2", 手机号="13800138000")]
    first = take(given(rows), "orders")
    later = take(
        given(rows, name="copy.csv", encoding="utf-16"), "orders", now=NOW + 10**10, size=1
    )
    assert first.events == later.events
    assert len(first.events) == 2
    assert first.events[1].ids == ("user_id:u1", "phone:+8613800138000")


POOL = [
    line(订单号=order, 商品编码=sku, 数量=pieces, 单价=price, 下单时间=time, 城市=city)
    for order in ("A1", "A2", "B")
    for sku, pieces, price, time, city in (
        ("p1", "1", "2.5", "2024-01-02 10:05", "成都"),
        ("p1", "1", "2.5", "2024-01-02 10:05", "成都"),
        ("p2", "3", "0.333", "2024-01-02 10:04", "重庆"),
        ("p3", "7", "1", "2024-01-02 10:05", ""),
    )
]


STRAIGHT: list[list[Event]] = []
"""What each order of the same lines gave; all must equal the first."""


@settings(max_examples=4, deadline=None)
@given(st.randoms(use_true_random=False), st.sampled_from([1, 2, 1000]))
@example(random.Random(1), 1)
def test_the_order_of_the_lines_does_not_matter(given: Given, chance: Any, size: int) -> None:
    rows = list(POOL)
    chance.shuffle(rows)
    told = take(given([HEADER, *rows]), "orders", size=size).events
    STRAIGHT.append(told)
    assert told == STRAIGHT[0]
    assert [event.amount for event in told] == [12.999] * 3


def test_repeated_lines_are_kept_unless_asked(given: Given) -> None:
    path = given([HEADER, line(), line(), line(订单号="A2")])
    kept, dropped = take(path, "orders"), take(path, "orders", drop_duplicates=True)
    assert kept.report.duplicate_rows == dropped.report.duplicate_rows == 1
    assert (kept.report.revenue, dropped.report.revenue) == (Decimal("59.4"), Decimal("39.6"))
    assert (kept.report.dropped_rows, dropped.report.dropped_rows) == (0, 1)
    assert sum(dropped.report.used_rows.values()) + dropped.report.dropped_rows == 3


def test_an_order_too_large_for_an_event_keeps_its_money(given: Given) -> None:
    rows = [HEADER, *(line(商品名称="x" * 900, 商品编码=str(n)) for n in range(400))]
    taken = take(given(rows), "orders", Settings(max_event_kilobytes=256))
    (event,) = taken.events
    assert event.amount == 7920.0
    assert "products" not in taken.properties()
    assert taken.properties()["products_omitted"] == 400


def test_long_order_numbers_make_short_ids(given: Given) -> None:
    taken = take(given([HEADER, line(订单号="9" * 5000)]), "orders")
    assert len(taken.events[0].message_id) < 60


def test_numbers_that_a_spreadsheet_made_of_ids(given: Given) -> None:
    rows = [["order", "customer", "date", "amount"], ["536365.0", "17850.0", "40513.35", "1"]]
    (event,) = take(given(rows), "orders", tz="UTC").events
    assert event.ids == ("user_id:17850",)
    assert event.message_id == "orders:completed:536365"
    assert event.ms == 1_291_191_840_000


def test_orders_in_columns_are_told_as_any_imported_event(given: Given) -> None:
    header = ["order", "user", "phone", "date", "sku", "qty", "price", "status", "paid_at", "total"]
    rows = [
        header,
        ["1", "u1", "13800138000", "2024-01-02", "p1", "1", "9.5", "cancelled", "2024-01-03", ""],
        ["2", "u1", "", "2024-01-02", "", "2", "0.3333", "refunded", "2024-01-03", "12"],
        ["C3", "", "13800138000", "2024-01-02", "p2", "-1", "7", "", "2024-01-03", ""],
        ["4" * 120, "u2", "", "2024-01-02", "p2", "1", "7", "", "2024-01-03", ""],
    ]
    events = take(given(rows), "orders").events
    assert [(e.name, e.amount) for e in events] == [
        ("Order Completed", 9.5),
        ("Order Cancelled", 9.5),
        ("Order Completed", 12.0),
        ("Order Refunded", 12.0),
        ("Order Completed", 7.0),
        ("Order Refunded", 7.0),
    ]
    for told in events:
        made = event(
            told.message_id, told.name, told.ms, told.ids,
            properties=told.properties, amount=told.amount, currency=told.currency,
        )  # fmt: skip
        assert told == made


@given(st.lists(st.none() | st.integers(-(10**17), 10**17), min_size=1))
def test_money_is_written_exactly_and_shortly(units: list[int | None]) -> None:
    texts = _written(pa.array(units, pa.int64())).to_pylist()
    for unit, text in zip(units, texts, strict=True):
        if unit is None:
            assert text is None
        else:
            assert Decimal(text) * 10_000 == unit
            assert not (text.endswith(("0", ".")) and "." in text)
