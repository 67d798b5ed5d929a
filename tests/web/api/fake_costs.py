"""Costs in memory, for tests of the doors in front of them."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from types import SimpleNamespace
from typing import Any

import msgspec

from hotspring.errors import NotFound
from hotspring.pool.costs import Costs
from hotspring.store import records


class CostsInMemory:
    """What the store keeps of them."""

    def __init__(self) -> None:
        self.rows: dict[str, records.Cost] = {}
        self.away: dict[str, records.Cost] = {}

    def add(self, costs: Iterable[records.Cost]) -> None:
        self.rows.update((one.id, one) for one in costs)

    def all(self) -> list[records.Cost]:
        return sorted(self.rows.values(), key=lambda one: (one.first_day, one.id))

    def page(self, limit: int, before: Any, import_id: str) -> list[records.Cost]:
        found = [one for one in self.all()[::-1] if import_id in ("", one.import_id)]
        if before is not None:
            found = [one for one in found if (one.first_day, one.id) < before]
        return found[:limit]

    def lists(self) -> list[records.CostList]:
        def came(one: records.Cost) -> tuple[str, str, str]:
            return one.import_id, one.import_name, one.currency

        every = [*self.rows.values(), *self.away.values()]
        groups = groupby(sorted((one for one in every if one.import_id), key=came), came)
        return [_list(key, list(some), self.rows) for key, some in groups]

    def delete(self, which: str, import_id: str, ms: int) -> int:
        for one in _meant(self.rows, which, import_id):
            self.rows[one.id] = msgspec.structs.replace(one, deleted_ms=ms)
        return _moved(self.rows, self.away, which, import_id)

    def gone(self, which: str, import_id: str) -> list[records.Cost]:
        return _meant(self.away, which, import_id)

    def restore(self, which: str, import_id: str) -> int:
        for one in _meant(self.away, which, import_id):
            self.away[one.id] = msgspec.structs.replace(one, deleted_ms=None)
        return _moved(self.away, self.rows, which, import_id)


def _list(key: Any, some: list[records.Cost], stand: dict[str, Any]) -> records.CostList:
    good = [one for one in some if one.id in stand]
    days = [one.first_day for one in some], [one.last_day for one in some]
    amount = sum(one.amount for one in good)
    return records.CostList(
        *key, len(good), len(some), amount, min(days[0]), max(days[1]), some[0].created_ms,
        some[0].by,
    )  # fmt: skip


def _meant(here: dict[str, Any], which: str, import_id: str) -> list[records.Cost]:
    return [
        one for one in here.values()
        if (one.id == which if which else one.import_id == import_id)
    ]  # fmt: skip


def _moved(here: dict[str, Any], there: dict[str, Any], which: str, import_id: str) -> int:
    meant = _meant(here, which, import_id)
    if not meant:
        raise NotFound("there is no such cost")
    for one in meant:
        there[one.id] = here.pop(one.id)
    return len(meant)


def fake_costs() -> Costs:
    """What an open pool has, over records in memory; a dollar is worth seven yuan."""

    def rate(currency: str) -> float:
        return {"CNY": 1.0, "USD": 7.0}.get(currency, float("nan"))

    rules: Any = SimpleNamespace(currency="CNY", rate=rate)
    pipeline: Any = SimpleNamespace(state=SimpleNamespace(rules=rules))
    operations: Any = SimpleNamespace(costs=CostsInMemory())
    return Costs(operations, pipeline)
