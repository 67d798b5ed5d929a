"""The law of ONE-ID: who is one person, as a pure function of a set of evidence and rulings.

Evidence is what events said about two identifiers. The first strong identifier of an event is its
person, the first weak one its device. The person is tied to the event's other strong identifiers,
the device to its other weak ones, and the device *signs in* to the person. A bind or an unbind
speaks of the person alone: every weak identifier signs in to it (or no longer does) for itself,
and is not thereby one device with the others.

1. What the latest word on a pair says holds: a bind, or an unbind, which voids the pair. An unbind
   that names one identifier alone voids all pairs of it. Whatever is said later ties again; within
   one millisecond an unbind is the last word. The word of a public key about a kind that anyone
   may type in (a claim) never voids a trusted one, nor does its unbind of one identifier alone.
2. A strong value tied (trusted) to more user_ids than its limit joins nobody: all its ties are
   void, earlier ones too. So does a weak value tied to more weak ones than its limit, signed in
   to by more user_ids, or by ten times as many strong values.
3. Strong identifiers are joined in canonical order (time and key of the earliest word): first what
   a human joined (limits do not count), then trusted ties, then claims. No join may bring two
   user_ids together or cross a separation. A claim joins only where one side is a claimed value
   that stands alone: joined to nothing, never the subject of an event, with no device but such as
   also sign in to the other side. What is not joined is suggested.
4. Weak identifiers tied together are one device. If its valid sign-ins lead to one person it is
   that person's at all times; to several, it is shared and each moment belongs to the last
   sign-in; to more than its limit (the smallest of its identifiers'), or to none: its own.
5. A separation keeps two sides apart: no join across them, and a device of one side ignores
   sign-ins to the profile of the other.

Ties in order between pairs of one event are broken by keyed fingerprints of the identifiers, never
by internal numbers: those depend on arrival.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from hotspring.identity.columns import STRONG_FACTOR, Kinds
from hotspring.identity.forest import Forest
from hotspring.identity.scene import BEFORE_ALL, Device, Doubt, Partition, Reason, Scene, Stamp

_Entry = tuple[Stamp, list[int], int, int]
"""Earliest word, fingerprints in order (they decide between pairs of one event), the two ends."""


class _Sorted(NamedTuple):
    """The pairs that hold, by what they tie, each in canonical order."""

    weak: list[tuple[int, int]]
    doors: list[tuple[int, int]]
    trusted: list[tuple[int, int]]
    claimed: list[tuple[int, int]]
    void: bool
    """Something was taken back, whether it holds now or not."""


def partition(scene: Scene, kinds: Kinds) -> Partition:
    """Who is one person, given this evidence and these rulings?"""
    strong = {i for i, kind in scene.kind.items() if kinds.strong[kind]}
    pairs = _sorted(scene, strong)
    crowded = _crowded(scene, kinds, strong, pairs)
    users = {i for i in strong if kinds.user[scene.kind[i]]}
    forest = Forest(scene.kind, users, scene.separations.values())
    joined: list[tuple[int, int]] = []
    doubts: list[Doubt] = []
    extra = _vouched(scene, strong, forest, joined, doubts)
    _grow(pairs.weak, crowded, forest, joined, doubts)
    _grow(pairs.trusted, crowded, forest, joined, doubts)
    doors = [(w, s) for w, s in pairs.doors if w not in crowded and s not in crowded]
    _claims(scene, kinds, pairs.claimed, crowded, forest, doors, joined, doubts)
    doubts += [Doubt(w, s, Reason.CROWDED) for w, s in pairs.doors if {w, s} & crowded]
    devices, ignored = _devices(scene, kinds, strong, forest, doors, extra)
    leaves = _leaves(scene, kinds, pairs.claimed, crowded, forest)
    plain = not (
        pairs.void or ignored or scene.separations or scene.joins or crowded - scene.crowded
    )
    plain = plain and all(doubt.reason is Reason.CROWDED for doubt in doubts)
    plain = plain and all(len(device.people) < 2 and not device.nobody for device in devices)
    plain = plain and all({a, b} & (leaves | crowded) for a, b in pairs.claimed)
    person = {i: forest.find(i) for i in strong}
    return Partition(person, devices, joined, doubts, crowded, leaves, plain)


def _sorted(scene: Scene, strong: set[int]) -> _Sorted:
    weak: list[_Entry] = []
    doors: list[_Entry] = []
    trusted: list[_Entry] = []
    claimed: list[_Entry] = []
    void = scene.parted
    for pair in scene.pairs:
        a, b = pair.a, pair.b
        holds, claims = pair.standing()
        void = void or pair.taken_back()
        if not (holds or claims):
            continue
        word = pair.words[0] if holds else pair.words[1]
        assert word is not None
        prints = sorted((scene.print[a], scene.print[b]))
        entry = (word[0], prints, a, b)
        if a in strong and b in strong:
            (trusted if holds else claimed).append(entry)
        elif a in strong or b in strong:
            doors.append((*entry[:2], b, a) if a in strong else entry)
        else:
            weak.append(entry)
    return _Sorted(_ends(weak), _ends(doors), _ends(trusted), _ends(claimed), void)


def _ends(entries: list[_Entry]) -> list[tuple[int, int]]:
    return [(a, b) for _, _, a, b in sorted(entries)]


def _crowded(scene: Scene, kinds: Kinds, strong: set[int], pairs: _Sorted) -> set[int]:
    """Which identifiers are tied to more than their limit?"""
    users: dict[int, int] = {}
    people: dict[int, int] = {}
    peers: dict[int, int] = {}
    for a, b in pairs.trusted:
        for this, other in ((a, b), (b, a)):
            users[this] = users.get(this, 0) + bool(kinds.user[scene.kind[other]])
    for device, person in pairs.doors:
        people[device] = people.get(device, 0) + 1
        users[device] = users.get(device, 0) + bool(kinds.user[scene.kind[person]])
    for a, b in pairs.weak:
        for this in (a, b):
            peers[this] = peers.get(this, 0) + 1
    crowded = set(scene.crowded)
    for i, kind in scene.kind.items():
        limit = kinds.limit[kind]
        if (
            (users.get(i, 0) > limit and not kinds.user[kind])
            or people.get(i, 0) > STRONG_FACTOR * limit
            or peers.get(i, 0) > limit
        ):
            crowded.add(i)
    return crowded


def _vouched(
    scene: Scene,
    strong: set[int],
    forest: Forest,
    joined: list[tuple[int, int]],
    doubts: list[Doubt],
) -> list[tuple[int, int]]:
    """Join what people vouched for; gives the sign-ins among it."""
    doors = []
    for _, (a, b) in sorted(scene.joins.items()):
        if (a in strong) == (b in strong):
            _grow([(a, b)], set(), forest, joined, doubts)
        else:
            doors.append((b, a) if a in strong else (a, b))
    return doors


def _grow(
    pairs: list[tuple[int, int]],
    crowded: set[int],
    forest: Forest,
    joined: list[tuple[int, int]],
    doubts: list[Doubt],
) -> None:
    """Join pairs in their order where nothing forbids it."""
    for a, b in pairs:
        x, y = forest.find(a), forest.find(b)
        if x == y:
            continue
        crowd = a in crowded or b in crowded
        reason = Reason.CROWDED if crowd else forest.refusal(x, y)
        if reason is None:
            forest.join(x, y)
            joined.append((a, b))
        else:
            doubts.append(Doubt(a, b, reason))


def _claims(
    scene: Scene,
    kinds: Kinds,
    pairs: list[tuple[int, int]],
    crowded: set[int],
    forest: Forest,
    doors: list[tuple[int, int]],
    joined: list[tuple[int, int]],
    doubts: list[Doubt],
) -> None:
    """Join claimed values that stand alone; what else is claimed is a suggestion."""
    if not pairs:
        return
    devices: dict[int, set[int]] = {}
    people: dict[int, set[int]] = {}
    for device, person in doors:
        devices.setdefault(person, set()).add(forest.find(device))
        people.setdefault(forest.find(device), set()).add(person)

    def alone(value: int, other: int) -> bool:
        if not kinds.claim[scene.kind[value]] or value in scene.own or forest.size[value] > 1:
            return False
        return forest.find(value) == value and all(
            any(forest.find(person) == other for person in people[device])
            for device in devices.get(value, ())
        )

    for a, b in pairs:
        x, y = forest.find(a), forest.find(b)
        if (
            x == y
            or a in crowded
            or b in crowded
            or forest.refusal(x, y)
            or alone(a, y)
            or alone(b, x)
        ):
            _grow([(a, b)], crowded, forest, joined, doubts)
        else:
            doubts.append(Doubt(a, b, Reason.CLAIM))


def _devices(
    scene: Scene,
    kinds: Kinds,
    strong: set[int],
    forest: Forest,
    doors: list[tuple[int, int]],
    extra: list[tuple[int, int]],
) -> tuple[list[Device], bool]:
    """The devices and whose they are; whether a sign-in was ignored for a separation."""
    devices: dict[int, Device] = {}
    for i in scene.kind:
        if i not in strong:
            devices.setdefault(forest.find(i), Device([], [], [])).members.append(i)
    ignored = False
    for at, (weak, door) in enumerate(doors + extra):
        device = forest.find(weak)
        if forest.apart(device, forest.find(door)):
            ignored = True
            continue
        devices[device].doors.append((weak, door))
        if at >= len(doors):
            devices[device].vouched.append(door)
    for found in devices.values():
        people = list(dict.fromkeys(forest.find(door) for _, door in found.doors))
        if len(people) > 1 and len(people) > min(kinds.limit[scene.kind[i]] for i in found.members):
            found.nobody = True
        else:
            found.people = people
    return list(devices.values()), ignored


def _leaves(
    scene: Scene,
    kinds: Kinds,
    claimed: list[tuple[int, int]],
    crowded: set[int],
    forest: Forest,
) -> set[int]:
    if not claimed:
        return set()
    ties: dict[int, int] = {}
    for pair in scene.pairs:
        for i in (pair.a, pair.b):
            ties[i] = ties.get(i, 0) + 1
    return {
        value
        for a, b in claimed
        for value in (a, b)
        if ties[value] == 1
        and kinds.claim[scene.kind[value]]
        and value not in scene.own
        and value not in crowded
        and forest.find(a) == forest.find(b)
    }


def timeline(
    sign_ins: Iterable[tuple[int, int, int]], person: Mapping[int, int]
) -> tuple[list[int], list[int]]:
    """To whom does a shared device belong when? Times from which on, and the strong identifiers.

    `sign_ins` are (ms, key, strong identifier); only those of `person` count. The first time is
    before all: what came before any sign-in belongs to the first.
    """
    ordered = sorted(entry for entry in sign_ins if entry[2] in person)
    times, doors = [BEFORE_ALL[0]], [ordered[0][2] if ordered else min(person)]
    for ms, door in {ms: door for ms, _, door in ordered}.items():
        if person[door] != person[doors[-1]]:
            times.append(ms)
            doors.append(door)
    return times, doors
