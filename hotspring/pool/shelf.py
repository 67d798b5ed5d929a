"""What people name and keep in an open pool: each change is a decision in the journal."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Sequence
from typing import Any, ClassVar, Generic, TypeVar

import msgspec

from hotspring.errors import Conflict, RuleRefused
from hotspring.named import Book, Kept, Named
from hotspring.pool.decisions import Decisions
from hotspring.pool.rulebook import Decide
from hotspring.rules import Catalogue, read, written
from hotspring.store import Store

S = TypeVar("S", bound=Named)


class Shelf(Generic[S]):
    """Keeps everything of one kind. From any thread."""

    also: ClassVar[tuple[str, ...]] = ()
    """Further kinds of commands that are heard."""

    def __init__(self, store: Store, decide: Decide, book: Book[S]) -> None:
        self._decide = decide
        self._lock = threading.RLock()
        self._book = book
        self._decisions = Decisions(store, (*book.commands, *self.also))

    def heard(self, kind: str, at_ms: int, by: str, body: str) -> None:
        """Take up a command of one of the further kinds."""

    def book(self) -> Book[S]:
        """What stands now. It is not changed by whoever asks for it."""
        with self._lock:
            for row in self._decisions.new():
                if row["kind"] in self.also:
                    self.heard(row["kind"], row["at_ms"], row["by"], row["body"])
                    self._book.seq = row["seq"]
                else:
                    self._book.take(**row)
            return self._book.copy()

    def decided(self) -> int:
        """Journal position of the last decision about them."""
        return self.book().seq

    def into(self, catalogue: Catalogue) -> Catalogue:
        """The catalogue with all of them in it."""
        return catalogue.adding(self.book())

    def new_id(self, prefix: str) -> str:
        """An id that nothing had and nobody can guess."""
        return f"{prefix}_{secrets.token_hex(8)}"

    def keep(self, said: S, by: str, there: Catalogue, read: int | None = None) -> Kept[S]:
        """Keep it, whatever is in it was checked; its name is checked here, and that all that
        names it, directly or not, can be asked as before.

        `read` is the version that was looked at before; None keeps it over any. Raises
        `BadRequest`, or `Conflict` where the name is taken or a rule would break, `Changed` where
        somebody else kept it since.
        """
        with self._lock:
            book = self.book()
            book.unchanged(said.id, read)
            name, text = book.checked(said.id, said.name, said.description)
            whole = msgspec.structs.replace(said, name=name, description=text)
            body = msgspec.json.encode(whole).decode()
            if said.id in book.kept:
                there = there.adding(book)
                book.take(book.seq + 1, book.word, 0, by, body)
                _bear(said.id, there, there.adding(book))
            self._decide(self._book.word, body, by)
            return self.book().one(said.id)

    def delete(self, id_: str, catalogue: Catalogue, by: str) -> Kept[S]:
        """Forget it. Raises `NotFound`, or `Conflict` where something else names it."""
        with self._lock:
            gone = self.book().one(id_)
            users = used_by(id_, self.into(catalogue))
            if users:
                names = ", ".join(repr(one["name"]) for one in users)
                raise Conflict(f"{gone.name!r} is used by {names}; change or delete that first")
            _, forgotten = self._book.commands
            self._decide(forgotten, msgspec.json.encode({"id": id_}).decode(), by)
            return gone


def used_by(id_: str, catalogue: Catalogue) -> list[dict[str, Any]]:
    """What names this itself: kind, id and name of each."""
    return told(catalogue.named_by(id_), catalogue)


def told(ids: Sequence[str], catalogue: Catalogue) -> list[dict[str, Any]]:
    """Kind, id and name of these things."""
    things = catalogue.things
    return [{"kind": things[one].kind, "id": one, "name": things[one].name} for one in ids]


def _bear(id_: str, there: Catalogue, after: Catalogue) -> None:
    """Can all that names this, directly or not, still be asked as things are to be `after` a
    change? Raises `Conflict`."""
    waiting, seen = [id_], set[str]()
    while waiting:
        for user in after.named_by(waiting.pop()):
            if user in seen:
                continue
            seen.add(user)
            waiting.append(user)
            thing = after.things[user]
            for rule in thing.rules:
                fresh = _faults(rule, after, user) - _faults(rule, there, user)
                if fresh:
                    raise Conflict(
                        f"{thing.name!r} uses this and could not be asked any more: {min(fresh)}"
                    )


def _faults(rule: Any, there: Catalogue, own: str) -> set[str]:
    try:
        read(written(rule), there, own)
    except RuleRefused as refused:
        return {fault.message for fault in refused.faults}
    return set()
