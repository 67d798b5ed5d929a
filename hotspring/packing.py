"""Numbers of identifiers in few bytes, for commands that name many people."""

from __future__ import annotations

import zlib

import numpy as np


def packed(ids: np.ndarray) -> bytes:
    """Numbers of identifiers, each once, in few bytes."""
    steps = np.diff(np.sort(ids).astype(np.int64), prepend=0).astype("<i4")
    return zlib.compress(steps.tobytes(), 1) if len(ids) else b""


def unpacked(told: bytes) -> np.ndarray:
    """int32, ascending: what was packed."""
    if not told:
        return np.empty(0, np.int32)
    steps = np.frombuffer(zlib.decompress(told), "<i4")
    return np.cumsum(steps, dtype=np.int64).astype(np.int32)
