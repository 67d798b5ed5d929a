"""A recorded history for benches: sealed blocks of events as a pool of that size leaves them."""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa

from hotspring.event import EVENT_SCHEMA
from hotspring.pipeline import EVENTS
from hotspring.store import weave

PORTION: Final = 250_000
VISIT: Final = 4
"""Events in one visit, on average."""
PAUSE_MS: Final = 600_000
NOW: Final = 1_760_000_000_000
SPAN_MS: Final = 200 * 86_400_000
BLOCKS: Final = (0.64, *[0.08] * 4, *[0.01] * 4)
"""Shares of the rows, oldest first: what compaction by eights makes of a hundred seals."""
NAMES: Final = {
    "Product Viewed": 0.33, "Page Viewed": 0.22, "Product List Viewed": 0.1, "Product Added": 0.07,
    "Order Completed": 0.05, "Email Opened": 0.05, "Signed In": 0.05, "Cart Viewed": 0.03,
    "Product Added to Wishlist": 0.02, "Order Refunded": 0.005, "Product Shared": 0.005,
    "Custom": 0.07,
}  # fmt: skip


def main(measure: Callable[[Path, int], None]) -> None:
    """Run a bench, as `python -m BENCH [EVENTS] [PROFILES] [FOLDER]`, over a history of that size
    and tell how much memory it took."""
    events = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000_000
    profiles = int(sys.argv[2]) if len(sys.argv) > 2 else events // 10
    with tempfile.TemporaryDirectory(prefix="hotspring-bench-") as temporary:
        folder = Path(sys.argv[3]) if len(sys.argv) > 3 else Path(temporary)
        write(folder, events, profiles)
        measure(folder, profiles)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory {peak:,.0f} MB")


def timed(name: str, call: Callable[[], Any], shown: bool = False) -> tuple[Any, float]:
    """What a call gives and how long it took; printed with the CPU it used, and the gift if so."""
    began, cpu = time.perf_counter(), time.process_time()
    given = call()
    took, used = time.perf_counter() - began, time.process_time() - cpu
    print(f"{name:28} {took:7.2f} s, {used:7.2f} s of CPU" + (f"  {given}" if shown else ""))
    return given, took


def write(folder: Path, events: int, profiles: int) -> None:
    """Blocks and manifest of a pool with about so many events; nothing where it is there."""
    if (folder / "manifest.json").exists():
        return
    (folder / "blocks").mkdir(parents=True)
    random = np.random.default_rng(1)
    busy = random.gamma(0.7, 1 / 0.7, profiles)
    blocks, seq, start = [], 1 << 20, 0.0
    for number, share in enumerate(BLOCKS):
        name = f"blocks/events-{number:08d}.parquet"
        parts = rows(random, busy * (events * share / profiles), start, share, seq)
        pieces = (piece for part in parts for piece in weave.in_order([part], EVENTS))
        there = weave.write(folder / name, EVENTS, pieces)
        seq += there
        blocks.append({"file": name, "rows": there, "level": 0})
        start += share
    manifest = {
        "timezone": "Asia/Shanghai",
        "sealed": 1,
        "blocks": {"events": blocks},
        "number": 99,
    }
    (folder / "manifest.json").write_text(json.dumps(manifest))


def rows(
    random: np.random.Generator, busy: np.ndarray, start: float, share: float, seq: int
) -> Iterator[pa.RecordBatch]:
    """Events of one stretch of time by subject and time; `busy` are those to expect of each."""
    for at in range(0, len(busy), PORTION):
        visits = random.poisson(busy[at : at + PORTION] / VISIT)
        person = np.repeat(np.arange(at, at + len(visits), dtype=np.int32), visits)
        began = random.random(len(person))
        size = 1 + random.poisson(VISIT - 1, len(person))
        later = random.exponential(PAUSE_MS / (share * SPAN_MS), int(size.sum()))
        origin = np.repeat(person, size)
        moment = np.minimum(np.repeat(began, size) + later, 0.999)
        # One sort orders by subject and time at once.
        moment = np.sort(origin + moment) - origin
        yield _table(random, origin, start + moment * share, seq)
        seq += len(origin)


def _table(
    random: np.random.Generator, origin: np.ndarray, moment: np.ndarray, seq: int
) -> pa.RecordBatch:
    count = len(origin)
    name = random.choice(len(NAMES), count, p=list(NAMES.values())).astype(np.int8)
    paid = np.isin(name, [list(NAMES).index(n) for n in ("Order Completed", "Order Refunded")])
    amount = pa.array(random.exponential(300, count).round(2), mask=~paid)
    abroad = pa.array((random.random(count) < 0.05) & paid)
    zero = np.zeros(count, np.int32)
    empty = _words(zero.astype(np.int8), [""])
    given = {
        "seq": seq + random.permutation(count),
        "name": _words(name, list(NAMES)),
        "type": _words(zero.astype(np.int8), ["track"]),
        "ms": (NOW - SPAN_MS + moment * SPAN_MS).astype(np.int64),
        "origin_id": origin, "flags": zero, "client_id": zero - 1, "amount": amount,
        "currency": _words(abroad.cast(pa.int8()), ["", "USD"]),
    }  # fmt: skip
    given["received_ms"] = given["ms"]
    given["key"] = given["seq"].astype(np.uint64)
    given["content"] = given["seq"]
    columns = []
    for field in EVENT_SCHEMA:
        if field.name in given:
            columns.append(pa.array(given[field.name]).cast(field.type))
        elif field.type == pa.string() and not field.nullable:
            columns.append(empty)
        elif field.name == "ids":
            columns.append(pa.ListArray.from_arrays(np.arange(count + 1, dtype=np.int32), origin))
        else:
            columns.append(pa.nulls(count, field.type))
    return pa.RecordBatch.from_arrays(columns, schema=EVENT_SCHEMA)


def _words(codes: Any, words: list[str]) -> pa.Array:
    return pa.DictionaryArray.from_arrays(codes, words).cast(pa.string())
