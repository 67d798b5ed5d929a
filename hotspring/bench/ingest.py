"""`hotspring bench ingest`: a real server under load, each step of it in a process of its own."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import msgspec

from hotspring.bench.baseline import durable_bytes
from hotspring.bench.bodies import BATCH
from hotspring.bench.load import Outcome, Plan
from hotspring.bench.process import processes, together

CLI: Final = (sys.executable, "-c", "from hotspring.cli import main; main()")
BASELINE_SECONDS: Final = 3.0
MEASURE_SECONDS: Final = 2.0
APPLY_SECONDS: Final = 120.0
CALM: Final = 5
"""Looks in a row at which nothing is under way, until a server is taken to be at rest."""
PHASE: Final = 100_000_000
"""Requests of different phases are numbered this far apart: their ids never meet."""


class Server:
    """A `hotspring serve` under test."""

    def __init__(self, folder: Path, *options: str) -> None:
        began = time.monotonic()
        name = f"bench-{time.time_ns()}"
        made = json.loads(_output(*CLI, "source", "create", name, "--data", folder, "--json"))
        self.write_key: str = made["write_key"]
        self.source_seconds = time.monotonic() - began
        """What making its source took."""
        self._process = subprocess.Popen(
            [*CLI, "serve", "--data", str(folder), "--port", "0", *options],
            stdout=subprocess.PIPE,
        )
        assert self._process.stdout is not None
        line = self._process.stdout.readline().decode()
        self.url = line.rpartition(" ")[2].strip()
        if not self.url:
            raise RuntimeError("the server did not start; its messages say why")
        self.port = int(self.url.rpartition(":")[2])
        found = json.loads((folder / "run" / "server.json").read_text())
        self.token: str = found["token"]

    @property
    def pid(self) -> int:
        return self._process.pid

    def status(self) -> dict[str, Any]:
        status: dict[str, Any] = json.loads(self._read("/api/status"))
        return status

    def busy(self) -> bool:
        """Is work under way beside the pipeline, such as merging blocks?"""
        return b"hotspring_keeper_busy 0" not in self._read("/metrics")

    def _read(self, path: str) -> bytes:
        request = urllib.request.Request(
            self.url + path, headers={"Authorization": f"Bearer {self.token}"}
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            body: bytes = answer.read()
        return body

    def end(self) -> None:
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(30)


def ingest(
    profiles: int,
    seconds: float,
    rate: float = 0.0,
    tell: Callable[[str], None] = lambda line: None,
) -> dict[str, Any]:
    """How many events a second does this machine take in, durably, and apply?

    The load comes from the same machine. `events_per_second` counts events acknowledged at full
    speed, `applied_per_second` those in the tables by the time everything was applied; the
    percentiles are those of answers at `rate`, or at half of full speed; `lag_seconds` is how far
    the server is behind after full speed, `most_megabytes` the memory of all its processes then.
    """
    with tempfile.TemporaryDirectory(prefix="hotspring-bench-") as name:
        folder = Path(name)
        tell("the load generator alone, a route that only decodes, a file with fsync")
        alone = _against("null", profiles)
        decoding = _against("decode", profiles)
        durable = durable_bytes(folder / "bytes", BASELINE_SECONDS)
        with running(folder / "pool") as server:
            tell(f"{profiles:,} profiles")
            load(Plan(server.port, server.write_key, 0, profiles, everyone=True))
            settled(server)
            report = _phases(server, profiles, seconds, rate, tell)
    reached = report["events_per_second"]
    return {
        **report,
        "ratio_to_decode": round(reached / decoding, 3),
        "ratio_to_fsync": round(reached / durable, 3),
        "decode_events_per_second": round(decoding),
        "fsync_events_per_second": round(durable),
        "generator_events_per_second": round(alone),
        "profiles": profiles,
        "cores": os.cpu_count(),
    }


def _phases(
    server: Server, profiles: int, seconds: float, rate: float, tell: Callable[[str], None]
) -> dict[str, Any]:
    tell(f"full speed for {seconds:.0f} s")
    before = settled(server)
    with _measured(server) as sizes:
        full = load(Plan(server.port, server.write_key, seconds, profiles, first=PHASE))
    began = time.monotonic()
    lag = server.status()["lag_seconds"]
    after = settled(server)
    rest = time.monotonic() - began
    reached = full.requests * BATCH / full.seconds
    applied = (after - before) / (full.seconds + rest)
    _rested(server)
    rate = rate or reached / 2
    tell(f"{rate:,.0f} events a second for {seconds:.0f} s")
    half = load(
        Plan(
            server.port, server.write_key, seconds, profiles,
            first=2 * PHASE, rate=max(1.0, rate / BATCH),
        )
    )  # fmt: skip
    settled(server)
    tell("single events")
    single = load(
        Plan(
            server.port, server.write_key, min(seconds, 10.0), profiles,
            first=3 * PHASE, batch=1, templates=4000, connections=32, path="/v1/batch",
        )
    )  # fmt: skip
    return {
        "events_per_second": round(reached),
        "rate_of_percentiles": round(half.requests * BATCH / half.seconds),
        "applied_per_second": round(applied),
        "lag_seconds": lag,
        "drain_seconds": round(rest, 3),
        "p50_ms": round(half.p50_ms, 2),
        "p99_ms": round(half.p99_ms, 2),
        "full_p99_ms": round(full.p99_ms, 2),
        "single_events_per_second": round(single.requests / single.seconds),
        "most_megabytes": max(sizes),
        "statuses": _added(full.statuses, half.statuses, single.statuses),
    }


@contextlib.contextmanager
def _measured(server: Server) -> Iterator[list[int]]:
    """What the server's processes take together, in megabytes, while the block runs."""
    sizes: list[int] = []
    done = threading.Event()

    def measure() -> None:
        ended = False
        while not ended:
            ended = done.wait(MEASURE_SECONDS)
            sizes.append(together(processes(server.pid)))

    measuring = threading.Thread(target=measure, daemon=True)
    measuring.start()
    try:
        yield sizes
    finally:
        done.set()
        measuring.join()


def settled(server: Server) -> int:
    """The number of events once nothing more is being applied."""
    began = time.monotonic()
    while (status := server.status())["lag_seconds"] > 0:
        if time.monotonic() - began > APPLY_SECONDS:
            raise RuntimeError("the server does not come to an end with what it took in")
        time.sleep(0.05)
    return int(status["events"])


def _rested(server: Server) -> None:
    """Return once the work is done that full speed left behind: it is not of the next phase."""
    began, calm = time.monotonic(), 0
    while calm < CALM:
        if time.monotonic() - began > APPLY_SECONDS:
            raise RuntimeError("the server does not come to rest")
        calm = 0 if server.busy() else calm + 1
        time.sleep(0.2)


def load(plan: Plan) -> Outcome:
    """Follow a plan in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", "from hotspring.bench.load import main; main()"],
        input=msgspec.json.encode(plan),
        stdout=subprocess.PIPE,
        check=True,
        # As far from the server as it can be on one machine: not scheduled as a part of it.
        start_new_session=True,
    )
    return msgspec.json.decode(done.stdout, type=Outcome)


def _against(kind: str, profiles: int) -> float:
    """Events a second that one of the baseline routes answers."""
    route = subprocess.Popen(
        [sys.executable, "-c", "from hotspring.bench.baseline import main; main()", kind],
        stdout=subprocess.PIPE,
    )
    try:
        assert route.stdout is not None
        port = int(route.stdout.readline())
        outcome = load(Plan(port, "none", BASELINE_SECONDS, profiles))
    finally:
        route.terminate()
        route.wait()
    return outcome.requests * BATCH / outcome.seconds


@contextlib.contextmanager
def running(folder: Path) -> Iterator[Server]:
    """A server on this folder while the block runs."""
    server = Server(folder)
    try:
        yield server
    finally:
        server.end()


def _added(*counts: dict[str, int]) -> dict[str, int]:
    names = sorted({name for one in counts for name in one})
    return {name: sum(one.get(name, 0) for one in counts) for name in names}


def _output(*command: object) -> bytes:
    return subprocess.run(
        [str(part) for part in command], stdout=subprocess.PIPE, check=True
    ).stdout
