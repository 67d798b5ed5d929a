"""Industry templates over an open pool: what each item needs and asks, switched on and off."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from hotspring.errors import BadRequest, Conflict, HotspringError, NotFound
from hotspring.pool.moments import clock, iso
from hotspring.pool.numbers import Asked
from hotspring.pool.rulebook import Rulebook
from hotspring.pool.scores import Scores
from hotspring.pool.segments import Segments
from hotspring.pool.tags import Tags
from hotspring.pool.template_forms import asked, given, parts, rule_of
from hotspring.pool.traits import Traits
from hotspring.pool.vocabulary import SOON_MS
from hotspring.rules import Catalogue
from hotspring.scores import Points, Score
from hotspring.templates import Filling, Item, Template, chosen, has, templates

Made = dict[str, Any]


class Look(NamedTuple):
    """An item of a template in this pool."""

    item: Item
    id: str
    """Of what it makes."""
    said: dict[str, Any]
    """What would be saved."""
    asks: list[Asked]
    """What it asks of profiles; nothing where it cannot be asked."""
    parts: list[dict[str, str]]
    problems: list[str]
    state: str

    @property
    def ready(self) -> bool:
        return not self.problems


class Templates:
    """Tells what templates hold, and switches their items on and off. From any thread.

    What is switched on is saved as people save it: nothing of it hangs on the template afterwards.
    """

    def __init__(
        self, segments: Segments, tags: Tags, scores: Scores, rulebook: Rulebook, traits: Traits
    ) -> None:
        self._ground = segments.ground
        self._segments = segments
        self._kinds: dict[str, Any] = {"segment": segments, "tag": tags, "score": scores}
        self._rulebook = rulebook
        self._traits = traits

    # --- what there is ---

    def all(self, language: Any) -> list[dict[str, Any]]:
        """Every template, and how much of it this pool could and does use."""
        there = self._there()
        return [self._told(one, self._looks(one, {}, there, language), language)
                for one in templates().values()]  # fmt: skip

    def one(
        self, id_: str, names: Mapping[str, Any], language: Any, count: bool = False
    ) -> dict[str, Any]:
        """A template with its names as they are said or found, and every item in words; with
        `count`, of how many known profiles each is true now. `NotFound` where there is none."""
        template, there = _template(id_), self._there()
        mapped = chosen(template, there, names)
        looks = self._looks(template, mapped, there, language)
        counts = self._counts(looks, there) if count else {}
        events = {row["name"]: row for row in self._rulebook.events()}
        return {
            **self._told(template, looks, language),
            "as_of": iso(clock()),
            "names": list(self._names(template, mapped, there, events, language)),
            "items": [
                {
                    "id": look.item.id,
                    "kind": look.item.kind,
                    "made": look.id,
                    "name": look.item.title.in_(language),
                    "meaning": look.item.meaning.in_(language),
                    "uses": look.item.slots(),
                    "parts": look.parts,
                    "state": look.state,
                    "ready": look.ready,
                    "problems": look.problems,
                    "count": counts.get(look.id),
                    "weighed_by": self._weighed_by(look, events, language),
                }
                for look in looks
            ],
        }

    # --- on and off ---

    def apply(
        self,
        id_: str,
        names: Mapping[str, Any],
        items: Sequence[str],
        replace: bool,
        rules: bool,
        by: str,
        language: Any,
    ) -> list[dict[str, Any]]:
        """Switch items on, all that can be where none are named; what became of each.

        What is there already stays as it is, unless it is to be replaced; temperature rules, where
        they are asked for, are begun as one preview. Nothing that fails keeps the rest from it.
        """
        template, there = _template(id_), self._there()
        looks = self._looks(template, chosen(template, there, names), there, language)
        wanted = _wanted(looks, items)
        done = [self._switch_on(one, replace, by, language)
                for one in wanted if one.item.kind != "rule"]  # fmt: skip
        asked = [one for one in wanted if one.item.kind == "rule"]
        return done + self._propose(asked, rules, by, _adding(replace))

    def remove(
        self, id_: str, items: Sequence[str], rules: bool, by: str, language: Any
    ) -> list[dict[str, Any]]:
        """Switch items off, all where none are named: what is used by anything stays."""
        template, there = _template(id_), self._there()
        wanted = _wanted(self._looks(template, {}, there, language), items)
        done = [self._switch_off(one, by) for one in wanted if one.item.kind != "rule"]
        asked = [one for one in wanted if one.item.kind == "rule"]
        return done + self._propose(asked, rules, by, _leaving_out)

    def _switch_on(self, look: Look, replace: bool, by: str, language: Any) -> Made:
        if not look.ready:
            return _became(look, "lacking", "; ".join(look.problems))
        if look.state == "on":
            return _became(look, "unchanged")
        if look.state == "changed" and not replace:
            return _became(look, "kept")
        try:
            return _became(look, self._save(look, by, language))
        except HotspringError as error:
            return _became(look, "refused", str(error))

    def _save(self, look: Look, by: str, language: Any) -> str:
        old, said = look.id if look.state == "changed" else "", look.said
        if old:
            # A name that people gave it stays.
            kept = self._kinds[look.item.kind].one(old, language)
            said = {**said, "name": kept["name"], "description": kept["description"]}
        if look.item.kind == "segment":
            whole = (said["name"], said["description"], said["rule"])
            self._segments.save(old, *whole, by, language, new=look.id)
        else:
            self._kinds[look.item.kind].save(old, said, by, language, new=look.id)
        return "replaced" if old else "created"

    def _switch_off(self, look: Look, by: str) -> Made:
        if look.state == "off":
            return _became(look, "absent")
        try:
            self._kinds[look.item.kind].delete(look.id, by)
        except Conflict as error:
            return _became(look, "used", str(error))
        return _became(look, "deleted")

    def _propose(
        self,
        looks: Sequence[Look],
        rules: bool,
        by: str,
        change: Callable[[list[Any], Look], bool],
    ) -> list[Made]:
        """One preview of the rules in force with what these items change; nothing is in force
        before somebody accepts it at the desk of the rules."""
        body = self._rulebook.now()["body"]
        listed = list(body["rules"])
        moved = [one for one in looks if change(listed, one)]
        done = [_became(one, "unchanged" if one.ready else "lacking", "; ".join(one.problems))
                for one in looks if one not in moved]  # fmt: skip
        if not moved or not rules:
            return done + [_became(one, "not_allowed") for one in moved]
        try:
            tried = self._rulebook.preview({**body, "rules": listed}, None, None, by)
        except HotspringError as error:
            return done + [_became(one, "refused", str(error)) for one in moved]
        return done + [{**_became(one, "proposed"), "preview": tried["id"]} for one in moved]

    # --- inside ---

    def _there(self) -> Catalogue:
        return self._ground.vocabulary.catalogue(clock(), SOON_MS)

    def _looks(
        self, template: Template, names: Mapping[str, Any], there: Catalogue, language: Any
    ) -> list[Look]:
        force = self._rulebook.now()["body"]
        mapped = names or chosen(template, there, {})
        filling = Filling(template, mapped, language, force["currency"])
        return [
            _ruled(filling, item, there, force)
            if item.kind == "rule"
            else self._asked(filling, item, there)
            for item in template.items
        ]

    def _asked(self, filling: Filling, item: Item, there: Catalogue) -> Look:
        said, made = filling.said(item), filling.template.made(item)
        asks, problems = asked(item.kind, said, made, there)
        read_out = filling._replace(spoken=True).said(item)
        words = parts(item.kind, read_out, there, filling.language)
        return Look(item, made, said, asks, words, problems, self._state(item.kind, made, said))

    def _state(self, kind: str, made: str, said: dict[str, Any]) -> str:
        shelf = self._kinds[kind]
        try:
            kept = shelf.one(made, "en", count=False) if kind == "tag" else shelf.one(made, "en")
        except NotFound:
            return "off"
        return "on" if given(kind, kept) == given(kind, said) else "changed"

    def _counts(self, looks: Sequence[Look], there: Catalogue) -> dict[str, int]:
        """By id of what is made: of how many profiles it holds, or to whom it gives points."""
        able = [look for look in looks if look.ready and look.asks]
        if not able:
            return {}
        asks = [one for look in able for one in look.asks]
        values = self._ground.read(asks, there, clock()).values
        found, at = {}, 0
        for look in able:
            columns = values[:, at : at + len(look.asks)]
            at += len(look.asks)
            if look.item.kind == "score":
                points = Points.of(Score.of(look.said, look.id), columns).points
                found[look.id] = int((points != 0).sum())
            else:
                found[look.id] = int(np.any(columns != 0, axis=1).sum())
        return found

    def _names(
        self,
        template: Template,
        names: Mapping[str, Any],
        there: Catalogue,
        events: Mapping[str, Any],
        language: Any,
    ) -> Iterator[dict[str, Any]]:
        written_ = {one["name"]: one["writes"] for one in self._traits.all()}
        for key, slot in template.names.items():
            name = names[key]
            of = [str(names[one]) for one in slot.of]
            seen = None
            if slot.kind == "event":
                seen = events.get(name, {"events": 0})["events"]
            elif slot.kind == "trait":
                seen = written_.get(name, 0)
            yield {
                "key": key,
                "kind": slot.kind,
                "title": slot.title.in_(language),
                "name": name if isinstance(name, str) else None,
                "words": None if isinstance(name, str) else list(name),
                "of": of,
                "there": has(slot, name, of, there),
                "seen": seen,
                "share": self._share(name, of) if slot.kind == "property" else None,
            }

    def _share(self, name: str, events: Sequence[str]) -> float | None:
        """In which share of the events that are there is a property said?"""
        shares = self._ground.vocabulary.share
        found = [shares(one, name) for one in events if one in self._there().events]
        return round(sum(found) / len(found), 3) if found else None

    def _weighed_by(self, look: Look, events: Mapping[str, Any], language: Any) -> list[str]:
        """The rules in force that look at the events of a rule already."""
        if look.item.kind != "rule":
            return []
        found = {one for name in look.said["events"] for one in
                 events.get(name, {"rules": ()})["rules"]}  # fmt: skip
        listed = self._rulebook.now()["body"]["rules"]
        return [one["title"][language] for one in listed if one["id"] in found - {look.id}]

    def _told(self, one: Template, looks: Sequence[Look], language: Any) -> dict[str, Any]:
        return {
            "id": one.id,
            "name": one.title.in_(language),
            "about": one.about.in_(language),
            "size": len(looks),
            "on": sum(look.state != "off" for look in looks),
            "able": sum(look.ready for look in looks),
        }


def _ruled(filling: Filling, item: Item, there: Catalogue, force: dict[str, Any]) -> Look:
    said, part, problems, state = rule_of(filling, item, there, force)
    return Look(item, said["id"], said, [], [part], problems, state)


def _adding(replace: bool) -> Callable[[list[Any], Look], bool]:
    def change(listed: list[Any], look: Look) -> bool:
        if not look.ready or look.state == "on" or (look.state == "changed" and not replace):
            return False
        listed[:] = [one for one in listed if one["id"] != look.id] + [look.said]
        return True

    return change


def _leaving_out(listed: list[Any], look: Look) -> bool:
    if look.state == "off":
        return False
    listed[:] = [one for one in listed if one["id"] != look.id]
    return True


def _became(look: Look, outcome: str, problem: str = "") -> Made:
    return {
        "id": look.item.id,
        "kind": look.item.kind,
        "made": look.id,
        "name": look.said.get("name", look.item.id),
        "outcome": outcome,
        "problem": problem or None,
        "preview": None,
    }


def _template(id_: str) -> Template:
    found = templates().get(id_)
    if found is None:
        raise NotFound(f"there is no template {id_!r}; there are {', '.join(templates())}")
    return found


def _wanted(looks: list[Look], items: Sequence[str]) -> list[Look]:
    """The items of these ids, all where none are named."""
    known = {look.item.id for look in looks}
    unknown = next((one for one in items if one not in known), None)
    if unknown is not None:
        raise BadRequest(
            f"this template has no item {unknown!r}; it has {', '.join(sorted(known))}"
        )
    return [look for look in looks if not items or look.item.id in items]
