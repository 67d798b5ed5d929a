"""One append-only table: its name, its one owner, its columns and the order of its sealed rows."""

from __future__ import annotations

from pathlib import Path

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
