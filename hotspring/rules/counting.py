"""Leaves that follow from the latest few times of one event, so that no others need be read."""

from __future__ import annotations

import math
import operator
import zoneinfo
from typing import Any, NamedTuple

from hotspring.rules.moments import EVER, milliseconds
from hotspring.rules.tree import Behaviour, Moment, Rule, Tested


class Counted(NamedTuple):
    """How often an event was done from a moment on, as far as a leaf asks."""

    event: str | None
    """None: any."""
    since: Moment | None
    truths: tuple[bool, ...]
    """Is the leaf true of who did it 0, 1, 2… times? The last one holds for all greater numbers."""

    @property
    def fades(self) -> bool:
        """Does it hang on the moment of asking?"""
        return self.since is not None and self.since.at is None

    @property
    def depth(self) -> int:
        """So many of the latest times decide."""
        return len(self.truths) - 1

    def start(self, now: int, zone: zoneinfo.ZoneInfo) -> int:
        """From when on (ms) does it count, seen at `now`?"""
        return -EVER if self.since is None else milliseconds(self.since, now, zone)


def counted(leaf: Rule) -> Counted | None:
    """What a leaf counts, None where it asks for anything else."""
    if not isinstance(leaf, Behaviour) or leaf.measure != "count":
        return None
    if leaf.where or leaf.window.until is not None:
        return None
    depth = _depth(leaf)
    truths = tuple(meets(number, leaf) for number in range(depth + 1))
    return Counted(leaf.event, leaf.window.since, truths)


def meets(number: float, test: Tested) -> bool:
    """Does a number meet a question?"""
    value: Any = test.value
    match test.op:
        case "eq":
            return bool(number == value)
        case "ne":
            return bool(number != value)
        case "between":
            return bool(value[0] <= number <= value[1])
    compare = {"gt": operator.gt, "ge": operator.ge, "lt": operator.lt, "le": operator.le}
    return bool(compare[test.op](number, value))


def _depth(leaf: Behaviour) -> int:
    """From which number on is the answer the same for all greater ones?"""
    value: Any = leaf.value
    match leaf.op:
        case "ge" | "lt":
            found = math.ceil(value)
        case "between":
            found = math.floor(value[1]) + 1
        case _:
            found = math.floor(value) + 1
    return max(int(found), 1)
