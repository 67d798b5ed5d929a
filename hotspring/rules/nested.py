"""Rules that name other things: what they lead to, how large they are, and one rule of all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import reduce

import msgspec
import numpy as np
import numpy.typing as npt

from hotspring.rules.tree import And, Leaf, Member, Not, Or, Rule, Score, Tag, Tier, leaves


class Thing(msgspec.Struct, frozen=True):
    """Something that people named and keep, to which rules refer by its id."""

    kind: str
    """What it is, as "segment"."""
    name: str
    rules: tuple[Rule, ...] = ()
    """Those within it. A segment has one, a tag one for each word; what is a list, or set by hand,
    has none."""
    names: frozenset[str] = frozenset()
    """The ids of what it needs beside those that its rules name."""
    words: tuple[str, ...] = ()
    """What it says of people, as a tag its values: the first whose rule is true of them. The only
    word of a plain yes is empty."""
    since: int = 0
    """Journal position of the last change of what it says."""


Things = Mapping[str, Thing]
"""By id."""
Leading = Member | Tag
"""Leaves that name a thing whose rules stand for them."""
Computed = Score | Tier
"""Leaves that name a thing which is computed by itself."""


def named(rule: Rule) -> frozenset[str]:
    """Which things does a rule name itself?"""
    return frozenset(leaf.id for leaf in leaves(rule) if isinstance(leaf, Leading | Computed))


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
    """How many leaves has a rule, those of the things that it names in their places?"""
    known: dict[str, int] = {}

    def of(one: Rule) -> int:
        return sum(of_thing(leaf.id) if isinstance(leaf, Leading) else 1 for leaf in leaves(one))

    def of_thing(id_: str) -> int:
        if id_ not in known:
            rules = _rules(id_, things)
            known[id_] = sum(of(inner) for inner in rules) if rules else 1
        return known[id_]

    return of(rule)


def whole(rule: Rule, things: Things) -> Rule:
    """The rule with those of the things that it names in their places; lists and tags by hand stay
    as they are, the latter with all values that count.

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
            rules = _rules(rule.id, things)
            return whole(rules[0], things) if rules else rule
        case Tag():
            words = things[rule.id].words if rule.id in things else ()
            rules, wanted = _rules(rule.id, things), rule.any_of or words
            if not rules:
                return msgspec.structs.replace(rule, any_of=wanted)
            inner = [whole(one, things) for one in rules]
            return first_of(inner, [word in wanted for word in words])
    return rule


def holds(rule: Rule, of: Callable[[Leaf], npt.NDArray[np.bool_]]) -> npt.NDArray[np.bool_]:
    """bool[n]: of whom is a rule true, where `of` says of whom each of its leaves is?"""
    match rule:
        case And():
            return reduce(np.logical_and, (holds(one, of) for one in rule.of))
        case Or():
            return reduce(np.logical_or, (holds(one, of) for one in rule.of))
        case Not():
            return ~holds(rule.of, of)
    return of(rule)


def first_of(rules: Sequence[Rule], wanted: Sequence[bool]) -> Rule:
    """Is the first of these rules that is true one of those that are wanted?"""
    end = max(place for place, one in enumerate(wanted) if one)
    found = rules[end]
    for place in reversed(range(end)):
        join, part = (Or, rules[place]) if wanted[place] else (And, Not(of=rules[place]))
        found = join(of=(part, *found.of)) if isinstance(found, join) else join(of=(part, found))
    return found


def _rules(id_: str, things: Things) -> tuple[Rule, ...]:
    """The rules of a thing; none where it is a list, or set by hand."""
    thing = things.get(id_)
    return () if thing is None else thing.rules
