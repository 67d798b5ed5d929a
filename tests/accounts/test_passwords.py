"""Passwords: kept as slow hashes, compared in constant work, refused with a reason."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspring.accounts import Passwords
from hotspring.accounts.passwords import MEMORY_KIB, PASSES, check
from hotspring.errors import WeakPassword
from tests.accounts.conftest import FAST


@settings(max_examples=30)
@given(one=st.text(max_size=40), other=st.text(max_size=40))
def test_only_the_password_matches(one: str, other: str) -> None:
    kept = FAST.hashed(one)
    assert FAST.matches(kept, one)
    same = unicodedata.normalize("NFKC", one) == unicodedata.normalize("NFKC", other)
    assert FAST.matches(kept, other) == same
    assert not FAST.matches(None, one)
    assert one not in kept or len(one) < 4


def test_the_parameters_are_those_that_are_told() -> None:
    kept = Passwords().hashed("x")
    assert kept.startswith(f"$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p=1$")
    assert MEMORY_KIB >= 19 << 10
    assert not Passwords().outdated(kept)
    assert FAST.outdated(kept)


def test_what_is_no_hash_matches_nothing() -> None:
    for kept in ("", "x", "$argon2id$", "$2b$12$" + "a" * 53):
        assert not FAST.matches(kept, "")


def test_a_name_nobody_has_takes_as_long() -> None:
    passwords = Passwords(memory_kib=16 << 10, passes=2)
    kept = passwords.hashed("a")
    passwords.matches(None, "a")  # the hash that nobody has is made once
    shortest = []
    for one in (kept, None):
        times = []
        for _ in range(5):
            began = time.process_time()
            passwords.matches(one, "b")
            times.append(time.process_time() - began)
        shortest.append(min(times))
    assert 0.4 < shortest[0] / shortest[1] < 2.5


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("short1!", "too_short"),
        ("x" * 257, "too_long"),
        ("aaaaaaaaaaaa", "too_simple"),
        ("1212121212", "too_simple"),
        ("1234567890", "too_common"),
        ("Password-123", "too_common"),
        ("WOAINI1314", "too_common"),
        ("1Qaz2Wsx3Edc", "too_common"),
        ("wang.xiaoli", "is_name"),
        ("Wang.Xiaoli2026!", "is_name"),
        ("ｗａｎｇｘｉａｏｌｉ", "is_name"),
    ],
)
def test_what_is_easy_to_guess_is_refused_with_a_reason(password: str, code: str) -> None:
    with pytest.raises(WeakPassword) as refused:
        check(password, "Wang.Xiaoli")
    assert refused.value.code == code
    assert password not in str(refused.value)


@pytest.mark.parametrize("password", ["tea at noon, twice", "三杯奶茶配一块蛋糕吧", "x7$kQ-92vbTT"])
def test_a_good_one_is_taken(password: str) -> None:
    check(password, "ann")
    check(password, "王小丽")
