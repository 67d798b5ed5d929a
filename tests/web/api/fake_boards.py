"""Reports and dashboards in memory, for tests of the door in front of them."""

from __future__ import annotations

from typing import Any

from hotspring.pool.boards import Boards, boards
from hotspring.pool.numbers import Ground
from hotspring.rules import Catalogue


class Commands:
    """A store that holds nothing but decisions."""

    def __init__(self) -> None:
        self._rows: list[dict[str, Any]] = []

    def decide(self, kind: str, body: str, by: str) -> None:
        row = {"seq": len(self._rows) + 1, "kind": kind, "at_ms": 0, "by": by, "body": body}
        self._rows.append(row)

    def appended(self, table: str) -> int:
        return len(self._rows)

    def query(self, sql: str, values: list[Any]) -> Any:
        since, kinds = values
        told = [row for row in self._rows if row["seq"] > since and row["kind"] in kinds]
        return type("Rows", (), {"to_pylist": staticmethod(lambda: told)})


class FakeVocabulary:
    """Nothing there but what is kept here."""

    def __init__(self) -> None:
        self._also: list[Any] = []

    def also(self, decided: Any) -> None:
        self._also.append(decided)

    def catalogue(self, now: int) -> Catalogue:
        there = Catalogue()
        for one in self._also:
            there = one.into(there)
        return there


def fake_boards(analyses: Any) -> Boards:
    """What an open pool has, over decisions in memory."""
    store: Any = Commands()
    vocabulary: Any = FakeVocabulary()
    asking: Any = None
    return boards(store, analyses, Ground(vocabulary, asking), store.decide)
