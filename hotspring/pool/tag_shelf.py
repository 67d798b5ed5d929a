"""The tags of an open pool as people keep them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from hotspring.errors import BadRequest, RuleFault, RuleRefused
from hotspring.named import Kept
from hotspring.pool.rulebook import Decide
from hotspring.pool.shelf import Shelf
from hotspring.rules import Catalogue, read, written
from hotspring.store import Store
from hotspring.tags import Saved, Value, checked, tags


class TagShelf(Shelf[Saved]):
    """Keeps tags. From any thread."""

    def __init__(self, store: Store, decide: Decide) -> None:
        super().__init__(store, decide, tags())

    def save(
        self,
        said: Saved,
        by: str,
        rule: Callable[[Any], Any],
        there: Catalogue,
        version: int | None = None,
    ) -> Kept[Saved]:
        """Keep a tag, whose rules `rule` reads given what is `there`; `version` as in `keep`.

        Raises `RuleRefused` with every fault of its rules, or `Conflict` where the name is taken
        or what names the tag could not be asked any more.
        """
        with self._lock:
            book = self.book()
            book.checked(said.id, said.name, said.description)
            if said.id in book.kept and book.one(said.id).said.kind != said.kind:
                raise BadRequest("a tag stays by rule or by hand; make another one")
            values, owner = checked(said.kind, said.values, said.owner)
            said = msgspec.structs.replace(said, values=_read(values, rule), owner=owner)
            book.take(book.seq + 1, book.word, 0, by, msgspec.json.encode(said).decode())
            read({"tag": {"id": said.id}}, there.adding(book))
            return self.keep(said, by, there, version)


def _read(values: Sequence[Value], rule: Callable[[Any], Any]) -> tuple[Value, ...]:
    """The values with their rules as they are kept. Raises `RuleRefused` with all faults."""
    found, faults = list[Value](), list[RuleFault]()
    for at, one in enumerate(values):
        try:
            kept = None if one.rule is None else written(rule(one.rule))
            found.append(msgspec.structs.replace(one, rule=kept))
        except RuleRefused as refused:
            faults += [
                RuleFault(f"/values/{at}/rule{fault.place.rstrip('/')}", fault.code, fault.message)
                for fault in refused.faults
            ]
    if faults:
        raise RuleRefused(faults)
    return tuple(found)
