"""What did not become one: ties that joined nobody, and what people decided to keep apart."""

from __future__ import annotations

import itertools
from typing import Final

import numpy as np

from hotspring.identity.columns import CROWDED, FOREIGN, PARTED, UNBOUND
from hotspring.identity.live import Live
from hotspring.identity.stream import TIES_USED

_SILENT: Final = CROWDED | FOREIGN | PARTED


def loose(live: Live, start: int, count: int) -> np.ndarray:
    """int32[n, 2]: strong identifiers that an event named together and that are not one person.

    Looks at `count` ties from `start` on. Not told: values over their limit, which say nothing
    about anyone, and pairs of which both ends once had something taken back.
    """
    end = min(start + count, int(live.counts[TIES_USED]))
    ids, ties = live.ids, live.ties
    a, b = ties.a[start:end], ties.b[start:end]
    apart = (ids.slot[a] != ids.slot[b]) & live.kinds.strong[ids.kind[a]]
    at = np.flatnonzero(apart & live.kinds.strong[ids.kind[b]])
    a, b = a[at], b[at]
    told = (ids.mark[a] | ids.mark[b]) & _SILENT == 0
    told &= ids.mark[a] & ids.mark[b] & UNBOUND == 0
    return np.stack([a[told], b[told]], axis=1)


def apart(live: Live) -> dict[tuple[int, int], str]:
    """Which profile slots shall not be joined, the smaller first: `refused` or `separated`."""
    slot = live.ids.slot
    found: dict[tuple[int, int], str] = {}
    for word, sides in live.rulings.apart():
        a, b = ({int(slot[i]) for i in side if slot[i] >= 0} for side in sides)
        for pair in itertools.product(a, b):
            if pair[0] != pair[1]:
                found[min(pair), max(pair)] = word
    return found
