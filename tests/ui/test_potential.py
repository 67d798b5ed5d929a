"""Who never did something is ranked by a score, with reasons, and becomes a segment."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.ui.conftest import NARROW, Opened

LINES = [
    {"points": 5, "title": "留了手机", "rule": {"identifier": {"kind": "phone"}}},
    {"points": 0.1, "title": "温度", "amount": {"of": {"temperature": {}}}},
]


def test_who_never_did_it_is_ranked_with_reasons(desk: Opened) -> None:
    seat = desk("operator")
    page, server = seat.page, seat.server
    made = server.api.post("/api/scores", json={"name": "兴趣", "lines": LINES}).json()
    goal = "Order Completed"
    try:
        seat.open("/potential")
        seat.heading("潜客")
        expect(page.get_by_text("选一个事件和一个评分")).to_be_visible()
        seat.open(f"/potential?goal={goal}&score={made['id']}")
        found = server.get("potential", goal=goal, score=made["id"], limit=20)
        table = page.get_by_role("table", name="潜客")
        first = found["items"][0]
        row = table.get_by_role("row").filter(has_text=first["id"])
        expect(row.get_by_text(first["reasons"][0]["title"])).to_be_visible()
        seat.shoot("potential")
        seat.accessible()
        page.get_by_role("button", name="从历史学一个评分").click()
        # A few made-up people are no history: the page says what is missing.
        expect(page.get_by_role("alert").or_(page.get_by_role("status")).first).to_be_visible()
        page.set_viewport_size(NARROW)
        seat.shoot("potential-narrow")
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= NARROW["width"], "the page scrolls sideways"
        page.get_by_role("link", name="存为分群").first.click()
        seat.heading("用户筛选器")
    finally:
        server.api.delete(f"/api/scores/{made['id']}")
