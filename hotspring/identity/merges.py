"""Why is this one person? The joins behind a profile, derived from evidence, and their undoing."""

from __future__ import annotations

import base64
import hashlib

import msgspec

from hotspring.identity.live import Component, Live
from hotspring.identity.partition import partition
from hotspring.identity.scene import BEFORE_ALL, Device, Partition, Reason, Scene


class Evidence(msgspec.Struct, frozen=True):
    """What was said about two identifiers."""

    first_ms: int
    """Time of the earliest event that tied them."""
    first_key: int
    """Its key in the event table."""
    last_ms: int
    last_key: int
    seen: int
    """How many events said so."""
    public: bool
    """Only public keys said so."""


class Merge(msgspec.Struct, frozen=True):
    """One join behind a profile; the same id in every rebuild."""

    id: str
    a: int
    b: int
    kind: str
    """`person` joins strong identifiers, `device` weak ones, `sign_in` a device to its person."""
    evidence: Evidence | None
    """None where a human joined them without any event."""
    command: str
    """The id of the `join` command that vouched for it, or empty."""


class Suggestion(msgspec.Struct, frozen=True):
    """A tie that joined nobody: a human may join or refuse it."""

    id: str
    a: int
    b: int
    reason: Reason
    evidence: Evidence | None


class Account:
    """The component around one profile, read by the law."""

    def __init__(self, live: Live, slot: int) -> None:
        members = live.members(slot).tolist()
        held = live.spans.held_by(members)
        self.live = live
        self.slot = slot
        self.part: Component = live.components(members[:1])[0] if members else Component([], [])
        self.scene: Scene = live.scene(self.part)
        self.result: Partition = partition(self.scene, live.kinds)
        self.mine = set(members).union(*(live.spans.devices[k].members for k in held))
        self._pairs = {frozenset((pair.a, pair.b)): pair for pair in self.scene.pairs}
        self._vouched = {frozenset(pair): name for name, pair in self.scene.joins.items()}
        self._seen = self._counted()

    def merges(self) -> list[Merge]:
        """The joins behind the profile: of persons and devices a forest, and each device's door."""
        found = [
            self._merge(a, b, "person" if a in self.result.person else "device")
            for a, b in self.result.joined
            if a in self.mine and b in self.mine
        ]
        found += [self._merge(*door, "sign_in") for _, door in self._attached()]
        return sorted(found, key=lambda m: (m.evidence.first_ms if m.evidence else 0, m.id))

    def sides(self, merge: str) -> tuple[list[int], list[int]] | None:
        """What would a `separate` keep apart to undo this merge? None where it is not one."""
        for device, (weak, strong) in self._attached():
            if merge_id(self.scene, weak, strong) == merge:
                person = self.result.person[strong]
                people = [i for i, root in self.result.person.items() if root == person]
                return sorted(device.members), sorted(people)
        for a, b in self.result.joined:
            if merge_id(self.scene, a, b) == merge:
                return self._tree(a, (a, b)), self._tree(b, (a, b))
        return None

    def suggestions(self) -> list[Suggestion]:
        """What speaks for joining this profile with another one, but did not."""
        slot = self.live.ids.slot
        found: dict[str, Suggestion] = {}
        for a, b, reason in self.result.doubts:
            apart = slot[a] != slot[b]
            if apart and (a in self.mine or b in self.mine) and not self.live.rulings.refused(a, b):
                name = merge_id(self.scene, a, b)
                found[name] = Suggestion(name, a, b, reason, self._evidence(a, b))
        return list(found.values())

    def _attached(self) -> list[tuple[Device, tuple[int, int]]]:
        """The devices of this profile, each with its earliest door to it."""
        found = []
        for device in self.result.devices:
            doors = [
                door
                for door in device.doors
                if device.people and int(self.live.ids.slot[door[1]]) == self.slot
            ]
            if doors:
                found.append((device, min(doors, key=self._since)))
        return found

    def _since(self, door: tuple[int, int]) -> tuple[tuple[int, int], list[int]]:
        pair = self._pairs.get(frozenset(door))
        words = [word[0] for word in pair.words[:2] if word] if pair else []
        return min(words, default=BEFORE_ALL), [self.scene.print[i] for i in door]

    def _tree(self, start: int, cut: tuple[int, int]) -> list[int]:
        ties: dict[int, list[int]] = {}
        for a, b in self.result.joined:
            if (a, b) != cut:
                ties.setdefault(a, []).append(b)
                ties.setdefault(b, []).append(a)
        found, todo = {start}, [start]
        while todo:
            fresh = [i for i in ties.get(todo.pop(), ()) if i not in found]
            found.update(fresh)
            todo += fresh
        return sorted(found)

    def _merge(self, a: int, b: int, kind: str) -> Merge:
        command = self._vouched.get(frozenset((a, b)), "")
        return Merge(merge_id(self.scene, a, b), a, b, kind, self._evidence(a, b), command)

    def _evidence(self, a: int, b: int) -> Evidence | None:
        ends = frozenset((a, b))
        pair = self._pairs.get(ends)
        words = [word for word in pair.words[:2] if word] if pair else []
        if pair is None or not words:
            return None
        first, last = min(word[0] for word in words), max(word[1] for word in words)
        return Evidence(*first, *last, self._seen.get(ends, 0), public=not pair.standing()[0])

    def _counted(self) -> dict[frozenset[int], int]:
        ties = self.live.ties
        seen: dict[frozenset[int], int] = {}
        for tie in self.part.ties:
            if ties.kind[tie] < 2:
                ends = frozenset((int(ties.a[tie]), int(ties.b[tie])))
                seen[ends] = seen.get(ends, 0) + int(ties.seen[tie])
        return seen


def merge_id(scene: Scene, a: int, b: int) -> str:
    """The name of a join or suggestion: a hash of the two identifiers' keyed fingerprints."""
    return pair_name(scene.print[a], scene.print[b])


def pair_name(a: int, b: int) -> str:
    """The name of a pair of identifiers with these keyed fingerprints."""
    raw = b"".join(value.to_bytes(8, "big") for value in sorted((a, b)))
    digest = hashlib.blake2b(raw, digest_size=10, person=b"merge").digest()
    return "m_" + base64.b32encode(digest).decode("ascii").lower()
