"""Which people are suggested, by which rule, and what speaks against it."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest

from hotspring.matching import Found, by_rules, is_compared, told
from tests.matching.people import engine, evidence, ignore, scores
from tests.matching.people import told as rows

WANG = {"name": "王小明", "birthday": "1990-05-06"}


def found(*people: dict[str, Any]) -> Found:
    with contextlib.closing(engine()) as con:
        return by_rules(con, rows(people), ignore)


@pytest.mark.parametrize(
    ("one", "other", "code"),
    [
        ({"phone": "+8613800138000"}, {"mobile": "0086 138-0013-8000"}, "=phone"),
        ({"phone": "+8613800138000"}, {"手机号": "１３８００１３８０００"}, "=phone"),
        ({"phone": "+8613800138000"}, {"Phone Number": 13800138000}, "=phone"),
        ({"email": "li.ming@gmail.com"}, {"email": "LiMing+shop@googlemail.com"}, "=mailbox"),
        ({"email": "a+x@qq.com"}, {"email": "a@qq.com"}, "=mailbox"),
        (WANG, {"姓名": "王 小明", "生日": "1990/5/6"}, "=name+birthday"),
        (
            {"name": "José García", "address": {"street": "5, High St.", "city": "Leeds"}},
            {"firstName": "Garcia", "last_name": "JOSE", "street": "5 high st"},
            "=name+address",
        ),
        (
            {"name": "王小明", "email": "wangxiaoming@qq.com"},
            {"name": "王小明", "email": "wangxiaoming@163.com"},
            "=mailbox_name+name",
        ),
        ({"身份证号": "11010119900506123x"}, {"id_number": "11010119900506123X"}, "=national_id"),
    ],
)
def test_one_person_written_in_two_ways_is_suggested(one: Any, other: Any, code: str) -> None:
    result = found(one, other, {"name": "somebody else", "phone": "+8613911111111"})
    assert list(scores(result)) == [(0, 1)]
    assert code in evidence(result)[0, 1]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"name": "王小明"}, {"name": "王小明"}),
        ({"email": "info@a.com", "name": "x y"}, {"email": "info@b.com", "name": "x y"}),
        ({"name": "a b", "birthday": "1970-01-01"}, {"name": "a b", "birthday": "1970-01-01"}),
        ({"phone": "12345"}, {"phone": "12345"}),
        ({"name": "unknown", "address": "x 1"}, {"name": "unknown", "address": "x 1"}),
        ({"email": "li.ming@qq.com"}, {"email": "liming@qq.com"}),
    ],
)
def test_what_many_people_share_is_no_reason(one: Any, other: Any) -> None:
    assert scores(found(one, other)) == {}


def test_what_differs_lowers_the_score_and_is_told() -> None:
    household = {"phone": "+8613800138000"}
    agrees = found({**household, **WANG}, {**household, **WANG})
    differs = found({**household, **WANG}, {**household, "name": "李雷", "birthday": "1961-01-12"})
    slip = found({**household, "birthday": "1990-05-06"}, {**household, "birthday": "1990-05-07"})
    assert scores(agrees)[0, 1] == 0.95
    assert scores(differs) == {}, "a family's phone alone, with other names, is not enough"
    assert scores(slip)[0, 1] == 0.70
    same_name = found(
        {**WANG, "address": "人民路5号", "gender": "男"},
        {**WANG, "address": "人民路5号", "gender": "female"},
    )
    assert "-gender" in evidence(same_name)[0, 1]
    assert scores(same_name)[0, 1] == pytest.approx(0.95 * 0.6)


def test_two_accounts_are_never_one_person() -> None:
    result = found({"user_id": "u1", **WANG}, {"user_id": "u2", **WANG}, {"card": "c", **WANG})
    assert list(scores(result)) == [(0, 2), (1, 2)]
    assert result.report["two_accounts"] == 1


def test_a_value_of_too_many_is_left_out_and_reported() -> None:
    result = found(*({"phone": "+864008008000", "name": f"n{i}"} for i in range(21)))
    assert scores(result) == {}
    assert result.report["blocks_too_large"] == {"=phone": 1}
    few = found(*({"phone": "+864008008000"} for _ in range(20)))
    assert len(scores(few)) == 190


def test_every_value_a_person_ever_had_counts() -> None:
    moved = {"name": "王小明", "address": ["旧路1号", "新路2号"]}
    assert list(scores(found(moved, {"name": "王小明", "address": "旧路1号"}))) == [(0, 1)]


def test_nobody_and_nonsense_break_nothing() -> None:
    assert scores(found()) == {}
    odd = {"name": ["", " ", "'; DROP TABLE facts; --"], "address": {"a\"b'": "x", "city": None},
           "phone": {"x": 1}, "email": [["a@b.c"], True]}  # fmt: skip
    assert found(odd, odd).report["people"] <= 2


def test_evidence_is_said_in_words() -> None:
    assert told("=phone+name")["en"] == "same phone number and name"
    assert told("-birthday")["zh"] == "反证：生日不同"
    assert (told("~city")["for"], told("!city")["for"], told("tied")["for"]) == (True, False, True)
    assert is_compared("First Name")
    assert is_compared("$手机号")
    assert not is_compared("level")
