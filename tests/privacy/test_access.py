"""Keys and tokens: made, checked, taken back; roles and what they may."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspring.errors import (
    BadRequest,
    Conflict,
    FolderError,
    Forbidden,
    NotFound,
    Unauthorised,
)
from hotspring.privacy import Access, Audit, Permission, Role
from hotspring.privacy.access import permissions
from hotspring.store import Operations

LOCAL = "hs_local"


class Clock:
    ms = 1_772_323_200_000

    def __call__(self) -> int:
        return self.ms


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def operations(tmp_path: Path) -> Iterator[Operations]:
    opened = Operations(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def access(operations: Operations, clock: Clock) -> Access:
    return Access(operations, Audit(operations, clock), clock, LOCAL)


def test_each_role_may_more_than_the_one_before() -> None:
    allowed = [permissions(role) for role in Role]
    assert all(lower < higher for lower, higher in itertools.pairwise(allowed))
    assert allowed[-1] == set(Permission)
    assert allowed[0] == {Permission.READ_POOL}


def test_a_token_admits_to_what_its_role_may_and_to_nothing_else(access: Access) -> None:
    for role in Role:
        _, text = access.create_token(f"a-{role}", role, by="local")
        for permission in Permission:
            if permission in permissions(role):
                actor = access.admit(text, permission)
                assert (actor.name, actor.role) == (f"a-{role}", role)
            else:
                with pytest.raises(Forbidden):
                    access.admit(text, permission)


@pytest.fixture(scope="module")
def lasting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Access]:
    operations, clock = Operations(tmp_path_factory.mktemp("access")), Clock()
    yield Access(operations, Audit(operations, clock), clock, LOCAL)
    operations.close()


@given(text=st.text(max_size=60))
def test_nothing_else_is_a_token(lasting: Access, text: str) -> None:
    with pytest.raises(Unauthorised):
        lasting.admit(text, Permission.READ_POOL)


def test_the_local_token_is_an_admin_that_is_not_stored(
    access: Access, operations: Operations
) -> None:
    assert access.admit(LOCAL, Permission.MANAGE_ACCESS).name == "local"
    assert operations.tokens() == []
    with pytest.raises(BadRequest, match="local"):
        access.create_token("local", "viewer", by="x")


def test_without_a_local_token_nobody_is_local(operations: Operations, clock: Clock) -> None:
    access = Access(operations, Audit(operations, clock), clock)
    with pytest.raises(Unauthorised):
        access.admit("", Permission.READ_POOL)


def test_a_token_ends_in_its_time(access: Access, clock: Clock) -> None:
    _, text = access.create_token("guest", "viewer", by="local", days=2)
    clock.ms += 2 * 86_400_000 - 1
    assert access.admit(text, Permission.READ_POOL)
    clock.ms += 1
    with pytest.raises(Unauthorised):
        access.admit(text, Permission.READ_POOL)


def test_what_is_taken_back_by_another_process_stops_within_a_second(
    access: Access, operations: Operations, clock: Clock
) -> None:
    elsewhere = Access(operations, Audit(operations, clock), clock)
    _, token = access.create_token("bi", "viewer", by="local")
    assert elsewhere.admit(token, Permission.READ_POOL)
    access.revoke_token("bi", by="local")
    clock.ms += 1_000
    with pytest.raises(Unauthorised):
        elsewhere.admit(token, Permission.READ_POOL)


def test_a_clock_that_is_set_back_keeps_nobody_in(
    access: Access, operations: Operations, clock: Clock
) -> None:
    elsewhere = Access(operations, Audit(operations, clock), clock)
    _, token = access.create_token("bi", "viewer", by="local")
    assert elsewhere.admit(token, Permission.READ_POOL)
    access.revoke_token("bi", by="local")
    clock.ms -= 3_600_000
    with pytest.raises(Unauthorised):
        elsewhere.admit(token, Permission.READ_POOL)


def test_a_name_is_given_once_and_again_after_it_was_taken_back(access: Access) -> None:
    access.create_source("web", by="local")
    with pytest.raises(Conflict):
        access.create_source("web", by="local")
    access.revoke_source("web", by="local")
    second, key = access.create_source("web", by="local")
    assert access.sources() == [second]
    assert second.key_hash == hashlib.sha256(key.encode()).hexdigest()
    with pytest.raises(NotFound):
        access.revoke_source("app", by="local")


def test_a_project_selects_one_source(access: Access) -> None:
    access.create_source("mini", by="local", project="production", datum="gcj02")
    assert [(s.project, s.datum) for s in access.sources()] == [("production", "gcj02")]
    with pytest.raises(Conflict, match="production"):
        access.create_source("other", by="local", project="production")


def test_two_of_a_kind_have_nothing_in_common(access: Access) -> None:
    texts = [access.create_token(f"t{n}", "viewer", by="local")[1] for n in range(4)]
    texts += [access.create_source(f"s{n}", by="local")[1] for n in range(4)]
    assert {text[:3] for text in texts} == {"hs_", "wk_"}
    assert len({text[3:] for text in texts}) == 8
    # 32 random bytes are 43 characters of base64.
    assert {len(text) for text in texts} == {46}


@pytest.mark.parametrize("name", ["", "-x", "a b", "a/b", "x" * 65, "<b>", "a\n"])
def test_a_name_that_would_confuse_is_refused(access: Access, name: str) -> None:
    with pytest.raises(BadRequest):
        access.create_source(name, by="local")
    with pytest.raises(BadRequest):
        access.create_token(name, "viewer", by="local")


def test_wrong_roles_datums_and_times_are_refused(access: Access) -> None:
    with pytest.raises(BadRequest, match="role"):
        access.create_token("a", "owner", by="local")
    with pytest.raises(BadRequest, match="datum"):
        access.create_source("a", by="local", datum="mars")
    for days in (0.0, -1.0, 1e9, float("nan")):
        with pytest.raises(BadRequest):
            access.create_token("a", "viewer", by="local", days=days)


def test_the_use_of_a_token_is_kept_to_the_minute(
    access: Access, operations: Operations, clock: Clock
) -> None:
    _, text = access.create_token("bi", "viewer", by="local")
    start = clock.ms
    for _ in range(3):
        access.admit(text, Permission.READ_POOL)
        clock.ms += 25_000
    assert operations.tokens()[0].last_used_ms == start
    access.admit(text, Permission.READ_POOL)
    assert operations.tokens()[0].last_used_ms == start + 75_000


def test_what_is_done_with_access_is_on_record(access: Access, operations: Operations) -> None:
    access.create_source("web", by="ann")
    access.create_token("bi", "viewer", by="ann")
    access.revoke_source("web", by="bob")
    access.revoke_token("bi", by="bob")
    lines = [(e.actor, e.action, e.subject) for e in operations.audit(10)]
    assert lines[::-1] == [
        ("ann", "source.created", "web"),
        ("ann", "token.created", "bi"),
        ("bob", "source.revoked", "web"),
        ("bob", "token.revoked", "bi"),
    ]


def test_a_full_disk_lets_nobody_in_and_keeps_nobody_out(
    access: Access, operations: Operations, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, text = access.create_token("bi", "viewer", by="local")

    def full(*_: object, **__: object) -> None:
        raise FolderError

    for write in ("append_audit", "token_used"):
        monkeypatch.setattr(operations, write, full)
    assert access.admit(text, Permission.READ_POOL).name == "bi"
    with pytest.raises(Unauthorised):
        access.admit("hs_wrong", Permission.READ_POOL)


def test_who_asked_a_moment_ago_is_known_without_the_records(
    access: Access, clock: Clock, operations: Operations, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, text = access.create_token("reader", "operator", by="ann", days=1)
    assert access.known(text, Permission.READ_PROFILES) is None
    admitted = access.admit(text, Permission.READ_PROFILES)
    monkeypatch.setattr(operations, "token_by_hash", None)
    assert access.known(text, Permission.READ_PROFILES) == admitted
    # What has to be written down, or told why, is for `admit`.
    assert access.known(text, Permission.ERASE) is None
    assert access.known("hs_other", Permission.READ_POOL) is None
    assert access.known("", Permission.READ_POOL) is None
    assert access.known(LOCAL, Permission.ERASE) is not None
    clock.ms += 1_000
    assert access.known(text, Permission.READ_PROFILES) is None


def test_a_token_that_was_taken_back_or_ended_is_not_known(access: Access, clock: Clock) -> None:
    _, text = access.create_token("reader", "operator", by="ann", days=1)
    access.admit(text, Permission.READ_PROFILES)
    access.revoke_token("reader", by="ann")
    assert access.known(text, Permission.READ_PROFILES) is None
    _, short = access.create_token("short", "viewer", by="ann", days=0.5 / 86_400)
    access.admit(short, Permission.READ_POOL)
    clock.ms += 500
    assert access.known(short, Permission.READ_POOL) is None
