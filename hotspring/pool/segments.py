"""Segments of an open pool: what rules over it may say, of whom one is true, which have a name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

import msgspec
import numpy as np

from hotspring.errors import BadRequest, Conflict, NotReady
from hotspring.named import Kept
from hotspring.pipeline import Pipeline
from hotspring.pool.asking import Asking
from hotspring.pool.comparing import Comparing
from hotspring.pool.export import Export
from hotspring.pool.listing import Listing
from hotspring.pool.membership import Journal, Membership
from hotspring.pool.moments import clock, iso
from hotspring.pool.numbers import Ground
from hotspring.pool.orders import Orders
from hotspring.pool.pace import Paces
from hotspring.pool.profiles import Profiles
from hotspring.pool.rulebook import Decide
from hotspring.pool.segment_lists import Lists
from hotspring.pool.segment_log import Log
from hotspring.pool.segment_shelf import SegmentShelf
from hotspring.pool.shelf import used_by
from hotspring.pool.stages import Stages
from hotspring.pool.territory import Territory
from hotspring.pool.trait_columns import TraitColumns
from hotspring.pool.vocabulary import Vocabulary
from hotspring.rules import LEAVES, Catalogue, Question, read, sentence, written
from hotspring.segments import Saved, overlap
from hotspring.store import Store

SAMPLE: Final = 10
"""Profiles that are shown of those that match."""


class Segments:
    """Keeps segments, reads rules and asks them of the known profiles. From any thread."""

    def __init__(
        self,
        pipeline: Pipeline,
        store: Store,
        profiles: Profiles,
        territory: Territory,
        traits: TraitColumns,
        lists: tuple[Listing, Export],
        decide: Decide,
        journal: tuple[Journal, int],
    ) -> None:
        self._pipeline = pipeline
        self._listing, self._export = lists
        self._profiles = profiles
        self._vocabulary = Vocabulary(pipeline, store, territory)
        self.paces = Paces(store, decide)
        """By which pace people go through the life cycle."""
        self.stages = Stages(pipeline, Orders(pipeline), self.paces)
        self._asking = Asking(pipeline, store, territory, traits, self.stages)
        self.ground = Ground(self._vocabulary, self._asking)
        """On which all else stands that asks rules."""
        self._lists = Lists(pipeline, profiles)
        self._log = Log(pipeline, store)
        self._shelf = SegmentShelf(store, decide)
        self._vocabulary.also(self._shelf)
        self._asking.lists = self._shelf.listed
        self._comparing = Comparing(pipeline, store, lambda *asked: self._asking.tiers(*asked))
        self.draw: Callable[[np.ndarray, Catalogue, int], dict[str, Any]]
        """Draws a portrait of the profiles in some slots; set by who has what it takes."""
        self.membership = Membership(
            pipeline, store, self._shelf, self._vocabulary, self._asking, traits, *journal
        )
        """Who is in which of them."""

    # --- rules that are tried ---

    def preview(self, rule: Any) -> dict[str, Any]:
        """Of how many known profiles is a rule true now, and of whom, for instance?

        Raises `RuleRefused` with every fault and its place.
        """
        now = clock()
        asked = self._asked(rule, "", now)
        found = self._asking.answer(asked, SAMPLE)
        with self._pipeline.lock:
            shown = self._profiles.summary(found.sample, now)
        given = read(rule, None)
        return {
            "as_of": iso(now),
            "rule": written(given),
            "sentence": {
                language: sentence(given, asked.catalogue, language) for language in ("zh", "en")
            },
            "count": found.matches,
            "sample": shown,
        }

    def _asked(self, rule: Any, own: str, now: int) -> Question:
        """A rule as a question."""

        def ask(there: Catalogue) -> Question:
            return Question(read(rule, there, own), there, now)

        return self.ground.looked(now, ask)

    def _catalogue(self, now: int) -> Catalogue:
        return self._vocabulary.catalogue(now)

    def slots(self, rule: Any) -> Any:
        """int32: everybody of whom a rule is true now."""
        return self._asking.slots(self._asked(rule, "", clock()))

    def vocabulary(self) -> dict[str, Any]:
        """Every leaf with the form of its JSON, and everything there is that rules may name."""
        there = self._catalogue(clock())
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
            "tags": {
                id_: {"name": name, "values": there.values(id_)}
                for id_, name in there.titles("tag").items()
            },
            "scores": there.titles("score"),
            "schemes": {
                id_: {"name": name, "tiers": there.things[id_].words}
                for id_, name in there.titles("scheme").items()
            },
            "lifecycle": there.lifecycle,
            "segments": there.titles("segment"),
        }

    # --- segments ---

    def all(self, language: Any) -> list[dict[str, Any]]:
        """Every segment, by name."""
        book, there = self._shelf.book(), self._catalogue(clock())
        return [self._told(one, there, language) for one in book.listed()]

    def one(self, id_: str, language: Any) -> dict[str, Any]:
        """A segment by its id. `NotFound` where there is none."""
        book = self._shelf.book()
        return self._told(book.one(id_), self._catalogue(clock()), language)

    def save(
        self,
        id_: str,
        name: str,
        description: str,
        rule: Any,
        by: str,
        language: Any,
        new: str = "",
        version: int | None = None,
    ) -> dict[str, Any]:
        """Keep a segment, a new one where `id_` is empty, with the id `new` where one is given;
        `version` is the one that was looked at.

        Raises `RuleRefused`, or `Conflict` where the name is taken or a rule that names this one
        could not be asked any more, `Changed` where another version stands than was looked at.
        """
        now = clock()

        def checked(given: Any, own: str) -> Any:
            self._asked(given, own, now)
            return read(given, None)

        there = self._catalogue(now)
        kept = self._shelf.save(id_, name, description, rule, checked, by, there, new, version)
        self.membership.hurry()
        return self.one(kept.id, language)

    def delete(self, id_: str, by: str) -> str:
        """Forget a segment; its name. Raises `Conflict` where something uses it."""
        gone = self._shelf.delete(id_, self._catalogue(clock()), by)
        self.membership.hurry()
        return gone.name

    def titles(self) -> dict[str, str]:
        """The names of all segments, by id."""
        return {one.id: one.name for one in self._shelf.book().listed()}

    # --- who is in them ---

    def of_slot(self, slot: int) -> list[dict[str, Any]]:
        """The segments that the profile in this slot is in, of those that are counted."""
        return [
            {"id": one.id, "name": one.name}
            for one in self._shelf.book().listed()
            if slot in self.membership.slots(one.id)
        ]

    def members(
        self, id_: str, limit: int, cursor: str | None
    ) -> tuple[list[dict[str, Any]], str | None]:
        """One page of who is in a segment, the hottest first."""
        among = self.among(id_)
        return self._listing.page(
            None, None, None, "temperature", limit, cursor, False, clock(), among
        )

    def overlap(self, ids: Sequence[str]) -> dict[str, Any]:
        """How many are in exactly these of some segments, for every choice of them?"""
        if len(set(ids)) < len(ids):
            raise BadRequest("name each segment once")
        book = self._shelf.book()
        kept = [book.one(one) for one in ids]
        members = [self.among(one) for one in ids]
        return {
            "as_of": iso(clock()),
            "sets": [
                {"id": one.id, "name": one.name, "count": len(slots)}
                for one, slots in zip(kept, members, strict=True)
            ],
            "parts": [
                {"ids": [ids[place] for place in places], "count": count}
                for places, count in overlap(members)
            ],
        }

    def compare(self, id_: str) -> dict[str, Any]:
        """What makes the members of a segment different from the rest?"""
        now = clock()
        return self._comparing.compare(self.among(id_), self._catalogue(now), now)

    def portrait(self, id_: str) -> dict[str, Any]:
        """What are the members of a segment like, beside the rest?"""
        now, kept = clock(), self._shelf.book().one(id_)
        drawn = self.draw(self.among(id_), self._catalogue(now), now)
        return {"id": kept.id, "name": kept.name, **drawn}

    def export(self, id_: str) -> Iterator[list[dict[str, Any]]]:
        """All who are in a segment with identifiers and traits, in portions."""
        return self._export.of(self.among(id_), clock())

    def upload(
        self, name: str, description: str, body: bytes, by: str, language: Any
    ) -> dict[str, Any]:
        """Keep a list of identifiers as a segment; tells what of it cannot be used."""
        self._shelf.book().checked("", name, description)
        told = self._lists.read(body)
        kept = self._shelf.add_list(name, description, told.ids, by, self._catalogue(clock()))
        self.membership.hurry()
        return {
            **self.one(kept.id, language),
            "found": told.found,
            "unknown": told.unknown,
            "refused": told.refused,
            "refusals": told.refusals,
        }

    def snapshot(
        self, id_: str, name: str, description: str, by: str, language: Any
    ) -> dict[str, Any]:
        """Keep who is in a segment now as a list."""
        return self.keep_list(name, description, self.among(id_), by, language)

    def keep_list(
        self, name: str, description: str, slots: np.ndarray, by: str, language: Any
    ) -> dict[str, Any]:
        """Keep the people in these slots as a list."""
        with self._pipeline.lock:
            ids = self._pipeline.state.who.firsts(slots)
        kept = self._shelf.add_list(name, description, ids, by, self._catalogue(clock()))
        self.membership.hurry()
        return self.one(kept.id, language)

    def history(self, id_: str, days: float) -> list[dict[str, Any]]:
        """How many were in a segment over the last days."""
        return self._log.history(self._shelf.book().one(id_).id, days)

    def sizes(self, days: int) -> dict[str, Any]:
        """How many were in each segment at the end of each of the last days, the last is now."""
        now = clock()
        found = self._log.sizes(days, now)
        return {
            "as_of": iso(now),
            "items": [
                {"id": one.id, "counts": found[one.id]}
                for one in self._shelf.book().listed()
                if one.id in found
            ],
        }

    def changes(
        self, id_: str, limit: int, cursor: str | None
    ) -> tuple[list[dict[str, Any]], str | None]:
        """One page of who entered and left, the newest first."""
        return self._log.changes(self._shelf.book().one(id_).id, limit, cursor)

    def among(self, id_: str) -> np.ndarray:
        """Who is in a segment. `NotReady` while it is first counted, `Conflict` where it fails."""
        kept = self._shelf.book().one(id_)
        found = self.membership.of(kept)
        if found is None:
            raise NotReady("this segment is counted for the first time; ask again in a moment")
        if found.state == "failed":
            raise Conflict(f"this segment cannot be counted: {found.problem}")
        return self.membership.slots(id_)

    def _told(self, kept: Kept[Saved], there: Catalogue, language: Any) -> dict[str, Any]:
        counted = self.membership.of(kept)
        return {
            "id": kept.id,
            "name": kept.name,
            "description": kept.description,
            "kind": kept.said.kind,
            "rule": kept.said.rule,
            "sentence": sentence(kept.rules[0], there, language) if kept.rules else "",
            "count": None if counted is None or counted.state == "failed" else counted.people,
            "as_of": iso(clock() if counted is None else counted.at_ms),
            "state": "counting" if counted is None else counted.state,
            "problem": None if counted is None else counted.problem,
            "version": kept.version,
            "created_at": iso(kept.created_ms),
            "created_by": kept.created_by,
            "updated_at": iso(kept.updated_ms),
            "updated_by": kept.updated_by,
            "used_by": used_by(kept.id, there),
        }
