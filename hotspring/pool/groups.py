"""Groups of an open pool: kept, which may overlap, and which of them has the first claim."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from hotspring.named import Kept
from hotspring.pool.export import Export
from hotspring.pool.listing import Listing
from hotspring.pool.moments import clock, iso
from hotspring.pool.numbers import Asked, Ground
from hotspring.pool.scores import Scores, named
from hotspring.pool.shelf import Shelf
from hotspring.rules import Catalogue, sentence
from hotspring.store import Store
from hotspring.tiers import Group, claims, groups


class Groups:
    """Keeps groups and tells who is in which, and whose a profile is. From any thread."""

    def __init__(
        self, store: Store, lists: tuple[Listing, Export], scores: Scores, ground: Ground,
        decide: Callable[[str, str, str], None],
    ) -> None:  # fmt: skip
        self._listing, self._export = lists
        self._scores = scores
        self._ground = ground
        self.shelf = Shelf(store, decide, groups())
        ground.vocabulary.also(self.shelf)

    def all(self, language: Any) -> list[dict[str, Any]]:
        """Every group, the heaviest first."""
        there = self._there()
        return [self._told(one, there, language) for one in self._ordered()]

    def one(self, id_: str, language: Any) -> dict[str, Any]:
        """A group by its id. `NotFound` where there is none."""
        return self._told(self.shelf.book().one(id_), self._there(), language)

    def save(
        self,
        id_: str,
        said: dict[str, Any],
        by: str,
        language: Any,
        version: int | None = None,
    ) -> dict[str, Any]:
        """Keep a group, a new one where `id_` is empty; `version` is the one that was looked at.

        Raises `RuleRefused` with every fault, `Changed` where another version stands.
        """
        if id_:
            self.shelf.book().one(id_)
        own = id_ or self.shelf.new_id("gr")
        group = Group.of(said, own)
        checked = self._ground.checked(clock(), own, group.checked)
        return self.one(self.shelf.keep(checked, by, self._there(), version).id, language)

    def delete(self, id_: str, by: str) -> str:
        """Forget a group; its name."""
        return self.shelf.delete(id_, self._there(), by).name

    def claims(self) -> dict[str, Any]:
        """How many are in each group, and how many of them does it claim?"""
        now, kept = clock(), self._ordered()
        slots, inside, claimed = self._inside(kept, now)
        many = np.bincount(claimed[claimed >= 0], minlength=len(kept)).tolist()
        return {
            "as_of": iso(now),
            "profiles": len(slots),
            "claimed": int((claimed >= 0).sum()),
            "several": int((inside.sum(axis=1) > 1).sum()),
            "items": [
                {"id": one.id, "name": one.name, "weight": one.said.weight,
                 "profiles": int(inside[:, at].sum()), "claimed": many[at]}
                for at, one in enumerate(kept)
            ],
        }  # fmt: skip

    def members(
        self, id_: str, claimed: bool, limit: int, cursor: str | None
    ) -> tuple[list[dict[str, Any]], str | None]:
        """One page of who is in a group, or only of whom it claims, the hottest first."""
        now = clock()
        among = self.among(id_, claimed, now)
        return self._listing.page(None, None, None, "temperature", limit, cursor, False, now, among)

    def export(self, id_: str, claimed: bool) -> Iterator[list[dict[str, Any]]]:
        """Who is in a group, with identifiers and traits, a portion at a time."""
        now = clock()
        return self._export.of(self.among(id_, claimed, now), now)

    def of_profile(self, key: str, language: Any) -> dict[str, Any]:
        """Which groups want a profile, and which one claims it?"""
        now, kept = clock(), self._ordered()
        slot, name = self._scores.whose(key, now)
        slots, inside, first = self._inside(kept, now, np.array([slot], np.int32))
        wanted = np.flatnonzero(inside[0]).tolist() if len(slots) else []
        return {
            "as_of": iso(now),
            "profile": name,
            "claimed_by": kept[first[0]].id if wanted else None,
            "items": [
                {"id": kept[at].id, "name": kept[at].name, "weight": kept[at].said.weight}
                for at in wanted
            ],
        }

    # --- inside ---

    def _there(self) -> Catalogue:
        return self._ground.vocabulary.catalogue(clock())

    def _ordered(self) -> list[Kept[Group]]:
        """The heaviest first; of equally heavy ones the oldest."""
        kept = self.shelf.book().kept.values()
        return sorted(kept, key=lambda one: (-one.said.weight, one.created_ms, one.id))

    def among(self, id_: str, claimed: bool, now: int) -> np.ndarray:
        """The slots of who is in a group, or only of whom it claims."""
        self.shelf.book().one(id_)
        kept = self._ordered()
        slots, inside, first = self._inside(kept, now)
        at = [one.id for one in kept].index(id_)
        found: np.ndarray = slots[first == at if claimed else inside[:, at]]
        return found

    def _inside(
        self, kept: list[Kept[Group]], now: int, slots: Any = None
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Slots, in which groups each is, and which one claims it."""
        asks = [Asked(one.rules[0]) for one in kept]
        found = self._ground.read(asks, self._there(), now, slots)
        inside = found.values > 0
        return found.slots, inside, claims(inside, [one.said.weight for one in kept])

    def _told(self, kept: Kept[Group], there: Catalogue, language: Any) -> dict[str, Any]:
        said = kept.said
        return {
            **named(kept, there),
            "rule": said.rule,
            "scheme": said.scheme,
            "scheme_name": there.title(said.scheme) if said.scheme else "",
            "tiers": list(said.tiers),
            "weight": said.weight,
            "sentence": sentence(kept.rules[0], there, language),
        }
