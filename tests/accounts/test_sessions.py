"""A session is good exactly as long as its member, its password and its time are."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from hotspring.accounts import Signed
from hotspring.accounts.sessions import HOUR_MS, SEEN_EVERY_MS
from hotspring.errors import NotFound, SignInRefused
from hotspring.store import Operations
from tests.accounts.conftest import House

IDLE, WHOLE = 12 * HOUR_MS, 14 * 24 * HOUR_MS
NAMES = st.sampled_from(["ann", "bob"])


class SessionLaw(RuleBasedStateMachine):
    """Two members beside an administrator, and what befalls them, against a plain account of it."""

    empty: Path

    @initialize()
    def move_in(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="hotspring-law-"))
        shutil.copytree(self.empty, self.folder, dirs_exist_ok=True)
        self.operations = Operations(self.folder)
        self.house = House(self.operations)
        self.house.member("root", "admin")
        self.word = {"ann": "word number 1", "bob": "word number 1"}
        self.active = {"ann": True, "bob": True}
        self.role = {"ann": "viewer", "bob": "viewer"}
        self.open: dict[str, tuple[Signed, int, int]] = {}
        """By secret: the session, when it began, when it was seen."""
        self.closed: set[str] = set()
        for name, word in self.word.items():
            self.took(self.house.member(name, password=word))

    def took(self, signed: Signed) -> None:
        self.open[signed.secret] = (signed, self.house.ms, self.house.ms)

    def close(self, name: str, but: str = "") -> None:
        for secret, (signed, _, _) in list(self.open.items()):
            if signed.user.name == name and secret != but:
                del self.open[secret]
                self.closed.add(secret)

    def mine(self, name: str) -> list[Signed]:
        return [signed for signed, _, _ in self.open.values() if signed.user.name == name]

    @rule(hours=st.sampled_from([0.01, 0.5, 5, 11.9, 12, 30]))
    def time_passes(self, hours: float) -> None:
        self.house.ms += int(hours * HOUR_MS)

    @rule(name=NAMES)
    def signs_in(self, name: str) -> None:
        if self.active[name]:
            self.took(self.house.sign_in(name, self.word[name]))
        else:
            with pytest.raises(SignInRefused):
                self.house.sign_in(name, self.word[name])
        self.house.accounts.entrance._attempts.came_in(name, "203.0.113.7")

    @rule(name=NAMES, which=st.integers(0, 5))
    def asks(self, name: str, which: int) -> None:
        mine = self.mine(name)
        if mine:
            secret = mine[which % len(mine)].secret
            signed, began, seen = self.open[secret]
            good = self.good(began, seen)
            assert (self.house.accounts.sessions.find(secret) is not None) == good
            if good and self.house.ms - seen >= SEEN_EVERY_MS:
                self.open[secret] = (signed, began, self.house.ms)

    @precondition(lambda self: self.open)
    @rule(name=NAMES)
    def signs_out(self, name: str) -> None:
        for signed in self.mine(name)[:1]:
            if not self.good(*self.open[signed.secret][1:]):
                continue  # who is not signed in any more is refused before it comes to this
            self.house.accounts.own.sign_out(signed)
            del self.open[signed.secret]
            self.closed.add(signed.secret)

    @rule(name=NAMES)
    def signs_out_elsewhere(self, name: str) -> None:
        for signed in self.mine(name)[:1]:
            if not self.good(*self.open[signed.secret][1:]):
                continue  # who is not signed in any more is refused before it comes to this
            self.house.accounts.own.sign_out_others(signed)
            self.close(name, but=signed.secret)

    @rule(name=NAMES)
    def changes_the_password(self, name: str) -> None:
        for old in self.mine(name)[:1]:
            fresh = f"{self.word[name]}0"
            signed = self.house.accounts.sessions.find(old.secret)
            if signed is None:
                continue
            _, began, seen = self.open[old.secret]
            seen = self.house.ms if self.house.ms - seen >= SEEN_EVERY_MS else seen
            again = self.house.accounts.own.set_password(
                signed, self.word[name], fresh, address="203.0.113.7"
            )
            self.word[name] = fresh
            self.close(name)
            self.open[again.secret] = (again, began, seen)

    @rule(name=NAMES, role=st.sampled_from(["viewer", "analyst"]))
    def gets_a_role(self, name: str, role: str) -> None:
        self.house.accounts.members.change(name, by="root", role=role)
        if role != self.role[name]:
            self.role[name] = role
            self.close(name)

    @rule(name=NAMES, active=st.booleans())
    def is_shut_out_or_let_in(self, name: str, active: bool) -> None:
        self.house.accounts.members.change(name, by="root", active=active)
        if active != self.active[name]:
            self.active[name] = active
            self.close(name)

    def good(self, began: int, seen: int) -> bool:
        return self.house.ms < began + WHOLE and self.house.ms < seen + IDLE

    @invariant()
    def what_is_over_stays_over(self) -> None:
        if hasattr(self, "closed"):
            for secret in self.closed:
                assert self.house.accounts.sessions.find(secret) is None

    @invariant()
    def the_list_shows_what_is_good(self) -> None:
        if hasattr(self, "open"):
            for name in self.word:
                user = self.house.accounts.members.one(name)
                listed = {one.id for one in self.house.accounts.sessions.of(user)}
                good = {
                    signed.session.id
                    for signed, began, seen in self.open.values()
                    if signed.user.name == name and self.good(began, seen)
                }
                assert listed == good

    def teardown(self) -> None:
        if hasattr(self, "operations"):
            self.operations.close()
            shutil.rmtree(self.folder)


def test_a_session_is_good_exactly_as_long_as_it_should_be(empty_records: Path) -> None:
    SessionLaw.empty = empty_records
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        SessionLaw,
        settings=settings(max_examples=12, stateful_step_count=25, deadline=None, database=None),
    )


def test_only_the_hash_of_a_session_is_kept(house: House, tmp_path: Path) -> None:
    signed = house.member("ann")
    found = house.operations.members.session(hashlib.sha256(signed.secret.encode()).hexdigest())
    assert found is not None
    raw = b"".join(path.read_bytes() for path in tmp_path.glob("operations.db*"))
    assert b"sessions" in raw
    assert signed.secret.encode() not in raw
    assert signed.csrf.encode() not in raw


def test_secrets_have_256_bits_and_the_word_of_one_says_nothing_of_another(house: House) -> None:
    one, other = house.member("ann"), house.sign_in("ann")
    assert len(one.secret) == len(other.secret) == 43
    assert one.secret != other.secret
    assert one.csrf != other.csrf
    assert one.csrf not in one.secret
    assert house.accounts.sessions.find(one.secret).csrf == one.csrf


def test_what_is_no_secret_finds_nobody(house: House) -> None:
    house.member("ann")
    for text in ("", "x", "\udcff", "é" * 500):
        assert house.accounts.sessions.find(text) is None


def test_old_sessions_are_not_kept(house: House) -> None:
    old = house.member("ann")
    house.ms += WHOLE
    house.sign_in("ann")
    (kept,) = house.operations.members.sessions(old.user)
    assert kept.token_hash != old.session.token_hash


def test_one_other_session_ends(house: House) -> None:
    here = house.member("ann")
    there = house.sign_in("ann")
    stranger = house.member("bob")
    own = house.accounts.own
    with pytest.raises(NotFound):
        own.sign_out_others(here, stranger.session.id)
    with pytest.raises(NotFound):
        own.sign_out_others(here, here.session.id)
    assert own.sign_out_others(here, there.session.id) == 1
    assert house.accounts.sessions.find(there.secret) is None
    assert house.accounts.sessions.find(here.secret) is not None
    assert house.accounts.sessions.find(stranger.secret) is not None
