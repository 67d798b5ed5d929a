"""The entrance and one's own account: passwords, second factors, what is on record."""

from __future__ import annotations

from typing import Any

import pyotp
import pytest

from hotspring.accounts import Passwords, Signed
from hotspring.accounts.codes import STEP_MS
from hotspring.errors import (
    BadRequest,
    Conflict,
    FolderError,
    SignInRefused,
    TooManyTries,
    WeakPassword,
)
from tests.accounts.conftest import PASSWORD, House


def again(house: House, signed: Signed) -> Signed:
    """The same session as its next request finds it."""
    found = house.accounts.sessions.find(signed.secret)
    assert found is not None
    return found


def refused(house: House, *args: Any, **kwargs: Any) -> str:
    with pytest.raises(SignInRefused) as said:
        house.sign_in(*args, **kwargs)
    return said.value.code


def code_of(secret: str, house: House, steps: int = 0) -> str:
    return pyotp.TOTP(secret).generate_otp(house.ms // STEP_MS + steps)


def with_factor(house: House, signed: Signed) -> tuple[str, list[str]]:
    own = house.accounts.own
    secret, _ = own.offer_factor(signed)
    signed = again(house, signed)
    return secret, own.confirm_factor(signed, code_of(secret, house))


def test_a_wrong_name_and_a_wrong_password_are_told_alike(house: House) -> None:
    house.member("ann")
    house.accounts.members.create("bob", "viewer", "", by="root")
    told = set()
    for name, password in (("ann", "x" * 12), ("nobody", PASSWORD), ("bob", PASSWORD), ("bob", "")):
        with pytest.raises(SignInRefused) as said:
            house.sign_in(name, password)
        told.add((said.value.code, str(said.value)))
    assert len(told) == 1


def test_a_hash_is_compared_whoever_comes(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[bool] = []
    passwords = house.passwords

    def matches(kept: str | None, password: str) -> bool:
        compared.append(kept is None)
        return Passwords.matches(passwords, kept, password)

    monkeypatch.setattr(passwords, "matches", matches)
    house.member("ann")
    house.member("cyd")
    house.accounts.members.change("cyd", by="root", active=False)
    for name in ("ann", "nobody", "cyd"):
        refused(house, name, "x")
    assert compared == [False, True, True]


def test_a_hash_with_old_parameters_is_made_anew_at_a_sign_in(house: House) -> None:
    house.member("ann")
    before = house.accounts.members.one("ann").password_hash
    house.passwords = Passwords(memory_kib=16, passes=2)
    house.__post_init__()
    refused(house, "ann", "wrong")
    assert house.accounts.members.one("ann").password_hash == before
    signed = house.sign_in("ann")
    after = house.accounts.members.one("ann").password_hash
    assert after != before
    assert after is not None
    assert "m=16,t=2" in after
    assert house.accounts.sessions.find(signed.secret) is not None
    assert house.sign_in("ann")


def test_tries_are_limited_and_told_when_to_come_again(house: House) -> None:
    house.member("ann")
    for _ in range(10):
        refused(house, "ann", "wrong")
    with pytest.raises(TooManyTries) as said:
        house.sign_in("ann")
    assert 800 < said.value.seconds <= 901
    assert house.sign_in("ann", address="198.51.100.2")


def test_a_second_factor_from_start_to_end(house: House) -> None:
    signed = house.member("ann")
    elsewhere = house.sign_in("ann")
    secret, codes = with_factor(house, signed)
    assert len(codes) == 10
    assert house.accounts.sessions.find(elsewhere.secret) is None
    assert house.accounts.sessions.find(signed.secret) is not None
    assert refused(house, "ann", "wrong") == "wrong_password"
    assert refused(house, "ann") == "code_needed"
    assert refused(house, "ann", code=code_of(secret, house)) == "wrong_code"  # it confirmed
    house.ms += STEP_MS
    good = code_of(secret, house)
    assert house.sign_in("ann", code=f"{good[:3]} {good[3:]}")
    assert refused(house, "ann", code=good) == "wrong_code"
    assert house.sign_in("ann", code=codes[3].upper())
    assert refused(house, "ann", code=codes[3]) == "wrong_code"
    user = house.accounts.members.one("ann")
    assert house.accounts.own.codes_left(user) == 9
    current = again(house, signed)
    with pytest.raises(SignInRefused):
        house.accounts.own.drop_factor(current, "wrong", address="a")
    house.accounts.own.drop_factor(current, PASSWORD, address="a")
    assert house.sign_in("ann")
    told = [action for _, action, _ in house.lines("second_factor.on", "second_factor.off")]
    assert told == ["second_factor.on", "second_factor.off"]


def test_a_code_is_used_once_even_in_the_step_before(house: House) -> None:
    secret, _ = with_factor(house, house.member("ann"))
    house.ms += 3 * STEP_MS
    assert house.sign_in("ann", code=code_of(secret, house))
    # The one before is still near enough, but who saw it over a shoulder comes too late.
    assert refused(house, "ann", code=code_of(secret, house, -1)) == "wrong_code"
    assert house.sign_in("ann", code=code_of(secret, house, 1))


def test_an_offer_counts_only_once_it_is_confirmed(house: House) -> None:
    own, signed = house.accounts.own, house.member("ann")
    with pytest.raises(Conflict):
        own.confirm_factor(signed, "000000")
    secret, uri = own.offer_factor(signed)
    assert secret in uri
    assert house.sign_in("ann")
    signed = again(house, signed)
    wrong = f"{(int(code_of(secret, house)) + 1) % 1_000_000:06}"
    with pytest.raises(BadRequest):
        own.confirm_factor(signed, wrong)
    own.confirm_factor(signed, code_of(secret, house))
    signed = again(house, signed)
    with pytest.raises(Conflict):
        own.offer_factor(signed)


def test_codes_are_limited(house: House) -> None:
    secret, _ = with_factor(house, house.member("ann"))
    wrong = f"{(int(code_of(secret, house)) + 1) % 1_000_000:06}"
    for n in range(5):
        assert refused(house, "ann", code=wrong, address=f"a{n}") == "wrong_code"
    with pytest.raises(TooManyTries):
        house.sign_in("ann", code=wrong, address="b")


def test_a_link_asks_for_the_second_factor_and_an_administrator_takes_it_off(house: House) -> None:
    with_factor(house, house.member("ann"))
    members = house.accounts.members
    link, _ = members.link("ann", by="root")
    with pytest.raises(SignInRefused) as said:
        house.welcome(link, "another good one")
    assert said.value.code == "code_needed"
    members.change("ann", by="root", without_second_factor=True)
    assert house.accounts.own.codes_left(members.one("ann")) == 0
    house.welcome(link, "another good one")
    assert house.lines("user.changed") == [("root", "user.changed", "ann")]


def test_ones_own_password(house: House) -> None:
    own, signed = house.accounts.own, house.member("ann")
    for old, new, error in (
        ("wrong", "another good one", SignInRefused),
        (PASSWORD, "short", WeakPassword),
        (PASSWORD, PASSWORD, WeakPassword),
        (PASSWORD, "ann1234567890", WeakPassword),
    ):
        with pytest.raises(error):
            own.set_password(signed, old, new, address="a")
    assert house.accounts.sessions.find(signed.secret) is not None
    fresh = own.set_password(signed, PASSWORD, "another good one", address="a")
    assert house.accounts.sessions.find(signed.secret) is None
    assert house.accounts.sessions.find(fresh.secret) is not None
    assert house.sign_in("ann", "another good one")


def test_a_sign_in_under_way_does_not_outlive_a_new_password(house: House) -> None:
    signed = house.member("ann")
    before = house.accounts.members.one("ann")
    house.accounts.own.set_password(signed, PASSWORD, "another good one", address="a")
    with pytest.raises(Conflict):
        house.accounts.sessions.begin(before, "")


def test_what_happens_is_on_record_without_what_was_typed(house: House) -> None:
    signed = house.member("ann")
    with pytest.raises(SignInRefused):
        house.sign_in("my secret password, typed in the wrong field")
    refused(house, "ann", "wrong")
    house.accounts.own.sign_out(signed)
    house.accounts.own.speak(signed, "en")
    lines = house.operations.audit(100)
    assert all("secret password" not in f"{e.subject} {e.detail}" for e in lines)
    assert [(a, s) for _, a, s in house.lines()] == [
        ("user.created", "ann"),
        ("user.link_made", "ann"),
        ("password.changed", "ann"),
        ("sign_in.done", "ann"),
        ("sign_in.failed", ""),
        ("sign_in.failed", "ann"),
        ("sign_out.done", "ann"),
    ]


def test_a_full_disk_lets_nobody_in(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    signed = house.member("ann")

    def full(*_: object, **__: object) -> None:
        raise FolderError

    monkeypatch.setattr(house.operations.members, "add_session", full)
    monkeypatch.setattr(house.operations.members, "seen", full)
    with pytest.raises(FolderError):
        house.sign_in("ann")
    house.ms += 120_000
    assert house.accounts.sessions.find(signed.secret) is not None
