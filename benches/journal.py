"""The journal beside a bare file: the same bodies, durable, in groups of the same size.

Run: python -m benches.journal
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from hotspring.bench import Stand
from hotspring.journal import DELIVERY, Journal, Record

SECONDS = 2.0
GROUPS = (1, 4, 16)
BODIES = 64


def measured(
    name: str, write: Callable[[Sequence[bytes]], object], bodies: list[bytes], size: int
) -> float:
    """Bodies a second; percentiles of one group and CPU per body are printed."""
    times: list[float] = []
    cpu, began = time.process_time(), time.perf_counter()
    while (now := time.perf_counter()) - began < SECONDS:
        first = len(times) * size % (len(bodies) - size + 1)
        write(bodies[first : first + size])
        times.append(time.perf_counter() - now)
    took, count = time.perf_counter() - began, len(times) * size
    times.sort()
    p50, p99 = (times[int(len(times) * share)] * 1e3 for share in (0.5, 0.99))
    used = (time.process_time() - cpu) / count * 1e6
    print(
        f"groups of {size:2}, {name:7}  {count / took:7.0f}/s  p50 {p50:6.2f} ms  "
        f"p99 {p99:6.2f} ms  CPU {used:5.0f} us a body"
    )
    return count / took


def main() -> None:
    supply = Stand.Bodies(100_000, BODIES)
    bodies = [supply.body(number) for number in range(BODIES)]
    print(f"bodies of {sum(map(len, bodies)) / len(bodies) / 1e3:.0f} kB")
    with tempfile.TemporaryDirectory() as name, (Path(name) / "plain").open("wb", 0) as plain:

        def append_to_file(group: Sequence[bytes]) -> None:
            plain.write(b"".join(group))
            os.fsync(plain.fileno())

        with Journal(Path(name)) as journal:

            def append(group: Sequence[bytes]) -> None:
                journal.append([Record(DELIVERY, 0, body, 100) for body in group])

            for size in GROUPS:
                bare = measured("file", append_to_file, bodies, size)
                kept = measured("journal", append, bodies, size)
                print(f"ratio to the file {kept / bare:.2f}")
            read(journal)
        stored = sum(path.stat().st_size for path in (Path(name) / "journal").iterdir())
        print(f"{stored / 1e6:.0f} MB on disk")


def read(journal: Journal) -> None:
    """How fast does everything come back?"""
    began, seq, size = time.perf_counter(), 0, 0
    while entries := journal.read(seq):
        seq = entries[-1].seq
        size += sum(len(entry.body) for entry in entries)
    rate = size / (time.perf_counter() - began) / 1e6
    print(f"read back: {seq} bodies, {size / 1e6:.0f} MB, {rate:.0f} MB/s")


if __name__ == "__main__":
    main()
