"""Who crossed a threshold? Found here, told through the journal, so that a replay repeats it."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any, Final

import msgspec
import numpy as np

from hotspring.event import Command
from hotspring.identity import Who
from hotspring.pipeline.state import State, Touched
from hotspring.temperature import announcements, law

PORTION: Final = 1 << 17
"""Profiles looked at under one hold of the lock: a few milliseconds."""
MOST: Final = 2_000
"""Announcements in one command: a short write, so that the door need not wait for it."""


Looked = dict[announcements.Cause, np.ndarray]
"""Slots by cause."""
ORDER: Final[tuple[announcements.Cause, ...]] = ("rules", "merge", "flag", "events")
"""Of several causes the first one counts: a rule, a merge or a flag starts no journey."""


class Told(msgspec.Struct, frozen=True):
    """The body of an `announce` command."""

    rows: list[announcements.Announcement]


class Announcer:
    """Collects which profiles to look at, and finds those whose band is news."""

    def __init__(self, dead_zone: float) -> None:
        self._dead_zone = dead_zone
        self._waiting: dict[announcements.Cause, list[np.ndarray]] = {}

    def note(self, touched: Touched) -> None:
        """Remember to look at these slots."""
        if len(touched.warmed):
            self._waiting.setdefault("events", []).append(touched.warmed)
        if len(touched.changed):
            self._waiting.setdefault(touched.cause, []).append(touched.changed)

    def looked(self, state: State, everyone: bool) -> Looked:
        """Whom to look at, by cause; with `everyone`, also those whom silence may have moved."""
        found: Looked = {
            cause: np.unique(np.concatenate(self._waiting[cause]))
            for cause in ORDER
            if cause in self._waiting
        }
        if everyone:
            found["silence"] = state.who.slots()
        return found

    def find(
        self, state: State, looked: Looked, now: int, lock: AbstractContextManager[Any]
    ) -> list[Command]:
        """Which crossings are news at `now`?

        For who alone changes the state. It is read a portion at a time under the lock, so that
        others who read it do not wait until millions are looked at.
        """
        commands: list[Command] = []
        # Marked and not compared: nothing is applied as long as this looks for them.
        told = np.zeros(state.who.capacity, bool)
        for cause, slots in looked.items():
            fresh = slots[state.who.are_known(slots) & ~told[slots]]
            rows: list[announcements.Announcement] = []
            for at in range(0, len(fresh), PORTION):
                with lock:
                    rows += _rows(state, fresh[at : at + PORTION], now, self._dead_zone, cause)
            told[fresh] = True
            commands += [_command(now, rows[at : at + MOST]) for at in range(0, len(rows), MOST)]
        return commands

    def follow(self, before: Who, after: Who) -> None:
        """Look at the same people in a state folded anew, where slots have other numbers."""
        for cause, parts in self._waiting.items():
            slots = np.unique(np.concatenate(parts))
            names = before.public_ids(slots[before.known[slots]])
            found = np.array([after.named(name) for name in names], np.int32)
            self._waiting[cause] = [found[found >= 0]]

    def forget(self) -> None:
        """What was found is told: look at nobody again before something happens."""
        self._waiting = {}


def _rows(
    state: State, slots: np.ndarray, now: int, dead_zone: float, cause: announcements.Cause
) -> list[announcements.Announcement]:
    moves = state.heat.sweep(now, slots, dead_zone)
    degrees = state.heat.degrees(now, moves.slot).round(3).tolist()
    return [
        announcements.Announcement(profile, law.BANDS[before], law.BANDS[after], degree, now, cause)
        for profile, before, after, degree in zip(
            state.who.public_ids(moves.slot), moves.before, moves.after, degrees, strict=True
        )
    ]


def _command(now: int, rows: list[announcements.Announcement]) -> Command:
    return Command("announce", now, "pool", msgspec.json.encode(Told(rows)).decode())
