"""Journeys for tests, and slow plain references of the models."""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from typing import NamedTuple

import numpy as np
from hypothesis import strategies as st

from hotspring.attribution import Journeys


class Told(NamedTuple):
    """One journey: its touches, how often it converted, what that brought, how often it did not."""

    path: tuple[str, ...]
    conversions: int
    value: float
    nulls: int


CHANNELS = "abcde"


def told(channels: str = CHANNELS) -> st.SearchStrategy[list[Told]]:
    one = st.builds(
        Told,
        st.lists(st.sampled_from(channels), min_size=1, max_size=6).map(tuple),
        st.integers(0, 4),
        st.integers(0, 400).map(lambda cents: cents / 4),
        st.integers(0, 5),
    )
    worthy = one.map(lambda each: each if each.conversions else each._replace(value=0.0))
    return st.lists(worthy, min_size=1, max_size=25)


def journeys(rows: list[Told]) -> Journeys:
    return Journeys.of(
        [row.path for row in rows],
        [row.conversions for row in rows],
        [row.value for row in rows],
        [row.nulls for row in rows],
    )


def removal_by_dense_chain(rows: list[Told], order: int, least: float) -> dict[str, float]:
    """Removal effects on conversions: a chain of named states, solved anew without each channel."""
    seen: dict[tuple[str, ...], float] = defaultdict(float)
    for row in rows:
        for at in range(len(row.path)):
            for length in range(1, min(order, at + 1) + 1):
                seen[row.path[at + 1 - length : at + 1]] += row.conversions + row.nulls

    def state(path: tuple[str, ...]) -> tuple[str, ...]:
        for length in range(min(order, len(path)), 1, -1):
            if seen[path[-length:]] >= least and seen[path[-length:]] > 0:
                return path[-length:]
        return path[-1:]

    steps: dict[tuple[str, ...], dict[object, float]] = defaultdict(lambda: defaultdict(float))
    for row in rows:
        weight = row.conversions + row.nulls
        if not weight:
            continue
        for at in range(len(row.path)):
            steps[state(row.path[:at])][state(row.path[: at + 1])] += weight
        steps[state(row.path)]["bought"] += row.conversions
        steps[state(row.path)]["left"] += row.nulls
    states = list(steps)

    def rate(without: str | None) -> float:
        kept = [one for one in states if not one or one[-1] != without]
        size = len(kept)
        system, gained = np.eye(size), np.zeros(size)
        for at, one in enumerate(kept):
            whole = sum(steps[one].values())
            gained[at] = steps[one]["bought"] / whole
            for after, weight in steps[one].items():
                if after in kept:
                    system[at, kept.index(after)] -= weight / whole
        return float(np.linalg.solve(system, gained)[kept.index(())])

    whole = rate(None) if () in states else 0.0
    names = sorted({name for row in rows for name in row.path})
    return {name: 1 - rate(name) / whole if whole else 0.0 for name in names}


def shapley_by_permutations(rows: list[Told], worth: str) -> dict[str, float]:
    """What each channel adds when it joins, in the mean of all orders of joining."""
    names = sorted({name for row in rows for name in row.path})
    every = sum(row.conversions + row.nulls for row in rows)

    def value(coalition: set[str]) -> float:
        inside = [row for row in rows if coalition.issuperset(row.path)]
        many = sum(row.conversions for row in inside)
        if worth == "conversions":
            return many
        journeyed = many + sum(row.nulls for row in inside)
        return every * many / journeyed if journeyed else 0.0

    found = dict.fromkeys(names, 0.0)
    for order in itertools.permutations(names):
        joined: set[str] = set()
        for name in order:
            before = value(joined)
            joined.add(name)
            found[name] += value(joined) - before
    return {name: total / math.factorial(len(names)) for name, total in found.items()}
