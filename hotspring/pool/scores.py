"""Scores of an open pool: kept, computed for everybody in one pass, spread, and explained."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import msgspec
import numpy as np
import pyarrow as pa

from hotspring.named import Kept
from hotspring.pipeline import Pipeline
from hotspring.pool.moments import clock, iso
from hotspring.pool.numbers import Asked, Ground
from hotspring.pool.profiles import Profiles
from hotspring.pool.rulebook import Decide
from hotspring.pool.shelf import Shelf, used_by
from hotspring.rules import Catalogue, read, sentence
from hotspring.scores import Points, Score, scores, spread
from hotspring.store import Store

TOP: Final = 10
"""Profiles that are shown of those with the most points."""


class Scores:
    """Keeps scores and tells the points of the known profiles. From any thread."""

    def __init__(
        self, pipeline: Pipeline, store: Store, profiles: Profiles, ground: Ground, decide: Decide
    ) -> None:
        self._pipeline = pipeline
        self._profiles = profiles
        self._ground = ground
        self.shelf = Shelf(store, decide, scores())
        ground.vocabulary.also(self.shelf)
        ground.asking.scores = self.column

    # --- what is kept ---

    def all(self, language: Any) -> list[dict[str, Any]]:
        """Every score, by name."""
        there = self._there()
        return [self._told(one, there, language) for one in self.shelf.book().listed()]

    def one(self, id_: str, language: Any) -> dict[str, Any]:
        """A score by its id. `NotFound` where there is none."""
        return self._told(self.shelf.book().one(id_), self._there(), language)

    def save(
        self,
        id_: str,
        said: dict[str, Any],
        by: str,
        language: Any,
        new: str = "",
        version: int | None = None,
    ) -> dict[str, Any]:
        """Keep a score, a new one where `id_` is empty, with the id `new` where one is given;
        `version` is the one that was looked at.

        Raises `RuleRefused` with every fault, `Changed` where another version stands.
        """
        if id_:
            self.shelf.book().one(id_)
        own = id_ or new or self.shelf.new_id("sc")
        kept = self.shelf.keep(self._checked(said, own), by, self._there(), version)
        return self.one(kept.id, language)

    def delete(self, id_: str, by: str) -> str:
        """Forget a score; its name. Raises `Conflict` where something uses it."""
        return self.shelf.delete(id_, self._there(), by).name

    # --- what it comes to ---

    def preview(
        self, said: dict[str, Any], shares: Sequence[float], language: Any
    ) -> dict[str, Any]:
        """How would these lines spread over everybody? Nothing is kept."""
        score = self._checked({"name": "-", **said}, "")
        rules = [read(one, None) for one in score.asks()]
        return self._spread(score, rules, shares, language)

    def distribution(self, id_: str, shares: Sequence[float], language: Any) -> dict[str, Any]:
        """How is a score spread, where do shares part, and who has most of it?"""
        kept = self.shelf.book().one(id_)
        return self._spread(kept.said, kept.rules, shares, language)

    def explain(self, id_: str, key: str, language: Any) -> dict[str, Any]:
        """What did each line of a score give a profile?"""
        now = clock()
        slot, name = self.whose(key, now)
        return {
            "as_of": iso(now),
            "profile": name,
            **self._explained(self.shelf.book().one(id_), slot, now, language),
        }

    def of_profile(self, key: str, language: Any) -> dict[str, Any]:
        """Every score of a profile, explained."""
        now = clock()
        slot, name = self.whose(key, now)
        return {
            "as_of": iso(now),
            "profile": name,
            "items": [
                self._explained(one, slot, now, language) for one in self.shelf.book().listed()
            ],
        }

    def of_whom(self, id_: str, rule: Any, now: int) -> tuple[np.ndarray, Points]:
        """Slots of the known profiles of whom a rule is true, and their points.

        Raises `RuleRefused` where the rule cannot be asked.
        """
        kept = self.shelf.book().one(id_)
        asked = self._ground.checked(now, "", lambda reader: reader(rule))
        lines = zip(kept.rules, kept.said.lines, strict=True)
        asks = [Asked(asked), *(Asked(one, line.amount) for one, line in lines)]
        found = self._ground.read(asks, self._ground.vocabulary.catalogue(now), now)
        true = found.values[:, 0] > 0
        return found.slots[true], Points.of(kept.said, found.values[true, 1:])

    def titles(self, id_: str, language: Any) -> list[str]:
        """What each line of a score is called."""
        kept = self.shelf.book().one(id_)
        return titles(kept.said.lines, kept.rules, self._there(), language)

    def whose(self, key: str, now: int) -> tuple[int, str]:
        """The slot and the public id of a profile."""
        with self._pipeline.lock:
            slot = self._profiles.slot(key, now)
            (name,) = self._pipeline.state.who.public_ids(np.array([slot], np.int32))
        return slot, name

    # --- inside ---

    def _there(self) -> Catalogue:
        return self._ground.vocabulary.catalogue(clock())

    def _checked(self, said: dict[str, Any], own: str) -> Score:
        score = Score.of(said, own)
        return self._ground.checked(clock(), own, score.checked)

    def _points(
        self, score: Score, rules: Sequence[Any], now: int, slots: Any = None
    ) -> tuple[np.ndarray, Points]:
        asks = [Asked(rule, line.amount) for rule, line in zip(rules, score.lines, strict=True)]
        found = self._ground.read(asks, self._ground.vocabulary.catalogue(now), now, slots)
        return found.slots, Points.of(score, found.values)

    def column(self, id_: str, now: int, among: np.ndarray | None) -> pa.Array:
        """The points by slot, or in the order of some; null for who is not known."""
        kept = self.shelf.book().one(id_)
        slots, points = self._points(kept.said, kept.rules, now, among)
        size = int(slots.max(initial=-1)) + 1 if among is None else len(among)
        column = np.full(size, np.nan)
        column[slots if among is None else np.searchsorted(among, slots)] = points.points
        return pa.array(column, mask=np.isnan(column))

    def _spread(
        self, score: Score, rules: Sequence[Any], shares: Sequence[float], language: Any
    ) -> dict[str, Any]:
        now = clock()
        slots, points = self._points(score, rules, now)
        values = points.points
        top = np.argsort(-points.total, kind="stable")[:TOP]
        with self._pipeline.lock:
            shown = self._profiles.summary(slots[top], now)
        gave = (points.lines != 0).sum(axis=0).tolist()
        said = sentences(score.lines, rules, self._there(), language)
        return {
            "as_of": iso(now),
            **told(spread.Spread.of(values)),
            "cuts": [
                {"share": share, "value": value}
                for share, value in zip(shares, spread.cuts(values, shares), strict=False)
            ],
            "lines": [
                {"profiles": count, "sentence": one} for count, one in zip(gave, said, strict=True)
            ],
            "top": [
                {**one, "points": value}
                for one, value in zip(shown, values[top].tolist(), strict=True)
            ],
        }

    def _explained(self, kept: Kept[Score], slot: int, now: int, language: Any) -> dict[str, Any]:
        among = np.array([slot], np.int32)
        slots, points = self._points(kept.said, kept.rules, now, among)
        known = len(slots) > 0
        gave = points.gave[0].tolist() if known else [0.0] * (len(kept.said.lines) + 1)
        there = self._there()
        return {
            "id": kept.id,
            "name": kept.name,
            "points": float(points.points[0]) if known else None,
            "lines": [
                {"title": title, "points": given}
                for title, given in zip(
                    titles(kept.said.lines, kept.rules, there, language), gave[:-1], strict=True
                )
            ],
            "limited": gave[-1],
        }

    def _told(self, kept: Kept[Score], there: Catalogue, language: Any) -> dict[str, Any]:
        said = kept.said
        return {
            **named(kept, there),
            "lines": [
                {**msgspec.to_builtins(line), "sentence": spoken}
                for line, spoken in zip(
                    said.lines, sentences(said.lines, kept.rules, there, language), strict=True
                )
            ],
            "floor": said.floor,
            "cap": said.cap,
        }


def named(kept: Kept[Any], there: Catalogue) -> dict[str, Any]:
    """What is told of everything that has a name."""
    return {
        "id": kept.id,
        "name": kept.name,
        "description": kept.description,
        "version": kept.version,
        "created_at": iso(kept.created_ms),
        "created_by": kept.created_by,
        "updated_at": iso(kept.updated_ms),
        "updated_by": kept.updated_by,
        "used_by": used_by(kept.id, there),
    }


def told(found: spread.Spread) -> dict[str, Any]:
    """How a number is spread, as it is shown."""
    return {**found._asdict(), "bars": [bar._asdict() for bar in found.bars]}


def sentences(
    lines: Sequence[Any], rules: Sequence[Any], there: Catalogue, language: Any
) -> list[str]:
    """What each line asks."""
    return [
        sentence(rule, there, language) if line.amount is None else subject(rule, there, language)
        for line, rule in zip(lines, rules, strict=True)
    ]


def titles(
    lines: Sequence[Any], rules: Sequence[Any], there: Catalogue, language: Any
) -> list[str]:
    """What each line is called: as people did, else what it asks."""
    said = sentences(lines, rules, there, language)
    return [line.title or one for line, one in zip(lines, said, strict=True)]


def subject(leaf: Any, there: Catalogue, language: Any) -> str:
    """What a measure measures, in words."""
    return sentence(leaf, there, language, measured=True)
