"""A few rows out of many, found by the first column of their order.

No view is made: that takes longer than to find the rows. The tail is searched here and not by the
engine, and of the sealed rows only those groups are read that may hold a value.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from hotspring.store.table import Table


def rows(
    engine: Any,
    table: Table,
    fresh: Sequence[pa.RecordBatch],
    sealed: str,
    values: Sequence[int],
    columns: Sequence[str],
) -> pa.Table:
    """The rows of the `fresh` batches and of the `sealed` ones with a key among `values`.

    `sealed` is what SQL reads the blocks from, empty without any.
    """
    schema = pa.schema([table.schema.field(name) for name in columns])
    if not values:
        return schema.empty_table()
    key = table.order[0]
    found = [schema.empty_table(), *_among(fresh, key, np.array(values, np.int64), columns)]
    if sealed:
        with engine.cursor() as cursor:
            answer = cursor.execute(question(table, sealed, values, columns))
            found.append(answer.to_arrow_table().cast(schema))
    return pa.concat_tables(found)


def question(table: Table, source: str, values: Sequence[int], columns: Sequence[str]) -> str:
    """The SQL that finds these rows in `source`."""
    listed = ", ".join(map(str, values)) or "NULL"
    return f"SELECT {', '.join(columns)} FROM {source} WHERE {table.order[0]} IN ({listed})"


def _among(
    batches: Sequence[pa.RecordBatch],
    key: str,
    wanted: np.ndarray,
    columns: Sequence[str],
) -> list[pa.Table]:
    """The rows of these batches whose `key` is one of a few values."""
    found = []
    for batch in batches:
        have = batch.column(key).to_numpy()
        hits = have == wanted[0] if len(wanted) == 1 else np.isin(have, wanted)
        if hits.any():
            rows = batch.select(list(columns)).take(pa.array(np.flatnonzero(hits)))
            found.append(pa.Table.from_batches([rows]))
    return found
