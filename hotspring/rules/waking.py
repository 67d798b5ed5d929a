"""What must happen to somebody before a leaf says something else of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from hotspring.rules.tree import (
    UNITS,
    Band,
    Behaviour,
    Consent,
    Leaf,
    Lifecycle,
    Member,
    NextBand,
    Rule,
    Score,
    Sequence,
    Tag,
    Temperature,
    Tier,
    Trait,
    Window,
    leaves,
)

Waker = Literal["trait", "consent", "identity", "event", "any"]
"""Something was written about them, they decided something, they became others or were put in a
list, they did something, or any of these."""


def wakes(leaf: Rule) -> Waker:
    """What may change what a leaf says, but for time and a change of who somebody is?"""
    match leaf:
        case Trait():
            return "trait"
        case Consent():
            return "consent"
        case Member() | Tag():
            return "identity"
        case Behaviour() | Sequence() | Lifecycle():
            return "event"
    # An identifier too comes with what somebody did, without making them another.
    return "any"


def events(leaf: Rule) -> frozenset[str | None]:
    """The names of the events that wake a leaf; None among them: any."""
    match leaf:
        case Behaviour():
            return frozenset({leaf.event} | ({leaf.less.event} if leaf.less else set()))
        case Sequence():
            return frozenset({leaf.first.event, leaf.then.event})
    return frozenset({None})


def lengths(rule: Rule) -> Iterator[int]:
    """How long after an event do the windows of a rule let go of it, or take it in?"""
    for leaf in leaves(rule):
        windows: list[Window] = []
        match leaf:
            case Behaviour():
                windows = [leaf.window]
                if isinstance(leaf.value, Window):
                    windows.append(leaf.value)
            case Sequence():
                windows = [leaf.window]
                if leaf.within is not None and not leaf.followed:
                    yield leaf.within.ms
        for window in windows:
            for end in (window.since, window.until):
                if end is not None and end.at is None:
                    yield ((end.ago or 0) - (end.ahead or 0)) * UNITS[end.unit]


def timed(leaf: Leaf) -> bool:
    """May time alone change what it says, though nobody did anything? What `lengths` tell is not
    among it."""
    match leaf:
        case Temperature() | Band() | NextBand() | Score() | Tier():
            return True
        case Trait():
            ends = (leaf.value.since, leaf.value.until) if isinstance(leaf.value, Window) else ()
            return any(end is not None and end.at is None for end in ends)
    return False
