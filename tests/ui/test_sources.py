"""Sources: how they do, a new one with its key, what a program writes to send."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.story.conftest import PATIENCE
from tests.story.test_sdks import NODE
from tests.ui.conftest import Desk, Opened


def create(seat: Desk, name: str) -> str:
    """Make a source on its page; the key as it is shown there."""
    seat.open("/sources")
    seat.page.get_by_role("button", name="新建来源").click()
    seat.page.get_by_label("名称").fill(name)
    seat.accessible()
    seat.page.get_by_role("button", name="新建", exact=True).click()
    seat.heading(name)
    return seat.page.locator(".sources-key code").inner_text()


def test_a_new_source_shows_its_key_once(desk: Opened) -> None:
    seat = desk()
    key = create(seat, "counter")
    assert key.startswith("wk_")
    expect(seat.page.locator(".sources-state")).to_have_text("还没有数据")
    seat.shoot("source-new")
    seat.accessible()
    seat.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    seat.page.get_by_role("button", name="复制密钥").click()
    assert seat.page.evaluate("navigator.clipboard.readText()") == key
    seat.page.reload()
    seat.heading("counter")
    expect(seat.page.locator(".sources-key")).to_have_count(0)
    assert key not in seat.page.content()
    expect(seat.page.locator("[data-snippet]")).to_contain_text("WRITE_KEY")


def test_a_name_that_is_taken_says_so(desk: Opened) -> None:
    seat = desk()
    seat.open("/sources")
    seat.page.get_by_role("button", name="新建来源").click()
    seat.page.get_by_label("名称").fill("-no")
    seat.page.get_by_role("button", name="新建", exact=True).click()
    expect(seat.page.get_by_text("以字母或数字开头")).to_be_visible()
    seat.page.get_by_label("名称").fill("shop")
    seat.page.get_by_role("button", name="新建", exact=True).click()
    expect(seat.page.get_by_text("已有来源叫“shop”")).to_be_visible()
    # The browser itself tells of the refusal.
    seat.faults.clear()


def test_a_key_that_is_revoked_is_gone(desk: Opened) -> None:
    seat = desk()
    seat.server.source("leaked")
    seat.open("/sources/leaked")
    seat.page.get_by_role("button", name="收回密钥").click()
    seat.page.get_by_role("tooltip").get_by_role("button", name="收回密钥").click()
    seat.heading("来源")
    expect(seat.page.get_by_role("rowheader", name="shop", exact=True)).to_be_visible()
    expect(seat.page.get_by_role("rowheader", name="leaked")).to_have_count(0)


def test_sources_are_shown_by_how_they_do(desk: Opened) -> None:
    seat = desk("viewer")
    seat.server.source("idle")
    seat.open("/sources?show=new")
    expect(seat.page.get_by_role("rowheader", name="idle")).to_be_visible()
    expect(seat.page.get_by_role("rowheader", name="shop")).to_have_count(0)
    seat.page.get_by_text("正常", exact=False).first.click()
    shop = seat.page.get_by_role("row").filter(
        has=seat.page.get_by_role("rowheader", name="shop", exact=True)
    )
    expect(shop).to_contain_text("正常")
    assert "show=healthy" in seat.page.url
    expect(seat.page.get_by_role("button", name="新建来源")).to_have_count(0)


def curl(text: str, folder: Path) -> list[str]:
    return ["bash", "-c", text.replace("curl ", "curl -sS --noproxy '*' ")]


def python(text: str, folder: Path) -> list[str]:
    return [sys.executable, "-W", "ignore", "-c", text]


def node(text: str, folder: Path) -> list[str]:
    if shutil.which("node") is None or not (NODE / "node_modules" / "sa-sdk-node").is_dir():
        pytest.skip("the Node client libraries are not installed: run `make test`")
    script = folder / ("first.mjs" if text.count("import ") else "first.cjs")
    script.write_text(text)
    if not (folder / "node_modules").exists():
        (folder / "node_modules").symlink_to(NODE / "node_modules")
    return ["node", str(script)]


COMMANDS = {
    "curl": curl,
    "segment_python": python,
    "sensors_python": python,
    "segment_node": node,
    "sensors_node": node,
}


@pytest.mark.sdk
def test_snippets_send_as_they_stand(desk: Opened, tmp_path: Path) -> None:
    seat = desk()
    create(seat, "first")
    came = seat.page.locator("section[aria-labelledby=came] dd").first
    for sent, (library, command) in enumerate(COMMANDS.items()):
        page = f"/sources/first?with={library}"
        seat.page.evaluate("path => { history.pushState(null, '', path) }", page)
        text = seat.page.locator(f"[data-snippet={library}]").inner_text()
        done = subprocess.run(
            command(text, tmp_path), capture_output=True, text=True, timeout=PATIENCE
        )
        assert done.returncode == 0, done.stdout + done.stderr
        # The Node library of Sensors sends a sign-up as well.
        expected = sent + (2 if library == "sensors_node" else 1)
        expect(came).to_have_text(str(expected))
    expect(seat.page.locator(".sources-state")).to_have_text("正常")
