"""A few rows out of many, found by the first column of their order, past the engine.

The engine goes through what it knows of every row group of every file for each question. Here the
range of each is at hand, and only those groups are read that may hold a value.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from hotspring.store.scan import Parts
from hotspring.store.table import Table

PORTION: Final = 8
"""Row groups that are read at once."""


class Lookup:
    """Finds the rows of a few keys. From any thread.

    What is said of a block at its end (some 25 kB of memory for 12,288 rows of 25 columns) is
    kept from the first question about its table on.
    """

    def __init__(self) -> None:
        self._blocks: dict[str, dict[Path, _Block]] = {}

    def rows(
        self, table: Table, parts: Parts, values: Sequence[int], columns: Sequence[str]
    ) -> pa.Table:
        """The rows with a key among `values`, which are sorted and distinct."""
        schema = pa.schema([table.schema.field(name) for name in columns])
        if not values:
            return schema.empty_table()
        wanted = np.array(values, np.int64)
        found = [schema.empty_table(), *_among(parts.fresh, table.order[0], wanted, columns)]
        known = self._blocks.get(table.name, {})
        blocks = {file: known.get(file) or _Block(file, table.order[0]) for file in parts.files}
        self._blocks[table.name] = blocks
        for block in blocks.values():
            found += block.rows(wanted, schema)
        return pa.concat_tables(found)

    def expect(self, table: Table, file: Path) -> None:
        """Get ready for a new block, so that the first question about it need not."""
        if table.name in self._blocks:
            block = _Block(file, table.order[0])
            self._blocks[table.name] = self._blocks[table.name] | {file: block}


def question(table: Table, values: Sequence[int], columns: Sequence[str]) -> str:
    """The SQL that finds these rows."""
    listed = ", ".join(map(str, values)) or "NULL"
    return f"SELECT {', '.join(columns)} FROM {table.name} WHERE {table.order[0]} IN ({listed})"


class _Block:
    """One sealed file: which of its row groups hold which keys."""

    def __init__(self, file: Path, key: str) -> None:
        self._file = file
        self._key = key
        self._metadata: Any = pq.read_metadata(file)
        self._names = set(self._metadata.schema.to_arrow_schema().names)
        groups = [self._metadata.row_group(n) for n in range(self._metadata.num_row_groups)]
        leaves = [groups[0].column(n).path_in_schema for n in range(groups[0].num_columns)]
        ranges = [group.column(leaves.index(key)).statistics for group in groups]
        self._low = np.array([one.min for one in ranges], np.int64)
        self._high = np.array([one.max for one in ranges], np.int64)

    def rows(self, wanted: np.ndarray, schema: pa.Schema) -> Iterator[pa.Table]:
        """The rows with a key among those that are wanted; columns that came later are null."""
        before = np.searchsorted(wanted, self._low)
        groups = np.flatnonzero(before < np.searchsorted(wanted, self._high, side="right"))
        if not len(groups):
            return
        here = [name for name in schema.names if name in self._names]
        with pq.ParquetFile(self._file, metadata=self._metadata, memory_map=True) as file:
            for at in range(0, len(groups), PORTION):
                portion = groups[at : at + PORTION].tolist()
                keys = file.read_row_groups(portion, columns=[self._key], use_threads=False)
                hits = _hits(keys.column(0).to_numpy(), wanted)
                # Most ranges hold keys on both sides of the wanted one, and not itself.
                if len(hits):
                    rows = file.read_row_groups(portion, columns=here, use_threads=False)
                    yield _complete(rows.take(pa.array(hits)), schema)


def _complete(rows: pa.Table, schema: pa.Schema) -> pa.Table:
    columns = [
        rows.column(field.name).cast(field.type)
        if field.name in rows.column_names
        else pa.nulls(rows.num_rows, field.type)
        for field in schema
    ]
    return pa.table(columns, schema=schema)


def _among(
    batches: Iterable[pa.RecordBatch], key: str, wanted: np.ndarray, columns: Sequence[str]
) -> Iterator[pa.Table]:
    """The rows of these batches whose `key` is wanted."""
    for batch in batches:
        hits = _hits(batch.column(key).to_numpy(), wanted)
        if len(hits):
            rows = batch.select(list(columns)).take(pa.array(hits))
            yield pa.Table.from_batches([rows])


def _hits(keys: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Where are the wanted ones?"""
    return np.flatnonzero(keys == wanted[0] if len(wanted) == 1 else np.isin(keys, wanted))
