"""Outlets: a list comes in, each is changed and taken back, and heat is seen beside service."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.pool.test_heatmap import SHARED
from tests.ui.conftest import NARROW, Desk, Opened
from tests.ui.test_frame import LOOKS
from tests.ui.test_map import drawn

pytestmark = pytest.mark.usefixtures("bare_map")
HEYTEA = SHARED / "heytea_outlets" / "heytea_outlets.csv"
SHOP = {"name": "人民广场店", "lon": 121.475, "lat": 31.23, "kind": "直营", "radius": 4000}
LIST = """门店名称,经度,纬度,类型,服务半径
人民广场店,121.4795,31.2281,直营,3000
豫园店,121.4965,31.2260,加盟,
,121.5,31.2,,
静安寺店,东,31.2,,
浦东店,31.2,121.5,,
"""
STRANGE = """店铺,东,北,编号
人民广场店,121.4795,31.2281,S-1
豫园店,,31.2260,S-2
"""


def send(seat: Desk, name: str, body: bytes) -> None:
    file = {"name": name, "mimeType": "text/csv", "buffer": body}
    seat.page.locator("input[type=file]").set_input_files(files=[file])  # type: ignore[list-item]


def test_an_area_to_warm_up_is_found_and_opened_on_the_map(desk: Opened) -> None:
    seat = desk("operator")
    assert seat.server.api.post("/api/outlets", json={"outlets": [SHOP]}).status_code == 201
    seat.open("/outlets")
    seat.heading("网点与热度")
    (row,) = seat.server.get("outlets/analysis", level="city")["items"]
    line = seat.page.get_by_role("row", name="上海市")
    expect(line).to_contain_text(row["suggestion"])
    expect(line).to_contain_text("分界")
    expect(seat.page.get_by_text("网点可能是跟着热度开的，而不是热度的原因")).to_be_visible()
    seat.shoot("outlets-heat")
    seat.accessible()
    line.get_by_role("link", name="上海市").click()
    seat.heading("热力地图")
    expect(seat.page.get_by_role("region", name="上海市")).to_contain_text("用户数")


def test_a_point_of_the_scatter_opens_its_area_on_the_map(desk: Opened) -> None:
    seat = desk("operator")
    seat.server.api.post("/api/outlets", json={"outlets": [SHOP]})
    seat.open("/outlets?level=district")
    chart = seat.page.get_by_role("img", name="热度与服务的四个象限")
    expect(chart.locator("canvas")).to_be_visible()
    seat.settle()
    seat.page.get_by_label("图或数字").get_by_title("看数字").click()
    numbers = seat.page.get_by_role("region", name="热度与服务的四个象限")
    told = seat.server.get("outlets/analysis", level="district")["items"]
    expect(numbers.get_by_role("row")).to_have_count(len(told) + 1)
    seat.settle()
    seat.page.get_by_label("图或数字").get_by_title("看图").click()
    box = chart.bounding_box()
    assert box is not None
    # Where a point is drawn is the chart's own affair: its cursor tells.
    cursor = "() => document.querySelector('[role=img] > div')?.style.cursor"
    for x in range(int(box["width"]) - 30, 70, -12):
        for y in range(60, int(box["height"]) - 70, 12):
            if "/map" in seat.page.url:
                break
            seat.page.mouse.move(box["x"] + x, box["y"] + y)
            if seat.page.evaluate(cursor) == "pointer":
                seat.page.mouse.click(box["x"] + x, box["y"] + y)
                seat.page.wait_for_url("**/map?**")
    seat.heading("热力地图")
    seat.page.wait_for_url("**area=district*")
    drawn(seat, "district")
    # The map goes to the area, and notes where it stands.
    seat.page.wait_for_url("**at=121.*")
    where = seat.page.get_by_role("navigation", name="地图所在的位置")
    expect(where.get_by_role("button").last).to_have_text("上海市")


def test_areas_are_filtered_sorted_and_the_address_keeps_it(desk: Opened) -> None:
    seat = desk("operator")
    seat.server.api.post("/api/outlets", json={"outlets": [SHOP]})
    told = seat.server.get("outlets/analysis", level="district")["items"]
    hot = [one for one in told if one["quadrant"].startswith("hot")]
    assert 0 < len(hot) < len(told), "the people of the tests make both"
    seat.open("/outlets?level=district&sort=mean&up=up")
    table = seat.page.get_by_role("table", name="热度与服务")
    coldest = min(told, key=lambda one: one["mean"])
    expect(table.get_by_role("row").nth(1)).to_contain_text(coldest["name"])
    table.get_by_role("button", name="平均温度").click()
    expect(table.get_by_role("row").nth(1)).not_to_contain_text(coldest["name"])
    expect(table.get_by_role("columnheader", name="平均温度")).to_have_attribute(
        "aria-sort", "descending"
    )
    seat.page.get_by_label("查找地区").fill(coldest["name"])
    expect(table.get_by_role("row")).to_have_count(2)
    seat.page.wait_for_url("**q=*")
    seat.page.get_by_label("查找地区").fill("没有这个地方")
    expect(seat.page.get_by_text("没有符合条件的地区")).to_be_visible()


def test_a_list_is_tried_added_taken_back_and_tells_what_it_refused(desk: Opened) -> None:
    seat = desk("analyst")
    seat.open("/outlets")
    expect(seat.page.get_by_text("还没有网点")).to_be_visible()
    seat.shoot("outlets-empty")
    seat.accessible()
    seat.page.get_by_role("button", name="导入清单").click()
    send(seat, "网点.csv", LIST.encode("gb18030"))
    expect(seat.page.get_by_text("请先选择坐标系")).to_be_visible()
    form = seat.page.get_by_role("region", name="导入网点清单")
    form.get_by_role("radio", name="GCJ-02").check()
    expect(form.get_by_role("listitem")).to_have_text("上海市 2")
    first = form.get_by_role("region", name="清单的前 5 行").get_by_role("columnheader").first
    expect(first).to_have_text("门店名称名称")
    expect(form.get_by_role("heading", name="3 行不能使用")).to_be_visible()
    refused = form.get_by_label("3 行不能使用").get_by_role("row")
    expect(refused.nth(1)).to_contain_text("4–名称要有")
    expect(refused.nth(2)).to_contain_text("5静安寺店经度不是数字")
    expect(refused.nth(3)).to_contain_text("6浦东店经度或纬度超出范围")
    assert seat.server.get("outlets")["items"] == []
    seat.shoot("outlets-import")
    seat.accessible()
    form.get_by_role("button", name="添加 2 个网点").click()
    expect(form.get_by_text("已添加 2 个网点，3 行没有使用")).to_be_visible()
    one, other = seat.server.get("outlets")["items"]
    assert {one["radius"], other["radius"]} == {3000}
    assert abs(one["lon"] - 121.475) < 0.001, "it is kept in WGS-84"
    seat.page.get_by_role("button", name="撤销").click()
    expect(seat.page.get_by_text("还没有网点")).to_be_visible()
    assert seat.server.get("outlets")["items"] == []
    send(seat, "网点.csv", "名称,经度\na,1\n".encode())
    expect(form.get_by_text("没有认出纬度在哪一列")).to_be_visible()
    expect(form.get_by_role("button", name="添加")).to_be_disabled()


def choose(seat: Desk, field: str, heading: str) -> None:
    """Say from which column a field is read."""
    seat.page.get_by_role("combobox", name=field, exact=True).click()
    # A list that was unfolded before stays in the page, hidden.
    lists = seat.page.locator(".ant-select-dropdown")
    option = lists.get_by_title(heading, exact=True).filter(visible=True).last
    expect(option).to_be_visible()
    seat.settle()
    option.click()


def test_columns_that_are_not_recognised_are_chosen_by_hand(desk: Opened) -> None:
    seat = desk("analyst")
    seat.open("/outlets")
    seat.page.get_by_role("button", name="导入清单").click()
    form = seat.page.get_by_role("region", name="导入网点清单")
    form.get_by_role("radio", name="GCJ-02").check()
    send(seat, "网点.csv", STRANGE.encode())
    expect(form.get_by_text("没有认出名称、经度和纬度在哪一列")).to_be_visible()
    sample = form.get_by_role("region", name="清单的前 2 行")
    expect(sample.get_by_role("row").nth(1)).to_contain_text("人民广场店121.4795")
    expect(form.get_by_role("button", name="添加")).to_be_disabled()
    seat.shoot("outlets-columns")
    seat.accessible()
    choose(seat, "名称", "店铺")
    expect(form.get_by_text("没有认出经度和纬度在哪一列")).to_be_visible()
    choose(seat, "经度", "东")
    expect(form.get_by_text("没有认出纬度在哪一列")).to_be_visible()
    choose(seat, "纬度", "北")
    expect(form.get_by_role("listitem")).to_have_text("上海市 1")
    expect(form.get_by_role("heading", name="1 行不能使用")).to_be_visible()
    expect(sample.get_by_role("columnheader").first).to_have_text("店铺名称")
    assert seat.server.get("outlets")["items"] == []
    form.get_by_role("button", name="添加 1 个网点").click()
    expect(form.get_by_text("已添加 1 个网点，1 行没有使用")).to_be_visible()
    (kept,) = seat.server.get("outlets")["items"]
    assert (kept["name"], kept["own_id"]) == ("人民广场店", "S-1")
    assert abs(kept["lon"] - 121.475) < 0.001, "it is kept in WGS-84"
    narrow = desk("analyst", locale="en-US", color_scheme="dark", viewport=NARROW)
    narrow.open("/outlets")
    narrow.page.get_by_role("button", name="Import a list").click()
    narrow.page.get_by_role("radio", name="GCJ-02").check()
    send(narrow, "shops.csv", STRANGE.encode())
    expect(narrow.page.get_by_text("The column of Name, Longitude, and Latitude")).to_be_visible()
    narrow.shoot("outlets-columns-narrow")
    narrow.accessible()
    assert narrow.page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]


def test_an_outlet_is_written_changed_deleted_and_brought_back(desk: Opened) -> None:
    seat = desk("analyst", locale="en-US", viewport=NARROW)
    seat.open("/outlets?part=list")
    seat.page.get_by_role("button", name="Add an outlet").click()
    form = seat.page.get_by_role("region", name="Add an outlet")
    form.get_by_label("Name").fill("Bund")
    form.get_by_label("Longitude").fill("121.49")
    form.get_by_label("Latitude").fill("31.24")
    form.get_by_role("button", name="Save").click()
    seat.page.get_by_role("button", name="Change Bund").click()
    form = seat.page.get_by_role("region", name="Change an outlet")
    form.get_by_label("Capacity").fill("120")
    seat.accessible()
    form.get_by_role("button", name="Save").click()
    expect(form).to_have_count(0)
    (kept,) = seat.server.get("outlets")["items"]
    assert (kept["capacity"], kept["lon"]) == (120, 121.49)
    seat.page.get_by_role("button", name="Delete Bund").click()
    expect(seat.page.get_by_text("There are no outlets yet")).to_be_visible()
    seat.page.get_by_role("button", name="Undo").click()
    expect(seat.page.get_by_role("link", name="Bund")).to_be_visible()
    seat.accessible()


def test_outlets_are_a_layer_with_their_catchment_and_a_filter(desk: Opened) -> None:
    seat = desk("operator")
    (made,) = seat.server.api.post("/api/outlets", json={"outlets": [SHOP]}).json()["added"]
    (outlet,) = seat.server.get("outlets")["items"]
    seat.open(f"/map?at={SHOP['lon']},{SHOP['lat']},12&level=district")
    drawn(seat, "district")
    seat.page.get_by_role("button", name="网点").click()
    seat.page.wait_for_url("**outlets=on*")
    box = seat.page.locator(".map-place").bounding_box()
    assert box is not None
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    card = seat.page.locator(".map-card")

    def hovered() -> bool:
        seat.page.mouse.move(middle[0] + 30, middle[1] + 30)
        seat.page.mouse.move(*middle)
        seat.page.wait_for_timeout(200)
        return card.count() > 0 and "人民广场店" in card.inner_text()

    assert any(hovered() for _ in range(50)), "the outlet is drawn where it is"
    expect(card).to_contain_text("直营")
    expect(card).to_contain_text(f"半径内的用户{outlet['within']['profiles']}")
    seat.page.mouse.click(*middle)
    panel = seat.page.get_by_role("region", name="人民广场店")
    expect(panel).to_contain_text("4,000 m")
    seat.page.wait_for_url(f"**shop={made['id']}*")
    seat.shoot("outlets-layer")
    seat.accessible()
    panel.get_by_role("button", name="只看半径之内").click()
    seat.page.wait_for_url(f"**outlet={made['id']}*")
    shown = seat.server.get("map", level="district", outlet=made["id"])["profiles"]
    expect(seat.page.get_by_text(f"图中 {shown} 位用户")).to_be_visible()
    panel.get_by_role("link", name="在清单中查看").click()
    expect(seat.page.get_by_role("link", name="人民广场店")).to_be_visible()


def test_the_shops_of_a_chain_come_in_and_lie_in_their_cities(desk: Opened) -> None:
    if not HEYTEA.exists():
        pytest.skip("the folder of shared data is absent")
    seat = desk("analyst")
    seat.open("/outlets")
    seat.page.get_by_role("button", name="导入清单").click()
    form = seat.page.get_by_role("region", name="导入网点清单")
    form.get_by_role("radio", name="GCJ-02").check()
    seat.page.locator("input[type=file]").set_input_files(HEYTEA)
    cities = form.get_by_role("list")
    expect(cities).to_contain_text(re.compile(r"深圳市 ?87"))
    expect(cities).to_contain_text(re.compile(r"广州市 ?52"))
    form.get_by_role("button", name="添加 484 个网点").click()
    expect(form.get_by_text("已添加 484 个网点")).to_be_visible()
    form.get_by_role("button", name="关闭").click()
    seat.page.get_by_role("link", name="网点清单").click()
    expect(seat.page.get_by_text("484 个网点", exact=True)).to_be_visible()
    shanghai = named(HEYTEA, "上海市")
    seat.page.get_by_label("按名称、类型或编号查找").fill(shanghai)
    expect(seat.page.get_by_text("1 个网点", exact=True)).to_be_visible()
    seat.page.get_by_role("link", name=shanghai).click()
    seat.heading("热力地图")
    drawn(seat)
    expect(seat.page.get_by_role("region", name=shanghai)).to_contain_text("服务半径")
    seat.open("/map?outlets=on")
    drawn(seat)
    seat.page.wait_for_timeout(1000)
    seat.shoot("outlets-china")


@pytest.mark.parametrize(("locale", "scheme", "size"), LOOKS)
def test_full_pages_can_be_read_by_everybody(
    desk: Opened, locale: str, scheme: str, size: dict[str, int]
) -> None:
    seat = desk("analyst", locale=locale, color_scheme=scheme, viewport=size)
    shops = [
        {**SHOP, "name": f"{SHOP['name']} {n}", "lon": 121.44 + n / 50, "kind": "直营"}
        for n in range(4)
    ]
    seat.server.api.post("/api/outlets", json={"outlets": shops})
    pages = {
        "heat": "/outlets?level=district",
        "list": "/outlets?part=list",
        "map": "/map?at=121.48,31.22,11&level=area&areas=on&outlets=on",
    }
    for name, path in pages.items():
        seat.open(path)
        expect(seat.page.locator("h1")).to_be_visible()
        expect(seat.page.locator(".ant-skeleton")).to_have_count(0)
        if name == "map":
            drawn(seat, "area")
        seat.shoot(f"outlets-{name}-{locale[:2]}-{scheme}-{size['width']}")
        seat.accessible()
        wide = seat.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= size["width"], "the page scrolls sideways"


def named(list_: Path, city: str) -> str:
    """The name of an outlet of this city that no other outlet's name holds."""
    with list_.open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    names = [row["name"].strip() for row in rows]
    here = [row["name"].strip() for row in rows if row["city"] == city]
    return next(one for one in here if sum(one in name for name in names) == 1)
