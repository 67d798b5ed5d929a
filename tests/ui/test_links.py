"""A short link is made, its QR code seen, followed by somebody, counted, changed and taken back."""

from __future__ import annotations

import httpx
from playwright.sync_api import expect

from tests.collect.clients import BROWSER
from tests.story.conftest import Server
from tests.ui.conftest import NARROW, Opened


def follow(server: Server, code: str) -> httpx.Response:
    agent = {"user-agent": BROWSER}
    return httpx.get(f"{server.url}/l/{code}", headers=agent, trust_env=False)


def test_a_link_on_a_poster_is_followed_and_counted(desk: Opened) -> None:
    seat = desk("operator")
    seat.open("/links")
    expect(seat.page.get_by_text("还没有链接")).to_be_visible()
    seat.page.get_by_role("button", name="新建链接").click()
    form = seat.page.get_by_role("dialog", name="新建链接")
    form.get_by_label("名称").fill("门店海报")
    form.get_by_label("通向").fill("https://shop.example/tea")
    form.get_by_label("渠道").fill("海报")
    form.get_by_label("员工").fill("小林")
    form.get_by_label("地址结尾").fill("spring")
    seat.accessible()
    seat.shoot("links-new.zh")
    form.get_by_role("button", name="保存").click()
    row = seat.page.get_by_role("row").filter(has_text="门店海报")
    expect(row).to_contain_text("/l/spring")

    row.get_by_role("button", name="门店海报 的二维码").click()
    shown = seat.page.get_by_role("dialog", name="门店海报")
    drawn = shown.get_by_role("img", name="门店海报 的二维码")
    expect(drawn).to_be_visible()
    assert drawn.evaluate("image => image.decode().then(() => image.naturalWidth > 100)")
    seat.accessible()
    seat.shoot("links-code.zh")
    with seat.page.expect_download() as saved:
        shown.get_by_role("link", name="保存 PNG").click()
    assert saved.value.suggested_filename == "spring.png"
    assert saved.value.path().read_bytes().startswith(b"\x89PNG")
    shown.press("Escape")

    answer = follow(seat.server, "spring")
    assert answer.status_code == 302
    assert answer.headers["location"].startswith("https://shop.example/tea?utm_source=")
    (one,) = seat.server.until("links", lambda told: told["items"][0]["opened"])["items"]
    assert one["opened"] == 1
    live = seat.server.get("events/live", source="links")["items"]
    assert live[0]["properties"] == {
        "link": one["id"], "code": "spring", "channel": "海报", "staff": "小林",
    }  # fmt: skip
    assert live[0]["identifiers"][0].startswith("passer_by:")
    seat.page.reload()
    expect(row.get_by_role("cell", name="1", exact=True)).to_be_visible()
    seat.shoot("links.zh")

    row.get_by_role("button", name="修改 门店海报").click()
    form = seat.page.get_by_role("dialog", name="修改")
    form.get_by_label("员工").fill("小梅")
    form.get_by_role("button", name="保存").click()
    expect(row).to_contain_text("小梅")
    row.get_by_role("button", name="删除 门店海报").click()
    expect(row).to_have_count(0)
    assert follow(seat.server, "spring").status_code == 404
    seat.page.get_by_role("button", name="撤销").click()
    expect(row).to_contain_text("/l/spring")
    assert follow(seat.server, "spring").status_code == 302

    small = desk("operator", locale="en-US", viewport=NARROW, color_scheme="dark")
    small.open("/links")
    expect(small.page.get_by_text("门店海报").first).to_be_visible()
    small.accessible()
    small.shoot("links.en.dark.narrow")
    for link in seat.server.get("links")["items"]:
        seat.server.api.delete(f"/api/links/{link['id']}")
