"""The heat map in the browser: where people are, how warm they are there, and who is not shown."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, Route, expect

from tests.ui.conftest import NARROW, Desk, Opened

SHANGHAI = "310000"


def drawn(seat: Desk, level: str = "") -> None:
    """Wait until the map shows figures, of this level where one is named."""
    shown = seat.page.locator(f"[data-drawn^='{level} ']" if level else "[data-drawn*=' ']")
    expect(shown).to_be_visible()


def saved(within: Page | Locator, name: str) -> bytes:
    """What is saved by a choice of the export, of the page or of a part of it."""
    page = within if isinstance(within, Page) else within.page
    within.get_by_role("button", name="导出").first.click()
    with page.expect_download() as download:
        page.get_by_role("menuitem", name=name).click()
    return Path(download.value.path()).read_bytes()


def test_an_operator_finds_where_people_are_and_keeps_the_link(desk: Opened) -> None:
    seat = desk("operator")
    seat.open("/map")
    drawn(seat, "province")
    told = seat.server.get("map", level="province")["areas"]
    row = seat.page.locator(f"[data-area='{SHANGHAI}']")
    expect(row.get_by_role("cell").last).to_have_text(str(told[0]["profiles"]))
    row.get_by_role("button", name="上海市").click()
    card = seat.page.get_by_role("region", name="上海市")
    expect(card).to_contain_text(f"用户数{told[0]['profiles']}")
    expect(card).to_contain_text(f"从未热过{told[0]['never_warm']}")
    expect(row).to_have_attribute("aria-current", "true")
    card.get_by_role("button", name="放大到这里").click()
    drawn(seat, "district")
    expect(seat.page.get_by_role("navigation", name="地图所在的位置")).to_contain_text("上海市")
    # Who is known by the name of the city is in no district: that is said, and the card stays.
    expect(seat.page.get_by_text("位的位置不够精确")).to_be_visible()
    expect(card).to_contain_text("用户数")
    seat.page.wait_for_url("**at=*")
    seat.page.reload()
    drawn(seat, "district")
    expect(card).to_contain_text(f"用户数{told[0]['profiles']}")
    seat.page.get_by_role("button", name="中国").click()
    drawn(seat, "province")


def test_an_area_leads_to_its_people_and_they_to_why_they_are_hot(desk: Opened) -> None:
    seat = desk("operator")
    seat.open(f"/map?level=city&area=city%3A{SHANGHAI}")
    card = seat.page.get_by_role("region", name="上海市")
    card.get_by_role("link", name="看看是哪些用户").click()
    seat.heading("用户筛选器")
    expect(seat.page.get_by_text("最近出现在上海市").first).to_be_visible()
    keep = seat.page.get_by_role("region", name="存成分群")
    keep.get_by_label("名称").fill("上海的人")
    keep.get_by_role("button", name="保存分群").click()
    seat.heading("上海的人")
    (kept,) = seat.server.get("segments")["items"]
    hottest = seat.page.get_by_role("region", name="成员").get_by_role("table").get_by_role("link")
    expect(hottest.first).to_contain_text("Test ")
    seat.accessible()
    seat.shoot("segments-named-people")
    hottest.first.click()
    expect(seat.page.get_by_role("heading", name="热量从哪里来")).to_be_visible()
    seat.server.api.delete(f"/api/segments/{kept['id']}")


def test_who_has_no_name_is_counted_on_demand(desk: Opened) -> None:
    seat = desk("operator")
    key = seat.server.source("passers-by")
    for number in range(6):
        seat.server.send(key, {"type": "page", "anonymousId": f"passer-{number}"})
    seat.server.until("status", lambda told: told["anonymous"] >= 6)
    seat.open("/map")
    drawn(seat, "province")
    expect(seat.page.get_by_text("位匿名用户没有计入")).to_be_visible()
    seat.page.get_by_role("button", name="一并计入").click()
    seat.page.wait_for_url("**who=all*")
    expect(seat.page.get_by_role("button", name="一并计入")).to_have_count(0)


def test_the_map_and_its_ranking_point_at_each_other(desk: Opened) -> None:
    seat = desk("operator")
    seat.open("/map?at=121.4,31.2,6&level=province")
    drawn(seat, "province")
    row = seat.page.locator(f"[data-area='{SHANGHAI}']")
    box = seat.page.locator(".map-place").bounding_box()
    assert box is not None
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    seat.page.mouse.move(*middle)
    seat.page.mouse.move(middle[0] + 3, middle[1])
    expect(seat.page.locator(".map-card")).to_contain_text("上海市")
    expect(row).to_have_class("map-hovered")
    seat.page.mouse.click(*middle)
    expect(seat.page.get_by_role("region", name="上海市")).to_be_visible()
    seat.page.wait_for_url(f"**area=province%3A{SHANGHAI}*")


def test_everything_is_reached_by_the_keyboard(desk: Opened) -> None:
    seat = desk("operator", locale="en-US", viewport=NARROW)
    seat.open("/map")
    drawn(seat)
    expect(seat.page.locator("canvas[aria-label^='Map; arrow keys']")).to_have_attribute(
        "tabindex", "0"
    )
    seat.page.get_by_role("button", name="Shanghai").focus()
    seat.page.keyboard.press("Enter")
    expect(seat.page.get_by_role("region", name="Shanghai")).to_be_visible()
    seat.page.get_by_text("Share of hot").click()
    seat.page.wait_for_url("**colour=hot*")
    expect(seat.page.get_by_role("figure")).to_contain_text("Share of hot")
    seat.page.get_by_role("button", name="Close").click()
    seat.page.get_by_role("button", name="Filters").click()
    seat.accessible()


def test_filters_leave_people_out_and_say_when_nobody_is_left(desk: Opened) -> None:
    seat = desk("operator")
    seat.open("/map?band=cold")
    drawn(seat)
    cold = seat.server.get("map", band="cold")
    if cold["areas"]:
        row = seat.page.locator(f"[data-area='{SHANGHAI}'] td").last
        expect(row).to_have_text(str(cold["areas"][0]["profiles"]))
    seat.page.get_by_role("button", name="筛选").click()
    field = seat.page.get_by_label("属性")
    field.fill("city:北京")
    field.press("Enter")
    expect(seat.page.get_by_text("这里没有符合筛选条件的用户")).to_be_visible()
    seat.page.get_by_role("button", name="全部清除").click()
    expect(seat.page.locator(f"[data-area='{SHANGHAI}']")).to_be_visible()


def test_who_may_not_list_people_sees_what_is_published(desk: Opened) -> None:
    seat = desk("viewer")
    made = seat.server.api.post("/api/tokens", json={"name": "wall", "role": "viewer"})
    token = made.json()["token"]

    def as_viewer(route: Route) -> None:
        headers = {**route.request.headers, "authorization": f"Bearer {token}"}
        route.continue_(headers=headers)

    seat.page.route("**/api/map**", as_viewer)
    seat.open("/map?band=hot&level=cell")
    drawn(seat, "district")
    expect(seat.page.get_by_text("每天发布一次")).to_be_visible()
    expect(seat.page.get_by_role("button", name="筛选")).to_have_count(0)


def test_a_map_is_saved_as_table_shapes_and_picture(desk: Opened) -> None:
    seat = desk("operator")
    seat.open("/map")
    drawn(seat)
    (area,) = seat.server.get("map", level="province")["areas"]
    head, row = saved(seat.page, "CSV").decode("utf-8-sig").splitlines()
    assert head.startswith("id,name,profiles,hot,warm,cool,cold,never_warm,cooled,mean")
    assert row.startswith(f"{SHANGHAI},上海市,{area['profiles']},{area['hot']},")
    shapes: dict[str, Any] = json.loads(saved(seat.page, "GeoJSON"))
    assert shapes["k"] == 5
    (feature,) = shapes["features"]
    assert feature["properties"]["profiles"] == area["profiles"]
    assert feature["geometry"]["type"] == "MultiPolygon"
    picture = saved(seat.page, "PNG")
    assert picture.startswith(b"\x89PNG")
    assert len(picture) > 20_000, "there is a map in it"


def test_without_any_place_it_says_what_to_send(desk: Opened) -> None:
    seat = desk("operator")
    plain = seat.server.get("map")
    nobody = {**plain, "profiles": 0, "withheld": 0, "coarse": 0, "areas": [], "unlocated": 60}
    seat.page.route("**/api/map?*", lambda route: route.fulfill(json=nobody))
    silent = {"content_type": "text/event-stream", "body": "retry: 60000\n\n"}
    seat.page.route("**/api/map/stream?*", lambda route: route.fulfill(**silent))
    seat.open("/map")
    drawn(seat)
    expect(seat.page.get_by_text("还没有用户有位置")).to_be_visible()
    expect(seat.page.get_by_text("60 位没有位置")).to_be_visible()
    link = seat.page.get_by_role("link", name="用户的位置从哪里来")
    expect(link).to_have_attribute("href", "/help/zh/guide/map")


def test_the_map_follows_what_happens_and_can_be_paused(desk: Opened) -> None:
    seat = desk("operator")
    key = seat.server.source("live-map")
    seat.open("/map")
    drawn(seat)
    expect(seat.page.locator("[data-pulse=live]")).to_be_visible()
    row = seat.page.locator(f"[data-area='{SHANGHAI}'] td").last
    before = int(row.inner_text())
    who = f"new-{before}"
    about = {"location": {"city": "上海"}}
    seat.server.send(key, {"type": "identify", "userId": who, "messageId": who, "context": about})
    expect(row).to_have_text(str(before + 1))
    seat.page.get_by_role("button", name="暂停更新").click()
    expect(seat.page.locator("[data-pulse=paused]")).to_be_visible()


def test_a_past_day_is_shown_and_compared(desk: Opened) -> None:
    seat = desk("operator")
    seat.open("/map")
    drawn(seat)
    bar = seat.page.get_by_role("region", name="日期")
    bar.get_by_role("button", name="前一天").click()
    seat.page.wait_for_url("**past=*")
    expect(bar).to_contain_text("按今天的规则")
    seat.page.get_by_label("与哪一天相比").click()
    seat.settle()
    seat.page.locator(".ant-select-item-option").nth(3).click()
    seat.page.wait_for_url("**since=*")
    expect(seat.page.get_by_role("figure")).to_contain_text("平均温度的变化")
    row = seat.page.locator(f"[data-area='{SHANGHAI}'] td").first
    expect(row).to_contain_text("°C")
    bar.get_by_role("button", name="后一天").click()
    expect(bar.locator("b")).to_have_text("现在")


def test_the_words_that_come_with_the_map_follow_the_language(desk: Opened) -> None:
    seat = desk("operator")
    seat.open("/map")
    drawn(seat)
    seat.page.get_by_role("button", name="English").click()
    seat.heading("Heat map")
    expect(seat.page.get_by_role("button", name="Trade areas")).to_be_visible()
    expect(seat.page.get_by_role("figure")).to_contain_text("Mean temperature")
