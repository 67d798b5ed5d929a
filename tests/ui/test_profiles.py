"""Profiles: found, understood, parted and taken back, exported, erased."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.ui.conftest import Opened
from tests.ui.people import HOTTEST, PEOPLE


def test_a_list_with_detail_says_of_each_what_the_profile_says(desk: Opened) -> None:
    server = desk("operator").server
    lines = server.get("profiles", detail=True, limit=20)["items"]
    assert len(lines) == 20
    for line in lines:
        profile = server.get(f"profiles/{line['id']}")
        assert line["identifiers"] == profile["identifiers"]
        assert line["traits"] == profile["traits"]
    assert "traits" not in server.get("profiles")["items"][0]


def test_an_operator_finds_whom_she_looks_for(desk: Opened) -> None:
    seat = desk("operator")
    everyone = seat.server.get("status")["profiles"]
    assert everyone >= PEOPLE - 1
    seat.open("/profiles")
    seat.heading("用户")
    expect(seat.page.get_by_text(f"{everyone} 位用户")).to_be_visible()
    seat.page.get_by_role("radiogroup", name="温层").get_by_text("冷").click()
    expect(seat.page).to_have_url(f"{seat.server.url}/profiles?band=cold")
    cold = seat.server.get("temperature")["bands"]["cold"]
    expect(seat.page.get_by_text(f"{cold} 位用户")).to_be_visible()
    seat.page.get_by_role("button", name="温度").click()
    expect(seat.page.get_by_role("columnheader", name="温度")).to_have_attribute(
        "aria-sort", "ascending"
    )
    # A link holds all of the view.
    seat.page.reload()
    expect(seat.page.get_by_text(f"{cold} 位用户")).to_be_visible()
    seat.page.get_by_placeholder("属性，如").fill("city：月球")
    seat.page.get_by_placeholder("属性，如").press("Enter")
    expect(seat.page.get_by_text("没有找到用户")).to_be_visible()
    seat.page.get_by_role("button", name="清除筛选").click()
    expect(seat.page.get_by_text(f"{everyone} 位用户")).to_be_visible()
    seat.page.get_by_role("combobox", name="分群、标签、分层").fill("重要价值")
    seat.page.get_by_role("combobox", name="分群、标签、分层").press("Enter")
    expect(seat.page).to_have_url(
        f"{seat.server.url}/profiles?among=rfm%3Aimportant_value&sort=-temperature"
    )
    best = len(seat.server.get("profiles", among="rfm:important_value", limit=1000)["items"])
    assert 0 < best < everyone
    expect(seat.page.get_by_text(f"{best} 位用户")).to_be_visible()
    seat.shoot("profiles-among")


def test_any_identifier_opens_the_profile_from_everywhere(desk: Opened) -> None:
    seat = desk("operator")
    seat.open("/")
    box = seat.page.get_by_role("textbox", name="按任意标识查找用户")
    box.fill("phone:199 0000 0003")
    box.press("Enter")
    seat.heading("Test 3")
    box.fill("u-00")
    box.press("Enter")
    seat.page.get_by_role("link", name="user_id:u-005").click()
    seat.heading("Test 5")
    box.fill("nobody")
    box.press("Enter")
    expect(seat.page.get_by_text("没有找到，换一个标识试试")).to_be_visible()


def test_a_profile_tells_why_it_is_hot(desk: Opened) -> None:
    seat = desk("operator")
    profile = seat.server.get(f"profiles/{HOTTEST}")
    # An address with an identifier leads to the id.
    seat.open(f"/profiles/{HOTTEST}")
    seat.heading("Test 0")
    assert seat.page.url.endswith(profile["id"])
    expect(seat.page.get_by_role("cell", name="购买金额")).to_be_visible()
    expect(
        seat.page.get_by_role("img", name="温度曲线与降温预测").locator("canvas")
    ).to_be_visible()
    expect(seat.page.get_by_text("如果没有新的行为")).to_be_visible()
    seat.shoot("profile-heat")
    seat.settle()
    seat.page.get_by_title("看数字").click()
    expect(seat.page.get_by_role("cell", name="过去", exact=True).first).to_be_visible()
    seat.page.get_by_role("link", name="行为").click()
    seat.page.get_by_role("button", name="Order Completed").first.click()
    expect(seat.page.get_by_text("事件属性")).to_be_visible()
    seat.page.keyboard.press("Escape")
    seat.page.get_by_role("link", name="属性与位置").click()
    expect(seat.page.get_by_role("cell", name="city")).to_be_visible()
    assert seat.page.url.endswith("?tab=traits")


def test_a_wrong_merge_is_parted_and_taken_back(desk: Opened) -> None:
    seat = desk("analyst")
    seat.open("/profiles/user_id:u-010?tab=identity")
    phone = "phone:+8619900000010"
    expect(seat.page.get_by_role("cell", name=phone, exact=True)).to_be_visible()
    seat.page.get_by_role("button", name="拆开 user_id:u-010").click()
    seat.page.get_by_role("button", name="确定").click()
    expect(seat.page.get_by_text("已拆成两个人")).to_be_visible()
    expect(seat.page.get_by_text("只有一个标识，没有归并。")).to_be_visible()
    assert seat.server.values("user_id:u-010", "phone") == set()
    seat.page.get_by_role("button", name="撤销").click()
    expect(seat.page.get_by_role("cell", name=phone, exact=True)).to_be_visible()
    seat.server.person("user_id:u-010", lambda found: len(found["identifiers"]) == 2)


def test_who_may_not_part_or_erase_is_not_asked_to(desk: Opened) -> None:
    seat = desk("operator")
    seat.open("/profiles/user_id:u-011?tab=identity")
    expect(seat.page.get_by_role("cell", name="phone:+8619900000011", exact=True)).to_be_visible()
    expect(seat.page.get_by_role("button", name="拆开")).to_have_count(0)
    expect(seat.page.get_by_role("button", name="删除此人")).to_have_count(0)
    expect(seat.page.get_by_role("button", name="导出")).to_be_disabled()


def test_a_viewer_hears_who_may_see_profiles(desk: Opened) -> None:
    seat = desk("viewer")
    seat.open("/profiles")
    expect(seat.page.get_by_text("需要「运营」或更高的角色")).to_be_visible()
    expect(seat.page.get_by_role("link", name="用户", exact=True)).to_have_count(0)


def test_all_that_is_held_of_a_person_is_handed_out(desk: Opened) -> None:
    seat = desk("analyst")
    seat.open("/profiles/user_id:u-012")
    seat.heading("Test 12")
    seat.page.get_by_role("button", name="导出").first.click()
    link = seat.page.get_by_role("menuitem", name="此人的全部数据（JSON）")
    with seat.page.expect_download() as file:
        link.click()
    text = file.value.path().read_text("utf-8")
    assert "u-012" in text
    assert "Order Completed" in text


def test_a_person_is_erased_after_a_second_look(desk: Opened) -> None:
    seat = desk("admin")
    seat.open(f"/profiles/user_id:u-{PEOPLE - 1:03d}")
    seat.heading(f"Test {PEOPLE - 1}")
    seat.page.get_by_role("button", name="删除此人").click()
    dialog = seat.page.get_by_role("dialog")
    expect(dialog.get_by_text(f"user_id:u-{PEOPLE - 1:03d}")).to_be_visible()
    dialog.get_by_role("button", name="确认删除").click()
    seat.heading("用户")
    gone = seat.server.api.get(f"/api/profiles/user_id:u-{PEOPLE - 1:03d}")
    assert gone.status_code == 404
