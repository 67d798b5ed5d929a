"""Costs as people write them: days, words, an amount and its currency."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from typing import Final

import numpy as np

from hotspring.costs.cost import WORDS, Cost
from hotspring.errors import Unusable

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "from": (
        "from", "day", "date", "start", "start_date", "日期", "日", "时间", "开始日期", "开始",
        "起始日期",
    ),
    "until": ("until", "to", "end", "end_date", "结束日期", "结束", "截止日期"),
    "amount": (
        "amount", "cost", "spend", "花费", "消耗", "费用", "消费", "成本", "金额", "投放金额",
    ),
    "currency": ("currency", "currency_code", "币种", "货币"),
    "channel": ("channel", "渠道"),
    "utm_source": ("utm_source", "source", "来源", "媒体", "平台"),
    "utm_medium": ("utm_medium", "medium", "媒介", "广告形式"),
    "utm_campaign": (
        "utm_campaign", "campaign", "campaign_name", "活动", "广告计划", "计划", "推广计划",
        "广告系列",
    ),
}  # fmt: skip
"""By which headings of a list each field is recognised."""
NEEDED: Final = ("from", "amount")
DAY: Final = re.compile(
    r"(\d{4})(?:-(\d{1,2})-|/(\d{1,2})/|\.(\d{1,2})\.|年(\d{1,2})月|(\d\d))(\d{1,2})日?"
    r"(?:[ T]00:00(?::00(?:\.0+)?)?)?"
)
AMOUNT: Final = re.compile(r"-?\d{1,3}(?:[,，]\d{3})+(?:\.\d*)?|-?\d*\.?\d+|-?\d+\.")
MOST: Final = 1e12
LONGEST: Final = 3_660
"""Days of one cost."""
LONGEST_WORD: Final = 400
EPOCH: Final = dt.date(1970, 1, 1)


def read(row: Mapping[str, str], currency: str, rate: Callable[[str], float]) -> Cost:
    """The cost that a row tells, by the names of `COLUMNS`; without a currency, in `currency`.

    Without an end it is that of one day. `rate` is NaN for a currency that has none. Raises
    `Unusable` with one word for programs: day, window, amount, currency or channel.
    """
    first = _day(row.get("from", ""))
    last = _day(row["until"]) if row.get("until") else first
    if last < first:
        raise Unusable("window", "the last day lies before the first")
    if last - first >= LONGEST:
        raise Unusable("window", f"a cost is spread over at most {LONGEST} days")
    amount = _amount(row.get("amount", ""))
    told = row.get("currency", "").strip().upper() or currency
    if np.isnan(rate(told)):
        raise Unusable("currency", f"the currency {told!r} has no rate in the rules in force")
    words = {word: row.get(word, "").strip() for word in WORDS}
    if not any(words.values()):
        raise Unusable("channel", f"say for what it was paid: one of {', '.join(WORDS)}")
    if max(map(len, words.values())) > LONGEST_WORD:
        raise Unusable("channel", f"a word has at most {LONGEST_WORD} characters")
    return Cost(first=first, last=last, amount=amount, currency=told, **words)


def _day(text: str) -> int:
    found = DAY.fullmatch(text.strip())
    try:
        year, *months, day = found.groups() if found else ("", "", "")
        month = next((one for one in months if one), "")
        told = dt.date(int(year), int(month), int(day))
    except ValueError:
        told = EPOCH
    if not 1990 <= told.year < 2200:
        raise Unusable("day", "write a day as 2026-01-31")
    return (told - EPOCH).days


def _amount(text: str) -> float:
    plain = text.strip()
    if not AMOUNT.fullmatch(plain):
        raise Unusable("amount", "an amount is a plain number, as 1280.50")
    found = float(plain.replace(",", "").replace("，", ""))
    if not 0 <= found <= MOST:
        raise Unusable("amount", "an amount is not below 0 and not above a million million")
    return found
