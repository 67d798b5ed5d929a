"""Groups of alike profiles are found, read, kept as a tag and used as a segment in the browser."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.ui.conftest import NARROW, Opened

TURN_MS = 60_000
"""A run is short, and a machine that does much else may be slow."""


def test_groups_are_found_said_and_kept_as_a_tag(desk: Opened) -> None:
    seat = desk("operator")
    page, server = seat.page, seat.server
    try:
        seat.open("/clusters")
        seat.heading("自动分群")
        page.get_by_role("button", name="寻找新的群").click()
        page.get_by_label("名称", exact=True).fill("人群")
        page.get_by_role("button", name="保存并寻找").click()
        expect(page.get_by_role("heading", name="人群")).to_be_visible()
        groups = page.get_by_role("list", name="各群").locator("> li")
        expect(groups.first).to_be_visible(timeout=TURN_MS)
        (one,) = server.get("clusters")["items"]
        assert one["state"] == "done"
        expect(groups).to_have_count(len(one["found"]["groups"]))
        for group in one["found"]["groups"]:
            card = groups.filter(has=page.get_by_role("heading", name=group["name"], exact=True))
            expect(card.get_by_text(group["facts"][0]["sentence"])).to_be_visible()
        page.get_by_role("button", name="存为标签").click()
        expect(page.get_by_role("link", name="人群")).to_be_visible()
        seat.shoot("clusters-found")
        seat.accessible()
        page.get_by_role("button", name="刷新").click()
        expect(page.get_by_text("位用户换了群")).to_be_visible(timeout=TURN_MS)
        page.set_viewport_size(NARROW)
        seat.shoot("clusters-narrow")
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= NARROW["width"], "the page scrolls sideways"
        groups.first.get_by_role("link", name="用作分群").click()
        seat.heading("用户筛选器")
    finally:
        for one in server.get("clusters")["items"]:
            server.api.delete(f"/api/clusters/{one['id']}")
            if one["tag"]:
                server.api.delete(f"/api/tags/{one['tag']}")
