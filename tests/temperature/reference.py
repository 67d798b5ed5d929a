"""The law of temperature in plain Python, event by event: what the fast code must equal."""

from __future__ import annotations

import datetime as dt
import math
import zoneinfo
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from hotspring.event import EVENT_SCHEMA
from hotspring.temperature import RuleSet

DAY_MS = 86_400_000


class Deed(NamedTuple):
    """One event, as far as temperature reads it."""

    name: str
    ms: int
    amount: float | None = None
    currency: str = ""
    flags: int = 0
    properties: str = "{}"
    channel: str = "web"
    device: str = "mobile"
    source: str = "shop"


def batch(deeds: Sequence[Deed]) -> pa.RecordBatch:
    """The deeds as rows of the event table."""
    rows = [
        {
            "seq": i,
            "message_id": str(i),
            "key": i,
            "content": i,
            "type": "track",
            "received_ms": deed.ms,
            "origin_id": 0,
            "client_id": -1,
            "ids": [0],
            "traits": "",
            "context": "{}",
            **deed._asdict(),
        }
        for i, deed in enumerate(deeds)
    ]
    return pa.RecordBatch.from_pylist(rows, schema=EVENT_SCHEMA)


def day_of(ms: int, zone: zoneinfo.ZoneInfo) -> dt.date:
    moment = dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(milliseconds=ms)
    return moment.astimezone(zone).date()


def start_of(day: dt.date, zone: zoneinfo.ZoneInfo) -> int:
    """The first millisecond on this date, found by halving between the noons around it."""
    high = int(dt.datetime.combine(day, dt.time(12), tzinfo=zone).timestamp() * 1000)
    low = high - 30 * 3_600_000
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if day_of(middle, zone) >= day else (middle, high)
    return high


def weights(rules: RuleSet, deed: Deed) -> Iterable[tuple[int, float]]:
    """Which rules (without conditions) weigh the deed, and how much?"""
    if deed.flags & 1:
        return
    for i, rule in enumerate(rules.rules):
        if deed.name not in rule.events and "*" not in rule.events:
            continue
        if not rule.amount:
            yield i, rule.points
        elif deed.amount is not None:
            rate = {"": 1.0, rules.currency: 1.0, **rules.rates}.get(deed.currency)
            if rate is not None and deed.amount > 0:
                yield i, rule.points * math.log1p(deed.amount * rate)


def energy(rules: RuleSet, zone: zoneinfo.ZoneInfo, deeds: Iterable[Deed], at: int) -> float:
    """E(at), as the law is written."""
    weighed = [(i, weight, deed.ms) for deed in deeds for i, weight in weights(rules, deed)]
    return energy_of(rules, zone, weighed, at)


def energy_of(
    rules: RuleSet, zone: zoneinfo.ZoneInfo, weighed: Iterable[tuple[int, float, int]], at: int
) -> float:
    """E(at) of what rules, by their number, found of which weight and when."""
    parts = []
    cells: dict[tuple[int, dt.date], list[float]] = defaultdict(list)
    for i, weight, ms in weighed:
        if ms > at:
            continue
        if rules.rules[i].cap is None:
            parts.append(weight * 2.0 ** ((ms - at) / rules.rules[i].half_life_ms))
        else:
            cells[i, day_of(ms, zone)].append(abs(weight))
    for (i, day), sums in cells.items():
        rule = rules.rules[i]
        assert rule.cap is not None
        kept = math.copysign(min(math.fsum(sums), rule.cap), rule.points)
        parts.append(kept * 2.0 ** ((start_of(day, zone) - at) / rule.half_life_ms))
    return math.fsum(parts)


def tolerance(rules: RuleSet, deeds: Iterable[Deed], at: int) -> float:
    """What counts as equal: 1e-9 of the sum of |w| * 2^(-age / H)."""
    whole = math.fsum(
        abs(weight) * 2.0 ** ((deed.ms - at) / rules.rules[i].half_life_ms)
        for deed in deeds
        for i, weight in weights(rules, deed)
        if deed.ms <= at
    )
    return 1e-9 * whole + 1e-290


def slots(numbers: Iterable[int]) -> np.ndarray:
    return np.fromiter(numbers, np.int32)
