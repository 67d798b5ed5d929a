"""Real files, with the figures that were counted apart from this code."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import duckdb
import msgspec
import pytest

from hotspring.event import Flag
from hotspring.settings import Settings
from tests.collect_files.conftest import RETAIL, Taken, take


@pytest.fixture(scope="module")
def retail() -> Taken:
    return take(RETAIL, "orders", Settings(currency="GBP"), tz="Europe/London", size=20_000)


def test_every_line_of_online_retail_is_accounted_for(retail: Taken) -> None:
    report = retail.report
    assert report.rows == 541_909
    assert report.used_rows == {"sold": 397_884, "taken back": 8_905}
    assert report.rejected == {"no identifier": 135_080, "zero price": 40}
    assert report.names == {"Order Completed": 18_532, "Order Refunded": 3_654}
    assert len(retail.rejects) == 135_120
    assert sum(report.used_rows.values()) + len(retail.rejects) == report.rows


def test_the_money_of_online_retail_is_exact(retail: Taken) -> None:
    assert retail.report.revenue == Decimal("8911407.904")
    assert retail.report.refunds == Decimal("611342.09")
    document = retail.report.document()
    assert document["revenue"] == 8911407.90
    assert document["money"] == {"GBP": {"revenue": "8911407.90", "refunds": "611342.09"}}


def test_people_and_repeated_lines_of_online_retail(retail: Taken) -> None:
    assert retail.report.profiles == 4_371
    assert len({event.ids[0] for event in retail.events}) == 4_371
    assert retail.report.duplicate_rows == 5_268
    lines = sum(len(msgspec.json.decode(e.properties)["products"]) for e in retail.events)
    assert lines == 397_884 + 8_905


def test_an_invoice_with_two_times_has_the_earlier(retail: Taken) -> None:
    two = duckdb.execute(
        "select InvoiceNo, epoch_ms(timezone('Europe/London', min(InvoiceDate))) from "
        f"'{RETAIL}' where CustomerID is not null and UnitPrice > 0 "
        "group by InvoiceNo having count(distinct InvoiceDate) > 1"
    ).fetchall()
    assert len(two) == 31
    times = {msgspec.json.decode(e.properties)["order_id"]: e.ms for e in retail.events}
    assert all(times[invoice] == ms for invoice, ms in two)


def test_ids_and_flags_of_imported_orders(retail: Taken) -> None:
    ids = {event.message_id for event in retail.events}
    assert len(ids) == 22_186
    assert {"orders:completed:536365", "orders:refunded:C536379"} <= ids
    assert {event.flags for event in retail.events} == {int(Flag.IMPORTED)}


def test_the_taobao_stream_is_events(shared: Path) -> None:
    taken = take(shared / "taobao_stream" / "stream.parquet", "events")
    report = taken.report
    assert (report.rows, report.events, report.profiles) == (96_168, 96_168, 58_732)
    assert report.duplicate_rows == 0
    assert not report.rejected
    assert set(report.names) == {
        "Product Viewed",
        "Product Added",
        "Product Added to Wishlist",
        "Order Completed",
    }
    assert taken.events[0].ms == 1_511_658_000_000
    assert taken.properties() == {"product_id": 111477, "category": 4173315}
    assert len({event.message_id for event in taken.events}) == 96_168


def test_olist_orders_with_their_payments(shared: Path, tmp_path: Path) -> None:
    folder, path = shared / "olist_subset", tmp_path / "olist.parquet"
    duckdb.execute(
        f"copy (from '{folder}/orders.parquet' join '{folder}/order_payments.parquet' "
        f"using (order_id) join '{folder}/customers.parquet' using (customer_id)) to '{path}'"
    )
    report = take(path, "orders", Settings(currency="BRL"), tz="America/Sao_Paulo").report
    assert report.rows == 8_924
    assert report.names == {"Order Completed": 8_132, "Order Cancelled": 625}
    assert report.revenue == Decimal("1428602.81")
    assert report.profiles == 8_016
    assert not report.rejected


def test_olist_orders_alone_have_no_money(shared: Path) -> None:
    report = take(shared / "olist_subset" / "orders.parquet", "orders").report
    assert report.names == {"Order Completed": 7_510, "Order Cancelled": 625}
    assert report.profiles == 8_135
    assert report.money == {}


def test_tmall_orders_name_nobody(shared: Path) -> None:
    path = shared / "tmall_orders" / "tmall_orders.parquet"
    taken = take(path, "orders")
    assert taken.report.rejected == {"no identifier": 28_010}
    assert taken.events == []


def test_tmall_orders_with_a_buyer(shared: Path, tmp_path: Path) -> None:
    path = tmp_path / "tmall.parquet"
    duckdb.execute(
        f"copy (select *, order_id % 5000 + 1 as 买家ID from "
        f"'{shared}/tmall_orders/tmall_orders.parquet') to '{path}'"
    )
    report = take(path, "orders").report
    assert report.rejected == {"unpaid": 28_010 - 24_087}
    assert report.names == {"Order Completed": 24_087, "Order Refunded": 5_646}
    assert report.revenue == Decimal("2474823.07")
    assert report.refunds == Decimal("572335.92")
    assert report.revenue - report.refunds == Decimal("1902487.15")
