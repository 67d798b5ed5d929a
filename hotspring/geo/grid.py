"""Which district holds a point: a grid of cells, each with the few districts it may lie in."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numba
import numpy as np
import numpy.typing as npt

from hotspring.geo.outlines import Outlines

CELL: Final = 0.1
"""Degrees along both axes: borders cross some 50,000 cells, most with two districts."""
MARGIN: Final = 1e-9
"""Degrees by which an edge is widened where cells near it are marked."""

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


class Grid(NamedTuple):
    """The index over one set of outlines, as flat arrays that compiled code reads.

    `cells[c]:cells[c + 1]` are the entries of cell c: twice the district's place in the outlines,
    plus one where the district covers the whole cell. `bands` lists, for each district and each
    row of cells it reaches, its edges in that row.
    """

    west: float
    south: float
    columns: int
    rows: int
    cells: Ints
    entries: npt.NDArray[np.int32]
    edges: npt.NDArray[np.float64]
    first_row: Ints
    first_band: Ints
    bands: Ints
    band_edges: npt.NDArray[np.int32]


def build(outlines: Outlines) -> Grid:
    """What is the grid over these outlines?"""
    edges, starts = outlines.edges, outlines.starts
    west, south = edges[:, [0, 2]].min() - CELL, edges[:, 1].min() - CELL
    east, north = edges[:, [0, 2]].max(), edges[:, 3].max()
    columns, rows = int((east - west) / CELL) + 2, int((north - south) / CELL) + 2
    low = ((edges[:, 1] - south) / CELL).astype(np.int64)
    high = ((edges[:, 3] - south) / CELL).astype(np.int64)
    first_row = np.minimum.reduceat(low, starts[:-1])
    spans = np.maximum.reduceat(high, starts[:-1]) - first_row + 1
    first_band = np.zeros(len(spans) + 1, np.int64)
    np.cumsum(spans, out=first_band[1:])
    district = np.repeat(np.arange(len(spans)), spans)
    row = np.arange(len(district)) - (first_band[:-1] - first_row)[district]
    shift = np.repeat(first_band[:-1] - first_row, np.diff(starts))
    edge, band = _expanded(shift + low, shift + high)
    edge, band = edge[order := np.argsort(band, kind="stable")], band[order]
    bands = np.searchsorted(band, np.arange(len(district) + 1))
    key, whole = _reached(edges[edge], band, south + row * CELL, west, columns)
    where = row[key // columns] * columns + key % columns
    what = (2 * district[key // columns] + whole).astype(np.int32)
    order = np.lexsort((what, where))
    cells = np.zeros(columns * rows + 1, np.int64)
    np.cumsum(np.bincount(where, minlength=columns * rows), out=cells[1:])
    return Grid(
        float(west), float(south), columns, rows, cells, what[order], edges,
        first_row, first_band, bands, edge.astype(np.int32),
    )  # fmt: skip


@numba.njit(cache=True)
def find(grid: Grid, lon: float, lat: float) -> int:
    """Which district, by its place in the outlines, holds this point; -1 if none does?"""
    across, up = (lon - grid.west) / CELL, (lat - grid.south) / CELL
    if not (0.0 <= across < grid.columns and 0.0 <= up < grid.rows):
        return -1
    row = int(up)
    cell = row * grid.columns + int(across)
    for i in range(grid.cells[cell], grid.cells[cell + 1]):
        district = grid.entries[i] >> 1
        if grid.entries[i] & 1:
            return int(district)
        band = grid.first_band[district] + row - grid.first_row[district]
        if _holds(grid.edges, grid.band_edges, grid.bands[band], grid.bands[band + 1], lon, lat):
            return int(district)
    return -1


@numba.njit(cache=True, nogil=True)
def find_all(
    grid: Grid,
    lons: npt.NDArray[np.float64],
    lats: npt.NDArray[np.float64],
    codes: npt.NDArray[np.int32],
) -> npt.NDArray[np.int32]:
    """Which code of `codes` belongs to the district of each point; 0 if none holds it?"""
    found = np.zeros(len(lons), np.int32)
    for i in range(len(lons)):
        place = find(grid, lons[i], lats[i])
        if place >= 0:
            found[i] = codes[place]
    return found


@numba.njit(cache=True)
def _holds(edges: Any, listed: Any, start: int, stop: int, lon: float, lat: float) -> bool:
    """Even-odd rule over some edges: does a ray to the east cross an odd number of them?"""
    inside = False
    for i in range(start, stop):
        e = listed[i]
        if edges[e, 1] <= lat < edges[e, 3]:
            part = (lat - edges[e, 1]) / (edges[e, 3] - edges[e, 1])
            if lon < edges[e, 0] + part * (edges[e, 2] - edges[e, 0]):
                inside = not inside
    return inside


def _expanded(low: Ints, high: Ints) -> tuple[Ints, Ints]:
    """All whole numbers from low[i] to high[i], and beside each the i it comes from."""
    sizes = np.maximum(high - low + 1, 0)
    which = np.repeat(np.arange(len(low)), sizes)
    return which, np.arange(len(which)) + np.repeat(low - (np.cumsum(sizes) - sizes), sizes)


def _reached(
    edges: Floats, band: Ints, bottoms: Floats, west: float, columns: int
) -> tuple[Ints, Ints]:
    """Cells, as band * columns + column, that a district reaches, and 1 for those it covers."""
    border = np.zeros(len(bottoms) * columns, np.bool_)
    border[_touched(edges, band, bottoms[band], west, columns)] = True
    touched = np.flatnonzero(border)
    covered = _inside(edges, band, bottoms[band] + CELL / 2, west, columns)
    covered = covered[~border[covered]]
    return np.concatenate([touched, covered]), np.repeat([0, 1], [len(touched), len(covered)])


def _touched(edges: Floats, band: Ints, bottom: Floats, west: float, columns: int) -> Ints:
    """Cells, as band * columns + column, that an edge touches between `bottom` and a cell above."""
    x0, y0, x1, y1 = edges.T
    rise = np.where(y1 > y0, y1 - y0, np.inf)
    start = np.maximum(0.0, (bottom - MARGIN - y0) / rise)
    stop = np.where(y1 > y0, np.minimum(1.0, (bottom + CELL + MARGIN - y0) / rise), 1.0)
    a, b = x0 + start * (x1 - x0), x0 + stop * (x1 - x0)
    left = ((np.minimum(a, b) - MARGIN - west) / CELL).astype(np.int64)
    right = ((np.maximum(a, b) + MARGIN - west) / CELL).astype(np.int64)
    which, column = _expanded(left, right)
    return band[which] * columns + column


def _inside(edges: Floats, band: Ints, level: Floats, west: float, columns: int) -> Ints:
    """Cells, as band * columns + column, whose centre at `level` lies between two edges."""
    x0, y0, x1, y1 = edges.T
    crossing = (y0 <= level) & (level < y1)
    x0, y0, x1, y1, level, band = (a[crossing] for a in (x0, y0, x1, y1, level, band))
    x = x0 + (level - y0) / (y1 - y0) * (x1 - x0)
    order = np.lexsort((x, band))
    # A closed ring crosses a level an even number of times: in, out, in, out.
    behind = np.ceil((x[order] - west) / CELL - 0.5).astype(np.int64)
    which, column = _expanded(behind[::2], behind[1::2] - 1)
    return band[order][::2][which] * columns + column
