"""The frame around every page: by its words, in both languages, on a phone and in the dark."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.shape.source import ROOT
from tests.story.conftest import Server
from tests.ui.conftest import NARROW, WIDE, Desk, Opened, desks

Tab = Callable[[str, str, int], Desk]

DAILY = (("zh-CN", "dark", NARROW), ("en-US", "light", WIDE))
LOOKS = [
    pytest.param(
        locale, shade, size,
        id=f"{locale[:2]}-{shade}-{size['width']}",
        # Two looks have everything in them once; the others are looked at by people.
        marks=[] if (locale, shade, size) in DAILY else pytest.mark.long,
    )
    for locale in ("zh-CN", "en-US") for shade in ("light", "dark") for size in (WIDE, NARROW)
]  # fmt: skip
PAGES = {
    "overview": ("/", "总览", "Overview"),
    "profiles": ("/profiles", "用户", "Profiles"),
    "profile": ("/profiles/user_id:u-000", "Test 0", "Test 0"),
    "profile-merges": ("/profiles/user_id:u-000?tab=identity", "Test 0", "Test 0"),
    "persona": ("/profiles/user_id:u-000?tab=persona", "Test 0", "Test 0"),
    "map": ("/map", "热力地图", "Heat map"),
    "outlets": ("/outlets", "网点与热度", "Outlets and heat"),
    "live": ("/live", "实时", "Live"),
    "costs": ("/costs", "费用", "Costs"),
    "links": ("/links", "短链接与二维码", "Links and QR codes"),
    "dashboards": ("/dashboards", "看板", "Dashboards"),
    "dashboard": ("/dashboards/{board}", "早会", "早会"),
    "analyses": ("/analytics", "分析", "Analyses"),
    "analysis": (
        '/analytics/funnel?asked={"steps":[{"event":"Order Completed"}],"by":"band"}',
        "漏斗", "Funnel",
    ),
    "segments": ("/segments", "分群", "Segments"),
    "portrait": ("/segments/{active}/portrait", "群体画像：常来的人", "Group portrait: 常来的人"),
    "segment-builder": ("/segments/build", "用户筛选器", "Segment builder"),
    "traits": ("/traits", "属性", "Traits"),
    "trait": ("/traits/city", "city", "city"),
    "tags": ("/tags", "标签", "Tags"),
    "tag-edit": ("/tags/edit", "新建标签", "New tag"),
    "templates": ("/templates", "行业模板", "Industry templates"),
    "template": ("/templates/retail", "零售与商超", "Retail and supermarket"),
    "rules": ("/rules", "温度规则", "Temperature rules"),
    "trial": ("/rules?part=trial&who=user_id:u-003", "温度规则", "Temperature rules"),
    "calibration": ("/rules?part=calibration", "温度规则", "Temperature rules"),
    "scores": ("/scores", "评分", "Scores"),
    "tiers": ("/tiers", "分层", "Tiers"),
    "clusters": ("/clusters", "自动分群", "Discovered groups"),
    "groups": ("/groups", "分组", "Groups"),
    "potential": ("/potential", "潜客", "Prospects"),
    "rfm": ("/rfm?window=0&pick=important_value", "客户价值", "Customer value"),
    "lifecycle": ("/lifecycle?sleeping=25", "生命周期", "Life cycle"),
    "sources": ("/sources", "来源", "Sources"),
    "source": ("/sources/shop", "shop", "shop"),
    "account": ("/account", "我的账号", "My account"),
    "members": ("/settings", "设置", "Settings"),
    "privacy": ("/settings?part=privacy", "设置", "Settings"),
    "tokens": ("/settings?part=tokens", "设置", "Settings"),
    "system": ("/settings?part=system", "设置", "Settings"),
    "backup": ("/settings?part=backup", "设置", "Settings"),
    "health": ("/settings?part=health", "设置", "Settings"),
    "audit": ("/audit", "审计日志", "Audit log"),
    "events": ("/events?verdict=accepted", "实时事件", "Live events"),
    "quarantine": ("/quarantine", "隔离区", "Quarantine"),
    "plan": ("/plan", "埋点方案", "Tracking plan"),
    "imports": ("/imports", "导入", "Imports"),
}  # fmt: skip


@pytest.fixture
def active(seeded: Server) -> Iterator[str]:
    """A segment for pages that need one."""
    asked = {"name": "常来的人", "rule": {"band": {"any_of": ["hot", "warm"]}}}
    id_ = str(seeded.api.post("/api/segments", json=asked).json()["id"])
    seeded.until(f"segments/{id_}", lambda told: told["state"] != "counting")
    yield id_
    seeded.api.delete(f"/api/segments/{id_}")


@pytest.fixture
def board(seeded: Server) -> Iterator[str]:
    """A dashboard with a figure and a chart."""
    asked = {"name": "流量", "analysis": "traffic", "parameters": {}}
    report = seeded.api.post("/api/reports", json=asked).json()["id"]
    cards = [
        {"report": report, "show": "figure", "name": "visitors"},
        {"report": report, "show": "chart", "name": "line trend visitors,sessions"},
    ]
    answer = seeded.api.post("/api/dashboards", json={"name": "早会", "cards": cards})
    made = answer.json()["id"]
    yield str(made)
    seeded.api.delete(f"/api/dashboards/{made}")
    seeded.api.delete(f"/api/reports/{report}")


@pytest.fixture(scope="module")
def tab(browser: Browser, seeded: Server, members: dict[str, str]) -> Iterator[Tab]:
    """One for each look: to begin anew takes a browser longer than to go on to another page."""
    with desks(browser, seeded, members) as make:
        yield functools.cache(
            lambda locale, scheme, width: make(
                locale=locale,
                color_scheme=scheme,
                viewport=NARROW if width == NARROW["width"] else WIDE,
            )
        )


@pytest.mark.parametrize(("locale", "scheme", "size"), LOOKS)
@pytest.mark.parametrize("name", PAGES)
def test_every_page_can_be_read_by_everybody(
    tab: Tab,
    request: pytest.FixtureRequest,
    name: str,
    locale: str,
    scheme: str,
    size: dict[str, int],
) -> None:
    path, chinese, english = PAGES[name]
    for made in ("active", "board"):
        if f"{{{made}}}" in path:
            path = path.format(**{made: request.getfixturevalue(made)})
    seat = tab(locale, scheme, size["width"])
    seat.open(path)
    seat.heading(chinese if locale == "zh-CN" else english)
    expect(seat.page.locator(".ant-skeleton")).to_have_count(0)
    seat.shoot(f"{name}-{locale[:2]}-{scheme}-{size['width']}")
    seat.accessible()
    wide = seat.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= size["width"], "the page scrolls sideways"
    seat.blameless()


def test_an_operator_sees_how_warm_the_pool_is(desk: Opened) -> None:
    seat = desk("viewer")
    seat.open("/")
    bands = seat.server.get("temperature")["bands"]
    for band, count in bands.items():
        expect(seat.page.locator(f"[data-band={band}] .figure")).to_have_text(str(count))
    assert bands["hot"] > 0
    assert bands["cold"] > 0
    expect(seat.page.locator("time")).to_be_visible()
    status = seat.server.get("status")
    waiting = status["quarantined"] - status["conflicts"]
    assert waiting > 0
    expect(seat.page.get_by_text(f"隔离区中有 {waiting} 个事件等待处理")).to_be_visible()
    arrived = seat.page.get_by_role("img", name="每分钟收到的事件")
    expect(arrived.locator("canvas")).to_be_visible()


def test_the_language_and_the_look_are_kept(desk: Opened) -> None:
    seat = desk()
    seat.open("/")
    seat.heading("总览")
    seat.page.get_by_role("button", name="English").click()
    seat.heading("Overview")
    seat.page.get_by_role("button", name="Look").click()
    # A menu that is still opening loses what is clicked in it.
    seat.settle()
    seat.page.get_by_role("menuitem", name="Dark").click()
    whole = seat.page.locator("html")
    expect(whole).to_have_attribute("data-shade", "dark")
    seat.page.reload()
    seat.heading("Overview")
    expect(whole).to_have_attribute("lang", "en")
    expect(whole).to_have_attribute("data-shade", "dark")


HELP = {
    "/": "温度",
    "/map": "热力图",
    "/templates": "行业模板",
    "/rules": "温度",
    "/rules?part=calibration": "校准：让规则贴合自己的生意",
    "/sources": "发送事件",
    "/quarantine": "隔离区",
    "/plan": "埋点方案",
    "/imports": "导入数据",
    "/settings": "成员：谁可以登录",
    "/settings?part=tokens": "令牌：程序怎样进来",
    "/settings?part=privacy": "个人的权利",
    "/settings?part=system": "运维",
    "/settings?part=backup": "备份与恢复",
    "/settings?part=health": "健康检查：目录是否完好",
    "/audit": "审计日志：谁做了什么",
    "/account": "成员：谁可以登录",
}


def test_help_opens_the_page_that_explains_this_one(desk: Opened) -> None:
    seat = desk()
    seat.open("/")
    link = seat.page.get_by_role("link", name="查看本页的说明")
    with seat.page.expect_popup() as opened:
        link.click()
    heading = opened.value.get_by_role("heading", level=1)
    expect(heading).to_have_text(HELP["/"])
    for path, told in HELP.items():
        seat.open(path)
        opened.value.goto(seat.server.url + str(link.get_attribute("href")))
        expect(heading, path).to_have_text(told)
    for language in ("zh", "en"):
        for guide in {path.stem for path in (ROOT / "docs").glob("*/guide/*.md")}:
            answer = seat.server.api.get(f"/help/{language}/guide/{guide}")
            assert answer.status_code == 200, (language, guide)


def test_an_address_without_a_page_says_so(desk: Opened) -> None:
    seat = desk()
    seat.open("/no/such/page")
    expect(seat.page.get_by_text("没有这个页面")).to_be_visible()


def test_a_line_that_breaks_is_told(desk: Opened) -> None:
    seat = desk()
    seat.open("/")
    seat.heading("总览")
    seat.page.route("**/api/status", lambda route: route.abort())
    expect(seat.page.get_by_text("连不上服务器，正在重试")).to_be_visible()
    seat.page.unroute("**/api/status")
    expect(seat.page.get_by_text("连不上服务器，正在重试")).to_be_hidden()


def test_nothing_is_reached_by_the_pointer_alone(desk: Opened) -> None:
    seat = desk(viewport=NARROW)
    seat.open("/")
    seat.heading("总览")
    seat.page.keyboard.press("Tab")
    expect(seat.page.get_by_role("link", name="跳到正文")).to_be_focused()
    seat.page.keyboard.press("Tab")
    seat.page.keyboard.press("Enter")
    expect(seat.page.get_by_role("link", name="总览")).to_be_visible()
    seat.page.keyboard.press("Escape")
    expect(seat.page.get_by_role("link", name="总览")).to_be_hidden()
