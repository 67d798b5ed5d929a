"""All profiles with their identifiers and traits, a portion at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np

from hotspring.errors import BadRequest
from hotspring.pipeline import Pipeline
from hotspring.pool.profiles import Profiles
from hotspring.store import Store
from hotspring.temperature import law

PORTION: Final = 2_000


class Export:
    """Reads all known profiles of an open pool: two queries a portion, not a person."""

    def __init__(self, pipeline: Pipeline, store: Store, profiles: Profiles) -> None:
        self._pipeline = pipeline
        self._store = store
        self._profiles = profiles

    def portions(self, band: str | None, now: int) -> Iterator[list[dict[str, Any]]]:
        """The known profiles, of one band where given; all temperatures as of `now` (ms)."""
        if band is not None and band not in law.BANDS:
            raise BadRequest(f"band is one of {', '.join(law.BANDS)}")
        with self._pipeline.lock:
            state = self._pipeline.state
            slots = state.who.slots(known_only=True)
            if band is not None:
                bands = law.band(state.heat.energy(now, slots), state.rules.e_half)
                slots = slots[bands == law.BANDS.index(band)]
        return self.of(slots, now)

    def of(
        self, slots: np.ndarray, now: int, values: Sequence[str] | None = None
    ) -> Iterator[list[dict[str, Any]]]:
        """Those of these profiles that are known, as of `now` (ms); where `values` are given, each
        with the value that stands at its place."""
        for start in range(0, len(slots), PORTION):
            part = slice(start, start + PORTION)
            yield self._portion(slots[part], now, None if values is None else values[part])

    def _portion(
        self, slots: np.ndarray, now: int, values: Sequence[str] | None
    ) -> list[dict[str, Any]]:
        with self._pipeline.lock:
            who = self._pipeline.state.who
            # Who was joined to another since the start is told with the other.
            stays = np.isin(slots, who.slots(known_only=True))
            slots = slots[stays]
            lines = self._profiles.summary(slots, now)
            origins = [who.origins(slot) for slot in slots.tolist()]
        ids = sorted({i for spans in origins for i, _, _ in spans})
        texts = self._profiles.texts(ids)
        known = self._profiles.traits(origins)
        valued: list[dict[str, str]] = [{} for _ in lines]
        if values is not None:
            valued = [{"value": values[at]} for at in np.flatnonzero(stays).tolist()]
        return [
            {
                **line,
                **value,
                "identifiers": [_named(texts[i]) for i in sorted({i for i, _, _ in spans})],
                "traits": traits,
            }
            for line, value, spans, traits in zip(lines, valued, origins, known, strict=True)
        ]


def _named(text: str) -> dict[str, str]:
    kind, _, value = text.partition(":")
    return {"kind": kind, "value": value}
