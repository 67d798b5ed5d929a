"""A browser in front of a real server with a small pool; every request it makes is watched."""

from __future__ import annotations

import contextlib
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Request,
    expect,
    sync_playwright,
)

from tests.collect.clients import BROWSER
from tests.shape.source import ROOT
from tests.story.conftest import PATIENCE, Server
from tests.ui.people import seed
from tests.ui.shop import Site, Visit, Visitor

ARGUMENTS: Final = (
    "--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
SHOTS: Final = ROOT / "ui/shots"
AXE: Final = ROOT / "ui/node_modules/axe-core/axe.min.js"
WIDE: Final = {"width": 1440, "height": 900}
NARROW: Final = {"width": 390, "height": 844}
# A menu that is opening takes no click, and a slow machine opens it slowly.
STILL: Final = {"reduced_motion": "reduce"}
PATIENCE_MS: Final = PATIENCE * 1_000
QUIET_JS: Final = (
    "() => document.getAnimations().every(one => one.playState !== 'running' || "
    "one.effect?.getComputedTiming().iterations === Infinity)"
)


@pytest.fixture(scope="package")
def chromium() -> str:
    """Where the browser of this machine is."""
    found = next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )
    if found is None:
        pytest.skip("no Chromium here: `.ci/run` installs it")
    return found


@pytest.fixture(scope="package")
def browser(chromium: str) -> Iterator[Browser]:
    if not (ROOT / "hotspring/web/static/index.html").exists():
        pytest.skip("the pages are not built: `make ui`")
    expect.set_options(timeout=PATIENCE_MS)
    # The loop of the browser ends with this folder: other tests start loops of their own.
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
        with contextlib.closing(running):
            yield running


@pytest.fixture(scope="package")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server on a pool of a few dozen made-up people."""
    running = Server(tmp_path_factory.mktemp("ui") / "pool")
    try:
        seed(running)
        yield running
    finally:
        running.stop()


ROLES: Final = ("viewer", "operator", "analyst", "admin")
PASSWORD: Final = "warm water in winter"


@pytest.fixture(scope="package")
def members(seeded: Server) -> dict[str, str]:
    """The cookie of somebody of each role."""
    return {role: enter(seeded, f"lin-{role}", role) for role in ROLES}


@pytest.fixture
def bare_map(seeded: Server) -> Iterator[None]:
    """A story that begins and ends without trade areas and outlets."""
    _clear(seeded)
    yield
    _clear(seeded)


def _clear(server: Server) -> None:
    for area in server.get("areas")["items"]:
        server.api.delete(f"/api/areas/{area['id']}")
    ids = [one["id"] for one in server.get("outlets")["items"]]
    server.api.post("/api/outlets/delete", json={"ids": ids})


def enter(server: Server, name: str, role: str) -> str:
    """Let a new member in by their one-time link; the cookie of the session."""
    made = server.api.post("/api/users", json={"name": name, "role": role})
    assert made.status_code == 201, made.text
    with httpx.Client(base_url=server.url, trust_env=False, timeout=PATIENCE) as browser:
        sent = {"link": made.json()["link"], "password": PASSWORD}
        assert browser.post("/api/session/welcome", json=sent).status_code == 200
        return browser.cookies["hotspring_session"]


def figure(where: Locator, pattern: str) -> float:
    """The number that the page shows there, once it shows one.

    Compare it within half of its last digit: a tie is rounded otherwise by a browser than here.
    """
    expect(where).to_contain_text(re.compile(pattern))
    found = re.search(pattern, " ".join((where.text_content() or "").split()))
    assert found is not None
    return float(found[1].replace("\u2212", "-").replace(",", ""))


class Desk:
    """One page of the browser, and what a story does with it."""

    def __init__(self, page: Page, server: Server) -> None:
        page.set_default_timeout(PATIENCE_MS)
        self.page = page
        self.server = server
        self.strangers: list[str] = []
        self.faults: list[str] = []
        page.on("request", self._watch)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", self._listen)

    def _watch(self, request: Request) -> None:
        if not request.url.startswith((self.server.url, "data:", "blob:")):
            self.strangers.append(request.url)

    def _listen(self, said: ConsoleMessage) -> None:
        # Refused requests are told to the person on the page; the browser tells them here too.
        if said.type == "error" and not said.text.startswith("Failed to load resource"):
            self.faults.append(said.text)

    def open(self, path: str) -> None:
        self.page.goto(self.server.url + path)

    def heading(self, text: str) -> None:
        """Wait until a page of this name is there."""
        expect(self.page.get_by_role("heading", level=1, name=text)).to_be_visible()

    def shoot(self, name: str) -> Path:
        """Keep a picture of the whole page."""
        self.settle()
        path = SHOTS / f"{name}.png"
        path.parent.mkdir(exist_ok=True)
        self.page.screenshot(path=path, full_page=True)
        return path

    def blameless(self) -> None:
        """No other host was asked, and nothing failed unseen."""
        assert self.strangers == []
        assert self.faults == []

    def settle(self) -> None:
        """Wait until nothing moves."""
        self.page.wait_for_function(QUIET_JS)

    def accessible(self) -> None:
        """Nothing that axe finds by the rules of WCAG 2.2 AA."""
        if not AXE.exists():
            pytest.skip("axe is not installed: `make ui`")
        self.settle()
        self.page.evaluate(AXE.read_text("utf-8"))
        wanted = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
        found = self.page.evaluate("wanted => axe.run(document, wanted)", wanted)
        told = [
            f"{one['id']}: {one['help']}: {[node['html'][:160] for node in one['nodes'][:3]]}"
            for one in found["violations"]
        ]
        assert told == []


Opened = Callable[..., Desk]


@contextlib.contextmanager
def desks(browser: Browser, server: Server, members: dict[str, str]) -> Iterator[Opened]:
    """Opens pages as somebody of a role, or by a cookie, or as nobody.

    Afterwards nothing is wrong with any of them.
    """
    with contextlib.ExitStack() as stack:
        opened: list[Desk] = []

        def make(role: str | None = "admin", **how: Any) -> Desk:
            how = {"locale": "zh-CN", "viewport": WIDE, "color_scheme": "light", **STILL, **how}
            context = stack.enter_context(contextlib.closing(browser.new_context(**how)))
            if role is not None:
                secret = members.get(role) or role
                cookie = {"name": "hotspring_session", "value": secret, "url": server.url}
                context.add_cookies([cookie])  # type: ignore[list-item]
            opened.append(Desk(context.new_page(), server))
            return opened[-1]

        yield make
        for one in opened:
            one.blameless()


@pytest.fixture
def desk(browser: Browser, seeded: Server, members: dict[str, str]) -> Iterator[Opened]:
    with desks(browser, seeded, members) as make:
        yield make


@pytest.fixture
def visit(browser: Browser, chromium: str, seeded: Server, tmp_path: Path) -> Iterator[Visit]:
    with contextlib.ExitStack() as stack:
        # The browser of the tests says that it is a machine.
        person: dict[str, Any] = {"user_agent": BROWSER, "locale": "zh-CN"}

        def declining() -> BrowserContext:
            """A browser whose person set it to say Do Not Track."""
            settings = tmp_path / "browser/Default/Preferences"
            settings.parent.mkdir(parents=True)
            settings.write_text('{"enable_do_not_track": true}')
            return browser.browser_type.launch_persistent_context(
                settings.parents[1], executable_path=chromium, args=list(ARGUMENTS), **person
            )

        def make(wishes: str = "", before: str = "", signal: str = "") -> Visitor:
            context = declining() if signal == "dnt" else browser.new_context(**person)
            stack.enter_context(contextlib.closing(context))
            if signal == "gpc":
                # Chromium has no setting for it.
                context.add_init_script(
                    "Object.defineProperty(navigator, 'globalPrivacyControl', {value: true})"
                )
            site = stack.enter_context(contextlib.closing(Site()))
            return Visitor(context, site, seeded, wishes, before)

        yield make
