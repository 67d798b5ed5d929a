"""Codes by the clock and on paper."""

from __future__ import annotations

import pyotp
from hypothesis import given
from hypothesis import strategies as st

from hotspring.accounts.codes import (
    DRIFT,
    STEP_MS,
    fresh_secret,
    recovery_codes,
    step_of,
    tidied,
    uri,
)

RFC = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
"""The secret of the test vectors of RFC 6238."""


def test_the_codes_are_those_of_the_standard() -> None:
    for seconds, code in ((59, "287082"), (1_111_111_109, "081804"), (2_000_000_000, "279037")):
        assert step_of(RFC, code, seconds * 1000) == seconds // 30


@given(now=st.integers(0, 4_000_000_000_000), late=st.integers(-5 * STEP_MS, 5 * STEP_MS))
def test_a_code_is_good_for_its_step_and_those_beside_it(now: int, late: int) -> None:
    made = max(0, now + late)
    code = pyotp.TOTP(RFC).generate_otp(made // STEP_MS)
    apart = abs(made // STEP_MS - now // STEP_MS)
    found = step_of(RFC, code, now)
    if apart <= DRIFT:
        assert found is not None
    if found is not None:
        assert abs(found - now // STEP_MS) <= DRIFT
        assert pyotp.TOTP(RFC).generate_otp(found) == code


@given(st.text(max_size=12))
def test_nothing_else_is_a_code(text: str) -> None:
    now = 1_772_323_200_000
    good = {pyotp.TOTP(RFC).generate_otp(now // STEP_MS + n) for n in (-1, 0, 1)}
    assert (step_of(RFC, text, now) is not None) == (text in good)


def test_secrets_and_recovery_codes_cannot_be_guessed() -> None:
    assert len({fresh_secret() for _ in range(20)}) == 20
    assert len(fresh_secret()) == 32
    codes = recovery_codes()
    assert len(set(codes)) == 10
    assert all(len(tidied(code)) == 16 for code in codes)
    assert tidied(" ABCD-efgh ") == "abcdefgh"
    assert uri(RFC, "王丽").startswith("otpauth://totp/Hotspring:%E7%8E%8B")
