"""Memory that is at hand before it is needed.

A fresh page costs the one who first touches it far more than what is then written on it: 200 MB
took 20 ms where the pages were there and 0.5 s where the machine had to find them. Who must not
wait copies into pages that somebody else has touched.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
Copy = Callable[[Array], Array]
"""Gives an array of one's own with the same values."""

LINE: Final = 64
"""Arrays begin at a multiple of so many bytes."""


def itself(array: Array) -> Array:
    """No copy: the array as it stands, to see what there is to copy."""
    return array


class Spare:
    """So many bytes, touched. Costs the time of its pages in the thread that makes it."""

    def __init__(self, size: int) -> None:
        self._bytes = np.empty(size, np.uint8)
        self._bytes.fill(0)
        self._used = 0

    def copy(self, array: Array) -> Array:
        """A copy in this memory, or in fresh one where too little is left of it."""
        if array.nbytes > len(self._bytes) - self._used or array.dtype.hasobject:
            return array.copy()
        room = self._bytes[self._used : self._used + array.nbytes]
        self._used += math.ceil(array.nbytes / LINE) * LINE
        copied = room.view(array.dtype).reshape(array.shape)
        copied[...] = array
        return copied
