"""Reports and dashboards in memory, for tests of the door in front of them."""

from __future__ import annotations

from typing import Any

import msgspec

from hotspring.errors import NotFound
from hotspring.pool.boards import Boards, boards
from hotspring.pool.numbers import Ground
from hotspring.rules import Catalogue
from hotspring.store.records import Alert


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


class FakeLog:
    """One alert."""

    def __init__(self) -> None:
        body = {
            "title": "", "report_name": "Checkout", "analysis": "funnel", "figure": "rate",
            "usual": False, "value": 0.5, "low": 0.95, "high": None, "currency": "CNY",
        }  # fmt: skip
        text = msgspec.json.encode(body).decode()
        self._one = Alert(1, "db_1", "c1", text, 1_772_000_000_000)

    def begin(self, dashboard: str, card: str, body: str, ms: int) -> bool:
        return False

    def end(self, dashboard: str, card: str, ms: int) -> bool:
        return False

    def open(self) -> list[Alert]:
        return [self._one]

    def latest(self, limit: int) -> list[Alert]:
        return [self._one]

    def seen(self, id_: int, by: str, ms: int) -> Alert:
        if id_ != 1:
            raise NotFound(f"there is no alert {id_}")
        self._one = msgspec.structs.replace(self._one, seen_ms=ms, seen_by=by)
        return self._one

    def drop(self, before_ms: int) -> None:
        return None


def fake_boards(analyses: Any) -> Boards:
    """What an open pool has, over decisions in memory."""
    store: Any = Commands()
    vocabulary: Any = FakeVocabulary()
    asking: Any = None
    return boards(store, analyses, Ground(vocabulary, asking), store.decide, FakeLog())
