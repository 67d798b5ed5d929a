"""`hotspring bench start`: how long until a pool with a long past is ready, and how large is it?"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from hotspring.bench.ingest import Server
from hotspring.bench.past import make_past
from hotspring.bench.process import memory, processes


def start(
    profiles: int,
    events: int,
    folder: Path | None = None,
    tell: Callable[[str], None] = lambda line: None,
) -> dict[str, Any]:
    """Make a folder with so many people and events, or take the one made before, and serve it.

    `ready_seconds` runs from the start of the process to its line that it is ready. The baseline
    reads the bytes of the newest snapshot: `ratio_to_read` tells how many times longer a start is.
    """
    with tempfile.TemporaryDirectory(prefix="hotspring-bench-") as name:
        place = folder or Path(name)
        made = 0.0
        if not (place / "manifest.json").exists():
            made = make_past(place, profiles, events, tell)
        read = _read_seconds(place)
        began = time.monotonic()
        server = Server(place)
        ready = time.monotonic() - began - server.source_seconds
        try:
            status = server.status()
            sizes = [memory(pid) for pid in processes(server.pid)]
        finally:
            server.end()
    return {
        "ready_seconds": round(ready, 2),
        "own_megabytes": sum(size["own_megabytes"] for size in sizes),
        "mapped_megabytes": sum(size["mapped_megabytes"] for size in sizes),
        "events": status["events"],
        "profiles": status["profiles"] + status["anonymous"],
        "made_seconds": round(made, 1),
        "snapshot_read_seconds": round(read, 2),
        "ratio_to_read": round(ready / max(read, 1e-3), 1),
    }


def _read_seconds(folder: Path) -> float:
    """How long does it take to read the snapshot from the disk, and no more?"""
    began = time.monotonic()
    for file in sorted((folder / "snapshots").rglob("*.npy")):
        np.load(file)
    return time.monotonic() - began
