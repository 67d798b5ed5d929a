"""The records of alerts: each begins once and ends once, whatever stops in between."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from hotspring.errors import NotFound
from hotspring.store.records import Alert
from hotspring.store.schema import ALERTS

Read = Callable[[sa.Select[Any]], list[dict[str, Any]]]
Write = Callable[..., AbstractContextManager[sa.Connection]]


class Alerts:
    """Part of the operational records: what was not as it should be. Thread-safe."""

    def __init__(self, read: Read, write: Write) -> None:
        self._read = read
        self._write = write

    def begin(self, dashboard: str, card: str, body: str, ms: int) -> bool:
        """An alert begins, unless one of this card is open already; did it?"""
        row = {"dashboard": dashboard, "card": card, "body": body, "began_ms": ms, "seen_by": ""}
        try:
            with self._write() as connection:
                connection.execute(ALERTS.insert().values(**row))
        except IntegrityError:
            return False
        return True

    def end(self, dashboard: str, card: str, ms: int) -> bool:
        """The open alert of this card ends; was there one?"""
        which = (ALERTS.c.dashboard == dashboard, ALERTS.c.card == card)
        change = ALERTS.update().where(*which, ALERTS.c.ended_ms.is_(None)).values(ended_ms=ms)
        with self._write() as connection:
            return int(connection.execute(change).rowcount) > 0

    def open(self) -> list[Alert]:
        """Those that have not ended, the newest first."""
        query = ALERTS.select().where(ALERTS.c.ended_ms.is_(None))
        return [Alert(**row) for row in self._read(query.order_by(ALERTS.c.id.desc()))]

    def latest(self, limit: int) -> list[Alert]:
        """The newest first: all that are open, and some that ended."""
        open_first = ALERTS.c.ended_ms.is_not(None), ALERTS.c.id.desc()
        query = ALERTS.select().order_by(*open_first).limit(limit)
        return [Alert(**row) for row in self._read(query)]

    def seen(self, id_: int, by: str, ms: int) -> Alert:
        """Somebody takes note; who was first stays. Raises `NotFound`."""
        mine = ALERTS.c.id == id_
        change = ALERTS.update().where(mine, ALERTS.c.seen_ms.is_(None))
        with self._write() as connection:
            connection.execute(change.values(seen_ms=ms, seen_by=by))
        found = self._read(ALERTS.select().where(mine))
        if not found:
            raise NotFound(f"there is no alert {id_}")
        return Alert(**found[0])

    def drop(self, before_ms: int) -> None:
        """Forget those that ended before a moment."""
        with self._write(light=True) as connection:
            connection.execute(ALERTS.delete().where(ALERTS.c.ended_ms < before_ms))
