"""How much processor time does identity take per event, beside a plain dictionary that only joins?

A million known people; batches of 30,000 events, a tenth with a second identifier, a twentieth
from new people. Prints microseconds per event and the ratio of the two in the same run.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa

from hotspring.identity import Claims, Who
from hotspring.settings import Settings

KNOWN = 1_000_000
BATCH = 30_000
BATCHES = 20
Batch = tuple[list[str], np.ndarray]


def batches(rng: np.random.Generator) -> list[Batch]:
    """Texts and offsets; person k has user_id k, device k and phone k."""
    made = []
    known = KNOWN
    for _ in range(BATCHES):
        people = np.minimum(rng.zipf(1.3, BATCH), KNOWN) * 7919 % KNOWN
        fresh = rng.random(BATCH) < 0.05
        people[fresh] = np.arange(known, known + fresh.sum())
        known += int(fresh.sum())
        second = rng.random(BATCH) < 0.10
        phone = rng.random(BATCH) < 0.3
        texts: list[str] = []
        sizes = np.where(second, 2, 1)
        for person, two, call in zip(people.tolist(), second, phone, strict=True):
            texts.append(f"user_id:customer-{person}")
            if two:
                texts.append(f"phone:+861{person:010}" if call else f"anonymous_id:{person:032x}")
        made.append((texts, np.concatenate([[0], np.cumsum(sizes)]).astype(np.int32)))
    return made


def claims(ids: np.ndarray, offsets: np.ndarray, batch: int) -> Claims:
    count = len(offsets) - 1
    ms = 1_700_000_000_000 + batch * BATCH + np.arange(count)
    key = np.arange(count, dtype=np.uint64) + np.uint64(batch * BATCH)
    return Claims(ids, offsets, ms, key, np.zeros(count, np.uint8), np.zeros(count, np.bool_))


def live() -> Callable[[Batch, int], Any]:
    """Identity with a million known people."""
    names = ("ms", "key", "type", "client_id", "ids")
    who = Who(Settings(), bytes(range(16)), lambda _: pa.table({name: [] for name in names}))
    for start in range(0, KNOWN, 100_000):
        texts = [f"user_id:customer-{k}" for k in range(start, start + 100_000)]
        who.resolve(claims(who.intern(texts), np.arange(100_001, dtype=np.int32), 0))
    who.take_new()

    def step(batch: Batch, number: int) -> Any:
        ids = who.intern(batch[0])
        who.take_new()
        return who.resolve(claims(ids, batch[1], number))

    return step


def plain() -> Callable[[Batch, int], Any]:
    """A dictionary of texts and union-find, without limits, times, devices or undo."""
    number = {f"user_id:customer-{k}": k for k in range(KNOWN)}
    root = list(range(KNOWN))

    def find(i: int) -> int:
        while root[i] != i:
            root[i] = root[root[i]]
            i = root[i]
        return i

    def step(batch: Batch, _: int) -> list[int]:
        texts, offsets = batch
        ids = []
        for text in texts:
            i = number.setdefault(text, len(number))
            if i == len(root):
                root.append(i)
            ids.append(i)
        bounds = offsets.tolist()
        for start, end in itertools.pairwise(bounds):
            for at in range(start + 1, end):
                root[find(ids[at])] = find(ids[start])
        return [find(ids[start]) for start in bounds[:-1]]

    return step


def microseconds(step: Callable[[Batch, int], Any], made: list[Batch]) -> tuple[float, float]:
    """Median and worst over the batches, per event."""
    spent = []
    for number, batch in enumerate(made):
        start = time.process_time()
        step(batch, number + 1)
        spent.append((time.process_time() - start) / BATCH * 1e6)
    return float(np.median(spent[1:])), max(spent[1:])


def main() -> None:
    made = batches(np.random.default_rng(7))
    ours, worst = microseconds(live(), made)
    theirs, _ = microseconds(plain(), made)
    print(f"identity  {ours:.2f} us/event, worst batch {worst:.2f}")
    print(f"plain     {theirs:.2f} us/event")
    print(f"ratio     {ours / theirs:.2f}")


if __name__ == "__main__":
    main()
