"""The compiled pass of weighing: which rules name an event, and what do they make of it?"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

from hotspring.days import DAY_MS, FIRST, LAST


@numba.njit(cache=True, nogil=True, inline="always")
def _day(ms: Any, begins: Any) -> Any:
    """On which day of the pool lies a moment? As `Days.of`."""
    guess = min(max(ms // DAY_MS, FIRST + 1), LAST - 2)
    at = guess - FIRST
    return guess - 1 + (ms >= begins[at]) + (ms >= begins[at + 1])


@numba.njit(cache=True, nogil=True)
def weigh(
    name: Any, listed: Any, flags: Any, bot: Any, rules: Any, asked: Any, money: Any, ms: Any,
    begins: Any,
) -> Any:  # fmt: skip
    """One entry for every event and rule that weighs it: event, rule, weight, day.

    `name` is each event's row in the lists of rules, `listed` (starts, rules by row); `rules`
    (points, by amount: -1 no, 0 the event's own, else one more than the row of `numbers`; capped;
    row of `held` or -1), `asked` says by rule with conditions which events fulfil them, `money`
    (amounts, code of the currency, rate by code, numbers of properties).
    """
    first, rule_of = listed
    points, by_amount, capped, condition = rules
    amount, currency, rates, numbers = money
    most = 0
    for i in range(len(name)):
        most += first[name[i] + 1] - first[name[i]]
    event, rule = np.empty(most, np.int32), np.empty(most, np.int16)
    weight, day = np.empty(most, np.float64), np.empty(most, np.int32)
    count = 0
    for i in range(len(name)):
        if flags[i] & bot:
            continue
        for at in range(first[name[i]], first[name[i] + 1]):
            r = rule_of[at]
            if condition[r] >= 0 and not asked[condition[r], i]:
                continue
            w = points[r]
            if by_amount[r] >= 0:
                much = amount[i] if by_amount[r] == 0 else numbers[by_amount[r] - 1, i]
                much *= rates[currency[i]]
                # Neither an unknown amount (not a number) nor one of zero brings anything.
                if not (much > 0.0 and much < np.inf):
                    continue
                w *= np.log1p(much)
            event[count] = i
            rule[count] = r
            weight[count] = w
            day[count] = _day(ms[i], begins) if capped[r] else 0
            count += 1
    return event[:count], rule[:count], weight[:count], day[:count]
