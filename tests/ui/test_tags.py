"""The pages of tags: made by a rule, set by hand and taken back, from a file, named and deleted."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.story.conftest import Server
from tests.ui.conftest import NARROW, Opened
from tests.ui.people import HOTTEST


@pytest.fixture(autouse=True)
def none_left(seeded: Server) -> Iterator[None]:
    """A story begins and ends without tags, and without segments that name them."""
    clear(seeded)
    yield
    clear(seeded)


def clear(server: Server) -> None:
    for room in ("segments", "tags"):
        for one in server.get(room)["items"]:
            server.api.delete(f"/api/{room}/{one['id']}")


def test_tags_are_made_set_taken_back_and_seen_on_a_profile(desk: Opened) -> None:
    seat = desk("analyst")
    page, server = seat.page, seat.server
    seat.open("/tags")
    seat.heading("标签")
    expect(page.get_by_text("还没有标签")).to_be_visible()
    page.get_by_role("link", name="新建标签").click()
    seat.heading("新建标签")
    page.get_by_label("名称").fill("冷热")
    page.get_by_label("负责人").fill("CRM 组")
    seat.settle()
    page.get_by_label("值", exact=True).get_by_title("多个值").click()
    page.get_by_role("button", name="添加值").click()
    for number, (word, kind) in enumerate((("热", "温层"), ("可联系", "有联系方式或标识")), 1):
        value = page.get_by_role("group", name=f"第 {number} 个值")
        value.get_by_role("textbox", name=f"第 {number} 个值").fill(word)
        value.get_by_role("button", name="添加条件：整条规则").click()
        seat.settle()
        page.get_by_role("menuitem", name=kind, exact=True).filter(visible=True).click()
    hot = server.get("temperature")["bands"]["hot"]
    expect(page.get_by_text(f"现在有 {hot} 位用户符合")).to_be_visible()
    seat.accessible()
    seat.shoot("tags-edit")
    page.get_by_role("button", name="保存").click()
    seat.heading("冷热")
    (kept,) = server.get("tags")["items"]
    told = server.get(f"tags/{kept['id']}")
    assert told["owner"] == "CRM 组"
    assert told["values"][0]["count"] == hot
    spread = page.get_by_role("table", name="值的分布")
    expect(spread.get_by_role("row").filter(has_text="处于热")).to_contain_text(str(hot))
    page.get_by_role("combobox", name="值").click()
    seat.settle()
    page.get_by_title("热", exact=True).filter(visible=True).last.click()
    page.wait_for_url("**value=**")
    members = page.get_by_role("region", name="有这个标签的用户")
    expect(members.get_by_role("table").get_by_role("link")).to_have_count(hot)
    seat.accessible()
    seat.shoot("tags-rule")

    made = server.api.post("/api/tags", json={"name": "朋友", "values": [{"value": "老友"}]})
    friend = made.json()["id"]
    seat.open(f"/tags/{friend}")
    seat.heading("朋友")
    page.get_by_label("用户编号，或").fill(f"{HOTTEST}\nuser_id:nobody")
    page.get_by_role("button", name="打上标签").click()
    expect(page.get_by_text("已给 1 位用户打上「朋友」")).to_be_visible()
    expect(page.get_by_text("1 个不在流量池里")).to_be_visible()
    expect(spread.get_by_role("row").filter(has_text="老友")).to_contain_text("1")
    seat.accessible()
    seat.shoot("tags-hand")
    seat.open(f"/profiles/{HOTTEST}")
    seat.heading("Test 0")
    mine = page.get_by_role("region", name="标签")
    expect(mine.get_by_role("listitem")).to_have_count(2)
    expect(mine.get_by_role("listitem").filter(has_text="老友")).to_contain_text("lin-analyst")
    seat.accessible()
    seat.shoot("tags-profile")
    mine.get_by_role("button", name="取下「朋友」").click()
    expect(mine.get_by_role("listitem")).to_have_count(1)
    page.get_by_role("button", name=re.compile("^撤\\s*销$")).click()
    expect(mine.get_by_role("listitem")).to_have_count(2)

    rule = {"tag": {"id": friend, "any_of": ["老友"]}}
    named = server.api.post("/api/segments", json={"name": "老朋友们", "rule": rule})
    assert named.status_code == 201, named.text
    seat.open(f"/segments/build?id={named.json()['id']}")
    seat.heading("用户筛选器")
    expect(page.get_by_text("标签「朋友」为「老友」")).to_be_visible()
    seat.open("/tags")
    page.get_by_role("button", name="上传名单打标签").click()
    form = page.get_by_role("region", name="上传名单打标签")
    people = f"{HOTTEST.partition(':')[2]},金\nghost,银\n".encode()
    file = {"name": "等级.csv", "mimeType": "text/csv", "buffer": people}
    page.locator("input[type=file]").set_input_files(file)
    form.get_by_role("button", name="打上标签").click()
    expect(form.get_by_role("link", name="等级")).to_be_visible()
    seat.accessible()
    seat.shoot("tags-list")
    page.get_by_role("button", name=re.compile("^计算人数")).click()
    sheet = page.get_by_role("table", name="标签")
    expect(sheet.get_by_text("未计算")).to_have_count(0)
    page.get_by_role("link", name="朋友", exact=True).click()
    seat.heading("朋友")
    expect(page.get_by_role("button", name="删除")).to_be_disabled()
    expect(page.get_by_role("link", name="老朋友们")).to_be_visible()

    narrow = desk("operator", locale="en-US", color_scheme="dark", viewport=NARROW)
    for path, title in (("/tags", "Tags"), (f"/tags/{kept['id']}", "冷热"),
                        (f"/tags/edit?id={kept['id']}", "Change a tag")):  # fmt: skip
        narrow.open(path)
        narrow.heading(title)
        expect(narrow.page.locator(".ant-skeleton")).to_have_count(0)
        narrow.accessible()
        narrow.shoot(f"tags-narrow-{title.split()[0]}")
        wide = narrow.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= NARROW["width"], "the page scrolls sideways"


def test_traits_are_listed_counted_and_opened(desk: Opened) -> None:
    seat = desk("operator")
    page = seat.page
    seat.open("/traits")
    seat.heading("属性")
    sheet = page.get_by_role("table", name="属性")
    expect(sheet.get_by_role("link", name="city")).to_be_visible()
    counting = page.get_by_role("button", name=re.compile("^计算人数"))
    if counting.count():
        counting.click()
    expect(sheet.get_by_text("未计算")).to_have_count(0)
    sheet.get_by_role("link", name="city").click()
    seat.heading("city")
    told = seat.server.get("traits/city")
    assert 0 < told["count"] <= told["known"]
    value = next(one for one in told["values"] if one["value"] == "上海")
    row = page.get_by_role("table", name="值的分布").get_by_role("row").filter(has_text="上海")
    expect(row).to_contain_text(str(value["count"]))
    seat.accessible()
