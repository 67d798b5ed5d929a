"""How far the pipeline is, told to the door through a few bytes of shared memory."""

from __future__ import annotations

import mmap
import os
import struct
from pathlib import Path
from typing import Final

_FORM: Final = struct.Struct("<qq")


class Position:
    """The number of the newest applied journal record, written by the owner, read by the door."""

    def __init__(self, path: Path) -> None:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            os.ftruncate(handle, _FORM.size)
            self._memory = mmap.mmap(handle, _FORM.size)
        finally:
            os.close(handle)

    @property
    def applied(self) -> int:
        # Written twice, one after the other: at most one half is being changed right now.
        return int(min(_FORM.unpack_from(self._memory)))

    @applied.setter
    def applied(self, seq: int) -> None:
        _FORM.pack_into(self._memory, 0, seq, seq)

    def close(self) -> None:
        self._memory.close()
