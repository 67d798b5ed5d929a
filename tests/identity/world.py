"""A small world to prove identity in: events, a store of them, and the law applied at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
import numpy as np
import pyarrow as pa

from hotspring.identity import Change, Claims, Who
from hotspring.identity.columns import kinds
from hotspring.identity.partition import partition, timeline
from hotspring.identity.rulings import Rulings
from hotspring.identity.scene import BEFORE_ALL, Pair, Partition, Scene
from hotspring.identity.tables import base_kind
from hotspring.keys import fingerprints
from hotspring.settings import IDENTIFIER_KINDS, Settings

SECRET = b"sixteen byte key"
LIMITS = {"phone": 1, "email": 1, "unionid": 2, "anonymous_id": 2, "device_id": 2}
NARROW = Settings(
    identifier_kinds=tuple(
        msgspec.structs.replace(kind, limit=LIMITS.get(kind.name, kind.limit))
        for kind in IDENTIFIER_KINDS
    )
)
"""Limits so small that a few events cross them."""
WIDE = Settings()
RANK = {kind.name: place for place, kind in enumerate(IDENTIFIER_KINDS)}


class Said(NamedTuple):
    """One event, as far as identity cares."""

    ms: int
    ids: tuple[str, ...]
    kind: int = 0
    public: bool = False
    key: int = 0


def said(ms: int, *ids: str, kind: int = 0, public: bool = False, key: int | None = None) -> Said:
    """An event whose identifiers stand in the order of the door."""
    ordered = tuple(sorted(dict.fromkeys(ids), key=lambda text: RANK[base_kind(text)]))
    value = hash((ms, ordered, kind, public)) % (1 << 63) if key is None else key
    return Said(ms, ordered, kind, public, value)


class World:
    """A `Who` with a store beside it, and what a pipeline would count by slot."""

    def __init__(self, settings: Settings = WIDE) -> None:
        self.settings = settings
        self.events: list[Said] = []
        self.commands: list[tuple[str, dict[str, Any]]] = []
        self.texts: list[str] = []
        self.number: dict[str, int] = {}
        self.asked = 0
        self.who = Who(settings, SECRET, self.history)
        self.counted: dict[int, set[int]] = {}

    def history(self, clients: np.ndarray, bound: np.ndarray) -> pa.Table:
        self.asked += 1
        first, beside = set(clients.tolist()), set(bound.tolist())
        rows = [self._row(event) for event in self.events]
        rows = [
            row
            for row in rows
            if row[3] in first or (row[2] == "bind" and not beside.isdisjoint(row[4]))
        ]
        names = ("ms", "key", "type", "client_id", "ids")
        return pa.table({name: [row[at] for row in rows] for at, name in enumerate(names)})

    def _row(self, event: Said) -> tuple[Any, ...]:
        ids = [self.number[text] for text in event.ids]
        weak = [i for i, text in zip(ids, event.ids, strict=True) if is_weak(text)]
        kind = {2: "bind", 3: "unbind"}.get(event.kind, "track")
        return event.ms, event.key, kind, weak[0] if weak else -1, ids

    def send(self, *events: Said) -> Change:
        """Deliver one batch."""
        first = len(self.events)
        self.events += events
        claims = self.claims(events)
        self._record()
        change = self.who.resolve(claims)
        for at, slot in enumerate(change.profile.tolist()):
            if slot not in change.moved:
                self.counted.setdefault(slot, set()).add(first + at)
        self._count(change)
        return change

    def claims(self, events: Sequence[Said]) -> Claims:
        return claims(
            self.who.intern([text for event in events for text in event.ids]),
            [len(event.ids) for event in events],
            [event.ms for event in events],
            [event.key for event in events],
            [event.kind for event in events],
            [event.public for event in events],
        )

    def rule(self, kind: str, **body: Any) -> Change:
        """Give a command."""
        self.commands.append((kind, body))
        change = self.who.command(kind, body)
        self._record()
        self._count(change)
        return change

    def _record(self) -> None:
        for text in self.who.take_new().column("text").to_pylist():
            self.number[text] = len(self.texts)
            self.texts.append(text)

    def _count(self, change: Change) -> None:
        """Keep the events of each slot as a pipeline keeps energies."""
        for loser, winner in change.merged.tolist():
            moving = self.counted.pop(loser, set())
            self.counted.setdefault(winner, set()).update(moving)
        for slot in change.moved.tolist():
            self.counted[slot] = {
                at
                for origin, start, end in self.who.origins(slot)
                for at, event in enumerate(self.events)
                if event.ids[0] == self.texts[origin] and start <= event.ms < end
            }

    def shares(self) -> set[frozenset[tuple[str, int, int]]]:
        """The subjects and times of every profile."""
        return {
            frozenset((self.texts[i], start, end) for i, start, end in self.who.origins(slot))
            for slot in self.who.slots().tolist()
        }

    def profiles(self) -> set[frozenset[int]]:
        """Which events belong together, as the live state answers."""
        return together(self._slots())

    def told(self) -> dict[int, set[int]]:
        """The events of every slot, as whoever followed the changes would say."""
        return {slot: events for slot, events in self.counted.items() if events}

    def held(self) -> dict[int, set[int]]:
        """The events of every slot, as the live state answers."""
        found: dict[int, set[int]] = {}
        for at, slot in enumerate(self._slots()):
            found.setdefault(slot, set()).add(at)
        return found

    def _slots(self) -> list[int]:
        origins = np.array([self.number[event.ids[0]] for event in self.events], np.int32)
        times = np.array([event.ms for event in self.events], np.int64)
        return list(self.who.profile_of(origins, times).tolist())

    def slot(self, text: str, ms: int = 1 << 60) -> int:
        """The profile of an identifier at a time."""
        ids = np.array([self.who.find(text)], np.int32)
        return int(self.who.profile_of(ids, np.array([ms]))[0])

    def public(self, text: str) -> str:
        return self.who.public_ids([self.slot(text)])[0]

    def same(self, a: str, b: str, ms: int = 1 << 60) -> bool:
        """Do two identifiers lead to one profile at this time?"""
        return self.slot(a, ms) == self.slot(b, ms)

    def undo(self, text: str, kind: str, name: str = "undo") -> Change:
        """Undo the one merge of this kind behind the profile of an identifier."""
        slot = self.slot(text)
        (merge,) = [merge for merge in self.who.merges(slot) if merge.kind == kind]
        return self.part(slot, merge.id, name)

    def part(self, slot: int, merge: str, name: str = "undo") -> Change:
        sides = self.who.sides(slot, merge)
        assert sides is not None
        a, b = ([self.texts[i] for i in side] for side in sides)
        return self.rule("separate", id=name, a=a, b=b)


def claims(
    ids: np.ndarray,
    sizes: Sequence[int],
    ms: Sequence[int],
    keys: Sequence[int] = (),
    kind: Sequence[int] = (),
    public: Sequence[bool] = (),
) -> Claims:
    """A batch of events with so many identifiers each."""
    count = len(sizes)
    return Claims(
        ids,
        np.cumsum([0, *sizes]).astype(np.int32),
        np.array(ms, np.int64),
        np.array(keys or range(count), np.uint64),
        np.array(kind or [0] * count, np.uint8),
        np.array(public or [False] * count, np.bool_),
    )


def is_weak(text: str) -> bool:
    return base_kind(text) in ("anonymous_id", "device_id")


def together(labels: Sequence[Any]) -> set[frozenset[int]]:
    """The partition of 0..n-1 by label."""
    groups: dict[Any, set[int]] = {}
    for at, label in enumerate(labels):
        groups.setdefault(label, set()).add(at)
    return {frozenset(group) for group in groups.values()}


def law(
    events: Sequence[Said],
    commands: Sequence[tuple[str, dict[str, Any]]] = (),
    settings: Settings = WIDE,
) -> set[frozenset[int]]:
    """Which events belong together, by the law applied to everything at once."""
    texts = sorted({text for event in events for text in event.ids})
    number = {text: at for at, text in enumerate(texts)}
    rulings = Rulings()
    for kind, body in commands:
        rulings.add(kind, body, lambda text: number.setdefault(text, len(number)))
    scene = _scene(events, number, rulings)
    result = partition(scene, kinds(settings))
    prints = scene.print
    return together([_label(event, events, number, result, prints) for event in events])


def _scene(events: Sequence[Said], number: dict[str, int], rulings: Rulings) -> Scene:
    pairs: dict[frozenset[int], Pair] = {}
    for event in events:
        for a, b in _ties(event):
            claim = {"phone", "email", "unionid"} & {base_kind(a), base_kind(b)}
            word = (1 if event.public and claim else 0) + (2 if event.kind == 3 else 0)
            ends = (number[a], number[b])
            pair = pairs.setdefault(frozenset(ends), Pair(*ends, [None] * 4))
            stamp = (event.ms, event.key)
            old = pair.words[word] or (stamp, stamp)
            pair.words[word] = (min(old[0], stamp), max(old[1], stamp))
    alone = {(number[e.ids[0]], e.ms, e.public) for e in events if _is_alone(e)}
    for pair in pairs.values():
        for public in (False, True):
            said_at = [ms for i, ms, key in alone if i in (pair.a, pair.b) and key == public]
            when = max(said_at, default=BEFORE_ALL[0])
            pair.unbound = (pair.unbound[0], when) if public else (when, pair.unbound[1])
    texts = list(number)
    prints = fingerprints(pa.array(texts, pa.string()), SECRET).tolist()
    separations, joins = rulings.about(number.values())
    named = {number[text] for event in events for text in event.ids}
    joins = {name: ends for name, ends in joins.items() if named.issuperset(ends)}
    return Scene(
        {number[text]: RANK[base_kind(text)] for text in texts},
        {number[text]: value for text, value in zip(texts, prints, strict=True)},
        {number[event.ids[0]] for event in events if not _is_alone(event)},
        set(),
        list(pairs.values()),
        separations,
        joins,
    )


def _is_alone(event: Said) -> bool:
    return event.kind == 3 and len(event.ids) == 1


def _ties(event: Said) -> list[tuple[str, str]]:
    strong = [text for text in event.ids if not is_weak(text)]
    weak = [text for text in event.ids if is_weak(text)]
    if event.kind >= 2 and strong:
        return [(strong[0], other) for other in (*strong[1:], *weak)]
    ties = [(strong[0], other) for other in strong[1:]] + [(weak[0], other) for other in weak[1:]]
    return ties + ([(weak[0], strong[0])] if weak and strong else [])


def _label(
    event: Said,
    events: Sequence[Said],
    number: dict[str, int],
    result: Partition,
    prints: Mapping[int, int],
) -> tuple[str, int]:
    subject = number[event.ids[0]]
    if subject in result.person:
        return "person", result.person[subject]
    device = next(device for device in result.devices if subject in device.members)
    if not device.people:
        return "device", min(device.members)
    person = {door: result.person[door] for _, door in device.doors}
    if len(device.people) == 1:
        return "person", device.people[0]
    sign_ins = _sign_ins(events, device.members, number)
    sign_ins += [(BEFORE_ALL[0], prints[door], door) for door in device.vouched]
    times, holders = timeline(sign_ins, person)
    at = max(place for place, time in enumerate(times) if time <= event.ms)
    return "person", person[holders[at]]


def _sign_ins(
    events: Sequence[Said], members: Sequence[int], number: dict[str, int]
) -> list[tuple[int, int, int]]:
    found = []
    for event in events:
        strong = [text for text in event.ids if not is_weak(text)]
        weak = [text for text in event.ids if is_weak(text)]
        named = weak if event.kind == 2 else weak[:1]
        here = any(number[text] in members for text in named)
        if strong and here and event.kind != 3:
            found.append((event.ms, event.key, number[strong[0]]))
    return found
