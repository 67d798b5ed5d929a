"""The first start of a server, and the people who sign in to it."""

from __future__ import annotations

import re

import httpx

from tests.story.conftest import PATIENCE, Server


def browser(url: str) -> httpx.Client:
    return httpx.Client(base_url=url, timeout=PATIENCE, trust_env=False)


def test_who_starts_a_pool_signs_in_by_the_link_and_lets_others_in(own_server: Server) -> None:
    assert own_server.process.stdout is not None
    line = own_server.process.stdout.readline()
    found = re.search(r"(http://127\.0\.0\.1:\d+)/welcome\?link=([\w-]{43})$", line.strip())
    assert found, line
    assert found[1] == own_server.url
    with browser(own_server.url) as root, browser(own_server.url) as ann:
        sent = {"link": found[2], "password": "tea at noon, twice", "name": "root"}
        signed = root.post("/api/session/welcome", json=sent).json()
        word = {"X-CSRF-Token": signed["csrf"]}
        assert root.get("/api/users").json()["items"][0]["name"] == "root"
        assert root.post("/api/users", json={"name": "ann", "role": "viewer"}).status_code == 403
        made = root.post("/api/users", json={"name": "ann", "role": "viewer"}, headers=word).json()
        sent = {"link": made["link"], "password": "another good one"}
        assert ann.post("/api/session/welcome", json=sent).status_code == 200
        assert ann.get("/api/status").status_code == 200
        # Her password is lost; the owner of the machine makes a link.
        told = own_server.command("user", "link", "ann")
        assert told["url"] == f"{own_server.url}/welcome?link={told['link']}"
        sent = {"link": told["link"], "password": "yet another one"}
        with browser(own_server.url) as elsewhere:
            assert elsewhere.post("/api/session/welcome", json=sent).status_code == 200
        assert ann.get("/api/status").status_code == 401
        # After a restart those who are signed in stay so, and no link is printed any more.
        own_server.stop()
        own_server.start()
        root.base_url = httpx.URL(own_server.url)
        assert root.get("/api/session").json()["name"] == "root"
    own_server.stop()
    log = (own_server.folder.parent / "serve.log").read_text()
    for secret in (found[2], told["link"], made["link"], signed["csrf"], "tea at noon"):
        assert secret not in log
