"""Groups: named rules under tiers or across them, and which of them has the first claim."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from hotspring.errors import RuleFault, RuleRefused
from hotspring.named import Book, Named
from hotspring.rules import read
from hotspring.scores import placed

MOST: Final = 200
"""Groups of one pool."""
LARGEST: Final = 1e6
Read = Any


class Group(Named, frozen=True):
    """The body of a `group` command: all that people say of a group, new or changed."""

    rule: dict[str, Any] | None = None
    scheme: str = ""
    """The id of the scheme under whose tiers it lies; none across all of them."""
    tiers: tuple[str, ...] = ()
    """The names of these tiers."""
    weight: float = 0.0
    """Of those that want the same profile the heaviest claims it."""

    @property
    def whole(self) -> dict[str, Any]:
        """Who is in it, as one rule: the rule, and the tiers."""
        if not self.scheme:
            assert self.rule is not None
            return self.rule
        tier = {"tier": {"id": self.scheme, "any_of": list(self.tiers)}}
        return tier if self.rule is None else {"and": [tier, self.rule]}

    def asks(self) -> tuple[Any, ...]:
        """Who is in it, as one rule."""
        return (self.whole,)

    def checked(self, read: Read) -> Group:
        """The same. Raises `RuleRefused` with every fault that was found and its place."""
        faults = []
        if not self.scheme and self.rule is None:
            faults.append(RuleFault("/rule", "missing", "write a rule, or tiers of a scheme"))
        if bool(self.scheme) != bool(self.tiers):
            said = "name a scheme together with at least one of its tiers"
            faults.append(RuleFault("/tiers", "shape", said))
        if not abs(self.weight) <= LARGEST:
            said = "write a number of at most a million either way"
            faults.append(RuleFault("/weight", "wrong_value", said))
        if faults:
            raise RuleRefused(faults)
        placed(lambda: read(self.whole), "")
        return self


def groups() -> Book[Group]:
    """A book of groups, still empty."""
    return Book("group", Group, MOST, lambda rule: read(rule, None))


def claims(inside: npt.NDArray[np.bool_], weights: Sequence[float]) -> npt.NDArray[np.int16]:
    """Which group claims each profile? -1 where none wants it.

    `inside` has a row for each profile and a column for each group. Of equally heavy ones the first
    claims: give them from the oldest on.
    """
    order = np.argsort(-np.array(weights, np.float64), kind="stable")
    found = np.full(len(inside), -1, np.int16)
    for at in order[::-1].tolist():
        found[inside[:, at]] = at
    return found
