"""Rules learnt from the past in the browser: asked for, read, tried, taken over."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, expect

from tests.calibration.past import DAY, START, shoppers
from tests.story.conftest import Server
from tests.ui.conftest import STILL, WIDE, Desk, Opened, enter, figure

PEOPLE: Final = 200
DAYS: Final = 196
HORIZON_DAYS: Final = 30


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose people have a past of 28 weeks that ends today."""
    running = Server(tmp_path_factory.mktemp("calibration") / "pool")
    try:
        key = running.source("shop")
        shift = dt.datetime.now(dt.UTC).timestamp() * 1000 - START - DAYS * DAY
        batch = [
            _message(number, row, row.ms + shift)
            for number, row in enumerate(shoppers(PEOPLE, DAYS))
        ]
        for start in range(0, len(batch), 400):
            running.send(key, *batch[start : start + 400])
        running.until("status", lambda status: status["events"] >= len(batch))
        yield running
    finally:
        running.stop()


def _message(number: int, row: Any, ms: float) -> dict[str, Any]:
    at = dt.datetime.fromtimestamp(ms / 1000, dt.UTC).isoformat()
    told = {"type": "track", "userId": f"u{row.profile}", "event": row.name, "timestamp": at}
    worth = {} if row.amount is None else {"total": row.amount, "currency": "CNY"}
    return {**told, "messageId": f"m{number}", "properties": worth}


@pytest.fixture
def analyst(browser: Browser, shop: Server) -> Iterator[Desk]:
    secret = enter(shop, f"lin-{len(shop.get('users')['items'])}", "analyst")
    context = browser.new_context(locale="zh-CN", viewport=WIDE, **STILL)  # type: ignore[arg-type]
    context.add_cookies([{"name": "hotspring_session", "value": secret, "url": shop.url}])
    seat = Desk(context.new_page(), shop)
    yield seat
    context.close()
    assert (seat.strangers, seat.faults) == ([], [])


def test_rules_are_learnt_read_tried_and_taken_over(analyst: Desk) -> None:
    seat, page = analyst, analyst.page
    before = seat.server.get("temperature/rules")["version"]
    seat.open("/rules?part=calibration")
    expect(page.get_by_text("还没有做过校准")).to_be_visible()
    page.get_by_label("目标事件").click()
    seat.settle()
    page.locator(".ant-select-item-option").filter(has_text="Order").click()
    page.get_by_label("在多久之内发生").fill(str(HORIZON_DAYS))
    page.get_by_role("button", name="开始校准").click()
    report = page.get_by_role("region", name="谁会在 30 天内「Order」？")
    # It can be stopped, and begun again.
    report.get_by_role("button", name="停止").click()
    expect(report.get_by_text("已停止，没有改动任何内容")).to_be_visible()
    expect(page.get_by_role("cell", name="已取消")).to_be_visible()
    page.get_by_role("button", name="开始校准").click()
    expect(report.get_by_text("AUC 的标准误为")).to_be_visible()
    assert "run=" in page.url
    job = seat.server.get("calibrations")["items"][0]
    found = seat.server.get(f"calibrations/{job['id']}")["result"]
    assert found["goal"] == "Order"
    auc = figure(report, r"AUC (\d\.\d{3})")
    assert auc == pytest.approx(found["auc"]["temperature"], abs=0.000501)
    # The figures of the chart stand in its table too.
    report.get_by_title("数字").first.click()
    table = report.get_by_role("region", name="谁看得最准")
    expect(table).to_contain_text("RFM 总分")
    report.get_by_title("看图").first.click()
    # So few people are a thin history, and it says so.
    expect(report.get_by_text(re.compile("历史偏薄"))).to_be_visible()
    with page.expect_download() as taken:
        report.get_by_role("link", name="下载报告").click()
    assert "校准报告" in taken.value.path().read_text("utf-8")
    page.evaluate("scrollTo(0, 0)")
    seat.shoot("calibration-report-zh-light-1440")
    seat.accessible()
    assert seat.server.get("temperature/rules")["version"] == before, "nothing changed so far"
    report.get_by_role("button", name="采纳这些规则").click()
    tried = page.get_by_role("region", name="预演结果")
    expect(tried.get_by_text("位已知用户中有")).to_be_visible()
    save = f"保存为版本 {before + 1}"
    tried.get_by_role("button", name=save).click()
    page.get_by_role("tooltip").get_by_role("button", name=save).click()
    expect(page.get_by_text(f"版本 {before + 1} 已生效")).to_be_visible()
    expect(page.get_by_text(f"已采纳为版本 {before + 1}")).to_be_visible()
    assert seat.server.get("temperature/rules")["rules"] == found["rules"]["rules"]
    # The same report for a night reader with a small screen and another language.
    page.set_viewport_size({"width": 390, "height": 844})
    page.emulate_media(color_scheme="dark")
    page.evaluate("localStorage.setItem('hotspring.language', 'en')")
    page.reload()
    expect(page.get_by_text("The standard error of the AUC is")).to_be_visible()
    page.evaluate("scrollTo(0, 0)")
    seat.shoot("calibration-report-en-dark-390")
    seat.accessible()


def test_a_history_that_is_too_thin_is_told_with_what_to_do(desk: Opened) -> None:
    seat = desk("analyst")
    seat.open("/rules?part=calibration")
    seat.page.get_by_label("在多久之内发生").fill("300")
    # Before anything is begun.
    told = seat.page.get_by_role("alert")
    expect(told).to_contain_text("需要 900 天")
    expect(told).to_contain_text(re.compile(r"改为最多 \d+ 天"))
    expect(seat.page.get_by_role("button", name="开始校准")).to_be_disabled()
    seat.shoot("calibration-thin")


def test_who_may_only_read_is_told_so(desk: Opened) -> None:
    seat = desk("viewer")
    seat.open("/rules?part=calibration")
    expect(seat.page.get_by_text("校准需要「分析师」或更高的角色")).to_be_visible()
    expect(seat.page.get_by_role("button", name="开始校准")).to_have_count(0)
    seat.open("/rules?part=trial")
    expect(seat.page.get_by_text("需要「运营」或更高的角色")).to_be_visible()


def test_one_profile_is_tried_by_the_draft(desk: Opened) -> None:
    seat = desk("analyst")
    page = seat.page
    seat.open("/rules?part=trial")
    page.get_by_label("用户", exact=True).fill("user_id:u-004")
    page.get_by_role("button", name="查看", exact=True).click()
    now = seat.server.get("profiles/user_id:u-004")["temperature"]
    live = page.locator(".rules-readings > div")
    assert figure(live.nth(0), r"([\d.\u2212]+) °C") == pytest.approx(now, abs=0.06)
    expect(live).to_have_count(1)
    expect(page.get_by_role("row", name=re.compile("^购买 "))).to_be_visible()
    # A draft stands beside what is in force.
    seat.open("/rules")
    page.get_by_role("button", name="修改规则「购买」").click()
    form = page.get_by_role("dialog")
    form.get_by_label("分数", exact=True).fill("60")
    form.get_by_role("button", name="放入草稿").click()
    page.get_by_role("button", name="试一位用户").click()
    page.get_by_label("用户", exact=True).fill("user_id:u-004")
    page.get_by_role("button", name="查看", exact=True).click()
    expect(live).to_have_count(2)
    expect(live.nth(1)).to_contain_text("热")
    seat.shoot("rules-trial")
    seat.accessible()
    page.get_by_label("用户", exact=True).fill("user_id:nobody")
    page.get_by_role("button", name="查看", exact=True).click()
    expect(page.get_by_text("没有")).not_to_have_count(0)
    actions = [one["action"] for one in seat.server.get("audit")["items"]]
    assert "profile.opened" in actions
