"""What a map shows of a moment: areas of one level, counted, with the floor held."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from hotspring.geo import Areas, Atlas, cells
from hotspring.heatmap import frame
from hotspring.heatmap.floor import shown
from hotspring.heatmap.ground import Ground
from hotspring.whereabouts import Known

Box = tuple[float, float, float, float]
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

K: Final = 5
"""An area with fewer profiles is not shown."""
MOST: Final = 3_000
"""Areas in one answer: so many stay under 100 kB, compressed."""
SPARSE: Final = 2
"""A box may hold so many times `MOST` cells: people are in few of them."""


class Groups(NamedTuple):
    """How places make areas."""

    places: str
    """`node` or `cell`: the column of a frame."""
    of: npt.NDArray[np.int32]
    """The area of each place."""
    ids: Any
    """What they are called: cells, or names of areas of a level."""
    above: npt.NDArray[np.int32]
    """The parent of each area."""
    most: int
    """Greatest radius of a place that counts."""
    resolution: int = -1


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
    return Groups("node", of, level.ids, level.above, 255)


def cells_in(ground: Ground, resolution: int, box: Box | None) -> Groups:
    """The cells of a resolution, as coarse as needed for one answer."""
    whole = (-180.0, -90.0, 180.0, 90.0)
    resolution = min(resolution, cells.finest_within(box or whole, SPARSE * MOST))
    of, keys = ground.groups(resolution)
    if box is not None:
        # Wide enough for every point of a cell whose middle is inside.
        pad = 3 * cells.EDGES[resolution] / 1000 / cells.ROUND
        wide = pad / max(np.cos(np.radians(min(max(abs(box[1]), abs(box[3])), 89.0))), 0.02)
        near = (ground.lon >= box[0] - wide) & (ground.lon <= box[2] + wide)
        near &= (ground.lat >= box[1] - pad) & (ground.lat <= box[3] + pad)
        present = np.zeros(len(keys), np.bool_)
        present[of[near]] = True
        lon, lat = cells.centres(keys[present])
        inside = (lon >= box[0] - wide) & (lon <= box[2] + wide)
        inside &= (lat >= box[1] - pad) & (lat <= box[3] + pad)
        present[present] = inside
        number = np.where(present, np.cumsum(present) - 1, frame.OUTSIDE).astype(np.int32)
        of, keys = number[of], keys[present]
    return Groups("cell", of, keys, _above(keys, resolution), frame.FITS[resolution], resolution)


def every_cell(ground: Ground, resolution: int) -> Groups:
    """All cells of a resolution that anybody is or was in."""
    of, keys = ground.groups(resolution)
    return Groups("cell", of, keys, _above(keys, resolution), frame.FITS[resolution], resolution)


def _above(keys: Any, resolution: int) -> npt.NDArray[np.int32]:
    if not resolution or not len(keys):
        return np.zeros(len(keys), np.int32)
    parents = cells.ancestors(keys, resolution - 1)
    return np.unique(parents, return_inverse=True)[1].astype(np.int32)


def counted(moment: frame.Frame, known: Known, groups: Groups, chosen: frame.Chosen) -> frame.Tally:
    """How many people of a moment are in each area?"""
    places = getattr(moment, groups.places)
    count = len(groups.ids)
    return frame.tally(moment, places, groups.of, count, chosen, known, groups.most)


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
    if groups.places == "node":
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
