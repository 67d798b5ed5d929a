"""Rules that name other segments: what they lead to, how large they are, and one rule of all."""

from __future__ import annotations

from collections.abc import Mapping

from hotspring.rules.tree import And, Member, Not, Or, Rule, leaves

Rules = Mapping[str, Rule | None]
"""The rule of each segment by id; None of a list, which has none."""


def named(rule: Rule | None) -> frozenset[str]:
    """Which segments does a rule name itself?"""
    there = () if rule is None else leaves(rule)
    return frozenset(leaf.id for leaf in there if isinstance(leaf, Member))


def reached(segment: str, rules: Rules) -> set[str]:
    """To which segments does this one lead, itself included?"""
    waiting, seen = [segment], set[str]()
    while waiting:
        one = waiting.pop()
        if one not in seen:
            seen.add(one)
            waiting += named(rules.get(one))
    return seen


def size(rule: Rule, rules: Rules) -> int:
    """How many leaves has a rule, those of the segments that it names in their places?"""
    known: dict[str, int] = {}

    def of(one: Rule) -> int:
        return sum(of_segment(leaf.id) if isinstance(leaf, Member) else 1 for leaf in leaves(one))

    def of_segment(segment: str) -> int:
        if segment not in known:
            inner = rules.get(segment)
            known[segment] = 1 if inner is None else of(inner)
        return known[segment]

    return of(rule)


def whole(rule: Rule, rules: Rules) -> Rule:
    """The rule with those of the segments that it names in their places; lists stay as they are.

    Nothing may lead back to itself.
    """
    match rule:
        case And():
            return And(of=tuple(whole(one, rules) for one in rule.of))
        case Or():
            return Or(of=tuple(whole(one, rules) for one in rule.of))
        case Not():
            return Not(of=whole(rule.of, rules))
        case Member():
            inner = rules.get(rule.id)
            return rule if inner is None else whole(inner, rules)
    return rule
