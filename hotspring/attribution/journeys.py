"""Journeys: the touchpoints of one profile up to a conversion, or to none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

import numba
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int32]

OTHER: Final = "…"
"""What the channels are called that are taken together, where there are too many."""


class Credit(NamedTuple):
    """What each channel is credited with; both are in the order of the journeys' names."""

    conversions: Floats
    value: Floats


class Journeys(NamedTuple):
    """Journeys as compact arrays, one after the other. Each has at least one touch."""

    names: tuple[str, ...]
    """Channels (or campaigns, or contents) by code."""
    touch: Codes
    """The code of each touch, those of a journey in the order of time."""
    ends: Ints
    """Where each journey ends among the touches."""
    conversions: Floats
    """How many times each journey ended in a conversion."""
    value: Floats
    """What these conversions brought."""
    nulls: Floats
    """How many times each journey ended without one."""
    age: Ints | None = None
    """Milliseconds from each touch to the end of its journey; None where no times are known."""

    @classmethod
    def of(
        cls,
        paths: Sequence[Sequence[str]],
        conversions: Iterable[float],
        value: Iterable[float] | None = None,
        nulls: Iterable[float] | None = None,
        ages: Iterable[Sequence[int]] | None = None,
    ) -> Journeys:
        """Journeys of paths told by name; empty ones are left out. Names are put in order."""
        names = tuple(sorted({name for path in paths for name in path}))
        code = {name: at for at, name in enumerate(names)}
        size = np.array([len(path) for path in paths], np.int64)
        rows = np.flatnonzero(size)

        def column(given: Iterable[float] | None) -> Floats:
            told = np.zeros(len(paths)) if given is None else np.array(list(given), float)
            return told[rows]

        return cls(
            names,
            np.array([code[name] for path in paths for name in path], np.int32),
            np.cumsum(size[rows]),
            column(conversions),
            column(value),
            column(nulls),
            None if ages is None else np.array([a for part in ages for a in part], np.int64),
        )

    def touched(self, weights: Floats) -> Floats:
        """By channel: the sum of these weights over the journeys that touched it."""
        return np.asarray(_touched(self.touch, self.ends, weights, len(self.names)))

    def only(self, these: npt.NDArray[np.bool_]) -> Journeys:
        """Some of the journeys: bool by journey."""
        size = np.diff(self.ends, prepend=0)
        rows = np.repeat(these, size)
        return self._replace(
            touch=self.touch[rows],
            ends=np.cumsum(size[these]),
            conversions=self.conversions[these],
            value=self.value[these],
            nulls=self.nulls[these],
            age=None if self.age is None else self.age[rows],
        )

    def touching(self, name: str) -> npt.NDArray[np.bool_]:
        """bool by journey: did it touch this channel?"""
        many = np.zeros(len(self.ends), bool)
        if name in self.names:
            whose = np.repeat(np.arange(len(many)), np.diff(self.ends, prepend=0))
            many[whose[self.touch == self.names.index(name)]] = True
        return many

    def grouped(self, most: int) -> tuple[Journeys, tuple[str, ...]]:
        """With at most so many channels, and which ones were taken together as `…`.

        Those stay apart that conversions touched most often; of equal ones the first by name.
        """
        if len(self.names) <= most:
            return self, ()
        reach = self.touched(self.conversions)
        ranked = sorted(
            range(len(self.names)),
            key=lambda at: (self.names[at] == OTHER, -reach[at], self.names[at]),
        )
        kept = sorted(ranked[: most - 1], key=lambda at: self.names[at])
        place = np.full(len(self.names), most - 1, np.int32)
        place[kept] = np.arange(most - 1)
        names = (*(self.names[at] for at in kept), OTHER)
        return self._replace(names=names, touch=place[self.touch]), tuple(
            sorted(self.names[at] for at in ranked[most - 1 :])
        )

    def shared(self, weights: Credit) -> Credit:
        """Credit by what a model was fitted to before: each conversion is shared by the channels
        of its journey in proportion to their weights, evenly where none of them has any.

        A channel counts once in a journey, and weighs nothing where its weight is below nothing.
        """
        few = [
            np.asarray(_shared(self.touch, self.ends, whole, np.maximum(weight, 0.0)))
            for whole, weight in zip((self.conversions, self.value), weights, strict=True)
        ]
        return Credit(*few)

    def table(self, credit: Credit) -> Mapping[str, tuple[float, float]]:
        """Conversions and value by name."""
        rows = zip(credit.conversions.tolist(), credit.value.tolist(), strict=True)
        return dict(zip(self.names, rows, strict=True))


@numba.njit(cache=True, nogil=True)
def _touched(touch: Any, ends: Any, weights: Any, count: Any) -> Any:
    total, last = np.zeros(count), np.full(count, -1, np.int64)
    begin = 0
    for journey in range(len(ends)):
        for at in range(begin, ends[journey]):
            if last[touch[at]] != journey:
                last[touch[at]] = journey
                total[touch[at]] += weights[journey]
        begin = ends[journey]
    return total


@numba.njit(cache=True, nogil=True)
def _shared(touch: Any, ends: Any, whole: Any, weight: Any) -> Any:
    total, last = np.zeros(len(weight)), np.full(len(weight), -1, np.int64)
    begin = 0
    for journey in range(len(ends)):
        heavy, many = 0.0, 0
        for at in range(begin, ends[journey]):
            if last[touch[at]] != 2 * journey:
                last[touch[at]] = 2 * journey
                heavy, many = heavy + weight[touch[at]], many + 1
        for at in range(begin, ends[journey]):
            if last[touch[at]] == 2 * journey:
                last[touch[at]] = 2 * journey + 1
                part = weight[touch[at]] / heavy if heavy > 0 else 1.0 / many
                total[touch[at]] += whole[journey] * part
        begin = ends[journey]
    return total
