"""The life cycle: stages, a pace that is tried, kept and taken back, a stage as a segment."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.ui.conftest import Opened


def test_a_pace_is_tried_kept_and_taken_back_and_a_stage_becomes_a_segment(desk: Opened) -> None:
    seat = desk("operator")
    page = seat.page
    before = seat.server.get("lifecycle/pace")["version"]
    seat.open("/lifecycle")
    seat.heading("生命周期")
    found = seat.server.get("lifecycle", back=90)
    for one in found["stages"]:
        card = page.locator(f"[data-stage={one['name']}] .figure")
        expect(card).to_have_text(str(one["profiles"]))
    for chart in ("两次之间隔多久", "各阶段人数的变化", "谁换了阶段"):
        expect(page.get_by_role("img", name=chart).locator("canvas")).to_be_visible()
    states = seat.server.get("lifecycle/frequency")["states"]
    for one in states:
        expect(page.locator(f"[data-state={one['name']}]")).to_have_text(str(one["profiles"]))
    assert sum(one["profiles"] for one in states) == found["profiles"]

    sleeping = page.get_by_label("沉睡（天）")
    sleeping.fill("25")
    sleeping.press("Enter")
    expect(page.get_by_text("正在试用，还没有保存")).to_be_visible()
    tried = seat.server.get("lifecycle", sleeping=25)
    moved = sum(one["profiles"] for one in tried["changes"] if one["from"] != one["to"])
    assert moved > 0
    expect(page.get_by_text(f"保存后，{moved} 位用户会换阶段")).to_be_visible()
    keep = page.get_by_role("button", name="存为分群 沉睡")
    expect(keep).to_be_disabled()
    seat.accessible()
    page.get_by_role("button", name="保存为流量池的节奏").click()
    expect(page.get_by_text(f"第 {before + 1} 版")).to_be_visible()
    assert seat.server.get("lifecycle/pace")["pace"]["sleeping"] == 25

    expect(keep).to_be_enabled()
    keep.click()
    link = page.get_by_role("link", name="打开分群")
    expect(link).to_be_visible()
    (segment,) = [
        one for one in seat.server.get("segments")["items"] if "沉睡 · 生命周期" in one["name"]
    ]
    try:
        rule = {"lifecycle": {"any_of": ["sleeping"]}}
        assert segment["rule"] == rule
        told = seat.server.api.post("/api/segments/preview", json={"rule": rule}).json()
        there = {one["name"]: one["profiles"] for one in tried["stages"]}
        assert told["count"] == there["sleeping"] > 0
        seat.shoot("lifecycle-story")
        page.get_by_role("button", name="撤销这次决定").click()
        expect(page.get_by_text(f"第 {before + 2} 版")).to_be_visible()
        assert seat.server.get("lifecycle/pace")["pace"] == found["pace"]
    finally:
        seat.server.api.delete(f"/api/segments/{segment['id']}")
