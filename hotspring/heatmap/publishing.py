"""The map for those who may not list profiles: no two answers part fewer than k people.

People are kept in units: an area, or the rest of one whose parts are too small. Every figure that
is told is a sum of units, and a unit is told anew only if it differs, from each time it was told
before, in at least k people or in none. What differs is a person with the number of their events:
who did something is another contributor than before. So over all days and levels, and all sums and
differences of what was told, two sets of contributors are equal or differ by at least k people.
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
FIELDS: Final = ("ids", "unit", "events", "since")


class People(NamedTuple):
    """Who is there now, one entry for each."""

    ids: npt.NDArray[np.int32]
    """A number that stays theirs, ascending."""
    node: npt.NDArray[np.int16]
    """The area they are in, -1 without a place."""
    events: npt.NDArray[np.int32]
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

    def publish(self, people: People) -> npt.NDArray[np.bool_]:
        """Tell what may be told of these people; which units are told anew?"""
        day = self.sizes.shape[1]
        seen, unit, events, since = self._recorded(people.ids)
        fresh = ~seen | (events != people.events)
        # Without a place: the unit behind those of all areas.
        node = np.where(people.node < 0, len(self.parent) - 1, people.node).astype(np.int32)
        self._settle(node, fresh)
        now = self.home[node]
        same = ~fresh & (unit == now)
        anew = self._may(now, same, since)
        self._tell(people, now, anew)
        sizes = np.bincount(now, minlength=len(self.parent)) * anew
        self.sizes = np.append(self.sizes, sizes[:, None].astype(np.int32), axis=1)
        told = anew[now]
        self._write(people, now, np.where(same, since, day).astype(np.int32), told)
        self._forget()
        return np.asarray(anew)

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

    def _tell(self, people: People, now: Units, anew: npt.NDArray[np.bool_]) -> None:
        size, states = len(self.parent), len(STATES)
        counts = np.bincount(now * states + people.state, minlength=size * states)
        sums = np.bincount(now, weights=people.degrees, minlength=size).astype(np.int64)
        self.told.counts[anew] = counts.reshape(size, states)[anew]
        self.told.sums[anew] = sums[anew]

    def _recorded(self, ids: npt.NDArray[np.int32]) -> tuple[Any, Any, Any, Any]:
        """What was last told of each of these people, and whether anything was."""
        record = self._record
        if not len(record["ids"]):
            nothing = np.zeros(len(ids), np.int32)
            return np.zeros(len(ids), bool), nothing, nothing, nothing
        at = np.searchsorted(record["ids"], ids).clip(max=len(record["ids"]) - 1)
        seen = record["ids"][at] == ids
        return seen, record["unit"][at], record["events"][at], record["since"][at]

    def _write(
        self, people: People, now: Units, since: npt.NDArray[np.int32], told: npt.NDArray[np.bool_]
    ) -> None:
        """Remember of whom was told; what is known of the others who are still there stays."""
        fresh = dict(zip(FIELDS, (people.ids, now, people.events, since), strict=True))
        old = self._record
        stays = np.isin(old["ids"], people.ids[~told], assume_unique=True)
        merged = {name: np.append(old[name][stays], fresh[name][told]) for name in FIELDS}
        order = np.argsort(merged["ids"], kind="stable")
        self._record = {name: merged[name][order].astype(np.int32) for name in FIELDS}

    def _forget(self) -> None:
        over = self.sizes.shape[1] - DAYS
        if over > 0:
            self.sizes = self.sizes[:, over:]
            self._record["since"] = np.maximum(self._record["since"] - over, 0)

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
