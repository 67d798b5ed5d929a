"""Signing in over HTTP: the first link, a lost password, cookies, headers, hostile bodies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pyotp
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hotspring.accounts import Members
from hotspring.privacy import Audit
from hotspring.web.api import slow
from tests.web.api.conftest import LOCAL, PASSWORD, Api, browser, opened

SESSION = "/api/session"


def sign_in(api: Api, name: str, password: str = PASSWORD, **more: Any) -> httpx.Response:
    told = {"name": name, "password": password, **more.pop("body", {})}
    return api.post(SESSION, None, json=told, **more)


def test_from_the_first_start_to_a_lost_password(api: Api) -> None:
    # The first start: a link is printed.
    audit = Audit(api.operations, lambda: api.now[0])
    link = Members(api.operations, audit, lambda: api.now[0]).first_link()
    invited = api.post(f"{SESSION}/invitation", None, json={"link": link}).json()
    assert invited == {"name": "admin", "role": "admin", "first": True, "second_factor": False}
    weak = api.post(f"{SESSION}/welcome", None, json={"link": link, "password": "password123"})
    assert (weak.status_code, weak.json()["code"]) == (422, "too_common")
    sent = {"link": link, "name": "root", "password": PASSWORD}
    root = browser(api.post(f"{SESSION}/welcome", None, json=sent))
    assert api.get(SESSION, None, headers=root).json()["name"] == "root"
    # A new member.
    made = api.post("/api/users", None, json={"name": "王丽", "role": "operator"}, headers=root)
    assert (made.status_code, made.json()["invited"]) == (201, True)
    assert made.json()["path"] == f"/welcome?link={made.json()['link']}"
    sent = {"link": made.json()["link"], "password": "三杯奶茶配一块蛋糕吧"}
    wang = browser(api.post(f"{SESSION}/welcome", None, json=sent))
    assert api.get("/api/profiles", None, headers=wang).status_code == 200
    assert api.get("/api/users", None, headers=wang).status_code == 403
    # Her second factor.
    offer = api.post(f"{SESSION}/second-factor", None, headers=wang).json()
    code = pyotp.TOTP(offer["secret"]).at(api.now[0] // 1000)
    done = api.send("PUT", f"{SESSION}/second-factor", None, json={"code": code}, headers=wang)
    codes = done.json()["recovery_codes"]
    again = sign_in(api, "王丽", "三杯奶茶配一块蛋糕吧")
    assert (again.status_code, again.json()["code"]) == (401, "code_needed")
    spent = sign_in(api, "王丽", "三杯奶茶配一块蛋糕吧", body={"code": code})
    assert (spent.status_code, spent.json()["code"]) == (401, "wrong_code")
    there = sign_in(api, "王丽", "三杯奶茶配一块蛋糕吧", body={"code": codes[0]})
    assert there.json()["recovery_codes"] == 9
    # She loses phone and password; an administrator helps.
    changed = api.send(
        "PATCH", "/api/users/王丽", None, json={"second_factor": False}, headers=root
    )
    assert changed.json()["second_factor"] is False
    assert api.get(SESSION, None, headers=browser(there)).status_code == 401
    link = api.post("/api/users/王丽/link", None, headers=root).json()["link"]
    sent = {"link": link, "password": "another good one"}
    wang = browser(api.post(f"{SESSION}/welcome", None, json=sent))
    assert sign_in(api, "王丽", "三杯奶茶配一块蛋糕吧").status_code == 401
    # What they did is on record under their names.
    told = [(line["actor"], line["action"], line["subject"]) for line in api.audit()]
    assert ("root", "user.created", "王丽") in told
    assert ("root", "user.changed", "王丽") in told
    assert ("王丽", "recovery_code.used", "王丽") in told
    assert ("王丽", "access.denied", "manage_access") in told


def test_the_cookie_is_for_this_site_and_no_script(api: Api) -> None:
    api.welcome("ann", "viewer")
    plain = sign_in(api, "ann").headers["set-cookie"].lower()
    for part in ("httponly", "samesite=strict", "path=/", "max-age=1209600"):
        assert part in plain
    assert "secure" not in plain
    assert "domain" not in plain


def test_who_signs_out_is_out(api: Api) -> None:
    ann = api.welcome("ann", "viewer")
    other = browser(sign_in(api, "ann", headers={"User-Agent": AGENT}))
    (there,) = api.get(f"{SESSION}/others", None, headers=ann).json()["items"]
    assert there["agent"] == "Firefox · Windows"
    out = api.send("DELETE", SESSION, None, headers=ann)
    assert out.status_code == 204
    assert 'hotspring_session=""' in out.headers["set-cookie"]
    assert api.get("/api/status", None, headers=ann).status_code == 401
    assert api.get("/api/status", None, headers=other).status_code == 200
    assert api.send("DELETE", SESSION, None, headers=ann).status_code == 204
    assert api.send("DELETE", SESSION, None).status_code == 204


AGENT = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


def test_a_session_ends_by_itself(api: Api) -> None:
    ann = api.welcome("ann", "viewer")
    for _ in range(27):
        api.now[0] += 12 * 3_600_000 - 60_001
        assert api.get("/api/status", None, headers=ann).status_code == 200
    api.now[0] += 12 * 3_600_000
    over = api.get("/api/status", None, headers=ann)
    assert (over.status_code, over.json()["detail"]) == (401, "the session is over; sign in again")


def test_the_rest_of_ones_own(api: Api) -> None:
    ann = api.welcome("ann", "viewer")
    spoken = api.send("PUT", f"{SESSION}/language", None, json={"language": "zh"}, headers=ann)
    assert spoken.json()["language"] == "zh"
    browser(sign_in(api, "ann"))
    browser(sign_in(api, "ann"))
    others = api.get(f"{SESSION}/others", None, headers=ann).json()["items"]
    one = api.send("DELETE", f"{SESSION}/others/{others[0]['id']}", None, headers=ann)
    assert one.json() == {"ended": 1}
    assert api.send("DELETE", f"{SESSION}/others", None, headers=ann).json() == {"ended": 1}
    changed = api.send(
        "PUT", f"{SESSION}/password", None, headers=ann,
        json={"old": PASSWORD, "new": "another good one"},
    )  # fmt: skip
    fresh = browser(changed)
    assert fresh["X-CSRF-Token"] == ann["X-CSRF-Token"]
    assert api.get(SESSION, None, headers=ann).status_code == 401
    assert api.get(SESSION, None, headers=fresh).json()["csrf"] == fresh["X-CSRF-Token"]
    api.post(f"{SESSION}/second-factor", None, headers=fresh)
    off = {"password": "another good one"}
    dropped = api.send("DELETE", f"{SESSION}/second-factor", None, json=off, headers=fresh)
    assert dropped.status_code == 204
    assert api.get(SESSION, None, headers=fresh).json()["second_factor"] is False


def test_a_page_of_another_site_signs_nobody_in(api: Api) -> None:
    api.welcome("ann", "viewer")
    for told in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert sign_in(api, "ann", headers=told).status_code == 403
    for told in (
        {"Origin": "http://127.0.0.1:8410"},
        {"Origin": "https://pool.example", "Sec-Fetch-Site": "same-origin"},
        {"Origin": "https://pool.example:8443", "Host": "pool.example"},
        {},
    ):
        assert sign_in(api, "ann", headers=told).status_code == 200
    broken = sign_in(api, "ann", headers={"Origin": "http://[", "Host": "127.0.0.1:x"})
    assert broken.status_code == 403


def test_a_token_goes_before_a_cookie_and_needs_no_word(api: Api) -> None:
    cookie = {"Cookie": api.welcome("ann", "viewer")["Cookie"]}
    assert api.post("/api/sources", "admin", json={"name": "s"}, headers=cookie).status_code == 201
    assert api.get("/api/users", "hs_wrong", headers=cookie).status_code == 401


def test_tries_that_come_too_often_are_told_when_to_come_again(api: Api) -> None:
    api.welcome("ann", "viewer")
    for _ in range(10):
        assert sign_in(api, "ann", "wrong").json()["code"] == "wrong_password"
    late = sign_in(api, "ann")
    assert late.status_code == 429
    assert 0 < int(late.headers["retry-after"]) <= 901


def test_a_crowd_is_sent_away_before_it_is_hashed(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    api.welcome("ann", "viewer")
    monkeypatch.setattr(slow, "WAITING", 0)
    assert sign_in(api, "ann").status_code == 429


def test_the_last_administrator_stays(api: Api) -> None:
    root = api.welcome("root", "admin")
    for method, body in (
        ("DELETE", None),
        ("PATCH", {"role": "viewer"}),
        ("PATCH", {"active": False}),
    ):
        refused = api.send(method, "/api/users/root", None, json=body, headers=root)
        assert refused.status_code == 409
        assert "last administrator" in refused.json()["detail"]
    api.welcome("ann", "admin")
    assert api.send("DELETE", "/api/users/root", None, headers=root).status_code == 204
    assert api.get(SESSION, None, headers=root).status_code == 401


def test_what_only_members_know_is_in_no_list(api: Api) -> None:
    api.welcome("ann", "viewer")
    listed = api.get("/api/users", LOCAL)
    assert set(listed.json()["items"][0]) == {
        "name", "role", "language", "active", "invited", "second_factor", "created_at",
        "signed_in_at", "link_until",
    }  # fmt: skip
    assert "argon2" not in listed.text


@pytest.mark.parametrize("path", ["/api/status", "/api/openapi.json", "/nowhere", "/health/live"])
def test_every_answer_tells_browsers_what_not_to_do(shared: Api, path: str) -> None:
    told = shared.get(path).headers
    assert told["x-content-type-options"] == "nosniff"
    assert told["referrer-policy"] == "no-referrer"
    policy = told["content-security-policy"]
    assert "frame-ancestors 'none'" in policy
    assert policy.startswith("default-src 'none';")
    assert "unsafe-eval" not in policy
    assert "unsafe-inline" not in policy.partition("style-src")[0]


def test_what_sessions_say_is_kept_nowhere(api: Api) -> None:
    ann = api.welcome("ann", "viewer")
    assert api.get(SESSION, None, headers=ann).headers["cache-control"] == "no-store"
    assert "Cookie" in api.get("/api/status", None, headers=ann).headers["vary"]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    with opened(tmp_path_factory.mktemp("hostile")) as api:
        yield api


JSON: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=40),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=8,
)
FIELDS = ("name", "password", "link", "code", "old", "new", "language", "role", "active")
BODIES = st.one_of(
    JSON,
    st.dictionaries(st.sampled_from(FIELDS), st.one_of(st.text(max_size=600), JSON), max_size=5),
)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(
    body=st.one_of(BODIES, st.binary(max_size=80)),
    where=st.sampled_from(
        [
            "POST /api/session",
            "POST /api/session/welcome",
            "POST /api/session/invitation",
            "PUT /api/session/password",
            "POST /api/users",
            "PATCH /api/users/x",
        ]
    ),
    cookie=st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=60),
)
def test_no_body_and_no_cookie_breaks_the_entrance(
    hostile: Api, body: Any, where: str, cookie: str
) -> None:
    method, path = where.split()
    sent: dict[str, Any] = {"content": body} if isinstance(body, bytes) else {"json": body}
    headers = {"Cookie": f"hotspring_session={cookie}", "X-CSRF-Token": "x"}
    for role in (None, LOCAL):
        answer = hostile.send(method, path, role, headers=headers, **sent)
        assert answer.status_code < 500, answer.text
        if answer.status_code >= 400:
            assert answer.headers["content-type"] == "application/problem+json"


def test_nothing_of_a_sign_in_is_logged(api: Api, capfd: pytest.CaptureFixture[str]) -> None:
    from hotspring.web.logs import set_up_logs

    set_up_logs("debug")
    ann = api.welcome("ann", "viewer")
    sign_in(api, "ann", "a wrong password")
    api.send("PUT", f"{SESSION}/password", None, json={"old": 3}, headers=ann)
    out, err = capfd.readouterr()
    assert '"route": "/api/session"' in err
    secret = ann["Cookie"].partition("=")[2]
    for word in (PASSWORD, "a wrong password", secret, ann["X-CSRF-Token"], "ann"):
        assert word not in out + err
