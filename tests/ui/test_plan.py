"""The tracking plan: learnt from what came, tried, put in force, taken back."""

from __future__ import annotations

import json
import re

from playwright.sync_api import expect

from tests.ui.conftest import Opened


def test_a_plan_is_learnt_tried_and_put_in_force(desk: Opened) -> None:
    seat = desk("analyst")
    seat.open("/plan?part=draft")
    put = seat.page.get_by_role("button", name="启用")
    expect(put).to_be_disabled()
    seat.page.get_by_role("button", name="从已收到的事件学习").click()
    text = seat.page.get_by_label("方案（JSON）")
    expect(text).to_have_value(re.compile("Order Completed"))
    learnt = json.loads(text.input_value())
    learnt["events"]["Order Completed"]["schema"]["required"] = ["coupon"]
    learnt["events"]["Order Completed"]["mode"] = "lenient"
    text.fill(json.dumps({"events": {"Order Completed": learnt["events"]["Order Completed"]}}))
    seat.page.get_by_role("button", name="试一遍").click()
    row = seat.page.get_by_role("row").filter(has_text="Order Completed")
    expect(row).to_contain_text("coupon")
    seat.shoot("plan-tried")
    seat.accessible()
    put.click()
    expect(seat.page.get_by_text("方案已启用")).to_be_visible()
    version = seat.server.get("plan")["version"]
    assert version >= 1
    seat.open("/plan")
    expect(seat.page.get_by_role("rowheader", name="Order Completed")).to_be_visible()
    seat.shoot("plan-now")
    seat.open("/plan?part=breaches")
    expect(seat.page.get_by_text("没有事件违反方案")).to_be_visible()
    seat.open("/plan?part=versions")
    expect(seat.page.get_by_text("现行", exact=True)).to_be_visible()


def test_text_that_is_no_plan_says_so(desk: Opened) -> None:
    seat = desk("analyst")
    seat.open("/plan?part=draft")
    seat.page.get_by_label("方案（JSON）").fill("{")
    expect(seat.page.get_by_text("这不是有效的 JSON 对象")).to_be_visible()
    expect(seat.page.get_by_role("button", name="试一遍")).to_be_disabled()
