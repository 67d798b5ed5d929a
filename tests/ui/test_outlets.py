"""Outlets beside heat: each area with the numbers that led to what is suggested."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.ui.conftest import Opened

SHOP = {"name": "人民广场店", "lon": 121.475, "lat": 31.23}


def test_an_area_to_warm_up_is_found_and_opened_on_the_map(desk: Opened) -> None:
    seat = desk("operator")
    seat.open("/outlets")
    seat.heading("网点与热度")
    expect(seat.page.get_by_text("这些地区里还没有网点")).to_be_visible()
    assert seat.server.api.post("/api/outlets", json={"outlets": [SHOP]}).status_code == 201
    seat.page.reload()
    (row,) = seat.server.get("outlets/analysis", level="city")["items"]
    line = seat.page.get_by_role("row", name="上海市")
    expect(line).to_contain_text(row["suggestion"])
    expect(line).to_contain_text("分界")
    seat.accessible()
    line.get_by_role("link", name="上海市").click()
    seat.heading("热力地图")
