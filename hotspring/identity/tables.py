"""The table of identifiers: the one place where a dense number meets its text."""

from __future__ import annotations

from typing import Final

import pyarrow as pa

from hotspring.store import Table

IDENTIFIERS: Final = Table(
    name="identifiers",
    owner="hotspring.identity",
    schema=pa.schema(
        [
            pa.field("id", pa.int32(), nullable=False),
            pa.field("kind", pa.string(), nullable=False),
            pa.field("text", pa.string(), nullable=False),
        ]
    ),
    order=("id",),
    row_group=2_048,
)
"""`text` is the whole identifier, `kind:value` or `kind@scope:value`; `kind` is without scope."""


def base_kind(text: str) -> str:
    """The kind of an identifier without its scope."""
    return text.partition(":")[0].partition("@")[0]


def identifier_rows(ids: list[int], kinds: list[str], texts: list[str]) -> pa.RecordBatch:
    """Rows of `IDENTIFIERS`."""
    return pa.RecordBatch.from_arrays(
        [pa.array(ids, pa.int32()), pa.array(kinds, pa.string()), pa.array(texts, pa.string())],
        schema=IDENTIFIERS.schema,
    )
