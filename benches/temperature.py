"""How fast do temperatures live? Medians of interleaved rounds, ratios against bare NumPy.

python benches/temperature.py [PROFILES] [BATCHES]
"""

from __future__ import annotations

import statistics
import sys
import time
import zoneinfo
from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa

from hotspring.temperature import Heat, Weigher, law, rules

ROUNDS = 7
BATCH = 30_000
NOW = 1_760_000_000_000
DAY_MS = 86_400_000
RULES = rules.sets()["ecommerce"]
ZONE = zoneinfo.ZoneInfo("Asia/Shanghai")


def medians(*calls: Callable[[], Any]) -> list[float]:
    """Seconds of each call, the median of rounds in which they take turns."""
    took: list[list[float]] = [[] for _ in calls]
    for _ in range(ROUNDS):
        for call, seconds in zip(calls, took, strict=True):
            start = time.perf_counter()
            call()
            seconds.append(time.perf_counter() - start)
    return [statistics.median(seconds) for seconds in took]


def state(heat: Heat, profiles: int, random: np.random.Generator) -> dict[str, Any]:
    """Live arrays of that many profiles, as snapshots hold them: every half-life has energy."""
    lives = len(heat.half_lives_ms)
    return {
        "half_lives_ms": heat.half_lives_ms,
        "energy": random.exponential(12.0, (profiles, lives)) - 2.0,
        "as_of": NOW - random.integers(0, 120 * DAY_MS, profiles),
        "total": np.ones(profiles, np.int32),
        "positive": np.ones(profiles, np.int32),
        "announced": np.full(profiles, law.COLD, np.int8),
        "cell_key": np.empty(0, np.int64),
        "cell_sum": np.empty(0),
        "cell_count": np.empty(0, np.int32),
    }


def bare(arrays: dict[str, Any]) -> Any:
    """Bare NumPy over the same arrays: energies at NOW, compared with the thresholds, counted.

    With `exp`, because NumPy's `exp2` is several times slower.
    """
    passed = (NOW - arrays["as_of"]).astype(np.float64)
    energy = np.zeros(len(passed))
    for column, life in enumerate(arrays["half_lives_ms"]):
        energy += arrays["energy"][:, column] * np.exp(passed * (-np.log(2) / life))
    cool, warm, hot = law.edges(RULES.e_half)
    bands = (energy >= cool).astype(np.int8) + (energy >= warm) + (energy >= hot)
    return np.bincount(bands, minlength=4)


def batches(count: int, random: np.random.Generator) -> list[pa.RecordBatch]:
    """Events of twenty names, one batch a minute, a third of them without a rule."""
    known = sorted({name for rule in RULES.rules for name in rule.events})
    names = [*random.permutation(known)[:14].tolist(), *(f"Custom {i}" for i in range(6))]
    empty = pa.array([""] * BATCH)
    return [
        pa.RecordBatch.from_pydict(
            {
                "name": pa.array(random.choice(names, BATCH).tolist()),
                "ms": pa.array(NOW + i * 60_000 + random.integers(-30_000, 30_000, BATCH)),
                "flags": pa.array(np.zeros(BATCH, np.int32)),
                "channel": empty,
                "device": empty,
                "source": empty,
                "amount": pa.array(random.exponential(200.0, BATCH)),
                "currency": empty,
                "properties": empty,
            }
        )
        for i in range(count)
    ]


def main() -> None:
    """Print the figures."""
    profiles = int(sys.argv[1]) if len(sys.argv) > 1 else 5_000_000
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 40
    random = np.random.default_rng(1)
    heat = Heat(RULES, ZONE)
    arrays = state(heat, profiles, random)
    heat.load(arrays)
    passes = (lambda: bare(arrays), lambda: heat.counts(NOW), lambda: heat.sweep(NOW, None, 1.0))
    for warm_up in passes:
        warm_up()
    counts = heat.counts(NOW)
    assert [counts.cold, counts.cool, counts.warm, counts.hot] == bare(arrays).tolist()
    least, bands, sweep = medians(*passes)
    print(f"bare NumPy   {least * 1e3:8.1f} ms for {profiles:,} profiles")
    print(f"counts       {bands * 1e3:8.1f} ms, ratio {bands / least:5.2f}")
    print(f"sweep        {sweep * 1e3:8.1f} ms, ratio {sweep / least:5.2f}")
    weigher = Weigher(RULES, ZONE)
    weighing, adding = [], []
    for events in batches(count, random):
        slots = (random.random(BATCH) ** 2 * profiles).astype(np.int32)
        ms = events.column("ms").to_numpy()
        start = time.perf_counter()
        weights = weigher.weigh(events)
        weighed = time.perf_counter()
        heat.add(slots, ms, weights)
        weighing.append(weighed - start)
        adding.append(time.perf_counter() - weighed)
    for name, seconds in (("weigh", weighing), ("add", adding)):
        each = [second / BATCH * 1e6 for second in seconds[1:]]
        middle, mean, worst = statistics.median(each), statistics.mean(each), max(seconds[1:])
        print(f"{name:12s} {middle:8.3f} us an event, mean {mean:.3f}; worst {worst * 1e3:.1f} ms")


if __name__ == "__main__":
    main()
