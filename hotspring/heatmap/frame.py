"""How warm everybody is and where, at one moment, in arrays; and how they add up by area."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numba
import numpy as np
import numpy.typing as npt

from hotspring.geo import Areas, cells
from hotspring.heatmap.ground import Ground
from hotspring.temperature import Heat
from hotspring.whereabouts import STEPS, Known, Told

Mask = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.int32]
Nodes = npt.NDArray[np.int16]

STATES: Final = Heat.STATES
"""The bands, cold told apart, by their code."""
NOBODY: Final = 5
"""Code of a slot that holds no person, or none yet."""
HUNDREDTHS: Final = 100.0
"""Degrees are kept in so many steps each."""
OUTSIDE: Final = -2
"""Group of what lies outside the view; -1 is what is known less exactly than asked for."""
NOWHERE: Final = -3
"""Group of who has no place."""
FINER: Final = -4
"""Group of a zone that is not of one group: its cells tell."""
EIGHTHS: Final = 8.0
"""Radii are kept as their binary logarithm, in so many steps."""
NO_MASK: Final = np.empty(0, np.bool_)
NO_FIRST: Final = np.empty(0, np.int64)
NO_CHANNELS: Final = np.empty(0, np.int16)


class Frame(NamedTuple):
    """One entry for each slot."""

    degrees: npt.NDArray[np.int16]
    """Hundredths of a degree."""
    state: npt.NDArray[np.int8]
    """Position in `STATES`, or `NOBODY`."""
    node: npt.NDArray[np.int16]
    """Area (`Areas`), -1 without a place."""
    cell: npt.NDArray[np.int32]
    """Cell of the finest resolution (`Ground`), -1 without a place."""
    zone: npt.NDArray[np.uint16]
    """The coarse cell that it is in (`Ground.zone`), 0 without a place."""
    radius: npt.NDArray[np.uint8]
    """How exactly the place is known, as `radius_code` tells."""
    strong: npt.NDArray[np.bool_]
    """Does it hold a strong identifier?"""


SEEN: Final = np.dtype(
    [("ms", "<i8"), ("slot", "<i4"), ("cell", "<i4"), ("node", "<i2"), ("radius", "u1")]
)
"""When somebody was seen, and where: a cell of -1 where nothing tells."""


def blank(size: int) -> Frame:
    """A frame in which nobody is."""
    return Frame(
        np.zeros(size, np.int16),
        np.full(size, NOBODY, np.int8),
        np.full(size, -1, np.int16),
        np.full(size, -1, np.int32),
        np.zeros(size, np.uint16),
        np.zeros(size, np.uint8),
        np.zeros(size, np.bool_),
    )


def radius_code(metres: Any) -> npt.NDArray[np.uint8]:
    """How is a radius in metres kept: rounded up to steps of some nine per cent."""
    steps = np.ceil(EIGHTHS * np.log2(np.maximum(np.asarray(metres, np.float64), 1.0)))
    return np.minimum(steps, 255).astype(np.uint8)


FITS: Final = tuple(int(radius_code(2 * edge)) for edge in cells.EDGES)
"""The greatest radius of a place that a cell may count, by resolution: two of its edges."""


def found(places: Known | Told, areas: Areas, ground: Ground) -> tuple[Nodes, Numbers]:
    """In which area and in which cell is each of these places? -1 where there is none.

    Slow beside the reading of temperatures; only who moved needs it.
    """
    node, cell = np.full(len(places.ms), -1, np.int16), np.full(len(places.ms), -1, np.int32)
    told = np.flatnonzero(places.origin >= 0)
    if len(told):
        lon, lat = places.lon[told] / STEPS, places.lat[told] / STEPS
        node[told] = areas.nodes_of(places.adcode[told], lon, lat)
        cell[told] = ground.numbers(cells.cells_of(lon, lat))
    return node, cell


def see(drawn: Frame, people: Mask, seen: npt.NDArray[np.void], at: int, ground: Ground) -> None:
    """Let people stand where they were seen last by `at`; `seen` are rows of `SEEN` in order.

    Of each slot, the row that counts comes last. Marks who was seen at all in `people`.
    """
    _see(seen, at, people, ground.zone, drawn.node, drawn.cell, drawn.zone, drawn.radius)


class Chosen(NamedTuple):
    """Which profiles count."""

    states: tuple[bool, bool, bool, bool, bool] = (True,) * 5
    """Those of these `STATES`."""
    who: int = 0
    """0 for all, 1 for those with a strong identifier, 2 for the others."""
    channels: int = 0
    """Those with an event in any of these channels, as bits; 0 for all."""
    since: int = 0
    """Those first seen from here, in ms, ..."""
    until: int = 0
    """... to before there; all where both are 0."""
    radius: int = 255
    """Those whose place is known at least so exactly."""
    mask: Mask = NO_MASK
    """Those marked here, one entry for each slot; empty for all."""


class Tally(NamedTuple):
    """What was counted, by group."""

    counts: npt.NDArray[np.int32]
    """[groups, states]."""
    sums: npt.NDArray[np.int64]
    """Hundredths of degrees, by group."""
    coarse: int
    """Profiles whose place is known less exactly than the groups are."""
    outside: int
    """Profiles of groups outside the view."""
    unlocated: int
    """Profiles without a place."""

    @property
    def profiles(self) -> npt.NDArray[np.int64]:
        """How many are in each group."""
        return np.asarray(self.counts.sum(axis=1, dtype=np.int64))


class Groups(NamedTuple):
    """How places make areas."""

    places: str
    """`node` or `zone`: the column of a frame that is looked at first."""
    of: npt.NDArray[np.int32]
    """The area of each such place; `FINER` where that depends on the cell."""
    cells: npt.NDArray[np.int32]
    """The area of each cell, read only where `of` says `FINER`; empty where it never does."""
    ids: Any
    """What they are called: cells, or names of areas of a level."""
    above: npt.NDArray[np.int32]
    """The parent of each area."""
    most: int
    """Greatest radius of a place that counts."""
    resolution: int = -1

    def find(self, part: Frame) -> npt.NDArray[np.int32]:
        """In which area is each slot of a frame? Below 0 in none."""
        place = getattr(part, self.places)
        found = np.where(place < 0, NOWHERE, self.of[place]).astype(np.int32)
        finer = np.flatnonzero(found == FINER)
        found[finer] = self.cells[part.cell[finer]]
        return found


def tally(frame: Frame, groups: Groups, chosen: Chosen, known: Known) -> Tally:
    """Count everybody who is chosen by group."""
    size, count = min(len(frame.state), len(known.first)), len(groups.ids)
    counts, sums = np.zeros((count, len(STATES)), np.int32), np.zeros(count, np.int64)
    told = _tally(
        frame.degrees[:size], frame.state[:size], getattr(frame, groups.places)[:size],
        frame.cell[:size], frame.radius[:size], frame.strong[:size], groups.of, groups.cells,
        known.first, known.channels, chosen.states, chosen.who, np.int16(chosen.channels),
        chosen.since, chosen.until, chosen.radius, chosen.mask, groups.most, counts, sums,
    )  # fmt: skip
    return Tally(counts, sums, *told)


def within(frame: Frame, ground: Ground, inside: Mask) -> Mask:
    """Which slots are in some of the cells that are marked?"""
    zones = ground.zone
    some = np.zeros(np.iinfo(np.uint16).max + 1, np.bool_)
    some[zones[np.flatnonzero(inside[: len(zones)])]] = True
    found = some[frame.zone]
    near = np.flatnonzero(found)
    cell = frame.cell[near]
    # Somebody may have come to a cell that there was not when they were marked.
    found[near] = inside[np.minimum(cell, len(inside) - 1)] & (cell < len(inside))
    return found


@numba.njit(cache=True, nogil=True)
def _see(
    seen: Any, at: Any, people: Any, zones: Any, node: Any, cell: Any, zone: Any, radius: Any
) -> None:
    for i in range(len(seen)):
        if seen[i].ms > at:
            continue
        slot = seen[i].slot
        people[slot] = True
        if seen[i].cell >= 0:
            node[slot] = seen[i].node
            cell[slot] = seen[i].cell
            zone[slot] = zones[seen[i].cell]
            radius[slot] = seen[i].radius


@numba.njit(cache=True, nogil=True)
def _tally(
    degrees: Any, states: Any, places: Any, finest: Any, radii: Any, strong: Any, groups: Any,
    finer: Any, first: Any, channels: Any, wanted: Any, who: Any, bits: Any, since: Any,
    until: Any, radius: Any, mask: Any, most: Any, counts: Any, sums: Any,
) -> Any:  # fmt: skip
    coarse, outside, unlocated = 0, 0, 0
    for slot in range(len(states)):
        state = states[slot]
        if state == 5 or not wanted[state]:
            continue
        if who != 0 and strong[slot] != (who == 1):
            continue
        if bits != 0 and channels[slot] & bits == 0:
            continue
        if until != 0 and not since <= first[slot] < until:
            continue
        if len(mask) > 0 and (slot >= len(mask) or not mask[slot]):
            continue
        place = places[slot]
        if place < 0:
            unlocated += 1
            continue
        # Somebody may have come to a place that there was not when the groups were made.
        group = groups[place] if place < len(groups) else OUTSIDE
        if group == NOWHERE:
            unlocated += 1
            continue
        if radii[slot] > radius:
            continue
        if radii[slot] > most:
            coarse += 1
            continue
        if group == FINER:
            cell = finest[slot]
            group = finer[cell] if cell < len(finer) else OUTSIDE
        if group < 0:
            if group == -1:
                coarse += 1
            else:
                outside += 1
            continue
        counts[group, state] += 1
        sums[group] += degrees[slot]
    return coarse, outside, unlocated
