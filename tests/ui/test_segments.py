"""The pages of segments: kept from the builder, found, changed, taken away as a file, deleted."""

from __future__ import annotations

import json
import re
import urllib.parse
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.story.conftest import Server
from tests.ui.conftest import NARROW, Opened
from tests.ui.people import HOTTEST
from tests.ui.test_frame import LOOKS

HOT: dict[str, Any] = {"band": {"any_of": ["hot"]}}


@pytest.fixture(autouse=True)
def none_left(seeded: Server) -> Iterator[None]:
    """A story begins and ends without segments."""
    clear(seeded)
    yield
    clear(seeded)


def clear(server: Server) -> None:
    for _ in range(2):  # One that is named by another goes after it.
        for one in server.get("segments")["items"]:
            server.api.delete(f"/api/segments/{one['id']}")


def test_a_segment_is_kept_found_changed_and_deleted(desk: Opened) -> None:
    seat = desk("analyst")
    page = seat.page
    seat.open("/segments")
    seat.heading("分群")
    expect(page.get_by_text("还没有分群")).to_be_visible()
    page.get_by_role("link", name="新建分群").click()
    seat.heading("用户筛选器")
    rule = urllib.parse.quote(json.dumps({"and": [HOT]}))
    seat.open(f"/segments/build?rule={rule}")
    keep = page.get_by_role("region", name="存成分群")
    keep.get_by_label("名称").fill("热用户")
    keep.get_by_role("button", name="保存分群").click()
    seat.heading("热用户")
    (kept,) = seat.server.get("segments")["items"]
    page.wait_for_url(f"**/segments/{kept['id']}")
    hot = seat.server.get("temperature")["bands"]["hot"]
    expect(page.get_by_text(f"{hot} 位用户")).to_be_visible()
    members = page.get_by_role("region", name="成员").first
    expect(members.get_by_role("table").get_by_role("link")).to_have_count(hot)
    seat.accessible()
    seat.shoot("segments-one")
    members.get_by_role("button", name="导出").click()
    with page.expect_download() as coming:
        seat.settle()
        page.get_by_role("menuitem", name="CSV").click()
    assert coming.value.path().read_text("utf-8-sig").count("\n") == hot + 1

    page.get_by_role("button", name="固定为名单").click()
    frozen = page.get_by_role("region", name="固定为名单")
    expect(frozen.get_by_label("名称")).to_have_value(re.compile("热用户（"))
    seat.accessible()
    seat.shoot("segments-freeze")
    frozen.get_by_label("名称").fill("那时的热用户")
    frozen.get_by_role("button", name="固定为名单").click()
    seat.heading("那时的热用户")
    expect(page.get_by_text(f"{hot} 位用户")).to_be_visible()
    expect(page.get_by_role("button", name="固定为名单")).to_have_count(0)
    copies = [one for one in seat.server.get("segments")["items"] if one["id"] != kept["id"]]
    assert [one["kind"] for one in copies] == ["static"]
    seat.server.api.delete(f"/api/segments/{copies[0]['id']}")
    page.go_back()
    seat.heading("热用户")

    page.get_by_role("link", name="在用户列表里看").click()
    seat.heading("用户")
    expect(page.get_by_text(f"{hot} 位用户")).to_be_visible()
    expect(page.get_by_role("table").locator(".temperature")).to_have_count(hot)
    page.go_back()
    page.get_by_role("link", name="在热力地图上看").click()
    seat.heading("热力地图")
    located = seat.server.get("map", among=f"segment:{kept['id']}")["profiles"]
    assert 0 < located < seat.server.get("map")["profiles"]
    expect(page.get_by_text(f"图中 {located} 位用户")).to_be_visible()
    page.go_back()

    page.get_by_role("link", name="修改规则").click()
    seat.heading("用户筛选器")
    page.get_by_role("button", name="添加条件：整条规则").click()
    seat.settle()
    page.get_by_role("menuitem", name="有联系方式或标识").click()
    keep = page.get_by_role("region", name="存成分群")
    expect(keep.get_by_role("button", name="保存", exact=True)).to_be_enabled()
    keep.get_by_role("button", name="保存", exact=True).click()
    page.wait_for_url(f"**/segments/{kept['id']}")
    expect(page.get_by_text("处于热，且有手机号")).to_be_visible()
    page.get_by_role("button", name="改名").click()
    form = page.get_by_role("region", name="改名")
    form.get_by_label("名称").fill("很热的人")
    form.get_by_role("button", name="保存").click()
    seat.heading("很热的人")
    changed = seat.server.get(f"segments/{kept['id']}")
    assert (changed["name"], changed["version"]) == ("很热的人", 3)

    named = {"name": "除了热的", "rule": {"not": {"segment": {"id": kept["id"]}}}}
    assert seat.server.api.post("/api/segments", json=named).status_code == 201
    page.reload()
    expect(page.get_by_role("button", name="删除")).to_be_disabled()
    page.get_by_role("link", name="除了热的").click()
    seat.heading("除了热的")
    expect(page.get_by_text("不满足（属于分群「很热的人」）")).to_be_visible()
    page.get_by_role("link", name="全部分群").click()
    seat.heading("分群")
    sheet = page.get_by_role("table", name="分群")
    used = sheet.get_by_role("row").filter(has_text="处于热，且有手机号")
    expect(used.get_by_role("cell").filter(has_text="除了热的")).to_have_count(1)
    seat.accessible()
    seat.shoot("segments-list")
    page.get_by_role("link", name="分群的重叠").click()
    seat.heading("分群的重叠")
    for name in ("很热的人", "除了热的"):
        page.get_by_role("combobox", name="选择 2 到 5 个分群").click()
        seat.settle()
        page.get_by_title(name, exact=True).filter(visible=True).last.click()
    page.wait_for_url("**ids=sg_*")
    page.keyboard.press("Escape")
    parts = page.get_by_role("img", name="分群的重叠")
    expect(parts.locator("canvas")).to_be_visible()
    seat.accessible()
    seat.shoot("segments-overlap")
    seat.settle()
    page.get_by_label("图或数字").get_by_title("看数字").click()
    expect(page.get_by_role("row").filter(has_text="在")).to_have_count(2)
    seat.open(f"/segments/{kept['id']}?part=compare")
    expect(page.get_by_role("table", name="占比").get_by_role("row").nth(1)).to_contain_text("热")
    expect(page.get_by_role("table", name="数值")).to_contain_text("°C")
    seat.accessible()
    seat.shoot("segments-compare")
    page.get_by_role("link", name="人数的变化").click()
    past = page.get_by_role("img", name="人数的变化")
    expect(past.locator("canvas")).to_be_visible()
    expect(page.get_by_role("heading", name="谁进入，谁离开")).to_be_visible()
    seat.accessible()
    seat.shoot("segments-past")
    seat.open("/segments")
    page.get_by_role("button", name="上传名单").click()
    form = page.get_by_role("region", name="上传名单")
    people = f"{HOTTEST.partition(':')[2]}\nnobody-at-all\n".encode()
    file = {"name": "老客.csv", "mimeType": "text/csv", "buffer": people}
    page.locator("input[type=file]").set_input_files(file)
    form.get_by_role("button", name="保存分群").click()
    expect(form.get_by_role("link", name="老客")).to_be_visible()
    seat.accessible()
    seat.shoot("segments-upload")
    form.get_by_role("button", name="关闭").click()
    page.get_by_role("searchbox", name="按名称").fill("除了")
    page.get_by_role("searchbox", name="按名称").press("Enter")
    expect(page.get_by_text("1 个分群")).to_be_visible()
    page.get_by_role("link", name="除了热的").click()
    page.get_by_role("button", name="删除").click()
    page.locator(".ant-popconfirm .ant-btn-primary").click()
    expect(page.get_by_text("2 个分群")).to_be_visible()
    assert [one["name"] for one in seat.server.get("segments")["items"]] == ["很热的人", "老客"]

    narrow = desk("operator", locale="en-US", color_scheme="dark", viewport=NARROW)
    one = f"/segments/{kept['id']}"
    for path, name in (("/segments", "list"), (one, "one"), (f"{one}?part=compare", "compare")):
        narrow.open(path)
        narrow.heading("Segments" if name == "list" else "很热的人")
        expect(narrow.page.get_by_text("Is hot and has a phone number")).to_be_visible()
        narrow.accessible()
        narrow.shoot(f"segments-{name}-narrow")
        wide = narrow.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= NARROW["width"], "the page scrolls sideways"


@pytest.mark.parametrize("locale", ["zh-CN", "en-US"])
def test_what_somebody_else_changed_meanwhile_is_told_before_it_is_saved_over(
    desk: Opened, locale: str
) -> None:
    seat = desk("analyst", locale=locale)
    kept = seat.server.api.post("/api/segments", json={"name": "Hot", "rule": HOT}).json()
    place = f"segments/{kept['id']}"
    seat.open(f"/segments/build?id={kept['id']}")
    form = seat.page.locator(".named-form")
    expect(form.locator("input").first).to_have_value("Hot")
    theirs = {"name": "Theirs", "rule": HOT, "version": kept["version"]}
    changed = seat.server.api.put(f"/api/{place}", json=theirs).json()
    save = form.locator("button[type=submit]")
    save.click()
    told = {"zh-CN": "刚才被", "en-US": "was changed meanwhile by"}[locale]
    expect(form.get_by_text(told)).to_be_visible()
    assert seat.server.get(place)["version"] == changed["version"]
    # Who has read that saves what they see.
    expect(form.locator("input").first).to_have_value("Theirs")
    save.click()
    seat.page.wait_for_url(f"**/{place}")
    assert seat.server.get(place)["version"] == changed["version"] + 1


@pytest.mark.parametrize(("locale", "scheme", "size"), LOOKS)
def test_the_list_draws_how_sizes_went(
    desk: Opened, locale: str, scheme: str, size: dict[str, int]
) -> None:
    seat = desk("analyst", locale=locale, color_scheme=scheme, viewport=size)
    body = {"name": "Hot", "rule": HOT}
    kept = seat.server.api.post("/api/segments", json=body).json()
    counts = [None] * 10 + [3, 4, 4, 9, 8, 8, 7, 12, 12, 14, 14, 13, 15, 18, 18, 17, 20, 22, 22, 24]
    told = {"as_of": "2026-03-01T00:00:00.000Z", "items": [{"id": kept["id"], "counts": counts}]}
    seat.page.route("**/api/segments/sizes*", lambda route: route.fulfill(json=told))
    seat.open("/segments")
    drawn = seat.page.get_by_role("img", name=re.compile("从 3 到 24|from 3 to 24"))
    expect(drawn).to_be_visible()
    seat.accessible()
    seat.shoot(f"segments-sizes-{locale[:2]}-{scheme}-{size['width']}")
