"""How sets of profiles overlap: how many are in exactly these of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from hotspring.errors import BadRequest

MOST = 5
"""Sets at once: 31 parts can still be read."""

Part = tuple[tuple[int, ...], int]


def overlap(sets: Sequence[np.ndarray]) -> list[Part]:
    """By the places of the sets, how many profiles are in all of these and in no other of them?

    `sets` hold slots, each once. The parts share no profile and come to the union; the largest
    first, empty ones left out. Raises `BadRequest` for fewer than two sets or more than `MOST`.
    """
    if not 2 <= len(sets) <= MOST:
        raise BadRequest(f"name 2 to {MOST} segments")
    size = 1 + max((int(one.max()) for one in sets if len(one)), default=-1)
    inside = np.zeros(size, np.uint8)
    for place, one in enumerate(sets):
        inside[one] |= np.uint8(1 << place)
    counts = np.bincount(inside, minlength=1 << len(sets))
    parts = [
        (tuple(place for place in range(len(sets)) if code >> place & 1), int(count))
        for code, count in enumerate(counts.tolist())
        if code and count
    ]
    return sorted(parts, key=lambda part: (-part[1], part[0]))
