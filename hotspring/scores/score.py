"""Scores as people keep them: a name, and lines that add and subtract points."""

from __future__ import annotations

import math
from typing import Any, Final

import msgspec

from hotspring.errors import RuleFault, RuleRefused
from hotspring.named import Book, Named
from hotspring.rules import read
from hotspring.scores.measure import Measure, Read, measured, placed

MOST: Final = 200
"""Scores of one pool."""
MOST_LINES: Final = 50
LARGEST: Final = 1e6
"""Points of a line."""
LONGEST: Final = 100


class Line(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """One line: points for whom a rule is true, or for each unit of an amount."""

    points: float
    """Below 0 they are taken off."""
    rule: dict[str, Any] | None = None
    amount: Measure | None = None
    cap: float | None = None
    """Of an amount: it gives or takes at most so many points."""
    title: str = ""

    @property
    def asked(self) -> dict[str, Any]:
        """What it asks, as a rule is written."""
        if self.amount is not None:
            return self.amount.leaf
        assert self.rule is not None
        return self.rule


class Score(Named, frozen=True):
    """The body of a `score` command: all that people say of a score, new or changed."""

    lines: tuple[Line, ...] = ()
    floor: float | None = None
    """The total is never less."""
    cap: float | None = None
    """The total is never more."""

    def asks(self) -> tuple[Any, ...]:
        """What each line asks, as rules are written."""
        return tuple(line.asked for line in self.lines)

    def checked(self, read: Read) -> Score:
        """The same, with its rules as `read` and `written` give them.

        Raises `RuleRefused` with every fault that was found and its place.
        """
        faults = list(self._faults())
        for at, line in enumerate(self.lines):
            try:
                _line(line, read, f"/lines/{at}")
            except RuleRefused as refused:
                faults += refused.faults
        if faults:
            raise RuleRefused(faults)
        return self

    def _faults(self) -> list[RuleFault]:
        found = []
        if not 1 <= len(self.lines) <= MOST_LINES:
            found.append(RuleFault("/lines", "shape", f"write 1 to {MOST_LINES} lines"))
        for name, value in (("floor", self.floor), ("cap", self.cap)):
            if value is not None and not abs(value) <= LARGEST:
                found.append(RuleFault(f"/{name}", "wrong_value", "at most a million either way"))
        if self.floor is not None and self.cap is not None and self.floor >= self.cap:
            found.append(RuleFault("/floor", "wrong_value", "it must lie below the cap"))
        return found


def scores() -> Book[Score]:
    """A book of scores, still empty."""
    return Book("score", Score, MOST, lambda rule: read(rule, None))


def _line(line: Line, read: Read, place: str) -> None:
    if (line.rule is None) == (line.amount is None):
        raise RuleRefused([RuleFault(place, "shape", "write either a rule or an amount")])
    if not math.isfinite(line.points) or not 0 < abs(line.points) <= LARGEST:
        said = "write points other than 0, at most a million either way"
        raise RuleRefused([RuleFault(f"{place}/points", "wrong_value", said)])
    if len(line.title) > LONGEST:
        raise RuleRefused([RuleFault(f"{place}/title", "too_large", f"at most {LONGEST} letters")])
    if line.cap is not None and (line.amount is None or not 0 < line.cap <= LARGEST):
        said = "an amount may be capped, at more than 0 and at most a million points"
        raise RuleRefused([RuleFault(f"{place}/cap", "wrong_value", said)])
    if line.amount is not None:
        measured(line.amount, read, f"{place}/amount")
    else:
        placed(lambda: read(line.rule), f"{place}/rule")
