"""Whom the pipeline touched since somebody last asked, however long ago that was."""

from __future__ import annotations

import numpy as np

from hotspring.pipeline.state import Touched
from hotspring.pipeline.warming import NOBODY

MOST = 256
"""Parts that are kept apart; more are joined to one."""


class Ear:
    """Hears slots, for one who takes them. Whoever calls it holds the lock of the pipeline."""

    def __init__(self) -> None:
        self.everyone = False
        """May anybody have changed, in ways that no slot tells?"""
        self._parts: list[np.ndarray] = []

    def hear(self, touched: Touched | None) -> None:
        """Remember these slots; None where it may be all."""
        if touched is None:
            self.everyone = True
            return
        self._parts += [touched.warmed, touched.changed, touched.gone, touched.regrouped]
        if len(self._parts) > MOST:
            self._parts = [self._joined()]

    def take(self) -> tuple[np.ndarray, bool]:
        """int32: all slots since the last time, each once; and whether it may be everybody."""
        found, everyone = self._joined(), self.everyone
        self._parts, self.everyone = [], False
        return found, everyone

    def _joined(self) -> np.ndarray:
        return np.unique(np.concatenate([NOBODY, *self._parts])).astype(np.int32)
