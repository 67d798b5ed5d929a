"""Saved reports: an analysis with its parameters, under a name."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from hotspring.named import Book, Named
from hotspring.rules import read

MOST: Final = 500
"""Reports of one pool."""
APART: Final = ("tier:", "segment:")
"""How a dimension begins that names a scheme of tiers or a segment by its id."""


class Report(Named, frozen=True):
    """The body of a `report` command: what is asked of which analysis."""

    analysis: str = ""
    parameters: dict[str, Any] = msgspec.field(default_factory=dict)

    def asks(self) -> tuple[Any, ...]:
        """The rule that says whose events count."""
        rule = self.parameters.get("rule")
        return () if rule is None else (rule,)

    def names(self) -> frozenset[str]:
        """The schemes of tiers and the segments by which it tells people apart."""
        told = (one for one in self.parameters.values() if isinstance(one, str))
        return frozenset(one.partition(":")[2] for one in told if one.startswith(APART))


def reports() -> Book[Report]:
    """A book of reports, still empty."""
    return Book("report", Report, MOST, lambda rule: read(rule, None))
