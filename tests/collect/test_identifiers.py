"""How identifiers are written."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspring.collect.identifiers import Identifiers, Problem
from hotspring.settings import IdentifierKind, Settings

SETTINGS = Settings()
WRITE = Identifiers(SETTINGS)
KINDS = [kind.name for kind in SETTINGS.identifier_kinds]
VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.lists(st.integers())
)


@given(st.sampled_from([*KINDS, "openid@wx1", "nobody"]), VALUES)
def test_what_is_written_stays_when_written_again(kind: str, value: object) -> None:
    text = WRITE(kind, value)
    if isinstance(text, str):
        written, _, rest = text.partition(":")
        assert written == kind
        assert WRITE(kind, rest) == text
        text.encode()


@given(st.permutations(KINDS), st.randoms())
def test_the_subject_does_not_depend_on_the_order_of_kinds(
    kinds: list[str], order: random.Random
) -> None:
    texts = [f"{kind}:x" for kind in kinds]
    assert WRITE.ordered(texts) == tuple(f"{kind}:x" for kind in KINDS)


@given(VALUES, VALUES, st.permutations(SETTINGS.identifier_kinds), st.integers(0, 12))
def test_the_pair_is_what_each_alone_would_be(
    user: object, anonymous: object, kinds: list[IdentifierKind], count: int
) -> None:
    write = Identifiers(Settings(identifier_kinds=tuple(kinds[:count])))
    given = {"user_id": user, "anonymous_id": anonymous}
    texts = [write(kind, value) for kind, value in given.items() if value is not None]
    usable = [text for text in texts if isinstance(text, str)]
    expected = write.ordered(usable) if len(usable) == len(texts) else ()
    assert write.pair(user, anonymous) == expected


def test_repeats_go_and_those_of_one_kind_stay_in_place() -> None:
    texts = ["phone:1", "anonymous_id:b", "openid@wx1:o", "anonymous_id:a", "phone:1"]
    ordered = ("openid@wx1:o", "anonymous_id:b", "anonymous_id:a", "phone:1")
    assert WRITE.ordered(texts) == ordered


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        ("user_id", " u1 ", "user_id:u1"),
        ("user_id", 1, "user_id:1"),
        ("user_id", 12.0, "user_id:12"),
        ("user_id", "é", "user_id:é"),
        ("user_id", "会员\u200b", "user_id:会员"),
        ("card", "a b", "card:a b"),
        ("openid@wx1", "oA_b-C", "openid@wx1:oA_b-C"),
        ("openid", "oA_b-C", "openid:oA_b-C"),
        ("phone", "13800138000", "phone:+8613800138000"),
        ("phone", 13800138000, "phone:+8613800138000"),
        ("phone", "138 0013 8000", "phone:+8613800138000"),
        ("phone", "+86 138-0013-8000", "phone:+8613800138000"),
        ("phone", "8613800138000", "phone:+8613800138000"),
        ("phone", "１３８００１３８０００", "phone:+8613800138000"),
        ("phone", "010-12345678", "phone:+861012345678"),
        ("phone", "+1 415 555 2671", "phone:+14155552671"),
        ("email", " Li.Lei@Example.COM ", "email:li.lei@example.com"),
        ("email", "ｌｉ@example.com", "email:li@example.com"),
    ],
)
def test_a_value_is_written_one_way(kind: str, value: object, text: str) -> None:
    assert WRITE(kind, value) == text
    assert WRITE(kind, value) == text


@pytest.mark.parametrize(
    ("kind", "value", "problem"),
    [
        ("shoe_size", "42", Problem.UNKNOWN_KIND),
        ("user_id@app", "u", Problem.BAD_SCOPE),
        ("openid@", "o", Problem.BAD_SCOPE),
        ("openid@a:b", "o", Problem.BAD_SCOPE),
        ("openid@" + "a" * 65, "o", Problem.BAD_SCOPE),
        ("user_id", None, Problem.EMPTY),
        ("user_id", "  ", Problem.EMPTY),
        ("email", "", Problem.EMPTY),
        ("phone", " ", Problem.EMPTY),
        ("user_id", True, Problem.NOT_TEXT),
        ("user_id", 1.5, Problem.NOT_TEXT),
        ("user_id", math.nan, Problem.NOT_TEXT),
        ("user_id", math.inf, Problem.NOT_TEXT),
        ("user_id", ["u"], Problem.NOT_TEXT),
        ("user_id", 0, Problem.JUNK),
        ("user_id", -1, Problem.JUNK),
        ("anonymous_id", " NULL ", Problem.JUNK),
        ("device_id", "00000000-0000-0000-0000-000000000000", Problem.JUNK),
        ("email", "Unknown", Problem.JUNK),
        ("user_id", "x" * 257, Problem.TOO_LONG),
        ("user_id", 10**300, Problem.TOO_LONG),
        ("user_id", "a\x00b", Problem.BAD_CHARACTERS),
        ("user_id", "a\ufffd", Problem.BAD_CHARACTERS),
        ("phone", "138****8000", Problem.BAD_PHONE),
        ("phone", "12", Problem.BAD_PHONE),
        ("phone", "call me", Problem.BAD_PHONE),
        ("email", "li", Problem.BAD_EMAIL),
        ("email", "li@localhost", Problem.BAD_EMAIL),
        ("email", "a@b@c.cn", Problem.BAD_EMAIL),
        ("email", "a b@c.cn", Problem.BAD_EMAIL),
    ],
)
def test_what_names_nobody_is_no_identifier(kind: str, value: object, problem: Problem) -> None:
    assert WRITE(kind, value) is problem


def test_the_kinds_and_the_region_come_from_the_settings() -> None:
    american = Settings(phone_region="US", junk_identifiers=("demo",))
    assert Identifiers(american)("phone", "(415) 555-2671") == "phone:+14155552671"
    assert Identifiers(american)("user_id", "null") == "user_id:null"
    assert Identifiers(american)("user_id", "Demo") is Problem.JUNK
    only = Settings(identifier_kinds=SETTINGS.identifier_kinds[:1])
    assert Identifiers(only)("email", "a@b.cn") is Problem.UNKNOWN_KIND
