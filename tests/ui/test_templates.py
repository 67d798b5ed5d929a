"""The page of industry templates: names mapped, items switched on, rules proposed, taken off."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.story.conftest import Server
from tests.ui.conftest import NARROW, Opened


@pytest.fixture(autouse=True)
def nothing_on(seeded: Server) -> Iterator[None]:
    """A story begins and ends without items."""
    _off(seeded)
    yield
    _off(seeded)


def _off(server: Server) -> None:
    template = server.get("templates/retail")
    items = [one["id"] for one in template["items"] if one["kind"] != "rule"]
    server.api.post("/api/templates/retail/remove", json={"items": items})


def test_an_operator_switches_on_what_her_pool_can_have(desk: Opened) -> None:
    seat = desk("operator")
    page = seat.page
    seat.open("/templates")
    page.get_by_role("link", name="零售与商超").click()
    seat.heading("零售与商超")
    once = page.locator("[data-item=one_order]")
    expect(once).to_contain_text("位用户")
    visits = page.locator("[data-item=shops_on_site]")
    expect(visits).to_contain_text("还缺：到店（Store Visited）")
    expect(visits.get_by_role("button", name="启用")).to_be_disabled()
    # Here who looks at goods is in the shop.
    store = page.get_by_role("combobox", name="到店", exact=True)
    store.fill("Product Viewed")
    store.press("Enter")
    store.press("Tab")
    page.wait_for_url("**names=*")
    expect(visits).to_contain_text("Product Viewed")
    expect(visits).not_to_contain_text("还缺")
    visits.get_by_role("button", name="启用：会到店").click()
    expect(visits).to_have_attribute("data-state", "on")
    expect(page.get_by_text("已启用：会到店")).to_be_visible()
    (tag,) = seat.server.get("tags")["items"]
    assert tag["name"] == "会到店"
    assert tag["values"][0]["rule"]["behaviour"]["event"] == "Product Viewed"
    expect(page.locator("[data-item=store_visited]").get_by_role("button")).to_have_count(0)
    seat.accessible()
    seat.shoot("templates-one")
    page.get_by_role("button", name="启用全部可用的").click()
    expect(once).to_have_attribute("data-state", "on")
    visits.get_by_role("link", name="会到店").click()
    seat.heading("会到店")
    seat.open("/templates/retail")
    expect(visits).to_have_attribute("data-state", "changed")
    visits.get_by_role("button", name="停用：会到店").click()
    page.locator(".ant-popconfirm .ant-btn-primary").click()
    expect(visits).to_have_attribute("data-state", "off")
    assert seat.server.get("tags")["items"] == []


def test_an_analyst_proposes_a_rule_and_looks_at_it(desk: Opened) -> None:
    seat = desk("analyst", locale="en-US", color_scheme="dark", viewport=NARROW)
    page = seat.page
    seat.open("/templates/retail?names=%7B%22store%22%3A%22Product%20Viewed%22%7D")
    seat.heading("Retail and supermarket")
    rule = page.locator("[data-item=store_visited]")
    expect(rule).to_contain_text("Rules that look at these events already")
    rule.get_by_role("button", name="Propose: Shop visited").click()
    page.get_by_role("link", name="See the preview").click()
    seat.heading("Temperature rules")
    expect(page.get_by_role("heading", name="Preview")).to_be_visible()
    assert "retail_store_visited" not in {
        one["id"] for one in seat.server.get("temperature/rules")["rules"]
    }
