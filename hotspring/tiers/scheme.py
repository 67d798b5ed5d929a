"""Schemes of tiers as people keep them: classes from the lowest up, and what parts them."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from typing import Any, Final, Literal

import msgspec
import numpy as np

from hotspring.errors import RuleFault, RuleRefused
from hotspring.named import Book, Named
from hotspring.rules import read
from hotspring.scores import Measure, measured, placed, spread
from hotspring.tiers.classes import Codes, Floats, Yardstick, by_cuts, by_rules, composite

MOST: Final = 50
"""Schemes of one pool."""
MOST_TIERS: Final = 20
MOST_METRICS: Final = 10
LONGEST_NAME: Final = 100
LONGEST_GRACE: Final = 730
LARGEST: Final = 1e12
Way = Literal["metric", "composite", "rules"]
Read = Any


class Tier(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """One of the classes of a scheme."""

    name: str
    rule: dict[str, Any] | None = None
    """By rules: who is in it, unless a higher one is true of them too. The lowest has none."""


class Metric(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A number by which tiers are told."""

    measure: Measure
    weight: float = 1.0
    """In a composite; below 0 less is better."""


class Scheme(Named, frozen=True):
    """The body of a `scheme` command: all that people say of a scheme, new or changed."""

    tiers: tuple[Tier, ...] = ()
    """The lowest first."""
    by: Way = "metric"
    metrics: tuple[Metric, ...] = ()
    """One, or those of a composite."""
    shares: tuple[float, ...] = ()
    """Where cuts are quantiles: ascending shares of the known profiles that lie below."""
    cuts: tuple[float, ...] = ()
    """Ascending: from which number on each tier but the lowest begins."""
    yardsticks: tuple[Yardstick, ...] = ()
    """Of a composite: how each of its metrics was spread when it was fixed."""
    fixed_ms: int = 0
    """When quantiles and yardsticks were read off the pool; 0 where there are none."""
    grace: int = 0
    """Days for which who falls keeps the higher tier."""

    def words(self) -> tuple[str, ...]:
        """The names of the tiers, the lowest first."""
        return tuple(one.name for one in self.tiers)

    def same_number(self, other: Scheme) -> bool:
        """Do both tell tiers by the same number and the same shares of it?"""
        mine, theirs = ((one.by, one.metrics, one.shares) for one in (self, other))
        return mine == theirs

    def value(self, numbers: Floats) -> Floats:
        """The number by which tiers are told, of its metrics, a column each."""
        if self.by == "composite":
            weights = [one.weight for one in self.metrics]
            return composite(numbers, weights, self.yardsticks)
        return numbers[:, 0] if numbers.shape[1] else np.full(len(numbers), np.nan)

    def codes(self, numbers: Floats) -> Codes:
        """In which tier is each, by its metrics, or by what is true of the rules?"""
        if self.by == "rules":
            return by_rules(numbers > 0)
        return by_cuts(self.value(numbers), self.cuts)

    def fixed(self, numbers: Floats, at_ms: int) -> Scheme:
        """With yardsticks, and cuts where they are quantiles, as these profiles give them."""
        yardsticks = (
            tuple(Yardstick.of(numbers[:, at]) for at in range(numbers.shape[1]))
            if self.by == "composite"
            else ()
        )
        if not yardsticks and not self.shares:
            return self
        ready = msgspec.structs.replace(self, yardsticks=yardsticks, fixed_ms=at_ms)
        if not self.shares:
            return ready
        cuts = spread.cuts(ready.value(numbers), self.shares)
        return msgspec.structs.replace(ready, cuts=tuple(cuts))

    def asks(self) -> tuple[Any, ...]:
        """What its metrics or its tiers ask, as rules are written; of rules the highest last."""
        if self.by == "rules":
            return tuple(one.rule for one in self.tiers[1:])
        return tuple(one.measure.leaf for one in self.metrics)

    def checked(self, read: Read) -> Scheme:
        """The same. Raises `RuleRefused` with every fault that was found and its place."""
        faults = [*self._faults(), *self._edges()]
        asked = (
            [(f"/tiers/{at}/rule", one.rule) for at, one in enumerate(self.tiers)][1:]
            if self.by == "rules"
            else [(f"/metrics/{at}/measure", one.measure) for at, one in enumerate(self.metrics)]
        )
        for place, one in asked:
            try:
                if isinstance(one, Measure):
                    measured(one, read, place)
                elif one is not None:
                    placed(lambda one=one: read(one), place)  # type: ignore[misc]
            except RuleRefused as refused:
                faults += refused.faults
        if faults:
            raise RuleRefused(faults)
        return self

    def _faults(self) -> Iterator[RuleFault]:
        names = [one.name for one in self.tiers]
        if not 2 <= len(names) <= MOST_TIERS:
            yield RuleFault("/tiers", "shape", f"write 2 to {MOST_TIERS} tiers, the lowest first")
        for at, one in enumerate(self.tiers):
            if not 1 <= len(one.name.strip()) <= LONGEST_NAME or one.name in names[:at]:
                said = f"write a name of 1 to {LONGEST_NAME} characters that no other tier has"
                yield RuleFault(f"/tiers/{at}/name", "wrong_value", said)
            if (one.rule is not None) != (self.by == "rules" and at > 0):
                said = "by rules each tier but the lowest has a rule; else none has"
                yield RuleFault(f"/tiers/{at}/rule", "shape", said)
        wanted = {"metric": (1, 1), "composite": (2, MOST_METRICS), "rules": (0, 0)}[self.by]
        if not wanted[0] <= len(self.metrics) <= wanted[1]:
            said = f"by {self.by} there are {wanted[0]} to {wanted[1]} metrics"
            yield RuleFault("/metrics", "shape", said)
        for at, metric in enumerate(self.metrics):
            if not math.isfinite(metric.weight) or not 0 < abs(metric.weight) <= 1e6:
                said = "write a weight other than 0, at most a million either way"
                yield RuleFault(f"/metrics/{at}/weight", "wrong_value", said)
        if not 0 <= self.grace <= LONGEST_GRACE:
            said = f"write 0 to {LONGEST_GRACE} days"
            yield RuleFault("/grace", "wrong_value", said)

    def _edges(self) -> Iterator[RuleFault]:
        """What is wrong with cuts by hand, or with shares."""
        many, by_hand = len(self.tiers) - 1, not self.shares
        given, place = (self.cuts, "/cuts") if by_hand else (self.shares, "/shares")
        if self.by == "rules":
            if self.cuts or self.shares:
                yield RuleFault(place, "unknown_field", "by rules there is nothing to cut")
            return
        most = LARGEST if by_hand else 1
        apart = all(a < b for a, b in itertools.pairwise(given))
        inside = all(
            math.isfinite(one) and (abs(one) <= most if by_hand else 0 < one < 1) for one in given
        )
        if len(given) != many or not apart or not inside:
            what = "numbers" if by_hand else "shares between 0 and 1"
            said = f"write {many} ascending {what}, where each tier but the lowest begins"
            yield RuleFault(place, "wrong_value", said)


def schemes() -> Book[Scheme]:
    """A book of schemes, still empty."""
    return Book("scheme", Scheme, MOST, lambda rule: read(rule, None))
