"""The rows that are one person's: all of some origins, stretches of others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from hotspring.store import Store, Table

Origins = list[tuple[int, int, int]]
"""(subject, from ms, to ms exclusive) of all that is one person's."""


def owned(store: Store, table: Table, origins: Origins, columns: Sequence[str]) -> pa.Table:
    """The rows of a table that are a person's, in no order; of few people only.

    `origin_id` and `ms` come beside what is asked for.
    """
    asked = tuple(dict.fromkeys((*columns, "origin_id", "ms")))
    rows = store.rows_of(table, {origin for origin, _, _ in origins}, asked)
    subject, ms = rows.column("origin_id").to_numpy(), rows.column("ms").to_numpy()
    own = np.zeros(len(ms), bool)
    for origin, start, end in origins:
        own |= (subject == origin) & (ms >= start) & (ms < end)
    return rows if own.all() else rows.filter(pa.array(own))


def spans(origins: Origins) -> tuple[str, list[Any]]:
    """The condition that picks these rows in a question to the engine."""
    whole = [origin for origin, start, end in origins if start <= -(2**62) and end >= 2**62]
    condition = "origin_id IN (SELECT unnest(?::INTEGER[]))"
    parameters: list[Any] = [whole]
    for origin, start, end in origins:
        if not (start <= -(2**62) and end >= 2**62):
            condition += " OR (origin_id = ? AND ms >= ? AND ms < ?)"
            parameters += [origin, start, end]
    return f"({condition})", parameters
