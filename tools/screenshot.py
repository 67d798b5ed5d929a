"""Makes docs/map.webp and docs/map.zh.webp: the heat map of the demo, as a browser draws it.

`make picture` does it: the pages are built, `hotspring demo` lives in a folder that is thrown away.
"""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

import httpx
from playwright.sync_api import Browser, sync_playwright

ROOT: Final = Path(__file__).resolve().parents[1]
FILES: Final = {"en-US": "map.webp", "zh-CN": "map.zh.webp"}
MOST_BYTES: Final = 250_000
SIZE: Final = {"width": 1440, "height": 820}
VIEW: Final = "/map?level=province&colour=hot"
DEMO: Final = "from hotspring.cli import main; main()"
PATIENCE: Final = 600.0
NOW_MS: Final = 60_000.0
"""The demo has sent its past once it is so near to now."""
PACK: Final = """async ([data, quality]) => {
  const bytes = Uint8Array.from(atob(data), one => one.charCodeAt(0))
  const picture = await createImageBitmap(new Blob([bytes]))
  const canvas = new OffscreenCanvas(picture.width, picture.height)
  canvas.getContext('2d').drawImage(picture, 0, 0)
  const packed = await canvas.convertToBlob({type: 'image/webp', quality})
  return btoa(Array.from(new Uint8Array(await packed.arrayBuffer()),
    one => String.fromCharCode(one)).join(''))
}"""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        words = ["demo", "--data", folder, "--port", "0"]
        demo = subprocess.Popen([sys.executable, "-c", DEMO, *words], stdout=subprocess.DEVNULL)
        try:
            take(Path(folder))
        finally:
            demo.terminate()
            demo.wait(60)


def take(folder: Path) -> None:
    """Write a picture in each language of the demo that lives in a folder."""
    told = _ready(folder)
    headers = {"authorization": f"Bearer {told['token']}"}
    with httpx.Client(base_url=told["url"], headers=headers, timeout=30) as api:
        cookie = _enter(api)
    found = next(filter(None, map(shutil.which, ("chromium", "google-chrome"))), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        for locale, name in FILES.items():
            body = _picture(browser, told["url"], cookie, locale)
            if len(body) > MOST_BYTES:
                raise SystemExit(f"{name} would have {len(body)} bytes")
            (ROOT / "docs" / name).write_bytes(body)
            print(f"docs/{name}: {len(body)} bytes")
        browser.close()


def _ready(folder: Path) -> dict[str, Any]:
    """Where the demo answers, once its past is there."""
    file = folder / "run/server.json"
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        time.sleep(1)
        if not file.exists():
            continue
        told: dict[str, Any] = json.loads(file.read_text("utf-8"))
        headers = {"authorization": f"Bearer {told['token']}"}
        try:
            answer = httpx.get(f"{told['url']}/api/status", headers=headers).raise_for_status()
        except httpx.HTTPError:
            continue
        sent = json.loads((folder / "demo.json").read_text("utf-8"))["sent_until_ms"]
        here = time.time() * 1000 - sent < NOW_MS
        if here and answer.json()["ready"] and answer.json()["lag_seconds"] < 1:
            return told
    raise SystemExit("the demo was not ready in time")


def _enter(api: httpx.Client) -> str:
    """The cookie of somebody who may see the whole map."""
    made = api.post("/api/users", json={"name": "hot-spring", "role": "admin"})
    with httpx.Client(base_url=api.base_url, timeout=30) as browser:
        sent = {"link": made.json()["link"], "password": "warm water in winter"}
        browser.post("/api/session/welcome", json=sent).raise_for_status()
        return browser.cookies["hotspring_session"]


def _picture(browser: Browser, url: str, cookie: str, locale: str) -> bytes:
    context = browser.new_context(
        locale=locale, viewport=SIZE, color_scheme="light", device_scale_factor=1.5
    )
    context.add_cookies([{"name": "hotspring_session", "value": cookie, "url": url}])
    page = context.new_page()
    page.goto(url + VIEW)
    page.locator("[data-drawn^='province ']").wait_for(timeout=60_000)
    shot = base64.b64encode(page.screenshot()).decode()
    packed = page.evaluate(PACK, [shot, 0.82])
    context.close()
    return base64.b64decode(packed)


if __name__ == "__main__":
    main()
