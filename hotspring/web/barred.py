"""Who was erased and must not come in again: how the door knows them and turns them away."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa

from hotspring import tombstones
from hotspring.collect import Judge
from hotspring.delivery import stretch, without
from hotspring.event import Refused
from hotspring.keys import KEY_BYTES, fingerprints
from hotspring.privacy import mentions
from hotspring.settings import Settings

FOLLOW_SECONDS: Final = 0.1
"""Who was just erased is turned away after at most this long; until then the pipeline does it."""
ERASED: Final = "erased"
DETAIL: Final = "The event names a person who was erased; nothing of it is kept."


class Turned(NamedTuple):
    """A delivery without those who must not come in."""

    body: bytes
    gone: list[int]
    """Which of its events went, by their place among the accepted ones."""
    refused: list[Refused]
    """All refusals as they may be kept, in the order of their places."""


class Barred:
    """Follows the folder's file of tombstones, and takes these people out of what is sent."""

    def __init__(
        self, folder: Path, settings: Settings, judge: Judge, clock: Callable[[], float]
    ) -> None:
        """`clock` gives seconds."""
        self._folder = folder
        self._form = judge.identifiers
        self._kinds = [kind.name for kind in settings.identifier_kinds]
        self._clock = clock
        self._looked = -FOLLOW_SECONDS
        self._mark: tuple[int, int] | None = None
        self._stones = np.empty(0, np.uint64)
        self._key = bytes(KEY_BYTES)

    def __bool__(self) -> bool:
        """Is there anybody to turn away?"""
        now = self._clock()
        if now - self._looked >= FOLLOW_SECONDS:
            self._looked = now
            self._look()
        return len(self._stones) > 0

    def turned(self, body: bytes) -> Turned | None:
        """A delivery as it may be journalled; None where it names nobody."""
        came = stretch([body])
        rows = np.repeat(np.arange(len(came.id_counts)), came.id_counts)
        gone = np.bincount(rows, self._known(came.ids), len(came.id_counts)) > 0
        refused = [self._passed(one) for one in came.refused[0]]
        if not gone.any() and refused == came.refused[0]:
            return None
        taken = {one.index for one in refused}
        places = [at for at in range(len(gone) + len(taken)) if at not in taken]
        out = np.flatnonzero(gone).tolist()
        refused += [Refused(places[at], "", ERASED, DETAIL, "") for at in out]
        refused.sort(key=lambda one: one.index)
        return Turned(without(body, (~gone).tolist(), refused), out, refused)

    def _passed(self, refused: Refused) -> Refused:
        named = mentions.named_in(refused.body, self._kinds, self._form)
        if not named or not self._known(pa.array(sorted(named), pa.string())).any():
            return refused
        return Refused(refused.index, "", ERASED, DETAIL, "")

    def _known(self, texts: pa.StringArray) -> np.ndarray:
        prints = fingerprints(texts, self._key)
        at = np.minimum(np.searchsorted(self._stones, prints), len(self._stones) - 1)
        return np.asarray(self._stones[at] == prints)

    def _look(self) -> None:
        try:
            status = (self._folder / tombstones.FILE).stat()
        except FileNotFoundError:
            self._stones, self._mark = np.empty(0, np.uint64), None
            return
        mark = status.st_mtime_ns, status.st_ino
        if mark != self._mark:
            self._stones = np.array(sorted(tombstones.read(self._folder)), np.uint64)
            self._key = (self._folder / "pool.key").read_bytes()
            self._mark = mark
