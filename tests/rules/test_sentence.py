"""What a rule asks is said in Chinese and in English."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings

from hotspring.rules import read, sentence
from tests.rules.some import CATALOGUE, rules

SAID: list[tuple[Any, str, str]] = [
    ({"and": [{"band": {"any_of": ["hot", "warm"]}}, {"not": {"tag": {"id": "staff"}}}]},
     "处于热或常温，且不满足（有标签「Staff」）",
     "Is hot or warm and not (has the tag “Staff”)"),
    ({"or": [{"and": [{"identifier": {"kind": "phone"}}, {"lifecycle": {"any_of": ["lost"]}}]},
             {"temperature": {"op": "between", "value": [-5, 50.5]}}]},
     "（有手机号，且生命周期为流失），或温度在 -5 °C 至 50.5 °C 之间",
     "(has a phone number and life cycle is lost) or temperature is from -5 °C to 50.5 °C"),
    ({"behaviour": {"event": "a", "window": {"from": {"ago": 30}}, "value": 2, "where": [
        {"field": "amount", "currency": "CNY", "op": "ge", "value": 1000}]}},
     "最近 30 天内做过「a」（金额不低于 1,000 元）至少 2 次",
     "Did “a” where amount is at least 1,000 CNY at least 2 times in the last 30 days"),
    ({"behaviour": {"event": "a", "op": "eq", "value": 0,
                    "window": {"from": {"at": "2025-06-01"}, "to": {"at": "2025-06-19"}}}},
     "2025-06-01 至 2025-06-19 之间没有做过「a」",
     "Did not do “a” between 2025-06-01 and 2025-06-19"),
    ({"behaviour": {"event": None, "measure": "last", "op": "during",
                    "value": {"to": {"ago": 60}}}},
     "最后一次任何事件的时间在60 天前之前", "The last time of any event lies before 60 days ago"),
    ({"sequence": {"first": {"event": "a"}, "then": {"event": "b"}, "within": {"amount": 3},
                   "window": {"from": {"ago": 1, "unit": "week"}}}},
     "最近 1 周内做过「a」，其后 3 天内又做过「b」",
     "Did “a” in the last 1 week and within 3 days after it “b”"),
    ({"sequence": {"first": {"event": "a"}, "then": {"event": "b"}, "followed": False}},
     "做过「a」，其后没有做过「b」", "Did “a” and after it no “b”"),
    ({"behaviour": {"event": "a", "measure": "mean", "field": "properties.n", "op": "gt",
                    "value": 2.5, "where": [{"field": "properties.t", "op": "eq", "value": "x"}]}},
     "「a」（「t」等于「x」）的「n」平均大于 2.5", "Mean “n” of “a” where “t” is “x” is above 2.5"),
    ({"behaviour": {"event": "a", "measure": "sum", "field": "amount", "currency": "CNY",
                    "less": {"event": "b"}, "op": "ge", "value": 100,
                    "window": {"from": {"ago": 30}}}},
     "最近 30 天内「a」减去「b」的金额合计不低于 100 元",
     "Sum of amount of “a” less “b” in the last 30 days is at least 100 CNY"),
    ({"near": {"outlet": "shop", "metres": 1500}},
     "距网点「First shop」不超过 1.5 公里",
     "Was last seen at most 1.5 km from the outlet “First shop”"),
    ({"consent": {"purpose": "marketing", "channel": "sms", "given": False}},
     "撤回了「marketing」的同意（sms）", "Withdrew consent to “marketing” (sms)"),
    ({"next_band": {"within": {"amount": 7}, "any_of": ["cool"]}},
     "若无动作，7 天内将变为低温", "Will become cool within 7 days if nothing happens"),
    ({"district": {"any_of": ["44", "11"]}},
     "最近出现在广东省或北京市", "Was last seen in Guangdong or 北京市"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "zh", "en"), SAID)
def test_a_rule_is_said(rule: Any, zh: str, en: str) -> None:
    read_rule = read(rule, CATALOGUE)
    assert sentence(read_rule, CATALOGUE, "zh") == zh
    assert sentence(read_rule, CATALOGUE, "en") == en


@settings(max_examples=100, deadline=None)
@given(rules())
def test_every_rule_can_be_said(rule: Any) -> None:
    read_rule = read(rule, CATALOGUE)
    for language in ("zh", "en"):
        said = sentence(read_rule, CATALOGUE, language)
        assert said
        assert said == " ".join(said.split())
        assert "{" not in said
