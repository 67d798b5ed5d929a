"""Markov and Shapley over a million journeys, beside the plain way with NumPy and dictionaries.

Run: python -m benches.attribution [JOURNEYS]

The plain Markov counts transitions with NumPy and solves a dense chain anew without each channel;
the plain Shapley asks of each of the 4,096 coalitions which journeys lie within it.
"""

from __future__ import annotations

import math
import sys

import numpy as np

from benches.history import timed
from hotspring.attribution import Journeys, Markov, Shapley

CHANNELS = 12


def journeys(count: int) -> Journeys:
    """Of one to some twenty touches, the first channels the most frequent; one in five converts."""
    random = np.random.default_rng(6)
    sizes = np.minimum(random.geometric(0.25, count), 20)
    share = 1 / np.arange(1, CHANNELS + 1)
    touch = random.choice(CHANNELS, int(sizes.sum()), p=share / share.sum()).astype(np.int32)
    bought = (random.random(count) < 0.2).astype(float)
    value = bought * random.lognormal(4, 1, count)
    names = tuple(f"channel {n}" for n in range(CHANNELS))
    return Journeys(names, touch, np.cumsum(sizes), bought, value, 1 - bought)


def plain_markov(found: Journeys) -> np.ndarray:
    """Order 1: a dense solve for each channel."""
    begins = np.append(0, found.ends[:-1])
    counts = np.zeros((CHANNELS + 1, CHANNELS + 2))
    inner = np.ones(len(found.touch), bool)
    inner[found.ends - 1] = False
    at = np.flatnonzero(inner)
    np.add.at(counts, (found.touch[at] + 1, found.touch[at + 1]), 1)
    np.add.at(counts, (np.zeros(len(begins), int), found.touch[begins]), 1)
    last = found.touch[found.ends - 1] + 1
    np.add.at(counts, (last, np.full(len(last), CHANNELS)), found.conversions)
    np.add.at(counts, (last, np.full(len(last), CHANNELS + 1)), found.nulls)
    steps = counts / counts.sum(axis=1, keepdims=True)
    rates = []
    for without in range(-1, CHANNELS):
        kept = [row for row in range(CHANNELS + 1) if without < 0 or row != without + 1]
        q = np.zeros((len(kept), len(kept)))
        for row, state in enumerate(kept):
            q[row, 1:] = [steps[state, other - 1] for other in kept[1:]]
        rates.append(np.linalg.solve(np.eye(len(kept)) - q, steps[kept, CHANNELS])[0])
    return 1 - np.array(rates[1:]) / rates[0]


def plain_shapley(found: Journeys) -> np.ndarray:
    """Every coalition asked by itself."""
    mine = np.repeat(np.arange(len(found.ends)), np.diff(found.ends, prepend=0))
    masks = np.zeros(len(found.ends), np.int64)
    np.bitwise_or.at(masks, mine, np.int64(1) << found.touch.astype(np.int64))
    kinds, place = np.unique(masks, return_inverse=True)
    bought = np.bincount(place, found.conversions)
    worth = [float(bought[(kinds & ~s) == 0].sum()) for s in range(1 << CHANNELS)]
    values = np.zeros(CHANNELS)
    for player in range(CHANNELS):
        for s in range(1 << CHANNELS):
            if not s >> player & 1:
                weight = CHANNELS * math.comb(CHANNELS - 1, s.bit_count())
                values[player] += (worth[s | 1 << player] - worth[s]) / weight
    return values


def main() -> None:
    """Both models, both ways, and their ratios."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    found = journeys(count)
    print(f"{count:,} journeys, {len(found.touch):,} touches, {CHANNELS} channels")
    few = journeys(100)
    for order in (1, 2, 3):
        Markov.of(few, order)
    Shapley.of(few)
    plain, theirs = timed("plain Markov, order 1", lambda: plain_markov(found))
    for order in (1, 2, 3):
        mine, took = timed(f"Markov, order {order}", lambda order=order: Markov.of(found, order))
        print(f"{sum(mine.states)} states, ratio {took / theirs:.2f}")
        if order == 1 and not np.allclose(mine.removal, plain):
            raise SystemExit("both must find the same removal effects")
    values, theirs = timed("plain Shapley", lambda: plain_shapley(found))
    shapley, took = timed("Shapley", lambda: Shapley.of(found))
    if not np.allclose(shapley.credit.conversions, values):
        raise SystemExit("both must find the same values")
    print(f"ratio {took / theirs:.2f}")


if __name__ == "__main__":
    main()
