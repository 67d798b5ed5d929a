"""Whom a list or the map is narrowed to: those that one thing means which sorts people."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
import pyarrow.compute as pc

from hotspring.errors import BadRequest, NotFound
from hotspring.pool.analytics import Analytics
from hotspring.pool.groups import Groups
from hotspring.pool.moments import clock
from hotspring.pool.scores import Scores
from hotspring.pool.segments import Segments
from hotspring.pool.tags import Tags
from hotspring.pool.tiers import Tiers

FORMS: Final = (
    "segment:ID", "tag:ID", "tag:ID:VALUE", "tier:ID:TIER", "score:ID:LEAST", "group:ID",
    "rfm:CLASS", "lifecycle:STAGE",
)  # fmt: skip


class Among:
    """Finds who is meant in an open pool. From any thread."""

    def __init__(
        self, analytics: Analytics, segments: Segments, tags: Tags, scores: Scores, tiers: Tiers,
        groups: Groups,
    ) -> None:  # fmt: skip
        self._analytics = analytics
        self._scores = scores
        self._stages = segments.stages
        self._looks: dict[str, Callable[[str, str], np.ndarray]] = {
            "segment": lambda id_, _: segments.among(id_),
            "tag": lambda id_, value: tags.among(id_, value or None),
            "tier": lambda id_, tier: tiers.among(id_, tier, clock()),
            "score": self._scored,
            "group": lambda id_, _: groups.among(id_, False, clock()),
            "rfm": self._of_class,
            "lifecycle": self._staged,
        }

    def __call__(self, text: str) -> np.ndarray:
        """int32: the slots of who is meant now.

        Raises `BadRequest` where it is none of `FORMS`, `NotFound` where there is no such thing.
        """
        kind, _, rest = text.partition(":")
        id_, _, value = rest.partition(":")
        if kind not in self._looks or not id_:
            raise BadRequest(f"among is one of {', '.join(FORMS)}")
        return self._looks[kind](id_, value)

    def _scored(self, id_: str, least: str) -> np.ndarray:
        try:
            bound = float(least)
        except ValueError:
            raise BadRequest(f"{least!r} is no number of points") from None
        points = pc.fill_null(self._scores.column(id_, clock(), None), np.nan)
        # Who has no points is not known: nothing compares with them.
        return _slots(points.to_numpy(zero_copy_only=False) >= bound)

    def _of_class(self, name: str, _: str) -> np.ndarray:
        _told, customers, names, codes = self._analytics.worth()
        if name not in names:
            raise NotFound(f"there is no class {name!r}; there are {', '.join(names)}")
        found: np.ndarray = customers.profile[codes == list(names).index(name)]
        return found.astype(np.int32)

    def _staged(self, name: str, _: str) -> np.ndarray:
        names = self._stages.names
        if name not in names:
            raise NotFound(f"there is no stage {name!r}; there are {', '.join(names)}")
        return _slots(self._stages.of_all(clock()) == names.index(name))


def _slots(which: np.ndarray) -> np.ndarray:
    return np.flatnonzero(which).astype(np.int32)
