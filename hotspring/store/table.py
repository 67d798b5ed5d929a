"""One append-only table: its name, its one owner, its columns and the order of its sealed rows."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Self

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq


class Table(msgspec.Struct, frozen=True):
    """A table of the store. Only modules below `owner` append to it; anyone may read it."""

    name: str
    owner: str
    """The room that writes it, e.g. `hotspring.identity`."""
    schema: pa.Schema
    order: tuple[str, ...]
    """Columns by which sealed blocks are sorted."""
    row_group: int = 12_288
    """Rows of a block that are read together: fewer for a table of which single rows are looked up.

    Each costs a kilobyte of memory a column."""
    projected: tuple[str, ...] = ()
    """What passes over all rows read most: whole numbers of the order, and columns of few values.
    Blocks have a projection of these."""

    @classmethod
    def versions(cls, name: str, owner: str) -> Self:
        """A table of all that was ever in force of one kind, as text, numbered from 1."""
        fields = [
            pa.field("version", pa.int32(), nullable=False),
            pa.field("seq", pa.int64(), nullable=False),
            pa.field("at_ms", pa.int64(), nullable=False),
            pa.field("by", pa.string(), nullable=False),
            pa.field("body", pa.string(), nullable=False),
        ]
        return cls(name, owner, pa.schema(fields), order=("version",))

    def row(self, **values: Any) -> pa.RecordBatch:
        """One row."""
        return pa.RecordBatch.from_pylist([values], schema=self.schema)


def lacks(table: Table, file: Path) -> bool:
    """Was this block written before the table had all its columns?"""
    try:
        names = pq.read_schema(file).names
    except (OSError, pa.ArrowInvalid):
        # Who asks for its rows is told; so is who examines the folder.
        return False
    return not set(table.schema.names) <= set(names)


def quoted(path: Path) -> str:
    """The path as SQL text."""
    text = path.as_posix().replace("'", "''")
    return f"'{text}'"
