"""What came, held against a rule set: names of events, and money in other currencies."""

from __future__ import annotations

import math
from typing import Any, Final

from hotspring.store import Store
from hotspring.temperature import RuleSet, rules

MOST_NAMES: Final = 500
"""A site that names every event anew is not listed to its end."""


def event_use(store: Store, by: RuleSet) -> list[dict[str, Any]]:
    """Which events came from people, how often, and which rules look at them by name?

    The most frequent first, 500 at most; machine traffic, which brings no heat, is not counted.
    """
    rows = store.query(
        "SELECT name, count(*) AS events FROM events WHERE name <> '' AND flags & 1 = 0 "
        f"GROUP BY name ORDER BY events DESC, name LIMIT {MOST_NAMES}"
    ).to_pylist()
    looking = {name: [rule.id for rule in by.rules if name in rule.events] for name in _names(by)}
    return [{**row, "rules": looking.get(row["name"], [])} for row in rows]


def _names(by: RuleSet) -> set[str]:
    return {name for rule in by.rules for name in rule.events}


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
