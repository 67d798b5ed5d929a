"""How soon does the map stand in a browser, and how fast does it follow the hand? Medians.

Headless Chromium with software rendering, a real server, a pool of made-up people in Zhejiang.
Every load is that of a browser that was never here: nothing is kept from the run before. Beside the
times stands what the browser took of the processors: on a busy machine that says more.

python benches/browser.py [PROFILES] [RUNS]
"""

from __future__ import annotations

import contextlib
import gzip
import json
import os
import shutil
import statistics
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from hotspring.bench import Stand

ARGUMENTS: Final = ("--no-sandbox", "--disable-quic", "--no-first-run")
SIZE: Final = ViewportSize(width=1440, height=900)
PASSWORD: Final = "warm water in winter"
ZHEJIANG: Final = "33"
DRAWN: Final = "[data-drawn*=' ']"
CELLS: Final = "[data-drawn^='cell ']"
PATIENCE_MS: Final = 60_000
STEPS: Final = 60
"""Moves of the hand in one pan, a screen's refresh apart."""
PAINT: Final = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
FRAMES: Final = """() => {
  const found = (window.frames_ = []);
  let last = performance.now();
  const next = (now) => { found.push(now - last); last = now; requestAnimationFrame(next); };
  requestAnimationFrame(next);
}"""
STATIC: Final = Path(__file__).resolve().parent.parent / "hotspring/web/static"


def post(server: Stand.Server, path: str, body: Any, cookie: bool = False) -> Any:
    """What the server says to a command; its cookie, if wanted."""
    headers = {"Content-Type": "application/json"}
    if not cookie:
        headers["Authorization"] = f"Bearer {server.token}"
    request = urllib.request.Request(server.url + path, json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return answer.headers["Set-Cookie"] if cookie else json.loads(answer.read())


def enter(server: Stand.Server) -> dict[str, str]:
    """The cookie of a new operator."""
    made = post(server, "/api/users", {"name": "bench", "role": "operator"})
    sent = {"link": made["link"], "password": PASSWORD}
    name, value = (
        post(server, "/api/session/welcome", sent, cookie=True).split(";")[0].split("=", 1)
    )
    return {"name": name, "value": value, "url": server.url}


@contextlib.contextmanager
def fresh(
    browser: Browser, server: Stand.Server, cookie: Any, path: str, marker: str
) -> Iterator[Page]:
    """A page of a browser that was never here, as soon as the marker stands in it."""
    context = browser.new_context(viewport=SIZE, locale="zh-CN", reduced_motion="reduce")
    context.add_cookies([cookie])
    context.set_default_timeout(PATIENCE_MS)
    with contextlib.closing(context):
        page = context.new_page()
        page.goto(server.url + path, wait_until="commit")
        page.wait_for_selector(marker)
        yield page


def spent() -> float:
    """Milliseconds that all processes of the browser took of the processors so far."""
    parents, took = dict[int, int](), dict[int, float]()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            name, _, rest = stat.read_text().partition(" (")[2].rpartition(") ")
            fields = rest.split()
            parents[int(stat.parent.name)] = int(fields[1])
            if name.startswith("chrom"):
                took[int(stat.parent.name)] = float(fields[11]) + float(fields[12])

    def ours(pid: int) -> bool:
        while pid > 1 and pid != os.getpid():
            pid = parents.get(pid, 0)
        return pid > 1

    return 1000 * sum(ms for pid, ms in took.items() if ours(pid)) / os.sysconf("SC_CLK_TCK")


class Load(NamedTuple):
    """Milliseconds."""

    painted: float
    drawn: float
    processors: float


def load(browser: Browser, server: Stand.Server, cookie: Any) -> Load:
    """How long until something is painted, and until the map shows its figures?"""
    before = spent()
    with fresh(browser, server, cookie, "/map", DRAWN) as page:
        drawn = page.evaluate("performance.now()")
        return Load(page.evaluate(PAINT), drawn, spent() - before)


class Pan(NamedTuple):
    """Milliseconds of each frame."""

    median: float
    p95: float
    processors: float


def pan(browser: Browser, server: Stand.Server, cookie: Any) -> Pan:
    """How long is it from frame to frame while hexagons are dragged to and fro?"""
    path = "/map?at=120.15,29.2,7.5&level=cell"
    with fresh(browser, server, cookie, path, CELLS) as page:
        box = page.locator(".map-place").bounding_box()
        assert box is not None
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        page.mouse.move(x, y)
        page.wait_for_timeout(500)
        before = spent()
        page.mouse.down()
        page.evaluate(FRAMES)
        for step in range(STEPS):
            page.mouse.move(x + 200 * abs(step % 30 - 15) / 15, y + step)
            page.wait_for_timeout(16)
        found = sorted(page.evaluate("window.frames_")[1:])
        page.mouse.up()
        took = (spent() - before) / len(found)
        return Pan(statistics.median(found), found[int(0.95 * len(found))], took)


def main() -> None:
    profiles = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
    with tempfile.TemporaryDirectory(prefix="hotspring-bench-") as name:
        folder = Path(name) / "pool"
        with (
            Stand.serving(folder, profiles, 4 * profiles, ZHEJIANG) as server,
            sync_playwright() as playwright,
        ):
            browser = playwright.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
            with contextlib.closing(browser):
                measure(browser, server, runs)


def measure(browser: Browser, server: Stand.Server, runs: int) -> None:
    cookie = enter(server)
    load(browser, server, cookie)  # the server compiles and draws everybody once
    loads = [load(browser, server, cookie) for _ in range(runs)]
    pans = [pan(browser, server, cookie) for _ in range(runs)]
    for name, times in (
        ("first paint", [one.painted for one in loads]),
        ("map interactive", [one.drawn for one in loads]),
        ("  of the processors", [one.processors for one in loads]),
        ("pan frame, hexagons: median", [one.median for one in pans]),
        ("pan frame, hexagons: p95", [one.p95 for one in pans]),
        ("  of the processors", [one.processors for one in pans]),
    ):
        told = statistics.median(times)
        print(f"{name:34} {told:8.0f} ms   (of {runs}: {min(times):.0f} to {max(times):.0f})")
    print(f"{'JavaScript before the first page':34} {sizes()[0]:8.0f} kB, gzipped")
    print(f"{'of the map, without its worker':34} {sizes()[1]:8.0f} kB, gzipped")


def sizes() -> tuple[float, float]:
    """Kilobytes, gzipped, of what is loaded before the first page, and of what the map adds."""
    manifest = json.loads((STATIC / ".vite/manifest.json").read_text("utf-8"))

    def reached(*names: str) -> set[str]:
        found, waiting = set[str](), list(names)
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                waiting += manifest[name].get("imports", ())
        return {manifest[name]["file"] for name in found}

    def weight(files: set[str]) -> float:
        return sum(len(gzip.compress((STATIC / file).read_bytes(), 9)) for file in files) / 1000

    first = reached("index.html", "src/overview/Overview.tsx", "src/i18n/all-zh.ts")
    return weight(first), weight(reached("src/map/HeatMap.tsx") - reached("index.html"))


if __name__ == "__main__":
    main()
