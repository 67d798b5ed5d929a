"""How fast are places found? Ratios against bare NumPy over the same points, in one run.

python benches/geo.py [POINTS]
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from hotspring.geo import Atlas, to_wgs84

ROUNDS = 5
CALLS = 20_000


def best(call: Callable[[], Any], rounds: int = ROUNDS) -> float:
    """Seconds of the fastest of some rounds."""
    took = []
    for _ in range(rounds):
        start = time.perf_counter()
        call()
        took.append(time.perf_counter() - start)
    return min(took)


def each(call: Callable[[], Any]) -> float:
    """Microseconds of one call, in the fastest round of many calls."""
    return best(lambda: [call() for _ in range(CALLS)]) / CALLS * 1e6


def cells(lons: Any, lats: Any, table: Any) -> Any:
    """Bare NumPy: the least a lookup can do is to read one number per point from a table."""
    rows, columns = table.shape
    return table[
        ((lats - 3.0) / 51.0 * rows).astype(np.int64),
        ((lons - 73.0) / 63.0 * columns).astype(np.int64),
    ]


def waves(lons: Any, lats: Any) -> Any:
    """Bare NumPy: the ten sines of the shift, once; an exact inverse needs them nine times."""
    x, y = lons - 105.0, lats - 35.0
    total = np.zeros_like(x)
    for part in (x * 6, x * 2, x, x / 3, x / 12, x / 30, y, y / 3, y / 12, y / 30):
        total += np.sin(part * np.pi)
    return total


def main() -> None:
    """Print the figures."""
    points = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    random = np.random.default_rng(1)
    start = time.perf_counter()
    atlas = Atlas()
    atlas.load()
    print(f"load                     {time.perf_counter() - start:8.2f} s")
    lons, lats = random.uniform(73.5, 135, points), random.uniform(18, 53.5, points)
    table = random.integers(0, 2891, (500, 620)).astype(np.int32)
    for name, ours, bare in (
        (
            "adcodes_of / table",
            lambda: atlas.adcodes_of(lons, lats),
            lambda: cells(lons, lats, table),
        ),
        (
            "to_wgs84 gcj02 / sines",
            lambda: to_wgs84(lons, lats, "gcj02"),
            lambda: waves(lons, lats),
        ),
    ):
        ours()
        took, least = best(ours), best(bare)
        print(f"{name:24s} {took / points * 1e6:8.3f} us a point, ratio {took / least:6.2f}")
    gps = {"longitude": 116.3974, "latitude": 39.9093}
    empty = each(lambda: None)
    for name, call in (
        ("locate, nothing given", lambda: atlas.locate(None, None, None, None, None, "wgs84")),
        ("locate, gps", lambda: atlas.locate(gps)),
        ("locate, gps in bd09", lambda: atlas.locate(gps, datum="bd09")),
        ("locate, city", lambda: atlas.locate(city="杭州", province="浙江")),
        ("adcode_of", lambda: atlas.adcode_of(116.3974, 39.9093)),
    ):
        took = each(call)
        print(f"{name:24s} {took:8.3f} us a call,  ratio {took / empty:6.1f} to an empty call")


if __name__ == "__main__":
    main()
