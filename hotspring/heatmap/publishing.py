"""The map for those who may not list profiles: no two answers part fewer than k people.

People are kept in units: an area, or the rest of one whose parts are too small. Every figure that
is told is a sum of units, and a unit is told anew only if it differs, from each time it was told
before, in at least k people or in none. What differs is a person with their number of events: who
has more than ever before is another contributor, who lost some is not. Who comes back, or is
elsewhere, without anything new counts nowhere until then. So over all days and levels, and all sums
and differences of what was told, two sets of contributors are equal or differ by at least k people.
"""

from __future__ import annotations

import io
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from hotspring.geo import Areas
from hotspring.heatmap.frame import STATES

Ints = npt.NDArray[np.int64]
Units = npt.NDArray[np.int32]

DAYS: Final = 400
"""So many publications are remembered, to be compared with."""
UNSAID: Final = -1
AWAY: Final = -1
"""Since when, for who was told of and is not there any more."""
FIELDS: Final = ("ids", "unit", "events", "since")


class People(NamedTuple):
    """Who is there now, one entry for each."""

    ids: npt.NDArray[np.int32]
    """A number that stays theirs, ascending."""
    node: npt.NDArray[np.int16]
    """The area they are in, -1 without a place."""
    events: npt.NDArray[np.int32]
    """How many they have; they may become fewer when old ones go or a merge is undone."""
    state: npt.NDArray[np.int8]
    degrees: npt.NDArray[np.int16]


class Told(NamedTuple):
    """What is told of each unit."""

    counts: npt.NDArray[np.int64]
    """[units, states]; all 0 where nothing was ever told."""
    sums: Ints
    """Hundredths of degrees."""


class Publication:
    """What was told, and of whom. `parent` gives the unit above each, -1 for none."""

    def __init__(self, parent: Units, k: int) -> None:
        self.parent = parent
        self.k = k
        size = len(parent)
        self.home = np.full(size, UNSAID, np.int32)
        """The unit in which the people of each area count; none before its first people."""
        self.told = Told(np.zeros((size, len(STATES)), np.int64), np.zeros(size, np.int64))
        self.sizes = np.zeros((size, 0), np.int32)
        """[units, publications]: how many people were told of; 0 where nothing new was told."""
        nobody = np.empty(0, np.int32)
        self._record = dict.fromkeys(FIELDS, nobody)

    def publish(self, people: People) -> Units:
        """Tell what may be told of these people; in which unit is each told of anew?

        `UNSAID` for who is in a unit of which nothing new is told, or counts nowhere.
        """
        day = self.sizes.shape[1]
        unit, events, since = self._recorded(people.ids)
        fresh = people.events > events
        # Without a place: the unit behind those of all areas.
        node = np.where(people.node < 0, len(self.parent) - 1, people.node).astype(np.int32)
        self._settle(node, fresh)
        same = ~fresh & (since != AWAY) & (unit == self.home[node])
        there = np.flatnonzero(fresh | same)
        now, since = self.home[node[there]], since[there]
        anew = self._may(now, same[there], since)
        self._tell(people, there, now, anew)
        sizes = np.bincount(now, minlength=len(self.parent)) * anew
        self.sizes = np.append(self.sizes, sizes[:, None].astype(np.int32), axis=1)
        told = np.full(len(people.ids), UNSAID, np.int32)
        told[there] = np.where(anew[now], now, UNSAID)
        stays, written = people.ids[same & (told == UNSAID)], np.flatnonzero(told != UNSAID)
        first = np.full(len(people.ids), day, np.int32)
        first[there] = np.where(same[there], since, day)
        rows = (people.ids, told, np.maximum(people.events, events), first)
        self._write(stays, *(column[written] for column in rows))
        self._forget()
        return told

    def _settle(self, node: Units, fresh: npt.NDArray[np.bool_]) -> None:
        """Find a unit for areas that have none, or part one from the rest it was counted in.

        An area gets a unit of its own if it has k people and nothing of them was told elsewhere.
        """
        count = np.bincount(node, minlength=len(self.parent))
        stale = np.bincount(node[~fresh], minlength=len(self.parent))
        rest = count.copy()
        for at in self._upwards():
            if self.home[at] == at or not rest[at]:
                continue
            own = rest[at] >= self.k and not stale[at]
            above = self.parent[at]
            if own or above < 0:
                self.home[at] = at
                continue
            self.home[at] = above
            rest[above] += rest[at]
            stale[above] += stale[at]
        # Who counts in an area that itself counts above counts there.
        for at in reversed(self._upwards()):
            if self.home[at] >= 0 and self.home[at] != at:
                above = self.home[at]
                self.home[at] = above if self.home[above] < 0 else self.home[above]

    def _upwards(self) -> list[int]:
        depth = np.zeros(len(self.parent), np.int64)
        for _ in Areas.LEVELS:
            has = self.parent >= 0
            depth[has] = depth[self.parent[has]] + 1
        return [int(one) for one in np.argsort(-depth, kind="stable")]

    def _may(self, now: Units, same: npt.NDArray[np.bool_], since: Units) -> Any:
        """Which units differ from all that was told of them in at least k people, or in none?"""
        size = np.bincount(now, minlength=len(self.parent))
        may = np.asarray(size >= self.k)
        days = self.sizes.shape[1]
        if not days:
            return may
        found = np.bincount(now[same] * days + since[same], minlength=len(self.parent) * days)
        kept = found.reshape(len(self.parent), days).cumsum(axis=1)
        differs = np.maximum(size[:, None] - kept, self.sizes - kept)
        fits = (self.sizes == 0) | (differs == 0) | (differs >= self.k)
        return np.asarray(may & fits.all(axis=1))

    def _tell(self, people: People, there: Ints, now: Units, anew: npt.NDArray[np.bool_]) -> None:
        size, states = len(self.parent), len(STATES)
        counts = np.bincount(now * states + people.state[there], minlength=size * states)
        sums = np.bincount(now, weights=people.degrees[there], minlength=size).astype(np.int64)
        self.told.counts[anew] = counts.reshape(size, states)[anew]
        self.told.sums[anew] = sums[anew]

    def _recorded(self, ids: npt.NDArray[np.int32]) -> tuple[Any, Any, Any]:
        """What was last told of each of these people: unit, events, since; -1 where nothing was."""
        record, nothing = self._record, np.full(len(ids), UNSAID, np.int32)
        if not len(record["ids"]):
            return nothing, nothing, nothing
        at = np.searchsorted(record["ids"], ids).clip(max=len(record["ids"]) - 1)
        seen = record["ids"][at] == ids
        unit, events, since = (np.where(seen, record[name][at], UNSAID) for name in FIELDS[1:])
        return unit, events, since

    def _write(self, stays: Units, *rows: Any) -> None:
        """Remember of whom was told (columns by `FIELDS`), and leave those who stay as they are;
        of all others only how many events they had."""
        fresh, old = dict(zip(FIELDS, rows, strict=True)), dict(self._record)
        away = ~np.isin(old["ids"], stays, assume_unique=True)
        old["unit"] = np.where(away, UNSAID, old["unit"])
        old["since"] = np.where(away, AWAY, old["since"])
        others = ~np.isin(old["ids"], fresh["ids"], assume_unique=True)
        merged = {name: np.append(old[name][others], fresh[name]) for name in FIELDS}
        order = np.argsort(merged["ids"], kind="stable")
        self._record = {name: merged[name][order].astype(np.int32) for name in FIELDS}

    def _forget(self) -> None:
        over = self.sizes.shape[1] - DAYS
        if over > 0:
            self.sizes = self.sizes[:, over:]
            since = self._record["since"]
            self._record["since"] = np.where(since == AWAY, AWAY, np.maximum(since - over, 0))

    def dump(self) -> bytes:
        """All of it, to be loaded by a later process."""
        out = io.BytesIO()
        record: dict[str, Any] = self._record
        np.savez_compressed(
            out, home=self.home, counts=self.told.counts, sums=self.told.sums, sizes=self.sizes,
            **record,
        )  # fmt: skip
        return out.getvalue()

    def load(self, body: bytes) -> bool:
        """Become what `dump` gave; false where it was of other areas."""
        with np.load(io.BytesIO(body)) as found:
            if len(found["home"]) != len(self.parent):
                return False
            self.home, self.sizes = found["home"], found["sizes"]
            self.told = Told(found["counts"], found["sums"])
            self._record = {name: found[name] for name in FIELDS}
        return True


def units_above(areas: Areas) -> Units:
    """The unit above that of each area: the next larger area, else the world, which is the last but
    one; the last, of those without a place, has none above it."""
    world = areas.count
    return np.concatenate(
        [np.where(areas.parent < 0, world, areas.parent), [UNSAID, UNSAID]]
    ).astype(np.int32)
