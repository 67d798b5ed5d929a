"""A slash too many, and questions without an answer's body."""

from __future__ import annotations

import pytest

from tests.web.api.conftest import Api


@pytest.mark.parametrize("path", ["/api/status", "/api/tokens", "/health/live", "/api/none"])
@pytest.mark.parametrize("slashes", ["/", "//"])
def test_a_slash_at_the_end_means_nothing(api: Api, path: str, slashes: str) -> None:
    plain, more = api.get(path), api.get(path + slashes)
    assert more.status_code == plain.status_code
    assert more.headers["content-type"] == plain.headers["content-type"]
    assert more.json().keys() == plain.json().keys()


def test_a_body_is_not_lost_by_it(api: Api) -> None:
    made = api.post("/api/tokens/", json={"name": "bi", "role": "viewer"})
    assert made.status_code == 201
    assert "bi" in [one["name"] for one in api.get("/api/tokens").json()["items"]]
    assert api.send("DELETE", "/api/tokens/bi/").status_code == 204


def test_an_identifier_may_end_with_a_slash(api: Api) -> None:
    key = "/api/profiles/user_id:u%2F1"
    assert api.get(f"{key}/").json()["id"] == api.get(key).json()["id"]
    assert api.get("/api/profiles/user_id:u%2F1%2F").status_code == 404


def test_a_wrong_path_is_told_as_a_problem(api: Api) -> None:
    answer = api.get("/api/nothing/here/")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    assert api.send("PUT", "/api/status/").status_code == 405


@pytest.mark.parametrize("path", ["/health/live", "/health/ready", "/metrics"])
def test_watchdogs_may_ask_for_the_head_only(api: Api, path: str) -> None:
    head, whole = api.send("HEAD", path), api.get(path)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-type"] == whole.headers["content-type"]
    assert "head" not in api.app.openapi()["paths"][path]
