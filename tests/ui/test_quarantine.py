"""Quarantine: an entry in full, a fix tried before it counts, a drop with a reason."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.ui.conftest import Desk, Opened


def refuse(seat: Desk, source: str, *messages: str) -> None:
    """Send events of the far future; wait until they are refused."""
    key = seat.server.source(source)
    for message in messages:
        seat.server.send(key, {"type": "track", "userId": f"u-{source}", "event": "Tea Poured",
                               "timestamp": "2999-01-01", "messageId": message})  # fmt: skip
    seat.server.until(
        f"quarantine?source={source}", lambda told: len(told["items"]) == len(messages)
    )


def test_an_entry_is_read_mended_and_let_in(desk: Opened) -> None:
    seat = desk("analyst")
    refuse(seat, "kettle", "k1")
    seat.open("/quarantine?source=kettle")
    seat.page.get_by_role("button", name="时间在未来").click()
    expect(seat.page.locator("section[aria-labelledby=whole] pre")).to_contain_text("2999-01-01")
    assert "entry=" in seat.page.url
    let_in = seat.page.get_by_role("button", name="重新接收")
    expect(let_in).to_be_disabled()
    seat.page.get_by_role("combobox", name="添加一项修正").click()
    # A list that still unfolds moves under the pointer.
    option = seat.page.get_by_title("设定时间")
    expect(option).to_be_visible()
    seat.settle()
    option.click()
    expect(seat.page.get_by_role("group", name="设定时间")).to_be_visible()
    seat.page.get_by_role("button", name="试一遍").click()
    expect(seat.page.get_by_role("region", name="修正后")).not_to_contain_text("2999-01-01")
    expect(seat.page.get_by_role("region", name="原文")).to_contain_text("2999-01-01")
    assert seat.server.api.get("/api/profiles/user_id:u-kettle").status_code == 404
    seat.shoot("quarantine-mend")
    seat.accessible()
    let_in.click()
    seat.page.get_by_role("tooltip").get_by_role("button", name="重新接收").click()
    expect(seat.page.get_by_text("已重新接收 1 条")).to_be_visible()
    assert seat.server.person("user_id:u-kettle")["events"] == 1
    expect(seat.page.get_by_text("没有符合条件的事件")).to_be_visible()


def test_entries_are_dropped_with_a_reason(desk: Opened) -> None:
    seat = desk("analyst")
    refuse(seat, "spilt", "s1", "s2")
    seat.open("/quarantine?source=spilt")
    seat.page.get_by_label("丢弃的理由").fill("a test")
    seat.page.get_by_role("button", name="丢弃", exact=True).click()
    expect(seat.page.get_by_role("dialog")).to_contain_text("丢弃 2 条吗？")
    seat.page.get_by_role("dialog").get_by_role("button", name="丢弃").click()
    expect(seat.page.get_by_text("已丢弃 2 条")).to_be_visible()
    seat.page.get_by_text("已丢弃", exact=True).click()
    expect(seat.page.get_by_role("row").filter(has_text="a test")).to_have_count(2)
