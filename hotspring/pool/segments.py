"""Segments of an open pool: what rules over it may say, and of whom one is true now."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from hotspring.errors import RuleRefused
from hotspring.pipeline import Pipeline
from hotspring.pool.asking import Asking
from hotspring.pool.moments import clock, iso
from hotspring.pool.profiles import Profiles
from hotspring.pool.territory import Territory
from hotspring.pool.trait_columns import TraitColumns
from hotspring.pool.vocabulary import SOON_MS, Vocabulary
from hotspring.rules import LEAVES, Question, read, sentence, written
from hotspring.store import Store

SAMPLE: Final = 10
"""Profiles that are shown of those that match."""


class Segments:
    """Reads rules and asks them of the known profiles. From any thread."""

    def __init__(
        self,
        pipeline: Pipeline,
        store: Store,
        profiles: Profiles,
        territory: Territory,
        traits: TraitColumns,
    ) -> None:
        self._pipeline = pipeline
        self._profiles = profiles
        self._vocabulary = Vocabulary(pipeline, store, territory)
        self._asking = Asking(pipeline, store, territory, traits)

    def preview(self, rule: Any) -> dict[str, Any]:
        """Of how many known profiles is a rule true now, and of whom, for instance?

        Raises `RuleRefused` with every fault and its place.
        """
        now = clock()
        asked = self._read(rule, now)
        found = self._asking.answer(asked, SAMPLE)
        with self._pipeline.lock:
            shown = self._profiles.summary(found.sample, now)
        return {
            "as_of": iso(now),
            "rule": written(asked.rule),
            "sentence": {
                language: sentence(asked.rule, asked.catalogue, language)
                for language in ("zh", "en")
            },
            "count": found.matches,
            "sample": shown,
        }

    def _read(self, rule: Any, now: int) -> Question:
        """A rule as a question; names that came since the last look are looked for."""
        catalogue = self._vocabulary.catalogue(now)
        try:
            return Question(read(rule, catalogue), catalogue, now)
        except RuleRefused as refused:
            if all(fault.code != "unknown_name" for fault in refused.faults):
                raise
        catalogue = self._vocabulary.catalogue(now, SOON_MS)
        return Question(read(rule, catalogue), catalogue, now)

    def vocabulary(self) -> dict[str, Any]:
        """Every leaf with the form of its JSON, and everything there is that rules may name."""
        there = self._vocabulary.catalogue(clock())
        schemas, parts = msgspec.json.schema_components(
            LEAVES.values(), ref_template="#/parts/{name}"
        )
        return {
            "leaves": dict(zip(LEAVES, schemas, strict=True)),
            "parts": parts,
            "timezone": there.timezone,
            "traits": there.traits,
            "events": there.events,
            "identifiers": sorted(there.identifiers),
            "purposes": sorted(there.purposes),
            "channels": sorted(there.channels),
            "currencies": sorted(filter(None, there.rates)),
            "areas": there.areas,
            "outlets": {one: spot.name for one, spot in there.outlets.items()},
            "tags": there.tags,
            "scores": sorted(there.scores),
            "tiers": there.tiers,
            "lifecycle": there.lifecycle,
            "segments": sorted(there.segments),
        }
