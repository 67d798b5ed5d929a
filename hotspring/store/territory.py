"""The records of trade areas and outlets. What is deleted stays for an undo."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from typing import Any, Literal

import sqlalchemy as sa

from hotspring.errors import NotFound
from hotspring.store.records import Spot
from hotspring.store.schema import TERRITORY

Kind = Literal["area", "outlet"]
Read = Callable[[sa.Select[Any]], list[dict[str, Any]]]
Write = Callable[..., AbstractContextManager[sa.Connection]]


class Territory:
    """Part of the operational records: what stands on the map. Thread-safe."""

    def __init__(self, read: Read, write: Write) -> None:
        self._read = read
        self._write = write

    def add(self, spots: Iterable[Spot]) -> None:
        rows = [{name: getattr(spot, name) for name in spot.__struct_fields__} for spot in spots]
        if rows:
            with self._write() as connection:
                connection.execute(TERRITORY.insert(), rows)

    def all(self, kind: Kind) -> list[Spot]:
        """Those that are not deleted, by name."""
        query = TERRITORY.select().where(TERRITORY.c.kind == kind, TERRITORY.c.deleted_ms.is_(None))
        return [Spot(**row) for row in self._read(query.order_by(TERRITORY.c.name, TERRITORY.c.id))]

    def change(self, kind: Kind, id_: str, **values: Any) -> Spot:
        """Set columns of one that is not deleted; `deleted_ms` deletes it."""
        return self._change(id_, TERRITORY.c.deleted_ms.is_(None), kind, values)

    def restore(self, kind: Kind, id_: str) -> Spot:
        """Take back that one was deleted."""
        gone = TERRITORY.c.deleted_ms.is_not(None)
        return self._change(id_, gone, kind, {"deleted_ms": None})

    def mark(self, kind: Kind, ids: Iterable[str], deleted_ms: int | None) -> int:
        """Delete some at a moment, or with `None` bring them back; how many that changed."""
        gone = TERRITORY.c.deleted_ms.is_not(None)
        which = gone if deleted_ms is None else sa.not_(gone)
        change = TERRITORY.update().where(TERRITORY.c.id.in_(list(ids)), which)
        with self._write() as connection:
            found = connection.execute(
                change.where(TERRITORY.c.kind == kind).values(deleted_ms=deleted_ms)
            )
        return int(found.rowcount)

    def _change(
        self, id_: str, which: sa.ColumnElement[bool], kind: Kind, values: dict[str, Any]
    ) -> Spot:
        change = TERRITORY.update().where(TERRITORY.c.id == id_, TERRITORY.c.kind == kind, which)
        with self._write() as connection:
            found = connection.execute(change.values(**values).returning(*TERRITORY.c)).first()
        if found is None:
            raise NotFound(f"there is no such {kind}")
        return Spot(**found._mapping)
