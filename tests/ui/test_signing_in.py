"""Coming in by a link, by password and code; coming back to where one was; leaving."""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
import time

from playwright.sync_api import expect

from tests.ui.conftest import PASSWORD, WIDE, Opened, enter


def code_of(secret: str, at: float) -> str:
    """What an app shows (RFC 6238, six digits, thirty seconds)."""
    key = base64.b32decode(secret.replace(" ", ""))
    digest = hmac.new(key, struct.pack(">Q", int(at // 30)), hashlib.sha1).digest()
    start = digest[-1] & 15
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"


def test_a_new_member_comes_in_by_the_link_once(desk: Opened) -> None:
    seat = desk(None)
    made = seat.server.api.post("/api/users", json={"name": "new", "role": "operator"}).json()
    seat.open(made["path"])
    seat.heading("欢迎使用 Hotspring")
    expect(seat.page.get_by_text("你的角色是「运营」")).to_be_visible()
    seat.shoot("welcome-zh")
    seat.accessible()
    seat.page.get_by_label("用户名").fill("ann")
    seat.page.get_by_label("新密码").fill("short")
    seat.page.get_by_label("再输入一次").fill("other")
    seat.page.get_by_role("button", name="开始使用").click()
    expect(seat.page.get_by_text("两次输入的不一样")).to_be_visible()
    seat.page.get_by_label("新密码").fill(PASSWORD)
    seat.page.get_by_label("再输入一次").fill(PASSWORD)
    seat.page.get_by_role("button", name="开始使用").click()
    seat.heading("总览")
    expect(seat.page.get_by_role("button", name="ann 的菜单")).to_be_visible()
    # The link is over, and the way back does not lead to it.
    assert made["link"] not in seat.page.url
    other = desk(None)
    other.open(made["path"])
    expect(other.page.get_by_text("这个链接已经用过或已经过期")).to_be_visible()


def test_who_was_asked_to_sign_in_comes_back(desk: Opened) -> None:
    seat = desk(None)
    enter(seat.server, "back", "operator")
    seat.open("/profiles?band=hot")
    seat.heading("登录")
    seat.shoot("sign-in-zh")
    seat.accessible()
    seat.page.get_by_label("用户名").fill("back")
    seat.page.get_by_label("密码", exact=True).fill("wrong wrong wrong")
    seat.page.get_by_role("button", name="登录").click()
    expect(seat.page.get_by_text("用户名或密码不对")).to_be_visible()
    seat.page.get_by_label("密码", exact=True).fill(PASSWORD)
    seat.page.get_by_role("button", name="登录").click()
    seat.heading("用户")
    assert seat.page.url.endswith("/profiles?band=hot")
    seat.page.get_by_role("button", name="back 的菜单").click()
    seat.settle()
    seat.page.get_by_role("menuitem", name="退出登录").click()
    seat.heading("登录")
    seat.open("/profiles")
    seat.heading("登录")


def test_no_link_leads_to_another_site_after_signing_in(desk: Opened) -> None:
    seat = desk(None)
    enter(seat.server, "lured", "viewer")
    seat.open("/sign-in?back=//evil.example/")
    seat.page.get_by_label("用户名").fill("lured")
    seat.page.get_by_label("密码", exact=True).fill(PASSWORD)
    seat.page.get_by_role("button", name="登录").click()
    seat.heading("总览")
    assert seat.page.url == f"{seat.server.url}/"


def test_a_second_factor_is_switched_on_and_asked_for(desk: Opened) -> None:
    server = desk("viewer").server
    seat = desk(enter(server, "careful", "viewer"), locale="en-US")
    seat.open("/account")
    seat.heading("My account")
    seat.page.get_by_role("button", name="Switch on").click()
    secret = seat.page.locator("code").inner_text()
    seat.shoot("second-factor-en")
    seat.accessible()
    began = time.time()
    seat.page.get_by_label("One-time code").fill(code_of(secret, began))
    seat.page.get_by_role("button", name="Confirm").click()
    expect(seat.page.get_by_text("Keep these recovery codes")).to_be_visible()
    spare = seat.page.locator("pre").inner_text().split()[0]

    other = desk(None, locale="en-US")
    other.open("/sign-in")
    other.page.get_by_label("Name").fill("careful")
    other.page.get_by_label("Password", exact=True).fill(PASSWORD)
    other.page.get_by_role("button", name="Sign in").click()
    expect(other.page.get_by_text("This account has a second factor")).to_be_visible()
    other.page.get_by_label("One-time code").fill(spare)
    other.page.get_by_role("button", name="Sign in").click()
    other.heading("Overview")

    # Seen from the first browser, the second can be signed out.
    seat.page.reload()
    seat.page.get_by_role("button", name="Sign out everywhere else").click()
    seat.settle()
    seat.page.get_by_role("button", name="OK", exact=True).click()
    expect(seat.page.get_by_text("You are signed in nowhere else.")).to_be_visible()
    other.open("/account")
    other.heading("Sign in")


def test_a_new_password_counts_from_now_on(desk: Opened) -> None:
    server = desk("viewer").server
    seat = desk(enter(server, "changing", "viewer"), viewport=WIDE)
    seat.open("/account")
    seat.page.get_by_label("现在的密码").fill("not this one at all")
    seat.page.get_by_label("新密码").fill("cold tea in summer")
    seat.page.get_by_label("再输入一次").fill("cold tea in summer")
    seat.page.get_by_role("button", name="更改密码").click()
    expect(seat.page.get_by_text("用户名或密码不对")).to_be_visible()
    seat.page.get_by_label("现在的密码").fill(PASSWORD)
    seat.page.get_by_role("button", name="更改密码").click()
    expect(seat.page.get_by_text("密码已更改")).to_be_visible()
    # The session goes on, with another cookie.
    seat.open("/")
    seat.heading("总览")
