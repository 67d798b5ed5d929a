"""The history that a calibration reads, and who did or did not reach the goal after a moment."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from hotspring.event import Flag

COLUMNS: Final = ("ms", "type", "name", "flags", "amount", "currency")
"""What is needed of an event, besides whose it is and whether it names a person."""
DEEDS: Final = pa.array(["track", "page", "screen"])
"""Types of events in which a user did something; the others say who someone is."""

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Slots = npt.NDArray[np.int32]
Mask = npt.NDArray[np.bool_]


class History(NamedTuple):
    """Events of some or all profiles of a pool, in any order."""

    events: pa.RecordBatch
    """`COLUMNS`, and what else the conditions of the rules in force read."""
    profile: Slots
    """Whose each event is, from 0 on."""
    known: Mask
    """Does the event itself name a person by a strong identifier?"""
    key: npt.NDArray[np.uint64]
    """One number a profile that is the same in every rebuild: it decides samples and folds."""

    @property
    def ms(self) -> Ints:
        return np.asarray(self.events.column("ms").to_numpy(), np.int64)

    def people(self) -> Mask:
        """Which events did people do? Neither machine traffic nor mere facts about someone."""
        deed = pc.is_in(self.events.column("type"), value_set=DEEDS)
        people = self.events.column("flags").to_numpy() & int(Flag.BOT) == 0
        return np.asarray(deed.to_numpy(zero_copy_only=False) & people, bool)

    def named(self, name: str) -> Mask:
        """Which events have this name?"""
        return np.asarray(
            pc.equal(self.events.column("name"), name).to_numpy(zero_copy_only=False), bool
        )

    def at(self, rows: Any) -> History:
        """Some of the events only: a mask or positions. The profiles keep their numbers."""
        chosen = np.flatnonzero(rows) if np.asarray(rows).dtype == bool else np.asarray(rows)
        events = self.events.take(pa.array(chosen))
        return History(events, self.profile[chosen], self.known[chosen], self.key)


class Frame(NamedTuple):
    """The profiles known at a moment, and which of them reached the goal in time after it."""

    at: int
    profiles: Slots
    """Known by a strong identifier and active before `at`, in the order of their keys."""
    reached: Mask

    def where(self, chosen: Mask) -> Frame:
        """Some of the profiles only."""
        return Frame(self.at, self.profiles[chosen], self.reached[chosen])


def frame(history: History, goal: str, at: int, horizon_ms: int) -> Frame:
    """Who was there before `at`, and who did `goal` in [at, at + horizon)?"""
    ms, people = history.ms, history.people()
    size = len(history.key)
    before = ms < at
    active = np.zeros(size, bool)
    active[history.profile[before & people]] = True
    known = np.zeros(size, bool)
    known[history.profile[before & history.known]] = True
    within = people & (ms >= at) & (ms < at + horizon_ms) & history.named(goal)
    reached = np.zeros(size, bool)
    reached[history.profile[within]] = True
    there = np.flatnonzero(active & known)
    there = there[np.argsort(history.key[there], kind="stable")]
    return Frame(at, there.astype(np.int32), reached[there])
