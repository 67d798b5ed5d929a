"""What stood when: the versions of one kind, as their table holds them."""

from __future__ import annotations

from typing import Any

import msgspec

from hotspring.errors import NotFound
from hotspring.pool.moments import iso
from hotspring.store import Store, Table


class Versions:
    """Reads the versions of one kind. Every method may be called from any thread."""

    def __init__(self, store: Store, table: Table, what: str) -> None:
        """`what` they are versions of, as an error names it."""
        self._store = store
        self._table = table.name
        self._what = what

    def number(self) -> int:
        """The last one; 0 where there is none."""
        rows = self._store.query(f"SELECT max(version) AS version FROM {self._table}")
        return int(rows.column("version")[0].as_py() or 0)

    def all(self) -> list[dict[str, Any]]:
        """Every version there was, the newest first."""
        rows = self._store.query(f"SELECT * FROM {self._table} ORDER BY version DESC")
        return [described(**row) for row in rows.to_pylist()]

    def one(self, number: int) -> dict[str, Any]:
        """One version. `NotFound` where there was none of this number."""
        rows = self._store.query(f"SELECT * FROM {self._table} WHERE version = ?", [number])
        for row in rows.to_pylist():
            return described(**row)
        raise NotFound(
            f"there is no version {number} of the {self._what}; the last is {self.number()}"
        )


def described(version: int, at_ms: int | None, by: str, body: str, **_: Any) -> dict[str, Any]:
    """A version as it is answered."""
    return {"version": version, "at": iso(at_ms), "by": by, "body": msgspec.json.decode(body)}
