"""The members of all segments at once, by slot, and what identities do to them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np

NOBODY = np.empty(0, np.int32)
SlotsOf = Callable[[np.ndarray], np.ndarray]
"""The slots (int32, -1 none) in which identifiers stand now."""


class Moved(NamedTuple):
    """Who entered and who left one segment, by numbers of identifiers."""

    entered: np.ndarray
    left: np.ndarray


class Roll:
    """Who is in which segment.

    A profile is told by one of its identifiers, the same in all segments, for as long as it is in
    any. Where a merge brings two such together, one of them leaves; where an undo parts them, the
    membership stays with the side that has the identifier.
    """

    def __init__(self) -> None:
        self._names = np.empty(0, np.int32)
        """int32 by slot: the identifier that stands for the profile, -1 where none does yet."""
        self._inside: dict[str, np.ndarray] = {}
        """bool by slot."""
        self._counts: dict[str, int] = {}

    @property
    def segments(self) -> list[str]:
        return list(self._inside)

    def count(self, segment: str) -> int:
        """How many are in it?"""
        return self._counts[segment]

    def slots(self, segment: str) -> np.ndarray:
        """int32: who is in it."""
        return np.flatnonzero(self._inside[segment]).astype(np.int32)

    def ids(self, segment: str) -> np.ndarray:
        """int32: the same by numbers of identifiers."""
        return np.asarray(self._names[self._inside[segment]])

    def reach(self, size: int) -> None:
        """Have room for so many slots."""
        more = size - len(self._names)
        if more <= 0:
            return
        more = max(more, len(self._names) // 4)
        self._names = np.append(self._names, np.full(more, -1, np.int32))
        for segment, inside in self._inside.items():
            self._inside[segment] = np.append(inside, np.zeros(more, bool))

    def load(self, members: Mapping[str, np.ndarray], slots_of: SlotsOf) -> dict[str, np.ndarray]:
        """Become what these segments hold; gives who of them is no profile of their own any more,
        by segment."""
        everyone = np.unique(np.concatenate([NOBODY, *members.values()]))
        slots = slots_of(everyone)
        self._names[:] = -1
        # Of several that are one person now the first stays.
        kept = np.flatnonzero(slots >= 0)[::-1]
        self.reach(int(slots.max(initial=-1)) + 1)
        self._names[slots[kept]] = everyone[kept]
        gone = {}
        for segment, ids in members.items():
            at = slots[np.searchsorted(everyone, ids)]
            own = (at >= 0) & (self._names[at] == ids)
            inside = np.zeros(len(self._names), bool)
            inside[at[own]] = True
            self._inside[segment] = inside
            self._counts[segment] = int(own.sum())
            gone[segment] = ids[~own]
        return gone

    def begin(self, segment: str) -> None:
        """There is a segment with nobody in it yet."""
        self._inside[segment] = np.zeros(len(self._names), bool)
        self._counts[segment] = 0

    def drop(self, segment: str) -> None:
        """There is no such segment any more."""
        self._inside.pop(segment, None)
        self._counts.pop(segment, None)

    def settle(self, slots: np.ndarray, slots_of: SlotsOf) -> dict[str, np.ndarray]:
        """Follow what happened to the identities of these slots; gives who left for it."""
        named = slots[self._names[slots] >= 0]
        names = self._names[named]
        now = slots_of(names)
        away = now != named
        left: dict[str, list[int]] = {}
        # Names first, so that who moved into a slot that another left finds it free.
        self._names[named[away]] = -1
        moves = list(
            zip(named[away].tolist(), names[away].tolist(), now[away].tolist(), strict=True)
        )
        held = {segment: inside[named[away]].copy() for segment, inside in self._inside.items()}
        for segment, inside in self._inside.items():
            inside[named[away]] = False
            self._counts[segment] -= int(held[segment].sum())
        for at, (_, name, to) in enumerate(moves):
            free = to >= 0 and self._names[to] < 0
            if free:
                self._names[to] = name
            for segment, was in held.items():
                if not was[at]:
                    continue
                if free:
                    self._inside[segment][to] = True
                    self._counts[segment] += 1
                else:
                    left.setdefault(segment, []).append(name)
        return {segment: np.array(ids, np.int32) for segment, ids in left.items()}

    def others(self, segment: str, slots: np.ndarray, truth: np.ndarray) -> np.ndarray:
        """int32: which of these slots are in the segment and should not be, or the other way?"""
        return np.asarray(slots[self._inside[segment][slots] != truth])

    def take(self, segment: str, slots: np.ndarray, truth: np.ndarray, firsts: SlotsOf) -> Moved:
        """These slots are in the segment or not: who entered and who left by that?

        `firsts` gives the identifier that is to stand for a profile that none stands for.
        """
        inside = self._inside[segment]
        before = inside[slots]
        come, go = slots[truth & ~before], slots[before & ~truth]
        nameless = come[self._names[come] < 0]
        if len(nameless):
            self._names[nameless] = firsts(nameless)
        inside[come], inside[go] = True, False
        self._counts[segment] += len(come) - len(go)
        return Moved(self._names[come], self._names[go])
