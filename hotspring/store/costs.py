"""The records of costs. What is deleted stays for an undo."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from typing import Any

import sqlalchemy as sa

from hotspring.errors import NotFound
from hotspring.store.records import Cost, CostList
from hotspring.store.schema import COSTS

Read = Callable[[sa.Select[Any]], list[dict[str, Any]]]
Write = Callable[..., AbstractContextManager[sa.Connection]]
STANDS: sa.ColumnElement[bool] = COSTS.c.deleted_ms.is_(None)


class Costs:
    """Part of the operational records: what was paid to reach people. Thread-safe."""

    def __init__(self, read: Read, write: Write) -> None:
        self._read = read
        self._write = write

    def add(self, costs: Iterable[Cost]) -> None:
        rows = [{name: getattr(one, name) for name in one.__struct_fields__} for one in costs]
        if rows:
            with self._write() as connection:
                connection.execute(COSTS.insert(), rows)

    def all(self) -> list[Cost]:
        """Those that stand, by day."""
        query = COSTS.select().where(STANDS).order_by(COSTS.c.first_day, COSTS.c.id)
        return [Cost(**row) for row in self._read(query)]

    def page(self, limit: int, before: tuple[int, str] | None, import_id: str) -> list[Cost]:
        """Those that stand, the latest day first, after this day and id; of one list, or of all."""
        day, id_ = COSTS.c.first_day, COSTS.c.id
        query = COSTS.select().where(STANDS).order_by(day.desc(), id_.desc()).limit(limit)
        if before is not None:
            query = query.where(sa.tuple_(day, id_) < sa.tuple_(*before))
        if import_id:
            query = query.where(COSTS.c.import_id == import_id)
        return [Cost(**row) for row in self._read(query)]

    def lists(self) -> list[CostList]:
        """Every list that came in, the newest first, once for each of its currencies."""
        stands = sa.case((STANDS, 1), else_=0)
        query = (
            sa.select(
                COSTS.c.import_id, COSTS.c.import_name, COSTS.c.currency,
                sa.func.sum(stands).label("rows"), sa.func.count().label("all_rows"),
                sa.func.sum(COSTS.c.amount * stands).label("amount"),
                sa.func.min(COSTS.c.first_day).label("first_day"),
                sa.func.max(COSTS.c.last_day).label("last_day"),
                sa.func.min(COSTS.c.created_ms).label("created_ms"),
                sa.func.min(COSTS.c.by).label("by"),
            )
            .where(COSTS.c.import_id != "")
            .group_by(COSTS.c.import_id, COSTS.c.import_name, COSTS.c.currency)
            .order_by(sa.desc("created_ms"), COSTS.c.import_id, COSTS.c.currency)
        )  # fmt: skip
        return [CostList(**row) for row in self._read(query)]

    def stamp(self) -> tuple[int, int, int]:
        """Changes with everything that is added, deleted or brought back."""
        query = sa.select(
            sa.func.count().label("many"),
            sa.func.coalesce(sa.func.sum(sa.case((STANDS, 1), else_=0)), 0).label("standing"),
            sa.func.coalesce(sa.func.max(COSTS.c.deleted_ms), 0).label("latest"),
        )
        (row,) = self._read(query)
        return row["many"], row["standing"], row["latest"]

    def delete(self, which: str, import_id: str, ms: int) -> int:
        """Delete one cost, or with an empty id all of a list; how many that were."""
        with self._write() as connection:
            change = COSTS.update().where(_meant(which, import_id), STANDS).values(deleted_ms=ms)
            return _changed(connection.execute(change).rowcount)

    def gone(self, which: str, import_id: str) -> list[Cost]:
        """One cost that was deleted, or what of a list was deleted last."""
        return [Cost(**row) for row in self._read(COSTS.select().where(_last(which, import_id)))]

    def restore(self, which: str, import_id: str) -> int:
        """Bring back what `gone` gives; how many that were."""
        change = COSTS.update().where(_last(which, import_id)).values(deleted_ms=None)
        with self._write() as connection:
            return _changed(connection.execute(change).rowcount)


def _meant(which: str, import_id: str) -> sa.ColumnElement[bool]:
    return COSTS.c.id == which if which else COSTS.c.import_id == import_id


def _last(which: str, import_id: str) -> sa.ColumnElement[bool]:
    meant = _meant(which, import_id)
    latest = sa.select(sa.func.max(COSTS.c.deleted_ms)).where(meant).scalar_subquery()
    return sa.and_(meant, COSTS.c.deleted_ms == latest)


def _changed(many: int) -> int:
    if not many:
        raise NotFound("there is no such cost")
    return many
