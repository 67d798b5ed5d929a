"""Temperatures of the past: the law itself, evaluated over one profile's events at any moment.

A past reading is restated with the rules, identities and late events known today.
"""

from __future__ import annotations

import zoneinfo
from typing import NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from hotspring.days import FIRST, LAST, days_of
from hotspring.temperature import law
from hotspring.temperature.deposits import Deposits as Deposits
from hotspring.temperature.deposits import Gone as Gone
from hotspring.temperature.heat import Heat
from hotspring.temperature.rules import RuleSet, Title
from hotspring.temperature.weigh import Weigher, Weights

Floats = npt.NDArray[np.float64]
Moments = npt.NDArray[np.int64]


class Reading(NamedTuple):
    """One profile's temperature at one moment."""

    at_ms: int
    energy: float
    degrees: float
    band: int


class Curve(NamedTuple):
    """One profile's temperature over time, moments ascending and unique."""

    ms: Moments
    energy: Floats
    degrees: Floats


class Contribution(msgspec.Struct, frozen=True):
    """What one rule did to a temperature."""

    rule: str
    title: Title
    events: int
    """How many events it weighed."""
    last_ms: int
    energy: float
    """What is left of them, after caps and cooling."""
    share: float
    """Energy over the sum of all rules' absolute energies: from -1 to 1."""


def reading(events: pa.RecordBatch, rules: RuleSet, zone: zoneinfo.ZoneInfo, at: int) -> Reading:
    """What was the temperature at `at` of the profile whose events these are?"""
    energy = float(_by_rule(events, Weigher(rules, zone).weigh(events), rules, zone, at).sum())
    band = law.band(energy, rules.e_half)
    return Reading(at, energy, law.degrees(energy, rules.e_half), band)


def contributions(
    events: pa.RecordBatch, rules: RuleSet, zone: zoneinfo.ZoneInfo, at: int
) -> list[Contribution]:
    """What heated a profile up to `at`: each rule with a part in it, the strongest first."""
    weights = _until(events, Weigher(rules, zone).weigh(events), at)
    energies = _by_rule(events, weights, rules, zone, at)
    ms = events.column("ms").to_numpy()[weights.event]
    whole = float(np.abs(energies).sum())
    found = [
        Contribution(
            rule=rule.id,
            title=rule.title,
            events=int(np.count_nonzero(mine)),
            last_ms=int(ms[mine].max()),
            energy=energy,
            share=energy / whole if whole > 0 else 0.0,
        )
        for i, (rule, energy) in enumerate(zip(rules.rules, energies.tolist(), strict=True))
        if (mine := weights.rule == i).any()
    ]
    return sorted(found, key=lambda part: -abs(part.energy))


def curve(
    events: pa.RecordBatch, rules: RuleSet, zone: zoneinfo.ZoneInfo, start: int, end: int,
    points: int = 200,
) -> Curve:  # fmt: skip
    """How did the temperature go from `start` to `end`?

    Evenly spaced moments, and the moments at which events brought heat or took it, each with the
    millisecond before it, so that a jump is drawn as one; of more such moments than `points`, the
    greatest jumps.
    """
    weights = Weigher(rules, zone).weigh(events)
    ms = events.column("ms").to_numpy()
    jumps = _jumps(ms[weights.event], weights.weight, start, end, points)
    grid = np.linspace(start, end, max(points, 2)).astype(np.int64)
    moments = np.unique(np.concatenate([grid, jumps, jumps[jumps > start] - 1]))
    order = np.argsort(ms[weights.event], kind="stable")
    weights = weights.at(order)
    heat = Heat(rules, zone, size=1)
    slots = np.zeros(len(ms), np.int32)
    upto = np.searchsorted(ms[weights.event], moments, side="right")
    energy = np.empty(len(moments))
    done = 0
    for i, until in enumerate(upto.tolist()):
        heat.add(slots, ms, weights.at(slice(done, until)))
        energy[i] = heat.energy(int(moments[i]))[0]
        done = until
    return Curve(moments, energy, law.degrees(energy, rules.e_half))


def _jumps(ms: Moments, weight: Floats, start: int, end: int, most: int) -> Moments:
    """The moments within the window at which something was weighed, at most `most` of them."""
    within = (ms >= start) & (ms <= end)
    moments, which = np.unique(ms[within], return_inverse=True)
    if len(moments) <= most:
        return moments
    size = np.abs(np.bincount(which, weights=weight[within]))
    return np.sort(moments[np.argsort(-size, kind="stable")[:most]])


def _until(events: pa.RecordBatch, weights: Weights, at: int) -> Weights:
    return weights.of(events.column("ms").to_numpy() <= at)


def _by_rule(
    events: pa.RecordBatch, weights: Weights, rules: RuleSet, zone: zoneinfo.ZoneInfo, at: int
) -> Floats:
    """The law, term by term: what each rule's events up to `at` are worth at `at`."""
    index, rule, weight, day = _until(events, weights, at)
    ms = events.column("ms").to_numpy()[index]
    half_life = np.array([one.half_life_ms for one in rules.rules])
    caps = np.array([np.inf if one.cap is None else one.cap for one in rules.rules])
    energies = np.zeros(len(rules.rules))
    free = np.isinf(caps[rule])
    worth = weight[free] * np.exp2((ms[free] - at) / half_life[rule[free]])
    np.add.at(energies, rule[free], worth)
    keys = rule[~free].astype(np.int64) * (LAST - FIRST) + (day[~free] - FIRST)
    cells, which = np.unique(keys, return_inverse=True)
    sums = np.bincount(which, weights=weight[~free], minlength=len(cells))
    of, day_of = np.divmod(cells, LAST - FIRST)
    since = days_of(zone).start(day_of + FIRST)
    kept = np.sign(sums) * np.minimum(np.abs(sums), caps[of])
    np.add.at(energies, of, kept * np.exp2((since - at) / half_life[of]))
    return energies
