"""A site of its own that carries `/hs.js`, and somebody who visits it."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

from playwright.sync_api import BrowserContext, Page

from tests.story.conftest import PATIENCE, Server

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
        self.key = server.source(self.source, public=True)
        fill = {
            "server": server.url,
            "key": self.key,
            "wishes": wishes,
            "before": before,
        }
        self.site = site
        site.html = (HTML % fill).encode()

    def open(self, path: str = "/") -> Page:
        page = self.context.new_page()
        page.set_default_timeout(PATIENCE * 1_000)
        page.goto(self.site.url + path)
        page.wait_for_function("() => typeof hotspring.track === 'function'")
        return page

    def heard(self, holds: Callable[[list[dict[str, Any]]], Any]) -> list[dict[str, Any]]:
        """What was taken in, the oldest first, once it is as expected."""
        path = f"events/live?source={self.source}&limit=200"
        return list(reversed(self.server.until(path, lambda told: holds(told["items"]))["items"]))

    def left(self, page: Page) -> list[str]:
        """What the visit left in the browser, wherever pages may keep things."""
        names: list[str] = page.evaluate(
            """async () => [
                ...Object.keys(localStorage), ...Object.keys(sessionStorage),
                ...(await indexedDB.databases()).map((one) => one.name),
            ]"""
        )
        return [*names, *(cookie["name"] for cookie in self.context.cookies())]

    def stored(self, page: Page) -> list[str]:
        names: list[str] = page.evaluate("() => Object.keys(localStorage)")
        return sorted(name for name in names if name.startswith("hs."))
