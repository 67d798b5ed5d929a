"""How one person is sorted, and was: the segments, tags, scores, tiers and groups of a profile."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, Literal

import numpy as np

from hotspring.pipeline import Pipeline
from hotspring.pool.groups import Groups
from hotspring.pool.moments import iso
from hotspring.pool.scores import Scores
from hotspring.pool.segments import Segments
from hotspring.pool.tags import Tags
from hotspring.pool.tiers import Tiers
from hotspring.segments import members
from hotspring.store import Store
from hotspring.tiers import standing

Rows = list[dict[str, Any]]
PORTION: Final = 1_000


class Placed:
    """Reads it of one profile of an open pool, for the person. From any thread."""

    def __init__(
        self, pipeline: Pipeline, store: Store, segments: Segments, tags: Tags, scores: Scores,
        tiers: Tiers, groups: Groups,
    ) -> None:  # fmt: skip
        self._pipeline = pipeline
        self._store = store
        self._segments = segments
        self._tags = tags
        self._scores = scores
        self._tiers = tiers
        self._groups = groups

    def of(self, slot: int, now: int) -> dict[str, Rows]:
        """Each part is a list of plain records; what was deleted since is told by its id."""
        with self._pipeline.lock:
            who = self._pipeline.state.who
            (key,) = who.public_ids(np.array([slot], np.int32))
            ids = who.identifiers(slot)
        return {
            "segments": self._segments.of_slot(slot),
            "segment_history": list(self._moves("memberships", ids, self._segments.titles())),
            **self._tags.of_person(slot, now),
            "scores": [
                {"name": one["name"], "points": one["points"]}
                for one in self._scores.of_profile(key, "en")["items"]
            ],
            "tiers": [
                {"name": one["name"], "tier": one["tier"], "number": one["value"]}
                for one in self._tiers.of_profile(key, "en")["items"]
            ],
            "tier_history": list(self._moves("standings", ids, self._titles_of_tiers())),
            "groups": [
                {"name": one["name"]} for one in self._groups.of_profile(key, "en")["items"]
            ],
        }

    def _titles_of_tiers(self) -> dict[str, str]:
        return {
            standing.place(kept.id, at): f"{kept.name}: {word}"
            for kept in self._tiers.shelf.book().listed()
            for at, word in enumerate(kept.said.words())
        }

    def _moves(
        self, table: Literal["memberships", "standings"], ids: np.ndarray, titles: dict[str, str]
    ) -> Iterator[dict[str, Any]]:
        """When one of these identifiers entered or left anything, the oldest first."""
        inside = set[str]()
        for row in self._looks(table):
            name = row["segment"]
            change = _change(row, ids, name in inside)
            if change:
                (inside.add if change == "entered" else inside.discard)(name)
                yield {
                    "name": titles.get(name, name),
                    "at": iso(row["at_ms"]),
                    "change": change,
                    "cause": row["cause"],
                }

    def _looks(self, table: str) -> Iterator[dict[str, Any]]:
        # In portions: all rows together hold everybody who was ever in anything.
        sql = (
            f"SELECT segment, at_ms, cause, whole, entered_ids, left_ids FROM {table} ORDER BY seq"
        )
        with self._store.reader(sql) as cursor:
            for batch in cursor.execute(sql).to_arrow_reader(PORTION):
                yield from batch.to_pylist()


def _change(row: dict[str, Any], ids: np.ndarray, inside: bool) -> str | None:
    """What a look at a segment says of who has these identifiers."""
    if row["whole"] is not None:
        is_in = _has(row["whole"], ids)
    elif _has(row["entered_ids"], ids):
        is_in = True
    else:
        is_in = inside and not _has(row["left_ids"], ids)
    if is_in == inside:
        return None
    return "entered" if is_in else "left"


def _has(packed: bytes, ids: np.ndarray) -> bool:
    return bool(np.isin(members.unpacked(packed), ids).any())
