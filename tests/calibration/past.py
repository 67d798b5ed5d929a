"""Made-up histories: people who do things at a pace of their own, and cool."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from hotspring.calibration import History

DAY = 86_400_000
START = 1_600_000_000_000
SCHEMA = pa.schema(
    [
        ("ms", pa.int64()), ("type", pa.string()), ("name", pa.string()), ("flags", pa.int32()),
        ("amount", pa.float64()), ("currency", pa.string()),
    ]
)  # fmt: skip


class Row(NamedTuple):
    """One event of one profile."""

    profile: int
    ms: int
    name: str
    amount: float | None = None
    flags: int = 0
    type: str = "track"
    known: bool = True


def history(rows: Sequence[Row], profiles: int) -> History:
    events = pa.RecordBatch.from_pylist(
        [
            {
                "ms": row.ms, "type": row.type, "name": row.name, "flags": row.flags,
                "amount": row.amount, "currency": "",
            }
            for row in rows
        ],
        schema=SCHEMA,
    )  # fmt: skip
    keys = np.random.default_rng(11).integers(1, 2**62, profiles).astype(np.uint64)
    return History(
        events,
        np.array([row.profile for row in rows], np.int32),
        np.array([row.known for row in rows], bool),
        keys,
    )


def shoppers(people: int = 400, days: int = 240, seed: int = 5) -> list[Row]:
    """People whose interest comes and goes by the fortnight: carts foretell purchases, views do a
    little, and opening an application for the sake of it does not."""
    random = np.random.default_rng(seed)
    pace = random.lognormal(-3.5, 1.0, people)
    rows: list[Row] = []
    for profile in range(people):
        for start in range(0, days, 14):
            interest = pace[profile] * random.choice([0.2, 1.0, 4.0])
            rows += _fortnight(random, profile, start, interest)
    return rows


def _fortnight(random: Any, profile: int, start: int, interest: float) -> list[Row]:
    found: list[Row] = []
    for name, often in (("View", 14.0), ("Cart", 6.0), ("Order", 4.0), ("Noise", 0.0)):
        count = random.poisson(often * interest) if often else random.poisson(1.0)
        for _ in range(count):
            ms = START + start * DAY + int(random.integers(0, 14 * DAY))
            amount = float(random.lognormal(3, 1)) if name == "Order" else None
            found.append(Row(profile, ms, name, amount))
    return found
