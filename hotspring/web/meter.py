"""What the door counts, told to the owner once a second through a small file."""

from __future__ import annotations

import asyncio
import contextlib
import resource
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import msgspec

from hotspring import durable
from hotspring.journal import Journal, Record
from hotspring.measure import Readings, Spread
from hotspring.web.answers import Answer

FILE: Final = "door-metrics"
"""Beside the address of the server."""
TELL_SECONDS: Final = 1.0


class Meter:
    """Counts of one door. All but `append` are called from its event loop."""

    def __init__(self) -> None:
        self._statuses: dict[int, int] = {}
        self._reasons: dict[str, int] = {}
        self._events = [0, 0, 0]
        self._requests = Spread()
        self._appends = Spread()
        self._records = [0, 0]
        self.bytes = 0
        self.read_seconds = 0.0

    def answered(self, answer: Answer, seconds: float) -> None:
        """A request with events got its answer."""
        self._statuses[answer.status] = self._statuses.get(answer.status, 0) + 1
        self._requests.add(seconds)
        if answer.counts:
            for at, count in enumerate(answer.counts):
                self._events[at] += count
            for reason in answer.reasons:
                self._reasons[reason] = self._reasons.get(reason, 0) + 1

    def appended(self, records: Sequence[Record], seconds: float) -> None:
        """The journal kept a group of records."""
        self._appends.add(seconds)
        self._records[0] += len(records)
        self._records[1] += sum(len(record.body) for record in records)

    def readings(self, lag: float, waiting: int) -> Readings:
        """Everything as it is now."""
        found = Readings(spreads={
            "door_request_seconds": self._requests, "journal_append_seconds": self._appends,
        })  # fmt: skip
        for status, count in self._statuses.items():
            found.set("door_requests", count, str(status))
        for reason, count in self._reasons.items():
            found.set("door_refused_events", count, reason)
        for verdict, count in zip(("accepted", "duplicate", "refused"), self._events, strict=True):
            found.set("door_events", count, verdict)
        found.set("door_body_bytes", self.bytes)
        found.set("door_read_seconds", self.read_seconds)
        found.set("door_lag_seconds", lag)
        found.set("door_waiting_bytes", waiting)
        found.set("journal_records", self._records[0])
        found.set("journal_record_bytes", self._records[1])
        process_readings(found, "door")
        return found


class Timed:
    """A journal whose writes are measured."""

    def __init__(self, journal: Journal, meter: Meter) -> None:
        self._journal = journal
        self._meter = meter

    def append(self, records: Sequence[Record]) -> list[int]:
        began = time.perf_counter()
        places = self._journal.append(records)
        self._meter.appended(records, time.perf_counter() - began)
        return places


def process_readings(found: Readings, name: str) -> None:
    """Memory and processor time of this process."""
    found.set("process_resident_bytes", _resident(), name)
    found.set("process_cpu_seconds", time.process_time(), name)


def write(file: Path, readings: Readings) -> None:
    """Tell the owner. On a full disk the last word stays."""
    with contextlib.suppress(OSError):
        durable.put(file, msgspec.json.encode(readings), lasting=False)


def read(file: Path) -> Readings:
    """What did the door tell last? Nothing, where there is none."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=Readings)
    except (OSError, msgspec.DecodeError):
        return Readings()


async def tell(file: Path, meter: Meter, state: Callable[[], tuple[float, int]]) -> None:
    """Tell the owner once a second, until cancelled; `state` gives the lag and what waits."""
    while True:
        write(file, meter.readings(*state()))
        await asyncio.sleep(TELL_SECONDS)


def _resident() -> int:
    status = Path("/proc/self/statm")
    if status.exists():
        return int(status.read_text().split()[1]) * resource.getpagesize()
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most << 10
