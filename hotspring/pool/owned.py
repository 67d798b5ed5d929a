"""The rows that are one person's: all of some origins, stretches of others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np
import pyarrow as pa

from hotspring.store import Store, Table

Origins = list[tuple[int, int, int]]
"""(subject, from ms, to ms exclusive) of all that is one person's."""
BEGIN: Final = -(2**62)
END: Final = 2**62
"""A span from one to the other, or beyond, is for ever."""


def owned(store: Store, table: Table, origins: Origins, columns: Sequence[str]) -> pa.Table:
    """The rows of a table that are a person's, in no order; of few people only.

    `origin_id` and `ms` come beside what is asked for.
    """
    schema = pa.schema([table.schema.field(name) for name in _with_owner(columns)])
    return pa.concat_tables([schema.empty_table(), *stretches(store, table, origins, columns)])


def stretches(
    store: Store, table: Table, origins: Origins, columns: Sequence[str]
) -> Iterator[pa.Table]:
    """The same rows, so many at a time: for whoever need not hold them all."""
    subjects = {origin for origin, _, _ in origins}
    whole = all(start <= BEGIN and end >= END for _, start, end in origins)
    for rows in store.columns.few(table, subjects, _with_owner(columns)):
        if whole:
            yield rows
            continue
        own = within(origins, rows.column("origin_id").to_numpy(), rows.column("ms").to_numpy())
        yield rows if own.all() else rows.filter(pa.array(own))


def within(origins: Origins, subject: np.ndarray, ms: np.ndarray) -> np.ndarray:
    """bool: which of these rows lie in one of the spans? Those of a subject do not overlap."""
    spans = np.array(origins, np.int64).reshape(-1, 3)
    count = len(spans)
    subjects, moments = np.append(spans[:, 0], subject), np.append(spans[:, 1], ms)
    # Each row stands behind the last span that began before it, or at its moment.
    order = np.lexsort((np.arange(len(subjects)) >= count, moments, subjects))
    last = np.maximum.accumulate(np.where(order < count, np.arange(len(order)), 0))
    before = np.empty(len(order), np.int64)
    before[order] = order[last]
    before = before[count:]
    inside = before < count
    held = spans[np.where(inside, before, 0)] if count else np.zeros((len(ms), 3), np.int64)
    own: np.ndarray = inside & (held[:, 0] == subject) & (ms < held[:, 2])
    return own


def _with_owner(columns: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*columns, "origin_id", "ms")))


def spans(origins: Origins) -> tuple[str, list[Any]]:
    """The condition that picks these rows in a question to the engine."""
    whole = [origin for origin, start, end in origins if start <= BEGIN and end >= END]
    condition = "origin_id IN (SELECT unnest(?::INTEGER[]))"
    parameters: list[Any] = [whole]
    for origin, start, end in origins:
        if not (start <= BEGIN and end >= END):
            condition += " OR (origin_id = ? AND ms >= ? AND ms < ?)"
            parameters += [origin, start, end]
    return f"({condition})", parameters
