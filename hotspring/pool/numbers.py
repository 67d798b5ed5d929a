"""Numbers of profiles: what rules and measures come to, of everybody or of some, now or before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from hotspring.errors import RuleRefused
from hotspring.pool.asking import Asking
from hotspring.pool.vocabulary import SOON_MS, Vocabulary
from hotspring.rules import Catalogue, Question, read, written
from hotspring.scores import Measure

T = TypeVar("T")


class Asked(NamedTuple):
    """What is asked of each profile."""

    rule: Any
    """A rule, as it was read; of a measure its leaf."""
    measure: Measure | None = None
    """With it, what it comes to; without, whether the rule is true."""


class Reading(NamedTuple):
    """What was asked of known profiles, a row for each."""

    slots: npt.NDArray[np.int32]
    """Ascending."""
    values: npt.NDArray[np.float64]
    """A column for each thing asked: 1 where a rule is true and 0 where not; what a measure comes
    to, not a number where that is unknown."""


class Ground(NamedTuple):
    """What stands under all that asks rules of an open pool."""

    vocabulary: Vocabulary
    asking: Asking

    def read(self, asks: Sequence[Asked], there: Catalogue, now: int, slots: Any = None) -> Reading:
        """What is asked, of all known profiles or of these slots, in one pass.

        Raises `RuleRefused` where a rule names what is not there any more.
        """
        for one in asks:
            read(written(one.rule), there)
        rules = [one.rule for one in asks if one.measure is None]
        amounts = [(one.rule, one.measure.half_life_ms) for one in asks if one.measure is not None]
        several = Question.several(rules, there, amounts)
        found = self.asking.truths(several, now, slots)
        columns = np.empty((len(found.slots), len(asks)))
        truths, numbers = iter(found.rules.T), iter(found.amounts.T)
        for at, one in enumerate(asks):
            columns[:, at] = next(truths if one.measure is None else numbers)
        order = np.argsort(found.slots, kind="stable")
        return Reading(found.slots[order], columns[order])

    def looked(self, now: int, ask: Callable[[Catalogue], T]) -> T:
        """What `ask` gives of what there is; names that came since the last look are looked for."""
        try:
            return ask(self.vocabulary.catalogue(now))
        except RuleRefused as refused:
            if all(fault.code != "unknown_name" for fault in refused.faults):
                raise
        return ask(self.vocabulary.catalogue(now, SOON_MS))

    def checked(self, now: int, own: str, check: Callable[[Callable[[Any], Any]], T]) -> T:
        """What `check` gives with a reader of rules for the thing of this id."""
        return self.looked(now, lambda there: check(lambda rule: read(rule, there, own)))
