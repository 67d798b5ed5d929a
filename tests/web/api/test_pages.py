"""Pages and documents: what the browser gets, and what it never gets."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.responses import PlainTextResponse

from hotspring.web import manual
from hotspring.web.pages import OURS, Pages
from tests.web.api.conftest import Api

SCRIPT = "assets/index-abc123.js"


@pytest.fixture
def built(tmp_path: Path) -> Path:
    (tmp_path / "assets").mkdir()
    (tmp_path / ".vite").mkdir()
    (tmp_path / ".vite/manifest.json").write_text("{}")
    (tmp_path / "sources.sha256").write_text("0")
    (tmp_path / "index.html").write_text("<!doctype html>pages")
    (tmp_path / SCRIPT).write_text("go()")
    (tmp_path / (SCRIPT + ".br")).write_bytes(b"as-brotli")
    (tmp_path / (SCRIPT + ".gz")).write_bytes(b"as-gzip")
    return tmp_path


def asked(built: Path, path: str, method: str = "GET", **headers: str) -> httpx.Response:
    pages = Pages(PlainTextResponse("for programs", 404), built)

    async def request() -> httpx.Response:
        transport = httpx.ASGITransport(pages)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            told = {name.replace("_", "-"): value for name, value in headers.items()}
            stream = client.build_request(method, path, headers={"accept-encoding": "", **told})
            answer = await client.send(stream, stream=True)
            # As it came: what is packed by name only cannot be unpacked here.
            answer._content = b"".join([part async for part in answer.aiter_raw()])
            return answer

    return asyncio.run(request())


@pytest.mark.parametrize("path", ["/", "/profiles", "/profiles/user_id:a%2Fb", "/any/thing?x=1"])
def test_every_path_is_the_one_page(built: Path, path: str) -> None:
    answer = asked(built, path)
    assert answer.status_code == 200
    assert answer.content == b"<!doctype html>pages"
    assert answer.headers["cache-control"] == "no-cache"
    # Nobody who opens it has hold of it; it has of what it opens.
    assert answer.headers["cross-origin-opener-policy"] == "same-origin-allow-popups"
    again = asked(built, path, if_none_match=answer.headers["etag"])
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("script", ["/hs.js", "/hs-clicks.js"])
def test_pages_of_others_may_load_the_scripts(built: Path, script: str) -> None:
    assert asked(built, script).status_code == 404
    (built / script[1:]).write_text("tell()")
    answer = asked(built, script, origin="https://shop.example")
    assert answer.content == b"tell()"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert answer.headers["cache-control"].startswith("public, max-age=3600")
    again = asked(built, script, if_none_match=answer.headers["etag"])
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("first", OURS)
def test_paths_of_programs_are_no_pages(built: Path, first: str) -> None:
    for path in (f"/{first}", f"/{first}/nothing"):
        assert asked(built, path).content == b"for programs"


def test_pages_are_only_read(built: Path) -> None:
    for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS"):
        assert asked(built, "/", method).content == b"for programs"
    assert asked(built, "/", "HEAD").status_code == 200


@pytest.mark.parametrize(
    ("accepted", "body"),
    [("gzip, br", b"as-brotli"), ("gzip;q=1", b"as-gzip"), ("zstd", b"go()"), ("", b"go()")],
)
def test_files_come_as_the_browser_takes_them(built: Path, accepted: str, body: bytes) -> None:
    answer = asked(built, "/" + SCRIPT, accept_encoding=accepted)
    assert answer.content == body
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers["vary"] == "Accept-Encoding"
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers.get("content-encoding") == {b"as-brotli": "br", b"as-gzip": "gzip"}.get(
        body
    )


def test_a_file_of_before_an_update_is_gone_and_no_page(built: Path) -> None:
    assert asked(built, "/assets/index-old.js").status_code == 404


@pytest.mark.parametrize(
    "path", ["/.vite/manifest.json", "/sources.sha256", "/assets/../../secret", "/..%2fsecret"]
)
def test_nothing_else_is_handed_out(built: Path, path: str) -> None:
    (built.parent / "secret").write_text("secret")
    answer = asked(built, path)
    assert answer.content in (b"<!doctype html>pages", b"")


def test_pages_that_are_not_built_say_what_to_do(tmp_path: Path) -> None:
    answer = asked(tmp_path, "/")
    assert answer.status_code == 503
    assert "make ui" in answer.text


def test_a_page_may_ask_nobody_else(built: Path) -> None:
    for path in ("/", "/" + SCRIPT, "/help/en/start"):
        headers = asked(built, path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self';" in policy
        assert "frame-ancestors 'none'" in policy
        assert "http" not in policy
        assert headers["x-content-type-options"] == "nosniff"


def test_an_unknown_path_below_the_api_is_still_a_problem(shared: Api) -> None:
    answer = shared.get("/api/nothing")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    wrong: Any = shared.send("PUT", "/api/status")
    assert wrong.status_code == 405


@pytest.mark.parametrize("language", manual.LANGUAGES)
def test_every_document_is_a_page(language: str) -> None:
    names = [name for name, _ in manual.pages(language)]
    assert {"start", "reference", "guide/temperature"} <= set(names)
    for name in names:
        told = manual.page(language, name)
        assert told is not None
        assert "<h1" in told
        assert '.md"' not in told
        assert "<script" not in told


def test_an_unknown_document_says_so(built: Path) -> None:
    assert asked(built, "/help/en/guide/nothing").status_code == 404
    for name in ("../../pyproject", "guide/../start", "/etc/passwd", "guide/"):
        assert manual.page("en", name) is None
    assert asked(built, "/help").headers["location"] == "/help/zh/start"


def test_links_between_documents_lead_to_pages(built: Path) -> None:
    told = manual.page("zh", "guide/temperature")
    assert told is not None
    assert 'href="calibration"' in told
    assert asked(built, "/help/zh/guide/calibration").status_code == 200
