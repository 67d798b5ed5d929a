"""Portable forms beside the passes: rows as a table, and what an engine makes of a form."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import duckdb
import ibis
import pyarrow as pa

from hotspring.analytics import report
from hotspring.analytics.portable import Rows, forms
from tests.analytics.reports.given import Given, Row

PAGES = 1 << 60
Engine = Callable[[dict[str, pa.Table], Any], list[dict[str, Any]]]
"""Answers an expression of Ibis over tables of these names."""


def of_duckdb(tables: dict[str, pa.Table], asked: Any) -> list[dict[str, Any]]:
    with duckdb.connect() as engine:
        for name, table in tables.items():
            engine.register(name, table)
        return engine.execute(ibis.to_sql(asked, dialect="duckdb")).to_arrow_table().to_pylist()


def tables(some: Sequence[Row], reads: report.Reads, words: Sequence[Sequence[str]]) -> Any:
    """What `Given` gives a pass, as tables."""
    columns: dict[str, tuple[pa.DataType, list[Any]]] = {
        "profile": (pa.int32(), [row.slot for row in some]),
        "ms": (pa.int64(), [row.ms for row in some]),
        "page": (pa.bool_(), [bool(row.hits & PAGES) for row in some]),
        "worth": (pa.int64(), [row.worth * 1_000_000 for row in some]),
    }
    for at in range(len(reads.steps)):
        columns[f"step_{at}"] = (pa.bool_(), [bool(row.hits >> at & 1) for row in some])
    for at in range(len(reads.by)):
        codes = [(row.code, row.other)[at] for row in some]
        columns[f"by_{at}"] = (pa.string(), [None if c < 0 else words[at][c] for c in codes])
    firsts = {row.slot: min(r.ms for r in some if r.slot == row.slot) for row in some}
    return {
        "events": pa.table({name: pa.array(v, kind) for name, (kind, v) in columns.items()}),
        "firsts": pa.table({
            "profile": pa.array(list(firsts), pa.int32()),
            "first": pa.array(list(firsts.values()), pa.int64()),
        }),
    }  # fmt: skip


def both(
    name: str, some: Sequence[Row], params: Any, where: report.Setting,
    words: Sequence[Sequence[str]] = ((), ()), engine: Engine = of_duckdb,
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:  # fmt: skip
    """The rows of the table that a form tells, as the pass finds them and as an engine does."""
    analysis, form = report.analyses()[name], forms()[name]
    reads = analysis.reads(params, where)
    kept = [row for row in some if reads.since <= row.ms < reads.until]
    answer = analysis.tell(params, analysis.find(params, Given(kept, words), where), where)
    (table,) = (one for one in answer.tables if one.name == form.table(params))
    names = [column.name for column in table.columns]
    given = tables(kept, reads, words)
    views = [ibis.table(ibis.schema(_types(given[one])), name=one) for one in ("events", "firsts")]
    found = engine(given, form.find(params, Rows(*views), where))
    told = [dict(zip(names, row, strict=True)) for row in table.rows]
    return told, sorted(found, key=lambda row: [str(row[name]) for name in names])


def _types(table: pa.Table) -> dict[str, str]:
    kinds = {pa.int32(): "int32", pa.int64(): "int64", pa.bool_(): "boolean", pa.string(): "string"}
    return {field.name: kinds[field.type] for field in table.schema}
