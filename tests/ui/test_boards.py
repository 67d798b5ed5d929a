"""A question is asked, kept under a name, opened again, changed, and kept as another."""

from __future__ import annotations

import json

from playwright.sync_api import expect

from tests.ui.conftest import Opened

STEPS = [{"event": "Product Viewed"}, {"event": "Order Completed"}]


def test_a_question_is_kept_and_opened_again(desk: Opened) -> None:
    seat = desk("operator")
    asked = json.dumps({"steps": STEPS, "days": 200})
    seat.open(f"/analytics/funnel?asked={asked}")
    started = seat.page.locator("[data-figure=started] dd")
    many = started.inner_text()
    seat.page.get_by_role("button", name="存为报告").click()
    seat.page.get_by_label("名称", exact=True).fill("下单漏斗")
    seat.page.get_by_role("button", name="保存", exact=True).click()
    saving = seat.page.get_by_role("region", name="保存的报告")
    expect(saving).to_contain_text("报告： 下单漏斗")
    seat.shoot("boards-report.zh")

    seat.open("/analytics")
    table = seat.page.get_by_role("table", name="保存的报告")
    table.get_by_role("link", name="下单漏斗").click()
    expect(started).to_have_text(many)
    seat.page.get_by_label("天数").fill("100")
    seat.page.get_by_role("button", name="查看", exact=True).click()
    expect(saving).to_contain_text("已改动，未保存")
    seat.page.get_by_role("button", name="保存更改").click()
    seat.page.get_by_label("名称", exact=True).fill("百日漏斗")
    seat.page.get_by_role("button", name="另存为新的").click()
    expect(saving).to_contain_text("报告： 百日漏斗")
    (one,) = [one for one in seat.server.get("reports")["items"] if one["name"] == "百日漏斗"]
    assert one["parameters"] == {"steps": STEPS, "days": 100}

    # Deleted, and brought back.
    seat.page.get_by_role("button", name="删除").click()
    seat.page.get_by_role("button", name="撤销").click()
    seat.open("/analytics")
    expect(table.get_by_role("link")).to_have_text(["下单漏斗", "百日漏斗"])
    seat.accessible()
    seat.shoot("boards-reports.zh")
    for one in seat.server.get("reports")["items"]:
        seat.server.api.delete(f"/api/reports/{one['id']}")
