"""Rows that must go although tables only grow: hidden at once, then taken out of every file."""

from __future__ import annotations

from typing import Any

import msgspec
import pyarrow as pa


class Edit(msgspec.Struct, frozen=True):
    """What becomes of some rows of one table: they go, or some of their columns change."""

    table: str
    rows: pa.Table
    """Columns named in `keys`, and with them the columns that change."""
    keys: tuple[str, ...]
    """By which the rows are found."""
    gone: int = 0
    """So many rows go; 0 where columns change."""

    def applied(self, source: str, relation: str) -> str:
        """The SQL that reads `source` as it is after this edit, whose rows are `relation`."""
        keys = ", ".join(f'"{key}"' for key in self.keys)
        if self.gone:
            return f"SELECT * FROM ({source}) ANTI JOIN {relation} USING ({keys})"
        changed = [name for name in self.rows.column_names if name not in self.keys]
        columns = ", ".join(f'coalesce(e."{name}", r."{name}") AS "{name}"' for name in changed)
        on = " AND ".join(f'e."{key}" = r."{key}"' for key in self.keys)
        return f"SELECT r.* REPLACE ({columns}) FROM ({source}) r LEFT JOIN {relation} e ON {on}"

    def touched(self, source: str, relation: str) -> str:
        """The SQL that counts the rows of `source` that this edit changes."""
        keys = ", ".join(f'"{key}"' for key in self.keys)
        return f"SELECT count(*) FROM {source} SEMI JOIN {relation} USING ({keys})"


class Edits:
    """The edits that are not in the files yet, in the order they were made."""

    def __init__(self) -> None:
        self.pending: tuple[Edit, ...] = ()
        self.frozen = 0
        """So many of them concern no row that is younger than the last freeze."""

    def gone(self, table: str) -> int:
        """How many rows of a table are hidden?"""
        return sum(edit.gone for edit in self.pending if edit.table == table)

    @staticmethod
    def touch(cursor: Any, table: str, source: str, edits: tuple[Edit, ...]) -> bool:
        """Do these edits change any of the rows of a table that `source` reads?"""
        for edit in edits:
            if edit.table == table:
                cursor.register("edit", edit.rows)
                if cursor.execute(edit.touched(source, "edit")).fetchone()[0]:
                    return True
        return False

    @staticmethod
    def over(cursor: Any, table: str, source: str, edits: tuple[Edit, ...]) -> str:
        """The SQL that reads the rows of a table as they are after these edits."""
        for place, edit in enumerate(edits):
            if edit.table == table:
                relation = f"{table}_edit_{place}"
                cursor.register(relation, edit.rows)
                source = edit.applied(source, relation)
        return source
