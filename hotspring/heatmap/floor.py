"""No area with fewer than k profiles is told, nor one that the rest of its parent would tell."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


def shown(profiles: Ints, above: npt.NDArray[np.int32], k: int) -> Mask:
    """Which areas may be told, given how many are in each and which parent each is part of?

    None with fewer than `k`. Where what is withheld of a parent is fewer than `k` together, the
    smallest of its other areas are withheld too, so that the parent less its areas tells no small
    group either.
    """
    told = profiles >= k
    if len(profiles):
        order = np.lexsort((profiles, above))
        _widen(profiles, above, told, order, k)
    return told


@numba.njit(cache=True, nogil=True)
def _widen(profiles: Any, above: Any, told: Any, order: Any, k: Any) -> None:
    at = 0
    while at < len(order):
        end, rest = at, 0
        while end < len(order) and above[order[end]] == above[order[at]]:
            if not told[order[end]]:
                rest += profiles[order[end]]
            end += 1
        # The smallest first: those below k are withheld already.
        for i in range(at, end):
            if rest == 0 or rest >= k:
                break
            if told[order[i]]:
                told[order[i]] = False
                rest += profiles[order[i]]
        at = end
