"""How long does ingest wait while blocks are merged? Rows are appended all the while.

Run: python -m benches.compaction [ROWS OF A BLOCK]
"""

from __future__ import annotations

import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa

from benches import history
from hotspring.pipeline import EVENTS
from hotspring.store import Store

BLOCKS = 8
PORTION = 1_000


def main() -> None:
    """Print the longest waits of an append, idle and while eight blocks become one."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 250_000
    random = np.random.default_rng(4)
    with tempfile.TemporaryDirectory(prefix="hotspring-bench-") as place:
        store = Store(Path(place), [EVENTS], "Asia/Shanghai")
        for number in range(BLOCKS):
            busy = np.full(count // 10, 10.0)
            for batch in history.rows(random, busy, number / BLOCKS, 1 / BLOCKS, number << 40):
                store.append(EVENTS, batch)
            store.freeze()
            store.seal(number + 1)
        portion = batch.slice(0, PORTION)
        idle = waits(store, portion, lambda: time.sleep(2))
        began = time.perf_counter()
        merging = waits(store, portion, store.compact)
        took = time.perf_counter() - began
        print(f"{BLOCKS} blocks of {count:,} rows became one in {took:.1f} s")
        for name, found in (("idle", idle), ("while merging", merging)):
            worst, p99 = max(found), sorted(found)[int(len(found) * 0.99)]
            print(
                f"{name:14} {len(found):6} appends, p99 {p99 * 1e3:7.3f} ms, "
                f"worst {worst * 1e3:7.3f} ms"
            )


def waits(store: Store, portion: pa.RecordBatch, beside: Callable[[], object]) -> list[float]:
    """How long each append takes while something else runs in a thread."""
    thread = threading.Thread(target=beside)
    thread.start()
    found = []
    while thread.is_alive():
        began = time.perf_counter()
        store.append(EVENTS, portion)
        found.append(time.perf_counter() - began)
        time.sleep(0.001)
    return found


if __name__ == "__main__":
    main()
