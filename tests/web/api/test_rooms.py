"""How a request finds its route, and what every route refuses and tells alike."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import httpx
import pytest
from fastapi import APIRouter, FastAPI
from hypothesis import given
from hypothesis import strategies as st
from starlette.routing import Match

from hotspring.web.api import ROOMS
from hotspring.web.api.rooms import Room
from tests.web.api.conftest import Api

PATHS = sorted(FastAPI(routes=[r for one in ROOMS for r in one.router.routes]).openapi()["paths"])
PARTS = st.sampled_from(
    ["/api", "/profiles", "/segments", "/map", "/", "/x", "/l", "/health", "热"]
)


@pytest.mark.parametrize(
    "path", ["/api/profiles?brand=hot", "/api/map?lvl=city", "/api/links?limit=5&page=2"]
)
def test_a_parameter_that_is_not_known_is_named(shared: Api, path: str) -> None:
    answer = shared.get(path)
    name = path.replace("?", "&").rpartition("&")[2].partition("=")[0]
    assert answer.status_code == 422
    told = answer.json()["errors"]
    assert {"where": f"query.{name}", "detail": "there is no such parameter"} in told


def test_known_parameters_pass_by_the_name_they_are_asked_by(shared: Api) -> None:
    for query in ("limit=5", "band=hot&sort=-temperature&detail=true", "among=band:hot"):
        assert shared.get(f"/api/profiles?{query}").status_code != 422, query
    assert shared.get("/api/profiles/p1/temperature?from=2026-01-01").status_code == 404


def test_what_changes_something_is_not_done_with_a_parameter_that_is_not_known(api: Api) -> None:
    before = len(api.get("/api/tokens").json()["items"])
    body = {"name": "other", "role": "viewer"}
    assert api.post("/api/tokens?dry_run=true", json=body).status_code == 422
    assert len(api.get("/api/tokens").json()["items"]) == before


def _match(router: APIRouter, path: str, method: str) -> tuple[Match, Any]:
    scope = {"type": "http", "path": path, "method": method, "root_path": "", "headers": []}
    for route in router.routes:
        found, more = route.matches(scope)
        if found != Match.NONE:
            return found, more.get("path_params")
    return Match.NONE, None


def _app(quick: bool) -> APIRouter:
    """All rooms, found at one look, or each route asked in turn."""
    app = APIRouter()
    for one in ROOMS:
        if quick or not isinstance(one.router, Room):
            app.include_router(one.router)
        else:
            plain = APIRouter()
            plain.routes.extend(one.router.routes)
            app.include_router(plain)
    return app


QUICK, PLAIN = _app(True), _app(False)


@given(
    st.one_of(
        st.sampled_from(PATHS),
        st.lists(PARTS, max_size=4).map("".join),
        st.tuples(st.sampled_from(PATHS), st.text(max_size=3)).map("".join),
    ),
    st.sampled_from(["GET", "POST", "DELETE", "PATCH"]),
)
def test_a_room_finds_what_its_routes_would_find(path: str, method: str) -> None:
    assert _match(QUICK, path, method) == _match(PLAIN, path, method)


def test_a_plain_endpoint_does_not_hold_up_the_loop() -> None:
    room, ran = Room(prefix="/api"), []

    def endpoint() -> dict[str, str]:
        """What it is."""
        ran.append(threading.current_thread())
        return {"a": "b"}

    room.get("/x")(endpoint)
    app = FastAPI()
    app.include_router(room)

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
            return await client.get("/api/x")

    answer = asyncio.run(ask())
    assert answer.json() == {"a": "b"}
    assert answer.headers["etag"]
    assert ran[0] is not threading.main_thread()
    assert app.openapi()["paths"]["/api/x"]["get"]["description"] == "What it is."
