"""Scores, tiers and groups are made in the browser, and a profile tells where it stands."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.ui.conftest import NARROW, Opened


def test_points_tiers_and_groups_are_made_and_a_profile_tells_where_it_stands(
    desk: Opened,
) -> None:
    seat = desk("analyst")
    page, server = seat.page, seat.server
    try:
        seat.open("/scores")
        seat.heading("评分")
        page.get_by_role("button", name="新建评分").click()
        page.get_by_label("名称", exact=True).fill("活跃度")
        page.get_by_label("第 1 行 分数").fill("7")
        page.get_by_role("button", name="加一行").click()
        page.get_by_label("第 2 行 这一行的名称").fill("再加几分")
        line = page.get_by_role("group", name="第 2 行")
        expect(line.get_by_text("单看这条规则")).to_be_visible()
        line.get_by_role("button", name="添加条件：整条规则").click()
        page.get_by_role("menuitem", name="温层", exact=True).click()
        line.get_by_text("JSON", exact=True).click()
        expect(line.get_by_role("textbox", name="规则的 JSON")).to_have_value(re.compile("band"))
        page.get_by_role("button", name="保存").click()
        expect(page.get_by_role("heading", name="活跃度")).to_be_visible()
        expect(page.get_by_role("img", name="分数的分布").locator("canvas")).to_be_visible()
        (score,) = server.get("scores")["items"]
        assert [line["points"] for line in score["lines"]] == [7, 5]
        parts = score["lines"][1]["rule"]["and"]
        assert [key for part in parts for key in part] == ["behaviour", "band"]
        seat.shoot("sorting-scores")
        seat.accessible()

        seat.open("/tiers")
        page.get_by_role("button", name="新建分层方案").click()
        page.get_by_label("名称", exact=True).fill("会员等级")
        page.get_by_label("第 2 层 从").fill("1")
        page.get_by_label("第 3 层 从").fill("500")
        seat.shoot("sorting-tier-form")
        page.get_by_role("button", name="保存").click()
        expect(page.get_by_role("heading", name="会员等级")).to_be_visible()
        (scheme,) = server.get("tiers")["items"]
        assert scheme["cuts"] == [1, 500]
        standing = server.get(f"tiers/{scheme['id']}/standing")
        table = page.get_by_role("table", name="各层人数")
        for one in standing["tiers"]:
            row = table.get_by_role("row").filter(has_text=one["name"])
            expect(row.get_by_role("cell", name=str(one["profiles"]), exact=True)).to_be_visible()
        expect(page.get_by_role("img", name="升降").locator("canvas")).to_be_visible()
        expect(page.get_by_role("table", name="升降矩阵")).to_be_visible()
        seat.open("/tiers?tier=银卡")
        members = page.get_by_role("region", name="层里的人").first
        silver = standing["tiers"][1]["profiles"]
        assert silver > 0
        expect(members.get_by_role("table").get_by_role("link")).to_have_count(silver)
        members.get_by_role("button", name="导出").click()
        choice = page.get_by_role("menuitem", name="CSV")
        expect(choice).to_be_visible()
        with page.expect_download() as saved:
            choice.click()
        lines = saved.value.path().read_text("utf-8-sig").count("\n")
        assert lines == silver + 1
        seat.shoot("sorting-tiers")
        seat.accessible()

        seat.open("/groups")
        page.get_by_role("button", name="新建分组").click()
        page.get_by_label("名称", exact=True).fill("新来的")
        page.get_by_label("权重").fill("3")
        page.get_by_role("button", name="保存").click()
        expect(page.get_by_role("table", name="认领").get_by_text("新来的")).to_be_visible()
        expect(page.get_by_role("region", name="组里的人").first).to_be_visible()
        seat.shoot("sorting-groups")
        seat.accessible()

        seat.open("/profiles/user_id:u-000?tab=sorted")
        expect(page.get_by_role("link", name="活跃度")).to_be_visible()
        expect(page.get_by_role("link", name="会员等级")).to_be_visible()
        seat.shoot("sorting-profile")
        seat.accessible()
        page.set_viewport_size(NARROW)
        seat.open("/tiers")
        expect(page.get_by_role("heading", name="会员等级")).to_be_visible()
        seat.shoot("sorting-tiers-narrow")
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= NARROW["width"], "the page scrolls sideways"
    finally:
        for kind in ("groups", "tiers", "scores"):
            for one in server.get(kind)["items"]:
                server.api.delete(f"/api/{kind}/{one['id']}")
