"""The group portrait of a segment: from its page, read, taken away, printed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.story.conftest import Server
from tests.ui.conftest import NARROW, Opened

ACTIVE: dict[str, Any] = {"band": {"any_of": ["hot", "warm"]}}
WHITE = "rgb(255, 255, 255)"


@pytest.fixture
def kept(seeded: Server) -> Iterator[dict[str, Any]]:
    made = [
        seeded.api.post("/api/segments", json={"name": name, "rule": rule}).json()
        for name, rule in (
            ("常来的人", ACTIVE),
            ("没有的人", {"trait": {"name": "city", "op": "eq", "value": "nowhere"}}),
        )
    ]
    for one in made:
        seeded.until(f"segments/{one['id']}", lambda told: told["state"] != "counting")
    yield made[0]
    for one in made:
        seeded.api.delete(f"/api/segments/{one['id']}")


def test_a_segment_has_a_portrait_that_prints(desk: Opened, kept: dict[str, Any]) -> None:
    seat = desk("operator", color_scheme="dark")
    page = seat.page
    told = seat.server.get(f"segments/{kept['id']}/portrait")
    assert not told["small"]
    assert told["rest"] > 0
    seat.open(f"/segments/{kept['id']}")
    page.get_by_role("link", name="群体画像").click()
    page.wait_for_url("**/portrait")
    seat.heading("群体画像：常来的人")
    expect(page.get_by_text(f"成员 {told['members']} 位，与其余 {told['rest']} 位")).to_be_visible()
    apart = page.get_by_role("region", name="最不一样的地方")
    expect(apart.get_by_role("listitem").first).to_contain_text("成员")
    bands = page.get_by_role("list", name="温层")
    expect(bands.get_by_role("listitem")).to_have_count(len(told["bands"]))
    orders = page.get_by_role("region", name="一年内的订单")
    expect(orders.get_by_role("row", name="下过单的人")).to_contain_text(
        str(told["worth"]["members"]["customers"])
    )
    expect(page.get_by_role("region", name="活跃时段：其余")).to_be_visible()
    seat.accessible()
    seat.shoot("portrait-dark")

    page.emulate_media(media="print")
    # A button prints what the browser's own command prints.
    expect(page.get_by_role("navigation", name="导航")).to_be_hidden()
    expect(page.get_by_role("button", name="打印")).to_be_hidden()
    expect(apart).to_have_css("background-color", WHITE)
    seat.heading("群体画像：常来的人")
    (pdf := seat.shoot("portrait-print").with_suffix(".pdf")).write_bytes(page.pdf())
    assert pdf.read_bytes().count(b"/Type /Page\n") >= 2
    page.emulate_media(media="screen")
    expect(apart).not_to_have_css("background-color", WHITE)
    page.evaluate("window.print = () => { document.title = 'printed' }")
    page.get_by_role("button", name="打印").click()
    expect(page).to_have_title("printed")
    page.get_by_role("button", name="导出").first.click()
    with page.expect_download() as coming:
        seat.settle()
        page.get_by_role("menuitem", name="CSV").click()
    assert "温层" in coming.value.path().read_text("utf-8-sig")


def test_of_few_a_portrait_says_why_there_is_none(desk: Opened, kept: dict[str, Any]) -> None:
    none = next(one for one in desk().server.get("segments")["items"] if one["name"] == "没有的人")
    seat = desk("operator", locale="en-US", viewport=NARROW)
    seat.open(f"/segments/{none['id']}/portrait")
    seat.heading("Group portrait: 没有的人")
    expect(seat.page.get_by_text("Fewer than 5 members: no portrait is drawn")).to_be_visible()
    expect(seat.page.get_by_role("button", name="Print")).to_have_count(0)
    seat.page.get_by_role("link", name="Back to the segment").click()
    seat.heading("没有的人")
