"""Settings: members and tokens, a person who is to be forgotten, backups, the audit log."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.ui.conftest import Desk, Opened


def row(seat: Desk, text: str) -> Locator:
    return seat.page.get_by_role("row").filter(has_text=text)


def agree(seat: Desk) -> None:
    asked = seat.page.get_by_role("tooltip").get_by_role("button", name=re.compile("确 ?定"))
    expect(asked).to_be_visible()
    seat.settle()
    asked.click()
    # It goes once what was agreed to is done.
    expect(asked).to_have_count(0)


def test_a_member_is_invited_promoted_and_removed(desk: Opened) -> None:
    seat = desk()
    seat.open("/settings")
    seat.heading("设置")
    seat.page.get_by_label("姓名").fill("not a name")
    seat.page.get_by_role("button", name="添加并生成链接").click()
    expect(seat.page.get_by_text("以字母或数字开头")).to_be_visible()
    seat.page.get_by_label("姓名").fill("mei")
    seat.settle()
    seat.page.get_by_role("button", name="添加并生成链接").click()
    expect(seat.page.get_by_text("/welcome?link=")).to_be_visible()
    expect(row(seat, "mei")).to_contain_text("已邀请")
    seat.shoot("settings-member")
    seat.accessible()
    seat.page.get_by_label("mei 的角色").click()
    seat.settle()
    seat.page.locator(".ant-select-item-option[title='分析师']").click()
    expect(row(seat, "mei")).to_contain_text("分析师")
    members = {one["name"]: one["role"] for one in seat.server.get("users")["items"]}
    assert members["mei"] == "analyst"
    row(seat, "mei").get_by_role("button", name="移除").click()
    agree(seat)
    expect(row(seat, "mei")).to_have_count(0)


def test_a_token_is_shown_once_and_taken_back(desk: Opened) -> None:
    seat = desk()
    seat.open("/settings?part=tokens")
    seat.page.get_by_label("名称").fill("report")
    seat.page.get_by_role("button", name="新建", exact=True).click()
    expect(seat.page.get_by_text("hs_").first).to_be_visible()
    row(seat, "report").get_by_role("button", name="收回").click()
    agree(seat)
    expect(row(seat, "report")).to_have_count(0)


def test_a_person_is_erased_in_two_steps(desk: Opened) -> None:
    seat = desk()
    seat.open("/settings?part=privacy")
    erase = seat.page.get_by_role("region", name="删除一位用户")
    erase.get_by_label("标识").fill("user_id:nobody-at-all")
    erase.get_by_role("button", name="看看会删掉什么").click()
    expect(erase.get_by_role("alert").or_(erase.get_by_text("会删除并封存的标识"))).to_be_visible()
    erase.get_by_label("标识").fill("user_id:u-058")
    erase.get_by_role("button", name="看看会删掉什么").click()
    expect(erase.get_by_role("button", name="确认删除")).to_be_visible()
    expect(erase).to_contain_text("phone:+8619900000058")
    seat.accessible()
    erase.get_by_role("button", name="确认删除").click()
    agree(seat)
    done = seat.page.get_by_role("region", name="删除记录")
    expect(done.get_by_text("已完成")).to_be_visible()
    readmit = seat.page.get_by_role("region", name="允许回来")
    readmit.get_by_label("标识").fill("user_id:u-058")
    readmit.get_by_role("button", name="允许回来").click()
    agree(seat)
    expect(readmit.get_by_text("已允许")).to_be_visible()


def test_where_backups_go_is_told_and_the_pool_examined(desk: Opened) -> None:
    seat = desk()
    seat.open("/settings?part=backup")
    expect(seat.page.get_by_text("请在服务器的设置里写明 backup_folder")).to_be_visible()
    expect(seat.page.get_by_role("button", name="立即备份")).to_be_disabled()
    seat.accessible()
    seat.page.get_by_role("link", name="健康检查").click()
    seat.page.get_by_role("button", name="开始检查").click()
    expect(seat.page.get_by_text("一切正常")).to_be_visible()
    findings = seat.page.locator(".settings-findings")
    expect(findings).to_contain_text("日志 记录 1 到")
    expect(findings).to_contain_text("来源、令牌、导入记录和审计日志都能读取")
    seat.shoot("settings-health")


def test_the_audit_log_is_narrowed_by_its_address(desk: Opened) -> None:
    seat = desk()
    key = seat.server.source("audited")
    assert key
    seat.open("/audit?action=source.created")
    expect(row(seat, "audited")).to_contain_text("新建来源")
    seat.page.get_by_label("成员或令牌").fill("nobody")
    seat.page.keyboard.press("Enter")
    expect(seat.page.get_by_text("没有符合这些条件的记录")).to_be_visible()
    assert "actor=nobody" in seat.page.url
    seat.page.get_by_role("button", name="清除条件").click()
    expect(row(seat, "audited")).to_be_visible()


@pytest.mark.parametrize("path", ["/settings", "/audit"])
def test_others_hear_which_role_is_needed(desk: Opened, path: str) -> None:
    seat = desk("analyst")
    seat.open(path)
    expect(seat.page.get_by_text("查看本页需要「管理员」或更高的角色")).to_be_visible()
