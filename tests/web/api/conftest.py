"""An API over a pool in memory, with one token for each role."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from hotspring.accounts import Passwords
from hotspring.privacy import Role
from hotspring.settings import Settings
from hotspring.store import Operations
from hotspring.web import create_api
from tests.web.api.fake_pool import FakePool

LOCAL = "hs_local-secret-of-this-run"
PASSWORD = "tea at noon, twice"


@dataclass
class Api:
    """Sends requests to an application as the bearer of a role's token."""

    app: FastAPI
    pool: FakePool
    operations: Operations
    folder: Path
    now: list[int]
    tokens: dict[str, str] = field(default_factory=dict)

    def send(
        self,
        method: str,
        path: str,
        role: str | None = "admin",
        address: str = "127.0.0.1",
        **kwargs: Any,
    ) -> httpx.Response:
        headers = dict(kwargs.pop("headers", {}))
        if role is not None:
            headers.setdefault("Authorization", f"Bearer {self.tokens.get(role, role)}")

        async def request() -> httpx.Response:
            transport = httpx.ASGITransport(self.app, client=(address, 1))
            async with httpx.AsyncClient(
                transport=transport, base_url="http://127.0.0.1:8410"
            ) as client:
                return await client.request(method, path, headers=headers, **kwargs)

        return asyncio.run(request())

    def get(self, path: str, role: str | None = "admin", **kwargs: Any) -> httpx.Response:
        return self.send("GET", path, role, **kwargs)

    def post(self, path: str, role: str | None = "admin", **kwargs: Any) -> httpx.Response:
        return self.send("POST", path, role, **kwargs)

    def welcome(self, name: str, role: str) -> dict[str, str]:
        """The headers of a browser in which a new member has just come in."""
        made = self.post("/api/users", LOCAL, json={"name": name, "role": role}).json()
        sent = {"link": made["link"], "password": PASSWORD}
        return browser(self.post("/api/session/welcome", None, json=sent))

    def audit(self, action: str = "") -> list[dict[str, Any]]:
        query = f"&action={action}" if action else ""
        items: list[dict[str, Any]] = self.get(f"/api/audit?limit=1000{query}", LOCAL).json()[
            "items"
        ]
        return items


def browser(answer: httpx.Response) -> dict[str, str]:
    """What a browser sends from now on, after this answer to a sign-in."""
    assert answer.status_code == 200, answer.text
    cookie = answer.headers["set-cookie"].partition(";")[0]
    return {"Cookie": cookie, "X-CSRF-Token": answer.json()["csrf"]}


@contextlib.contextmanager
def opened(folder: Path, settings: Settings | None = None) -> Iterator[Api]:
    pool, now = FakePool(), [1_772_323_200_000]
    with contextlib.closing(Operations(folder)) as operations:
        app = create_api(
            pool,
            operations,
            settings=settings or Settings(),
            uploads=folder / "imports",
            local_token=LOCAL,
            clock=lambda: now[0],
            passwords=Passwords(memory_kib=8, passes=1),
        )
        api = Api(app, pool, operations, folder, now)
        for role in Role:
            made = api.post("/api/tokens", LOCAL, json={"name": f"a-{role}", "role": role})
            api.tokens[role] = made.json()["token"]
        yield api


@pytest.fixture
def api(tmp_path: Path) -> Iterator[Api]:
    """An application of its own."""
    with opened(tmp_path) as api:
        yield api


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """One application for all tests of a module that leave it as it is."""
    with opened(tmp_path_factory.mktemp("shared")) as api:
        yield api
