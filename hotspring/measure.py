"""What is measured while a pool lives: the catalogue of metrics, and the counters behind them.

Counters are moved once for a body or a batch, never for an event.
"""

from __future__ import annotations

import time
from bisect import bisect_left
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, Literal

import msgspec

BOUNDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Upper ends of the buckets of a histogram, in seconds."""


class Measure(msgspec.Struct, frozen=True):
    """One metric as Prometheus knows it; a counter's name gets `_total` when it is told."""

    name: str
    kind: Literal["counter", "gauge", "histogram"]
    text: str
    labels: tuple[str, ...] = ()

    @property
    def told(self) -> str:
        """The name in /metrics."""
        return f"hotspring_{self.name}{'_total' if self.kind == 'counter' else ''}"


CATALOGUE: Final = (
    Measure("door_requests", "counter", "Requests that brought events.", ("status",)),
    Measure("door_request_seconds", "histogram", "Time to answer them, the journal included."),
    Measure("door_body_bytes", "counter", "Bytes of their bodies, as they came."),
    Measure("door_events", "counter", "Events: accepted, duplicate, refused.", ("verdict",)),
    Measure("door_refused_events", "counter", "Refused events by reason.", ("reason",)),
    Measure("door_read_seconds", "counter", "Time to decode and to judge bodies."),
    Measure("door_lag_seconds", "gauge", "How far the pipeline is behind, as the door sees it."),
    Measure("door_waiting_bytes", "gauge", "Bodies that wait for the disk."),
    Measure("journal_append_seconds", "histogram", "Time of one write of the door, with fsync."),
    Measure("journal_records", "counter", "Records written; with the writes, the group size."),
    Measure("journal_record_bytes", "counter", "Bytes of those records before compression."),
    Measure("journal_files", "gauge", "Files of the journal."),
    Measure("journal_bytes", "gauge", "Bytes of those files."),
    Measure("pipeline_up", "gauge", "1 while what comes is applied."),
    Measure("pipeline_position", "gauge", "Number of the newest applied record."),
    Measure("pipeline_batches", "counter", "Batches applied."),
    Measure("pipeline_events", "counter", "Events that came with them, repeats included."),
    Measure("pipeline_seconds", "counter", "Time of the pipeline by step.", ("step",)),
    Measure("pipeline_damaged_records", "gauge", "Journal records that could not be read."),
    Measure("lag_seconds", "gauge", "Age of the oldest event that is not applied yet."),
    Measure("keeper_jobs", "counter", "Work beside the pipeline that was done.", ("job",)),
    Measure("keeper_seconds", "counter", "Time of that work.", ("job",)),
    Measure("keeper_busy", "gauge", "1 while such work is under way."),
    Measure("keeper_trouble", "gauge", "1 while the last such work failed."),
    Measure("seen_ids", "gauge", "Ids by which repeats are known."),
    Measure("store_blocks", "gauge", "Sealed files.", ("table",)),
    Measure("store_rows", "gauge", "Rows in sealed files.", ("table",)),
    Measure("store_bytes", "gauge", "Bytes of sealed files.", ("table",)),
    Measure("projection_bytes", "gauge", "Bytes of the projections of sealed files."),
    Measure("store_tail_events", "gauge", "Events that are not sealed yet."),
    Measure("events", "gauge", "Distinct accepted events that are applied."),
    Measure("duplicate_events", "counter", "Repeats that were not stored again."),
    Measure("refused_events", "counter", "Refused events, whatever became of them."),
    Measure("quarantined_events", "gauge", "Refused events that were neither mended nor dropped."),
    Measure("conflict_events", "gauge", "Of these, repeats of an id with another content."),
    Measure("profiles", "gauge", "Known profiles."),
    Measure("anonymous_profiles", "gauge", "Anonymous profiles."),
    Measure("profiles_in_band", "gauge", "Known profiles by band.", ("band",)),
    Measure("map_frame_seconds", "gauge", "Time of the newest frame of the live map."),
    Measure("api_requests", "counter", "Requests to the API.", ("method", "route", "status")),
    Measure("api_seconds", "histogram", "Time to answer them.", ("route",)),
    Measure("process_resident_bytes", "gauge", "Memory of the two processes.", ("process",)),
    Measure("process_cpu_seconds", "counter", "Processor time of the two.", ("process",)),
)  # fmt: skip
"""Every metric there is."""
BY_NAME: Final = {measure.name: measure for measure in CATALOGUE}


class Spread(msgspec.Struct):
    """How often something took how long."""

    counts: list[int] = msgspec.field(default_factory=lambda: [0] * (len(BOUNDS) + 1))
    sum: float = 0.0

    def add(self, seconds: float) -> None:
        self.counts[bisect_left(BOUNDS, seconds)] += 1
        self.sum += seconds

    @property
    def count(self) -> int:
        return sum(self.counts)


class Readings(msgspec.Struct):
    """The state of some metrics: numbers by the values of their labels, and spreads."""

    numbers: dict[str, dict[str, float]] = {}
    spreads: dict[str, Spread] = {}

    def set(self, name: str, value: float, label: str = "") -> None:
        self.numbers.setdefault(name, {})[label] = value

    def add(self, name: str, value: float = 1.0, label: str = "") -> None:
        found = self.numbers.setdefault(name, {})
        found[label] = found.get(label, 0.0) + value

    def take(self, other: Readings) -> None:
        """Take over what another has read."""
        for name, found in other.numbers.items():
            self.numbers.setdefault(name, {}).update(found)
        self.spreads.update(other.spreads)

    @contextmanager
    def timed(self, seconds: str, label: str, count: str = "") -> Iterator[None]:
        """Add the time of what is done within to `seconds`, and 1 to `count` once it is done."""
        began = time.perf_counter()
        try:
            yield
            if count:
                self.add(count, 1.0, label)
        finally:
            self.add(seconds, time.perf_counter() - began, label)


class Laps:
    """Adds up the time of the steps of a batch, one after the other."""

    def __init__(self, readings: Readings, name: str) -> None:
        self._found = readings.numbers.setdefault(name, {})
        self._last = time.perf_counter()

    def done(self, step: str) -> None:
        """The time since the last step, or since the start, was that of `step`."""
        now = time.perf_counter()
        self._found[step] = self._found.get(step, 0.0) + now - self._last
        self._last = now
