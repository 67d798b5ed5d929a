"""Figures of one level that are kept up: who changed is counted out and in again, not everybody."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from hotspring.heatmap import frame, view
from hotspring.heatmap.floor import shown

TENTHS: Final = 10
"""Means are shown to tenths of a degree: less is no change."""
WHO: Final = 1
"""Profiles with a strong identifier are counted, as on the unfiltered map."""


class Change(NamedTuple):
    """Some slots as they were drawn before and as they are drawn now."""

    before: frame.Frame
    after: frame.Frame


class Level:
    """One level of the unfiltered map."""

    def __init__(self, groups: frame.Groups) -> None:
        self.groups = groups
        size = len(groups.ids)
        self._counts = np.zeros((size, len(frame.STATES)), np.int64)
        self._sums = np.zeros(size, np.int64)
        self._told = np.zeros((size, len(frame.STATES) + 1), np.int64)
        """What was last shown of each area: its counts and its mean; 0 where it was not shown."""

    def recount(self, moment: frame.Frame, known: Any, groups: frame.Groups) -> None:
        """Everybody anew; there may be new areas behind those that there were."""
        self._grow(groups)
        tally = view.counted(moment, known, groups, frame.Chosen(who=WHO))
        self._counts[:], self._sums[:] = tally.counts, tally.sums

    def take(self, change: Change, groups: frame.Groups) -> None:
        """Those who changed."""
        self._grow(groups)
        for part, sign in ((change.before, -1), (change.after, 1)):
            group = self._group(part)
            here = np.flatnonzero(group >= 0)
            flat = group[here] * len(frame.STATES) + part.state[here]
            np.add.at(self._counts.reshape(-1), flat, sign)
            np.add.at(self._sums, group[here], sign * part.degrees[here].astype(np.int64))

    def _group(self, part: frame.Frame) -> npt.NDArray[np.int32]:
        counts = (part.state != frame.NOBODY) & part.strong & (part.radius <= self.groups.most)
        return np.where(counts, self.groups.find(part), frame.NOWHERE)

    def _grow(self, groups: frame.Groups) -> None:
        self.groups = groups
        more = len(groups.ids) - len(self._sums)
        if more > 0:
            none = np.zeros((more, self._counts.shape[1]), np.int64)
            self._counts = np.append(self._counts, none, axis=0)
            self._sums = np.append(self._sums, np.zeros(more, np.int64))
            blank = np.zeros((more, self._told.shape[1]), np.int64)
            self._told = np.append(self._told, blank, axis=0)

    def changed(self) -> tuple[view.Figures, npt.NDArray[np.int64]]:
        """The areas whose shown figures changed since the last call, and those no longer shown."""
        profiles = self._counts.sum(axis=1)
        may = shown(profiles, self.groups.above, view.K) & (profiles > 0)
        mean = self._sums / np.maximum(profiles, 1) / frame.HUNDREDTHS
        now = np.append(self._counts, np.rint(mean * TENTHS)[:, None].astype(np.int64), axis=1)
        now[~may] = 0
        differ = (now != self._told).any(axis=1)
        gone = np.flatnonzero(differ & ~may)
        at = np.flatnonzero(differ & may)
        self._told = now
        return self._figures(at), gone

    def whole(self) -> view.Figures:
        """All areas as they were last shown."""
        return self._figures(np.flatnonzero(self._told[:, :-1].any(axis=1)))

    def _figures(self, at: npt.NDArray[np.int64]) -> view.Figures:
        counts = self._told[at, :-1].astype(np.int32)
        return view.Figures(at, counts, self._told[at, -1] / TENTHS)
