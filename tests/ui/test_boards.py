"""A question is kept and opened again; its answer is pinned, arranged, held to a target."""

from __future__ import annotations

import json

from playwright.sync_api import expect

from tests.ui.conftest import NARROW, Opened

STEPS = [{"event": "Product Viewed"}, {"event": "Order Completed"}]


def test_a_question_is_kept_and_opened_again(desk: Opened) -> None:
    seat = desk("operator")
    asked = json.dumps({"steps": STEPS, "days": 200})
    seat.open(f"/analytics/funnel?asked={asked}")
    started = seat.page.locator("[data-figure=started] dd")
    many = started.inner_text()
    seat.page.get_by_role("button", name="存为报告").click()
    seat.page.get_by_label("名称", exact=True).fill("下单漏斗")
    seat.page.get_by_role("button", name="保存", exact=True).click()
    saving = seat.page.get_by_role("region", name="保存的报告")
    expect(saving).to_contain_text("报告： 下单漏斗")
    seat.shoot("boards-report.zh")

    seat.open("/analytics")
    table = seat.page.get_by_role("table", name="保存的报告")
    table.get_by_role("link", name="下单漏斗").click()
    expect(started).to_have_text(many)
    seat.page.get_by_label("天数").fill("100")
    seat.page.get_by_role("button", name="查看", exact=True).click()
    expect(saving).to_contain_text("已改动，未保存")
    seat.page.get_by_role("button", name="保存更改").click()
    seat.page.get_by_label("名称", exact=True).fill("百日漏斗")
    seat.page.get_by_role("button", name="另存为新的").click()
    expect(saving).to_contain_text("报告： 百日漏斗")
    (one,) = [one for one in seat.server.get("reports")["items"] if one["name"] == "百日漏斗"]
    assert one["parameters"] == {"steps": STEPS, "days": 100}

    # Deleted, and brought back.
    seat.page.get_by_role("button", name="删除").click()
    seat.page.get_by_role("button", name="撤销").click()
    seat.open("/analytics")
    expect(table.get_by_role("link")).to_have_text(["下单漏斗", "百日漏斗"])
    seat.accessible()
    seat.shoot("boards-reports.zh")
    for one in seat.server.get("reports")["items"]:
        seat.server.api.delete(f"/api/reports/{one['id']}")


def test_an_answer_is_pinned_arranged_held_to_a_target_and_put_on_a_wall(desk: Opened) -> None:
    seat = desk("operator")
    page, api = seat.page, seat.server.api
    asked = json.dumps({"steps": STEPS, "days": 200})
    seat.open("/dashboards")
    expect(page.get_by_text("还没有看板")).to_be_visible()
    seat.open(f"/analytics/funnel?asked={asked}")
    for what in ("转化率", "步骤 · 到达", "步骤"):
        page.get_by_role("button", name=f"钉到看板：{what}", exact=True).click()
        expect(page.get_by_text("已钉到「看板」")).to_be_visible()
        page.get_by_role("button", name="关闭", exact=True).click()
    (report,) = seat.server.get("reports")["items"]
    page.get_by_role("link", name="去看看").click()
    seat.heading("看板")
    cards = page.locator("[data-card]")
    expect(cards).to_have_count(3)
    expect(cards.nth(0)).to_contain_text("%")
    expect(cards.nth(1).locator("canvas")).to_be_visible()
    expect(cards.nth(2)).to_contain_text("Order Completed")
    seat.accessible()
    seat.shoot("boards.zh.light.wide")

    # By keys and by hand; nothing is kept before it is saved.
    page.get_by_role("button", name="编排").click()
    title = f"转化率 · {report['name']}"
    page.get_by_role("button", name=f"移动：{title}").press("ArrowRight")
    expect(cards.nth(1)).to_contain_text(title)
    expect(page.get_by_role("button", name=f"移动：{title}")).to_be_focused()
    page.get_by_role("button", name=f"宽加一：{title}").click()
    page.get_by_role("button", name=f"大小：{title}").press("ArrowDown")
    handle = page.get_by_role("button", name=f"移动：步骤 · {report['name']}")
    handle.hover()
    page.mouse.down()
    cards.nth(0).locator("h3").hover()
    page.mouse.up()
    expect(cards.nth(0)).to_contain_text("Order Completed")
    page.get_by_role("button", name=f"名称和目标：{title}").click()
    form = page.get_by_role("dialog")
    form.get_by_label("目标").click()
    page.get_by_title("一个数值", exact=True).click()
    form.get_by_label("要达到的数值").fill("95")
    form.get_by_role("checkbox", name="在总览上提醒").check()
    form.get_by_role("button", name="确定").click()
    aim = page.locator("[data-met]")
    expect(aim).to_contain_text("未达标")
    expect(aim).to_contain_text("95.0%")
    seat.accessible()
    seat.shoot("boards-arrange.zh.light.wide")

    # Somebody pins one more meanwhile: it is taken in, and one looks before one saves.
    (board,) = seat.server.get("dashboards")["items"]
    pinned = {"report": report["id"], "show": "figure", "name": "started"}
    api.post(f"/api/dashboards/{board['id']}/cards", json=pinned).raise_for_status()
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_text("也改了这块看板")).to_be_visible()
    expect(cards).to_have_count(4)
    seat.shoot("boards-changed.zh.light.wide")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_role("toolbar")).to_have_count(0)
    (board,) = seat.server.get("dashboards")["items"]
    kept = [(one["show"], one["width"], one["height"]) for one in board["cards"]]
    assert kept == [("table", 2, 2), ("chart", 2, 2), ("figure", 2, 2), ("figure", 2, 2)]
    assert board["cards"][2]["target"] == {"value": 0.95, "change": 0.0, "less": False, "weeks": 0}

    other = desk("operator", locale="en-US", viewport=NARROW, color_scheme="dark")
    other.open("/")
    watched = other.page.get_by_role("region", name="Watched figures")
    expect(watched.locator("[data-met]")).to_contain_text("Target missed")
    alerts = other.page.get_by_role("region", name="Alerts", exact=True)
    expect(alerts).to_contain_text("91.7%, should be at least 95.0%")
    alerts.get_by_role("button", name="Take note").click()
    expect(alerts).to_contain_text("lin-operator took note")
    other.accessible()
    other.shoot("boards-watched.en.dark.narrow")

    page.get_by_role("button", name="全屏").click()
    wall = page.locator(".boards-wall")
    expect(wall).to_be_visible()
    assert page.evaluate("document.fullscreenElement?.classList.contains('boards-wall')")
    page.evaluate("document.exitFullscreen()")
    expect(wall).to_have_count(0)

    other.open(f"/dashboards/{board['id']}")
    expect(other.page.locator("[data-met]")).to_contain_text("Target missed")
    wide = other.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= NARROW["width"]
    other.accessible()
    other.shoot("boards.en.dark.narrow")

    # Deleted, and brought back.
    page.get_by_role("button", name="删除").click()
    expect(page.get_by_text("还没有看板")).to_be_visible()
    page.get_by_role("button", name="撤销").click()
    expect(page.get_by_role("table", name="看板").get_by_role("link")).to_have_text(["看板"])
    for kind in ("dashboards", "reports"):
        for one in seat.server.get(kind)["items"]:
            api.delete(f"/api/{kind}/{one['id']}")
