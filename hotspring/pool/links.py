"""Short links of an open pool: kept by decisions, counted by the events of who followed them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any, Final

from hotspring.delivery import pack
from hotspring.errors import Conflict, NotFound
from hotspring.event import Delivery, Event, Flag
from hotspring.journal import DELIVERY, Journal, Record
from hotspring.links import OPENED, Link, links
from hotspring.named import Kept
from hotspring.pool.moments import iso
from hotspring.pool.scores import named
from hotspring.pool.shelf import Shelf
from hotspring.rules import Catalogue
from hotspring.store import Store

SOURCE: Final = "links"
"""What the events of followed links come from; it has no key."""
COUNTED: Final = f"""
SELECT json_extract_string(properties, '/link') AS link, count(*) AS opened, max(ms) AS last
FROM events WHERE name = ? AND source = ? AND flags & {int(Flag.BOT | Flag.SPENT)} = 0
GROUP BY ALL
"""

Decide = Callable[[str, str, str], None]


class Links:
    """Keeps links, and takes in who followed them. From any thread."""

    def __init__(self, store: Store, journal: Journal, decide: Decide) -> None:
        self._store = store
        self._journal = journal
        self._shelf = Shelf(store, decide, links())
        self._lock = threading.Lock()

    def all(self) -> list[dict[str, Any]]:
        """Every link, by name, and how often it was followed."""
        counts = self._counts()
        return [_told(one, counts) for one in self._shelf.book().listed()]

    def one(self, id_: str) -> dict[str, Any]:
        """A link by its id. `NotFound` where there is none."""
        return _told(self._shelf.book().one(id_), self._counts())

    def save(
        self, id_: str, said: dict[str, Any], by: str, version: int | None = None
    ) -> dict[str, Any]:
        """Keep a link, a new one where `id_` is empty; without a code it keeps its own. `version`
        is the one that was looked at.

        Raises `Conflict` where another link has the code, `Changed` where another version stands.
        """
        with self._lock:
            book = self._shelf.book()
            old = book.one(id_).said.code if id_ else ""
            given = Link.of(said, id_ or self._shelf.new_id("ln"))
            given = Link.of({**said, "code": given.code or old}, given.id).checked()
            taken = next((one for one in book.listed() if one.said.code == given.code), None)
            if taken is not None and taken.id != given.id:
                raise Conflict(f"{taken.name!r} has the code {given.code}; choose another")
            return self.one(self._shelf.keep(given, by, Catalogue(), version).id)

    def delete(self, id_: str, by: str) -> str:
        """Forget a link; its name. Its address leads nowhere from now on."""
        return self._shelf.delete(id_, Catalogue(), by).name

    def coded(self, code: str) -> Link:
        """The link with this code. `NotFound` where there is none."""
        for one in self._shelf.book().listed():
            if one.said.code == code:
                return one.said
        raise NotFound("no link has this code")

    def opened(self, events: Sequence[Event], received_ms: int) -> None:
        """Journal that somebody followed a link. Raises `JournalUnavailable`."""
        body = pack(Delivery(SOURCE, received_ms, list(events)))
        self._journal.append([Record(DELIVERY, received_ms, body, len(events))])

    def _counts(self) -> dict[str, tuple[int, int]]:
        rows = self._store.query(COUNTED, [OPENED, SOURCE]).to_pylist()
        return {row["link"]: (row["opened"], row["last"]) for row in rows}


def _told(kept: Kept[Link], counts: dict[str, tuple[int, int]]) -> dict[str, Any]:
    opened, last = counts.get(kept.id, (0, None))
    said = kept.said
    return {
        **named(kept, Catalogue()),
        "target": said.target,
        "code": said.code,
        "channel": said.channel,
        "staff": said.staff,
        "landing": said.landing,
        "opened": opened,
        "last_opened_at": None if last is None else iso(last),
    }
