"""Trade areas in the browser: drawn, told about, changed, taken back, brought in from a file."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.ui.conftest import NARROW, Desk, Opened
from tests.ui.test_map import drawn, saved

BOX = [[121.4, 31.15], [121.6, 31.15], [121.6, 31.35], [121.4, 31.35], [121.4, 31.15]]
AROUND = {"type": "Polygon", "coordinates": [BOX]}
SEA = [[122.4, 31.15], [122.6, 31.15], [122.6, 31.35], [122.4, 31.15]]
pytestmark = pytest.mark.usefixtures("bare_map")
HERE = "/map?at=121.48,31.24,10"


def at(seat: Desk, x: float, y: float) -> tuple[float, float]:
    """A point of the map, as shares of its size."""
    box = seat.page.locator(".map-place").bounding_box()
    assert box is not None
    return box["x"] + box["width"] * x, box["y"] + box["height"] * y


def click(seat: Desk, x: float, y: float) -> None:
    where = at(seat, x, y)
    seat.page.mouse.move(*where)
    seat.page.mouse.click(*where)


def test_an_area_is_drawn_and_tells_how_warm_it_is(desk: Opened) -> None:
    seat = desk("analyst")
    seat.open(HERE)
    drawn(seat)
    seat.page.get_by_role("button", name="商圈").click()
    seat.page.get_by_role("button", name="画商圈").click()
    form = seat.page.get_by_role("region", name="画商圈")
    expect(form.get_by_role("button", name="保存")).to_be_disabled()
    for corner in ((0.1, 0.1), (0.9, 0.1), (0.9, 0.85), (0.1, 0.85)):
        click(seat, *corner)
    expect(form.locator("dd").first).to_have_text("4")
    click(seat, 0.1, 0.1)
    expect(form.get_by_text("拖动圆点移动角")).to_be_visible()
    form.get_by_label("名称").fill("人民广场商圈")
    seat.shoot("areas-drawing")
    seat.accessible()
    form.get_by_role("button", name="保存").click()
    report = seat.page.get_by_role("region", name="人民广场商圈")
    seat.page.wait_for_url("**level=area*")
    (area,) = seat.server.get("map", level="area")["areas"]
    assert area["profiles"] >= 5
    expect(report).to_contain_text(f"用户数{area['profiles']}")
    expect(report).to_contain_text("km²")
    drawn(seat, "area")
    row = seat.page.locator(f"[data-area='{area['id']}']")
    expect(row).to_have_attribute("aria-current", "true")
    seat.shoot("areas-report")
    seat.accessible()
    head, told = saved(report, "CSV").decode("utf-8-sig").splitlines()
    assert head.startswith("id,地区,profiles")
    assert told.startswith(f"{area['id']},人民广场商圈,{area['profiles']},")


def test_an_area_is_changed_by_its_corners_deleted_and_brought_back(desk: Opened) -> None:
    seat = desk("analyst")
    body = {"type": "Feature", "properties": {"name": "旧名"}, "geometry": AROUND}
    (made,) = seat.server.api.post("/api/areas", json=body).json()["items"]
    seat.open(f"{HERE}&level=area&area=area:{made['id']}")
    drawn(seat, "area")
    report = seat.page.get_by_role("region", name="旧名")
    report.get_by_role("button", name="放大到这里").click()
    seat.page.wait_for_url(lambda url: "121.48" not in url)
    report.get_by_role("button", name="修改").click()
    form = seat.page.get_by_role("region", name="修改商圈")
    form.get_by_label("名称").fill("新名")
    form.get_by_text("坐标", exact=True).click()
    field = form.get_by_role("textbox", name="每行一个角")
    before = field.input_value()
    assert before.splitlines()[0] == "121.4, 31.15"
    field.fill("31.2, 121.4\n1, 2\n3, 4")
    form.get_by_role("button", name="采用这些坐标").click()
    expect(form.get_by_role("alert")).to_contain_text("第 1 行")
    field.fill(before.replace("121.6, 31.35", "121.7, 31.35"))
    form.get_by_role("button", name="采用这些坐标").click()
    form.get_by_role("button", name="保存").click()
    report = seat.page.get_by_role("region", name="新名")
    expect(report).to_be_visible()
    (kept,) = seat.server.get("areas")["items"]
    assert kept["name"] == "新名"
    assert [121.7, 31.35] in kept["geometry"]["coordinates"][0]
    report.get_by_role("button", name="删除").click()
    expect(seat.page.get_by_text("商圈「新名」已删除")).to_be_visible()
    expect(seat.page.get_by_text("还没有商圈").first).to_be_visible()
    seat.page.get_by_role("button", name="撤销").click()
    expect(seat.page.locator(f"[data-area='{made['id']}']")).to_be_visible()


def test_a_corner_is_dragged_on_the_map(desk: Opened) -> None:
    seat = desk("analyst")
    body = {"type": "Feature", "properties": {"name": "方块"}, "geometry": AROUND}
    (made,) = seat.server.api.post("/api/areas", json=body).json()["items"]
    seat.open(f"/map?at=121.5,31.25,10&level=area&area=area:{made['id']}")
    drawn(seat, "area")
    seat.page.get_by_role("region", name="方块").get_by_role("button", name="修改").click()
    form = seat.page.get_by_role("region", name="修改商圈")
    form.get_by_text("坐标", exact=True).click()
    field = form.get_by_role("textbox", name="每行一个角")
    # 0.1 degrees east are so many of the 512 * 2**10 pixels around the earth.
    reach = 0.1 * 512 * 2**10 / 360
    x, y = at(seat, 0.5, 0.5)
    east = x + reach
    # The middle of the eastern side is not quite half way up: it is a middle of degrees.
    seat.page.mouse.move(east, y)
    seat.page.mouse.down()
    seat.page.mouse.move(east + 20, y, steps=4)
    seat.page.mouse.up()
    expect(form.locator("dd").first).to_have_text("5")
    form.get_by_role("button", name="撤销一步").click()
    expect(form.locator("dd").first).to_have_text("4")
    assert field.input_value().splitlines()[0] == "121.4, 31.15"


def test_an_area_is_drawn_without_a_pointer(desk: Opened) -> None:
    seat = desk("analyst", locale="en-US", viewport=NARROW)
    seat.open(f"{HERE}&level=area")
    drawn(seat)
    expect(seat.page.get_by_text("There are no trade areas yet").first).to_be_visible()
    seat.page.get_by_role("button", name="Draw one").focus()
    seat.page.keyboard.press("Enter")
    canvas = seat.page.locator("canvas[aria-label^='Map; arrow keys']")
    form = seat.page.get_by_role("region", name="Draw a trade area")
    canvas.focus()
    for number, key in enumerate(("ArrowRight", "ArrowDown", "ArrowLeft"), 1):
        seat.page.keyboard.press("Enter")
        expect(form.locator("dd").first).to_have_text(str(number))
        before = seat.page.url
        seat.page.keyboard.press(key)
        # The address tells where the map stands, once it does.
        seat.page.wait_for_url(lambda url, before=before: url != before)
    seat.page.keyboard.press("Shift+Enter")
    expect(form.get_by_text("Drag a dot")).to_be_visible()
    form.get_by_label("Name").fill("By keys")
    form.get_by_role("button", name="Save").click()
    expect(seat.page.get_by_role("region", name="By keys")).to_be_visible()
    seat.shoot("areas-narrow")
    seat.accessible()


class Finger:
    """One finger on the glass, as the browser is told of it."""

    def __init__(self, seat: Desk) -> None:
        self.seat = seat
        self.browser = seat.page.context.new_cdp_session(seat.page)

    def tap(self, x: float, y: float) -> None:
        """Tap a point of the map, as shares of its size."""
        self.seat.page.touchscreen.tap(*at(self.seat, x, y))

    def drag(self, start: tuple[float, float], end: tuple[float, float], steps: int = 6) -> None:
        (x, y), (to_x, to_y) = start, end
        self._say("touchStart", x, y)
        for step in range(1, steps + 1):
            share = step / steps
            self._say("touchMove", x + (to_x - x) * share, y + (to_y - y) * share)
        self._say("touchEnd")

    def _say(self, kind: str, *point: float) -> None:
        points = [{"x": point[0], "y": point[1]}] if point else []
        self.browser.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


def test_an_area_is_drawn_and_mended_by_touch(desk: Opened) -> None:
    seat = desk("analyst", viewport=NARROW, has_touch=True, is_mobile=True)
    seat.open(f"{HERE}&areas=on")
    drawn(seat)
    seat.page.get_by_role("button", name="画商圈").tap()
    form = seat.page.get_by_role("region", name="画商圈")
    place = seat.page.locator(".map-place")
    expect(place).to_be_in_viewport(ratio=0.9)
    finger = Finger(seat)
    for number, corner in enumerate(((0.2, 0.25), (0.8, 0.25), (0.8, 0.75), (0.2, 0.75)), 1):
        finger.tap(*corner)
        expect(form.locator("dd").first).to_have_text(str(number))
    seat.shoot("areas-touch-open")
    # A fingertip is wider than a pointer: near the first corner is meant to be it.
    first = at(seat, 0.2, 0.25)
    seat.page.touchscreen.tap(first[0] + 16, first[1] + 10)
    expect(form.get_by_text("拖动圆点移动角")).to_be_attached()
    expect(form.locator("dd").first).to_have_text("4")
    form.get_by_text("坐标", exact=True).tap()
    field = form.get_by_role("textbox", name="每行一个角")
    before = field.input_value().splitlines()
    assert len(before) == 4
    place.scroll_into_view_if_needed()
    x, y = at(seat, 0.8, 0.75)
    finger.drag((x + 12, y + 12), (x - 60, y - 90))
    expect(field).not_to_have_value("\n".join(before))
    after = field.input_value().splitlines()
    assert [one == other for one, other in zip(before, after, strict=True)] == [
        True, True, False, True
    ]  # fmt: skip
    # What is dragged beside the corners moves the map and leaves the area as it is.
    finger.drag(at(seat, 0.5, 0.5), at(seat, 0.6, 0.6))
    seat.page.wait_for_url(lambda url: "121.48" not in url)
    assert field.input_value().splitlines() == after
    form.get_by_label("名称").fill("手指画的")
    seat.shoot("areas-touch")
    seat.accessible()
    form.get_by_role("button", name="保存").tap()
    expect(seat.page.get_by_role("region", name="手指画的")).to_be_visible()
    (kept,) = seat.server.get("areas")["items"]
    assert len(kept["geometry"]["coordinates"][0]) == 5


def test_a_file_tells_which_of_its_features_cannot_be_used(desk: Opened) -> None:
    seat = desk("analyst")
    seat.open(f"{HERE}&areas=on")
    drawn(seat)
    seat.page.get_by_role("button", name="导入 GeoJSON").click()
    road = {"type": "LineString", "coordinates": BOX}
    send(seat, collection(("路", road), ("外滩", AROUND), ("海", {**AROUND, "coordinates": [SEA]})))
    expect(seat.page.get_by_text("已添加 2 个商圈，1 个要素不能使用")).to_be_visible()
    expect(seat.page.get_by_text("第 1 个要素（路）：不是多边形")).to_be_visible()
    assert {one["name"] for one in seat.server.get("areas")["items"]} == {"外滩", "海"}
    drawn(seat, "area")
    seat.page.get_by_role("button", name="海", exact=True).click()
    expect(seat.page.get_by_role("region", name="海")).to_contain_text(
        "没有位置精确到 2 公里以内的用户"
    )
    send(seat, collection(("路", road)))
    expect(seat.page.get_by_text("一个商圈也没有添加")).to_be_visible()
    send(seat, "no json")
    expect(seat.page.get_by_text("文件不是 GeoJSON")).to_be_visible()
    seat.shoot("areas-import")
    seat.accessible()


def test_who_may_not_change_areas_reads_them(desk: Opened) -> None:
    body = {"type": "Feature", "properties": {"name": "外滩"}, "geometry": AROUND}
    seat = desk("operator")
    (made,) = seat.server.api.post("/api/areas", json=body).json()["items"]
    seat.open(f"{HERE}&level=area&area=area:{made['id']}")
    expect(seat.page.get_by_text("画和修改商圈需要分析师角色")).to_be_visible()
    expect(seat.page.get_by_role("region", name="外滩")).to_contain_text("用户数")
    expect(seat.page.get_by_role("button", name="画商圈")).to_have_count(0)
    expect(seat.page.get_by_role("button", name="删除")).to_have_count(0)
    viewer = desk("viewer")
    viewer.open("/map?areas=on&level=area")
    drawn(viewer)
    expect(viewer.page.get_by_role("button", name="商圈")).to_have_count(0)


def collection(*features: tuple[str, dict[str, Any]]) -> str:
    told = [
        {"type": "Feature", "properties": {"name": name}, "geometry": geometry}
        for name, geometry in features
    ]
    return json.dumps({"type": "FeatureCollection", "features": told})


def send(seat: Desk, text: str) -> None:
    file = {"name": "areas.geojson", "mimeType": "application/geo+json", "buffer": text.encode()}
    seat.page.locator("input[type=file]").set_input_files(files=[file])  # type: ignore[list-item]
