"""The engine of questions: a DuckDB in memory, with what every room needs of it set."""

from __future__ import annotations

from typing import Any, Final

import duckdb
import pyarrow as pa

STRETCH: Final = 122_880
"""Rows of a row group of DuckDB's own."""


def engine(**options: Any) -> Any:
    """Which connection asks over Arrow tables and Parquet files? A new one, with these options.

    A large hash join hands a Bloom filter of its keys down to the scan of the other side, and the
    scan of an Arrow table fails on one, in DuckDB 1.5 (seen with 1.5.6). Whether it comes to that
    depends on sizes alone, so no connection hands filters down.
    """
    con = duckdb.connect(":memory:", config=options)
    con.execute("SET disabled_optimizers='join_filter_pushdown'")
    # It would be drawn on stdout, which belongs to whoever asked.
    con.execute("SET enable_progress_bar=false")
    return con


def parted(table: pa.Table) -> pa.Table:
    """The same rows, so that several threads may read them: one thread takes a whole stretch."""
    starts = range(0, table.num_rows, STRETCH)
    return pa.concat_tables([table.slice(at, STRETCH) for at in starts]) if starts else table
