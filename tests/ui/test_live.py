"""The last minutes: followed as events come, paused, and what is said where there is nothing."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.ui.conftest import NARROW, Opened


def test_what_happens_is_seen_as_it_happens(desk: Opened) -> None:
    seat = desk("operator")
    key = seat.server.source("now")
    seat.open("/live")
    seat.heading("实时")
    expect(seat.page.locator("[data-fresh]")).to_contain_text("截至")
    page = {
        "page": {"path": "/live-tea", "url": "https://shop.cn/tea", "referrer": "https://a.cn/"}
    }
    for n in range(3):
        event = {"type": "page", "userId": f"u-now-{n}", "messageId": f"now-{n}", "context": page}
        seat.server.send(key, event)
    pages = seat.page.get_by_role("table", name="热门页面")
    row = pages.get_by_role("row").filter(has_text="/live-tea")
    expect(row.get_by_role("cell").nth(0)).to_have_text("3")
    expect(seat.page.get_by_role("table", name="来路")).to_contain_text("a.cn")
    # Where others of these minutes may be too: a single area of few would keep back the next one.
    here = {"location": {"longitude": 121.47, "latitude": 31.2}}
    for n in range(8):
        seat.server.send(key, {**event, "userId": f"u-west-{n}", "messageId": f"west-{n}",
                               "context": here})  # fmt: skip
    where = seat.page.get_by_role("region", name="用户在哪里")
    expect(where.get_by_role("listitem")).to_contain_text(["上海市"])
    expect(where.locator("[data-drawn]:not([data-drawn=''])")).to_be_visible()
    expect(where.get_by_role("figure", name="图例")).to_contain_text("用户数")
    order = {"type": "track", "userId": "u-now-0", "event": "Order Completed", "messageId": "now-o",
             "properties": {"total": 12.5, "currency": "CNY"}}  # fmt: skip
    revenue = seat.page.locator("[data-figure=revenue] dd")
    before = float(revenue.inner_text().replace(",", ""))
    seat.server.send(key, order)
    expect(revenue).to_have_text(f"{before + 12.5:,.2f}")
    seat.accessible()
    seat.shoot("live.zh.light.wide")
    seat.page.get_by_role("button", name="暂停").click()
    expect(seat.page.get_by_role("status")).to_contain_text("已暂停")
    orders = seat.page.locator("[data-figure=orders] dd")
    held = int(orders.inner_text())
    seat.server.send(key, {**order, "messageId": "now-p"})
    seat.page.wait_for_timeout(2_500)
    assert int(orders.inner_text()) == held
    seat.page.get_by_role("button", name="继续").click()
    expect(orders).to_have_text(str(held + 1))

    other = desk("operator", locale="en-US", viewport=NARROW, color_scheme="dark")
    other.open("/live")
    expect(other.page.get_by_role("table", name="Top pages")).to_contain_text("/live-tea")
    assert other.page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    other.accessible()
    other.shoot("live.en.dark.narrow")
