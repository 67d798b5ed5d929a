"""Money in other currencies: what rules by amount can weigh, and what they cannot."""

from __future__ import annotations

import math
from typing import Any

from hotspring.store import Store
from hotspring.temperature import RuleSet, rules


def currency_use(store: Store, by: RuleSet) -> list[dict[str, Any]]:
    """In which currencies come the events whose names rules weigh by amount, and at which rate?

    The rate is None where the rule set has none: such events are kept and bring no heat by amount.
    Events that name no currency are in the pool's and are not listed.
    """
    names = sorted({name for rule in by.rules if rule.amount for name in rule.events})
    rows = store.query(
        "SELECT currency, count(*) AS events FROM events "
        "WHERE currency <> '' AND flags & 1 = 0 AND (? OR name IN (SELECT unnest(?::VARCHAR[]))) "
        "GROUP BY currency ORDER BY events DESC, currency",
        [rules.ANY in names, names],
    ).to_pylist()
    rates = [by.rate(row["currency"]) for row in rows]
    return [
        {**row, "rate": None if math.isnan(rate) else rate}
        for row, rate in zip(rows, rates, strict=True)
    ]
