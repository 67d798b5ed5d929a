"""What was decided of some kinds, read from the pool's table as it comes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hotspring.store import Store


class Decisions:
    """Commands of some kinds, each told once. Whoever asks holds a lock."""

    def __init__(self, store: Store, kinds: Sequence[str]) -> None:
        self._store = store
        self._kinds = list(kinds)
        self._seq = 0
        self._asked = -1

    def new(self) -> list[dict[str, Any]]:
        """Those that came since the last call: `seq`, `kind`, `at_ms`, `by` and `body` of each."""
        appended = self._store.appended("commands")
        if appended == self._asked:
            return []
        rows: list[dict[str, Any]] = self._store.query(
            'SELECT seq, kind, at_ms, "by", body FROM commands '
            "WHERE seq > ? AND kind IN (SELECT unnest(?)) ORDER BY seq",
            [self._seq, self._kinds],
        ).to_pylist()
        self._asked = appended
        if rows:
            self._seq = rows[-1]["seq"]
        return rows
