"""What kinds of events leave behind: for each kind a trace on every profile, and how it cools."""

from __future__ import annotations

import zoneinfo
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
import pyarrow.compute as pc

from hotspring.calibration.history import Floats, Frame, History
from hotspring.temperature import Heat, RuleSet, Weigher, rules

MOST_KINDS: Final = 30
LEAST_PROFILES: Final = 20
"""A kind of event that fewer of the profiles did tells nothing."""
LEAST_SHARE: Final = 0.002
WITH_AMOUNT: Final = 0.5
"""A kind whose events carry an amount at least so often is also weighed by it."""
BURST: Final = 95
"""Percentile of the events of one kind, profile and day: more of them on a day do not count."""


class Kind(NamedTuple):
    """One kind of event as a rule may weigh it."""

    event: str
    amount: bool
    """By log1p of its amount, else by its number."""
    sign: int
    most: int | None
    """So many events a day count for one profile; None for all of them."""
    title: rules.Title
    typical: float
    """What an event of the kind weighs with one point: log1p of the median amount, else 1."""


def kinds(history: History, there: Frame, force: RuleSet, goal: str) -> list[Kind]:
    """Which kinds of events happened to enough profiles before the frame to learn from?

    Signs, titles and daily limits come from the rules in force where these name the event. A kind
    they do not name warms; where a profile did it many times a day, the day has a limit.
    """
    inside = np.zeros(len(history.key), bool)
    inside[there.profiles] = True
    mine = history.at(history.people() & (history.ms < there.at) & inside[history.profile])
    words = pc.dictionary_encode(mine.events.column("name"))
    code, names = words.indices.to_numpy(), words.dictionary.to_pylist()
    pairs = np.unique(code.astype(np.int64) * len(history.key) + mine.profile)
    profiles = np.bincount(pairs // len(history.key), minlength=len(names))
    least = max(LEAST_PROFILES, LEAST_SHARE * len(there.profiles))
    ranked = sorted(range(len(names)), key=lambda i: (names[i] != goal, -profiles[i], names[i]))
    found: list[Kind] = []
    for i in ranked[:MOST_KINDS]:
        if profiles[i] >= least:
            found += _of(names[i], mine.at(code == i), force, capped=names[i] != goal)
    return found


def _of(name: str, events: History, force: RuleSet, capped: bool) -> list[Kind]:
    naming = [rule for rule in force.rules if name in rule.events]
    sign = -1 if naming and all(rule.points < 0 for rule in naming) else 1
    limits = [round(rule.cap / abs(rule.points)) for rule in naming if rule.cap is not None]
    most = max(limits) if limits else (_burst(events) if capped and not naming else None)
    plain = Kind(name, False, sign, most, _title(name, naming, amount=False), 1.0)
    amount = events.events.column("amount").to_numpy(zero_copy_only=False)
    rates = np.array([force.rate(c) for c in events.events.column("currency").to_pylist()])
    money = np.asarray(amount * rates, np.float64)
    told = np.isfinite(money)
    if told.mean() < WITH_AMOUNT or not (money[told] > 0).any():
        return [plain]
    typical = float(np.log1p(max(np.median(money[told]), 0.0)))
    title = _title(name, naming, amount=True)
    return [plain, Kind(name, True, sign, None, title, typical)]


def _burst(events: History) -> int | None:
    """How many of these events on a day are usual for one profile? None where one is."""
    days = events.ms // rules.DAY_MS
    _, counts = np.unique(np.stack([events.profile, days]), axis=1, return_counts=True)
    usual = int(np.percentile(counts, BURST))
    return usual if counts.max() > usual or usual > 1 else None


def _title(name: str, naming: Sequence[rules.Rule], amount: bool) -> rules.Title:
    told = [rule for rule in naming if rule.amount == amount]
    if len(told) == 1 and len(told[0].events) == 1:
        return told[0].title
    if amount:
        return rules.Title(zh=f"{name} 的金额", en=f"Amount of {name}")
    return rules.Title(zh=name, en=name)


def cooled(
    history: History,
    found: Sequence[Kind],
    force: RuleSet,
    zone: zoneinfo.ZoneInfo,
    there: Frame,
    half_lives_days: Sequence[float],
) -> dict[float, Floats]:
    """What would each kind be worth at the frame with one point, by half-life in days?

    float64[profiles of the frame, kinds], signed; the law itself weighs, caps and cools.
    """
    past = history.at(history.ms < there.at)
    parts = Weigher(_units(found, force, 1.0), zone).weigh(past.events)
    slots, ms = past.profile[parts.event], past.ms[parts.event]
    own = [np.flatnonzero(parts.rule == i) for i in range(len(found))]
    grid = {}
    for days in half_lives_days:
        units = _units(found, force, days)
        grid[days] = np.zeros((len(there.profiles), len(found)))
        for i, rows in enumerate(own):
            heat = Heat(units, zone, size=len(history.key))
            # Each weight stands as an event of its own.
            single = parts.at(rows)._replace(event=np.arange(len(rows), dtype=np.int32))
            heat.add(slots[rows], ms[rows], single)
            grid[days][:, i] = heat.energy(there.at, there.profiles)
    return grid


def _units(found: Sequence[Kind], force: RuleSet, half_life_days: float) -> RuleSet:
    """One rule of one point for each kind."""
    units = tuple(
        rules.Rule(
            f"unit_{i}", kind.title, (kind.event,), float(kind.sign), half_life_days, kind.amount,
            None if kind.most is None else float(kind.most),
        )
        for i, kind in enumerate(found)
    )  # fmt: skip
    return RuleSet(force.title, 1.0, force.currency, force.rates, units)
