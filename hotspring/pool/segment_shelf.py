"""The segments of an open pool as people keep them, and who is in those that are lists."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import msgspec
import numpy as np

from hotspring.errors import BadRequest
from hotspring.named import Kept
from hotspring.pool.rulebook import Decide
from hotspring.pool.shelf import Shelf
from hotspring.rules import Catalogue, written
from hotspring.segments import Saved, members, segments
from hotspring.store import Store

Read = Callable[[Any, str], Any]
"""A rule from plain values, for the segment of this id. Raises `RuleRefused`."""


class SegmentShelf(Shelf[Saved]):
    """Keeps segments. From any thread."""

    also: ClassVar[tuple[str, ...]] = (members.LIST,)

    def __init__(self, store: Store, decide: Decide) -> None:
        super().__init__(store, decide, segments())
        self._lists: dict[str, np.ndarray] = {}

    def heard(self, kind: str, at_ms: int, by: str, body: str) -> None:
        """Take up who is in a list."""
        self._lists |= members.lists([body])

    def save(
        self,
        id_: str,
        name: str,
        description: str,
        rule: Any,
        read: Read,
        by: str,
        there: Catalogue,
        new: str = "",
        version: int | None = None,
    ) -> Kept[Saved]:
        """Keep a segment, a new one where `id_` is empty; a list keeps having no rule.

        `version` is the one that was looked at, as in `keep`.
        """
        with self._lock:
            book = self.book()
            kind = book.one(id_).said.kind if id_ else "dynamic"
            book.checked(id_, name, description)
            own = id_ or new or self.new_id("sg")
            if kind == "static" and rule is not None:
                raise BadRequest("this segment is a list: it has no rule")
            if kind == "dynamic":
                if rule is None:
                    raise BadRequest("a segment needs a rule")
                rule = written(read(rule, own))
            return self.keep(Saved(own, name, description, kind, rule), by, there, version)

    def add_list(
        self, name: str, description: str, ids: np.ndarray, by: str, there: Catalogue
    ) -> Kept[Saved]:
        """Keep a list of people, by identifiers of theirs."""
        with self._lock:
            self.book().checked("", name, description)
            own = self.new_id("sg")
            # Who is in it comes first: without it the segment would be empty for a moment.
            listed = members.Listed(own, members.packed(np.unique(ids)))
            self._decide(members.LIST, msgspec.json.encode(listed).decode(), by)
            return self.keep(Saved(own, name, description, "static"), by, there)

    def listed(self, id_: str) -> np.ndarray:
        """int32: the identifiers of a list."""
        with self._lock:
            return self._lists.get(id_, members.NOBODY)
