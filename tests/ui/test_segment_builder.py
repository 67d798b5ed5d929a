"""The segment builder: conditions are chosen, moved and taken back; who matches is seen."""

from __future__ import annotations

import json
import urllib.parse
from typing import Any

from playwright.sync_api import Locator, expect

from tests.ui.conftest import NARROW, Desk, Opened


def choose(seat: Desk, place: Locator, field: str, option: str) -> None:
    """Choose a word of a list by what it says."""
    place.get_by_role("combobox", name=field, exact=True).click()
    lists = seat.page.locator(".ant-select-dropdown")
    found = lists.get_by_title(option, exact=True).filter(visible=True).last
    expect(found).to_be_visible()
    seat.settle()
    found.click()


def matches(seat: Desk, rule: dict[str, Any]) -> int:
    answer = seat.server.api.post("/api/segments/preview", json={"rule": rule})
    assert answer.status_code == 200, answer.text
    return int(answer.json()["count"])


def shown(seat: Desk) -> dict[str, Any]:
    """The rule that the address holds."""
    query = urllib.parse.parse_qs(urllib.parse.urlsplit(seat.page.url).query)
    return dict(json.loads(query.get("rule", ["{}"])[0]))


def holds(seat: Desk, rule: dict[str, Any]) -> None:
    """Wait until the address holds this rule, and the page tells of how many it is true."""
    text = json.dumps(rule, ensure_ascii=False, separators=(",", ":"))
    seat.page.wait_for_function(
        "text => new URLSearchParams(location.search).get('rule') === text", arg=text
    )
    told = seat.page.get_by_role("status")
    expect(told).to_contain_text(f"{matches(seat, rule)}")


def test_a_rule_is_built_counted_and_shared(desk: Opened) -> None:
    seat = desk("operator")
    seat.open("/segments/build")
    seat.heading("用户筛选器")
    seat.accessible()
    seat.shoot("segments-start")
    seat.page.get_by_role("button", name="很热，但 30 天没有下单").click()
    live = seat.page.get_by_role("region", name="现在符合的用户")
    expect(live).to_contain_text("处于热，且最近 30 天内没有做过「Order Completed」")
    bought = seat.page.get_by_role("group", name="条件 2：做过或没做过", exact=True)
    choose(seat, bought, "算法", "做过")
    hot = {"band": {"any_of": ["hot"]}}
    window = {"from": {"ago": 30, "unit": "day"}}
    did = {"behaviour": {"event": "Order Completed", "window": window}}
    holds(seat, {"and": [hot, did]})
    assert matches(seat, {"and": [hot, did]}) > 0

    seat.page.get_by_role("button", name="添加条件：整条规则").click()
    seat.settle()
    seat.page.get_by_role("menuitem", name="属性", exact=True).click()
    city = seat.page.get_by_role("group", name="条件 3：属性", exact=True)
    expect(live).to_contain_text("填完标出的条件，就开始计算。")
    choose(seat, city, "属性", "city")
    expect(city).to_contain_text("这个条件还没有填完")
    city.get_by_role("combobox", name="值").fill("上海")
    city.get_by_role("combobox", name="值").press("Enter")
    lives = {"trait": {"name": "city", "op": "in", "value": ["上海"]}}
    holds(seat, {"and": [hot, did, lives]})
    seat.accessible()
    seat.shoot("segments-built")

    seat.page.get_by_role("button", name="上移：条件 3：属性").press("Enter")
    holds(seat, {"and": [hot, lives, did]})
    seat.page.get_by_role("button", name="不满足：条件 2：属性").click()
    holds(seat, {"and": [hot, {"not": lives}, did]})
    expect(live).to_contain_text("没有用户符合")
    seat.page.get_by_role("button", name="撤销").click()
    holds(seat, {"and": [hot, lives, did]})
    seat.page.get_by_role("button", name="重做").click()
    holds(seat, {"and": [hot, {"not": lives}, did]})

    other = desk("operator", locale="en-US", color_scheme="dark", viewport=NARROW)
    other.page.goto(seat.page.url)
    other.heading("Segment builder")
    where = other.page.get_by_role("region", name="Who matches now")
    expect(where).to_contain_text("not (trait “city” is “上海”)")
    other.accessible()
    other.shoot("segments-built-narrow")
    wide = other.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= NARROW["width"], "the page scrolls sideways"


def test_what_is_wrong_is_told_where_it_is(desk: Opened) -> None:
    seat = desk("operator")
    near = {"near": {"outlet": "gone", "metres": 500}}
    rule = {"or": [{"band": {"any_of": ["hot"]}}, {"and": [{"not": near}]}]}
    seat.open(f"/segments/build?rule={urllib.parse.quote(json.dumps(rule))}")
    place = seat.page.get_by_role("group", name="条件 2.1：网点附近", exact=True)
    expect(place).to_contain_text("没有编号为“gone”的网点")
    expect(place).to_contain_text("gone（不存在）")
    seat.accessible()
    seat.shoot("segments-wrong")
    seat.page.get_by_text("JSON", exact=True).click()
    text = seat.page.get_by_role("textbox", name="规则的 JSON")
    assert json.loads(text.input_value()) == rule
    text.fill('{"weather": {}}')
    expect(seat.page.get_by_text("只能用 JSON 编辑")).to_be_visible()
    expect(seat.page.get_by_text("'weather' is not one of")).to_be_visible()
    text.fill(json.dumps({"band": {"any_of": ["cold"]}}))
    holds(seat, {"band": {"any_of": ["cold"]}})
