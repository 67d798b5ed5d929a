"""`/hs.js` on a page of ours, on another origin, in a real browser in front of a real server."""

from __future__ import annotations

import contextlib
import itertools
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.collect.clients import BROWSER
from tests.story.conftest import Server
from tests.ui.conftest import PATIENCE_MS

HTML: Final = """<!doctype html><html lang="zh"><meta charset="utf-8"><title>茶铺</title>
<script>window.hotspring = window.hotspring || []; %(before)s</script>
<script async src="%(server)s/hs.js" data-key="%(key)s" %(wishes)s></script>
<body style="margin:0"><main id="shop">
<button data-hs="buy" style="border:0;width:200px;height:100px">买茶</button>
<form id="order" onsubmit="return false"><input name="city"><input name="note">
<input type="password" name="secret"><p data-hs-private><input name="illness"></p>
<button>下单</button></form>
<p style="height:3000px">长</p></main></body></html>"""
NUMBERS: Final = itertools.count()

Visit = Callable[..., "Visitor"]


class Site:
    """A site of its own, another origin than that of the pool: one page for every path."""

    def __init__(self) -> None:
        self.html = b""
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("content-type", "text/html; charset=utf-8")
                self.send_header("content-length", str(len(site.html)))
                self.end_headers()
                self.wfile.write(site.html)

            def log_message(self, *_: object) -> None:
                """A test is quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self._thread = threading.Thread(target=self.server.serve_forever)
        self._thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self._thread.join()
        self.server.server_close()


class Visitor:
    """Somebody at the shop, and what the pool hears of them."""

    def __init__(
        self, context: BrowserContext, site: Site, server: Server, wishes: str, before: str
    ) -> None:
        self.context = context
        self.server = server
        self.source = f"site-{next(NUMBERS)}"
        fill = {
            "server": server.url,
            "key": server.source(self.source, public=True),
            "wishes": wishes,
            "before": before,
        }
        self._site = site
        site.html = (HTML % fill).encode()

    def open(self, path: str = "/") -> Page:
        page = self.context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.goto(self._site.url + path)
        page.wait_for_function("() => typeof hotspring.track === 'function'")
        return page

    def heard(self, holds: Callable[[list[dict[str, Any]]], Any]) -> list[dict[str, Any]]:
        """What was taken in, the oldest first, once it is as expected."""
        path = f"events/live?source={self.source}&limit=200"
        return list(reversed(self.server.until(path, lambda told: holds(told["items"]))["items"]))

    def stored(self, page: Page) -> list[str]:
        names: list[str] = page.evaluate("() => Object.keys(localStorage)")
        return sorted(name for name in names if name.startswith("hs."))


@pytest.fixture
def visit(browser: Browser, seeded: Server) -> Iterator[Visit]:
    with contextlib.ExitStack() as stack:

        def make(wishes: str = "", before: str = "", signal: bool = False) -> Visitor:
            # The browser of the tests says that it is a machine.
            context = stack.enter_context(
                contextlib.closing(browser.new_context(user_agent=BROWSER, locale="zh-CN"))
            )
            if signal:
                context.add_init_script(
                    "Object.defineProperty(navigator, 'globalPrivacyControl', {value: true})"
                )
            site = stack.enter_context(contextlib.closing(Site()))
            return Visitor(context, site, seeded, wishes, before)

        yield make


def names(items: list[dict[str, Any]]) -> Counter[str]:
    return Counter(item["event"] for item in items)


def said(items: list[dict[str, Any]], name: str) -> dict[str, Any]:
    """What the latest event of this name says."""
    return next(item["properties"] for item in items if item["event"] == name)


AGREED: Final = "hotspring.push(['consent', true]);"


def test_a_page_that_never_loads_anew_is_followed(visit: Visit) -> None:
    shop = visit(before=AGREED + "hotspring.push(['identify', 'u-7', {level: 'gold'}]);")
    page = shop.open("/?utm_source=wechat&utm_campaign=spring&q=tea")
    page.get_by_text("买茶").click(position={"x": 50, "y": 75})
    page.evaluate("() => { history.pushState(null, '', '/cart'); document.title = '购物车' }")
    page.evaluate("() => { location.hash = '#/pay' }")
    page.mouse.wheel(0, 2000)
    page.wait_for_function("() => scrollY > 1000")
    page.locator("[name=city]").fill("杭州")
    page.locator("[name=secret]").fill("tea4two")
    page.locator("[name=illness]").fill("flu")
    page.locator("[name=note]").focus()
    page.evaluate("() => hotspring.track('Product Viewed', {price: 128})")
    page.goto("about:blank")
    items = shop.heard(lambda found: names(found)["Form Abandoned"])
    found = names(items)
    assert found["Page Viewed"] == found["Page Left"] == 3
    viewed = [item["properties"]["path"] for item in items if item["event"] == "Page Viewed"]
    assert viewed == ["/", "/cart", "/cart#/pay"]
    assert said(items[::-1], "Page Viewed")["title"] == "购物车"
    clicked = said(items, "Element Clicked")
    assert (clicked["selector"], clicked["text"]) == ('button[data-hs="buy"]', "买茶")
    assert (clicked["x"], clicked["y"]) == (0.25, 0.75)
    assert said(items, "Site Searched") == {"query": "tea", "path": "/"}
    left = said(items[::-1], "Page Left")
    assert left["dwell_ms"] > 0
    assert 0.3 < left["depth"] < 1
    form = said(items, "Form Abandoned")
    assert (form["fields"], form["field"]) == (["city", "note"], "note")
    told = str(items)
    assert not any(word in told for word in ("杭州", "tea4two", "flu", "secret", "illness"))
    whose = {tuple(one.partition(":")[0] for one in item["identifiers"]) for item in items}
    assert whose == {("user_id", "anonymous_id")}
    shop.server.person("user_id:u-7", lambda person: person["traits"])
    totals = shop.server.api.post(
        "/api/analytics/traffic?wait=30",
        json={"by": "utm_source", "sources": [shop.source]},
    ).json()
    assert "wechat" in str(totals["tables"])


def test_a_tab_that_closes_in_mid_visit_tells_its_end(visit: Visit) -> None:
    shop = visit(before=AGREED)
    page = shop.open("/tea")
    page.get_by_text("买茶").click()
    page.close(run_before_unload=True)
    items = shop.heard(lambda found: names(found)["Page Left"])
    assert names(items) == {"Page Viewed": 1, "Element Clicked": 1, "Page Left": 1}
    assert len({item["message_id"] for item in items}) == 3


def test_what_happens_offline_comes_later_and_once(visit: Visit) -> None:
    shop = visit(before=AGREED)
    page = shop.open("/tea")
    shop.heard(lambda found: names(found)["Page Viewed"])
    shop.context.set_offline(True)
    page.get_by_text("买茶").click()
    page.evaluate("() => hotspring.track('Product Added', {price: 128})")
    assert [name.split(".")[1] for name in shop.stored(page)] == ["consent", "id", "queue"]
    # The next page finds what this one leaves behind.
    page.goto("about:blank")
    shop.context.set_offline(False)
    page = shop.open("/cup")
    items = shop.heard(lambda found: names(found)["Product Added"])
    assert names(items)["Element Clicked"] == 1
    assert len({tuple(item["identifiers"]) for item in items}) == 1
    # Back on the line, the same page sends by itself, and nothing again.
    shop.context.set_offline(True)
    page.evaluate("() => hotspring.track('Product Shared', {})")
    shop.context.set_offline(False)
    items = shop.heard(lambda found: names(found)["Product Shared"])
    counted = names(items)
    assert (counted["Product Added"], counted["Element Clicked"]) == (1, 1)


def test_without_consent_nothing_is_stored_and_nobody_is_known(visit: Visit) -> None:
    shop = visit(before="hotspring.push(['identify', 'u-8', {level: 'gold'}]);")
    page = shop.open("/tea")
    page.get_by_text("买茶").click()
    items = shop.heard(lambda found: names(found)["Element Clicked"])
    (who,) = {tuple(item["identifiers"]) for item in items}
    assert [one.partition(":")[0] for one in who] == ["passer_by"]
    assert {"passer_by", "public_key"} == {mark for item in items for mark in item["marks"]}
    assert shop.stored(page) == []
    assert shop.context.cookies() == []
    assert shop.server.api.get("/api/profiles/user_id:u-8").status_code == 404
    # A yes makes them known from here on; what was said before it is not tied to them.
    page.evaluate("() => hotspring.consent(true)")
    page.evaluate("() => hotspring.track('Product Added', {})")
    items = shop.heard(lambda found: names(found)["Product Added"])
    shop.server.person("user_id:u-8")
    timeline = shop.server.get("profiles/user_id:u-8/timeline")["items"]
    assert {"Identified", "Product Added"} == {row["name"] for row in timeline}
    # Withdrawn, nothing is left in the browser and nobody is known again.
    page.evaluate("() => hotspring.consent(false)")
    assert shop.stored(page) == []
    page.evaluate("() => hotspring.track('Product Shared', {})")
    items = shop.heard(lambda found: names(found)["Product Shared"])
    assert tuple(items[-1]["identifiers"]) == who
    assert shop.stored(page) == []


def test_a_browser_that_says_no_is_asked_first(visit: Visit) -> None:
    shop = visit('data-consent="given"', signal=True)
    page = shop.open()
    items = shop.heard(len)
    assert items[0]["marks"] == ["public_key", "passer_by"]
    assert shop.stored(page) == []
    free = visit('data-consent="given"')
    page = free.open()
    assert free.heard(len)[0]["identifiers"][0].startswith("anonymous_id:")
    page.evaluate("() => hotspring.consent(false)")
    assert free.stored(page) == ["hs.consent"]
    page.reload()
    free.heard(lambda found: any(item["identifiers"][0].startswith("passer_by") for item in found))
    silent = visit('data-without="nothing"')
    page = silent.open()
    page.evaluate("() => hotspring.track('Product Shared', {})")
    page.evaluate("() => { hotspring.consent(true); hotspring.track('Product Added', {}) }")
    assert names(silent.heard(len)) == {"Product Added": 1}
