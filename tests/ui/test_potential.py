"""Who never did something is ranked by a score, with reasons, and becomes a segment."""

from __future__ import annotations

import pytest
from playwright.sync_api import Route, expect

from tests.ui.conftest import NARROW, Opened
from tests.ui.test_frame import LOOKS

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


@pytest.mark.parametrize(("locale", "scheme", "size"), LOOKS)
def test_a_run_that_a_restart_ended_is_told_and_started_again(
    desk: Opened, locale: str, scheme: str, size: dict[str, int]
) -> None:
    seat = desk("operator", locale=locale, color_scheme=scheme, viewport=size)
    run = {
        "id": "r1", "state": "failed", "progress": 0.4, "goal": "Order Completed",
        "horizon_days": 30.0, "cut": "2026-01-01T00:00:00.000Z", "score": None, "auc": None,
        "error": "the server stopped meanwhile; start it again", "auc_error": None, "lift": None,
        "tested": None, "reached": None, "by": "lin", "started_at": "2026-02-01T00:00:00.000Z",
        "finished_at": None,
    }  # fmt: skip
    asked = list[object]()

    def answer(route: Route) -> None:
        if route.request.method == "POST":
            asked.append(route.request.post_data_json)
            route.fulfill(status=201, json={**run, "id": "r2", "state": "queued", "error": ""})
        elif route.request.url.endswith("/runs"):
            route.fulfill(json={"items": [run]})
        else:
            again = {**run, "id": "r2", "state": "running", "error": ""}
            route.fulfill(json=again if route.request.url.endswith("/r2") else run)

    seat.page.route("**/api/potential/runs**", answer)
    seat.open("/potential")
    told = "服务中途停止了" if locale == "zh-CN" else "the server stopped meanwhile"
    expect(seat.page.get_by_text(told)).to_be_visible()
    seat.accessible()
    seat.shoot(f"potential-interrupted-{locale[:2]}-{scheme}-{size['width']}")
    name = "重新学习" if locale == "zh-CN" else "Learn again"
    seat.page.get_by_role("button", name=name).click()
    expect(seat.page.get_by_role("progressbar")).to_be_visible()
    assert asked == [{"goal": "Order Completed", "horizon_days": 30}]
