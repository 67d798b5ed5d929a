"""The live events: accepted and refused, with the reason, paused and searched."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.ui.conftest import Opened


def track(name: str, message: str, **more: object) -> dict[str, object]:
    return {"type": "track", "userId": "u-live", "event": name, "messageId": message, **more}


def test_events_are_seen_as_they_come(desk: Opened) -> None:
    seat = desk("analyst")
    key = seat.server.source("live")
    seat.open("/events?source=live")
    expect(seat.page.get_by_text("还没有事件")).to_be_visible()
    seat.server.send(key, track("Tea Poured", "live-1", properties={"cups": 3}))
    row = seat.page.get_by_role("listitem").filter(has_text="Tea Poured")
    expect(row).to_contain_text("收下")
    row.locator("summary").click()
    expect(row.locator("pre")).to_contain_text('"cups": 3')
    expect(row).to_contain_text("user_id:u-live")
    seat.server.send(key, track("Tea Spilt", "live-2", timestamp="2999-01-01"))
    refused = seat.page.get_by_role("listitem").filter(has_text="时间在未来")
    refused.locator("summary").click()
    expect(refused.locator("pre")).to_contain_text("Tea Spilt")
    seat.shoot("events-open")
    seat.accessible()
    seat.page.get_by_role("button", name="暂停").click()
    seat.server.send(key, track("Tea Drunk", "live-3"))
    seat.page.wait_for_timeout(1_500)
    expect(seat.page.get_by_text("Tea Drunk")).to_have_count(0)
    seat.page.get_by_role("button", name="继续").click()
    expect(seat.page.get_by_text("Tea Drunk")).to_be_visible()
    search = seat.page.get_by_role("searchbox", name="事件名、消息编号或拒收内容")
    search.fill("poured")
    search.press("Enter")
    expect(seat.page.get_by_text("Tea Drunk")).to_have_count(0)
    expect(seat.page.get_by_text("Tea Poured").first).to_be_visible()
    assert "q=poured" in seat.page.url
