"""The slow pool: every event and decision as a list, and the laws read from them as written."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec
import pyarrow as pa

from hotspring.event import Event, Flag
from hotspring.keys import fingerprints
from hotspring.temperature import RuleSet, rules
from tests.identity.world import NARROW, SECRET, Said
from tests.identity.world import law as partition
from tests.laws.folding import DAY
from tests.temperature import reference
from tests.temperature.reference import Deed

KINDS = {"alias": 1, "bind": 2, "unbind": 3}
FIRST = rules.sets()["ecommerce"]
SETTINGS = msgspec.structs.replace(NARROW, retention_days={"default": 6, "Product Viewed": 2})
EVIDENCE = ("alias", "bind", "unbind")
"""Events of these types never go."""
WINDOW_SECONDS = SETTINGS.duplicate_days * 86_400


def changed(**factors: float) -> RuleSet:
    """The first rules with other half-lives, points and caps."""
    return msgspec.structs.replace(
        FIRST,
        rules=tuple(
            msgspec.structs.replace(
                one,
                half_life_days=one.half_life_days * factors.get("life", 1.0),
                points=one.points * factors.get("points", 1.0),
                cap=None if one.cap is None else one.cap * factors.get("cap", 1.0),
            )
            for one in FIRST.rules
        ),
    )


VERSIONS = (FIRST, changed(life=2.0), changed(points=3.0, cap=0.5))


def instance(message: str, received: int) -> str:
    """The name of one taking in of a message id."""
    return f"{message} at {received}"


class Spent(NamedTuple):
    """When and by which rules an event that is past its time was weighed for good."""

    rules: RuleSet
    at: int
    machine: bool | None
    """What was decided about this very event by then, if anything was."""


class Model:
    """The slow pool: lists, and the laws read from them."""

    def __init__(self) -> None:
        self.events: dict[str, Event] = {}
        """By message id and time of receipt: after the window of repeats an id may come again."""
        self.last: dict[str, tuple[int, int]] = {}
        """Time of receipt and content of what was taken last, by message id."""
        self.rulings: list[tuple[str, dict[str, Any]]] = []
        self.flags: dict[tuple[str, str], tuple[str, str]] = {}
        """By subject and message id (empty for all events of the subject): verdict and cause."""
        self.buried: set[str] = set()
        """Identifiers of people who were erased: events that name them are kept out."""
        self.spent: dict[str, Spent] = {}
        """Events past their time; some of their rows are gone."""
        self.gone: set[str] = set()
        self.dropped = 0
        """Rows that went by age, of people who were erased since as well."""
        self.rules = FIRST
        self.duplicates = 0
        self.conflicts = 0

    def take(self, events: list[Event], received: int) -> None:
        for event in events:
            if self.buried.intersection(event.ids):
                continue
            known = self.last.get(event.message_id)
            if known and received // 1000 - known[0] // 1000 <= WINDOW_SECONDS:
                self.duplicates += known[1] == event.content
                self.conflicts += known[1] != event.content
            else:
                self.last[event.message_id] = (received, event.content)
                self.events[instance(event.message_id, received)] = event

    def flag(self, body: dict[str, Any], verdict: str) -> None:
        targets = [(name, "") for name in body["identifiers"]]
        targets += [(event["subject"], event["message_id"]) for event in body["events"]]
        for target in targets:
            _, cause = self.flags.get(target, ("", "detector"))
            if body["cause"] == "hand" or target not in self.flags:
                self.flags[target] = (verdict, body["cause"])
            else:
                assert cause in ("hand", "detector")

    def erase(self, names: frozenset[str], own: set[str]) -> None:
        """Take the person with these events out, whose own these identifiers are."""
        rows = {name: self.events.pop(name) for name in names}
        self.gone -= names
        others = {i for event in self.events.values() for i in event.ids}
        self.buried |= own - others
        joined = {
            end
            for kind, body in self.rulings
            if kind == "join" and own.intersection((body["a"], body["b"]))
            for end in (body["a"], body["b"])
        }
        gone = (own | joined | {i for event in rows.values() for i in event.ids}) - others
        messages = {event.message_id for event in rows.values()}
        self.flags = {
            target: flag
            for target, flag in self.flags.items()
            if target[0] not in gone and target[1] not in messages
        }
        self.rulings = [(kind, _without(body, gone)) for kind, body in self.rulings]

    def due(self, now: int) -> set[str]:
        """Which events are past their time at `now`, and not known to be so yet?"""
        days = SETTINGS.retention_days
        return {
            name
            for name, event in self.events.items()
            if name not in self.spent
            and event.type not in EVIDENCE
            and event.ms < now - days.get(event.name, days["default"]) * DAY
            and self.received(name) < now - SETTINGS.duplicate_days * DAY
        }

    def spend(self, names: set[str], now: int) -> None:
        for name in names:
            event = self.events[name]
            verdict, _ = self.flags.get((event.ids[0], event.message_id), ("open", ""))
            machine = None if verdict == "open" else verdict == "machine"
            self.spent[name] = Spent(self.rules, now, machine)

    @staticmethod
    def received(name: str) -> int:
        return int(name.rpartition(" at ")[2])

    def people(self) -> set[frozenset[str]]:
        """Which events are one person's?"""
        names = list(self.events)
        sent = [f"shop\x00{event.message_id}" for event in self.events.values()]
        keys = fingerprints(pa.array(sent, pa.string()), SECRET)
        told = [
            Said(
                event.ms,
                event.ids,
                KINDS.get(event.type, 0),
                event.flags & int(Flag.PUBLIC) > 0,
                int(key),
            )
            for event, key in zip(self.events.values(), keys, strict=True)
        ]
        groups = partition(told, self.rulings, SETTINGS)
        return {frozenset(names[at] for at in group) for group in groups}

    def machine(self, name: str) -> bool:
        """Is this event machine traffic, as things stand?"""
        event, spent = self.events[name], self.spent.get(name)
        if spent and spent.machine is not None:
            return spent.machine
        own = [] if spent else [(event.ids[0], event.message_id)]
        for target in (*own, (event.ids[0], "")):
            verdict, _ = self.flags.get(target, ("open", ""))
            if verdict != "open":
                return verdict == "machine"
        return event.flags & int(Flag.BOT) > 0

    def weighed(self, name: str) -> Iterator[tuple[RuleSet, int, float]]:
        """By which rules, by the number of which rule, and how much does an event weigh?"""
        event, spent = self.events[name], self.spent.get(name)
        by = spent.rules if spent else self.rules
        deed = Deed(event.name, event.ms, event.amount, flags=int(self.machine(name)))
        for number, weight in reference.weights(by, deed):
            yield by, number, weight

    def energies(self, names: frozenset[str], at: int) -> tuple[float, float]:
        """Between which two is the energy? Only of capped rules that are gone is it not exact."""
        now: list[tuple[int, float, int]] = []
        cells: dict[tuple[int, float, int], list[float]] = defaultdict(list)
        least = most = 0.0
        for name in sorted(names):
            ms = self.events[name].ms
            for by, number, weight in self.weighed(name):
                old, today = by.rules[number], self.rules.rules[number]
                assert old.id == today.id
                if (old.half_life_ms, bool(old.cap)) == (today.half_life_ms, bool(today.cap)):
                    now.append((number, weight, ms))
                    continue
                weighed = self.spent[name].at
                lives = [one.half_life_ms for one in self.rules.rules]
                life = min(lives, key=lambda one: abs(math.log(one / old.half_life_ms)))
                began = ms
                if old.cap:
                    day = reference.day_of(ms, SETTINGS.zone)
                    began = reference.start_of(day, SETTINGS.zone)
                cooled = 2.0 ** ((began - weighed) / old.half_life_ms + (weighed - at) / life)
                if old.cap:
                    cells[number, math.copysign(old.cap, weight) * cooled, weighed].append(
                        weight * cooled
                    )
                else:
                    least, most = least + weight * cooled, most + weight * cooled
        for (_, cap, _), parts in cells.items():
            sign = math.copysign(1.0, cap)
            ends = (
                sign * min(abs(math.fsum(parts)), abs(cap)),
                sign * math.fsum(min(abs(part), abs(cap)) for part in parts),
            )
            least, most = least + min(ends), most + max(ends)
        exact = reference.energy_of(self.rules, SETTINGS.zone, now, at)
        return exact + least, exact + most

    def size(self, names: frozenset[str]) -> float:
        """All that was ever added: what rounding is relative to."""
        return sum(abs(weight) for name in names for _, _, weight in self.weighed(name))

    def warmed(self, names: frozenset[str]) -> bool:
        return any(weight > 0 for name in names for _, _, weight in self.weighed(name))


def _without(body: dict[str, Any], gone: set[str]) -> dict[str, Any]:
    """A ruling that does not speak of these identifiers any more."""
    nobody = f"user_id:erased from {body.get('id')}"
    return {
        side: [name for name in said if name not in gone]
        if isinstance(said, list)
        else (nobody if side in ("a", "b") and said in gone else said)
        for side, said in body.items()
    }
