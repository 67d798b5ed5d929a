"""`hotspring bench dedupe`: how much memory do so many ids in the window take, and how long?"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np

from hotspring.bench.process import memory
from hotspring.seen import CONFLICT, DUPLICATE, NEW, Seen

BATCH: Final = 10_000
DAYS: Final = 7
BASELINE: Final = 1_000_000
START: Final = 1_700_000_000


def dedupe(ids: int, tell: Callable[[str], None] = lambda line: None) -> dict[str, Any]:
    """Bring `ids` new ids, then some of them again with the same and with another content.

    `ratio_to_dict` compares the time per id with that of a plain dictionary of a million ids.
    `wrong` counts verdicts that are not what they must be; memory is that of this process.
    """
    batches = max(1, ids // BATCH)
    _compile()
    before = memory()
    with tempfile.TemporaryDirectory(prefix="hotspring-bench-") as name:
        seen = Seen(DAYS, Path(name))
        judging = keeping = 0.0
        wrong = 0
        peak = before
        for number in range(batches):
            keys = _keys(number)
            began = time.perf_counter()
            verdicts = _judged(seen, keys, keys, number)
            judged = time.perf_counter()
            if seen.full:
                seen.freeze(number + 1)
                seen.write()
                seen.compact(number + 1)
                peak = max(peak, memory(), key=lambda one: one["own_megabytes"])
            keeping += time.perf_counter() - judged
            judging += judged - began
            wrong += int((verdicts != NEW).sum())
            if number % 1000 == 999:
                tell(f"{(number + 1) * BATCH:,} ids, {memory()['own_megabytes']:,} MB")
        seen.freeze(batches)
        seen.write()
        again, lookups = _again(seen, batches)
        after = memory()
        del seen
        began = time.perf_counter()
        reopened = Seen(DAYS, Path(name))
        reopened.open(batches)
        opening = time.perf_counter() - began
        wrong += again + _again(reopened, batches)[0]
        size = sum(file.stat().st_size for file in Path(name).rglob("*") if file.is_file())
    each = (judging + keeping) / batches / BATCH * 1e6
    return {
        "ids": batches * BATCH,
        "wrong": wrong,
        "own_megabytes": after["own_megabytes"],
        "peak_own_megabytes": peak["own_megabytes"],
        "mapped_megabytes": after["mapped_megabytes"],
        "disk_megabytes": size >> 20,
        "microseconds_per_id": round(each, 3),
        "of_that_judging": round(judging / batches / BATCH * 1e6, 3),
        "microseconds_per_repeat": round(lookups, 2),
        "open_seconds": round(opening, 2),
        "ratio_to_dict": round(each / _dictionary(), 2),
    }


def _compile() -> None:
    """Let what is compiled at its first use be compiled before anything is measured."""
    seen = Seen(DAYS)
    _judged(seen, _keys(0), _keys(0), 0)
    seen.freeze(1)
    _judged(seen, _keys(0), _keys(0), 0)


def _keys(number: int) -> np.ndarray:
    draw = np.random.default_rng(number)
    return draw.integers(1, 2**64 - 1, BATCH, dtype=np.uint64)


def _judged(seen: Seen, keys: np.ndarray, contents: np.ndarray, number: int) -> np.ndarray:
    received = np.full(len(keys), START + number, np.int64)
    return seen.judge(keys, contents.astype(np.int64), received, np.zeros(len(keys), bool))


def _again(seen: Seen, batches: int) -> tuple[int, float]:
    """Wrong verdicts on repeats and conflicts from all of the past, and microseconds for each."""
    wrong, began = 0, time.perf_counter()
    chosen = np.linspace(0, batches - 1, min(batches, 20)).astype(int)
    for number in chosen:
        keys = _keys(int(number))
        wrong += int((_judged(seen, keys, keys, batches) != DUPLICATE).sum())
        wrong += int((_judged(seen, keys, keys + np.uint64(1), batches) != CONFLICT).sum())
    return wrong, (time.perf_counter() - began) / len(chosen) / BATCH / 2 * 1e6


def _dictionary() -> float:
    """Microseconds per id of a plain dictionary."""
    keys = np.concatenate([_keys(number) for number in range(BASELINE // BATCH)]).tolist()
    known: dict[int, int] = {}
    began = time.perf_counter()
    for key in keys:
        if key not in known:
            known[key] = key
    return (time.perf_counter() - began) / len(keys) * 1e6
