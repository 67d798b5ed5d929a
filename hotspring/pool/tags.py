"""Tags of an open pool: kept, counted when somebody asks, and read of anybody."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from typing import Any, Final, Literal, NamedTuple

import numpy as np

from hotspring.errors import BadRequest, Conflict, RuleRefused
from hotspring.named import Kept
from hotspring.pipeline import Pipeline
from hotspring.pool import shelf
from hotspring.pool.export import Export
from hotspring.pool.listing import Listing
from hotspring.pool.moments import clock, iso
from hotspring.pool.numbers import Ground
from hotspring.pool.profiles import Profiles
from hotspring.pool.rulebook import Decide
from hotspring.pool.tag_people import Mark, People, told
from hotspring.pool.tag_rules import TagRules
from hotspring.pool.tag_shelf import TagShelf
from hotspring.rules import Catalogue, Question, read, sentence, written
from hotspring.store import Store
from hotspring.tags import Saved

GOOD_MS: Final = 300_000
"""A count is told for so long before it is made anew."""


class Held(NamedTuple):
    """Who has a tag."""

    slots: np.ndarray
    """int32: known profiles."""
    codes: np.ndarray
    """int: the place of the value that each has."""


class Figures(NamedTuple):
    """What a tag came to when it was counted."""

    since: int
    """Position of the last change of what it says."""
    at_ms: int
    known: int
    """Known profiles there were."""
    counts: list[int]
    """By value."""
    last_ms: int | None
    """When it was last set by hand, or taken off."""
    problem: str | None = None
    """Why it cannot be counted."""


class Tags:
    """Keeps tags and tells who has them. From any thread.

    Nothing is computed of a tag before somebody asks.
    """

    def __init__(
        self,
        pipeline: Pipeline,
        store: Store,
        profiles: Profiles,
        ground: Ground,
        lists: tuple[Listing, Export],
        decide: Decide,
        mark: Mark,
    ) -> None:
        self._pipeline = pipeline
        self._profiles = profiles
        self._ground = ground
        self._listing, self._export = lists
        self._shelf = TagShelf(store, decide)
        self._people = People(pipeline, store, profiles, mark)
        self._rules = TagRules(pipeline, ground.asking)
        self._counting = threading.Lock()
        self._figures: dict[str, Figures] = {}
        ground.vocabulary.also(self._shelf)

    # --- what is kept ---

    def all(self, language: Any) -> list[dict[str, Any]]:
        """Every tag by name, counted or not."""
        there = self._there()
        users = there.users()
        return [
            self._told(one, there, language, users.get(one.id, []))
            for one in self._shelf.book().listed()
        ]

    def one(self, id_: str, language: Any, count: bool = True) -> dict[str, Any]:
        """A tag by its id, counted where that was not done lately. `NotFound` where there is
        none."""
        kept, there = self._shelf.book().one(id_), self._there()
        if count:
            self._count(kept, there)
        return self._told(kept, there, language, there.named_by(id_))

    def save(
        self,
        id_: str,
        said: dict[str, Any],
        by: str,
        language: Any,
        new: str = "",
        version: int | None = None,
    ) -> dict[str, Any]:
        """Keep a tag, a new one where `id_` is empty, with the id `new` where one is given;
        `version` is the one that was looked at.

        Raises `RuleRefused` with every fault, `Changed` where another version stands.
        """
        if id_:
            self._shelf.book().one(id_)
        own = id_ or new or self._shelf.new_id("tg")
        given = Saved.of({"owner": by, **said}, own)
        now = clock()
        kept = self._ground.checked(
            now, own, lambda rule: self._shelf.save(given, by, rule, self._there(), version)
        )
        return self.one(kept.id, language, count=False)

    def delete(self, id_: str, by: str) -> str:
        """Forget a tag; its name. Raises `Conflict` where something uses it."""
        gone = self._shelf.delete(id_, self._there(), by)
        self._figures.pop(id_, None)
        return gone.name

    # --- who has it ---

    def mark(
        self, id_: str, keys: Sequence[str], value: str, held: bool, by: str
    ) -> dict[str, Any]:
        """Put a tag by hand on profiles, or take it off; `entry` is what `undo` takes back."""
        kept = self._by_hand(id_)
        if held and value not in kept.said.words():
            raise BadRequest(f"{value!r} is no value of this tag")
        found = self._people.set(id_, keys, value if held else "", held, by)
        self._figures.pop(id_, None)
        return found

    def undo(self, entry: int, by: str) -> None:
        """Take such a change back: what was before stands again."""
        self._people.undo(entry, by)
        self._figures.clear()

    def upload(
        self, name: str, description: str, body: bytes, held: bool, by: str, language: Any
    ) -> dict[str, Any]:
        """Put a tag by hand on the people of a file, or take it off them. A new tag is made where
        none has this name, with the values of the file."""
        given = self._people.read(body)
        kept = self._shelf.book().named(name)
        if kept is not None:
            self._by_hand(kept.id)
            id_ = kept.id
        elif held:
            said = {"name": name, "description": description, "values": _values(given.words)}
            id_ = self.save("", said, by, language)["id"]
        else:
            raise BadRequest("there is no tag of this name to take off")
        words = self._shelf.book().one(id_).said.words()
        entry, outcome = self._people.take(id_, words, given, held, by)
        self._figures.pop(id_, None)
        return {
            **self.one(id_, language),
            "entry": entry,
            "found": outcome.found,
            "unknown": outcome.unknown,
            "refused": outcome.refused,
            "refusals": outcome.refusals,
        }

    def held(self, id_: str) -> tuple[tuple[str, ...], Held]:
        """The values of a tag, and who has which."""
        kept = self._shelf.book().one(id_)
        return kept.said.words(), self._held(kept, self._there(), clock())

    def assign(
        self, id_: str, slots: np.ndarray, codes: np.ndarray, words: Sequence[str], by: str
    ) -> None:
        """Put a tag by hand on exactly these profiles, each with the word of its code. Only what
        changes is written down."""
        self._people.assign(id_, self.held(id_), (slots, codes, words), by)
        self._figures.pop(id_, None)

    def members(
        self, id_: str, value: str | None, limit: int, cursor: str | None
    ) -> tuple[list[dict[str, Any]], str | None]:
        """One page of who has a tag, with this value where one is named; the hottest first."""
        among = self.among(id_, value)
        return self._listing.page(
            None, None, None, "temperature", limit, cursor, False, clock(), among
        )

    def export(self, id_: str, value: str | None) -> Iterator[list[dict[str, Any]]]:
        """All who have a tag with identifiers and traits, and the value, in portions."""
        words, held = self._shelf.book().one(id_).said.words(), self._of_value(id_, value)
        return self._export.of(held.slots, clock(), [words[code] for code in held.codes.tolist()])

    def among(self, id_: str, value: str | None) -> np.ndarray:
        """int32: who has a tag. `Conflict` where its rules cannot be asked."""
        return self._of_value(id_, value).slots

    def of_profile(self, key: str) -> list[dict[str, Any]]:
        """The tags of a profile, by name: with which value, and by a rule or by whom and when."""
        now = clock()
        with self._pipeline.lock:
            slot = self._profiles.slot(key, now)
        return self.of_slot(slot, now)

    def of_slot(self, slot: int, now: int) -> list[dict[str, Any]]:
        """The same of the profile in this slot."""
        by_hand, book = self._people.of(slot), self._shelf.book()
        by_rule = self._rules.of(slot, book, self._there(), now)
        found = []
        for kept in book.listed():
            at = by_hand.get(kept.id) if kept.said.kind == "hand" else None
            value = by_rule.get(kept.id) if at is None else at.value
            if value is not None and value in kept.said.words():
                said = {"id": kept.id, "name": kept.name, "kind": kept.said.kind, "value": value}
                found.append({**said, **told(at)})
        return found

    def of_person(self, slot: int, now: int) -> dict[str, list[dict[str, Any]]]:
        """The same, and how they were set by hand, for the person."""
        names = {one.id: one.name for one in self._shelf.book().listed()}
        history = self._people.history(slot)
        return {
            "tags": self.of_slot(slot, now),
            "tag_history": [{**row, "tag": names.get(row["tag"], row["tag"])} for row in history],
        }

    # --- inside ---

    def _there(self) -> Catalogue:
        return self._ground.vocabulary.catalogue(clock())

    def _by_hand(self, id_: str) -> Kept[Saved]:
        kept = self._shelf.book().one(id_)
        if kept.said.kind != "hand":
            raise BadRequest("this tag is set by its rules; change them instead")
        return kept

    def _of_value(self, id_: str, value: str | None) -> Held:
        kept = self._shelf.book().one(id_)
        words = kept.said.words()
        if value is not None and value not in words:
            raise BadRequest(f"{value!r} is no value of this tag")
        held = self._held(kept, self._there(), clock())
        if value is None:
            return held
        has = held.codes == words.index(value)
        return Held(held.slots[has], held.codes[has])

    def _held(self, kept: Kept[Saved], there: Catalogue, now: int) -> Held:
        """Who has a tag now: the value of the first of its rules that is true."""
        try:
            for rule in kept.rules:
                read(written(rule), there, kept.id)
        except RuleRefused as refused:
            raise Conflict(f"this tag cannot be counted: {refused}") from refused
        rules = kept.rules or tuple(
            read({"tag": {"id": kept.id, "any_of": [word]}}, None) for word in kept.said.words()
        )
        truths = self._ground.asking.truths(Question.several(rules, there), now)
        has = truths.rules.any(axis=1)
        return Held(truths.slots[has], truths.rules[has].argmax(axis=1))

    def _count(self, kept: Kept[Saved], there: Catalogue) -> None:
        """Count a tag that was not counted lately; one at a time."""
        with self._counting:
            now, known = clock(), self._figures.get(kept.id)
            if known and known.since == kept.since and 0 <= now - known.at_ms < GOOD_MS:
                return
            words = kept.said.words()
            last = self._people.last(kept.id) if kept.said.kind == "hand" else None
            with self._pipeline.lock:
                people = len(self._pipeline.state.who.slots(known_only=True))
            counts, problem = [0] * len(words), None
            try:
                held = self._held(kept, there, now)
                counts = np.bincount(held.codes, minlength=len(words)).tolist()
            except Conflict as error:
                problem = str(error)
            self._figures[kept.id] = Figures(kept.since, now, people, counts, last, problem)

    def _told(
        self, kept: Kept[Saved], there: Catalogue, language: Any, users: list[str]
    ) -> dict[str, Any]:
        known = self._figures.get(kept.id)
        figures = known if known and known.since == kept.since else None
        counted = figures is not None and figures.problem is None
        state: Literal["unknown", "counted", "failed"] = "counted" if counted else "unknown"
        return {
            "id": kept.id,
            "name": kept.name,
            "description": kept.description,
            "owner": kept.said.owner,
            "kind": kept.said.kind,
            "values": [
                {
                    "value": one.value,
                    "rule": one.rule,
                    "sentence": sentence(kept.rules[at], there, language) if kept.rules else "",
                    "count": figures.counts[at] if counted and figures else None,
                }
                for at, one in enumerate(kept.said.values)
            ],
            "state": "failed" if figures and figures.problem else state,
            "problem": figures.problem if figures else None,
            "count": sum(figures.counts) if counted and figures else None,
            "known": figures.known if counted and figures else None,
            "as_of": iso(figures.at_ms) if figures else None,
            "last_set_at": iso(figures.last_ms) if figures and figures.last_ms else None,
            "version": kept.version,
            "created_at": iso(kept.created_ms),
            "created_by": kept.created_by,
            "updated_at": iso(kept.updated_ms),
            "updated_by": kept.updated_by,
            "used_by": shelf.told(users, there),
        }


def _values(words: Sequence[str]) -> list[dict[str, str]]:
    """The values of a file in the order in which they first stand there; none for a plain yes."""
    return [{"value": word} for word in dict.fromkeys(words) if word]
