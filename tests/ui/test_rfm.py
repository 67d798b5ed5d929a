"""Customers by value: classes, cells, moves, the spread of revenue, and a class as a segment."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.ui.conftest import Opened


def test_a_class_becomes_a_segment_of_exactly_its_customers(desk: Opened) -> None:
    seat = desk("analyst")
    seat.open("/rfm?window=0")
    seat.heading("客户价值")
    found = seat.server.get("rfm", days=0)
    assert found["customers"] > 20
    for one in found["classes"]:
        card = seat.page.locator(f"[data-class={one['name']}] .figure")
        expect(card).to_have_text(str(one["customers"]))
    for cell in found["grid"]:
        shown = seat.page.locator(f"[data-cell='{cell['name']}'] b")
        expect(shown).to_have_text(str(cell["customers"]))
    for chart in ("各类的客户占比与收入占比", "谁换了类别", "收入有多集中（二八）"):
        drawn = seat.page.get_by_role("img", name=chart).locator("canvas")
        expect(drawn).to_be_visible()
    seat.shoot("rfm-story")
    best = max(found["classes"], key=lambda one: one["customers"])
    seat.page.locator(f"[data-class={best['name']}]").click()
    members = seat.server.get("rfm/members", days=0, name=best["name"])["items"]
    listed = seat.page.get_by_role("region", name="这里的客户")
    expect(listed.get_by_role("link")).to_have_count(best["customers"])
    expect(listed.get_by_role("link").first).to_have_text(members[0]["id"])
    name = seat.page.get_by_label("分群名称")
    name.fill("客户价值的一类")
    seat.page.get_by_role("button", name="存为分群").click()
    link = seat.page.get_by_role("link", name="打开分群")
    expect(link).to_be_visible()
    kept = seat.server.get("segments")["items"]
    (segment,) = [one for one in kept if one["name"] == "客户价值的一类"]
    try:
        rule = seat.server.get(f"segments/{segment['id']}")["rule"]
        told = seat.server.api.post("/api/segments/preview", json={"rule": rule}).json()
        assert told["count"] == best["customers"]
        seat.accessible()
        link.click()
        seat.heading("客户价值的一类")
    finally:
        seat.server.api.delete(f"/api/segments/{segment['id']}")


def test_thresholds_by_hand_and_a_pool_without_orders_of_a_name(desk: Opened) -> None:
    seat = desk("operator", locale="en-US")
    seat.open("/rfm?by=hand&window=0&days=30&orders=2")
    expect(seat.page.get_by_text("Write all three thresholds")).to_be_visible()
    much = seat.page.get_by_label("Much money: at least")
    much.fill("100")
    much.press("Enter")
    expect(seat.page.get_by_text("30 days at most; frequent: 2 orders at least")).to_be_visible()
    expect(seat.page).to_have_url(re.compile("amount=100"))
    grades = seat.page.get_by_label("Grades of frequency")
    grades.fill("2, 3, 5, 8")
    grades.press("Enter")
    expect(seat.page.get_by_role("columnheader", name="F5")).to_contain_text("8")
    event = seat.page.get_by_label("Event that is an order")
    event.fill("Never Heard Of")
    event.press("Enter")
    expect(seat.page.get_by_text("No orders in the window")).to_be_visible()
    seat.accessible()
