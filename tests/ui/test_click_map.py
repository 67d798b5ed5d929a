"""The click map: what was clicked is ranked, and shown on the page itself, and to no other."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.collect.clients import BROWSER
from tests.ui.conftest import Opened
from tests.ui.shop import Visit, Visitor

AGREED = "hotspring.push(['consent', true]);"


def clicked(shop: Visitor, who: str, *selectors: str) -> list[dict[str, object]]:
    """What the script tells of somebody who opens the page of tea and clicks on these."""
    url = shop.site.url + "/tea"
    base = {"anonymousId": who, "context": {"page": {"path": "/tea"}, "userAgent": BROWSER}}
    view = {"type": "page", "properties": {"path": "/tea", "url": url, "view": who}}
    calls = [
        {"type": "track", "event": "Element Clicked",
         "properties": {"path": "/tea", "selector": selector, "page_x": 0.5, "page_y": 0.1}}
        for selector in selectors
    ]  # fmt: skip
    left = {
        "type": "track", "event": "Page Left",
        "properties": {"path": "/tea", "view": who, "depth": 0.6},
    }  # fmt: skip
    return [
        {**base, **call, "messageId": f"{shop.source}-{who}-{at}"}
        for at, call in enumerate([view, *calls, left])
    ]


def test_clicks_are_ranked_and_shown_on_the_page_itself(visit: Visit, desk: Opened) -> None:
    shop = visit(before=AGREED)
    page = shop.open("/tea")
    page.get_by_text("买茶").click()
    page.close(run_before_unload=True)
    shop.heard(lambda found: any(item["event"] == "Page Left" for item in found))
    buy, gone = 'button[data-hs="buy"]', "#sold-out"
    calls = clicked(shop, "p0", buy, gone, 'input[name="city"]')
    for at in range(1, 5):
        calls += clicked(shop, f"p{at}", buy, gone)
    shop.server.send(shop.key, *calls)
    before = len(shop.heard(lambda found: len(found) == 3 + len(calls)))

    seat = desk("operator")
    asked = f'{{"page":"/te*","sources":["{shop.source}"]}}'
    seat.open(f"/analytics/click_map?asked={asked}")
    seat.heading("点击图")
    expect(seat.page.locator("[data-figure=clicks] dd")).to_have_text("12")
    expect(seat.page.locator("[data-chart=ranking]").locator("canvas")).to_be_visible()
    table = seat.page.get_by_role("region", name="元素", exact=True)
    expect(table.get_by_role("row").nth(1)).to_contain_text("买茶")
    seat.accessible()

    # On the page itself: numbers on what is there, and a list of what is not.
    beside = seat.page.get_by_role("region", name="在页面上查看")
    expect(beside.get_by_label("页面地址")).to_have_value(shop.site.url + "/tea")
    with seat.page.expect_popup() as opened:
        beside.get_by_role("button", name="在页面上显示").click()
    window = opened.value
    told: list[str] = []
    window.on("request", lambda request: told.append(request.url))
    layer = window.locator("[data-hs-clicks]")
    expect(layer.get_by_text("6", exact=True)).to_be_visible()
    expect(beside.get_by_role("status")).to_contain_text("正在显示 /tea 的点击")
    panel = layer.get_by_role("region", name="点击图")
    expect(panel).to_contain_text("11 次点击 · 6 次浏览")
    expect(panel).to_contain_text("人数少于 5、未显示的元素：1")
    expect(panel).to_contain_text("当前页面上没有 · 1")
    expect(layer).not_to_contain_text("city")
    box, mark = window.get_by_text("买茶").bounding_box(), layer.get_by_text("6", exact=True)
    circle = mark.bounding_box()
    assert box is not None
    assert circle is not None
    assert abs(box["x"] + box["width"] - circle["x"] - circle["width"] / 2) < 2
    expect(layer.get_by_text("100.0% 的浏览看到这里").first).to_be_attached()

    # The application goes on to another page, where nobody was yet.
    window.evaluate("() => history.pushState(null, '', '/cart')")
    expect(panel).to_contain_text("来过这一页的人少于 5")
    window.get_by_text("买茶").click()
    panel.get_by_role("button", name="关闭").click()
    expect(layer).to_have_count(0)
    window.close(run_before_unload=True)
    # This visit was nobody's.
    assert not any("/v1/" in url for url in told)
    assert len(shop.heard(lambda found: len(found) >= before)) == before


def test_no_other_page_is_told_of_clicks(visit: Visit, desk: Opened) -> None:
    shop = visit(before=AGREED)
    shop.server.send(shop.key, *clicked(shop, "p1", "#buy"))
    seat = desk("operator", locale="en-US")
    asked = f'{{"sources":["{shop.source}"]}}'
    seat.open(f"/analytics/click_map?asked={asked}")
    beside = seat.page.get_by_role("region", name="On the page itself")
    field = beside.get_by_label("Address of the page")
    field.fill("javascript:alert(1)")
    expect(beside.get_by_role("button", name="Show on the page")).to_be_disabled()
    # The address leads on to another origin, which is told nothing.
    field.fill(shop.site.url.replace("127.0.0.1", "localhost") + "/away")
    seat.page.context.route(
        re.compile("/away$"),
        lambda route: route.fulfill(
            status=302, headers={"location": shop.site.url + "/tea"}
        ),
    )  # fmt: skip
    with seat.page.expect_popup() as opened:
        beside.get_by_role("button", name="Show on the page").click()
    expect(beside.get_by_role("status")).to_contain_text(f"led on to {shop.site.url}")
    assert_nothing(opened.value)
    # Nor does a page of somebody else hear anything that opens the shop by that name.
    stranger = seat.page.context.new_page()
    stranger.goto(shop.site.url.replace("127.0.0.1", "localhost") + "/other")
    with stranger.expect_popup() as opened:
        stranger.evaluate(f"() => {{ window.open('{shop.site.url}/tea', 'hs-clicks') }}")
    opened.value.wait_for_function("() => typeof hotspring.track === 'function'")
    opened.value.evaluate(
        "() => window.opener && window.postMessage({hotspring: 'clicks', path: '/tea', clicks: {}})"
    )
    assert_nothing(opened.value)


def assert_nothing(window: Page) -> None:
    """Nothing is laid over this page."""
    window.wait_for_function("() => document.querySelector('script[src$=\"/hs-clicks.js\"]')")
    window.evaluate("() => new Promise((go) => setTimeout(go, 100))")
    expect(window.locator("[data-hs-clicks]")).to_have_count(0)
