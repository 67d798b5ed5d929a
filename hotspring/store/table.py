"""One append-only table: its name, its one owner, its columns and the order of its sealed rows."""

from __future__ import annotations

import msgspec
import pyarrow as pa


class Table(msgspec.Struct, frozen=True):
    """A table of the store. Only modules below `owner` append to it; anyone may read it."""

    name: str
    owner: str
    """The room that writes it, e.g. `hotspring.identity`."""
    schema: pa.Schema
    order: tuple[str, ...]
    """Columns by which sealed blocks are sorted."""
