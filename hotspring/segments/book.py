"""Segments as people keep them: a name, and a rule or a list."""

from __future__ import annotations

from typing import Any, Final, Literal

from hotspring.named import Book, Named
from hotspring.rules import read

MOST: Final = 2_000
"""Segments of one pool."""


class Saved(Named, frozen=True):
    """The body of a `segment` command: all that people say of a segment, new or changed."""

    kind: Literal["dynamic", "static"] = "dynamic"
    rule: dict[str, Any] | None = None
    """None of a list."""

    def asks(self) -> tuple[Any, ...]:
        """Its rule."""
        return () if self.rule is None else (self.rule,)


def segments() -> Book[Saved]:
    """A book of segments, still empty."""
    return Book("segment", Saved, MOST, lambda rule: read(rule, None))
