"""`hotspring bench soak`: hours of operation in minutes. Does anything grow that should not?"""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from hotspring.bench.bodies import BATCH
from hotspring.bench.ingest import PHASE, Server, load, settled
from hotspring.bench.load import Outcome, Plan
from hotspring.bench.process import memory, processes

WINDOW: Final = 6
"""Ids and journal are kept for this part of the run, at least LEAST_WINDOW: so both come and go."""
LEAST_WINDOW: Final = 90.0
SAMPLE_SECONDS: Final = 1.0
FLAT: Final = 1.15
"""Memory may end this many times higher than it was after the first third."""
LAG_SECONDS: Final = 1.0
"""Nor may the lag have grown by more."""
DAY: Final = 86_400.0


def soak(
    seconds: float,
    rate: float,
    profiles: int,
    tell: Callable[[str], None] = lambda line: None,
) -> dict[str, Any]:
    """Send `rate` events a second for so long, by people who are all known at the start.

    Retention is compressed along: what a day of seven does to ids and journal happens within the
    run. `flat` is true where memory, lag and journal do not grow from its first third to its end.
    """
    window = max(LEAST_WINDOW, seconds / WINDOW)
    kept = f"{window / DAY:.6f}"
    with tempfile.TemporaryDirectory(prefix="hotspring-bench-") as name:
        folder = Path(name) / "pool"
        server = Server(
            folder, "--set", f"journal_days={kept}", "--set", f"duplicate_days={kept}",
            "--set", "journal_megabytes=16",
        )  # fmt: skip
        try:
            tell(f"{profiles:,} profiles")
            load(Plan(server.port, server.write_key, 0, profiles, everyone=True))
            settled(server)
            tell(f"{rate:,.0f} events a second for {seconds:.0f} s")
            plan = Plan(
                server.port, server.write_key, seconds, profiles,
                first=PHASE, rate=rate / BATCH, newcomers=0.0,
            )  # fmt: skip
            samples, outcome = _watched(server, folder, plan, tell)
        finally:
            server.end()
    return _verdict(samples, outcome, plan, window)


def _watched(
    server: Server, folder: Path, plan: Plan, tell: Callable[[str], None]
) -> tuple[list[dict[str, float]], Outcome]:
    """Follow the plan, and look at the server once a second meanwhile."""
    found: list[Outcome] = []
    work = threading.Thread(target=lambda: found.append(load(plan)), daemon=True)
    samples: list[dict[str, float]] = []
    work.start()
    began = time.monotonic()
    while work.is_alive():
        sample = _sample(server, folder)
        sample["seconds"] = time.monotonic() - began
        samples.append(sample)
        if len(samples) % 30 == 1:
            tell(
                f"{sample['seconds']:.0f} s: {sample['own_megabytes']:,.0f} MB, "
                f"lag {sample['lag_seconds']:.2f} s, journal {sample['journal_megabytes']:,.0f} MB "
                f"in {sample['journal_files']:.0f} files"
            )
        work.join(SAMPLE_SECONDS)
    if not found:
        raise RuntimeError("the load generator broke off; its messages say why")
    return samples, found[0]


def _sample(server: Server, folder: Path) -> dict[str, float]:
    sizes = []
    for pid in processes(server.pid):
        try:
            sizes.append(memory(pid))
        except (OSError, KeyError):  # it ended a moment ago
            continue
    journal, blocks = _sizes(folder / "journal"), _sizes(folder / "blocks")
    return {
        "own_megabytes": sum(size["own_megabytes"] for size in sizes),
        "mapped_megabytes": sum(size["mapped_megabytes"] for size in sizes),
        "lag_seconds": server.status()["lag_seconds"],
        "journal_files": len(journal),
        "journal_megabytes": sum(journal) / (1 << 20),
        "block_files": len(blocks),
        "block_megabytes": sum(blocks) / (1 << 20),
    }


def _sizes(folder: Path) -> list[int]:
    sizes = []
    for file in folder.iterdir():
        try:
            sizes.append(file.stat().st_size)
        except FileNotFoundError:  # merged or dropped a moment ago
            continue
    return sizes


def _verdict(
    samples: Sequence[dict[str, float]], outcome: Outcome, plan: Plan, window: float
) -> dict[str, Any]:
    def part(name: str, share: tuple[float, float]) -> float:
        low, high = (int(len(samples) * at) for at in share)
        return float(np.median([sample[name] for sample in samples[low : max(high, low + 1)]]))

    early, late = (1 / 3, 1 / 2), (5 / 6, 1.0)
    growth = {name: (part(name, early), part(name, late)) for name in samples[0]}
    sent = outcome.requests * BATCH / outcome.seconds
    memory_flat = growth["own_megabytes"][1] <= FLAT * growth["own_megabytes"][0]
    lag_flat = growth["lag_seconds"][1] <= growth["lag_seconds"][0] + LAG_SECONDS
    # Files go whole, and only after a snapshot: up to three windows may lie there.
    bounded = plan.seconds < 3 * window or (
        growth["journal_megabytes"][1] <= 2 * max(growth["journal_megabytes"][0], 64.0)
    )
    held = sent >= 0.98 * plan.rate * BATCH and set(outcome.statuses) == {"200"}
    return {
        "flat": bool(memory_flat and lag_flat and bounded and held),
        "rate_held": held,
        "memory_flat": memory_flat,
        "lag_flat": lag_flat,
        "journal_bounded": bounded,
        "long_enough": plan.seconds >= 3 * window,
        "events": outcome.requests * BATCH,
        "events_per_second": round(sent),
        "statuses": outcome.statuses,
        "p99_ms": round(outcome.p99_ms, 2),
        "window_seconds": round(window, 1),
        "early_and_late": {
            name: [round(value, 2) for value in pair] for name, pair in growth.items()
        },
        "worst_lag_seconds": max(sample["lag_seconds"] for sample in samples),
        "most_own_megabytes": max(sample["own_megabytes"] for sample in samples),
        "samples": [
            {name: round(value, 2) for name, value in sample.items()}
            for sample in samples[:: max(1, len(samples) // 60)]
        ],
    }
