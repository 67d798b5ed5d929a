"""How fast is a file of orders read, judged and made into events? A ratio to a bare DuckDB query.

python benches/files.py [FILE] [ROUNDS]

The bare query reads the same file, keeps the same lines and sums and counts by order; it makes no
events, no JSON, no identifiers, no refused rows and no report.
"""

from __future__ import annotations

import resource
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import duckdb

from hotspring.collect import open_file
from hotspring.settings import Settings

NOW = 1_795_336_100_000
FILE = Path(__file__).parents[1] / "tests" / "data" / "online_retail" / "online_retail.parquet"


def bare(path: Path) -> int:
    """Reads and groups, nothing more."""
    found = duckdb.execute(
        f"select InvoiceNo, min(InvoiceDate), min(CustomerID), sum(Quantity * UnitPrice), count(*) "
        f"from '{path}' where CustomerID is not null and UnitPrice > 0 group by InvoiceNo"
    )
    return len(found.fetchall())


def whole(path: Path) -> int:
    """Everything an import does before the journal."""
    opened = open_file(path, "orders", Settings(currency="GBP"), NOW)
    for _ in opened.portions(10_000, with_rejects=False):
        pass
    return opened.report().rows


def timed(work: Callable[[Path], int], path: Path, rounds: int) -> tuple[float, float, int]:
    """Median seconds on the clock, of the processors, and what the work gave."""
    clock, cpu, given = [], [], 0
    for _ in range(rounds):
        begun, used = time.perf_counter(), time.process_time()
        given = work(path)
        clock.append(time.perf_counter() - begun)
        cpu.append(time.process_time() - used)
    return statistics.median(clock), statistics.median(cpu), given


def main() -> None:
    """Prints the figures."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else FILE
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    whole(path)
    base, base_cpu, _ = timed(bare, path, rounds)
    took, took_cpu, rows = timed(whole, path, rounds)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"bare read and group   {base:7.3f} s  ({base_cpu:.3f} s of processor)")
    print(f"import to events      {took:7.3f} s  ({took_cpu:.3f} s of processor), {rows:,} rows")
    print(f"rows a second         {rows / took:11,.0f}")
    print(f"ratio to bare         {took / base:7.1f}")
    print(f"peak memory           {peak:7} MB")


if __name__ == "__main__":
    main()
