"""A browser in front of a real server with a small pool; every request it makes is watched."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Request, Route, expect, sync_playwright

from tests.shape.source import ROOT
from tests.story.conftest import Server
from tests.ui.people import seed

ARGUMENTS: Final = (
    "--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
SHOTS: Final = ROOT / "ui/shots"
AXE: Final = ROOT / "ui/node_modules/axe-core/axe.min.js"
WIDE: Final = {"width": 1440, "height": 900}
NARROW: Final = {"width": 390, "height": 844}
PATIENCE_MS: Final = 10_000
QUIET_JS: Final = (
    "() => document.getAnimations().every(one => one.playState !== 'running' || "
    "one.effect?.getComputedTiming().iterations === Infinity)"
)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    found = next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )
    if found is None:
        pytest.skip("no Chromium here: `.ci/run` installs it")
    if not (ROOT / "hotspring/web/static/index.html").exists():
        pytest.skip("the pages are not built: `make ui`")
    expect.set_options(timeout=PATIENCE_MS)
    # The loop of the browser ends with this folder: other tests start loops of their own.
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=found, args=list(ARGUMENTS))
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


class Desk:
    """One page of the browser, and what a story does with it."""

    def __init__(self, page: Page, server: Server, name: str) -> None:
        self.page = page
        self.server = server
        self._name = name
        self.strangers: list[str] = []
        self.faults: list[str] = []
        page.on("request", self._watch)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", lambda said: said.type == "error" and self.faults.append(said.text))

    def _watch(self, request: Request) -> None:
        if not request.url.startswith((self.server.url, "data:", "blob:")):
            self.strangers.append(request.url)

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


@pytest.fixture
def desk(browser: Browser, seeded: Server, request: pytest.FixtureRequest) -> Iterator[Opened]:
    """Opens a page as somebody of a role; afterwards no other host was asked, nothing failed."""
    with contextlib.ExitStack() as stack:
        opened: list[Desk] = []

        def make(role: str | None = "admin", **how: Any) -> Desk:
            how = {"locale": "zh-CN", "viewport": WIDE, "color_scheme": "light", **how}
            context = stack.enter_context(contextlib.closing(browser.new_context(**how)))
            page = context.new_page()
            _sign_in(page, seeded, role)
            opened.append(Desk(page, seeded, request.node.name))
            return opened[-1]

        yield make
        for one in opened:
            assert one.strangers == []
            assert one.faults == []


def _sign_in(page: Page, server: Server, role: str | None) -> None:
    """Answer for the sessions of the server, and go in with its token."""
    if role is None:
        return

    def session(route: Route) -> None:
        told = {"name": "lin", "role": role, "language": None, "csrf": "c", "second_factor": False}
        route.fulfill(json=told)

    def rest(route: Route) -> None:
        token = server.api.headers["authorization"]
        route.continue_(headers={**route.request.headers, "authorization": token})

    page.route(lambda url: urlsplit(url).path.startswith("/api/"), rest)
    page.route(lambda url: urlsplit(url).path == "/api/session", session)
