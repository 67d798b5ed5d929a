"""Members: made, invited, changed, removed; someone who lets others in always stays."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hotspring.accounts.members import LINK_MS, name_key
from hotspring.errors import BadRequest, Conflict, HotspringError, NotFound, SignInRefused
from hotspring.privacy import Access, Audit
from tests.accounts.conftest import PASSWORD, House


def test_the_first_start_makes_an_administrator_with_a_link(house: House) -> None:
    members = house.accounts.members
    first = members.first_link()
    again = members.first_link()
    assert first
    assert again
    assert first != again
    (admin,) = members.all()
    assert (admin.name, admin.role, admin.password_hash) == ("admin", "admin", None)
    with pytest.raises(SignInRefused):
        house.welcome(first)
    signed = house.welcome(again, name="王小丽")
    assert (signed.user.name, signed.user.role) == ("王小丽", "admin")
    assert members.first_link() is None
    assert house.lines("user.created") == [("hotspring", "user.created", "admin")]


def test_a_pool_that_knows_a_token_admin_gets_another_first_name(house: House) -> None:
    access = Access(house.operations, Audit(house.operations, lambda: house.ms), lambda: house.ms)
    access.create_token("admin", "admin", by="local")
    house.welcome(house.accounts.members.first_link() or "")
    assert [user.name for user in house.accounts.members.all()] == ["admin-2"]


def test_a_link_is_good_once_and_for_a_day(house: House) -> None:
    members = house.accounts.members
    members.create("ann", "viewer", "zh", by="root")
    link, until = members.link("ann", by="root")
    assert until == house.ms + LINK_MS
    house.ms = until - 1
    assert house.accounts.entrance.invited(link, address="a").name == "ann"
    house.welcome(link)
    with pytest.raises(SignInRefused) as over:
        house.welcome(link)
    assert over.value.code == "link_over"
    link, until = members.link("ann", by="root")
    house.ms = until
    with pytest.raises(SignInRefused):
        house.welcome(link)
    for text in ("", "x", link + "x"):
        with pytest.raises(SignInRefused):
            house.welcome(text)


def test_a_link_for_a_lost_password_ends_what_was_open(house: House) -> None:
    lost = house.member("ann")
    link, _ = house.accounts.members.link("ann", by="root")
    assert house.sign_in("ann").user.name == "ann"  # until it is used, all stays as it was
    with pytest.raises(SignInRefused, match="this link is for ann"):
        house.welcome(link, "another good one", name="bob")
    house.welcome(link, "another good one")
    assert house.accounts.sessions.find(lost.secret) is None
    with pytest.raises(SignInRefused):
        house.sign_in("ann")
    assert house.sign_in("ann", "another good one")


def test_names_are_one_however_they_are_typed(house: House) -> None:
    house.member("Ann.Lee@tea-house")
    assert house.sign_in("ann.lee@TEA-house").user.name == "Ann.Lee@tea-house"
    for taken in ("ann.lee@tea-house", "ＡＮＮ.LEE@tea-house"):
        with pytest.raises(Conflict):
            house.accounts.members.create(taken, "viewer", "", by="root")


@given(st.text(max_size=30))
def test_a_name_stays_the_same_when_it_is_compared_again(name: str) -> None:
    assert name_key(name_key(name)) == name_key(name)


@pytest.mark.parametrize("name", ["", "-x", "a b", "a/b", "x" * 65, "<b>", "a\n", "local", "Local"])
def test_a_name_that_would_confuse_is_refused(house: House, name: str) -> None:
    with pytest.raises(BadRequest):
        house.accounts.members.create(name, "viewer", "", by="root")


def test_wrong_roles_and_languages_are_refused(house: House) -> None:
    with pytest.raises(BadRequest, match="role"):
        house.accounts.members.create("ann", "owner", "", by="root")
    with pytest.raises(BadRequest, match="language"):
        house.accounts.members.create("ann", "viewer", "fr", by="root")
    house.member("ann")
    with pytest.raises(BadRequest, match="role"):
        house.accounts.members.change("ann", by="root", role="owner")
    with pytest.raises(NotFound):
        house.accounts.members.change("bob", by="root", role="viewer")


def test_a_name_tells_a_member_from_a_token(house: House) -> None:
    access = Access(house.operations, Audit(house.operations, lambda: house.ms), lambda: house.ms)
    access.create_token("bi", "viewer", by="root")
    with pytest.raises(Conflict, match="token"):
        house.accounts.members.create("BI", "viewer", "", by="root")
    house.accounts.members.create("ann", "viewer", "", by="root")
    access.create_token("ann", "viewer", by="root")  # she has not come in yet
    link, _ = house.accounts.members.link("ann", by="root")
    with pytest.raises(Conflict, match="token"):
        house.welcome(link)
    house.welcome(link, name="anna")
    with pytest.raises(Conflict, match="member"):
        access.create_token("Anna", "viewer", by="root")


CHANGES = st.lists(
    st.one_of(
        st.tuples(st.just("role"), st.integers(0, 2), st.sampled_from(["admin", "viewer"])),
        st.tuples(st.just("active"), st.integers(0, 2), st.booleans()),
        st.tuples(st.just("remove"), st.integers(0, 2), st.none()),
        st.tuples(st.just("create"), st.integers(0, 2), st.none()),
    ),
    max_size=25,
)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(changes=CHANGES)
def test_some_administrator_who_can_sign_in_always_stays(
    house: House, changes: list[object]
) -> None:
    members, names = house.accounts.members, ("ann", "bob", "cyd")
    if not members.all():
        house.member("ann", "admin")
    for kind, which, value in changes:  # type: ignore[misc]
        before = {user.name: user for user in members.all()}
        try:
            if kind == "create":
                members.create(names[which], "admin", "", by="local")
            elif kind == "remove":
                members.remove(names[which], by="local")
            else:
                members.change(names[which], by="local", **{kind: value})
        except Conflict:
            if kind != "create":
                target = before[names[which]]
                able = [u for u in before.values() if u.role == "admin" and u.active]
                assert [u.name for u in able if u.password_hash] == [target.name]
            assert {user.name: user for user in members.all()} == before
        except HotspringError:
            assert names[which] not in before
        assert house.operations.members.administrators() >= 1


def test_who_is_shut_out_is_out_and_may_come_back(house: House) -> None:
    signed = house.member("ann")
    link, _ = house.accounts.members.link("ann", by="root")
    house.accounts.members.change("ann", by="root", active=False)
    assert house.accounts.sessions.find(signed.secret) is None
    for attempt in (lambda: house.sign_in("ann"), lambda: house.welcome(link)):
        with pytest.raises(SignInRefused):
            attempt()
    with pytest.raises(Conflict, match="not active"):
        house.accounts.members.link("ann", by="root")
    house.accounts.members.change("ann", by="root", active=True)
    assert house.sign_in("ann")
    assert house.accounts.sessions.find(signed.secret) is None


def test_who_is_removed_leaves_nothing_but_the_record(house: House) -> None:
    signed = house.member("ann")
    house.accounts.members.remove("ann", by="root")
    assert house.accounts.sessions.find(signed.secret) is None
    with pytest.raises(SignInRefused):
        house.sign_in("ann", PASSWORD)
    assert house.operations.members.sessions(signed.user) == []
    assert ("root", "user.removed", "ann") in house.lines()


def test_changing_nothing_changes_nothing(house: House) -> None:
    signed = house.member("ann")
    house.accounts.members.change("ann", by="root", role="viewer", active=True)
    assert house.accounts.sessions.find(signed.secret) is not None
    assert house.lines("user.changed") == []
