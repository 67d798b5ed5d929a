"""Costs: a list comes in with a verdict for each row, is taken back, and one is written by hand."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.ui.conftest import NARROW, Opened

LIST = """日期,投放平台,花费,币种
2026-10-01,redbook,"1,280.50",CNY
2026-10-02,wechat,900,
2026-10-99,wechat,1,
2026-10-03,wechat,5,XAU
"""


def test_costs_come_in_are_taken_back_and_written_by_hand(desk: Opened) -> None:
    seat = desk("operator")
    seat.open("/costs")
    seat.heading("费用")
    expect(seat.page.get_by_text("还没有费用")).to_be_visible()
    seat.accessible()
    seat.shoot("costs-none.zh")
    seat.page.get_by_role("button", name="导入清单").click()
    file = {"name": "十月.csv", "mimeType": "text/csv", "buffer": LIST.encode("gb18030")}
    seat.page.locator("input[type=file]").set_input_files(files=[file])  # type: ignore[list-item]
    expect(seat.page.get_by_text("4 行不能使用")).to_be_visible()
    seat.page.get_by_role("combobox", name="来源 utm_source").click()
    seat.page.locator(".ant-select-item-option", has_text="投放平台").click()
    expect(seat.page.get_by_text("2 行不能使用")).to_be_visible()
    expect(seat.page.get_by_text("日期请写成 2026-01-31")).to_be_visible()
    seat.accessible()
    seat.shoot("costs-import.zh")
    seat.page.get_by_role("button", name=re.compile("添加 2 笔，共 2,180.5")).click()
    expect(seat.page.get_by_text("已添加 2 笔费用，2 行没有使用")).to_be_visible()
    seat.page.get_by_role("button", name="关闭", exact=True).click()
    costs = seat.page.get_by_role("table", name="费用明细")
    expect(costs.get_by_role("row")).to_have_count(3)
    seat.page.get_by_role("button", name="撤回 十月.csv").click()
    expect(seat.page.get_by_text("还没有费用")).to_be_visible()
    seat.page.get_by_role("button", name="恢复 十月.csv").click()
    expect(costs.get_by_role("row")).to_have_count(3)

    seat.page.get_by_role("button", name="添加费用").click()
    seat.page.get_by_label("日期（第一天）").fill("2026-10-05")
    seat.page.get_by_label("渠道", exact=True).fill("web")
    seat.page.get_by_label("金额").fill("50")
    seat.page.get_by_role("button", name="保存").click()
    expect(costs.get_by_role("row").nth(1)).to_contain_text("手工填写")
    seat.shoot("costs.zh")
    seat.page.get_by_role("button", name="删除 2026-10-05 的费用").click()
    expect(costs.get_by_role("row")).to_have_count(3)

    small = desk("operator", locale="en-US", viewport=NARROW, color_scheme="dark")
    small.open("/costs")
    small.heading("Costs")
    expect(small.page.get_by_text("redbook")).to_be_visible()
    small.accessible()
    small.shoot("costs.en.dark.narrow")
    for one in seat.server.get("costs/lists")["items"]:
        seat.server.api.delete(f"/api/costs/lists/{one['id']}")
