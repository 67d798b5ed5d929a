"""The segments of an open pool as people keep them: each change is a decision in the journal."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from typing import Any, Final

import msgspec
import numpy as np

from hotspring.errors import BadRequest, Conflict
from hotspring.pool.rulebook import Decide
from hotspring.rules import Catalogue, written
from hotspring.segments import Book, Kept, Saved, members
from hotspring.store import Store

SAID: Final = (
    'SELECT seq, kind, at_ms, "by", body FROM commands '
    "WHERE seq > ? AND kind IN ('segment', 'segment_deleted', 'segment_list') ORDER BY seq"
)
Read = Callable[[Any, str], Any]
"""A rule from plain values, for the segment of this id. Raises `RuleRefused`."""


class Shelf:
    """Keeps segments. From any thread."""

    def __init__(self, store: Store, decide: Decide) -> None:
        self._store = store
        self._decide = decide
        self._lock = threading.RLock()
        self._book = Book()
        self._lists: dict[str, np.ndarray] = {}

    def book(self) -> Book:
        """What stands now. It is not changed by whoever asks for it."""
        with self._lock:
            rows = self._store.query(SAID, [self._book.seq])
            for row in rows.to_pylist():
                if row["kind"] == members.LIST:
                    self._lists |= members.lists([row["body"]])
                    self._book.seq = row["seq"]
                else:
                    self._book.take(**row)
            return self._book.copy()

    def into(self, catalogue: Catalogue) -> Catalogue:
        """The catalogue with the segments in it."""
        return self.book().into(catalogue)

    def save(self, id_: str, name: str, description: str, rule: Any, read: Read, by: str) -> Kept:
        """Keep a segment, a new one where `id_` is empty; a list keeps having no rule."""
        with self._lock:
            book = self.book()
            old = book.one(id_) if id_ else None
            name, description = book.checked(id_, name, description)
            own = id_ or f"sg_{secrets.token_hex(8)}"
            kind = "dynamic" if old is None else old.kind
            if kind == "static" and rule is not None:
                raise BadRequest("this segment is a list: it has no rule")
            if kind == "dynamic":
                if rule is None:
                    raise BadRequest("a segment needs a rule")
                rule = written(read(rule, own))
            saved = Saved(own, name, description, kind, rule)
            self._decide("segment", msgspec.json.encode(saved).decode(), by)
            return self.book().one(own)

    def add_list(self, name: str, description: str, ids: np.ndarray, by: str) -> Kept:
        """Keep a list of people, by identifiers of theirs."""
        with self._lock:
            name, description = self.book().checked("", name, description)
            own = f"sg_{secrets.token_hex(8)}"
            # Who is in it comes first: without it the segment would be empty for a moment.
            listed = members.Listed(own, members.packed(np.unique(ids)))
            self._decide(members.LIST, msgspec.json.encode(listed).decode(), by)
            saved = Saved(own, name, description, "static")
            self._decide("segment", msgspec.json.encode(saved).decode(), by)
            return self.book().one(own)

    def listed(self, id_: str) -> np.ndarray:
        """int32: the identifiers of a list."""
        with self._lock:
            return self._lists.get(id_, members.NOBODY)

    def delete(self, id_: str, catalogue: Catalogue, by: str) -> Kept:
        """Forget a segment. Raises `Conflict` where rules of others name it."""
        with self._lock:
            book = self.book()
            gone = book.one(id_)
            users = book.into(catalogue).named_by(id_)
            if users:
                names = ", ".join(repr(book.one(one).name) for one in users)
                raise Conflict(f"{gone.name!r} is used by {names}; change or delete that first")
            self._decide("segment_deleted", msgspec.json.encode({"id": id_}).decode(), by)
            return gone
