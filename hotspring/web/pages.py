"""The built pages of the browser: one page for every path, and the files it asks for."""

from __future__ import annotations

import hashlib
import mimetypes
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec
from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from hotspring.web import manual

BUILT: Final = Path(__file__).parent / "static"
OURS: Final = ("api", "v1", "sa", "sa.gif", "debug", "projects", "health", "metrics")
"""First parts of paths that belong to programs: an unknown one below them is an error."""
CODINGS: Final = (("br", ".br"), ("gzip", ".gz"))
"""How files lie there beside themselves, the smallest first."""
ASSETS: Final = "assets/"
"""Files whose names change with what they hold."""
FOR_EVER: Final = "public, max-age=31536000, immutable"
SCRIPTS: Final = ("hs.js", "hs-clicks.js")
"""What pages of others load: asked for again every hour, and readable from everywhere."""
ELSEWHERE: Final = {
    "Cache-Control": "public, max-age=3600, stale-while-revalidate=86400",
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Timing-Allow-Origin": "*",
}
HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; worker-src 'self' blob:; manifest-src 'self'; frame-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    # Who opens these pages has no hold of them; a shop that they open is told its clicks.
    "Cross-Origin-Opener-Policy": "same-origin-allow-popups",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""Of every page and file: nothing is asked of any other host."""
MISSING: Final = """<!doctype html><html lang="zh"><meta charset="utf-8"><title>Hotspring</title>
<body style="font:16px/1.7 system-ui,sans-serif;margin:4rem auto;max-width:40rem;padding:0 1rem">
<h1>Hotspring</h1>
<p>页面尚未构建。请在源码目录运行 <code>make ui</code>（需要 Node 20 或更高版本），然后重新启动。
数据接口不受影响。</p>
<p lang="en">The pages are not built. Run <code>make ui</code> in the checkout (it needs Node 20 or
later) and start again. The API works without them.</p>"""


class File(msgspec.Struct, frozen=True):
    """One built file as it can be sent."""

    type: str
    tag: str
    bodies: dict[str, bytes]
    """By coding; the empty one is the file itself."""


class Pages:
    """Answers what no route of the API does."""

    def __init__(self, otherwise: ASGIApp, built: Path = BUILT) -> None:
        """`otherwise` answers paths that belong to programs."""
        self._otherwise = otherwise
        self._files = dict(_files(built))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "").lstrip("/")
        asked = scope["type"] == "http" and scope["method"] in ("GET", "HEAD")
        if not asked or path.partition("/")[0] in OURS:
            await self._otherwise(scope, receive, send)
            return
        await self._answer(path, Headers(scope=scope))(scope, receive, send)

    def _answer(self, path: str, headers: Headers) -> Response:
        if path == "help" or path.startswith("help/"):
            return _help(path.removeprefix("help").strip("/"))
        found = self._files.get(path)
        if found is None and (path in SCRIPTS or path.startswith(ASSETS)):
            return HTMLResponse("", 404, HEADERS)
        found = found or self._files.get("index.html")
        if found is None:
            return HTMLResponse(MISSING, 503, HEADERS)
        if path in SCRIPTS:
            return _sent(found, headers, ELSEWHERE)
        return _sent(found, headers, {"Cache-Control": FOR_EVER} if path.startswith(ASSETS) else {})


def _help(path: str) -> Response:
    language, _, page = path.partition("/")
    if language not in manual.LANGUAGES or not page:
        return RedirectResponse("/help/zh/start", 302, HEADERS)
    told = manual.page(language, page)
    if told is None:
        return HTMLResponse(manual.absent(language), 404, HEADERS)
    return HTMLResponse(told, 200, {**HEADERS, "Cache-Control": "no-cache"})


def _sent(file: File, headers: Headers, own: dict[str, str]) -> Response:
    accepted = {
        part.partition(";")[0].strip() for part in headers.get("accept-encoding", "").split(",")
    }
    coding = next((name for name, _ in CODINGS if name in accepted and name in file.bodies), "")
    told = {
        **HEADERS,
        "ETag": f'"{file.tag}-{coding or "plain"}"',
        "Cache-Control": "no-cache",
        "Vary": "Accept-Encoding",
        **own,
    }
    if told["ETag"] in headers.get("if-none-match", ""):
        return Response(status_code=304, headers=told)
    if coding:
        told["Content-Encoding"] = coding
    return Response(file.bodies[coding], 200, told, file.type)


def _files(built: Path) -> Iterator[tuple[str, File]]:
    """Every file that may be asked for, by its path below `built`."""
    for path in sorted(built.rglob("*")):
        name = path.relative_to(built).as_posix()
        if not path.is_file() or name.startswith(".") or path.suffix in (".br", ".gz", ".sha256"):
            continue
        body = path.read_bytes()
        bodies = {"": body}
        for coding, suffix in CODINGS:
            packed = path.with_name(path.name + suffix)
            if packed.exists():
                bodies[coding] = packed.read_bytes()
        tag = hashlib.blake2b(body, digest_size=12).hexdigest()
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        if path.suffix in (".js", ".mjs"):
            kind = "text/javascript"
        charset = "; charset=utf-8" if kind.startswith("text/") else ""
        yield name, File(kind + charset, tag, bodies)
