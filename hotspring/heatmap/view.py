"""What a map shows of a moment: areas of one level, counted, with the floor held."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numba
import numpy as np
import numpy.typing as npt

from hotspring.geo import Areas, Atlas, cells
from hotspring.heatmap import frame
from hotspring.heatmap.floor import shown
from hotspring.heatmap.frame import Groups
from hotspring.heatmap.ground import ZONES, Ground
from hotspring.whereabouts import Known

Box = tuple[float, float, float, float]
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

K: Final = 5
"""An area with fewer profiles is not shown."""
MOST: Final = 3_000
"""Areas in one answer: so many stay under 100 kB, compressed."""
WORLD: Final = (-180.0, -90.0, 180.0, 90.0)
POLAR: Final = 85.0
"""Beyond this latitude a box is taken to reach all around."""
NO_CELLS: Final = np.empty(0, np.int32)
SPARSE: Final = 2
"""A box may hold so many times `MOST` cells: people are in few of them."""


class Figures(NamedTuple):
    """What is shown of some areas, one entry for each, those with the most people first."""

    at: Ints
    """Which of the groups."""
    counts: npt.NDArray[np.int32]
    """[areas, states]."""
    mean: Floats
    """Degrees."""


def areas_of(areas: Areas, name: str, box: Box | None) -> Groups:
    """The areas of a level, those outside the box left out."""
    level = areas.levels[name]
    of = level.of
    if box is not None:
        inside = meets(level.boxes, box)
        of = np.where((of >= 0) & ~inside[of], frame.OUTSIDE, of).astype(np.int32)
    return Groups("node", of, NO_CELLS, level.ids, level.above, 255)


def cells_in(ground: Ground, resolution: int, box: Box | None) -> Groups:
    """The cells of a resolution, as coarse as needed for one answer."""
    resolution = min(resolution, cells.finest_within(box or WORLD, SPARSE * MOST))
    if box is None:
        return every_cell(ground, resolution)
    # Wide enough for every point of a cell whose middle is inside.
    near = _around(box, 3 * cells.EDGES[resolution])
    if resolution <= ZONES:
        of, keys = ground.of_zones(resolution)
        present = _in_box(cells.centres(keys), near)
        number = np.where(present, np.cumsum(present) - 1, frame.OUTSIDE).astype(np.int32)
        zones = np.append(np.int32(frame.NOWHERE), number[of[1:]])
        return _of_cells(zones, NO_CELLS, keys[present], resolution)
    of, keys = ground.groups(resolution)
    # Each point of a zone is within two of its edges of its middle.
    reach = _around(near, 2 * cells.EDGES[ZONES])
    some = _in_box(cells.centres(ground.of_zones(ZONES)[1]), reach)
    zones = np.append(frame.NOWHERE, np.where(some, frame.FINER, frame.OUTSIDE)).astype(np.int32)
    present = np.zeros(len(keys), np.bool_)
    _mark(zones, ground.zone, ground.lon, ground.lat, near, of, present)
    at = np.flatnonzero(present)
    at = at[_in_box(cells.centres(keys[at]), near)]
    number = np.full(len(keys), frame.OUTSIDE, np.int32)
    number[at] = np.arange(len(at))
    numbered = np.empty(len(of), np.int32)
    _number(zones, ground.zone, of, number, numbered)
    return _of_cells(zones, numbered, keys[at], resolution)


def every_cell(ground: Ground, resolution: int) -> Groups:
    """All cells of a resolution that anybody is or was in."""
    if resolution <= ZONES:
        of, keys = ground.of_zones(resolution)
        zones = np.append(np.int32(frame.NOWHERE), of[1:])
        return _of_cells(zones, NO_CELLS, keys, resolution)
    of, keys = ground.groups(resolution)
    zones = np.full(int(ground.zone.max(initial=0)) + 1, frame.FINER, np.int32)
    zones[0] = frame.NOWHERE
    return _of_cells(zones, of, keys, resolution)


def finest(ground: Ground, most: int) -> Groups:
    """Each cell for itself, for whose place is known to within the radius coded `most`."""
    return every_cell(ground, cells.FINEST)._replace(most=most)


def _of_cells(zones: Any, of: Any, keys: Any, resolution: int) -> Groups:
    above = _above(keys, resolution)
    return Groups("zone", zones, of, keys, above, frame.FITS[resolution], resolution)


def _around(box: Box, metres: float) -> Box:
    """A box so many metres wider to all sides; all around the earth near a pole."""
    pad = metres / 1000 / cells.ROUND
    south, north = box[1] - pad, box[3] + pad
    farthest = max(abs(south), abs(north))
    wide = pad / np.cos(np.radians(farthest)) if farthest < POLAR else 360.0
    return box[0] - wide, south, box[2] + wide, north


def _in_box(points: tuple[Floats, Floats], box: Box) -> Any:
    """Which points lie in a box that may reach over the date line?"""
    lon, lat = points
    west, south, east, north = box
    across = (lon >= west) & (lon <= east)
    across |= (lon - 360 >= west) | (lon + 360 <= east)
    return across & (lat >= south) & (lat <= north)


@numba.njit(cache=True, nogil=True)
def _mark(zones: Any, zone: Any, lon: Any, lat: Any, near: Any, of: Any, present: Any) -> None:
    """Mark the groups of the cells whose middle is in a box."""
    west, south, east, north = near
    for cell in range(len(of)):
        if zones[zone[cell]] != frame.FINER or not south <= lat[cell] <= north:
            continue
        x = lon[cell]
        if west <= x <= east or x - 360 >= west or x + 360 <= east:
            present[of[cell]] = True


@numba.njit(cache=True, nogil=True)
def _number(zones: Any, zone: Any, of: Any, number: Any, out: Any) -> None:
    """The new number of the group of each cell of the zones that are looked into."""
    for cell in range(len(of)):
        if zones[zone[cell]] == frame.FINER:
            out[cell] = number[of[cell]]


def _above(keys: Any, resolution: int) -> npt.NDArray[np.int32]:
    if not resolution or not len(keys):
        return np.zeros(len(keys), np.int32)
    parents = cells.ancestors(keys, resolution - 1)
    return np.unique(parents, return_inverse=True)[1].astype(np.int32)


def counted(moment: frame.Frame, known: Known, groups: Groups, chosen: frame.Chosen) -> frame.Tally:
    """How many people of a moment are in each area?"""
    return frame.tally(moment, groups, chosen, known)


def told(tally: frame.Tally, groups: Groups, k: int = K) -> Figures:
    """What may be shown of what was counted, at most `MOST` areas?"""
    profiles = tally.profiles
    at = np.flatnonzero(shown(profiles, groups.above, k) & (profiles > 0))
    at = at[np.argsort(-profiles[at], kind="stable")]
    mean = tally.sums[at] / np.maximum(profiles[at], 1) / frame.HUNDREDTHS
    return Figures(at, tally.counts[at], mean)


def meets(boxes: Floats, box: Box) -> Any:
    """Which boxes meet this one?"""
    west, south, east, north = box
    return (
        (boxes[:, 0] <= east) & (boxes[:, 2] >= west)
        & (boxes[:, 1] <= north) & (boxes[:, 3] >= south)
    )  # fmt: skip


BANDS: Final = ("hot", "warm", "cool", "cold", "never_warm", "cooled")


def bands(count: list[int]) -> dict[str, int]:
    """People by band, cold told apart, given those in each state."""
    hot, warm, cool, never_warm, cooled = count
    told = (hot, warm, cool, never_warm + cooled, never_warm, cooled)
    return dict(zip(BANDS, told, strict=True))


def rows(figures: Figures, names: list[tuple[str, str]]) -> list[dict[str, Any]]:
    """What an answer says of each area."""
    return [
        {
            "id": id_,
            "name": name,
            "profiles": sum(count),
            **bands(count),
            "mean": mean,
        }
        for (id_, name), count, mean in zip(
            names, figures.counts.tolist(), figures.mean.round(2).tolist(), strict=True
        )
    ]


def compare(areas: list[dict[str, Any]], now: Figures, then: Figures) -> None:
    """Write into the rows of some areas how their mean changed, where both may be told."""
    before = dict(zip(then.at.tolist(), zip(then.mean, then.counts, strict=True), strict=True))
    for area, at in zip(areas, now.at.tolist(), strict=True):
        mean, counts = before.get(at, (None, None))
        area["before"] = None if counts is None else int(counts.sum())
        area["change"] = None if mean is None else round(area["mean"] - float(mean), 2)


def names_of(keys: Any) -> list[str]:
    """How cells are written."""
    return cells.names(keys)


def named(
    figures: Figures, groups: Groups, level: str, areas: Areas, atlas: Atlas, lang: str
) -> list[tuple[str, str]]:
    """Id and name of each area; a cell bears the name of the district of its middle."""
    if groups.resolution < 0:
        of_level = areas.levels[level]
        names = of_level.en if lang == "en" else of_level.zh
        return [(of_level.ids[at], names[at]) for at in figures.at.tolist()]
    keys = groups.ids[figures.at]
    codes = atlas.adcodes_of(*cells.centres(keys)) if len(keys) else np.empty(0, np.int32)
    district = areas.levels[areas.LEVELS[-1]]
    spoken = dict(zip(district.ids, district.en if lang == "en" else district.zh, strict=True))
    return [
        (id_, spoken.get(str(code), ""))
        for id_, code in zip(cells.names(keys), codes.tolist(), strict=True)
    ]
