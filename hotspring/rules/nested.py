"""Rules that name other things: what they lead to, how large they are, and one rule of all."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from hotspring.rules.tree import And, Member, Not, Or, Rule, leaves


class Thing(msgspec.Struct, frozen=True):
    """Something that people named and keep, to which rules refer by its id."""

    kind: str
    """What it is, as "segment"."""
    name: str
    rules: tuple[Rule, ...] = ()
    """Those within it. A segment has one; one that is a list has none."""
    names: frozenset[str] = frozenset()
    """The ids of what it needs beside those that its rules name."""


Things = Mapping[str, Thing]
"""By id."""


def named(rule: Rule) -> frozenset[str]:
    """Which things does a rule name itself?"""
    return frozenset(leaf.id for leaf in leaves(rule) if isinstance(leaf, Member))


def needed(thing: Thing | None) -> frozenset[str]:
    """Which things does this one need itself?"""
    if thing is None:
        return frozenset()
    return thing.names.union(*(named(rule) for rule in thing.rules))


def reached(id_: str, things: Things) -> set[str]:
    """To which things does this one lead, itself included?"""
    waiting, seen = [id_], set[str]()
    while waiting:
        one = waiting.pop()
        if one not in seen:
            seen.add(one)
            waiting += needed(things.get(one))
    return seen


def size(rule: Rule, things: Things) -> int:
    """How many leaves has a rule, those of the segments that it names in their places?"""
    known: dict[str, int] = {}

    def of(one: Rule) -> int:
        return sum(of_segment(leaf.id) if isinstance(leaf, Member) else 1 for leaf in leaves(one))

    def of_segment(segment: str) -> int:
        if segment not in known:
            inner = _rule(segment, things)
            known[segment] = 1 if inner is None else of(inner)
        return known[segment]

    return of(rule)


def whole(rule: Rule, things: Things) -> Rule:
    """The rule with those of the segments that it names in their places; lists stay as they are.

    Nothing may lead back to itself.
    """
    match rule:
        case And():
            return And(of=tuple(whole(one, things) for one in rule.of))
        case Or():
            return Or(of=tuple(whole(one, things) for one in rule.of))
        case Not():
            return Not(of=whole(rule.of, things))
        case Member():
            inner = _rule(rule.id, things)
            return rule if inner is None else whole(inner, things)
    return rule


def _rule(segment: str, things: Things) -> Rule | None:
    """The rule of a segment; None of a list."""
    thing = things.get(segment)
    return thing.rules[0] if thing is not None and thing.rules else None
