"""Analyses: a funnel from an empty page to a segment, by keys, by a link, and in both languages."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Page, expect

from tests.ui.conftest import NARROW, Opened

STEPS = [{"event": "Product Viewed"}, {"event": "Order Completed"}]


def choose(page: Page, label: str, option: str, at: int = 0) -> None:
    """Take one of a list by its name."""
    page.get_by_role("combobox", name=label).nth(at).click()
    page.locator(".ant-select-dropdown:visible").get_by_title(option, exact=True).click()
    expect(page.locator(".ant-select-dropdown:visible")).to_have_count(0)


def test_a_funnel_is_asked_seen_drilled_kept_shared_and_exported(desk: Opened) -> None:
    seat = desk("operator")
    seat.open("/analytics")
    seat.heading("分析")
    seat.page.get_by_role("link", name="漏斗").click()
    seat.heading("漏斗")
    expect(seat.page.get_by_text("还没有提问")).to_be_visible()
    ask = seat.page.get_by_role("button", name="查看", exact=True)
    expect(ask).to_be_disabled()
    choose(seat.page, "事件", "Product Viewed")
    seat.page.get_by_role("button", name="添加步骤").click()
    choose(seat.page, "事件", "Order Completed", at=1)
    days = seat.page.get_by_label("天数")
    days.fill("200")
    ask.click()
    asked = {"steps": STEPS, "days": 200}
    told = seat.server.api.post("/api/analytics/funnel", json=asked).json()
    figures = told["figures"]
    assert figures["started"] > 20
    started = seat.page.locator("[data-figure=started] dd")
    expect(started).to_have_text(str(figures["started"]))
    sentence = seat.page.locator("[data-sentence=done]")
    expect(sentence).to_contain_text(f"{figures['started']} 开始，{figures['finished']} 完成")
    drawn = seat.page.locator("[data-chart=funnel]").get_by_role("img").locator("canvas")
    expect(drawn).to_be_visible()
    table = seat.page.get_by_role("region", name="步骤", exact=True)
    expect(table.get_by_role("row")).to_have_count(3)
    seat.accessible()

    # Another table has its own tab, and stands in the address.
    seat.page.get_by_role("tab", name="趋势").click()
    expect(seat.page.locator("[data-chart=line]")).to_be_visible()
    expect(seat.page).to_have_url(re.compile("table=trend"))
    seat.page.get_by_role("tab", name="步骤").click()
    expect(drawn).to_be_visible()

    # Exported: the table by the server, the chart as a picture.
    panel = seat.page.locator("section.panel", has=table)
    panel.get_by_role("button", name="导出").click()
    with seat.page.expect_download() as file:
        seat.page.get_by_role("menuitem", name="CSV").click()
    assert "Product Viewed" in file.value.path().read_text("utf-8")
    seat.page.locator("[data-chart=funnel]").get_by_role("button", name="导出").click()
    with seat.page.expect_download() as file:
        seat.page.get_by_role("menuitem", name="PNG").click()
    assert file.value.path().read_bytes().startswith(b"\x89PNG")

    # Drilled: who is behind a number, and a segment of them.
    reached = told["tables"][0]["rows"][0][2]
    name = f"到达：{reached}，查看用户"
    table.get_by_role("button", name=name).first.click()
    behind = seat.page.get_by_role("dialog")
    people = behind.get_by_role("region", name="这个数字背后的用户")
    expect(people.get_by_role("link")).to_have_count(reached)
    behind.get_by_label("分群名称").fill("看过商品的人")
    behind.get_by_role("button", name="存为分群").click()
    expect(behind.get_by_role("link", name="打开分群")).to_be_visible()
    kept = seat.server.get("segments")["items"]
    (segment,) = [one for one in kept if one["name"] == "看过商品的人"]
    seat.server.api.delete(f"/api/segments/{segment['id']}")

    # Shared: the same address shows the same, the drawer included.
    other = desk("analyst", locale="en-US", color_scheme="dark")
    other.page.goto(seat.page.url)
    other.heading("Funnel")
    expect(other.page.get_by_role("dialog")).to_be_visible()
    other.page.keyboard.press("Escape")
    expect(other.page.get_by_role("dialog")).to_have_count(0)
    expect(other.page).not_to_have_url(re.compile("behind="))
    expect(other.page.locator("[data-figure=started] dd")).to_have_text(str(figures["started"]))
    chosen = other.page.get_by_role("spinbutton", name="Days", exact=True)
    expect(chosen).to_have_value("200")
    other.accessible()


def test_what_cannot_be_asked_is_said_at_its_field_and_nothing_says_what_to_do(
    desk: Opened,
) -> None:
    seat = desk("operator", locale="en-US", viewport=NARROW)
    seat.open('/analytics/funnel?asked={"steps":[{"event":"Order Completed"}],"from":"1899-01-01"}')
    seat.heading("Funnel")
    field = seat.page.locator(".analytics-field", has=seat.page.get_by_label("From", exact=True))
    expect(field.get_by_role("alert")).to_be_visible()
    seat.accessible()
    until = '"from":"2001-01-01","until":"2001-01-02"'
    seat.open('/analytics/funnel?asked={"steps":[{"event":"Order Completed"}],' + until + "}")
    expect(seat.page.get_by_text("Nothing to see in this period")).to_be_visible()
    wide = seat.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= NARROW["width"]
    seat.open("/analytics/no-such-thing")
    expect(seat.page.get_by_text("There is no such analysis")).to_be_visible()


def test_an_event_that_never_came_is_told_with_what_to_do(desk: Opened) -> None:
    seat = desk("operator", locale="en-US", viewport=NARROW)
    # Asked by the defaults, and by a link.
    for how in ("", '?asked={"metric":"revenue"}'):
        seat.open(f"/analytics/experiment{how}")
        seat.heading("Experiment")
        told = seat.page.locator(".analytics-lacks")
        expect(told).to_contain_text("Exposure · no event “Experiment Viewed” has come in yet")
        expect(told).to_contain_text("Variant · no event with “variation_name” has come in yet")
    guide = seat.page.get_by_role("link", name="Open the guide")
    expect(guide).to_have_attribute("href", "/help/en/guide/analyses")
    expect(seat.page.locator(".ant-alert-error")).to_have_count(0)
    seat.accessible()
    choose(seat.page, "Event", "Product Viewed")
    expect(seat.page.locator(".analytics-lack")).to_have_count(1)
    seat.page.get_by_role("combobox", name="Variant", exact=True).click()
    seat.page.keyboard.type("Channel")
    seat.page.keyboard.press("Enter")
    seat.page.get_by_role("button", name="Show", exact=True).click()
    expect(seat.page.locator("[data-sentence]")).to_be_visible()


@pytest.mark.parametrize("locale", ["zh-CN", "en-US"])
def test_every_analysis_has_a_form_and_tells_something_from_its_example(
    desk: Opened, locale: str
) -> None:
    seat = desk("operator", locale=locale)
    language = locale[:2]
    items = seat.server.get("analytics")["items"]
    assert {"funnel", "retention"} <= {one["name"] for one in items}
    for one in items:
        seat.open(f"/analytics/{one['name']}")
        seat.heading(one["words"]["title"][language])
        form = seat.page.locator(".analytics-form")
        expect(form).to_be_visible()
        titles = form.locator(".analytics-label").all_text_contents()
        assert all(titles)
        example = seat.page.get_by_role("button", name=re.compile("示例|example"))
        told = seat.page.locator("[data-sentence]")
        expect(example.or_(told).first).to_be_visible()
        if example.is_visible():
            example.click()
        expect(told).to_be_visible()
        assert "{" not in told.inner_text()


def test_attribution_says_as_of_when_its_models_are(desk: Opened) -> None:
    seat = desk("operator")
    seat.open(f"/analytics/attribution?asked={json.dumps({'by': 'name', 'days': 365})}")
    fitted = seat.page.locator("[data-figure=fitted] dd")
    # The beginning of an hour, in the zone of the pool; no line ends within the day.
    expect(fitted).to_have_text(re.compile(r"^\d{4}‑\d\d‑\d\d \d\d:00$"))
    expect(seat.page.locator("[data-sentence=done]")).to_contain_text("马尔可夫与夏普利值截至")
    # What few ask for is folded away, and open where it was asked.
    half_life = seat.page.get_by_label("半衰期（天）")
    expect(half_life).to_be_hidden()
    seat.page.get_by_text("模型细节").click()
    expect(half_life).to_be_visible()
    half_life.fill("3")
    seat.page.get_by_role("button", name="查看", exact=True).click()
    expect(seat.page).to_have_url(re.compile("half_life"))
    seat.page.reload()
    expect(half_life).to_have_value("3")
    expect(half_life).to_be_visible()
    seat.accessible()
