"""The page of the rules: read as sentences, tried before they count, saved, taken back."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Locator, expect

from tests.ui.conftest import NARROW, Desk, Opened


def rule(seat: Desk, name: str) -> Locator:
    return seat.page.locator(f"[data-rule={name}]")


def version(seat: Desk) -> int:
    return int(seat.server.get("temperature/rules")["version"])


def put(seat: Desk, rules: dict[str, Any]) -> int:
    answer = seat.server.api.put("/api/temperature/rules", json=rules)
    assert answer.status_code == 200, answer.text
    return int(answer.json()["version"])


def test_the_rules_are_read_as_sentences(desk: Opened) -> None:
    seat = desk("viewer")
    seat.open("/rules")
    seat.heading("温度规则")
    expect(rule(seat, "purchase")).to_contain_text(
        "发生「Order Completed」时：+8 分，每 60 天减半。"
    )
    expect(rule(seat, "add_to_cart")).to_contain_text("每人每天最多 9 分")
    expect(rule(seat, "refund_amount")).to_contain_text("\u22122 × ln(1 + 金额) 分")
    # 8 + 2.5 · ln 301 = 22.27 of E_half 20 reads -20 + 120 · (1 - 2^(-22.27/20)) = 44.5,
    # and 60 · log2(22.27 / 5.26) days later the 5.26 that read 0 °C.
    meaning = seat.page.get_by_role("region", name="这套规则意味着什么")
    expect(meaning).to_contain_text("一次金额为 ¥300 的「Order Completed」，让新用户升到 44.5 °C")
    expect(meaning).to_contain_text("沉默 125 天后进入冷")
    expect(seat.page.get_by_role("button", name="添加规则")).to_have_count(0)
    expect(seat.page.get_by_text("修改规则需要「分析师」或更高的角色")).to_be_visible()


def test_a_rule_is_changed_tried_saved_and_taken_back(desk: Opened) -> None:
    seat = desk("analyst")
    before = version(seat)
    bands = seat.server.get("temperature")["bands"]
    seat.open("/rules")
    seat.page.get_by_role("button", name="修改规则「购买」").click()
    form = seat.page.get_by_role("dialog")
    form.get_by_label("分数", exact=True).fill("0")
    expect(form.get_by_text("分数要大于 0")).to_be_visible()
    form.get_by_label("半衰期").fill("5")
    expect(form.get_by_text("请改用其中之一：3, 14, 60, 180 天")).to_be_visible()
    form.get_by_role("button", name="60 天").click()
    form.get_by_label("分数", exact=True).fill("60")
    form.get_by_role("button", name="放入草稿").click()
    expect(rule(seat, "purchase")).to_contain_text("+60 分")
    expect(rule(seat, "purchase")).to_contain_text("已改")
    assert version(seat) == before, "a draft changes nothing"
    # It outlives another look at the page.
    seat.page.reload()
    expect(rule(seat, "purchase")).to_contain_text("+60 分")
    seat.page.get_by_role("button", name="预演效果").click()
    found = seat.page.get_by_role("region", name="预演结果")
    expect(found.get_by_text("位已知用户中有")).to_be_visible()
    assert "preview=" in seat.page.url
    moved = int(re.findall(r"中有 (\d+) 位", found.inner_text())[0])
    told = [int(cell) for cell in found.locator("td[data-kind=moves]").all_inner_texts()]
    assert moved == sum(told) > 0
    assert seat.server.get("temperature")["bands"] == bands, "a preview changes nothing"
    seat.shoot("rules-preview")
    seat.accessible()
    save = f"保存为版本 {before + 1}"
    found.get_by_role("button", name=save).click()
    seat.page.get_by_role("tooltip").get_by_role("button", name=save).click()
    expect(seat.page.get_by_text(f"版本 {before + 1} 已生效")).to_be_visible()
    expect(seat.page.get_by_role("heading", name=f"现行规则（版本 {before + 1}）")).to_be_visible()
    assert seat.server.get("temperature")["bands"]["hot"] > bands["hot"]
    seat.page.get_by_role("button", name="撤销").click()
    expect(seat.page.get_by_role("heading", name=f"现行规则（版本 {before + 2}）")).to_be_visible()
    expect(rule(seat, "purchase")).to_contain_text("+8 分")
    assert seat.server.get("temperature")["bands"] == bands


def test_rules_are_added_and_removed_in_a_draft(desk: Opened) -> None:
    seat = desk("analyst", locale="en-US")
    before = version(seat)
    seat.open("/rules")
    seat.page.get_by_role("button", name="Add a rule").click()
    form = seat.page.get_by_role("dialog")
    form.get_by_role("button", name="Put into the draft").click()
    expect(form.get_by_text("Give it a name in at least one language")).to_be_visible()
    expect(form.get_by_text("Choose at least one event")).to_be_visible()
    form.get_by_label("Name (English)").fill("Big order")
    form.get_by_label("Events it looks at").fill("Order Completed")
    seat.page.keyboard.press("Enter")
    seat.page.keyboard.press("Escape")
    form.get_by_role("button", name="Add a condition").click()
    form.get_by_label("Field", exact=True).fill("properties.total")
    form.get_by_label("Comparison").click()
    seat.settle()
    seat.page.get_by_title("at least", exact=True).click()
    form.get_by_label("Value", exact=True).fill("80")
    seat.shoot("rules-form")
    seat.accessible()
    form.get_by_role("button", name="Put into the draft").click()
    expect(rule(seat, "big_order")).to_contain_text(
        "“Order Completed” where properties.total is at least 80: +1 points"
    )
    seat.page.get_by_role("button", name="Remove the rule Refund", exact=True).click()
    expect(rule(seat, "refund")).to_have_count(0)
    seat.page.get_by_role("button", name="Undo").click()
    expect(rule(seat, "refund")).to_be_visible()
    expect(rule(seat, "big_order")).to_be_visible()
    seat.page.get_by_role("button", name="Discard changes").click()
    seat.page.get_by_role("dialog").get_by_role("button", name="Discard changes").click()
    expect(rule(seat, "big_order")).to_have_count(0)
    assert version(seat) == before


def test_versions_are_compared_and_restored(desk: Opened) -> None:
    seat = desk("analyst", viewport=NARROW)
    now = seat.server.get("temperature/rules")
    other = {**now, "e_half": 35}
    made = put(seat, other)
    seat.open("/rules?part=versions")
    row = seat.page.get_by_role("row", name=re.compile(f"^{now['version']} "))
    row.get_by_role("button", name="与现行比较").click()
    expect(seat.page.locator(".rules-fields")).to_contain_text("20 → 35")
    row.get_by_role("button", name="预演并恢复").click()
    save = f"保存为版本 {made + 1}"
    seat.page.get_by_role("button", name=save).click()
    seat.page.get_by_role("tooltip").get_by_role("button", name=save).click()
    expect(seat.page.get_by_text(f"版本 {made + 1} 已生效")).to_be_visible()
    assert seat.server.get("temperature/rules")["e_half"] == now["e_half"]
    seat.shoot("rules-versions")
    seat.accessible()
