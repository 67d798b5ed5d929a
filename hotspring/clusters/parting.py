"""Parts points into groups of near ones, and says how plainly they part."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from hotspring.clusters.prepare import Floats, Ints

SEED: Final = 7
STARTS: Final = 4
"""Beginnings that are tried for each number of groups; the tightest result is taken."""
ROUNDS: Final = 60
LOOKED: Final = 1_500
"""Points that a silhouette is measured on."""
SAME: Final = 0.98
"""Centres of before are kept as long as others part less than this much more tightly."""
LEVEL: Final = 0.01
"""Silhouettes that differ by less are level."""
BLOCK: Final = 100_000

Tell = Callable[[float], None]
"""Is told how much of the work is done, 0 to 1; may raise to end it."""


class Parted(NamedTuple):
    """Groups of points."""

    centres: Floats
    spread: float
    """Mean squared distance to the nearest centre."""
    silhouette: float


def part(
    points: Floats, counts: Sequence[int], before: Floats | None, tell: Tell
) -> tuple[Parted | None, tuple[tuple[int, float], ...]]:
    """The groups whose number has the greatest silhouette, the fewest of those that are level, and
    that of every number tried; none where there are not as many different points.

    With centres of `before` of the same number these are where the groups begin, so that a refresh
    of what hardly changed gives the same ones.
    """
    found = list[Parted]()
    for done, count in enumerate(counts):
        tell(done / len(counts))
        one = _tightest(points, count, before)
        found += [] if one is None else [one]
    most = max((one.silhouette for one in found), default=0.0)
    best = next((one for one in found if one.silhouette >= most - LEVEL), None)
    return best, tuple((len(one.centres), round(one.silhouette, 4)) for one in found)


def nearest(points: Floats, centres: Floats) -> Ints:
    """int32: which centre is each point nearest to?"""
    # Imported late: only a run pays for it.
    from scipy.cluster.vq import vq

    out = np.empty(len(points), np.int32)
    for start in range(0, len(points), BLOCK):
        out[start : start + BLOCK] = vq(points[start : start + BLOCK], centres)[0]
    return out


def silhouette(points: Floats, codes: Ints) -> float:
    """How much nearer is a point to its own group than to the next one? Mean of (b - a) / max."""
    from scipy.spatial.distance import cdist

    rows = np.random.default_rng(SEED).permutation(len(points))[:LOOKED]
    points, codes = points[rows], codes[rows]
    names, place = np.unique(codes, return_inverse=True)
    if len(names) < 2:
        return 0.0
    member = (place[:, None] == np.arange(len(names))).astype(float)
    sums, sizes = cdist(points, points) @ member, member.sum(axis=0)
    own = np.arange(len(points)), place
    alone = sizes[place] == 1
    inner = sums[own] / np.maximum(sizes[place] - 1, 1)
    outer = sums / sizes
    outer[own] = np.inf
    other = outer.min(axis=1)
    size = np.maximum(inner, other)
    width = np.where(alone | (size == 0), 0.0, (other - inner) / np.where(size == 0, 1.0, size))
    return float(width.mean())


def shuffled(points: Floats, blocks: npt.NDArray[np.int64], count: int) -> float:
    """The silhouette of as many groups where each trait is dealt out anew: what is left of it when
    there is nothing to find. `blocks` says which columns are of one trait."""
    random = np.random.default_rng(SEED)
    dealt = points.copy()
    if len(np.unique(blocks)) == 1:
        # Dealt out anew, a single trait is what it was: even spread is compared instead.
        dealt = random.uniform(points.min(axis=0), points.max(axis=0), points.shape)
    for block in np.unique(blocks):
        mine = blocks == block
        dealt[:, mine] = dealt[random.permutation(len(points))][:, mine]
    found = _tightest(dealt, count, None)
    return 0.0 if found is None else found.silhouette


def _tightest(points: Floats, count: int, before: Floats | None) -> Parted | None:
    known = before if before is not None and len(before) == count else None
    fresh = [_lloyd(points, count, SEED + start, None) for start in range(STARTS)]
    found = [one for one in fresh if one is not None]
    best = min(found, key=lambda one: one[1], default=None)
    if known is not None:
        kept = _lloyd(points, count, SEED, known)
        if kept is not None and (best is None or best[1] > kept[1] * SAME):
            best = kept
    if best is None:
        return None
    centres, spread = best
    return Parted(centres, spread, silhouette(points, nearest(points, centres)))


def _lloyd(
    points: Floats, count: int, seed: int, begin: Floats | None
) -> tuple[Floats, float] | None:
    """Centres after Lloyd's rounds from a beginning of k-means++ or a given one; none where a
    group came out empty."""
    from scipy.cluster.vq import ClusterError, kmeans2, vq

    random = np.random.default_rng(seed)
    given, how = (count, "++") if begin is None else (begin, "matrix")
    try:
        with np.errstate(invalid="ignore"):
            centres, _ = kmeans2(points, given, iter=ROUNDS, minit=how, missing="raise", rng=random)
    except (ClusterError, ValueError):
        return None
    order = np.lexsort(centres.T[::-1]) if begin is None else np.arange(count)
    away = vq(points, centres)[1]
    return centres[order], float((away**2).mean())
