"""Imports: a file is dropped, looked at, corrected, tried, imported, and its rejects fetched."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import expect

from tests.ui.conftest import Opened

ORDERS = """单号,下单时间,实付金额,买家代号,收货省份
A1,2026-01-03 10:00:00,120,u-901,上海市
A2,2026-01-04 11:00:00,80,u-902,上海市
A3,2026-01-05 12:00:00,60,,上海市
"""


def test_a_file_is_looked_at_corrected_tried_and_imported(desk: Opened, tmp_path: Path) -> None:
    file = tmp_path / "订单.csv"
    file.write_text(ORDERS, "utf-8")
    seat = desk("analyst")
    seat.open("/imports")
    expect(seat.page.get_by_text("还没有导入过文件")).to_be_visible()
    seat.page.locator("input[type=file]").set_input_files(file)
    expect(seat.page.get_by_role("heading", name="怎样读 订单.csv")).to_be_visible()
    assert "file=" in seat.page.url
    seat.page.get_by_text("订单", exact=True).click()
    expect(seat.page.get_by_label("订单号", exact=True)).to_have_value("单号")
    seat.page.get_by_role("combobox", name="补一个标识字段").click()
    seat.settle()
    seat.page.get_by_title("用户编号").click()
    who = seat.page.get_by_role("combobox", name="用户编号", exact=True)
    who.fill("买家代号")
    who.press("Tab")
    expect(seat.page.get_by_role("row").filter(has=who)).to_contain_text("你指定的")
    seat.shoot("imports-look")
    seat.accessible()
    seat.page.get_by_role("button", name="试一遍").click()
    expect(seat.page.get_by_text("没有改动任何数据").first).to_be_visible()
    expect(seat.page.get_by_text("没有标识，或者只有 0、null 之类的占位值: 1")).to_be_visible()
    assert seat.server.api.get("/api/profiles/user_id:u-901").status_code == 404
    seat.page.get_by_role("button", name="导入", exact=True).click()
    expect(seat.page.get_by_text("导入完成")).to_be_visible()
    assert seat.server.person("user_id:u-901")["events"] == 1
    with seat.page.expect_download() as fetched:
        seat.page.get_by_role("link", name="下载没有接收的行").click()
    assert "A3" in Path(fetched.value.path()).read_text("utf-8")
    seat.shoot("imports-done")
    seat.accessible()
    seen = seat.page.get_by_role("region", name="订单.csv")
    seen.get_by_role("link", name="热力地图").click()
    seat.page.wait_for_url("**/map?who=all")


def test_orders_of_nobody_count_as_one_person_each(desk: Opened, tmp_path: Path) -> None:
    file = tmp_path / "nobody.csv"
    file.write_text("order_id,province,created_at\nN1,浙江省,2026-01-01 10:00:00\n", "utf-8")
    seat = desk("analyst", locale="en-US")
    seat.open("/imports")
    seat.page.locator("input[type=file]").set_input_files(file)
    expect(seat.page.get_by_text("No column tells whom a row is about")).to_be_visible()
    expect(seat.page.get_by_text("No column tells the money of an order")).to_be_visible()
    expect(seat.page.get_by_text("No column tells where people are")).to_have_count(0)
    expect(seat.page.get_by_role("button", name="Import", exact=True)).to_be_disabled()
    seat.accessible()
    seat.page.get_by_role("button", name="Count each order as one anonymous profile").click()
    seat.page.get_by_role("button", name="Import", exact=True).click()
    expect(seat.page.get_by_text("Imported", exact=False).first).to_be_visible()
    assert seat.server.person("anonymous_id:N1")["events"] == 1


def test_a_file_that_is_none_says_what_to_do(desk: Opened, tmp_path: Path) -> None:
    file = tmp_path / "empty.csv"
    file.write_bytes(b"")
    seat = desk("analyst")
    seat.open("/imports")
    seat.page.locator("input[type=file]").set_input_files(file)
    expect(seat.page.get_by_role("alert")).to_contain_text("文件是空的")
    seat.faults.clear()
