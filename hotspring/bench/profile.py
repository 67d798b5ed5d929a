"""`hotspring bench profile`: how long does a profile take to read while events come in?"""

from __future__ import annotations

import http.client
import random
import tempfile
import threading
import time
import urllib.parse
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np

from hotspring.bench.bodies import BATCH
from hotspring.bench.ingest import PHASE, Server, load, settled
from hotspring.bench.load import Plan

READS_A_SECOND: Final = 20
"""At even intervals, so that a slow answer hides none of those that wait behind it."""


def profile(
    profiles: int,
    seconds: float,
    rate: float = 0.0,
    folder: Path | None = None,
    tell: Callable[[str], None] = lambda line: None,
) -> dict[str, Any]:
    """How long does `GET /api/profiles/KIND:VALUE` take, in milliseconds, over HTTP?

    First on a quiet pool, then while `rate` events a second come in, 0 for half of what the
    machine takes in at full speed, measured before. A profile is drawn anew for each read, and the
    time counts from when the read was due.
    """
    with tempfile.TemporaryDirectory(prefix="hotspring-bench-") as name:
        server = Server((folder or Path(name)) / "pool")
        try:
            tell(f"{profiles:,} profiles")
            load(Plan(server.port, server.write_key, 0, profiles, everyone=True))
            settled(server)
            if not rate:
                tell(f"full speed for {seconds:.0f} s")
                full = load(Plan(server.port, server.write_key, seconds, profiles, first=PHASE))
                rate = full.requests * BATCH / full.seconds / 2
                settled(server)
            tell("reads on a quiet pool")
            quiet = _reads(server, profiles, seconds / 3)
            tell(f"reads while {rate:,.0f} events a second come in")
            plan = Plan(
                server.port, server.write_key, seconds, profiles,
                first=2 * PHASE, rate=max(1.0, rate / BATCH),
            )  # fmt: skip
            sending = threading.Thread(target=load, args=(plan,))
            sending.start()
            time.sleep(min(2.0, seconds / 5))
            loaded = _reads(server, profiles, seconds * 0.75)
            lag = server.status()["lag_seconds"]
            sending.join()
        finally:
            server.end()
    return {
        "p50_ms": _percentile(loaded, 50),
        "p99_ms": _percentile(loaded, 99),
        "most_ms": _percentile(loaded, 100),
        "quiet_p50_ms": _percentile(quiet, 50),
        "quiet_p99_ms": _percentile(quiet, 99),
        "reads": len(loaded),
        "events_per_second": round(rate),
        "lag_seconds": lag,
        "profiles": profiles,
    }


def _reads(server: Server, profiles: int, seconds: float) -> list[float]:
    """The times of reads at even intervals, in milliseconds."""
    draw = random.Random(1)
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    headers = {"Authorization": f"Bearer {server.token}"}
    began, times = time.perf_counter(), []
    for at in range(max(1, int(seconds * READS_A_SECOND))):
        due = began + at / READS_A_SECOND
        wait = due - time.perf_counter()
        if wait > 0:
            time.sleep(wait)
        key = f"anonymous_id:visitor-{draw.randrange(profiles):012d}"
        connection.request("GET", f"/api/profiles/{urllib.parse.quote(key)}", headers=headers)
        answer = connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"a profile was not answered: {answer.status} {body[:200]!r}")
        times.append((time.perf_counter() - due) * 1e3)
    connection.close()
    return times


def _percentile(times: list[float], share: float) -> float:
    return round(float(np.percentile(times, share)), 2)
