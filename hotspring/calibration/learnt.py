"""A fit written as rules: points a person can read, the caps, and what is kept of the old rules."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from hotspring.calibration.fit import Fitted
from hotspring.calibration.traces import Kind
from hotspring.temperature import RuleSet, rules

E_HALF: Final = 20.0
"""Learnt points are scaled so that half of the way up is about here, as in the sets we ship."""
DIGITS: Final = 3


def learnt_rules(fitted: Fitted, found: Sequence[Kind], scale: float) -> list[rules.Rule]:
    """The rules of a fit, each weight times `scale`, those that bring the most points first."""
    made: dict[str, rules.Rule] = {}
    events = [(found[c.kind].event, found[c.kind].amount) for c in fitted.columns]
    order = sorted(
        range(len(events)), key=lambda i: -fitted.weight[i] * found[fitted.columns[i].kind].typical
    )
    for i in order:
        kind, days = found[fitted.columns[i].kind], fitted.columns[i].half_life_days
        twice = events.count(events[i]) > 1
        points = kind.sign * rounded(fitted.weight[i] * scale)
        title = kind.title
        if twice:
            title = rules.Title(f"{title.zh}（{days:g} 天）", f"{title.en} ({days:g} days)")
        name = _id(kind, days if twice else None, made)
        made[name] = rules.Rule(
            name, title, (kind.event,), points, days, kind.amount,
            None if kind.most is None else round(kind.most * abs(points), 9),
        )  # fmt: skip
    return list(made.values())


def kept_rules(
    force: RuleSet, learnable: set[str], made: Sequence[rules.Rule]
) -> Iterator[rules.Rule]:
    """What of the rules in force stays: those for events that could not be learnt from.

    They mean the same in degrees as before. Where a fifth half-life would come about, the nearest
    of the four is taken. A rule for every event goes: it would count what was learnt twice.
    """
    names = {rule.id for rule in made}
    days = {rule.half_life_days for rule in made}
    for rule in force.rules:
        rest = tuple(event for event in rule.events if event not in learnable)
        if not rest or rules.ANY in rest:
            continue
        life = rule.half_life_days
        if life not in days and len(days) >= rules.MOST_HALF_LIVES:
            life = min(sorted(days), key=lambda other: abs(math.log(other / life)))
        days.add(life)
        factor = E_HALF / force.e_half
        name = rule.id if rule.id not in names else f"{rule.id}_kept"
        yield msgspec.structs.replace(
            rule, id=name, events=rest, points=rounded(rule.points * factor), half_life_days=life,
            cap=None if rule.cap is None else rounded(rule.cap * factor),
        )  # fmt: skip


def rounded(value: float, digits: int = DIGITS) -> float:
    """The number to a few significant digits, as people write weights."""
    return float(f"{value:.{digits}g}")


def _id(kind: Kind, days: float | None, taken: dict[str, rules.Rule]) -> str:
    words = re.sub(r"\W+", "_", kind.event.lower()).strip("_") or "event"
    name = words + ("_amount" if kind.amount else "") + (f"_{days:g}d" if days else "")
    number, free = 1, name
    while free in taken:
        number, free = number + 1, f"{name}_{number + 1}"
    return free
